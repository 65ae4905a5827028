"""Which of our claims a payer speaks of. First unique hit wins; rule and confidence are kept.

The rules are those of remittance.md 4. Our own number in full is certain. Anything less counts only
for a claim of the partner that sent the file, and with the charge that we sent.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from edi.elements import fold_text
from edi.money import Cents, Thousandths
from edi.remittance_835.model import ClaimPayment, Remittance

NOT_RECEIVED = "0"  #: CLP01 where the payer had no control number (RFI 535): never matched.
BY_HAND = "BY-HAND"  #: The rule of a match that a person made, or that follows one.
#: The rules by numbers that are told in full: all that they could find is found by these numbers.
IN_FULL = frozenset({"CLP01", "CLP01-PLAIN", "CLP07"})
PREFIX_LENGTH_MIN = 12  #: Of a control number that was cut off; less could be anybody's.

Index = Callable[[str, str], bytes]  #: `Keys.index`: the blind index of a text of this kind.


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownLine:
    """A line of a claim we sent."""

    line: int
    procedure: str
    modifiers: tuple[str, ...]
    charge_cents: Cents
    quantity: Thousandths
    service_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """Whose money a claim was when it was sent under one control number."""

    billing_provider_id: UUID
    payer_id: UUID
    contractual_codes: frozenset[str]  #: Of that payer.


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownClaim:
    """A claim we sent, as far as matching and posting need it."""

    id: UUID
    patient_control_number: str
    journeys: Mapping[str, Journey]  #: By every CLM01 it was sent under.
    payer_control_number: str
    billing_provider_id: UUID
    payer_id: UUID
    partner_id: UUID
    charge_cents: Cents
    service_from: date
    contractual_codes: frozenset[str]
    member_index: bytes  #: Of the member id.
    record_index: bytes  #: Of the patient's record number.
    is_adjudicated: bool  #: A remittance was posted to it.
    lines: tuple[KnownLine, ...]

    def sent_as(self, number: str) -> "KnownClaim":
        """Return the claim as it was when it was sent under this number.

        A correction may have given it another payer or practice; who was asked then answers.
        """
        sent = self.journeys.get(number)
        if sent is None or number == self.patient_control_number:
            return self
        return replace(
            self,
            billing_provider_id=sent.billing_provider_id,
            payer_id=sent.payer_id,
            contractual_codes=sent.contractual_codes,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A claim, and why we believe it is this one."""

    claim: KnownClaim
    rule: str
    confidence: str  #: certain or likely.


def plain(control_number: str) -> str:
    """Return a control number without what payers lose: case and punctuation.

    >>> plain("ab-12 c")
    'AB12C'
    """
    return re.sub(r"[^A-Z0-9]", "", control_number.upper())


def match_claims(
    remittance: Remittance, known: Sequence[KnownClaim], *, partner_id: UUID, index: Index
) -> dict[int, Match]:
    """Return the match of each claim position that has one.

    The person rules, by record number or member id, find only claims that nobody has spoken of: no
    earlier remittance, and nothing else in this one.
    """
    by_number = {number: claim for claim in known for number in claim.journeys}
    of_partner = [claim for claim in known if claim.partner_id == partner_id]
    payments = [each for each in remittance.claims if not _is_anonymous(each)]
    matches: dict[int, Match] = {}
    for payment in payments:
        number = payment.patient_control_number
        if found := by_number.get(number):
            matches[payment.position] = Match(
                claim=found.sent_as(number), rule="CLP01", confidence="certain"
            )
        elif match := _first(_by_numbers(payment, of_partner), payment):
            matches[payment.position] = match
    told = {match.claim.id for match in matches.values()}
    silent = [claim for claim in of_partner if not claim.is_adjudicated and claim.id not in told]
    found_now = (
        (payment.position, _first(_by_person(payment, silent, index), payment))
        for payment in payments
        if payment.position not in matches
    )
    people = {position: match for position, match in found_now if match is not None}
    uses = Counter(match.claim.id for match in people.values())
    return matches | {n: match for n, match in people.items() if uses[match.claim.id] == 1}


def _is_anonymous(payment: ClaimPayment) -> bool:
    return payment.patient_control_number == NOT_RECEIVED


_Found = tuple[str, Collection[KnownClaim]]  #: A rule, and every claim it finds.


def _first(rules: Iterable[_Found], payment: ClaimPayment) -> Match | None:
    """Return what the first rule finds that finds exactly one claim with this charge."""
    for rule, found in rules:
        fits = [claim for claim in found if abs(payment.charge_cents) == claim.charge_cents]
        # Payers number claims without asking each other: a number that two have tells nothing.
        if len(found) == len(fits) == 1:
            return Match(claim=fits[0], rule=rule, confidence="likely")
    return None


def _by_numbers(payment: ClaimPayment, claims: Sequence[KnownClaim]) -> Iterator[_Found]:
    number = plain(payment.patient_control_number)
    yield "CLP01-PLAIN", [c.sent_as(number) for c in claims if number in c.journeys]
    if len(number) >= PREFIX_LENGTH_MIN:
        cut = [(c, sent) for c in claims for sent in c.journeys if sent.startswith(number)]
        yield "CLP01-PREFIX", list({c.id: c.sent_as(sent) for c, sent in cut}.values())
    yield "CLP07", _numbered(payment.payer_claim_number, claims)
    yield "REF-F8", _numbered(reference(payment, "F8"), claims)


def _numbered(payer_number: str, claims: Sequence[KnownClaim]) -> list[KnownClaim]:
    return [
        claim for claim in claims if payer_number and claim.payer_control_number == payer_number
    ]


def _by_person(
    payment: ClaimPayment, claims: Sequence[KnownClaim], index: Index
) -> Iterator[_Found]:
    days = service_days(payment)
    of_days = [
        claim
        for claim in claims
        if claim.service_from in days and claim.charge_cents == abs(payment.charge_cents)
    ]
    if not of_days:
        return
    records = set(record_indexes(payment, index))
    yield "REF-EA", [claim for claim in of_days if claim.record_index in records]
    members = set(member_indexes(payment, index))
    yield "MEMBER", [claim for claim in of_days if claim.member_index in members]


def reference(payment: ClaimPayment, qualifier: str) -> str:
    """Return the REF of loop 2100 with this qualifier, or ""."""
    return next((ref.value for ref in payment.references if ref.qualifier == qualifier), "")


def record_indexes(payment: ClaimPayment, index: Index) -> Iterator[bytes]:
    """Yield the blind index of our record number of the patient, where the payer repeats it."""
    if number := reference(payment, "EA"):
        yield index("record_number", number)


def member_indexes(payment: ClaimPayment, index: Index) -> Iterator[bytes]:
    """Yield the blind indexes of the member ids that a payer names: NM1*QC, IL and 74."""
    for name in (payment.patient, payment.insured, payment.corrected):
        if name is not None and name.id:
            yield index("member_id", fold_text(name.id))


def service_days(payment: ClaimPayment) -> frozenset[date]:
    """Return the days a payer names: the claim's first, or those of its lines."""
    own = {item.day for item in payment.dates if item.qualifier == "232"}
    of_lines = (item for service in payment.services for item in service.dates)
    return frozenset(own or {item.day for item in of_lines if item.qualifier in ("472", "150")})
