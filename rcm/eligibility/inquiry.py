"""Questions as 270s, which `rcm.eligibility.prove` proves. Pure: same questions, same bytes.

A dependent with a member id of their own is the subscriber (rules-that-bite M13); any other
dependent stands below the subscriber, and the trace stands with whom the question is about (M14).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from uuid import UUID

from edi.claim_837 import BillingProvider
from edi.elements import fold_text
from edi.eligibility_270 import BenefitInquiry, EligibilityInquiry
from edi.eligibility_tree import Demographics, Eligibility, Insured, Member, Receiver, Source
from edi.findings import Finding, Place, error
from edi.party_segments import Beginning, Name, Trace, day
from rcm.encounters.model import CoverageIn, Gender, PatientIn, Relationship
from rcm.parties.model import PayerParty, Practice

_GENDERS = {Gender.FEMALE: "F", Gender.MALE: "M"}  # 2100C DMG03 of the 270 has no U.
_RELATIONSHIPS = {Relationship.SPOUSE: "01", Relationship.CHILD: "19", Relationship.OTHER: "34"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Whether a patient is covered on a day, and for what."""

    check_id: UUID
    trace: str  #: TRN02.
    service_date: date  #: DTP*291.
    service_types: tuple[str, ...]  #: EQ01.
    practice: Practice
    payer: PayerParty
    patient: PatientIn = field(repr=False)
    coverage: CoverageIn = field(repr=False)

    @property
    def is_about_subscriber(self) -> bool:
        """The patient is the subscriber to this payer."""
        return self.coverage.relationship is Relationship.SELF or self.payer.dependents_have_own_id


def unaskable(question: Question) -> Finding | None:
    """Return why no payer could answer the question; None where one could."""
    if not fold_text(question.coverage.member_id):
        return error(
            "270-MEMBER-ID",
            "The coverage has no member id to ask with.",
            cure="Copy it from the insurance card.",
            place=Place(pointer="/coverages/0/member_id"),
        )
    if not fold_text(question.patient.last_name):
        return error(
            "270-LAST-NAME",
            "The patient's last name has no letter that X12 can carry.",
            cure="Write it in Latin letters, as on the insurance card.",
            place=Place(pointer="/patient/last_name"),
        )
    holder = question.coverage.subscriber
    if not question.is_about_subscriber and not (holder and fold_text(holder.last_name)):
        return error(
            "270-SUBSCRIBER",
            "The patient is not the subscriber, and the subscriber is not named.",
            cure="Enter the insured of the encounter: who holds the coverage.",
            place=Place(pointer="/coverages/0/subscriber"),
        )
    return None


def in_asking_order(questions: Sequence[Question]) -> tuple[Question, ...]:
    """Return questions as a 270 asks them: by payer, practice and trace."""
    return tuple(sorted(questions, key=lambda each: (_payer_of(each), _npi_of(each), each.trace)))


def build_inquiry(
    questions: Sequence[Question], *, reference: str, written_at: datetime
) -> EligibilityInquiry:
    """Return the set that asks all questions, in asking order. `reference` is BHT03."""
    ordered = in_asking_order(questions)
    return Eligibility(
        beginning=Beginning(
            structure="0022",
            purpose="13",
            reference=reference,
            created_on=written_at.date(),
            created_at=f"{written_at:%H%M}",
        ),
        sources=tuple(
            _source([(npi, list(asked)) for npi, asked in groupby(of_payer, _npi_of)])
            for _, of_payer in groupby(ordered, _payer_of)
        ),
    )


def _payer_of(question: Question) -> str:
    return question.payer.identifier


def _npi_of(question: Question) -> str:
    return question.practice.provider.npi


def _source(asked: Sequence[tuple[str, list[Question]]]) -> Source[BenefitInquiry]:
    payer = asked[0][1][0].payer
    return Source(
        name=Name(
            entity="PR",
            entity_type="2",
            last_name=payer.name,
            id_qualifier="PI",
            id=payer.identifier,
        ),
        receivers=tuple(_receiver(questions) for _, questions in asked),
    )


def _receiver(questions: Sequence[Question]) -> Receiver[BenefitInquiry]:
    provider = questions[0].practice.provider
    return Receiver(
        name=Name(
            entity="1P",
            entity_type="1" if provider.is_person else "2",
            last_name=provider.name,
            first_name=provider.first_name if provider.is_person else "",
            id_qualifier="XX",
            id=provider.npi,
        ),
        subscribers=tuple(map(_subscriber, questions)),
    )


def _subscriber(question: Question) -> Member[BenefitInquiry]:
    if question.is_about_subscriber:
        return _patient(question, entity="IL")
    holder = question.coverage.subscriber
    return Member(
        name=Name(
            entity="IL",
            entity_type="1",
            last_name=fold_text(holder.last_name) if holder else "",
            first_name=fold_text(holder.first_name) if holder else "",
            id_qualifier="MI",
            id=fold_text(question.coverage.member_id),
        ),
        demographics=_demographics(holder.date_of_birth, holder.gender) if holder else None,
        dependents=(_patient(question, entity="03"),),
    )


def _patient(question: Question, *, entity: str) -> Member[BenefitInquiry]:
    patient, coverage = question.patient, question.coverage
    is_subscriber = entity == "IL"
    trace = Trace(
        kind="1", number=question.trace, originator=_originator(question.practice.provider)
    )
    return Member(
        traces=(trace,),
        name=Name(
            entity=entity,
            entity_type="1",
            last_name=fold_text(patient.last_name),
            first_name=fold_text(patient.first_name),
            middle_name=fold_text(patient.middle_name),
            suffix=fold_text(patient.suffix),
            id_qualifier="MI" if is_subscriber else "",
            id=fold_text(coverage.member_id) if is_subscriber else "",
        ),
        demographics=_demographics(patient.date_of_birth, patient.gender),
        insured=None
        if is_subscriber
        else Insured(is_subscriber=False, relationship=_RELATIONSHIPS[coverage.relationship]),
        dates=(day("291", question.service_date),),
        benefits=(BenefitInquiry(service_types=question.service_types),),
    )


def _demographics(born: date, gender: Gender) -> Demographics:
    return Demographics(birth_date=born, gender=_GENDERS.get(gender, ""))


def _originator(provider: BillingProvider) -> str:
    """Return TRN03, ten characters: 1 and the employer's number, or 9 and a number of ours."""
    if provider.tax_id_kind == "EI":
        return f"1{provider.tax_id}"
    return f"9{provider.npi[1:]}"  # A social security number is not told without need.
