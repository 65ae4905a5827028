"""The proof before sending: a claim at fault is held alone, and a header at fault holds nobody."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine

from edi.claim_837 import Claim
from edi.findings import Severity
from rcm.claims.prove import HeaderRefusedError, prove
from rcm.encode import claim_from_json, claim_to_json
from rcm.exchange.now import exchange_now
from tests.claims import batch, claim, envelope, pyx12_here
from tests.harness import Practice
from tests.rcm.intake import encounter
from tests.rcm.partner_files import send

#: Reads back as AA and OA.
GAP: dict[str, Any] = {"related_causes": ("AA", "", "OA"), "accident_state": "IL"}


def numbered(*changes: dict[str, Any]) -> list[Claim]:
    return [
        claim(**change, patient_control_number=f"PCN{n}") for n, change in enumerate(changes, 1)
    ]


def test_what_reads_back_and_conforms_goes() -> None:
    refused, body = prove(batch(*numbered({}, {})), envelope(), pyx12_here)
    assert refused == {}
    assert body.startswith(b"ISA")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"note": "A~B"}, "CLAIM-UNWRITABLE"),
        (GAP, "CLAIM-PROOF"),
        ({"place_of_service": "ZZ"}, "PYX12-ELEMENT-7"),
    ],
)
def test_only_the_claim_at_fault_is_refused(change: dict[str, Any], code: str) -> None:
    refused, _ = prove(batch(*numbered({}, change, {}, change)), envelope(), pyx12_here)
    assert list(refused) == ["PCN2", "PCN4"]
    assert {finding.code for found in refused.values() for finding in found} == {code}
    assert {each.severity for found in refused.values() for each in found} == {Severity.ERROR}


RECEIVER, SUBMITTER = batch().receiver, batch().submitter
HEADERS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "a name with a delimiter": ({"submitter": replace(SUBMITTER, name="HARBOR*BILLING")}, {}),
    "a telephone number of nobody": ({"submitter": replace(SUBMITTER, contact_phone="\u00e9")}, {}),
    "no telephone number": ({"submitter": replace(SUBMITTER, contact_phone="")}, {}),
    "a receiver without a name": ({"receiver": replace(RECEIVER, name="")}, {}),
    "a receiver's id that is too long": ({"receiver": replace(RECEIVER, id="X" * 81)}, {}),
    "an identifier that is too long": ({}, {"receiver_id": "SIXTEEN-LETTERS-"}),
    "no application code": ({}, {"group_receiver": ""}),
}


@pytest.mark.parametrize(("of_batch", "of_envelope"), HEADERS.values(), ids=HEADERS)
def test_a_header_at_fault_is_no_claims_fault(
    of_batch: dict[str, Any], of_envelope: dict[str, Any]
) -> None:
    with pytest.raises(HeaderRefusedError):
        prove(batch(*numbered({}, {}), **of_batch), envelope(**of_envelope), pyx12_here)


@pytest.mark.parametrize(
    "fault", ["submitter_name = 'HARBOR~'", "submitter_phone = ''", "group_receiver = 'X'"]
)
def test_claims_wait_until_the_partner_is_corrected(
    practice: Practice, fault: str, owner: Engine
) -> None:
    practice.post(encounter())
    practice.drain()
    with owner.begin() as connection:
        connection.exec_driver_sql(f"UPDATE trading_partner SET {fault}")
    with practice.unit_of_work() as session:
        exchange_now(session, practice.partner_id)
    practice.drain()
    state = "SELECT state, last_error_code FROM job WHERE kind = 'batch_claims'"
    assert practice.rows(state) == [("dead", "HEADER-REFUSED")]
    assert practice.rows("SELECT status, findings FROM claim") == [("ready", [])]
    assert practice.rows("SELECT id FROM file UNION SELECT id FROM ledger_entry") == []


def test_a_claim_that_does_not_read_back_is_held_and_the_others_go(practice: Practice) -> None:
    practice.post(encounter(), encounter(external_id="odd"))
    practice.drain()
    ((claim_id, sealed),) = practice.rows(
        "SELECT claim.id, identity FROM claim JOIN encounter ON encounter.id = encounter_id"
        " WHERE external_id = 'odd'"
    )
    keys, place = practice.tools.keys, {"table": "claim", "row": claim_id, "column": "identity"}
    odd = replace(claim_from_json(keys.open(sealed, **place)), **GAP)
    resealed = keys.seal(claim_to_json(odd), **place)
    practice.rows(
        "UPDATE claim SET identity = :sealed WHERE id = :id RETURNING id",
        sealed=resealed,
        id=claim_id,
    )
    (gone,) = send(practice)
    assert gone.id != claim_id
    rows = practice.rows("SELECT id, status, findings FROM claim")
    found = {row[0]: (row[1], [each["code"] for each in row[2]]) for row in rows}
    assert found == {gone.id: ("submitted", []), claim_id: ("held", ["CLAIM-PROOF"])}
