"""Signing in: password, second factor, back-off, one-time links."""

import re
from dataclasses import replace
from datetime import timedelta
from functools import cache
from statistics import median
from time import perf_counter

import pytest
from argon2 import PasswordHasher
from httpx import Client

from rcm.access import Role, passwords
from rcm.access.tickets import NotASandboxError, Purpose, make_ticket
from rcm.settings import Deployment
from tests.api.people import (
    PASSWORD,
    Browser,
    Move,
    add_person,
    code_at,
    code_of,
    enrolled,
    invite,
    log_in,
    signed_in,
)
from tests.conftest import NOW
from tests.harness import Practice
from tests.serving import Served

HASHER = passwords._HASHER  # As the product has it: before any fixture.


@pytest.mark.usefixtures("as_slow_as_in_earnest")
def test_an_invitation_leads_in_step_by_step_with_a_new_secret_at_each(
    served: Served, practice: Practice, move: Move
) -> None:
    _, ticket = invite(practice)
    person = Browser(served)
    secrets = []
    person.post("auth/ticket", {"ticket": ticket})
    secrets.append(person.secret)
    assert code_of(person.get("me")) == (403, "SECOND-FACTOR-DUE")
    assert code_of(person.post("auth/totp/enrol")) == (409, "WRONG-STAGE")
    person.post("auth/password", {"password": PASSWORD})
    secrets.append(person.secret)
    assert code_of(person.get("claims")) == (403, "SECOND-FACTOR-DUE")
    assert code_of(person.post("auth/extend")) == (403, "SECOND-FACTOR-DUE")
    shown = person.post("auth/totp/enrol").json()
    assert shown["otpauth_uri"].startswith("otpauth://totp/")
    assert f"secret={shown['secret']}" in shown["otpauth_uri"]
    assert re.match(r"<svg [^>]*xmlns=", shown["svg"])
    assert code_of(person.post("auth/totp/confirm", {"code": "000000"})) == (403, "WRONG-CODE")
    code = code_at(shown["secret"], NOW)
    codes = person.post("auth/totp/confirm", {"code": code}).json()["recovery_codes"]
    secrets.append(person.secret)
    assert len(set(secrets)) == 3
    assert len(set(codes)) == 10
    me = person.get("me").json()
    assert (me["name"], me["email"], me["roles"]) == ("Pat Reed", "pat@example.org", ["biller"])
    assert me["csrf_token"] == person.csrf
    assert me["session"]["idle_ends_at"] == "2026-11-23T15:15:00Z"
    assert me["session"]["absolute_ends_at"] == "2026-11-24T03:00:00Z"
    (row,) = practice.rows("SELECT * FROM app_user")
    (session,) = practice.rows("SELECT * FROM session")
    kept = f"{row} {session}"
    for hidden in (PASSWORD, shown["secret"], ticket, *codes, *filter(None, secrets)):
        assert hidden not in kept
    assert row.password_hash.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    # The secrets of the steps before count no more.
    for old in secrets[:-1]:
        person.secret = old
        assert person.get("me").status_code == 401
    del move


def test_password_then_code_and_no_code_twice(
    served: Served, practice: Practice, move: Move
) -> None:
    _, secret, _ = enrolled(served, practice)
    person = Browser(served)
    assert log_in(person).json()["next"] == "totp"
    assert code_of(person.post("auth/totp/enrol")) == (409, "WRONG-STAGE")
    # The code that set the authenticator up was used; so is one of the step before.
    used = code_at(secret, NOW)
    assert code_of(person.post("auth/totp", {"code": used})) == (403, "WRONG-CODE")
    move(timedelta(seconds=30))
    assert code_of(person.post("auth/totp", {"code": used})) == (403, "WRONG-CODE")
    fresh = code_at(secret, NOW + timedelta(seconds=30))
    assert person.post("auth/totp", {"code": fresh}).json()["next"] == "done"
    assert person.get("me").status_code == 200
    other = Browser(served)
    log_in(other)
    assert code_of(other.post("auth/totp", {"code": fresh})) == (403, "WRONG-CODE")
    early = code_at(secret, NOW + timedelta(seconds=60))
    assert other.post("auth/totp", {"code": early}).json()["next"] == "done"


def test_a_recovery_code_signs_in_once(served: Served, practice: Practice, move: Move) -> None:
    _, _, codes = enrolled(served, practice)
    person = Browser(served)
    log_in(person)
    assert person.post("auth/recovery", {"code": codes[0].upper()}).json()["next"] == "done"
    again = Browser(served)
    log_in(again)
    assert code_of(again.post("auth/recovery", {"code": codes[0]})) == (403, "WRONG-CODE")
    assert again.post("auth/recovery", {"code": f" {codes[1]} "}).json()["next"] == "done"
    del move


def test_wrong_is_told_alike_for_who_is_known_and_who_is_not(
    served: Served, practice: Practice, move: Move
) -> None:
    enrolled(served, practice)
    known = log_in(Browser(served), "wrong wrong wrong").json()
    unknown = log_in(Browser(served), "wrong wrong wrong", "nobody@example.org").json()
    for each in (known, unknown):
        each.pop("trace_id")
        each.pop("instance")
    assert known == unknown
    assert known["code"] == "WRONG-CREDENTIALS"
    refused = practice.rows("SELECT * FROM audit_event WHERE outcome = 'refused' ORDER BY id")
    assert [each.action for each in refused] == ["session.password", "session.password"]
    assert [each.actor_name for each in refused] == ["Pat Reed", ""]
    assert all(each.address is not None for each in refused)
    del move


def test_an_address_that_no_database_holds_is_nobodys(served: Served) -> None:
    refused = log_in(Browser(served), email="pat\0@example.org")
    assert code_of(refused) == (403, "WRONG-CREDENTIALS")


@pytest.fixture
def as_slow_as_in_earnest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash passwords as the product does: other tests are quick about it."""
    monkeypatch.setattr(passwords, "_HASHER", HASHER)
    monkeypatch.setattr(passwords, "_nobody", cache(passwords._nobody.__wrapped__))


@pytest.mark.usefixtures("as_slow_as_in_earnest")
def test_checking_nobody_costs_what_checking_somebody_costs() -> None:
    known = passwords.hash_password(PASSWORD)
    passwords.check_password(None, "x")  # The hash of nobody is made once.
    seconds: dict[bool, list[int]] = {True: [], False: []}
    for _ in range(9):
        for is_known, taken in seconds.items():
            began = perf_counter()
            assert not passwords.check_password(known if is_known else None, "wrong").is_right
            taken.append(int((perf_counter() - began) * 1e6))
    # On a busy machine both vary; what must not be is that one of them hashes nothing.
    assert median(seconds[False]) * 2 > median(seconds[True])


@pytest.mark.usefixtures("as_slow_as_in_earnest")
def test_an_outdated_hash_is_renewed_at_sign_in(
    served: Served, practice: Practice, move: Move
) -> None:
    enrolled(served, practice)
    outdated = PasswordHasher(time_cost=1, memory_cost=8 * 1024).hash(PASSWORD)
    practice.rows("UPDATE app_user SET password_hash = :old RETURNING 1", old=outdated)
    assert log_in(Browser(served)).status_code == 200
    (row,) = practice.rows("SELECT password_hash FROM app_user")
    assert "m=65536,t=3,p=4" in row.password_hash
    del move


@pytest.mark.parametrize(
    "word", ["elevenchars", "password1234", "Pat@example.org", "abababababababab"]
)
def test_a_weak_password_is_refused(
    served: Served, practice: Practice, move: Move, word: str
) -> None:
    _, ticket = invite(practice)
    person = Browser(served)
    person.post("auth/ticket", {"ticket": ticket})
    refused = person.post("auth/password", {"password": word})
    assert code_of(refused) == (422, "PASSWORD-REFUSED")
    assert word not in refused.text
    del move


def test_after_five_wrong_passwords_even_the_right_one_waits(
    served: Served, practice: Practice, move: Move
) -> None:
    enrolled(served, practice)
    for _ in range(5):
        assert code_of(log_in(Browser(served), "wrong wrong wrong"))[0] == 403
    refused = log_in(Browser(served))
    assert code_of(refused) == (429, "TOO-MANY-ATTEMPTS")
    assert refused.headers["retry-after"] == "900"
    # The same address is refused for another account too, and for links.
    assert log_in(Browser(served), email="other@example.org").status_code == 429
    assert Browser(served).post("auth/ticket", {"ticket": "x"}).status_code == 429
    move(timedelta(minutes=14, seconds=59))
    assert log_in(Browser(served)).headers["retry-after"] == "1"
    move(timedelta(seconds=1))
    assert log_in(Browser(served)).status_code == 200


def test_a_right_password_does_not_make_guessing_codes_free(
    served: Served, practice: Practice, move: Move
) -> None:
    _, secret, _ = enrolled(served, practice)
    for _ in range(5):
        person = Browser(served)
        log_in(person)
        assert person.post("auth/totp", {"code": "12345"}).status_code == 403
    # From elsewhere: what the address failed does not count there, what the account did does.
    practice.rows(
        "DELETE FROM sign_in_attempt WHERE subject = :here RETURNING 1",
        here=served.app.state.service.tools.keys.index("address", "127.0.0.1"),
    )
    person = Browser(served)
    log_in(person)
    move(timedelta(seconds=60))
    right = code_at(secret, NOW + timedelta(seconds=60))
    assert person.post("auth/totp", {"code": right}).status_code == 429


def test_a_link_works_once_and_for_a_while(served: Served, practice: Practice, move: Move) -> None:
    _, ticket = invite(practice)
    assert Browser(served).post("auth/ticket", {"ticket": ticket}).status_code == 200
    again = Browser(served).post("auth/ticket", {"ticket": ticket})
    assert code_of(again) == (403, "LINK-USED-UP")
    _, late = invite(practice, "late@example.org")
    move(timedelta(days=3))
    assert code_of(Browser(served).post("auth/ticket", {"ticket": late})) == (403, "LINK-USED-UP")


def test_a_link_to_enter_is_for_a_sandbox(served: Served, practice: Practice, move: Move) -> None:
    person = add_person(practice, "pat", Role.MANAGER)
    with practice.unit_of_work() as session:
        ticket, _ = make_ticket(session, practice.tools, person, Purpose.ENTER)
        again, _ = make_ticket(session, practice.tools, person, Purpose.ENTER)
    entering = Browser(served)
    assert entering.post("auth/ticket", {"ticket": ticket}).json()["next"] == "done"
    assert entering.get("me").json()["roles"] == ["manager"]
    production = replace(practice.tools, deployment=Deployment.PRODUCTION)
    with practice.unit_of_work() as session, pytest.raises(NotASandboxError):
        make_ticket(session, production, person, Purpose.ENTER)
    service = served.app.state.service
    served.app.state.service = replace(service, tools=production)
    assert code_of(Browser(served).post("auth/ticket", {"ticket": again})) == (403, "LINK-USED-UP")
    served.app.state.service = service
    del move


def test_signing_in_from_another_site_is_refused(served: Served, practice: Practice) -> None:
    invite(practice)
    body = {"email": "pat@example.org", "password": PASSWORD}
    answer = Browser(served).post("auth/login", body, Origin="https://evil.example")
    assert code_of(answer) == (403, "NOT-FROM-OUR-PAGE")


def test_preferences_are_kept_and_a_program_has_none(
    served: Served, practice: Practice, api: Client
) -> None:
    person = add_person(practice, "pat", Role.BILLER)
    with signed_in(served, practice, person) as client:
        kept = client.put("/api/v1/me/preferences", json={"theme": "dark", "compact": True})
        assert kept.json() == {"theme": "dark", "compact": True}
        assert client.get("/api/v1/me").json()["preferences"] == kept.json()
        refused = client.put("/api/v1/me/preferences", json={"deep": {"er": 1}})
        assert refused.status_code == 422
    assert api.put("/api/v1/me/preferences", json={}).status_code == 403
    me = api.get("/api/v1/me").json()
    assert (me["name"], me["email"], me["csrf_token"], me["session"]) == ("ehr", None, None, None)
