-- What payers say of a claim over time, line by line; PLB by reference; claims that are sent again.

ALTER TABLE claim_line ADD COLUMN quantity bigint NOT NULL DEFAULT 1000;  -- Thousandths.
ALTER TABLE claim_line ALTER COLUMN quantity DROP DEFAULT;

-- What a claim travelled under: before its next journey, number, payer and practice may change.
ALTER TABLE submission
    ADD COLUMN patient_control_number text,
    ADD COLUMN billing_provider_id uuid REFERENCES billing_provider,
    ADD COLUMN payer_id uuid REFERENCES payer;
UPDATE submission SET patient_control_number = claim.patient_control_number,
        billing_provider_id = claim.billing_provider_id, payer_id = claim.payer_id
    FROM claim WHERE claim.id = submission.claim_id;
ALTER TABLE submission
    ALTER COLUMN patient_control_number SET NOT NULL,
    ALTER COLUMN billing_provider_id SET NOT NULL,
    ALTER COLUMN payer_id SET NOT NULL;
CREATE INDEX submission_number ON submission (patient_control_number);
-- Payers cut control numbers off: PREFIX_LENGTH_MIN of rcm.remittance.match.
CREATE INDEX submission_prefix ON submission (left(patient_control_number, 12));
CREATE INDEX submission_claim ON submission (claim_id);

-- An encounter as it was before a correction.
CREATE TABLE encounter_version (
    encounter_id uuid NOT NULL REFERENCES encounter,
    n integer NOT NULL,
    body bytea NOT NULL,
    api_key_id uuid NOT NULL REFERENCES api_key,
    replaced_at timestamptz NOT NULL,
    PRIMARY KEY (encounter_id, n)
);

UPDATE remittance_claim SET state = 'unmatched' WHERE state = 'secondary';
ALTER TABLE remittance_claim DROP CONSTRAINT remittance_claim_state_check;
ALTER TABLE remittance_claim ADD CONSTRAINT remittance_claim_state_check
    CHECK (state IN ('posted', 'unmatched', 'unbalanced', 'recorded'));
ALTER TABLE remittance_claim
    ADD COLUMN verdict text NOT NULL DEFAULT ''
        CHECK (verdict IN ('', 'paid', 'denied', 'pended', 'taken_back')),
    ADD COLUMN reverses_remittance_id uuid,
    ADD COLUMN reverses_position integer,
    ADD COLUMN billing_provider_id uuid REFERENCES billing_provider,
    ADD COLUMN payer_id uuid REFERENCES payer,
    ADD COLUMN is_other_payer boolean NOT NULL DEFAULT false,
    ADD COLUMN is_expanded boolean NOT NULL DEFAULT false;
UPDATE remittance_claim SET verdict = CASE
        WHEN remittance_claim.status_code = '22' THEN 'taken_back'
        WHEN claim.status = 'denied' AND remittance_claim.paid_cents = 0 THEN 'denied'
        ELSE 'paid' END
    FROM claim WHERE claim.id = remittance_claim.claim_id AND remittance_claim.state = 'posted';
UPDATE remittance_claim SET billing_provider_id = claim.billing_provider_id, payer_id = claim.payer_id
    FROM claim WHERE claim.id = remittance_claim.claim_id;
ALTER TABLE remittance_claim
    ALTER COLUMN verdict DROP DEFAULT,
    ALTER COLUMN is_other_payer DROP DEFAULT,
    ALTER COLUMN is_expanded DROP DEFAULT,
    ADD FOREIGN KEY (reverses_remittance_id, reverses_position) REFERENCES remittance_claim
        DEFERRABLE INITIALLY DEFERRED;  -- It may take back what stands below it.

CREATE INDEX remittance_claim_payer_control_number ON remittance_claim (payer_control_number);

-- The line of a claim that each service of a remittance was found to be, by which rule.
CREATE TABLE remittance_service (
    remittance_id uuid NOT NULL,
    position integer NOT NULL,
    service integer NOT NULL,
    line integer,
    match_rule text NOT NULL,
    match_confidence text NOT NULL,
    charge_cents bigint NOT NULL,
    paid_cents bigint NOT NULL,
    PRIMARY KEY (remittance_id, position, service),
    FOREIGN KEY (remittance_id, position) REFERENCES remittance_claim
);

-- One pair of a PLB of a posted remittance. References may hold PHI: only their HMAC is kept.
CREATE TABLE provider_adjustment (
    remittance_id uuid NOT NULL REFERENCES remittance,
    n integer NOT NULL,
    reason text NOT NULL,
    reference text NOT NULL,
    account text NOT NULL,
    amount_cents bigint NOT NULL,
    billing_provider_id uuid REFERENCES billing_provider,
    claim_id uuid REFERENCES claim,
    segment_number integer NOT NULL,
    PRIMARY KEY (remittance_id, n)
);
CREATE INDEX provider_adjustment_reference ON provider_adjustment (reference);

ALTER TABLE work_item
    ADD COLUMN closed_by text NOT NULL DEFAULT '',  -- answer, or who.
    ADD COLUMN encounter_id uuid REFERENCES encounter;  -- One of which no claim could be made.
CREATE INDEX work_item_encounter ON work_item (encounter_id) WHERE encounter_id IS NOT NULL;

GRANT SELECT, INSERT ON encounter_version, remittance_service, provider_adjustment TO rcm_app;
