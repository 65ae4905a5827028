"""An inquiry is answered in the words of the 271: one answer for each member asked."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings

from edi.eligibility_270 import EligibilityInquiry
from edi.eligibility_271 import Benefit, EligibilityResponse
from edi.eligibility_tree import Aaa, Insured, Member
from edi.party_segments import Reference, Trace
from sandbox.adjudicate import RULES
from sandbox.benefits import COVERAGES, CoverageKind
from sandbox.eligibility import answer_inquiry
from sandbox.remit import PayerIdentity
from tests.edi.eligibility_values import benefit_inquiries, eligibilities
from tests.edi.x12_texts import GOLDEN
from tests.sandbox.inquiries import (
    ASKED_ON,
    acknowledgment,
    asked,
    asking,
    inquiry,
    member_id,
    payer,
    person,
    provider,
    source,
    subscriber,
)
from tests.sandbox.readings import NOW, answers_to, eligibility_responses

ALWAYS = (CoverageKind.ACTIVE, CoverageKind.INACTIVE, CoverageKind.NOT_FOUND, CoverageKind.RICH)


def ask(*inquiries: EligibilityInquiry) -> list[EligibilityResponse]:
    return eligibility_responses(answers_to(asking(*inquiries)))


def answer(kind: CoverageKind, *service_types: str) -> Member[Benefit]:
    who = asked("T1", person(member_id=member_id(kind)), *service_types)
    (response,) = ask(inquiry(source(who)))
    (told,) = response.sources[0].receivers[0].subscribers
    return told


def said(told: Member[Benefit]) -> list[tuple[str, str, str, int | None, str]]:
    """EB01, EB02, EB06, EB07 or EB08, and EB12."""
    return [
        (
            each.code,
            each.coverage_level,
            each.period,
            each.percent if each.amount_cents is None else each.amount_cents,
            each.in_network,
        )
        for each in told.benefits
    ]


def test_the_answer_has_the_levels_names_and_numbers_of_the_question() -> None:
    (response,) = ask(inquiry(source(subscriber("W1", "CHECK7")), reference="ASKED99"))
    assert (response.beginning.purpose, response.beginning.reference) == ("11", "ASKED99")
    (told_source,) = response.sources
    (told_receiver,) = told_source.receivers
    (told,) = told_receiver.subscribers
    assert (told_source.name, told_receiver.name) == (payer(), provider())
    assert told.name == person(member_id="W1")
    ours, theirs = told.traces
    assert ours == Trace(kind="2", number="CHECK7", originator="9HARBOR")
    assert (theirs.kind, theirs.originator) == ("1", "1900000009")


def test_our_number_of_the_patient_goes_back_and_no_other_number_does() -> None:
    account, ssn = Reference(qualifier="EJ", value="A7"), Reference(qualifier="SY", value="1")
    (response,) = ask(inquiry(source(subscriber("W1", references=(ssn, account)))))
    (told,) = response.sources[0].receivers[0].subscribers
    assert told.references == (account,)


def test_an_active_plan_says_what_the_member_pays() -> None:
    told = answer(CoverageKind.ACTIVE)
    assert said(told) == [
        ("1", "IND", "", None, ""),
        ("B", "IND", "27", 2_500, "Y"),
        ("A", "IND", "", 200, "Y"),
        ("C", "IND", "23", 150_000, "Y"),
        ("C", "IND", "29", 48_750, "Y"),
    ]
    assert [(each.qualifier, each.first) for each in told.dates] == [("346", date(2026, 1, 1))]


def test_what_is_asked_beside_the_plan_is_answered() -> None:
    told = answer(CoverageKind.ACTIVE, "30", "98", "UC", "98")
    active = [each.service_types for each in told.benefits if each.code == "1"]
    assert active == [("30",), ("98", "UC")]


def test_an_inactive_plan_says_when_it_ended() -> None:
    told = answer(CoverageKind.INACTIVE)
    assert [(each.code, each.service_types) for each in told.benefits] == [("6", ("30",))]
    assert [(each.qualifier, each.first) for each in told.dates] == [
        ("346", date(2026, 1, 1)),
        ("347", date(2026, 2, 28)),
    ]
    assert told.benefits[0].dates[0].first == date(2026, 2, 28)


def test_a_member_who_is_not_found_is_rejected_at_the_level_of_the_subscriber() -> None:
    told = answer(CoverageKind.NOT_FOUND)
    assert told.errors == (Aaa(is_valid=False, code="75", follow_up="C"),)
    assert (told.benefits, told.dates) == ((), ())
    assert told.traces[0].number == "T1"


def test_a_payer_who_is_down_says_so_and_nothing_more() -> None:
    (response,) = ask(inquiry(source(subscriber(member_id(CoverageKind.PAYER_DOWN)))))
    (told,) = response.sources
    assert (told.name, told.receivers) == (payer(), ())
    assert told.errors == (Aaa(is_valid=True, code="42", follow_up="R"),)
    assert response.beginning.reference == "INQ1"


def test_a_rich_plan_says_everything() -> None:
    told = answer(CoverageKind.RICH)
    assert told.name is not None
    assert told.name.id == f"{member_id(CoverageKind.RICH)}01"
    assert told.is_corrected
    assert told.insured == Insured(
        is_subscriber=True, relationship="18", maintenance_type="001", maintenance_reason="25"
    )
    levels = {
        (each.code, each.coverage_level, each.period, each.in_network) for each in told.benefits
    }
    for code in ("C", "G"):
        for level in ("IND", "FAM"):
            for network in ("Y", "N"):
                assert {(code, level, "23", network), (code, level, "29", network)} < levels
    assert max(len(each.service_types) for each in told.benefits) == 10
    assert {each.code for each in told.benefits} == {
        "1",
        "A",
        "B",
        "C",
        "CB",
        "F",
        "G",
        "I",
        "L",
        "R",
    }
    limit, remaining = (each for each in told.benefits if each.code == "F")
    assert (limit.quantity, remaining.quantity, remaining.period) == (20_000, 12_000, "29")
    assert [each.quantity for each in limit.deliveries] == [20_000]
    assert sum(len(each.messages) for each in told.benefits) == 5
    entities = {each.code: each.entities for each in told.benefits if each.entities}
    assert {code: found[0].name.entity for code, found in entities.items()} == {
        "L": "P3",
        "R": "PRP",
    }


def test_what_remains_is_never_more_than_the_whole() -> None:
    benefits = [each for each in answer(CoverageKind.RICH).benefits if each.code in {"C", "G"}]
    for whole_year, rest in zip(benefits[::2], benefits[1::2], strict=True):
        assert (whole_year.period, rest.period) == ("23", "29")
        assert replace(whole_year, period="29", amount_cents=rest.amount_cents) == rest
        assert 0 < (rest.amount_cents or 0) < (whole_year.amount_cents or 0)


def test_without_a_day_the_question_is_about_today() -> None:
    who = subscriber(member_id(CoverageKind.INACTIVE), dates=())
    (response,) = ask(inquiry(source(who)))
    told = response.sources[0].receivers[0].subscribers[0]
    assert told.dates[1].first == date(2026, 2, 28)


def test_any_other_member_is_answered_as_active() -> None:
    for other in ("W123456789", "SBX0212345", "SBX"):
        (response,) = ask(inquiry(source(subscriber(other))))
        told = response.sources[0].receivers[0].subscribers[0]
        assert said(told) == said(answer(CoverageKind.ACTIVE))


def test_several_inquiries_are_answered_in_one_271_and_those_of_a_payer_down_apart() -> None:
    both = inquiry(
        source(subscriber("W1", "A"), subscriber(member_id(CoverageKind.NOT_FOUND), "B")),
        source(subscriber("W2", "C"), subscriber(member_id(CoverageKind.PAYER_DOWN), "D")),
        source(subscriber("W3", "E"), payer_id="MEADOW"),
    )
    together, down = ask(both)
    assert [each.name for each in together.sources] == [payer(), payer("MEADOW")]
    told = [one for each in together.sources for one in each.receivers[0].subscribers]
    assert [each.traces[0].number for each in told] == ["A", "B", "E"]
    assert [bool(each.errors) for each in told] == [False, True, False]
    assert [each.errors[0].code for each in down.sources] == ["42"]
    numbers = [each.traces[1].number for each in told]
    assert len(set(numbers)) == len(numbers)


@pytest.mark.parametrize("kind", ALWAYS)
def test_a_dependent_is_answered_where_it_stands_and_by_the_plan_of_the_subscriber(
    kind: CoverageKind,
) -> None:
    child = asked("CHILD", person("BEN"))
    holder = subscriber(member_id(kind), traces=(), benefits=(), dependents=(child,))
    (response,) = ask(inquiry(source(holder)))
    (told,) = response.sources[0].receivers[0].subscribers
    assert (told.traces, told.benefits, told.dates) == ((), (), ())
    (dependent,) = told.dependents
    assert dependent.name == person("BEN")
    assert dependent.traces[0].number == "CHILD"
    assert dependent.benefits == answer(kind).benefits
    assert (told.errors, dependent.errors) == (answer(kind).errors, ())


def test_each_set_has_an_answer_of_its_own_and_no_number_comes_twice() -> None:
    first, second = ask(
        inquiry(source(subscriber("W1")), reference="ONE"),
        inquiry(source(subscriber("W2")), reference="TWO"),
    )
    assert [first.beginning.reference, second.beginning.reference] == ["ONE", "TWO"]
    numbers = {
        each.sources[0].receivers[0].subscribers[0].traces[1].number for each in (first, second)
    }
    assert len(numbers) == 2


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(eligibilities(benefit_inquiries))
def test_any_inquiry_is_answered_as_decided_or_refused(asked_for: EligibilityInquiry) -> None:
    answers = answers_to(asking(asked_for))
    if acknowledgment(answers).code == "R":
        assert len(answers.files) == 1
        return
    decided = answer_inquiry(
        asked_for, prefix="SBE0000000010001", now=NOW, identity=PayerIdentity()
    )
    assert tuple(eligibility_responses(answers)) == decided


def test_each_kind_has_a_code_that_no_claim_is_answered_by() -> None:
    assert set(COVERAGES) == set(CoverageKind)
    codes = [rule.code for rule in COVERAGES.values()]
    assert len({*codes, *(rule.code for rule in RULES.values())}) == len(codes) + len(RULES)


def test_the_golden_inquiry_is_answered_for_both_people() -> None:
    answers = answers_to((GOLDEN / "270-subscriber-and-dependent.edi").read_bytes())
    (response,) = eligibility_responses(answers)
    first, second = response.sources[0].receivers[0].subscribers
    assert first.traces[0].number == "CHECK1"
    assert first.traces[0].originator_supplement == "DESK 2"
    assert first.insured == Insured(is_subscriber=True, relationship="18", birth_sequence="2")
    assert [each.traces[0].number for each in second.dependents] == ["CHECK2"]
    assert first.dates[0].first == date(ASKED_ON.year, 1, 1)
