"""The kinds of problems of signing in and of rights."""

from collections.abc import Mapping
from http import HTTPStatus

from api.auth import ForbiddenError, SecondFactorDueError, UnauthenticatedError
from api.cookies import ForgedError
from api.kind import Kind
from rcm.access.api_keys import KeyNameTakenError
from rcm.access.attempts import TooManyAttemptsError
from rcm.access.passwords import HashingBusyError, WeakPasswordError
from rcm.access.sign_in import WrongCodeError, WrongCredentialsError, WrongStageError
from rcm.access.tickets import UnknownTicketError
from rcm.access.users import EmailTakenError, LastAdministratorError, UnknownPracticeError
from rcm.encounters.receive import OtherPracticeError

ACCESS_KINDS: Mapping[type[Exception], Kind] = {
    UnauthenticatedError: Kind(
        status=HTTPStatus.UNAUTHORIZED,
        code="UNAUTHENTICATED",
        title="This needs a session or an API key that counts.",
        detail="Sign in; or send `Authorization: Bearer rcm_...` with a key that was not revoked.",
        headers=(("WWW-Authenticate", "Bearer"),),
    ),
    ForbiddenError: Kind(
        status=HTTPStatus.FORBIDDEN,
        code="FORBIDDEN",
        title="Your role does not allow this.",
        detail="An administrator says who may do what; GET me shows what you may.",
    ),
    SecondFactorDueError: Kind(
        status=HTTPStatus.FORBIDDEN,
        code="SECOND-FACTOR-DUE",
        title="This session has not come so far.",
        detail="Give the code of your authenticator, or set one up; then ask again.",
    ),
    ForgedError: Kind(
        status=HTTPStatus.FORBIDDEN,
        code="NOT-FROM-OUR-PAGE",
        title="This call does not prove that our own page made it.",
        detail="Send X-CSRF-Token as GET me tells it, and the Origin of this server. Load the page "
        "again if you see this in it.",
    ),
    OtherPracticeError: Kind(
        status=HTTPStatus.FORBIDDEN,
        code="OTHER-PRACTICE",
        title="You may not post for this practice.",
        detail="Correct the billing provider's NPI; an administrator says who acts for which.",
    ),
    WrongCredentialsError: Kind(
        status=HTTPStatus.FORBIDDEN,
        code="WRONG-CREDENTIALS",
        title="The email or the password is not right.",
        detail="Type both again. An administrator can send a new link to who has forgotten.",
    ),
    WrongCodeError: Kind(
        status=HTTPStatus.FORBIDDEN,
        code="WRONG-CODE",
        title="This code is not right, or was used before.",
        detail="Wait for the next code of your authenticator; see that the phone's clock is right.",
    ),
    UnknownTicketError: Kind(
        status=HTTPStatus.FORBIDDEN,
        code="LINK-USED-UP",
        title="This link does not work any more.",
        detail="A link works once and for a while. Ask an administrator for a new one.",
    ),
    TooManyAttemptsError: Kind(
        status=HTTPStatus.TOO_MANY_REQUESTS,
        code="TOO-MANY-ATTEMPTS",
        title="Too many attempts: wait before the next one.",
        detail="Five in 15 minutes are looked at, of an account and of an address.",
    ),
    HashingBusyError: Kind(
        status=HTTPStatus.SERVICE_UNAVAILABLE,
        code="SIGN-IN-BUSY",
        title="Many people sign in at this moment.",
        detail="Try again in a few seconds.",
        headers=(("Retry-After", "5"),),
    ),
    WeakPasswordError: Kind(
        status=HTTPStatus.UNPROCESSABLE_ENTITY,
        code="PASSWORD-REFUSED",
        title="This password is too short, or one that many people use.",
        detail="Take 12 to 200 characters: a few words that only you would put together are best.",
    ),
    WrongStageError: Kind(
        status=HTTPStatus.CONFLICT,
        code="WRONG-STAGE",
        title="This is not the next step of signing in.",
        detail="Follow `next` of the last answer. A lost authenticator needs a new invitation.",
    ),
    EmailTakenError: Kind(
        status=HTTPStatus.CONFLICT,
        code="EMAIL-TAKEN",
        title="Somebody has this email already.",
        detail="Change that person, or send them a new link.",
    ),
    KeyNameTakenError: Kind(
        status=HTTPStatus.CONFLICT,
        code="KEY-NAME-TAKEN",
        title="There is or was a key of this name.",
        detail="Choose another name: the audit log tells keys apart by it.",
    ),
    LastAdministratorError: Kind(
        status=HTTPStatus.CONFLICT,
        code="LAST-ADMINISTRATOR",
        title="Nobody else is an administrator.",
        detail="Make somebody else one first: without one nobody could be let in.",
    ),
    UnknownPracticeError: Kind(
        status=HTTPStatus.UNPROCESSABLE_ENTITY,
        code="PRACTICE-UNKNOWN",
        title="No practice of ours has one of these ids.",
        detail="GET users lists the practices.",
    ),
}
