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
-- Answers are sealed from now on; those of the last 24 hours are forgotten.
DELETE FROM idempotency;
ALTER TABLE idempotency DROP COLUMN response, ADD COLUMN answer_sealed bytea NOT NULL;
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

-- Of the event: the roles at that time, a keyed digest of the address, and whether it was let happen.
ALTER TABLE audit_event
    ADD COLUMN roles text[] NOT NULL DEFAULT '{}',
    ADD COLUMN address bytea,
    ADD COLUMN outcome text NOT NULL DEFAULT 'done' CHECK (outcome IN ('done', 'refused'));
CREATE INDEX audit_event_action ON audit_event (action, id);

-- A person's way in. The row of a program's way in is api_key.
CREATE TABLE app_user (
    id uuid PRIMARY KEY REFERENCES actor,
    email text NOT NULL UNIQUE CHECK (email = lower(email)),
    password_hash text,  -- argon2id; NULL until the invitation is used.
    totp_sealed bytea,
    totp_last_step bigint,  -- NULL: the secret was shown and not yet proven. A step counts once.
    recovery_sha256 bytea[] NOT NULL DEFAULT '{}',
    preferences jsonb NOT NULL DEFAULT '{}',
    last_signed_in_at timestamptz,
    version integer NOT NULL DEFAULT 1
);

-- Who holds the id is the person: it is kept as its SHA-256 only.
CREATE TABLE session (
    id_sha256 bytea PRIMARY KEY CHECK (length(id_sha256) = 32),
    user_id uuid NOT NULL REFERENCES app_user,
    stage text NOT NULL CHECK (stage IN ('invited', 'half', 'full')),
    created_at timestamptz NOT NULL,
    seen_at timestamptz NOT NULL
);
CREATE INDEX session_of_user ON session (user_id);

-- One-time links.
CREATE TABLE ticket (
    sha256 bytea PRIMARY KEY CHECK (length(sha256) = 32),
    user_id uuid NOT NULL REFERENCES app_user,
    purpose text NOT NULL CHECK (purpose IN ('invite', 'enter')),
    expires_at timestamptz NOT NULL,
    used_at timestamptz
);
CREATE INDEX ticket_of_user ON ticket (user_id);

-- Attempts to sign in that did not succeed, or not yet: by keyed digests of accounts and addresses.
CREATE TABLE sign_in_attempt (
    id uuid NOT NULL,
    subject bytea NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (id, subject)
);
CREATE INDEX sign_in_attempt_subject ON sign_in_attempt (subject, at);

GRANT SELECT, INSERT, UPDATE ON app_user, ticket TO rcm_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON session TO rcm_app;
GRANT SELECT, INSERT, DELETE ON sign_in_attempt TO rcm_app;
