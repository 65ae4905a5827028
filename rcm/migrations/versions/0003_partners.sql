-- What a partner's settings say beyond identifiers and folders. Control characters are delimiters
-- too, so each stands in a column of its own.

ALTER TABLE trading_partner
    ADD COLUMN element_separator text NOT NULL DEFAULT '*',
    ADD COLUMN component_separator text NOT NULL DEFAULT ':',
    ADD COLUMN repetition_separator text NOT NULL DEFAULT '^',
    ADD COLUMN segment_terminator text NOT NULL DEFAULT '~',
    ADD COLUMN line_end text NOT NULL DEFAULT '' CHECK (line_end IN ('', E'\n', E'\r\n')),
    ADD COLUMN outbound_name text NOT NULL DEFAULT '{isa13}_{type}.x12',
    ADD COLUMN inbound_names text[] NOT NULL DEFAULT '{}',
    ADD COLUMN cut_off time,
    ADD COLUMN silent_hours integer NOT NULL DEFAULT 72 CHECK (silent_hours > 0),
    ADD COLUMN is_paused boolean NOT NULL DEFAULT false,
    ADD COLUMN version integer NOT NULL DEFAULT 1;

-- A test of a partner's connection. Its steps name no file and no user.
CREATE TABLE connection_test (
    id uuid PRIMARY KEY,
    partner_id uuid NOT NULL REFERENCES trading_partner,
    asked_by text NOT NULL,
    asked_at timestamptz NOT NULL,
    finished_at timestamptz,
    steps jsonb NOT NULL DEFAULT '[]'
);
CREATE INDEX connection_test_partner ON connection_test (partner_id, asked_at, id);

-- Quarantine ------------------------------------------------------------------------------------

ALTER TABLE file DROP CONSTRAINT file_state_check;
ALTER TABLE file ADD CONSTRAINT file_state_check CHECK (state IN ('frozen', 'uncertain', 'sent',
    'accepted', 'rejected', 'received', 'read', 'quarantined', 'discarded'));
CREATE INDEX file_quarantined ON file (partner_id) WHERE state = 'quarantined';

-- `waiting`: a person asked for a remittance that was held to be judged again.
ALTER TABLE remittance DROP CONSTRAINT remittance_state_check;
ALTER TABLE remittance ADD CONSTRAINT remittance_state_check CHECK (state IN ('posted', 'held',
    'recorded', 'duplicate', 'waiting', 'discarded'));

-- `again` counts how often a person allowed the same number for other bytes.
ALTER TABLE interchange ADD COLUMN again integer NOT NULL DEFAULT 0;
ALTER TABLE interchange
    DROP CONSTRAINT interchange_partner_id_sender_qualifier_sender_id_receiver__key;
ALTER TABLE interchange ADD CONSTRAINT interchange_identity UNIQUE (partner_id, sender_qualifier,
    sender_id, receiver_qualifier, receiver_id, control_number, usage, again);

-- What people decided. A reason is typed by a person and may name a patient: it is sealed.
CREATE TABLE decision (
    id uuid PRIMARY KEY,
    what text NOT NULL CHECK (what IN ('replay_file', 'allow_number_again', 'discard_file',
        'replay_remittance', 'discard_remittance', 'retry_job', 'create_partner',
        'change_partner', 'pause_partner', 'resume_partner')),
    who text NOT NULL,
    api_key_id uuid NOT NULL REFERENCES api_key,
    reason_sealed bytea NOT NULL,
    partner_id uuid REFERENCES trading_partner,
    file_id uuid REFERENCES file,
    remittance_id uuid REFERENCES remittance,
    job_id uuid, -- Jobs may be cleared away; decisions stay.
    before text[] NOT NULL,
    made_at timestamptz NOT NULL
);
CREATE INDEX decision_file ON decision (file_id);
CREATE INDEX decision_remittance ON decision (remittance_id);
CREATE INDEX decision_partner ON decision (partner_id, made_at);

CREATE TRIGGER decision_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON decision
    EXECUTE FUNCTION refuse_change();

GRANT SELECT, INSERT, UPDATE, DELETE ON connection_test TO rcm_app;
GRANT SELECT, INSERT ON decision TO rcm_app;
