"""Each check has an example that fails it, by code and place, and one that passes it."""

from collections.abc import Mapping
from typing import Any

import pytest

from edi.claim_837 import read_837p
from edi.findings import Severity
from rcm.claims import scrub as checks
from rcm.claims.scrub import CHECKS, Check, scrub
from tests.claims import batch, upload
from tests.edi.x12_texts import sole_set
from tests.harness import TODAY
from tests.rcm.intake import ABSENT, claim_of, encounter

LINE = encounter()["lines"][0]
WRONG_NPI = {"npi": "1193000515", "first_name": "Sam", "last_name": "Lindqvist"}
ADDRESS = {"line1": "9 Hospital Way", "city": "Austin", "state": "TX", "zip": "787050001"}
CHILD = {"coverages__0__relationship": "child"}
Found = list[tuple[str, str]]

FAILING: list[tuple[Check, dict[str, Any], Found]] = [
    *(
        (checks.npis_are_true, {field: WRONG_NPI}, [("CLAIM-NPI", f"/{field}/npi")])
        for field in ("rendering_provider", "referring_provider", "supervising_provider")
    ),
    (
        checks.npis_are_true,
        {"service_facility": {"npi": "1193000887", "name": "Mercy", "address": ADDRESS}},
        [("CLAIM-NPI", "/service_facility/npi")],
    ),
    (
        checks.npis_are_true,
        {"lines": [LINE, LINE | {"ordering_provider": WRONG_NPI}]},
        [("CLAIM-NPI", "/lines/1/ordering_provider/npi")],
    ),
    (
        checks.dates_are_in_order,
        {"patient__date_of_birth": "2026-11-24"},
        [
            ("CLAIM-BIRTH-DATE", "/patient/date_of_birth"),
            ("CLAIM-SERVICE-DATE", "/lines/0/date_of_service"),
        ],
    ),
    (
        checks.dates_are_in_order,
        {"patient__date_of_birth": "2026-11-03"},
        [("CLAIM-SERVICE-DATE", "/lines/0/date_of_service")],
    ),
    (
        checks.dates_are_in_order,
        {"lines": [LINE, LINE | {"date_of_service": "2026-11-24"}]},
        [("CLAIM-SERVICE-DATE", "/lines/1/date_of_service")],
    ),
    (
        checks.dates_are_in_order,
        {"lines__0__end_date": "2026-11-24"},
        [("CLAIM-SERVICE-DATE", "/lines/0/date_of_service")],
    ),
    (
        checks.dates_are_in_order,
        {"lines__0__end_date": "2026-11-01"},
        [("CLAIM-SERVICE-DATE", "/lines/0/date_of_service")],
    ),
    (
        checks.charges_are_sensible,
        {"total_charge_cents": 9_999},
        [("CLAIM-CHARGE-SUM", "/total_charge_cents")],
    ),
    (
        checks.charges_are_sensible,
        {"lines__0__charge_cents": 0},
        [("CLAIM-ZERO-CHARGE", "/lines")],
    ),
    (
        checks.charges_are_sensible,
        {"lines__0__quantity": "0.000"},
        [("CLAIM-QUANTITY", "/lines/0/quantity")],
    ),
    (
        checks.pointers_point,
        {"lines__0__diagnosis_pointers": []},
        [("CLAIM-POINTER-MISSING", "/lines/0/diagnosis_pointers")],
    ),
    (
        checks.pointers_point,
        {"lines__0__diagnosis_pointers": [0, 2, 3, -1]},
        [("CLAIM-POINTER", f"/lines/0/diagnosis_pointers/{n}") for n in (0, 2, 3)],
    ),
    (
        checks.diagnoses_are_sensible,
        {"diagnoses": [{"code": "E11.9"}, {"code": "I10"}, {"code": "E119"}]},
        [("CLAIM-DIAGNOSIS-TWICE", "/diagnoses/2/code")],
    ),
    (
        checks.diagnoses_are_sensible,
        {"diagnoses": [{"code": "V43.52XA"}, {"code": "I10"}]},
        [("CLAIM-DIAGNOSIS-PRINCIPAL", "/diagnoses/0/code")],
    ),
    *(
        (
            checks.primary_is_billed,
            {"coverages__0__order": order},
            [("CLAIM-COVERAGE-ORDER", "/coverages/0/order")],
        )
        for order in (2, 3)
    ),
    (
        checks.subscriber_is_known,
        {"coverages__0__member_id": ""},
        [("CLAIM-MEMBER-ID", "/coverages/0/member_id")],
    ),
    (checks.subscriber_is_known, CHILD, [("CLAIM-SUBSCRIBER", "/coverages/0/subscriber")]),
    (
        checks.subscriber_is_known,
        {"patient__last_name": "\u5c71\u7530"},  # Nothing that X12 can carry.
        [("CLAIM-LAST-NAME", "/patient/last_name")],
    ),
    (
        checks.subscriber_is_known,
        {"patient__first_name": ""},
        [("CLAIM-FIRST-NAME", "/patient/first_name")],
    ),
    (
        checks.accident_is_complete,
        {"accident": {"date": "2026-10-30", "related_causes": ["AA"]}},
        [("CLAIM-ACCIDENT-STATE", "/accident/state")],
    ),
]
STREETS: list[tuple[dict[str, str], Found]] = [
    ({"line1": "PO BOX 12"}, [("CLAIM-BILLING-ADDRESS", "/billing_provider/address/line1")]),
    (
        {"line1": "P.O. Box 12".upper()},
        [("CLAIM-BILLING-ADDRESS", "/billing_provider/address/line1")],
    ),
    ({"line1": "LOCKBOX 9"}, [("CLAIM-BILLING-ADDRESS", "/billing_provider/address/line1")]),
    ({"zip_code": "78701"}, [("CLAIM-BILLING-ZIP", "/billing_provider/address/zip")]),
    ({"zip_code": "787010000"}, [("CLAIM-BILLING-ZIP", "/billing_provider/address/zip")]),
    ({"line1": "12 BOXWOOD ROAD"}, []),
]
PASSING: list[dict[str, Any]] = [
    {},
    {"rendering_provider": ABSENT},
    {"patient__date_of_birth": "2026-11-02"},  # Born on the day of service.
    {"lines__0__date_of_service": TODAY.isoformat()},
    {"lines__0__end_date": TODAY.isoformat()},
    {"total_charge_cents": 10_000},
    {"lines__0__quantity": "0.001"},
    {"lines__0__diagnosis_pointers": [2, 1]},
    {"diagnoses": [{"code": "I10"}, {"code": "V43.52XA"}]},
    {"accident": {"date": "2026-10-30", "related_causes": ["AA"], "state": "TX"}},
    {"accident": {"date": "2026-10-30", "related_causes": ["EM"]}},
]


def found(changes: Mapping[str, Any], street: Mapping[str, str] | None = None) -> Found:
    findings = scrub(claim_of(encounter(**changes), street=street), today=TODAY)
    return [(finding.code, finding.place.pointer) for finding in findings]


@pytest.mark.parametrize(("check", "changes", "expected"), FAILING)
def test_one_change_gives_exactly_these_findings(
    check: Check, changes: dict[str, Any], expected: Found
) -> None:
    assert found(changes) == expected
    assert list(check(claim_of(encounter(**changes)), TODAY)), "it is this check that finds it"


@pytest.mark.parametrize(("street", "expected"), STREETS)
def test_the_practice_must_be_found_by_mail(street: dict[str, str], expected: Found) -> None:
    assert found({}, street) == expected


@pytest.mark.parametrize("changes", PASSING)
def test_what_is_right_is_found_right(changes: dict[str, Any]) -> None:
    assert found(changes) == []


def test_every_check_has_an_example() -> None:
    assert {check for check, _, _ in FAILING} | {checks.addresses_are_deliverable} == set(CHECKS)


def test_all_findings_come_at_once_in_the_order_of_the_checks() -> None:
    changes = {"accident": FAILING[-1][1]["accident"], "rendering_provider": WRONG_NPI}
    assert [code for code, _ in found(changes)] == ["CLAIM-NPI", "CLAIM-ACCIDENT-STATE"]


def test_every_finding_says_what_to_do_and_quotes_nobody() -> None:
    for _, changes, _ in FAILING:
        for finding in scrub(claim_of(encounter(**changes)), today=TODAY):
            assert finding.cure
            assert finding.place.loop
            assert "canary" not in f"{finding.message} {finding.cure} {finding.place}".lower()
            assert (finding.severity is Severity.WARNING) == (finding.code == "CLAIM-FIRST-NAME")


@pytest.mark.parametrize(("changes", "loop"), [({}, "2010BA"), (CHILD, "2010CA")])
def test_what_is_wrong_with_a_patient_stands_in_the_patients_loop(
    changes: dict[str, Any], loop: str
) -> None:
    wrong = {"patient__first_name": "", "patient__date_of_birth": "2026-11-24"}
    places = {
        finding.code: finding.place.loop
        for finding in scrub(claim_of(encounter(**wrong, **changes)), today=TODAY)
    }
    assert (places["CLAIM-FIRST-NAME"], places["CLAIM-BIRTH-DATE"]) == (loop, loop)


def test_a_clean_claim_is_written_and_read_back() -> None:
    claims = tuple(
        claim_of(encounter(**changes), number=f"PCN{n}") for n, changes in enumerate(PASSING)
    )
    assert read_837p(sole_set(upload(batch(*claims)))[0]).claims == claims
