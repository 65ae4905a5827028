"""People who come in by the page itself: with a password, an authenticator and recovery codes."""

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID, uuid4

import pyotp
from playwright.sync_api import Page, expect
from sqlalchemy import delete, update

from rcm.access import Role, user_store
from rcm.access.factors import recovery_digest
from rcm.access.passwords import hash_password
from rcm.access.users import invite_user
from rcm.rows import ActorRow, SessionRow, SignInAttemptRow
from tests.harness import Practice

PASSWORD = "seven geese walk over the harbor"
RECOVERY = "abcd-efgh-jkmn-pqrs"


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who has set up how they sign in."""

    id: UUID
    email: str
    totp: pyotp.TOTP = field(repr=False)

    def code(self, world: Practice, *, later: int = 0) -> str:
        """Return the code of now, or of so many steps later: each counts once."""
        return self.totp.at(world.tools.clock() + timedelta(seconds=30 * later))


def invited(
    world: Practice, role: Role = Role.BILLER, name: str = "Robin Vale"
) -> tuple[UUID, str]:
    """Invite somebody; return who, and the ticket."""
    email = f"{uuid4().hex[:12]}@harbor.example"
    with world.unit_of_work() as session:
        made = invite_user(
            session, world.tools, email=email, name=name, roles=[role], practices=None, by=None
        )
    return made.user_id, made.ticket


def visitor(world: Practice, role: Role = Role.BILLER, name: str = "Robin Vale") -> Visitor:
    """Add somebody who has chosen a password and set up an authenticator."""
    user_id, _ = invited(world, role, name)
    totp = pyotp.TOTP(pyotp.random_base32())
    with world.unit_of_work() as session:
        keys = world.tools.keys
        user_store.set_user(
            session,
            user_id,
            password_hash=hash_password(PASSWORD),
            totp_sealed=keys.seal(
                totp.secret.encode(), table="app_user", row=user_id, column="totp"
            ),
            totp_last_step=0,
            recovery_sha256=[recovery_digest(RECOVERY)],
        )
        found = user_store.find_user(session, user_id)
        assert found is not None
        return Visitor(user_id, found[0].email, totp)


def forget_attempts(world: Practice) -> None:
    """Let the one address of all tests try again."""
    with world.unit_of_work() as session:
        session.execute(delete(SignInAttemptRow))


def end_sessions(world: Practice, user_id: UUID) -> None:
    """End every session of somebody, as an administrator's change does."""
    with world.unit_of_work() as session:
        session.execute(delete(SessionRow).where(SessionRow.user_id == user_id))


def let_idle(world: Practice, user_id: UUID, minutes: float) -> None:
    """Let the last call of somebody be so long ago."""
    seen_at = world.tools.clock() - timedelta(minutes=minutes)
    with world.unit_of_work() as session:
        session.execute(
            update(SessionRow).where(SessionRow.user_id == user_id).values(seen_at=seen_at)
        )


def set_roles(world: Practice, user_id: UUID, roles: list[Role]) -> None:
    """Give somebody other roles, behind the back of the API."""
    with world.unit_of_work() as session:
        session.execute(update(ActorRow).where(ActorRow.id == user_id).values(roles=sorted(roles)))


def give_password(page: Page, email: str, password: str = PASSWORD) -> None:
    """Fill in the first step."""
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Continue").click()


def come_in(page: Page, world: Practice, who: Visitor, *, later: int = 0) -> None:
    """Sign in wholly, from the first step on."""
    give_password(page, who.email)
    page.get_by_label("Code").fill(who.code(world, later=later))
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()
