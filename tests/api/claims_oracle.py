"""Claims as their rows and postings say, and what each filter of the list means of them."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from uuid import NAMESPACE_URL

from rcm.crypto import Keys
from tests.api.loaded import Loaded

NOBODY = NAMESPACE_URL  #: An id that nothing of ours has; the same in each process of the tests.
#: What the ledger says, from the postings alone.
CLAIMS = """
    SELECT claim.*, payer.identifier AS payer, payer.name AS payer_name,
        patient.identity AS sealed,
        coalesce((SELECT sum(-amount_cents) FROM posting WHERE claim_id = claim.id
            AND account = 'revenue:charges'), 0)::bigint AS billed,
        coalesce((SELECT sum(amount_cents) FROM posting WHERE claim_id = claim.id
            AND account LIKE 'cash:%'), 0)::bigint AS paid,
        coalesce((SELECT sum(amount_cents) FROM posting WHERE claim_id = claim.id
            AND account LIKE 'adjustment:%'), 0)::bigint AS adjusted,
        coalesce((SELECT sum(amount_cents) FROM posting WHERE claim_id = claim.id
            AND account = 'receivable:patient'), 0)::bigint AS patient,
        coalesce((SELECT sum(amount_cents) FROM posting WHERE claim_id = claim.id
            AND account = 'receivable:denied'), 0)::bigint AS denied,
        coalesce((SELECT sum(amount_cents) FROM posting WHERE claim_id = claim.id
            AND account LIKE 'receivable:%'), 0)::bigint AS balance,
        ARRAY(SELECT DISTINCT reason FROM posting WHERE claim_id = claim.id) AS reasons,
        ARRAY(SELECT file_id::text FROM submission WHERE claim_id = claim.id UNION
            SELECT file_id::text FROM claim_event WHERE claim_id = claim.id) AS files,
        (SELECT coalesce(json_agg(work_item ORDER BY due_on, id), '[]') FROM work_item
            WHERE claim_id = claim.id AND state = 'open') AS work
    FROM claim JOIN payer ON payer.id = payer_id JOIN patient ON patient.id = patient_id
"""


def every_claim(made: Loaded, keys: Keys) -> list[Any]:
    """Return every claim, with its amounts and its patient's name."""
    found = []
    for row in made.rows(CLAIMS):
        claim = dict(row._mapping)
        identity = keys.open(
            claim["sealed"], table="patient", row=claim["patient_id"], column="identity"
        )
        name = json.loads(identity)
        claim["id"] = str(claim["id"])
        claim["name"] = (name["last_name"].upper(), name["first_name"].upper(), claim["id"])
        claim["charge"] = claim["charge_cents"]
        claim["open"] = claim["charge"] - claim["paid"] - claim["adjusted"] - claim["patient"]
        claim["unbilled"] = claim["charge"] - claim["billed"]
        claim["due"] = claim["work"][0]["due_on"] if claim["work"] else None
        found.append(claim)
    return found


def day(text: str) -> date:
    return date.fromisoformat(text)


def is_told(file: str, claim: Any) -> bool:  # noqa: ANN401  # A row.
    return file in claim["files"]


def with_work(**wanted: object) -> Callable[[Any], bool]:
    return lambda claim: any(
        all(item[name] == value for name, value in wanted.items()) for item in claim["work"]
    )


FILTERS: dict[str, Callable[[Any], bool]] = {
    "status=denied": lambda c: c["status"] == "denied",
    "status=held&status=rejected": lambda c: c["status"] in ("held", "rejected"),
    "payer=60054": lambda c: c["payer"] == "60054",
    "payer=60054&payer=00430": lambda c: c["payer"] in ("60054", "00430"),
    "payer=nobody": lambda _: False,
    "payer=60054&status=paid": lambda c: c["payer"] == "60054" and c["status"] == "paid",
    "service_from=2026-06-01": lambda c: c["service_from"] >= day("2026-06-01"),
    "service_to=2026-06-01": lambda c: c["service_from"] <= day("2026-06-01"),
    "service_from=2026-06-01&service_to=2026-06-30": lambda c: (
        day("2026-06-01") <= c["service_from"] <= day("2026-06-30")
    ),
    "charge_min=50000": lambda c: c["charge"] >= 50_000,
    "charge_max=9000": lambda c: c["charge"] <= 9_000,
    "open_min=1": lambda c: c["open"] >= 1,
    "open_max=0": lambda c: c["open"] <= 0,
    "open_min=5000&open_max=20000": lambda c: 5_000 <= c["open"] <= 20_000,
    "reason=CO-45": lambda c: "CO-45" in c["reasons"],
    "reason=co-197&reason=CO-16": lambda c: not {"CO-197", "CO-16"}.isdisjoint(c["reasons"]),
    "work=any": lambda c: bool(c["work"]),
    "work=denied": with_work(kind="denied"),
    "work=held&work=rejected": lambda c: any(
        item["kind"] in ("held", "rejected") for item in c["work"]
    ),
    "assignee=nobody": with_work(assignee_id=None),
    "assignee=me": lambda c: any(item["assignee_id"] for item in c["work"]),
    "assignee=me&work=denied": lambda c: any(
        item["assignee_id"] and item["kind"] == "denied" for item in c["work"]
    ),
    "due_before=2026-11-20": lambda c: any(item["due_on"] < "2026-11-20" for item in c["work"]),
    "received_from=2026-10-01": lambda c: c["created_at"] >= datetime(2026, 10, 1, 4, tzinfo=UTC),
    "received_to=2026-10-01": lambda c: c["created_at"] < datetime(2026, 10, 2, 4, tzinfo=UTC),
    "q=EX00000000001": lambda c: c["payer_control_number"].startswith("EX00000000001"),
    f"partner={NOBODY}": lambda _: False,
    f"file={NOBODY}": lambda _: False,
    f"patient={NOBODY}": lambda _: False,
    "status=paid&open_min=1&reason=CO-97&sort=-open": lambda c: (
        c["status"] == "paid" and c["open"] >= 1 and "CO-97" in c["reasons"]
    ),
}
