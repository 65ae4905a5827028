"""Sessions: their cookie, and when they end."""

from datetime import timedelta

from rcm.access import Role
from rcm.access.sessions import Stage
from tests.api.people import (
    PASSWORD,
    Browser,
    Move,
    add_person,
    browser,
    code_of,
    enrolled,
    log_in,
    signed_in,
)
from tests.harness import Practice
from tests.serving import Served


def test_the_cookie_is_bound_and_hidden(served: Served, practice: Practice, move: Move) -> None:
    enrolled(served, practice)
    flags = log_in(Browser(served)).headers["set-cookie"].partition(";")[2]
    said = {each.strip().lower() for each in flags.split(";")}
    assert said == {"path=/", "secure", "httponly", "samesite=lax"}
    del move


def test_idle_and_absolute_ends(served: Served, practice: Practice, move: Move) -> None:
    person, _, _ = enrolled(served, practice)
    move(timedelta(minutes=14))
    assert person.get("me").status_code == 200
    move(timedelta(minutes=14))
    assert person.post("auth/extend").json()["idle_ends_at"] == "2026-11-23T15:43:00Z"
    move(timedelta(minutes=15))
    assert person.get("me").status_code == 401


def test_a_session_ends_after_twelve_hours_whatever_is_done(
    served: Served, practice: Practice, move: Move
) -> None:
    person, _, _ = enrolled(served, practice)
    for _ in range(71):
        move(timedelta(minutes=10))
        assert person.get("me").status_code == 200
    move(timedelta(minutes=10))
    assert person.get("me").status_code == 401


def test_what_a_page_asks_by_itself_keeps_nobody_signed_in(
    served: Served, practice: Practice, move: Move
) -> None:
    person, _, _ = enrolled(served, practice)
    for minutes, status in ((10, 200), (10, 401)):
        move(timedelta(minutes=minutes))
        with browser(served, person.secret, person.csrf) as client:
            answer = client.get("/api/v1/me", headers={"X-Background": "1"})
        assert answer.status_code == status


def test_signing_out_ends_the_session(served: Served, practice: Practice, move: Move) -> None:
    person, _, _ = enrolled(served, practice)
    out = person.post("auth/logout")
    assert (out.status_code, out.json()["next"]) == (200, "sign_in")
    assert "max-age=0" in out.headers["set-cookie"].lower()
    assert person.get("me").status_code == 401
    del move


def test_another_password_ends_every_other_session(
    served: Served, practice: Practice, move: Move
) -> None:
    person, _, codes = enrolled(served, practice)
    elsewhere = Browser(served)
    log_in(elsewhere)
    elsewhere.post("auth/recovery", {"code": codes[0]})
    changing = {"password": "eight loud herons at dusk", "old_password": "wrong wrong wrong"}
    assert code_of(person.post("auth/password", changing)) == (403, "WRONG-CREDENTIALS")
    changing["old_password"] = PASSWORD
    before = person.secret
    assert person.post("auth/password", changing).json()["next"] == "done"
    assert person.secret != before
    assert person.get("me").status_code == 200
    assert elsewhere.get("me").status_code == 401
    # Who is in and does not say the old one may not choose another.
    assert code_of(person.post("auth/password", {"password": PASSWORD})) == (409, "WRONG-STAGE")
    del move


def test_a_half_session_is_no_caller(served: Served, practice: Practice) -> None:
    person = add_person(practice, "pat", Role.MANAGER)
    for stage in (Stage.INVITED, Stage.HALF):
        with signed_in(served, practice, person, stage) as client:
            for path in ("me", "claims", "users", "audit-events"):
                answer = client.get(f"/api/v1/{path}")
                assert code_of(answer) == (403, "SECOND-FACTOR-DUE")
