"""Files that synthetic claims travel in, and what comes back: answers, payments, postings."""

import hashlib
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from uuid import UUID

from benchmarks.courses import Course, Move
from benchmarks.interchanges import enveloped, remittance_header
from benchmarks.people import Person, Template
from benchmarks.tables import Rows
from edi.money import Cents, write_amount
from rcm.crypto import Keys
from rcm.ledger.accounts import Account
from rcm.rows import BillingProviderRow, PayerRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """Whose claims they are."""

    keys: Keys
    actor_id: UUID
    partner_id: UUID
    payers: tuple[PayerRow, ...]
    practices: tuple[BillingProviderRow, ...]
    templates: tuple[Template, ...]
    today: date
    claims: int  #: In all.


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A claim that was made."""

    id: UUID
    person: Person
    practice: BillingProviderRow
    payer: PayerRow
    number: str
    payer_number: str
    charge_cents: int
    course: Course
    moves: tuple[Move, ...]
    at: datetime

    def cents(self, account: Account) -> int:
        """Return what came to this account."""
        return sum(move.cents for move in self.moves if move.account is account)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Source:
    """What an entry cites."""

    kind: str
    file_id: UUID
    at: datetime
    credit: Account
    remittance_id: UUID | None = None


def new_id(random: Random) -> UUID:
    """Return an id that the same seed gives again."""
    return UUID(int=random.getrandbits(128), version=4)


@dataclass(slots=True, kw_only=True)
class Exchange:
    """Makes the rows of files, and of what they tell."""

    office: Office
    random: Random
    files: int = 0

    def send(self, rows: Rows, sent: Sequence[Made]) -> None:
        """Send claims in one file, and let everybody answer."""
        if not sent:
            return
        at = max(claim.at for claim in sent) + timedelta(hours=1)
        outbound = self._file(rows, "837P", "outbound", at)
        received = self._file(rows, "999", "inbound", at + timedelta(hours=1))
        accepted = self._file(rows, "277CA", "inbound", at + timedelta(hours=2))
        for position, claim in enumerate(sent, start=1):
            rows["submission"].append((
                outbound, "0001", claim.id, position, claim.number, claim.practice.id,
                claim.payer.id,
            ))  # fmt: skip
            charge = Move(account=Account.RECEIVABLE_PAYER, cents=claim.charge_cents)
            source = _Source(kind="charge", file_id=outbound, at=at, credit=Account.REVENUE_CHARGES)
            self._post(rows, claim, (charge,), source)
        remitted = self._remit(rows, [each for each in sent if each.course.is_adjudicated], at)
        for claim in sent:
            told_in = [None, outbound, outbound, received, accepted, accepted]
            told_in.append(remitted.get(claim.id, accepted))
            _tell(rows, claim, told_in, at)

    def _file(
        self, rows: Rows, file_type: str, direction: str, at: datetime, *segments: str
    ) -> UUID:
        self.files += 1
        file_id, number = new_id(self.random), self.files
        is_ours = direction == "outbound"
        body = enveloped(file_type, number, at, segments)
        column = "sealed/0/last"  # As rcm.files seals the only row of a file.
        sealed = self.office.keys.seal(
            zlib.compress(body, level=1), table="file_chunk", row=file_id, column=column
        )
        rows["file_chunk"].append((file_id, 0, True, sealed))
        rows["file"].append((
            file_id, self.office.partner_id, direction, f"{number:09d}_{file_type}.x12", file_type,
            "accepted" if is_ours else "read", hashlib.sha256(body).digest(), len(body),
            number if is_ours else None, number if is_ours else None, "clean", at,
            at if is_ours else None,
        ))  # fmt: skip
        return file_id

    def _remit(self, rows: Rows, paid: Sequence[Made], at: datetime) -> dict[UUID, UUID]:
        """Pay or deny claims, one remittance for each payer; returns the file of each claim."""
        found: dict[UUID, UUID] = {}
        at += timedelta(days=12)
        for payer in {claim.payer.identifier: claim.payer for claim in paid}.values():
            its = [claim for claim in paid if claim.payer is payer]
            remittance_id, trace = new_id(self.random), f"EFT{self.files:09d}"
            total = sum(claim.cents(Account.CASH_IN_TRANSIT) for claim in its)
            told = [each for claim in its for each in _told(claim)]
            header = remittance_header(payer, its[0].practice, trace, Cents(total), at.date())
            file_id = self._file(rows, "835", "inbound", at, *header, *told)
            rows["remittance"].append((
                remittance_id, file_id, 0, "0001", self.office.partner_id, "posted", payer.name,
                f"1{payer.identifier}", trace, its[0].practice.npi, at.date(),
                total, "ACH", len(its), total, 0,
                hashlib.sha256(remittance_id.bytes).digest(), "[]", at,
            ))  # fmt: skip
            source = _Source(
                kind="claim_payment",
                file_id=file_id,
                at=at,
                credit=Account.RECEIVABLE_PAYER,
                remittance_id=remittance_id,
            )
            for position, claim in enumerate(its, start=1):
                found[claim.id] = file_id
                rows["remittance_claim"].append(_paid(claim, remittance_id, position))
                self._post(rows, claim, claim.moves, source)
        return found

    def _post(self, rows: Rows, claim: Made, moves: Sequence[Move], source: _Source) -> None:
        entry_id = new_id(self.random)
        rows["ledger_entry"].append((
            entry_id, f"bench/{source.kind}/{claim.id}", source.kind, source.file_id, "0001",
            source.at.date(), source.at,
        ))  # fmt: skip
        pairs = [
            (account, cents, move.reason)
            for move in moves
            for account, cents in ((move.account, move.cents), (source.credit, -move.cents))
        ]
        rows["posting"].extend(
            (entry_id, n, account, cents, claim.practice.id, claim.id, 1, claim.payer.id,
             source.remittance_id, reason, "", 1, 1)
            for n, (account, cents, reason) in enumerate(pairs, start=1)
        )  # fmt: skip


def _paid(claim: Made, remittance_id: UUID, position: int) -> tuple[object, ...]:
    is_paid = claim.course.status == "paid"
    return (
        remittance_id, position, claim.id, claim.practice.id, claim.payer.id, claim.number,
        claim.payer_number, "1" if is_paid else "4", claim.charge_cents,
        claim.cents(Account.CASH_IN_TRANSIT), claim.cents(Account.RECEIVABLE_PATIENT), "M1",
        "exact", [], "posted", position * 10, "paid" if is_paid else "denied", False, False,
    )  # fmt: skip


def _told(claim: Made) -> list[str]:
    """Return what the payer says of a claim, as segments."""
    number, theirs = claim.number, claim.payer_number
    code = "1" if claim.course.status == "paid" else "4"
    charge, paid, patient = (
        write_amount(Cents(cents))
        for cents in (
            claim.charge_cents,
            claim.cents(Account.CASH_IN_TRANSIT),
            claim.cents(Account.RECEIVABLE_PATIENT),
        )
    )
    adjusted = [
        f"CAS*{move.reason.replace('-', '*')}*{write_amount(Cents(move.cents))}"
        for move in claim.moves
        if move.reason
    ]
    return [f"CLP*{number}*{code}*{charge}*{paid}*{patient}*12*{theirs}", *adjusted]


def _tell(rows: Rows, claim: Made, told_in: Sequence[UUID | None], at: datetime) -> None:
    """Tell the events of a claim, each with its file."""
    last = len(claim.course.events) - 1
    for n, (event, file_id) in enumerate(zip(claim.course.events, told_in, strict=False)):
        rows["claim_event"].append((
            claim.id, f"bench/{claim.id}/{n}", event,
            claim.course.status if n == last else "submitted",
            claim.course.by if n == last else "us", file_id, "{}", at + timedelta(hours=n),
        ))  # fmt: skip
