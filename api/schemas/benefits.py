"""The answer of a 271 as the API shows it: codes with their names, numbers as text or cents."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from pydantic import BaseModel, Field

from edi.codes import CodeList, words_of
from edi.eligibility_271 import Delivery
from rcm.eligibility.accumulators import accumulators
from rcm.eligibility.codes import (
    COVERAGE_LEVELS,
    INSURANCE_TYPES,
    NETWORKS,
    PERIODS,
    REMAINING,
)
from rcm.eligibility.model import Answer, BenefitKind, Level, Refusal, StatedBenefit
from rcm.eligibility.reject_reasons import reason_of
from rcm.eligibility.retry import advice_of

_AUTHORIZATIONS: Mapping[str, Literal["required", "not required", "not known"]] = {
    "Y": "required", "N": "not required", "U": "not known",
}  # fmt: skip


class CodeOut(BaseModel):
    """A code of X12 and what we call it."""

    code: str
    name: str = Field(description="Empty where this version has no name for it.")


class ProcedureOut(BaseModel):
    """A procedure, or a range of them."""

    qualifier: str
    code: str
    code_to: str = Field(description="The last of a range; else empty.")
    modifiers: list[str]


class SpanOut(BaseModel):
    """Some days."""

    qualifier: str = Field(description="DTP01.")
    first: date
    last: date


class DeliveryOut(BaseModel):
    """How often, or how long: 20 visits a year."""

    quantity: str | None
    quantity_qualifier: str = Field(description="HSD01: VS visits, DY days, ...")
    every: str | None
    unit: str = Field(description="HSD03, of `every`: DA day, WK week, MO month, YR year, ...")
    period: CodeOut | None
    periods: str | None


class EntityOut(BaseModel):
    """Another payer, a primary care provider, ..."""

    role: str = Field(description="NM101: P3 primary care provider, PRP primary payer, ...")
    name: str
    id: str


class BenefitOut(BaseModel):
    """One statement of the payer."""

    kind: BenefitKind
    plan: str
    coverage_level: CodeOut | None
    service_types: list[CodeOut]
    insurance_type: CodeOut | None
    period: CodeOut | None
    is_remaining: bool = Field(description="The amount or quantity is what is left.")
    amount_cents: int | None
    percent: str | None = Field(description="Of the patient, for example 20.")
    quantity: str | None
    quantity_qualifier: str
    authorization: Literal["required", "not required", "not known"] | None
    network: CodeOut | None = Field(description="Of the benefit, not of the provider.")
    procedure: ProcedureOut | None
    deliveries: list[DeliveryOut]
    spans: list[SpanOut]
    places_of_service: list[str]
    messages: list[str] = Field(description="The payer's own words.")
    entities: list[EntityOut]
    is_readable: bool = Field(description="False: a number could not be read and is left out.")


class AccumulatorOut(BaseModel):
    """A deductible or the like: what was met is the whole less what is left."""

    kind: BenefitKind
    coverage_level: CodeOut | None
    network: CodeOut | None
    service_types: list[CodeOut]
    insurance_type: CodeOut | None
    is_lifetime: bool
    total_cents: int | None
    remaining_cents: int | None
    met_cents: int | None
    is_consistent: bool = Field(description="False: the payer contradicts itself.")


class RefusalOut(BaseModel):
    """Why the payer did not answer, and what to do."""

    level: Level
    code: str = Field(description="AAA03.")
    message: str
    action: str
    pointer: str = Field(description="JSON pointer into the encounter.")
    advice: str = Field(description="By AAA04.")
    is_asked_again: bool = Field(description="By itself, as far as AAA04 goes.")


class AnswerOut(BaseModel):
    """What the payer says of the coverage on the day asked about."""

    plan: str
    insurance_type: CodeOut | None
    covered_from: date | None
    covered_to: date | None
    told_from: date = Field(description="The outcome holds from here, as far as this answer goes,")
    told_to: date | None = Field(description="to here; null: until another one comes.")
    is_corrected: bool = Field(description="The payer knows the person by other data than ours.")
    payer_member_id: str = Field(description="Where it is not what was sent; else empty.")
    accumulators: list[AccumulatorOut]
    benefits: list[BenefitOut]
    refusals: list[RefusalOut]


def answer_out(answer: Answer) -> AnswerOut:
    """Return what the API says of an answer."""
    return AnswerOut(
        plan=answer.plan,
        insurance_type=_code(answer.insurance_type, INSURANCE_TYPES),
        covered_from=answer.covered_from,
        covered_to=answer.covered_to,
        told_from=answer.told_from,
        told_to=answer.told_to,
        is_corrected=answer.is_corrected,
        payer_member_id=answer.member_id if answer.has_other_id else "",
        accumulators=[
            AccumulatorOut(
                kind=each.kind,
                coverage_level=_code(each.coverage_level, COVERAGE_LEVELS),
                network=_code(each.in_network, NETWORKS),
                service_types=_service_types(each.service_types),
                insurance_type=_code(each.insurance_type, INSURANCE_TYPES),
                is_lifetime=each.is_lifetime,
                total_cents=each.total_cents,
                remaining_cents=each.remaining_cents,
                met_cents=each.met_cents,
                is_consistent=each.is_consistent,
            )
            for each in accumulators(answer.benefits)
        ],
        benefits=[_benefit(each) for each in answer.benefits],
        refusals=[_refusal(each) for each in answer.refusals],
    )


def _benefit(told: StatedBenefit) -> BenefitOut:
    procedure = told.procedure
    return BenefitOut(
        kind=told.kind,
        plan=told.plan,
        coverage_level=_code(told.coverage_level, COVERAGE_LEVELS),
        service_types=_service_types(told.service_types),
        insurance_type=_code(told.insurance_type, INSURANCE_TYPES),
        period=_code(told.period, PERIODS),
        is_remaining=told.period in REMAINING,
        amount_cents=told.amount_cents,
        percent=_number(told.percent),
        quantity=_number(told.quantity),
        quantity_qualifier=told.quantity_qualifier,
        authorization=_AUTHORIZATIONS.get(told.authorization),
        network=_code(told.in_network, NETWORKS),
        procedure=ProcedureOut(
            qualifier=procedure.qualifier,
            code=procedure.code,
            code_to=procedure.code_to,
            modifiers=list(procedure.modifiers),
        )
        if procedure
        else None,
        deliveries=[_delivery(each) for each in told.deliveries],
        spans=[SpanOut(qualifier=s.qualifier, first=s.first, last=s.last) for s in told.spans],
        places_of_service=list(told.places_of_service),
        messages=list(told.messages),
        entities=[EntityOut(role=e.role, name=e.name, id=e.id) for e in told.entities],
        is_readable=told.is_readable,
    )


def _delivery(told: Delivery) -> DeliveryOut:
    return DeliveryOut(
        quantity=_number(told.quantity),
        quantity_qualifier=told.quantity_qualifier,
        every=_number(told.every),
        unit=told.unit,
        period=_code(told.period, PERIODS),
        periods=_number(told.periods),
    )


def _refusal(told: Refusal) -> RefusalOut:
    reason, advice = reason_of(told), advice_of(told)
    return RefusalOut(
        level=told.level,
        code=told.code,
        message=reason.message,
        action=reason.action,
        pointer=reason.pointer,
        advice=advice.message,
        is_asked_again=advice.wait is not None,
    )


def _code(code: str, names: Mapping[str, str]) -> CodeOut | None:
    return CodeOut(code=code, name=names.get(code, "")) if code else None


def _service_types(codes: tuple[str, ...]) -> list[CodeOut]:
    return [CodeOut(code=code, name=words_of(CodeList.SERVICE_TYPE, code)) for code in codes]


def _number(thousandths: int | None) -> str | None:
    """Return thousandths as a plain decimal: 12500 is 12.5."""
    if thousandths is None:
        return None
    return f"{Decimal(thousandths).scaleb(-3).normalize():f}"


_PLAN = [{"code": "30", "name": "whole plan"}]
_IN = {"code": "Y", "name": "in network"}
_ONE = {"code": "IND", "name": "individual"}
ANSWER_EXAMPLE: dict[str, Any] = {
    "plan": "GOLD PPO",
    "insurance_type": {"code": "PR", "name": "PPO"},
    "covered_from": "2026-01-01",
    "covered_to": "2026-12-31",
    "told_from": "2026-01-01",
    "told_to": "2026-12-31",
    "is_corrected": False,
    "payer_member_id": "",
    "accumulators": [
        {
            "kind": "deductible",
            "coverage_level": _ONE,
            "network": _IN,
            "service_types": _PLAN,
            "insurance_type": None,
            "is_lifetime": False,
            "total_cents": 150000,
            "remaining_cents": 48750,
            "met_cents": 101250,
            "is_consistent": True,
        }
    ],
    "benefits": [
        {
            "kind": "copay",
            "plan": "",
            "coverage_level": _ONE,
            "service_types": [{"code": "98", "name": "physician office visit"}],
            "insurance_type": None,
            "period": {"code": "27", "name": "visit"},
            "is_remaining": False,
            "amount_cents": 2500,
            "percent": None,
            "quantity": None,
            "quantity_qualifier": "",
            "authorization": "not required",
            "network": _IN,
            "procedure": None,
            "deliveries": [],
            "spans": [],
            "places_of_service": ["11"],
            "messages": ["WAIVED FOR PREVENTIVE CARE"],
            "entities": [],
            "is_readable": True,
        }
    ],
    "refusals": [],
}
