-- Until when, by whom, and what became of it. What is open already counts from when it was opened;
-- bank holidays are left out here: rcm.worklists.deadlines knows them for all that comes.
ALTER TABLE work_item
    ADD COLUMN due_on date,
    ADD COLUMN assignee_id uuid REFERENCES actor,
    ADD COLUMN touched_at timestamptz,
    ADD COLUMN closed_by_id uuid REFERENCES actor,  -- The person, where one closed it.
    ADD COLUMN category text NOT NULL DEFAULT '';  -- Of a denial.
UPDATE work_item SET category = substring(message FROM '^Denied: (.*)\.$') WHERE kind = 'denied';
UPDATE work_item SET touched_at = coalesce(closed_at, opened_at), due_on = CASE kind
    WHEN 'denied' THEN opened_at::date + 30
    ELSE (SELECT day::date FROM generate_series(opened_at::date + 1, opened_at::date + 14, '1 day') AS day
        WHERE extract(isodow FROM day) < 6
        ORDER BY day
        OFFSET (CASE kind WHEN 'held' THEN 2 WHEN 'suspense' THEN 3 WHEN 'follow_up' THEN 7 ELSE 1 END) - 1
        LIMIT 1)
    END;
ALTER TABLE work_item ALTER COLUMN due_on SET NOT NULL, ALTER COLUMN touched_at SET NOT NULL;
-- By day, then the most money first: one number, so that a page of the list begins after any of it.
ALTER TABLE work_item ADD COLUMN urgency bigint NOT NULL
    GENERATED ALWAYS AS ((due_on - date '1970-01-01') * 100000000000 - amount_cents) STORED;
CREATE INDEX work_item_urgency ON work_item (urgency, id) WHERE state = 'open';
CREATE INDEX work_item_assignee ON work_item (assignee_id, due_on) WHERE state = 'open';

-- Who did what to an item. A reason is typed by a person and may name a patient: it is sealed.
CREATE TABLE work_item_event (
    id uuid PRIMARY KEY,
    n bigint GENERATED ALWAYS AS IDENTITY,
    work_item_id uuid NOT NULL REFERENCES work_item,
    what text NOT NULL CHECK (what IN ('opened', 'assigned', 'closed', 'reopened')),
    who text NOT NULL,  -- answer, or the name of the actor.
    actor_id uuid REFERENCES actor,
    assignee_id uuid REFERENCES actor,
    reason_sealed bytea,
    at timestamptz NOT NULL
);
CREATE INDEX work_item_event_item ON work_item_event (work_item_id, n);
INSERT INTO work_item_event (id, work_item_id, what, who, at)
    SELECT gen_random_uuid(), id, 'opened', 'answer', opened_at FROM work_item;
INSERT INTO work_item_event (id, work_item_id, what, who, at)
    SELECT gen_random_uuid(), id, 'closed', closed_by, closed_at FROM work_item WHERE state = 'done';
CREATE TRIGGER work_item_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON work_item_event
    EXECUTE FUNCTION refuse_change();

GRANT SELECT, INSERT ON work_item_event TO rcm_app;

-- What changed, for pages that are looked at (ADR 0022). `xid` is the transaction: a reader takes only
-- those below pg_snapshot_xmin, of which no more can come. Whatever happens to a claim or an item has an
-- event; of jobs only those are told that gave up, or were taken up again.
CREATE TABLE change (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    xid bigint NOT NULL DEFAULT pg_current_xact_id()::text::bigint,
    kind text NOT NULL,
    about_id uuid NOT NULL,
    at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX change_xid ON change (xid, id);

CREATE FUNCTION tell_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO change (kind, about_id) SELECT TG_ARGV[0], id FROM told;
    RETURN NULL;
END $$;
CREATE FUNCTION tell_claim_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO change (kind, about_id) SELECT DISTINCT 'claim', claim_id FROM told;
    RETURN NULL;
END $$;
CREATE FUNCTION tell_work_item_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO change (kind, about_id) SELECT DISTINCT 'work_item', work_item_id FROM told;
    RETURN NULL;
END $$;
CREATE FUNCTION tell_job() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO change (kind, about_id)
        SELECT 'job', told.id FROM told JOIN untold USING (id)
        WHERE told.state <> untold.state
            AND (told.state IN ('dead', 'quarantined') OR untold.state IN ('dead', 'quarantined'));
    RETURN NULL;
END $$;

CREATE TRIGGER claim_event_told AFTER INSERT ON claim_event
    REFERENCING NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION tell_claim_event();
CREATE TRIGGER work_item_event_told AFTER INSERT ON work_item_event
    REFERENCING NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION tell_work_item_event();
CREATE TRIGGER job_told AFTER UPDATE ON job
    REFERENCING OLD TABLE AS untold NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION tell_job();
CREATE TRIGGER remittance_told AFTER INSERT ON remittance
    REFERENCING NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION tell_change('remittance');
CREATE TRIGGER remittance_told_anew AFTER UPDATE ON remittance
    REFERENCING NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION tell_change('remittance');
CREATE TRIGGER file_told AFTER INSERT ON file
    REFERENCING NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION tell_change('file');
CREATE TRIGGER file_told_anew AFTER UPDATE ON file
    REFERENCING NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION tell_change('file');
CREATE TRIGGER partner_told AFTER INSERT ON trading_partner
    REFERENCING NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION tell_change('partner');
CREATE TRIGGER partner_told_anew AFTER UPDATE ON trading_partner
    REFERENCING NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION tell_change('partner');
CREATE TRIGGER eligibility_check_told AFTER INSERT ON eligibility_check
    REFERENCING NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION tell_change('eligibility_check');
CREATE TRIGGER eligibility_check_told_anew AFTER UPDATE ON eligibility_check
    REFERENCING NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION tell_change('eligibility_check');

GRANT SELECT, INSERT, DELETE ON change TO rcm_app;

-- The latest visit that is billed to a coverage.
CREATE INDEX claim_coverage_visit ON claim (coverage_id, service_from);
