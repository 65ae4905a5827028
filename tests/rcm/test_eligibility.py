"""Coverages are asked about by 270, and each answer takes effect once."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from edi.eligibility_tree import Insured
from edi.party_segments import day
from rcm import jobs
from rcm.claims.service import WrongUsageError
from rcm.db import snapshot
from rcm.eligibility.answer_store import open_answer
from rcm.eligibility.model import Cause
from rcm.eligibility.service import ask_eligibility, check_coverages
from rcm.limits import INQUIRIES_PER_SET_MAX
from rcm.proof import verify
from rcm.settings import Deployment
from tests.rcm.eligibility_files import (
    ACTIVE,
    DOWN,
    INACTIVE,
    NOT_FOUND,
    Office,
    Say,
    aaa,
    answer,
    built,
    check,
    checks,
    claims,
    done,
    eb,
    file_271,
    inquiries,
    members,
    person,
    refuses,
    reply,
    response,
    says,
    work,
)
from tests.rcm.intake import SEEN_ON, encounter
from tests.rcm.partner_files import receive, send


def test_a_coverage_is_asked_about_for_the_day_of_its_unsent_claim(office: Office) -> None:
    built(office)
    check(office)
    (inquiry,) = inquiries(office)
    (asked,) = members(inquiry)
    assert asked.dates == (day("291", SEEN_ON),)
    assert [each.service_types for each in asked.benefits] == [("30",)]
    ((trace, sent_at),) = office.rows("SELECT trace, sent_at FROM eligibility_check")
    assert [each.number for each in asked.traces] == [trace]
    assert sent_at == office.tools.clock()
    assert checks(office) == [("sent", None)]
    ((name, state, conformance),) = office.rows("SELECT name, state, conformance FROM file")
    assert (name, state, conformance) == ("000000001_270.x12", "sent", "clean")
    assert inquiry.beginning.reference == "000000001"
    done(office)


OUTCOMES: dict[str, tuple[Say, str, list[tuple[str, str, str]]]] = {
    "active": (ACTIVE, "active", []),
    "not found": (NOT_FOUND, "not_found", [("eligibility", "AAA-75", "/coverages/0/member_id")]),
    "birth date": (
        refuses("71"), "not_found", [("eligibility", "AAA-71", "/patient/date_of_birth")],
    ),
    "payer down, may be asked again": (DOWN, "payer_down", []),
    "payer down for good": (
        refuses("42", "N"), "payer_down", [("eligibility", "AAA-42", "")],
    ),
    "provider": (
        refuses("51", "C"), "refused", [("eligibility", "AAA-51", "/billing_provider/npi")],
    ),
    "nothing said": (says(eb("U")), "unclear", [("eligibility", "UNCLEAR", "")]),
}  # fmt: skip


@pytest.mark.parametrize(("say", "outcome", "items"), OUTCOMES.values(), ids=OUTCOMES)
def test_an_answer_has_an_outcome_and_gives_work_and_holds_no_claim(
    office: Office, say: Say, outcome: str, items: list[tuple[str, str, str]]
) -> None:
    built(office)
    check(office)
    answer(office, say)
    assert checks(office) == [("answered", outcome)]
    assert work(office) == items
    assert claims(office) == [("ready", [])]
    done(office)


def test_the_same_answer_twice_changes_nothing(office: Office) -> None:
    built(office)
    check(office)
    answer(office, INACTIVE)
    before = office.rows("SELECT * FROM eligibility_check"), work(office), claims(office)
    answer(office, INACTIVE, number=2)
    answer(office, ACTIVE, number=3)  # Of the same question: the first word stands.
    after = office.rows("SELECT * FROM eligibility_check"), work(office), claims(office)
    assert before == after
    done(office)


def test_a_payer_that_was_down_may_still_answer(office: Office) -> None:
    built(office)
    check(office)
    answer(office, refuses("42", "Y"))
    assert checks(office) == [("answered", "payer_down")]
    answer(office, INACTIVE, number=2)
    answer(office, DOWN, number=3)
    assert checks(office) == [("answered", "inactive")]
    assert [status for status, _ in claims(office)] == ["held"]


def test_an_answer_may_come_before_we_know_of_the_delivery(office: Office) -> None:
    built(office)
    check(office)
    office.rows("UPDATE eligibility_check SET state = 'frozen', sent_at = NULL RETURNING 1")
    office.rows("UPDATE file SET state = 'uncertain' RETURNING 1")
    office.rows(
        "UPDATE job SET state = 'ready', finished_at = NULL WHERE kind = 'deliver_file' RETURNING 1"
    )
    said = file_271(reply(inquiries(office)[-1], ACTIVE))
    receive(office, said)
    assert checks(office) == [("answered", "active")]
    assert office.rows("SELECT sent_at FROM eligibility_check") == [(office.clock(),)]
    done(office)


def findings(office: Office) -> list[str]:
    rows = office.rows("SELECT findings FROM file WHERE direction = 'inbound' ORDER BY name")
    codes = [found["code"] for row in rows for found in row.findings]
    # What the guide says of answers this short is not meant here.
    return [code for code in codes if not code.startswith("GUIDE-") and code != "X12-CHARSET"]


def test_an_answer_without_our_trace_finds_the_only_one_who_was_asked(office: Office) -> None:
    built(office)
    check(office)
    receive(office, file_271(response(person("", eb("6")))))
    assert checks(office) == [("answered", "inactive")]
    assert findings(office) == []


def test_an_answer_to_the_trace_of_another_system_is_not_ours(office: Office) -> None:
    built(office)
    check(office)
    receive(office, file_271(response(person("STRANGER", eb("6")))))
    assert checks(office) == [("sent", None)]
    assert findings(office) == ["271-UNKNOWN-INQUIRY"]


@pytest.mark.parametrize("reference", ["", "000000077", "CANARY", "\u00b2" * 9, "000000001"])
def test_an_answer_to_what_nobody_asked_is_told(office: Office, reference: str) -> None:
    built(office, encounter(), encounter(external_id="b", patient__external_id="B"))
    check(office)
    said = file_271(response(person("STRANGER", eb("6")), reference="REFERENCE"))
    receive(office, said.replace(b"REFERENCE", reference.encode("latin-1")))
    assert checks(office) == [("sent", None)] * 2
    assert findings(office) == ["271-UNKNOWN-INQUIRY"]
    done(office)


def test_a_payer_that_refuses_the_whole_question_answers_everybody_it_was_asked(
    office: Office,
) -> None:
    blue = encounter(external_id="b", patient__external_id="B", coverages__0__payer__id="00430")
    built(office, encounter(), encounter(external_id="c", patient__external_id="C"), blue)
    check(office)
    receive(office, file_271(response(errors=(aaa("42", "R"),))))
    found = office.rows(
        "SELECT identifier, outcome, retry_at FROM eligibility_check"
        " JOIN payer ON payer.id = payer_id ORDER BY 1"
    )
    again = office.tools.clock() + timedelta(minutes=15)
    assert [tuple(row) for row in found] == [
        ("00430", None, None),
        ("60054", "payer_down", again),
        ("60054", "payer_down", again),
    ]


def test_more_than_fit_into_a_set_go_in_several_files(office: Office) -> None:
    many = [
        encounter(external_id=f"e{n}", patient__external_id=f"p{n}")
        for n in range(INQUIRIES_PER_SET_MAX + 1)
    ]
    built(office, *many)
    check(office)
    assert [len(list(members(each))) for each in inquiries(office)] == [99, 1]
    for number, inquiry in enumerate(inquiries(office), start=1):
        receive(office, file_271(reply(inquiry, INACTIVE), number=number))
    assert set(checks(office)) == {("answered", "inactive")}
    assert [status for status, _ in claims(office)] == ["held"] * len(many)
    done(office)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"coverages__0__member_id": ""}, "270-MEMBER-ID"),
        ({"patient__last_name": "\u738b"}, "270-LAST-NAME"),
        ({"coverages__0__relationship": "child"}, "270-SUBSCRIBER"),
    ],
)
def test_what_no_payer_could_answer_is_not_asked_and_stops_nobody(
    office: Office, changes: dict[str, Any], reason: str
) -> None:
    built(office, encounter(), encounter(external_id="b", patient__external_id="B", **changes))
    check(office)
    assert sorted(checks(office)) == [("failed", None), ("sent", None)]
    assert ("eligibility", reason) in [each[:2] for each in work(office)]
    done(office)


def test_what_does_not_open_is_not_asked_and_stops_nobody(office: Office) -> None:
    built(office, encounter(), encounter(external_id="b", patient__external_id="B"))
    office.rows(
        "UPDATE patient SET identity = '\\x01' WHERE id = (SELECT min(id::text) FROM patient)::uuid"
        " RETURNING 1"
    )
    check(office)
    assert sorted(checks(office)) == [("failed", None), ("sent", None)]
    assert work(office) == [("eligibility", "270-UNREADABLE", "")]


@pytest.mark.parametrize(
    ("member_id", "reason", "pointers"),
    [
        ("REALNUMBER1", "25", ["/coverages/0/member_id"]),
        ("", "25", ["/patient"]),
        ("REALNUMBER1", "", []),  # It may be the same in another form: nobody is troubled.
    ],
)
def test_who_the_payer_takes_the_person_for_is_kept_and_told(
    office: Office, member_id: str, reason: str, pointers: list[str]
) -> None:
    built(office)
    check(office)

    def corrected(asked: Any) -> Any:  # noqa: ANN401 - the value of this payer
        name = replace(asked.name, id=member_id or asked.name.id)
        insured = Insured(is_subscriber=True, maintenance_reason=reason)
        return replace(ACTIVE(asked), name=name, insured=insured)

    answer(office, corrected)
    assert [each for each in work(office) if each[1] != "INS-25"] == []
    assert [pointer for _, _, pointer in work(office)] == pointers
    ((check_id, sealed),) = office.rows("SELECT id, answer_sealed FROM eligibility_check")
    kept = open_answer(office.tools.keys, check_id, sealed)
    assert kept.has_other_id == bool(member_id)
    assert kept.member_id.endswith(member_id)
    assert kept.member_id.encode() not in bytes(sealed)


def test_a_question_that_waits_is_not_asked_twice(office: Office) -> None:
    built(office)
    with office.unit_of_work() as session:
        ids: Sequence[Any] = [row.id for row in office.rows("SELECT id FROM coverage")]
        first = check_coverages(session, office.tools, ids, cause=Cause.PERSON)
        again = check_coverages(session, office.tools, ids, cause=Cause.BATCH)
    assert (len(first.check_ids), first.waiting) == (1, 0)
    assert (again.check_ids, again.waiting) == ((), 1)
    office.drain()
    assert checks(office) == [("sent", None)]


def test_a_partner_of_the_other_deployment_is_not_asked(office: Office) -> None:
    tools = replace(office.tools, deployment=Deployment.PRODUCTION)
    with office.unit_of_work() as session, pytest.raises(WrongUsageError):
        ask_eligibility(session, tools, office.partner_id)


def test_a_file_of_inquiries_charges_nothing(office: Office) -> None:
    send(office, encounter())
    check(office)
    answer(office, ACTIVE)
    with snapshot(office.unit_of_work) as session:
        proof = verify(session, office.tools)
    assert (proof.differences, proof.files, proof.entries) == ((), 3, 1)


def test_the_whole_way_goes_by_the_partners_folders(office: Office) -> None:
    built(office)
    check(office)
    said = file_271(reply(inquiries(office)[-1], INACTIVE))
    (office.account / "from_payer" / "answer.x12").write_bytes(said)
    with office.unit_of_work() as session:
        jobs.add(session, "collect_files", ref_id=office.partner_id)
    office.drain()
    assert checks(office) == [("answered", "inactive")]
    assert [status for status, _ in claims(office)] == ["held"]
    assert [path.name for path in (office.account / "from_payer").iterdir()] == []
    done(office)
