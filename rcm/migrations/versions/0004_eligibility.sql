-- One question about a coverage for a day, and what was answered. `answer_sealed` holds AES-GCM.

CREATE TABLE eligibility_check (
    id uuid PRIMARY KEY,
    coverage_id uuid NOT NULL REFERENCES coverage,
    payer_id uuid NOT NULL REFERENCES payer,
    billing_provider_id uuid NOT NULL REFERENCES billing_provider,
    partner_id uuid NOT NULL REFERENCES trading_partner,
    trace text NOT NULL UNIQUE,
    service_date date NOT NULL,
    service_types text[] NOT NULL,
    cause text NOT NULL CHECK (cause IN ('person', 'batch', 'schedule')),
    state text NOT NULL CHECK (state IN ('waiting', 'frozen', 'sent', 'answered', 'failed')),
    tries integer NOT NULL DEFAULT 1,
    retries_id uuid REFERENCES eligibility_check,
    reason text NOT NULL DEFAULT '',
    outcome text CHECK (outcome IN ('active', 'inactive', 'not_found', 'payer_down', 'refused',
        'unclear')),
    told_from date,
    told_to date,
    retry_at timestamptz,
    outbound_file_id uuid REFERENCES file,
    inbound_file_id uuid REFERENCES file,
    created_at timestamptz NOT NULL,
    sent_at timestamptz,
    answered_at timestamptz,
    answer_sealed bytea,
    CHECK ((state = 'answered') = (outcome IS NOT NULL))
);
-- The same question is asked once while it waits.
CREATE UNIQUE INDEX eligibility_check_one_waits ON eligibility_check
    (coverage_id, service_date, service_types) WHERE state = 'waiting';
CREATE INDEX eligibility_check_waiting ON eligibility_check (partner_id, created_at)
    WHERE state = 'waiting';
CREATE INDEX eligibility_check_retry ON eligibility_check (retry_at) WHERE retry_at IS NOT NULL;
CREATE INDEX eligibility_check_coverage ON eligibility_check (coverage_id, created_at);
CREATE INDEX eligibility_check_created ON eligibility_check (created_at, id);
CREATE INDEX eligibility_check_outbound ON eligibility_check (outbound_file_id);

CREATE TABLE eligibility_schedule (
    partner_id uuid PRIMARY KEY REFERENCES trading_partner,
    cron text NOT NULL,
    days integer NOT NULL CHECK (days > 0),
    is_paused boolean NOT NULL,
    set_at timestamptz NOT NULL
);

ALTER TABLE work_item ADD COLUMN eligibility_check_id uuid REFERENCES eligibility_check;
CREATE INDEX work_item_eligibility_check ON work_item (eligibility_check_id)
    WHERE eligibility_check_id IS NOT NULL;
CREATE INDEX coverage_updated ON coverage (updated_at, id);
CREATE INDEX claim_coverage ON claim (coverage_id) WHERE status IN ('ready', 'held');

GRANT SELECT, INSERT, UPDATE, DELETE ON eligibility_check, eligibility_schedule TO rcm_app;
