"""What becomes of a synthetic claim: its status, its events, what was posted, and what is to do."""

from dataclasses import dataclass
from random import Random

from rcm.claims.status import ClaimEvent, ClaimStatus
from rcm.ledger.accounts import Account
from rcm.worklists.items import ItemKind

_E, _S = ClaimEvent, ClaimStatus
_SENT = (_E.FOUND_CLEAN, _E.BATCHED, _E.DELIVERED)
_TAKEN = (*_SENT, _E.ACKNOWLEDGED, _E.ACCEPTED_BY_CLEARINGHOUSE, _E.ACCEPTED_BY_PAYER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """How a claim went."""

    share: int  #: Of a thousand claims.
    status: ClaimStatus
    by: str
    events: tuple[ClaimEvent, ...]
    days: int  #: At least this old.
    work: ItemKind | None = None
    is_adjudicated: bool = False

    @property
    def is_sent(self) -> bool:
        """Tell whether it was charged to the ledger."""
        return _E.BATCHED in self.events


COURSES = (
    Course(share=700, status=_S.PAID, by="payer, 835", events=(*_TAKEN, _E.PAID), days=14,
           is_adjudicated=True),
    Course(share=70, status=_S.DENIED, by="payer, 835", events=(*_TAKEN, _E.DENIED), days=14,
           work=ItemKind.DENIED, is_adjudicated=True),
    Course(share=15, status=_S.PENDED, by="payer, 835", events=(*_TAKEN, _E.PENDED), days=14,
           work=ItemKind.FOLLOW_UP),
    Course(share=75, status=_S.ACCEPTED_BY_PAYER, by="payer, 277CA", events=_TAKEN, days=3),
    Course(share=30, status=_S.ACCEPTED, by="clearinghouse, 277CA", events=_TAKEN[:-1], days=2),
    Course(share=30, status=_S.ACKNOWLEDGED, by="clearinghouse, 999", events=_TAKEN[:-2], days=1),
    Course(share=20, status=_S.SUBMITTED, by="us", events=_SENT, days=0),
    Course(share=15, status=_S.REJECTED, by="clearinghouse, 277CA",
           events=(*_SENT, _E.ACKNOWLEDGED, _E.REJECTED_BY_CLEARINGHOUSE), days=1,
           work=ItemKind.REJECTED),
    Course(share=15, status=_S.REJECTED_BY_PAYER, by="payer, 277CA",
           events=(*_TAKEN[:-1], _E.REJECTED_BY_PAYER), days=2, work=ItemKind.REJECTED),
    Course(share=20, status=_S.HELD, by="us", events=(_E.FOUND_WANTING,), days=0,
           work=ItemKind.HELD),
    Course(share=10, status=_S.READY, by="us", events=(_E.FOUND_CLEAN,), days=0),
)  # fmt: skip

#: Reason of a denial, and what its work says.
DENIALS = (
    ("CO-197", "Denied: authorization or referral.", "Attach the authorization, or ask for one."),
    ("CO-16", "Denied: information is missing.", "Read the remark, complete the claim, send it."),
    ("CO-50", "Denied: not medically necessary.", "Send the notes, or appeal."),
    ("CO-29", "Denied: filed too late.", "Appeal with the proof of timely filing."),
    ("OA-18", "Denied: exact duplicate.", "Compare with the other claim, and close one."),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Money that left what the payer owed."""

    account: Account
    cents: int
    reason: str = ""


def choose_course(random: Random, *, age_days: int) -> Course:
    """Return a course that a claim of this age may have had."""
    fitting = [course for course in COURSES if course.days <= age_days]
    if age_days > 120:  # What is old is decided, or waits for a person.
        fitting = [course for course in fitting if course.is_adjudicated or course.work]
    return random.choices(fitting, [course.share for course in fitting])[0]


def adjudicate(course: Course, charge_cents: int, random: Random) -> tuple[Move, ...]:
    """Return how a charge was settled; nothing of one that was not decided."""
    if course.status is _S.DENIED:
        reason = random.choice(DENIALS)[0]
        return (Move(account=Account.RECEIVABLE_DENIED, cents=charge_cents, reason=reason),)
    if course.status is not _S.PAID:
        return ()
    written_off = charge_cents * random.randint(15, 45) // 100
    patient = charge_cents * random.choice((0, 0, 5, 10, 20)) // 100
    denied = charge_cents * random.choice((0,) * 12 + (10,)) // 100
    paid = charge_cents - written_off - patient - denied
    copay = random.choice(("PR-1", "PR-2", "PR-3"))
    moves = (
        Move(account=Account.CASH_IN_TRANSIT, cents=paid),
        Move(account=Account.ADJUSTMENT_CONTRACTUAL, cents=written_off, reason="CO-45"),
        Move(account=Account.RECEIVABLE_PATIENT, cents=patient, reason=copay),
        Move(account=Account.RECEIVABLE_DENIED, cents=denied, reason="CO-97"),
    )
    return tuple(move for move in moves if move.cents)
