-- Which transaction a row is of. What is below pg_snapshot_xmin has ended, so the job that chains rows
-- need not look there again; what it did not see lies above.
ALTER TABLE ledger_entry ADD COLUMN xid bigint NOT NULL DEFAULT pg_current_xact_id()::text::bigint;
ALTER TABLE audit_event ADD COLUMN xid bigint NOT NULL DEFAULT pg_current_xact_id()::text::bigint;
CREATE INDEX ledger_entry_xid ON ledger_entry (xid);
CREATE INDEX audit_event_xid ON audit_event (xid);

-- A step of a chain (ADR 0030): SHA-256 over the step before and the rows that it covers.
CREATE TABLE chain_link (
    chain text NOT NULL CHECK (chain IN ('ledger', 'audit')),
    n bigint NOT NULL CHECK (n >= 1),
    from_place bigint NOT NULL,
    to_place bigint NOT NULL CHECK (to_place >= from_place - 1),  -- Less: no row, a mark only.
    next_xid bigint NOT NULL,  -- Rows of transactions below are all chained.
    server_started_at timestamptz NOT NULL,  -- In which life of the server next_xid counts.
    is_caught_up boolean NOT NULL,  -- No row that was there was left out.
    made_at timestamptz NOT NULL,
    previous_hash bytea NOT NULL,
    hash bytea NOT NULL,
    PRIMARY KEY (chain, n)
);

-- The rows of the chains in their order, and what they said. They refer to nothing: what proves a row
-- must outlive it.
CREATE TABLE chained_entry (
    place bigint PRIMARY KEY,
    id uuid NOT NULL UNIQUE,
    at timestamptz NOT NULL,
    kind text NOT NULL,
    digest bytea NOT NULL
);
CREATE TABLE chained_event (
    place bigint PRIMARY KEY,
    id bigint NOT NULL UNIQUE,
    at timestamptz NOT NULL,
    kind text NOT NULL,
    digest bytea NOT NULL
);

CREATE TRIGGER chain_link_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON chain_link
    EXECUTE FUNCTION refuse_change();
CREATE TRIGGER chained_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON chained_entry
    EXECUTE FUNCTION refuse_change();
CREATE TRIGGER chained_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON chained_event
    EXECUTE FUNCTION refuse_change();

GRANT SELECT, INSERT ON chain_link, chained_entry, chained_event TO rcm_app;
