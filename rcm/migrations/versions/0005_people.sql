-- Who acts: a person or a program. Whatever was done names one.
CREATE TABLE actor (
    id uuid PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('person', 'program')),
    name text NOT NULL,
    roles text[] NOT NULL,
    practices uuid[],  -- billing_provider ids; NULL: every practice.
    created_at timestamptz NOT NULL,
    ended_at timestamptz  -- Disabled or revoked.
);
CREATE UNIQUE INDEX actor_program_name ON actor (name) WHERE kind = 'program';

-- Keys of before had every right there was.
INSERT INTO actor
    SELECT id, 'program', name, '{ehr,integration,manager}', NULL, created_at, revoked_at FROM api_key;
ALTER TABLE api_key
    DROP COLUMN name, DROP COLUMN created_at, DROP COLUMN revoked_at,
    ADD FOREIGN KEY (id) REFERENCES actor;

ALTER TABLE encounter RENAME COLUMN api_key_id TO actor_id;
ALTER TABLE encounter DROP CONSTRAINT encounter_api_key_id_fkey, ADD FOREIGN KEY (actor_id) REFERENCES actor;
ALTER TABLE encounter_version RENAME COLUMN api_key_id TO actor_id;
ALTER TABLE encounter_version
    DROP CONSTRAINT encounter_version_api_key_id_fkey, ADD FOREIGN KEY (actor_id) REFERENCES actor;
ALTER TABLE idempotency RENAME COLUMN api_key_id TO actor_id;
ALTER TABLE idempotency
    DROP CONSTRAINT idempotency_api_key_id_fkey, ADD FOREIGN KEY (actor_id) REFERENCES actor;
ALTER TABLE decision RENAME COLUMN api_key_id TO actor_id;
ALTER TABLE decision
    DROP CONSTRAINT decision_api_key_id_fkey, ADD FOREIGN KEY (actor_id) REFERENCES actor;

-- What was done and seen, in the transaction of the doing. Codes and counts only: no patient is named.
CREATE TABLE audit_event (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL,
    actor_id uuid REFERENCES actor,
    actor_name text NOT NULL,
    action text NOT NULL,
    about text NOT NULL,
    about_id uuid,
    detail text NOT NULL
);
CREATE INDEX audit_event_at ON audit_event (at, id);
CREATE INDEX audit_event_about ON audit_event (about_id, id) WHERE about_id IS NOT NULL;
CREATE INDEX audit_event_actor ON audit_event (actor_id, id);
CREATE TRIGGER audit_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_event
    EXECUTE FUNCTION refuse_change();

GRANT SELECT, INSERT, UPDATE ON actor TO rcm_app;
GRANT SELECT, INSERT ON audit_event TO rcm_app;
