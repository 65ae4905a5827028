"""SQL of jobs: promised, taken under a lease, ended by who holds the lease."""

from sqlalchemy import text

ADD = text("""
    INSERT INTO job (id, kind, ref_id, ref_part, dedupe_key, queue, state, attempts_max,
        next_run_at, nudged_at, created_at)
    VALUES (gen_random_uuid(), :kind, :ref_id, :ref_part, :dedupe_key, :queue, 'ready',
        :attempts_max, now(), now(), now())
    ON CONFLICT (kind, dedupe_key) WHERE state = 'ready' DO NOTHING RETURNING id
""")
SHARE_TWIN = text("""
    SELECT id FROM job WHERE kind = :kind AND dedupe_key = :dedupe_key AND state = 'ready'
    FOR SHARE
""")
FIND_RUNNING = text("""
    SELECT id FROM job
    WHERE kind = :kind AND dedupe_key = :dedupe_key AND queue = :queue AND state = 'running'
""")
SUPERSEDE = text("""
    UPDATE job SET state = 'done', last_error_code = 'SUPERSEDED'
    WHERE kind = :kind AND dedupe_key = :dedupe_key AND state IN ('dead', 'quarantined')
""")
CLAIM = text("""
    UPDATE job SET state = 'running', attempts = attempts + 1, last_error_code = NULL,
        deaths = deaths + (state = 'running')::int, lease_token = gen_random_uuid(),
        lease_until = now() + make_interval(secs => :seconds), lease_owner = :owner
    WHERE id = :id AND ((state = 'ready' AND next_run_at <= now())
        OR (state = 'running' AND lease_until < now()))
    RETURNING id, kind, ref_id, ref_part, attempts, deaths, lease_token AS token
""")
PROVE = text(
    "SELECT 1 FROM job WHERE id = :id AND lease_token = :token AND state = 'running' FOR UPDATE"
)
END = text("""
    UPDATE job SET state = :state, last_error_code = :code, finished_at = now()
    WHERE id = :id AND lease_token = :token AND state = 'running'
""")
FORGET = text("DELETE FROM job WHERE id = :id AND lease_token = :token AND state = 'running'")
RETRY = text("""
    UPDATE job SET state = 'ready', last_error_code = :code, lease_token = NULL, nudged_at = NULL,
        attempts = attempts - :no_attempt, next_run_at = now() + :wait_ms * interval '1 millisecond'
    WHERE id = :id AND lease_token = :token AND state = 'running'
        AND NOT EXISTS (SELECT FROM job twin WHERE twin.kind = job.kind
            AND twin.dedupe_key = job.dedupe_key AND twin.state = 'ready')
""")
