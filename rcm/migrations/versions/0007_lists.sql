-- What lists of claims filter, sort and add up: one narrow row beside each claim, because the claim
-- itself carries its sealed snapshot. Triggers keep it in the transaction of whatever changes the
-- claim or posts; rcm_app may only read it, so no code path can leave it behind (ADR 0023).
CREATE TABLE claim_listing (
    claim_id uuid PRIMARY KEY REFERENCES claim ON DELETE CASCADE,
    billing_provider_id uuid NOT NULL,
    payer_id uuid NOT NULL,
    partner_id uuid NOT NULL,
    status_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    charge_cents bigint NOT NULL,
    billed_cents bigint NOT NULL DEFAULT 0,
    paid_cents bigint NOT NULL DEFAULT 0,
    adjusted_cents bigint NOT NULL DEFAULT 0,
    patient_cents bigint NOT NULL DEFAULT 0,
    denied_cents bigint NOT NULL DEFAULT 0,
    service_from date NOT NULL,
    service_to date NOT NULL,
    status text NOT NULL
) WITH (fillfactor = 90);
CREATE INDEX claim_listing_created ON claim_listing (created_at, claim_id);

CREATE FUNCTION list_claims() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO claim_listing (claim_id, billing_provider_id, payer_id, partner_id, status_at,
            created_at, charge_cents, service_from, service_to, status)
        SELECT id, billing_provider_id, payer_id, partner_id, status_at,
            created_at, charge_cents, service_from, service_to, status FROM added;
    RETURN NULL;
END $$;

CREATE FUNCTION list_changed_claim() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE claim_listing SET billing_provider_id = NEW.billing_provider_id,
            payer_id = NEW.payer_id, partner_id = NEW.partner_id, status_at = NEW.status_at,
            created_at = NEW.created_at, charge_cents = NEW.charge_cents,
            service_from = NEW.service_from, service_to = NEW.service_to, status = NEW.status
        WHERE claim_id = NEW.id;
    RETURN NULL;
END $$;

-- Accounts as in AMOUNTS of rcm.reading.amounts; a test posts to each of them.
CREATE FUNCTION list_postings() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    -- In the order of their ids, so that two postings cannot block each other.
    PERFORM FROM claim_listing WHERE claim_id IN (SELECT claim_id FROM added)
        ORDER BY claim_id FOR NO KEY UPDATE;
    UPDATE claim_listing SET
            billed_cents = claim_listing.billed_cents + told.billed_cents,
            paid_cents = claim_listing.paid_cents + told.paid_cents,
            adjusted_cents = claim_listing.adjusted_cents + told.adjusted_cents,
            patient_cents = claim_listing.patient_cents + told.patient_cents,
            denied_cents = claim_listing.denied_cents + told.denied_cents
        FROM (
            SELECT claim_id,
                coalesce(sum(-amount_cents) FILTER (WHERE account = 'revenue:charges'), 0) AS billed_cents,
                coalesce(sum(amount_cents) FILTER (WHERE account IN ('cash:in-transit', 'cash:bank')), 0)
                    AS paid_cents,
                coalesce(sum(amount_cents) FILTER (WHERE account IN
                    ('adjustment:contractual', 'adjustment:other')), 0) AS adjusted_cents,
                coalesce(sum(amount_cents) FILTER (WHERE account = 'receivable:patient'), 0) AS patient_cents,
                coalesce(sum(amount_cents) FILTER (WHERE account = 'receivable:denied'), 0) AS denied_cents
            FROM added WHERE claim_id IS NOT NULL GROUP BY claim_id
        ) AS told
        WHERE claim_listing.claim_id = told.claim_id;
    RETURN NULL;
END $$;

-- What there is already.
INSERT INTO claim_listing
    SELECT id, billing_provider_id, payer_id, partner_id, status_at, created_at, charge_cents,
        coalesce(billed, 0), coalesce(paid, 0), coalesce(adjusted, 0), coalesce(patient, 0),
        coalesce(denied, 0), service_from, service_to, status
    FROM claim
    LEFT JOIN (
        SELECT claim_id,
            sum(-amount_cents) FILTER (WHERE account = 'revenue:charges') AS billed,
            sum(amount_cents) FILTER (WHERE account IN ('cash:in-transit', 'cash:bank')) AS paid,
            sum(amount_cents) FILTER (WHERE account IN ('adjustment:contractual', 'adjustment:other'))
                AS adjusted,
            sum(amount_cents) FILTER (WHERE account = 'receivable:patient') AS patient,
            sum(amount_cents) FILTER (WHERE account = 'receivable:denied') AS denied
        FROM posting WHERE claim_id IS NOT NULL GROUP BY claim_id
    ) AS told ON told.claim_id = claim.id;

-- Counts and sums of all claims by status, payer and practice, as changes that add up: whoever
-- changes a claim adds rows and waits for nobody. Now and then rows of one group become one.
CREATE TABLE claim_sum (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    billing_provider_id uuid NOT NULL,
    payer_id uuid NOT NULL,
    claims bigint NOT NULL,
    charge_cents bigint NOT NULL,
    billed_cents bigint NOT NULL,
    paid_cents bigint NOT NULL,
    adjusted_cents bigint NOT NULL,
    patient_cents bigint NOT NULL,
    denied_cents bigint NOT NULL,
    status text NOT NULL
);

CREATE FUNCTION add_up_claims() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO claim_sum (status, payer_id, billing_provider_id, claims, charge_cents,
                billed_cents, paid_cents, adjusted_cents, patient_cents, denied_cents)
            SELECT status, payer_id, billing_provider_id, count(*), sum(charge_cents),
                sum(billed_cents), sum(paid_cents), sum(adjusted_cents), sum(patient_cents),
                sum(denied_cents)
            FROM added GROUP BY status, payer_id, billing_provider_id;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO claim_sum (status, payer_id, billing_provider_id, claims, charge_cents,
                billed_cents, paid_cents, adjusted_cents, patient_cents, denied_cents)
            SELECT status, payer_id, billing_provider_id, -count(*), -sum(charge_cents),
                -sum(billed_cents), -sum(paid_cents), -sum(adjusted_cents), -sum(patient_cents),
                -sum(denied_cents)
            FROM gone GROUP BY status, payer_id, billing_provider_id;
    ELSE
        INSERT INTO claim_sum (status, payer_id, billing_provider_id, claims, charge_cents,
                billed_cents, paid_cents, adjusted_cents, patient_cents, denied_cents)
            SELECT status, payer_id, billing_provider_id, sum(sign), sum(sign * charge_cents),
                sum(sign * billed_cents), sum(sign * paid_cents), sum(sign * adjusted_cents),
                sum(sign * patient_cents), sum(sign * denied_cents)
            FROM (SELECT 1 AS sign, * FROM added UNION ALL SELECT -1, * FROM gone) AS changed
            GROUP BY status, payer_id, billing_provider_id
            HAVING sum(sign) <> 0 OR sum(sign * charge_cents) <> 0 OR sum(sign * billed_cents) <> 0
                OR sum(sign * paid_cents) <> 0 OR sum(sign * adjusted_cents) <> 0
                OR sum(sign * patient_cents) <> 0 OR sum(sign * denied_cents) <> 0;
    END IF;
    IF random() < 0.02 THEN
        -- Rows that another transaction is merging are left to it.
        WITH taken AS (
            SELECT id FROM claim_sum ORDER BY id LIMIT 10000 FOR UPDATE SKIP LOCKED
        ), merged AS (
            DELETE FROM claim_sum USING taken WHERE claim_sum.id = taken.id RETURNING claim_sum.*
        )
        INSERT INTO claim_sum (status, payer_id, billing_provider_id, claims, charge_cents,
                billed_cents, paid_cents, adjusted_cents, patient_cents, denied_cents)
            SELECT status, payer_id, billing_provider_id, sum(claims), sum(charge_cents),
                sum(billed_cents), sum(paid_cents), sum(adjusted_cents), sum(patient_cents),
                sum(denied_cents)
            FROM merged GROUP BY status, payer_id, billing_provider_id
            HAVING sum(claims) <> 0 OR sum(charge_cents) <> 0 OR sum(billed_cents) <> 0
                OR sum(paid_cents) <> 0 OR sum(adjusted_cents) <> 0
                OR sum(patient_cents) <> 0 OR sum(denied_cents) <> 0;
    END IF;
    RETURN NULL;
END $$;

INSERT INTO claim_sum (status, payer_id, billing_provider_id, claims, charge_cents,
        billed_cents, paid_cents, adjusted_cents, patient_cents, denied_cents)
    SELECT status, payer_id, billing_provider_id, count(*), sum(charge_cents),
        sum(billed_cents), sum(paid_cents), sum(adjusted_cents), sum(patient_cents),
        sum(denied_cents)
    FROM claim_listing GROUP BY status, payer_id, billing_provider_id;

CREATE TRIGGER claim_listing_added AFTER INSERT ON claim_listing
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION add_up_claims();
CREATE TRIGGER claim_listing_changed AFTER UPDATE ON claim_listing
    REFERENCING NEW TABLE AS added OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION add_up_claims();
CREATE TRIGGER claim_listing_gone AFTER DELETE ON claim_listing
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION add_up_claims();
CREATE TRIGGER claim_listed AFTER INSERT ON claim
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION list_claims();
CREATE TRIGGER claim_listed_anew AFTER UPDATE ON claim FOR EACH ROW
    WHEN ((OLD.billing_provider_id, OLD.payer_id, OLD.partner_id, OLD.status_at, OLD.created_at,
            OLD.charge_cents, OLD.service_from, OLD.service_to, OLD.status)
        IS DISTINCT FROM (NEW.billing_provider_id, NEW.payer_id, NEW.partner_id, NEW.status_at,
            NEW.created_at, NEW.charge_cents, NEW.service_from, NEW.service_to, NEW.status))
    EXECUTE FUNCTION list_changed_claim();
CREATE TRIGGER posting_listed AFTER INSERT ON posting
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION list_postings();
REVOKE EXECUTE ON FUNCTION list_claims, list_changed_claim, list_postings, add_up_claims FROM PUBLIC;

-- What lists and the search look for.
CREATE INDEX claim_number_prefix ON claim (patient_control_number text_pattern_ops) INCLUDE (id);
CREATE INDEX claim_payer_number_prefix ON claim (payer_control_number text_pattern_ops) INCLUDE (id)
    WHERE payer_control_number <> '';
CREATE INDEX claim_patient ON claim (patient_id);
CREATE INDEX claim_event_file ON claim_event (file_id) WHERE file_id IS NOT NULL;
-- Of the two sides of an adjustment one: the positive one.
CREATE INDEX posting_reason ON posting (reason, claim_id)
    WHERE claim_id IS NOT NULL AND reason <> '' AND amount_cents > 0;
CREATE INDEX work_item_claim_open ON work_item (claim_id, due_on, id)
    WHERE state = 'open' AND claim_id IS NOT NULL;
CREATE INDEX patient_record_number ON patient (record_number_index);
CREATE INDEX file_interchange_number ON file (interchange_number) WHERE interchange_number IS NOT NULL;
CREATE INDEX file_name_prefix ON file (lower(name) text_pattern_ops);
CREATE INDEX interchange_control_number ON interchange (control_number);
CREATE INDEX remittance_trace ON remittance (trace text_pattern_ops);

GRANT SELECT ON claim_listing, claim_sum TO rcm_app;
