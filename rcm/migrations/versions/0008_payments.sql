-- A payment in suspense that a person gave to a claim, or took away from it again: what was decided,
-- so that its entries can be built anew from the raw file (ADR 0025). Why is in `decision`, sealed.
CREATE TABLE hand_match (
    remittance_id uuid NOT NULL,
    position integer NOT NULL,
    n integer NOT NULL,  -- Of the decisions about this payment, from 1.
    what text NOT NULL CHECK (what IN ('match', 'unmatch')),
    claim_id uuid NOT NULL REFERENCES claim,
    billing_provider_id uuid NOT NULL REFERENCES billing_provider,
    payer_id uuid NOT NULL REFERENCES payer,
    contractual_codes text[] NOT NULL,
    lines integer[] NOT NULL,  -- Our line of each service; null: the claim as a whole.
    is_other_payer boolean NOT NULL,
    original_remittance_id uuid,  -- From where a reversal without lines has its lines.
    original_position integer,
    told_index bytea NOT NULL,  -- HMAC of the payer and its two numbers: what comes again goes the same way.
    payer_number_before text NOT NULL,
    event_key text NOT NULL,
    actor_id uuid NOT NULL REFERENCES actor,
    who text NOT NULL,
    made_at timestamptz NOT NULL,
    PRIMARY KEY (remittance_id, position, n),
    FOREIGN KEY (remittance_id, position) REFERENCES remittance_claim,
    FOREIGN KEY (original_remittance_id, original_position) REFERENCES remittance_claim
);
CREATE INDEX hand_match_told ON hand_match (told_index);
CREATE INDEX hand_match_claim ON hand_match (claim_id);
CREATE TRIGGER hand_match_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON hand_match
    EXECUTE FUNCTION refuse_change();

-- Not ours: it stays in suspense, and nobody is asked again.
ALTER TABLE remittance_claim ADD COLUMN is_dismissed boolean NOT NULL DEFAULT false;
CREATE INDEX remittance_claim_suspense ON remittance_claim (state, remittance_id)
    WHERE state IN ('unmatched', 'unbalanced');

ALTER TABLE ledger_entry DROP CONSTRAINT ledger_entry_kind_check;
ALTER TABLE ledger_entry ADD CONSTRAINT ledger_entry_kind_check
    CHECK (kind IN ('charge', 'claim_payment', 'provider_adjustment', 'match', 'unmatch'));
ALTER TABLE decision DROP CONSTRAINT decision_what_check;
ALTER TABLE decision ADD CONSTRAINT decision_what_check CHECK (what IN ('replay_file',
    'allow_number_again', 'discard_file', 'replay_remittance', 'discard_remittance', 'retry_job',
    'create_partner', 'change_partner', 'pause_partner', 'resume_partner', 'match_payment',
    'unmatch_payment', 'dismiss_payment', 'post_despite_conflict'));

-- A predetermination is a price: it is no part of what claims were paid.
UPDATE remittance SET claims_paid_cents = claims_paid_cents - priced.cents
    FROM (SELECT remittance_id, sum(paid_cents) AS cents FROM remittance_claim
          WHERE status_code = '25' GROUP BY remittance_id) AS priced
    WHERE priced.remittance_id = remittance.id;

GRANT SELECT, INSERT ON hand_match TO rcm_app;
GRANT DELETE ON remittance_service TO rcm_app;  -- The lines of a match go when it is undone.
