"""Use cases of signing in: the password, the second factor, and setting up either.

Each attempt is counted in a transaction of its own before it is tried (rcm.access.attempts), so
these take `unit_of_work`, not a session. A session has a new secret at each stage.
"""

from dataclasses import dataclass, field, replace
from uuid import UUID

from sqlalchemy.orm import Session

from rcm.access import attempts, audit, session_store, sessions, user_store
from rcm.access.actor import Actor
from rcm.access.api_keys import actor_of
from rcm.access.factors import (
    new_recovery_codes,
    new_totp_secret,
    otpauth_uri,
    recovery_digest,
    step_of,
)
from rcm.access.passwords import check_password, hash_password, refuse_weak
from rcm.access.sessions import SignedIn, Stage
from rcm.access.tickets import Purpose, take_ticket
from rcm.crypto import sha256
from rcm.db import ReadSession, UnitOfWork
from rcm.rows import UserRow
from rcm.tools import Tools


class WrongCredentialsError(Exception):
    """The address or the password is wrong: which of them is not told."""


class WrongCodeError(Exception):
    """The code is wrong, old, or was used before."""


class WrongStageError(Exception):
    """The session has not come so far, or is past this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A new session, and what comes next."""

    secret: str = field(repr=False)
    next: str  #: totp, enrol, set_password or done.


def sign_in(
    unit_of_work: UnitOfWork, tools: Tools, *, email: str, password: str, address: bytes
) -> Begun:
    """Begin a session that may give the second factor, or set one up.

    Raises WrongCredentialsError, TooManyAttemptsError, HashingBusyError.
    """
    folded = email.strip().lower()
    account = attempts.account_of(tools, "password", folded)
    with unit_of_work() as session:
        attempt = attempts.begin_attempt(session, tools, (account, address))
    with unit_of_work() as session:
        found = user_store.find_by_email(session, folded)
    # Outside of any transaction: it takes a quarter of a second on purpose.
    checked = check_password(found[0].password_hash if found else None, password)
    if found is None or not checked.is_right:
        with unit_of_work() as session:
            if found is None:
                audit.record_stranger(session, tools, "session.password", address=address)
            else:
                _refused(session, tools, actor_of(found[1]), "session.password", address)
        raise WrongCredentialsError
    user, _ = found
    again = hash_password(password) if checked.is_outdated else None
    with unit_of_work() as session:
        attempts.forget_attempt(session, attempt, account)
        if again is not None:
            user_store.set_user(session, user.id, password_hash=again)
        secret = sessions.begin_session(session, tools, user.id, Stage.HALF)
    return Begun(secret=secret, next="enrol" if user.totp_last_step is None else "totp")


def next_step(session: ReadSession, signed_in: SignedIn | None) -> str:
    """Return what a browser that begins with this session has to show: as `Begun.next`."""
    if signed_in is None:
        return "sign_in"
    if signed_in.stage is Stage.FULL:
        return "done"
    if signed_in.stage is Stage.INVITED:
        return "set_password"
    found = user_store.find_user(session, signed_in.actor.id)
    return "totp" if found and found[0].totp_last_step is not None else "enrol"


def give_code(
    unit_of_work: UnitOfWork, tools: Tools, signed_in: SignedIn, code: str, address: bytes
) -> Begun:
    """Come in wholly by the authenticator's code.

    Raises WrongCodeError, WrongStageError, TooManyAttemptsError.
    """
    user_id = _half(signed_in)
    attempt = _begin_factor(unit_of_work, tools, user_id, address)
    with unit_of_work() as session:
        user = _locked(session, user_id)
        if user.totp_last_step is None:
            raise WrongStageError
        step = step_of(
            _totp_secret(tools, user), code, now=tools.clock(), last_step=user.totp_last_step
        )
        if step is not None:
            user_store.set_user(session, user_id, totp_last_step=step)
            return _come_in(session, tools, signed_in, attempt, "code")
        _refused(session, tools, signed_in.actor, "session.code", address)
    raise WrongCodeError


def give_recovery_code(
    unit_of_work: UnitOfWork, tools: Tools, signed_in: SignedIn, code: str, address: bytes
) -> Begun:
    """Come in wholly by a recovery code, which is used up. Raises as `give_code` does."""
    user_id = _half(signed_in)
    attempt = _begin_factor(unit_of_work, tools, user_id, address)
    digest = recovery_digest(code)
    with unit_of_work() as session:
        user = _locked(session, user_id)
        left = [each for each in user.recovery_sha256 if each != digest]
        if len(left) < len(user.recovery_sha256):
            user_store.set_user(session, user_id, recovery_sha256=left)
            return _come_in(session, tools, signed_in, attempt, f"recovery, {len(left)} left")
        _refused(session, tools, signed_in.actor, "session.recovery", address)
    raise WrongCodeError


def use_ticket(unit_of_work: UnitOfWork, tools: Tools, ticket: str, address: bytes) -> Begun:
    """Begin a session by a one-time link: to choose a password; or, in a sandbox, wholly.

    Raises UnknownTicketError, TooManyAttemptsError.
    """
    with unit_of_work() as session:
        attempt = attempts.begin_attempt(session, tools, (address,))
    with unit_of_work() as session:
        user_id, purpose = take_ticket(session, tools, ticket)
        attempts.forget_attempt(session, attempt)
        is_whole = purpose is Purpose.ENTER
        secret = sessions.begin_session(
            session, tools, user_id, Stage.FULL if is_whole else Stage.INVITED
        )
        signed_in = sessions.find_signed_in(session, tools, secret)
        assert signed_in is not None
        actor = replace(signed_in.actor, address=address)
        audit.record(session, tools, actor, f"session.{purpose}")
        if is_whole:
            user_store.set_user(session, user_id, last_signed_in_at=tools.clock())
    return Begun(secret=secret, next="done" if is_whole else "set_password")


def choose_password(
    unit_of_work: UnitOfWork, tools: Tools, signed_in: SignedIn, password: str
) -> Begun:
    """Set the first password of an invitation. Raises WeakPasswordError, WrongStageError."""
    if signed_in.stage is not Stage.INVITED:
        raise WrongStageError
    with unit_of_work() as session:
        found = user_store.find_user(session, signed_in.actor.id)
    assert found is not None
    user, _ = found
    refuse_weak(password, email=user.email)
    hashed = hash_password(password)
    with unit_of_work() as session:
        secret = _set_password(session, tools, signed_in, hashed, Stage.HALF)
    return Begun(secret=secret, next="enrol" if user.totp_last_step is None else "totp")


def change_password(
    unit_of_work: UnitOfWork,
    tools: Tools,
    signed_in: SignedIn,
    *,
    current: str,
    password: str,
    address: bytes,
) -> Begun:
    """Set another password: every other session of this person ends, and this one is renewed.

    Raises WrongCredentialsError, WeakPasswordError, WrongStageError, TooManyAttemptsError.
    """
    if signed_in.stage is not Stage.FULL:
        raise WrongStageError
    with unit_of_work() as session:
        found = user_store.find_user(session, signed_in.actor.id)
    assert found is not None
    user, _ = found
    refuse_weak(password, email=user.email)
    account = attempts.account_of(tools, "password", user.email)
    with unit_of_work() as session:
        attempt = attempts.begin_attempt(session, tools, (account, address))
    if not check_password(user.password_hash, current).is_right:
        with unit_of_work() as session:
            _refused(session, tools, signed_in.actor, "password.change", address)
        raise WrongCredentialsError
    hashed = hash_password(password)
    with unit_of_work() as session:
        attempts.forget_attempt(session, attempt, account)
        secret = _set_password(session, tools, signed_in, hashed, Stage.FULL)
    return Begun(secret=secret, next="done")


def show_new_secret(session: Session, tools: Tools, signed_in: SignedIn) -> tuple[str, str]:
    """Make the secret of a new authenticator: (secret, otpauth URI). It counts once it is proven.

    Raises WrongStageError where there is an authenticator already: an administrator's new
    invitation takes it away.
    """
    user = _locked(session, _half(signed_in))
    if user.totp_last_step is not None:
        raise WrongStageError
    secret = new_totp_secret(tools.randomness)
    sealed = tools.keys.seal(secret.encode(), table="app_user", row=user.id, column="totp")
    user_store.set_user(session, user.id, totp_sealed=sealed)
    return secret, otpauth_uri(secret, email=user.email)


def confirm_secret(
    unit_of_work: UnitOfWork, tools: Tools, signed_in: SignedIn, code: str, address: bytes
) -> tuple[Begun, list[str]]:
    """Prove the new authenticator, and come in: with the recovery codes, which are shown once.

    Raises WrongCodeError, WrongStageError, TooManyAttemptsError.
    """
    user_id = _half(signed_in)
    attempt = _begin_factor(unit_of_work, tools, user_id, address)
    with unit_of_work() as session:
        user = _locked(session, user_id)
        if user.totp_sealed is None or user.totp_last_step is not None:
            raise WrongStageError
        step = step_of(_totp_secret(tools, user), code, now=tools.clock(), last_step=None)
        if step is not None:
            codes = new_recovery_codes(tools.randomness)
            user_store.set_user(
                session,
                user_id,
                totp_last_step=step,
                recovery_sha256=[recovery_digest(each) for each in codes],
            )
            audit.record(session, tools, signed_in.actor, "factor.set_up")
            return _come_in(session, tools, signed_in, attempt, "code"), codes
        _refused(session, tools, signed_in.actor, "factor.set_up", address)
    raise WrongCodeError


def _half(signed_in: SignedIn) -> UUID:
    if signed_in.stage is not Stage.HALF:
        raise WrongStageError
    return signed_in.actor.id


def _locked(session: Session, user_id: UUID) -> UserRow:
    found = user_store.lock_user(session, user_id)
    assert found is not None
    return found[0]


def _totp_secret(tools: Tools, user: UserRow) -> str:
    assert user.totp_sealed is not None
    opened = tools.keys.open(user.totp_sealed, table="app_user", row=user.id, column="totp")
    return opened.decode()


def _begin_factor(unit_of_work: UnitOfWork, tools: Tools, user_id: UUID, address: bytes) -> UUID:
    """Count an attempt at the second factor: a right password does not make it free again."""
    subjects = (attempts.account_of(tools, "factor", str(user_id)), address)
    with unit_of_work() as session:
        return attempts.begin_attempt(session, tools, subjects)


def _come_in(session: Session, tools: Tools, signed_in: SignedIn, attempt: UUID, by: str) -> Begun:
    """Replace the session by a full one, with another secret."""
    user_id = signed_in.actor.id
    attempts.forget_attempt(session, attempt, attempts.account_of(tools, "factor", str(user_id)))
    session_store.delete_session(session, sha256(signed_in.secret.encode()))
    secret = sessions.begin_session(session, tools, user_id, Stage.FULL)
    user_store.set_user(session, user_id, last_signed_in_at=tools.clock())
    audit.record(session, tools, signed_in.actor, "session.begin", detail=by)
    return Begun(secret=secret, next="done")


def _set_password(
    session: Session, tools: Tools, signed_in: SignedIn, hashed: str, stage: Stage
) -> str:
    user_id = signed_in.actor.id
    user_store.set_user(session, user_id, password_hash=hashed)
    session_store.delete_sessions_of(session, user_id)
    audit.record(session, tools, signed_in.actor, "password.change")
    return sessions.begin_session(session, tools, user_id, stage)


def _refused(session: Session, tools: Tools, actor: Actor, action: str, address: bytes) -> None:
    audit.record(session, tools, replace(actor, address=address), action, is_refused=True)
