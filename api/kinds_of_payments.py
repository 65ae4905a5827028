"""The problems of deciding about payments: a part of the one table, KINDS."""

from collections.abc import Mapping
from http import HTTPStatus

from api.kind import Kind
from rcm.claims.event_store import FollowedError
from rcm.decisions.quarantine import NoConflictError
from rcm.remittance.by_hand import (
    NeverSentError,
    NotByHandError,
    NotInSuspenseError,
    OtherPartyError,
)

PAYMENT_KINDS: Mapping[type[Exception], Kind] = {
    NoConflictError: Kind(
        status=HTTPStatus.CONFLICT,
        code="REMITTANCE-NO-CONFLICT",
        title="It is not held because it resembles another payment.",
        detail="Its findings say why it is held; after a fix, judge it again with replay.",
    ),
    NotInSuspenseError: Kind(
        status=HTTPStatus.CONFLICT,
        code="PAYMENT-NOT-IN-SUSPENSE",
        title="This payment does not wait for a claim.",
        detail="It has its claim, does not add up, or moves no money: read the remittance again.",
    ),
    NeverSentError: Kind(
        status=HTTPStatus.CONFLICT,
        code="CLAIM-NEVER-SENT",
        title="This claim was never sent: nobody can have paid it.",
        detail="Choose a claim that was sent, or send this one first.",
    ),
    OtherPartyError: Kind(
        status=HTTPStatus.CONFLICT,
        code="PAYMENT-OF-OTHERS",
        title="The claim is of another payer or practice than the payment.",
        detail="Choose another claim; where it is this one all the same, send `override`: true.",
    ),
    NotByHandError: Kind(
        status=HTTPStatus.CONFLICT,
        code="PAYMENT-NOT-MATCHED-BY-HAND",
        title="No person matched this payment.",
        detail="Only a match by hand is undone; what a rule matched is as the payer told it.",
    ),
    FollowedError: Kind(
        status=HTTPStatus.CONFLICT,
        code="PAYMENT-FOLLOWED",
        title="Something has happened to the claim since this match.",
        detail="It cannot be undone any more: the claim's timeline says what followed.",
    ),
}
