-- Claims move and money is posted thousands of rows a statement: what follows each of them follows
-- once a statement, not once a row.

-- A statement adds to an entry what sums to zero, and nothing is ever changed or removed: so every
-- entry sums to zero at every moment. (Before: each posting had its entry added up at the commit.)
DROP TRIGGER posting_balanced ON posting;
DROP FUNCTION refuse_unbalanced();
CREATE FUNCTION refuse_unbalanced() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wrong uuid;
BEGIN
    SELECT entry_id INTO wrong FROM added GROUP BY entry_id HAVING sum(amount_cents) <> 0 LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'ledger entry % does not sum to zero', wrong;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER posting_balanced AFTER INSERT ON posting
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION refuse_unbalanced();

DROP TRIGGER claim_listed_anew ON claim;
DROP FUNCTION list_changed_claim();
CREATE FUNCTION list_changed_claims() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    -- The claims are locked by whoever changed them: two statements cannot meet here.
    UPDATE claim_listing SET billing_provider_id = told.billing_provider_id,
            payer_id = told.payer_id, partner_id = told.partner_id, status_at = told.status_at,
            created_at = told.created_at, charge_cents = told.charge_cents,
            service_from = told.service_from, service_to = told.service_to, status = told.status
        FROM (
            SELECT changed.* FROM changed JOIN untold USING (id)
            WHERE (untold.billing_provider_id, untold.payer_id, untold.partner_id,
                    untold.status_at, untold.created_at, untold.charge_cents,
                    untold.service_from, untold.service_to, untold.status)
                IS DISTINCT FROM (changed.billing_provider_id, changed.payer_id,
                    changed.partner_id, changed.status_at, changed.created_at,
                    changed.charge_cents, changed.service_from, changed.service_to, changed.status)
        ) AS told
        WHERE claim_listing.claim_id = told.id;
    RETURN NULL;
END $$;
CREATE TRIGGER claim_listed_anew AFTER UPDATE ON claim
    REFERENCING OLD TABLE AS untold NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION list_changed_claims();
REVOKE EXECUTE ON FUNCTION list_changed_claims FROM PUBLIC;

-- A session keeps its plan of these, made perhaps when the list was empty: it must not read the
-- whole list for each statement when there are a million.
ALTER FUNCTION list_changed_claims() SET enable_seqscan = off;
ALTER FUNCTION list_postings() SET enable_seqscan = off;
