"""The 277CA of the sandbox payer: which claims of a transaction set it takes in, and which not.

The payer itself speaks (NM1*PR): one 277CA for each 837 set and payer. A batch or a provider that
is refused is refused whole: the levels below are left out, as real payers do (rules-that-bite M37).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from edi.acknowledgment_277ca import (
    AcknowledgedBatch,
    AcknowledgedClaim,
    AcknowledgedPatient,
    AcknowledgedProvider,
    ClaimAcknowledgment,
    Reporter,
    Totals,
)
from edi.claim_837 import BillingProvider, Claim, ClaimBatch, Payer
from edi.claim_status import StatusCode, StatusInformation
from edi.money import Cents, Thousandths
from edi.party_segments import (
    Amount,
    Beginning,
    Name,
    Quantity,
    Reference,
    Trace,
    day,
)
from sandbox.decision import Kind
from sandbox.split import split_by

_ACCEPTED = StatusCode(category="A2", status="20", entity="PR")
_RECEIVED = StatusCode(category="A1", status="19", entity="PR")
#: Why nothing of it is taken in: by kind, at the level that the kind is about.
_REFUSED = {
    Kind.REJECTED_277CA: StatusCode(category="A7", status="164", entity="IL"),
    Kind.REJECTED_277CA_PROVIDER: StatusCode(category="A8", status="562", entity="85"),
    Kind.REJECTED_277CA_BATCH: StatusCode(category="A3", status="24", entity="41"),
}
_NO_835 = frozenset({*_REFUSED, Kind.NEVER_ANSWERED})
_UNIT = 1000  #: Thousandths.


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A claim that came in, how it will be answered, and the number it has here."""

    claim: Claim
    kind: Kind
    number: int

    @property
    def is_accepted(self) -> bool:
        """The 277CA takes the claim in, with the number that the payer gave it."""
        return self.kind not in _REFUSED

    @property
    def is_remitted(self) -> bool:
        """An 835 will come."""
        return self.kind not in _NO_835

    @property
    def is_answered_by_number(self) -> bool:
        """An 835 will come that says which claim it is about."""
        return self.is_remitted and self.kind is not Kind.NO_CONTROL_NUMBER

    @property
    def payer_claim_number(self) -> str:
        """REF*1K and CLP07."""
        return f"SB{self.number:010d}"


def acknowledge_claims(
    batch: ClaimBatch, judged: Sequence[Judged], now: datetime
) -> tuple[ClaimAcknowledgment, ...]:
    """Return a 277CA for each payer of the judged claims of one batch; they may be none."""
    if any(each.kind is Kind.REJECTED_277CA_BATCH for each in judged):
        return (_acknowledgment(batch, judged, now, ()),)
    return tuple(
        _acknowledgment(batch, of_payer, now, tuple(_providers(of_payer, now.date())))
        for of_payer in split_by(judged, lambda each: each.claim.payer.id)
    )


def _acknowledgment(
    batch: ClaimBatch,
    judged: Sequence[Judged],
    now: datetime,
    providers: tuple[AcknowledgedProvider, ...],
) -> ClaimAcknowledgment:
    kind = judged[0].kind
    is_refused = kind is Kind.REJECTED_277CA_BATCH
    status = _status(_REFUSED[kind] if is_refused else _RECEIVED, _charge(judged), now.date())
    submitter = batch.submitter
    acknowledged = AcknowledgedBatch(
        receiver=Name(
            entity="41", entity_type="2", last_name=submitter.name, id_qualifier="46",
            id=submitter.id,
        ),
        trace=Trace(kind="2", number=batch.reference),
        statuses=(status,),
        totals=_totals(judged, "90", "AA"),
        providers=providers,
    )  # fmt: skip
    reporter = Reporter(
        name=_payer(judged[0].claim.payer),
        trace=Trace(kind="1", number=f"{batch.reference}A"),
        dates=(day("050", now.date()), day("009", now.date())),
        batches=(acknowledged,),
    )
    beginning = Beginning(
        structure="0085",
        purpose="08",
        reference=f"{batch.reference}A",
        created_on=now.date(),
        created_at=now.strftime("%H%M"),
        kind="TH",
    )
    return ClaimAcknowledgment(beginning=beginning, reporters=(reporter,))


def _providers(judged: Sequence[Judged], today: date) -> Iterable[AcknowledgedProvider]:
    for of_provider in split_by(judged, lambda each: each.claim.billing_provider.npi):
        first = of_provider[0]
        is_refused = first.kind is Kind.REJECTED_277CA_PROVIDER
        code = _REFUSED[first.kind] if is_refused else _RECEIVED
        patients = () if is_refused else tuple(_patient(each, today) for each in of_provider)
        yield AcknowledgedProvider(
            name=_provider(first.claim.billing_provider),
            trace=Trace(kind="1", number="0"),  # The 837 gives a provider no number.
            statuses=(_status(code, _charge(of_provider), None),),  # No date at this level.
            totals=_totals(of_provider, "QA", "QC"),
            patients=patients,
        )


def _patient(judged: Judged, today: date) -> AcknowledgedPatient:
    claim = judged.claim
    person = claim.patient.person if claim.patient else claim.subscriber.person
    code = _ACCEPTED if judged.is_accepted else _REFUSED[judged.kind]
    references = [Reference(qualifier="D9", value=f"CH{judged.number:010d}")]
    if judged.is_accepted:
        references.insert(0, Reference(qualifier="1K", value=judged.payer_claim_number))
    return AcknowledgedPatient(
        name=Name(
            entity="QC", entity_type="1", last_name=person.last_name, first_name=person.first_name,
            middle_name=person.middle_name, suffix=person.suffix, id_qualifier="MI",
            id=claim.subscriber.member_id,
        ),
        claims=(
            AcknowledgedClaim(
                trace=Trace(kind="2", number=claim.patient_control_number),
                statuses=(_status(code, claim.charge_cents, today),),
                references=tuple(references),
                dates=(
                    day(
                        "472",
                        min(line.service_from for line in claim.lines),
                        max(line.service_to for line in claim.lines),
                    ),
                ),
            ),
        ),
    )  # fmt: skip


def _status(code: StatusCode, charge_cents: Cents, today: date | None) -> StatusInformation:
    return StatusInformation(
        code=code,
        effective_date=today,
        action="U" if code in _REFUSED.values() else "WQ",
        charge_cents=charge_cents,
    )


def _totals(judged: Sequence[Judged], accepted: str, refused: str) -> Totals:
    """Return counts and charges; what is none is left out, as the guide has it."""
    quantities, amounts = [], []
    for is_accepted, count, charge in ((True, accepted, "YU"), (False, refused, "YY")):
        counted = [each for each in judged if each.is_accepted is is_accepted]
        if counted:
            quantity = Thousandths(_UNIT * len(counted))
            quantities.append(Quantity(qualifier=count, quantity=quantity))
            amounts.append(Amount(qualifier=charge, cents=_charge(counted)))
    return Totals(quantities=tuple(quantities), amounts=tuple(amounts))


def _charge(judged: Iterable[Judged]) -> Cents:
    return Cents(sum(each.claim.charge_cents for each in judged))


def _payer(payer: Payer) -> Name:
    return Name(entity="PR", entity_type="2", last_name=payer.name, id_qualifier="PI", id=payer.id)


def _provider(provider: BillingProvider) -> Name:
    return Name(
        entity="85", entity_type="2", last_name=provider.name, id_qualifier="XX", id=provider.npi
    )
