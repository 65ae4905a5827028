-- What people write about a claim, and why they held it back: typed by a person, so it may name a
-- patient. `text_sealed` holds AES-GCM.
CREATE TABLE claim_note (
    id uuid PRIMARY KEY,
    claim_id uuid NOT NULL REFERENCES claim,
    kind text NOT NULL CHECK (kind IN ('note', 'hold', 'release')),
    actor_id uuid NOT NULL REFERENCES actor,
    actor_name text NOT NULL,
    text_sealed bytea NOT NULL,
    written_at timestamptz NOT NULL
);
CREATE INDEX claim_note_claim ON claim_note (claim_id, written_at, id);
CREATE TRIGGER claim_note_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON claim_note
    EXECUTE FUNCTION refuse_change();
CREATE TRIGGER claim_note_told AFTER INSERT ON claim_note
    REFERENCING NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION tell_claim_event();

-- Which journey of the claim an answer is about, and where in its file it stands.
ALTER TABLE claim_event
    ADD COLUMN outbound_id uuid REFERENCES file,
    ADD COLUMN segment_number integer;

GRANT SELECT, INSERT ON claim_note TO rcm_app;
