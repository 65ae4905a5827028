"""What a 271 comes to: the outcome on a day, each benefit, and what was met."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings

from edi.eligibility_271 import Benefit, EligibilityResponse, read_271
from edi.eligibility_tree import Aaa, Insured
from edi.party_segments import Period, Procedure, Trace, day
from rcm.eligibility.accumulators import accumulators
from rcm.eligibility.answer_store import answer_from_json, answer_to_json
from rcm.eligibility.interpret import answer_of, read_told
from rcm.eligibility.model import Answer, BenefitKind, Level, Outcome, Span
from rcm.eligibility.reject_reasons import deciding, reason_of
from tests.edi.eligibility_values import benefits, eligibilities
from tests.edi.x12_texts import GOLDEN, sole_set
from tests.rcm.eligibility_files import Person, aaa, eb, person, response

ON = date(2026, 11, 2)
BEFORE, AFTER, NEXT_WEEK = (ON + timedelta(days=days) for days in (-1, 1, 7))


def answers(said: EligibilityResponse, on: date = ON) -> list[Answer]:
    return [answer_of(told, service_date=on) for told in read_told(said)]


def answer(
    *stated: Benefit, dates: tuple[Period, ...] = (), errors: tuple[Aaa, ...] = ()
) -> Answer:
    (found,) = answers(response(person("T", *stated, dates=dates, errors=errors)))
    return found


STATUSES: dict[str, tuple[tuple[Benefit, ...], Outcome]] = {
    **{f"EB {code}": ((eb(code),), Outcome.ACTIVE) for code in "12345"},
    **{f"EB {code}": ((eb(code),), Outcome.INACTIVE) for code in "678"},
    "nothing": ((), Outcome.UNCLEAR),
    "a copay only": ((eb("B"),), Outcome.UNCLEAR),
    "contact somebody": ((eb("U"),), Outcome.UNCLEAR),
    "the plan before a service": ((eb("6", "35"), eb("1")), Outcome.ACTIVE),
    "the plan after a service": ((eb("1", "35"), eb("6")), Outcome.INACTIVE),
    "a plan without service type": ((Benefit(code="1"), eb("6", "35")), Outcome.ACTIVE),
    "an old plan and a new one": ((eb("6"), eb("1")), Outcome.ACTIVE),
    "services only, one active": ((eb("6", "35"), eb("1", "98")), Outcome.ACTIVE),
    "services only, inactive": ((eb("6", "35"),), Outcome.INACTIVE),
    "the plan among services": ((eb("1", "1", "30", "47"), eb("6", "35")), Outcome.ACTIVE),
    "a code of nobody": ((eb("ZZ"),), Outcome.UNCLEAR),
}


@pytest.mark.parametrize(("stated", "outcome"), STATUSES.values(), ids=STATUSES)
def test_statements_about_the_whole_plan_decide(
    stated: tuple[Benefit, ...], outcome: Outcome
) -> None:
    assert answer(*stated).outcome is outcome


DAYS: dict[str, tuple[str, tuple[Period, ...], Outcome, date, date | None]] = {
    "no days": ("1", (), Outcome.ACTIVE, ON, None),
    "the day itself, repeated": ("1", (day("291", ON),), Outcome.ACTIVE, ON, None),
    "around": ("1", (day("291", BEFORE, AFTER),), Outcome.ACTIVE, BEFORE, AFTER),
    "since": ("1", (day("356", BEFORE),), Outcome.ACTIVE, BEFORE, None),
    "until": ("1", (day("347", ON),), Outcome.ACTIVE, ON, ON),
    "ended": ("1", (day("357", BEFORE),), Outcome.INACTIVE, ON, None),
    "not begun": ("1", (day("346", AFTER),), Outcome.INACTIVE, ON, ON),
    "eligibility outweighs plan": (
        "1", (day("291", BEFORE, AFTER), day("307", AFTER, NEXT_WEEK)), Outcome.INACTIVE, ON, ON,
    ),
    "inactive": ("6", (), Outcome.INACTIVE, ON, None),
    "inactive, ended long ago": ("6", (day("347", date(2025, 12, 31)),), Outcome.INACTIVE,
        date(2026, 1, 1), None),
    "inactive, with days around": ("6", (day("291", BEFORE, AFTER),), Outcome.INACTIVE, ON, None),
    "for ever": ("1", (day("307", ON, date.max),), Outcome.ACTIVE, ON, date.max),
    "inactive for ever": ("6", (day("307", ON, date.max),), Outcome.INACTIVE, ON, None),
    "no such day": ("1", (Period(qualifier="356", format="D8", text="20261399"),),
        Outcome.ACTIVE, ON, None),
    "backwards": ("1", (day("346", AFTER), day("347", BEFORE)), Outcome.ACTIVE, ON, None),
    "of something else": ("1", (day("472", BEFORE), day("096", BEFORE)), Outcome.ACTIVE, ON, None),
}  # fmt: skip


@pytest.mark.parametrize(("code", "dates", "outcome", "first", "last"), DAYS.values(), ids=DAYS)
def test_an_answer_speaks_of_some_days(
    code: str, dates: tuple[Period, ...], outcome: Outcome, first: date, last: date | None
) -> None:
    at_person = answer(eb(code), dates=dates)
    at_benefit = answer(eb(code, dates=dates))
    for found in (at_person, at_benefit):
        assert (found.outcome, found.told_from, found.told_to) == (outcome, first, last)


#: AAA03, and what it comes to wherever it stands.
CODES = {
    Outcome.PAYER_DOWN: "42 80",
    Outcome.NOT_FOUND: "58 64 65 66 67 68 71 72 73 74 75 76 77 78",
    Outcome.REFUSED: "04 15 33 35 41 43 44 45 46 47 48 49 50 51 52 53 54 55 56 57 60 61 62 63 69"
    " 70 79 97 98 AA AE AF AG CI E8 IA MA T4 99",
    Outcome.INACTIVE: "95",
}


@pytest.mark.parametrize(
    ("code", "outcome"),
    [(code, outcome) for outcome, codes in CODES.items() for code in codes.split()],
)
def test_a_refusal_has_an_outcome_and_says_what_to_do(code: str, outcome: Outcome) -> None:
    (found,) = answers(response(person("T", errors=(aaa(code),))))
    assert found.outcome is outcome
    chosen = deciding(found.refusals)
    assert chosen is not None
    reason = reason_of(chosen)
    assert reason.message.endswith(".")
    assert reason.action.endswith(".")
    if outcome is Outcome.NOT_FOUND:
        assert reason.pointer.startswith(("/patient/", "/coverages/0/"))


@pytest.mark.parametrize(
    ("errors", "outcome", "code"),
    [
        (("75", "42"), Outcome.PAYER_DOWN, "42"),
        (("51", "75"), Outcome.NOT_FOUND, "75"),
        (("65", "71"), Outcome.NOT_FOUND, "65"),
        (("95", "43"), Outcome.REFUSED, "43"),
    ],
)
def test_of_several_refusals_the_one_to_act_on_decides(
    errors: tuple[str, ...], outcome: Outcome, code: str
) -> None:
    found = answer(errors=tuple(map(aaa, errors)))
    assert found.outcome is outcome
    assert deciding(found.refusals).code == code  # type: ignore[union-attr]  # There is one.


def test_a_refusal_of_the_person_outweighs_what_is_said_of_the_plan() -> None:
    assert answer(eb("6"), errors=(aaa("71"),)).outcome is Outcome.NOT_FOUND


def test_a_refusal_below_a_benefit_is_about_that_benefit_only() -> None:
    found = answer(eb("1", errors=(aaa("62"),)))
    assert found.outcome is Outcome.ACTIVE
    assert [(each.level, each.code) for each in found.refusals] == [(Level.BENEFIT, "62")]


def test_the_same_code_means_other_things_at_other_levels() -> None:
    (of_payer,) = answers(response(errors=(aaa("79", "N"),)))
    (of_person,) = answers(response(person("T", errors=(aaa("79", "N"),))))
    pointers = [reason_of(each.refusals[0]).pointer for each in (of_payer, of_person)]
    assert pointers == ["/coverages/0/payer/id"] * 2
    assert reason_of(of_payer.refusals[0]) != reason_of(of_person.refusals[0])


def test_a_name_where_a_code_should_be_is_not_kept() -> None:
    found = answer(errors=(Aaa(is_valid=False, code="CANARY", follow_up="ADA"),))
    assert (found.refusals[0].code, found.refusals[0].follow_up) == ("", None)
    assert found.outcome is Outcome.REFUSED


def family(*children: Person, trace: str = "", **more: object) -> EligibilityResponse:
    return response(person(trace, dependents=children, **more))


def test_a_dependent_is_who_is_told_of() -> None:
    (told,) = read_told(family(person("CHILD", eb("1"))))
    assert (told.traces, told.is_for_all, told.npi) == (("CHILD",), False, "1234567893")
    (told,) = read_told(family(person("", eb("1")), trace="ABOVE"))
    assert told.traces == ("ABOVE",)
    both = read_told(family(person("", eb("1")), person("", eb("6")), trace="ABOVE"))
    assert [each.traces for each in both] == [(), ()]


def test_what_refuses_the_subscriber_refuses_the_dependent() -> None:
    (found,) = answers(family(person("CHILD"), errors=(aaa("58"),)))
    (refusal,) = found.refusals
    assert (found.outcome, refusal.level) == (Outcome.NOT_FOUND, Level.HOLDER)
    assert reason_of(refusal).pointer == "/coverages/0/subscriber/date_of_birth"
    (own,) = answers(family(person("CHILD", errors=(aaa("58"),))))
    assert reason_of(own.refusals[0]).pointer == "/patient/date_of_birth"


def test_our_own_trace_comes_first_of_several() -> None:
    both = (Trace(kind="1", number="THEIRS"), Trace(kind="2", number="OURS"))
    (told,) = read_told(response(replace(person("T", eb("1")), traces=both)))
    assert told.traces == ("OURS", "THEIRS")


def test_the_person_as_the_payer_knows_them_is_kept() -> None:
    corrected = Insured(is_subscriber=True, relationship="18", maintenance_reason="25")
    (found,) = answers(response(person("T", eb("1"), insured=corrected)))
    assert (found.member_id, found.is_corrected) == ("M1", True)
    (child,) = answers(family(person("CHILD", eb("1")), insured=corrected))
    assert (child.member_id, child.is_corrected) == ("M1", True)


def test_the_golden_file_is_interpreted() -> None:
    said = read_271(sole_set((GOLDEN / "271-rich.edi").read_bytes())[0])
    rich, child = answers(said, date(2026, 3, 1))
    assert (rich.outcome, rich.plan, rich.insurance_type) == (
        Outcome.ACTIVE,
        "HARBOR GOLD PPO",
        "PR",
    )
    assert (rich.covered_from, rich.covered_to) == (date(2026, 1, 1), date(2026, 12, 31))
    assert (rich.member_id, rich.is_corrected) == ("M1000", True)
    by_kind = {each.kind: each for each in rich.benefits}
    copay = by_kind[BenefitKind.COPAY]
    assert (copay.amount_cents, copay.period, copay.in_network) == (2500, "27", "Y")
    assert copay.places_of_service == ("11",)
    assert copay.messages == ("PER VISIT, WAIVED FOR PREVENTIVE CARE", "ASK FOR CANARY")
    share = by_kind[BenefitKind.COINSURANCE]
    assert (share.percent, share.authorization, share.in_network) == (20_000, "N", "N")
    limit = by_kind[BenefitKind.LIMITATION]
    assert limit.procedure == Procedure(
        qualifier="HC", code="97110", modifiers=("GP",), code_to="97140"
    )
    assert (limit.quantity, limit.authorization) == (20_000, "Y")
    assert limit.spans == (Span(qualifier="292", first=date(2026, 1, 1), last=date(2026, 12, 31)),)
    assert [each.role for each in by_kind[BenefitKind.PRIMARY_CARE_PROVIDER].entities] == [
        "P3",
        "36",
    ]
    assert by_kind[BenefitKind.OTHER_PAYER].entities[0].name == "SECOND MUTUAL"
    deductible, out_of_pocket = accumulators(rich.benefits)
    assert (deductible.total_cents, deductible.remaining_cents, deductible.met_cents) == (
        150_000,
        48_750,
        101_250,
    )
    assert (out_of_pocket.total_cents, out_of_pocket.met_cents) == (600_000, None)
    assert child.outcome is Outcome.NOT_FOUND
    assert [each.code for each in child.refusals] == ["65", "71", "62"]


@settings(max_examples=80, deadline=None)
@given(eligibilities(benefits))
def test_whatever_is_told_has_an_answer_that_can_be_kept(said: EligibilityResponse) -> None:
    for found in answers(said):
        assert found.told_to is None or found.told_from <= found.told_to
        assert answer_from_json(answer_to_json(found)) == found
        accumulators(found.benefits)
