-- Money is BIGINT cents. `bytea` columns named identity, body, sealed or ending _sealed hold AES-GCM;
-- columns ending _index hold HMACs. rcm_app owns nothing; grants are at the end.

CREATE TABLE deployment (
    id smallint PRIMARY KEY DEFAULT 1 CHECK (id = 1),
    kind text NOT NULL CHECK (kind IN ('sandbox', 'production')),
    created_at timestamptz NOT NULL
);

CREATE TABLE api_key (
    id uuid PRIMARY KEY,
    name text NOT NULL UNIQUE,
    secret_sha256 bytea NOT NULL UNIQUE,
    created_at timestamptz NOT NULL,
    revoked_at timestamptz
);

CREATE TABLE idempotency (
    api_key_id uuid NOT NULL REFERENCES api_key,
    key text NOT NULL,
    fingerprint bytea NOT NULL,
    status smallint NOT NULL,
    response jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (api_key_id, key)
);

-- Jobs ------------------------------------------------------------------------------------------

CREATE TABLE job (
    id uuid PRIMARY KEY,
    kind text NOT NULL,
    ref_id uuid,
    ref_part integer NOT NULL DEFAULT 0,
    dedupe_key text NOT NULL,
    queue text NOT NULL,
    state text NOT NULL CHECK (state IN ('ready', 'running', 'done', 'dead', 'quarantined')),
    attempts integer NOT NULL DEFAULT 0,
    deaths integer NOT NULL DEFAULT 0,
    attempts_max integer NOT NULL,
    next_run_at timestamptz NOT NULL,
    nudged_at timestamptz,
    lease_token uuid,
    lease_until timestamptz,
    lease_owner text,
    last_error_code text,
    created_at timestamptz NOT NULL,
    finished_at timestamptz
);
CREATE UNIQUE INDEX job_one_waits ON job (kind, dedupe_key) WHERE state = 'ready';
CREATE INDEX job_open ON job (queue, next_run_at) WHERE state IN ('ready', 'running');
CREATE INDEX job_given_up ON job (kind, ref_id) WHERE state IN ('dead', 'quarantined');

-- Parties ---------------------------------------------------------------------------------------

CREATE TABLE trading_partner (
    id uuid PRIMARY KEY,
    name text NOT NULL UNIQUE,
    usage text NOT NULL CHECK (usage IN ('T', 'P')),
    our_qualifier text NOT NULL,
    our_id text NOT NULL,
    their_qualifier text NOT NULL,
    their_id text NOT NULL,
    group_sender text NOT NULL,
    group_receiver text NOT NULL,
    submitter_name text NOT NULL,
    submitter_contact text NOT NULL,
    submitter_phone text NOT NULL,
    receiver_name text NOT NULL,
    time_zone text NOT NULL,
    host text NOT NULL,
    port integer NOT NULL,
    username text NOT NULL,
    private_key_sealed bytea NOT NULL,
    host_keys text[] NOT NULL,
    outbound_folder text NOT NULL,
    inbound_folder text NOT NULL,
    archive_folder text NOT NULL,
    stable_seconds integer NOT NULL,
    incomplete_minutes integer NOT NULL DEFAULT 60,
    last_exchange_at timestamptz,
    last_received_at timestamptz
);

CREATE TABLE payer (
    id uuid PRIMARY KEY,
    identifier text NOT NULL UNIQUE,
    name text NOT NULL,
    filing_code text NOT NULL,
    dependents_have_own_id boolean NOT NULL,
    contractual_codes text[] NOT NULL,
    partner_id uuid NOT NULL REFERENCES trading_partner
);

CREATE TABLE billing_provider (
    id uuid PRIMARY KEY,
    npi text NOT NULL UNIQUE,
    name text NOT NULL,
    tax_id text NOT NULL,
    profile jsonb NOT NULL
);

CREATE TABLE patient (
    id uuid PRIMARY KEY,
    billing_provider_id uuid NOT NULL REFERENCES billing_provider,
    source text NOT NULL,
    record_number_index bytea NOT NULL,
    last_name_index bytea NOT NULL,
    last_name_prefix_indexes bytea[] NOT NULL,
    birth_date_index bytea NOT NULL,
    identity bytea NOT NULL,
    updated_at timestamptz NOT NULL,
    UNIQUE (billing_provider_id, source, record_number_index)
);
CREATE INDEX patient_last_name ON patient (last_name_index);
CREATE INDEX patient_last_name_prefix ON patient USING gin (last_name_prefix_indexes);

CREATE TABLE coverage (
    id uuid PRIMARY KEY,
    patient_id uuid NOT NULL REFERENCES patient,
    payer_id uuid NOT NULL REFERENCES payer,
    responsibility text NOT NULL,
    member_id_index bytea NOT NULL,
    identity bytea NOT NULL,
    updated_at timestamptz NOT NULL,
    UNIQUE (patient_id, payer_id, member_id_index)
);
CREATE INDEX coverage_member_id ON coverage (member_id_index);

CREATE TABLE schedule (
    partner_id uuid PRIMARY KEY REFERENCES trading_partner,
    cron text NOT NULL,
    is_paused boolean NOT NULL,
    set_at timestamptz NOT NULL
);

CREATE TABLE cron_tick (
    name text NOT NULL,
    scheduled_for timestamptz NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('fired', 'missed')),
    seen_at timestamptz NOT NULL,
    PRIMARY KEY (name, scheduled_for)
);

-- Encounters and claims -------------------------------------------------------------------------

CREATE TABLE encounter (
    id uuid PRIMARY KEY,
    source text NOT NULL,
    external_id text NOT NULL,
    api_key_id uuid NOT NULL REFERENCES api_key,
    fingerprint bytea NOT NULL,
    body bytea NOT NULL,
    status text NOT NULL CHECK (status IN ('received', 'held', 'claimed')),
    findings jsonb NOT NULL,
    received_at timestamptz NOT NULL,
    UNIQUE (source, external_id)
);
CREATE INDEX encounter_received ON encounter (received_at) WHERE status = 'received';

CREATE TABLE claim (
    id uuid PRIMARY KEY,
    encounter_id uuid NOT NULL UNIQUE REFERENCES encounter,
    patient_id uuid NOT NULL REFERENCES patient,
    coverage_id uuid NOT NULL REFERENCES coverage,
    billing_provider_id uuid NOT NULL REFERENCES billing_provider,
    payer_id uuid NOT NULL REFERENCES payer,
    partner_id uuid NOT NULL REFERENCES trading_partner,
    patient_control_number text NOT NULL UNIQUE,
    payer_control_number text NOT NULL DEFAULT '',
    status text NOT NULL,
    status_by text NOT NULL,
    status_at timestamptz NOT NULL,
    charge_cents bigint NOT NULL,
    service_from date NOT NULL,
    service_to date NOT NULL,
    identity bytea NOT NULL,
    findings jsonb NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE INDEX claim_status ON claim (status, partner_id, id);
CREATE INDEX claim_payer_number ON claim (payer_control_number)
    WHERE payer_control_number <> '';
CREATE INDEX claim_created ON claim (created_at, id);

CREATE TABLE claim_line (
    claim_id uuid NOT NULL REFERENCES claim,
    line integer NOT NULL,
    control_number text NOT NULL UNIQUE,
    procedure text NOT NULL,
    modifiers text[] NOT NULL,
    charge_cents bigint NOT NULL,
    service_from date NOT NULL,
    PRIMARY KEY (claim_id, line)
);

-- Files -----------------------------------------------------------------------------------------

CREATE TABLE control_number (
    partner_id uuid NOT NULL REFERENCES trading_partner,
    kind text NOT NULL CHECK (kind IN ('interchange', 'group')),
    last bigint NOT NULL,
    PRIMARY KEY (partner_id, kind)
);

CREATE TABLE file (
    id uuid PRIMARY KEY,
    partner_id uuid NOT NULL REFERENCES trading_partner,
    direction text NOT NULL CHECK (direction IN ('outbound', 'inbound')),
    name text NOT NULL,
    file_type text NOT NULL,
    state text NOT NULL CHECK (state IN ('frozen', 'uncertain', 'sent', 'accepted', 'rejected',
        'received', 'read', 'quarantined')),
    sha256 bytea NOT NULL,
    size_bytes bigint NOT NULL,
    interchange_number bigint,
    group_number bigint,
    findings jsonb NOT NULL DEFAULT '[]',
    conformance text NOT NULL DEFAULT 'unchecked' CHECK (conformance IN ('unchecked', 'clean', 'findings')),
    created_at timestamptz NOT NULL,
    sent_at timestamptz,
    archived_at timestamptz
);
CREATE UNIQUE INDEX file_same_bytes ON file (partner_id, sha256) WHERE direction = 'inbound';
CREATE UNIQUE INDEX file_number ON file (partner_id, interchange_number) WHERE direction = 'outbound';
CREATE UNIQUE INDEX file_group ON file (partner_id, group_number) WHERE direction = 'outbound';
CREATE INDEX file_created ON file (created_at, id);
CREATE INDEX file_open ON file (partner_id, state) WHERE state IN ('frozen', 'uncertain', 'received');

CREATE TABLE file_chunk (
    file_id uuid NOT NULL REFERENCES file,
    n integer NOT NULL,
    is_last boolean NOT NULL,
    sealed bytea NOT NULL,
    PRIMARY KEY (file_id, n)
);
ALTER TABLE file_chunk ALTER COLUMN sealed SET STORAGE EXTERNAL;

CREATE TABLE file_sighting (
    file_id uuid NOT NULL REFERENCES file,
    name text NOT NULL,
    modified bigint NOT NULL,
    seen_at timestamptz NOT NULL,
    PRIMARY KEY (file_id, name, modified)
);

-- What lies in a partner's folder and is not ours yet. Names may hold PHI: only their HMAC is kept.
CREATE TABLE unfetched (
    partner_id uuid NOT NULL REFERENCES trading_partner,
    name_index bytea NOT NULL,
    size bigint NOT NULL,
    modified bigint NOT NULL,
    reason text NOT NULL CHECK (reason IN ('NAME', 'READ', 'SIZE', 'INCOMPLETE', 'ARCHIVE')),
    first_seen_at timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    PRIMARY KEY (partner_id, name_index, size, modified)
);

CREATE TABLE interchange (
    file_id uuid NOT NULL REFERENCES file,
    n integer NOT NULL,
    partner_id uuid NOT NULL REFERENCES trading_partner,
    sender_qualifier text NOT NULL,
    sender_id text NOT NULL,
    receiver_qualifier text NOT NULL,
    receiver_id text NOT NULL,
    control_number text NOT NULL,
    usage text NOT NULL,
    sha256 bytea NOT NULL,
    PRIMARY KEY (file_id, n),
    UNIQUE (partner_id, sender_qualifier, sender_id, receiver_qualifier, receiver_id,
        control_number, usage)
);

CREATE TABLE submission (
    file_id uuid NOT NULL REFERENCES file,
    set_number text NOT NULL,
    claim_id uuid NOT NULL REFERENCES claim,
    position integer NOT NULL,
    PRIMARY KEY (file_id, set_number, position),
    UNIQUE (claim_id, file_id)
);

CREATE TABLE claim_event (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    claim_id uuid NOT NULL REFERENCES claim,
    key text NOT NULL UNIQUE,
    event text NOT NULL,
    status_after text NOT NULL,
    reporter text NOT NULL,
    file_id uuid REFERENCES file,
    detail jsonb NOT NULL,
    recorded_at timestamptz NOT NULL
);
CREATE INDEX claim_event_claim ON claim_event (claim_id, id);

-- Remittances -----------------------------------------------------------------------------------

CREATE TABLE remittance (
    id uuid PRIMARY KEY,
    file_id uuid NOT NULL REFERENCES file,
    set_index integer NOT NULL,
    set_number text NOT NULL,
    partner_id uuid NOT NULL REFERENCES trading_partner,
    state text NOT NULL CHECK (state IN ('posted', 'held', 'recorded', 'duplicate')),
    payer_name text NOT NULL,
    payer_id text NOT NULL,
    trace text NOT NULL,
    payee_id text NOT NULL,
    payment_date date,
    payment_cents bigint NOT NULL,
    method text NOT NULL,
    claims integer NOT NULL,
    claims_paid_cents bigint NOT NULL,
    provider_adjustments_cents bigint NOT NULL,
    content_sha256 bytea NOT NULL,
    findings jsonb NOT NULL,
    received_at timestamptz NOT NULL,
    UNIQUE (file_id, set_index)
);
CREATE UNIQUE INDEX remittance_payment ON remittance
    (payer_id, trace, payment_date, payment_cents, payee_id, content_sha256) NULLS NOT DISTINCT
    WHERE state = 'posted';
CREATE INDEX remittance_received ON remittance (received_at, id);

CREATE TABLE remittance_claim (
    remittance_id uuid NOT NULL REFERENCES remittance,
    position integer NOT NULL,
    claim_id uuid REFERENCES claim,
    patient_control_number text NOT NULL,
    payer_control_number text NOT NULL,
    status_code text NOT NULL,
    charge_cents bigint NOT NULL,
    paid_cents bigint NOT NULL,
    patient_cents bigint NOT NULL,
    match_rule text NOT NULL,
    match_confidence text NOT NULL,
    contractual_codes text[] NOT NULL,
    state text NOT NULL CHECK (state IN ('posted', 'unmatched', 'unbalanced', 'secondary',
        'recorded')),
    segment_number integer NOT NULL,
    PRIMARY KEY (remittance_id, position)
);
CREATE INDEX remittance_claim_claim ON remittance_claim (claim_id);

-- Work ------------------------------------------------------------------------------------------

CREATE TABLE work_item (
    id uuid PRIMARY KEY,
    key text NOT NULL UNIQUE,
    kind text NOT NULL,
    state text NOT NULL CHECK (state IN ('open', 'done')),
    reason text NOT NULL,
    message text NOT NULL,
    action text NOT NULL,
    pointer text NOT NULL,
    amount_cents bigint NOT NULL,
    claim_id uuid REFERENCES claim,
    file_id uuid REFERENCES file,
    remittance_id uuid REFERENCES remittance,
    opened_at timestamptz NOT NULL,
    closed_at timestamptz
);
CREATE INDEX work_item_open ON work_item (kind, opened_at, id) WHERE state = 'open';
CREATE INDEX work_item_claim ON work_item (claim_id);

-- Ledger ----------------------------------------------------------------------------------------

CREATE TABLE ledger_entry (
    id uuid PRIMARY KEY,
    key text NOT NULL UNIQUE,
    kind text NOT NULL CHECK (kind IN ('charge', 'claim_payment', 'provider_adjustment')),
    file_id uuid NOT NULL REFERENCES file,
    set_number text NOT NULL,
    effective_on date NOT NULL,
    posted_at timestamptz NOT NULL
);

CREATE TABLE posting (
    entry_id uuid NOT NULL REFERENCES ledger_entry,
    n integer NOT NULL,
    account text NOT NULL,
    amount_cents bigint NOT NULL,
    billing_provider_id uuid REFERENCES billing_provider,
    claim_id uuid REFERENCES claim,
    line integer,
    payer_id uuid REFERENCES payer,
    remittance_id uuid REFERENCES remittance,
    reason text NOT NULL,
    reference text NOT NULL,
    segment_number integer NOT NULL,
    element integer NOT NULL,
    PRIMARY KEY (entry_id, n)
);
CREATE INDEX posting_claim ON posting (claim_id, account);
CREATE INDEX posting_account ON posting (account);
CREATE INDEX posting_remittance ON posting (remittance_id);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END $$;

CREATE TRIGGER ledger_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_entry
    EXECUTE FUNCTION refuse_change();
CREATE TRIGGER posting_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON posting
    EXECUTE FUNCTION refuse_change();
CREATE TRIGGER claim_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON claim_event
    EXECUTE FUNCTION refuse_change();

CREATE FUNCTION refuse_unbalanced() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT sum(amount_cents) FROM posting WHERE entry_id = NEW.entry_id) <> 0 THEN
        RAISE EXCEPTION 'ledger entry % does not sum to zero', NEW.entry_id;
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER posting_balanced AFTER INSERT ON posting
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_unbalanced();

-- Rights ----------------------------------------------------------------------------------------

GRANT USAGE ON SCHEMA public TO rcm_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO rcm_app;
REVOKE UPDATE, DELETE, TRUNCATE ON ledger_entry, posting, claim_event FROM rcm_app;
REVOKE INSERT, UPDATE, DELETE ON alembic_version, deployment FROM rcm_app;
