"""The one table from exceptions to problems (RFC 9457). What is not in it is a 500."""

from collections.abc import Mapping
from http import HTTPStatus

from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.requests import ClientDisconnect

from api.call import BodySlowError, BodyTooLargeError, NotJsonError, NotLinesError
from api.kind import Kind
from api.kinds_of_access import ACCESS_KINDS
from api.kinds_of_payments import PAYMENT_KINDS
from api.kinds_of_work import WORK_KINDS
from api.sheets import ExportTooLargeError
from rcm.access.users import UnknownUserError, UserChangedMeanwhileError
from rcm.claims.service import WrongUsageError
from rcm.db import SchemaVersionError
from rcm.decisions.jobs import JobNotFailedError
from rcm.decisions.model import BadDecisionError, UnknownSubjectError
from rcm.decisions.quarantine import NotHeldError, NotInQuarantineError
from rcm.eligibility.service import NoClaimYetError, UnknownCoverageError
from rcm.encounters.correct import (
    NothingRefusedError,
    OtherEncounterError,
    SavedMeanwhileError,
    UnknownClaimError,
)
from rcm.encounters.hold import NotHoldableError
from rcm.encounters.read import BadEncounterError
from rcm.encounters.rebuild import NotCorrectableError, NotOnHoldError, OnHoldError
from rcm.encounters.receive import EncounterConflictError
from rcm.exchange.now import PartnerPausedError, UnknownPartnerError
from rcm.idempotency import KeyReusedError
from rcm.parties.read import BadPartnerError
from rcm.parties.service import ChangedMeanwhileError, PartnerNameTakenError
from rcm.reading.pages import CursorMisfitError
from rcm.reading.patient_names import TooManyToSortError
from rcm.reading.viewer import UnlikeFilesError
from rcm.schedules.ticks import BadScheduleError


class UnknownIdError(Exception):
    """Nothing here has the id that the path names."""


class IfMatchMissingError(Exception):
    """An edit that does not say which version it is of."""


_UNKNOWN_ID = Kind(
    status=HTTPStatus.NOT_FOUND,
    code="UNKNOWN-ID",
    title="Nothing here has this id.",
    detail="Take ids from the lists, or from what an earlier call answered.",
)
_CHANGED = Kind(
    status=HTTPStatus.PRECONDITION_FAILED,
    code="CHANGED-MEANWHILE",
    title="Somebody has changed this since you read it.",
    detail="Read it again, look at the difference, and send your change with the new ETag.",
)
_AWAY = Kind(
    status=HTTPStatus.SERVICE_UNAVAILABLE,
    code="DATABASE-AWAY",
    title="The database does not answer in time.",
    detail="Send the same again in a moment: what was stored is not stored twice.",
    headers=(("Retry-After", "5"),),
)
BROKEN = Kind(
    status=HTTPStatus.INTERNAL_SERVER_ERROR,
    code="INTERNAL",
    title="This is our fault.",
    detail="Tell the operator the trace id: the log has the place.",
)
KINDS: Mapping[type[Exception], Kind] = {
    **ACCESS_KINDS,
    UnknownIdError: _UNKNOWN_ID,
    UnknownPartnerError: _UNKNOWN_ID,
    UnknownUserError: _UNKNOWN_ID,
    UnknownCoverageError: _UNKNOWN_ID,
    UnlikeFilesError: Kind(
        status=HTTPStatus.UNPROCESSABLE_ENTITY,
        code="FILES-TOO-LARGE-TO-COMPARE",
        title="One of the files is too large to be compared.",
        detail="Download both, and compare them with a tool of your own.",
    ),
    NoClaimYetError: Kind(
        status=HTTPStatus.CONFLICT,
        code="NO-CLAIM-YET",
        title="No claim was built of this encounter yet.",
        detail="Wait until it is claimed, or correct what holds it; then its coverage is known.",
    ),
    UnknownSubjectError: _UNKNOWN_ID,
    PartnerPausedError: Kind(
        status=HTTPStatus.CONFLICT,
        code="PARTNER-PAUSED",
        title="This partner is paused: nothing is exchanged.",
        detail="Let it go on with POST partners/{id}/resume.",
    ),
    WrongUsageError: Kind(
        status=HTTPStatus.CONFLICT,
        code="WRONG-USAGE",
        title="A sandbox meets no production partner, nor the reverse.",
        detail="Correct the partner's usage indicator, or use the other deployment.",
    ),
    PartnerNameTakenError: Kind(
        status=HTTPStatus.CONFLICT,
        code="PARTNER-NAME-TAKEN",
        title="Another partner has this name.",
        detail="Choose another name, or change that partner.",
    ),
    NotInQuarantineError: Kind(
        status=HTTPStatus.CONFLICT,
        code="FILE-NOT-IN-QUARANTINE",
        title="This file was not kept aside, or is being read again.",
        detail="Only a file in quarantine is discarded; a discarded one can be replayed too.",
    ),
    NotHeldError: Kind(
        status=HTTPStatus.CONFLICT,
        code="REMITTANCE-NOT-HELD",
        title="This remittance is not held, or is being judged again.",
        detail="Only a held remittance is discarded; a discarded one can be replayed too.",
    ),
    JobNotFailedError: Kind(
        status=HTTPStatus.CONFLICT,
        code="JOB-NOT-FAILED",
        title="This job has not given up.",
        detail="GET jobs/failed lists those that have.",
    ),
    ChangedMeanwhileError: _CHANGED,
    UserChangedMeanwhileError: _CHANGED,
    IfMatchMissingError: Kind(
        status=HTTPStatus.PRECONDITION_REQUIRED,
        code="IF-MATCH-MISSING",
        title="An edit says which version it is of.",
        detail="Send the header If-Match with the ETag that you have read.",
    ),
    BadPartnerError: Kind(
        status=HTTPStatus.UNPROCESSABLE_ENTITY,
        code="PARTNER-REFUSED",
        title="These settings do not fit.",
        detail="Correct what the findings name, and send them again. Nothing was stored.",
    ),
    BadDecisionError: Kind(
        status=HTTPStatus.UNPROCESSABLE_ENTITY,
        code="DECISION-REFUSED",
        title="This does not say what to decide.",
        detail="Correct what the findings name, and send it again. Nothing was decided.",
    ),
    EncounterConflictError: Kind(
        status=HTTPStatus.CONFLICT,
        code="ENCOUNTER-CONFLICT",
        title="This source has posted this visit before, with other content.",
        detail="To correct it, PUT encounters/{id}. A new visit needs a new external_id.",
    ),
    UnknownClaimError: _UNKNOWN_ID,
    NotCorrectableError: Kind(
        status=HTTPStatus.CONFLICT,
        code="CLAIM-NOT-CORRECTABLE",
        title="The claim is on its way, or the payer has decided it.",
        detail="Wait for the answer to one on its way. Replacing one that the payer has decided "
        "(frequency 7) is not built yet: correct it with the payer, or appeal.",
    ),
    OnHoldError: Kind(
        status=HTTPStatus.CONFLICT,
        code="CLAIM-ON-HOLD",
        title="A person holds this claim back.",
        detail="Its notes say why. Release it with POST claims/{id}/release.",
    ),
    NotHoldableError: Kind(
        status=HTTPStatus.CONFLICT,
        code="CLAIM-NOT-HOLDABLE",
        title="This claim does not wait to be sent.",
        detail="Only a claim that is ready or held by its findings can be put on hold.",
    ),
    NotOnHoldError: Kind(
        status=HTTPStatus.CONFLICT,
        code="CLAIM-NOT-ON-HOLD",
        title="No person holds this claim back.",
        detail="GET claims/{id} says what it waits for.",
    ),
    SavedMeanwhileError: Kind(
        status=HTTPStatus.PRECONDITION_FAILED,
        code="SAVED-MEANWHILE",
        title="Somebody has saved this claim since you read it.",
        detail="Compare field by field what they and you changed (`changes`), read the claim "
        "again, and send what you want of yours with the new ETag. Nothing was stored.",
    ),
    OtherEncounterError: Kind(
        status=HTTPStatus.CONFLICT,
        code="OTHER-ENCOUNTER",
        title="A correction is of the same encounter.",
        detail="Leave source and external_id as they were posted.",
    ),
    NothingRefusedError: Kind(
        status=HTTPStatus.CONFLICT,
        code="NOTHING-REFUSED",
        title="No claim waits that was refused with this file.",
        detail="Take the id of the 837P that we sent, not of its answer; it may have gone again.",
    ),
    BadScheduleError: Kind(
        status=HTTPStatus.UNPROCESSABLE_ENTITY,
        code="SCHEDULE-REFUSED",
        title="This is not a schedule.",
        detail="Send five cron fields, for example */15 7-19 * * MON-FRI.",
    ),
    BadEncounterError: Kind(
        status=HTTPStatus.UNPROCESSABLE_ENTITY,
        code="ENCOUNTER-REFUSED",
        title="This is not an encounter.",
        detail="Correct what the findings name, and post again. Nothing was stored.",
    ),
    RequestValidationError: Kind(
        status=HTTPStatus.UNPROCESSABLE_ENTITY,
        code="REQUEST-INVALID",
        title="A parameter does not fit.",
        detail="Correct what the findings name: /docs lists the parameters.",
    ),
    CursorMisfitError: Kind(
        status=HTTPStatus.UNPROCESSABLE_ENTITY,
        code="CURSOR-MISFIT",
        title="This cursor is of another list, or of another order of it.",
        detail="Begin again without a cursor: keep sort and filters while you turn pages.",
    ),
    ExportTooLargeError: Kind(
        status=HTTPStatus.UNPROCESSABLE_ENTITY,
        code="EXPORT-TOO-LARGE",
        title="The list has more rows than one file may have.",
        detail="Filter it to 100,000 rows or fewer, for example by month, and export each part.",
    ),
    TooManyToSortError: Kind(
        status=HTTPStatus.UNPROCESSABLE_ENTITY,
        code="TOO-MANY-TO-SORT",
        title="Too many claims to sort by patient: names are sealed.",
        detail="Filter first, to 5,000 claims or fewer; or sort by something else.",
    ),
    KeyReusedError: Kind(
        status=HTTPStatus.UNPROCESSABLE_ENTITY,
        code="IDEMPOTENCY-KEY-REUSED",
        title="This Idempotency-Key came before with another request.",
        detail="Use a new key for a new request. Nothing was done.",
    ),
    BodyTooLargeError: Kind(
        status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        code="BODY-TOO-LARGE",
        title="The body has more than one MiB, or the X12 to explain more than 512 KiB.",
        detail="Post one encounter at a time; of a longer file explain its first part.",
    ),
    BodySlowError: Kind(
        status=HTTPStatus.REQUEST_TIMEOUT,
        code="BODY-SLOW",
        title="The body did not come to its end within a minute.",
        detail="Send the same again; a body's length is said by Content-Length, or it is chunked.",
    ),
    NotJsonError: Kind(
        status=HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        code="NOT-JSON",
        title="The body is not called JSON.",
        detail="Send JSON as /docs shows it, with the header `Content-Type: application/json`.",
    ),
    NotLinesError: Kind(
        status=HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        code="NOT-LINES",
        title="The body is one JSON document a line.",
        detail="Send the header `Content-Type: application/x-ndjson`.",
    ),
    ClientDisconnect: Kind(
        status=HTTPStatus.BAD_REQUEST,
        code="BODY-CUT",
        title="The body ended before its end.",
        detail="Send the same again.",
    ),
    SchemaVersionError: Kind(
        status=HTTPStatus.SERVICE_UNAVAILABLE,
        code="SCHEMA-DIFFERS",
        title="The database is of another version than this process.",
        detail="Tell the operator: another version has migrated it. Send the same again later.",
        headers=(("Retry-After", "5"),),
    ),
    PoolTimeoutError: _AWAY,
    OperationalError: _AWAY,
    InterfaceError: _AWAY,
    **WORK_KINDS,
    **PAYMENT_KINDS,
}
