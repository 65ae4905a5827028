-- Whether a partner may be met, and what its latest meetings were like. A partner without a row has
-- not been met yet: its breaker is closed. `meeting_*`: the job that meets it now; there is one at a
-- time, so that a partner that stalls holds one worker process and not all.
CREATE TABLE partner_breaker (
    partner_id uuid PRIMARY KEY REFERENCES trading_partner,
    standing text NOT NULL DEFAULT 'closed' CHECK (standing IN ('closed', 'open', 'half_open')),
    last text NOT NULL DEFAULT '' CHECK (last ~ '^[.x]{0,20}$'),
    refusals integer NOT NULL DEFAULT 0,
    openings integer NOT NULL DEFAULT 0,
    opened_at timestamptz,
    until timestamptz,
    code text NOT NULL DEFAULT '',
    meeting_job_id uuid,
    meeting_token uuid,
    CHECK (standing <> 'closed' OR (opened_at IS NULL AND until IS NULL))
);

-- Who looks at a partner learns that it was stopped, or goes on; not of every meeting.
CREATE FUNCTION tell_breaker() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO change (kind, about_id)
        SELECT 'partner', told.partner_id FROM told JOIN untold USING (partner_id)
        WHERE told.standing <> untold.standing OR told.until IS DISTINCT FROM untold.until;
    RETURN NULL;
END $$;
CREATE TRIGGER partner_breaker_told AFTER UPDATE ON partner_breaker
    REFERENCING OLD TABLE AS untold NEW TABLE AS told FOR EACH STATEMENT
    EXECUTE FUNCTION tell_breaker();

ALTER TABLE decision DROP CONSTRAINT decision_what_check;
ALTER TABLE decision ADD CONSTRAINT decision_what_check CHECK (what IN ('replay_file',
    'allow_number_again', 'discard_file', 'replay_remittance', 'discard_remittance', 'retry_job',
    'create_partner', 'change_partner', 'pause_partner', 'resume_partner', 'close_breaker',
    'match_payment', 'unmatch_payment', 'dismiss_payment', 'post_despite_conflict'));

GRANT SELECT, INSERT, UPDATE ON partner_breaker TO rcm_app;
