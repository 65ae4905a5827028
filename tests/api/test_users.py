"""People and keys: invited, changed, ended; the last administrator; keys shown once."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from httpx import Client, Response

from rcm.access import Role
from tests.api.people import add_person, signed_in
from tests.harness import Practice
from tests.serving import Served, calling


@pytest.fixture
def admin_id(practice: Practice) -> UUID:
    return add_person(practice, "root", Role.ADMIN)


@pytest.fixture
def admin(served: Served, practice: Practice, admin_id: UUID) -> Iterator[Client]:
    with signed_in(served, practice, admin_id) as client:
        yield client


def code_of(answer: Response) -> tuple[int, Any]:
    return answer.status_code, answer.json().get("code")


def person(client: Client, user_id: UUID) -> dict[str, Any]:
    found = client.get("/api/v1/users").raise_for_status().json()["items"]
    (one,) = [each for each in found if each["id"] == str(user_id)]
    return dict(one)


def change(client: Client, user_id: UUID, body: dict[str, Any], tag: str | None = None) -> Response:
    tag = tag or f'"{person(client, user_id)["version"]}"'
    return client.patch(f"/api/v1/users/{user_id}", json=body, headers={"If-Match": tag})


def test_a_person_is_invited_and_the_link_is_shown_once(admin: Client, practice: Practice) -> None:
    ours = practice.rows("SELECT id, name FROM billing_provider ORDER BY name")
    body = {"email": " Pat@Example.org ", "name": " Pat Reed ", "roles": ["poster"]}
    made = admin.post("/api/v1/users", json=body | {"practices": [str(ours[0].id)]})
    assert made.status_code == 201
    shown = person(admin, made.json()["user_id"])
    assert (shown["email"], shown["name"], shown["roles"]) == (
        "pat@example.org", "Pat Reed", ["poster"],
    )  # fmt: skip
    assert shown["practices"] == [{"id": str(ours[0].id), "name": ours[0].name}]
    assert (shown["has_password"], shown["has_second_factor"]) == (False, False)
    assert made.json()["ticket"] not in admin.get("/api/v1/users").text
    assert made.json()["ticket"] not in str(practice.rows("SELECT * FROM ticket"))
    assert code_of(admin.post("/api/v1/users", json=body)) == (409, "EMAIL-TAKEN")
    other = body | {"email": "b@example.org", "practices": [str(uuid4())]}
    assert code_of(admin.post("/api/v1/users", json=other)) == (422, "PRACTICE-UNKNOWN")


@pytest.mark.parametrize(
    "body",
    [
        {"email": "no address", "name": "x", "roles": ["biller"]},
        {"email": "a@b", "name": " ", "roles": ["biller"]},
        {"email": "a@b", "name": "x", "roles": []},
        {"email": "a@b", "name": "x", "roles": ["owner"]},
        {"email": "a@b", "name": "x", "roles": ["biller"], "is_root": True},
    ],
)
def test_what_is_no_person_is_refused(admin: Client, body: dict[str, Any]) -> None:
    assert code_of(admin.post("/api/v1/users", json=body)) == (422, "REQUEST-INVALID")


@pytest.mark.parametrize(
    "body", [{"disabled": True}, {"roles": ["poster"]}, {"practices": []}], ids=str
)
def test_other_rights_end_the_sessions_at_once(
    served: Served, practice: Practice, admin: Client, body: dict[str, Any]
) -> None:
    biller = add_person(practice, "ben", Role.BILLER)
    with signed_in(served, practice, biller) as client:
        assert client.get("/api/v1/me").status_code == 200
        assert change(admin, biller, body).status_code == 200
        assert client.get("/api/v1/me").status_code == 401


def test_another_name_ends_no_session(served: Served, practice: Practice, admin: Client) -> None:
    biller = add_person(practice, "ben", Role.BILLER)
    with signed_in(served, practice, biller) as client:
        assert change(admin, biller, {"name": "Benjamin"}).json()["name"] == "Benjamin"
        assert client.get("/api/v1/me").json()["name"] == "Benjamin"


def test_edits_say_which_version_they_are_of(admin: Client, practice: Practice) -> None:
    biller = add_person(practice, "ben", Role.BILLER)
    url = f"/api/v1/users/{biller}"
    assert code_of(admin.patch(url, json={"roles": ["poster"]})) == (428, "IF-MATCH-MISSING")
    first = change(admin, biller, {"roles": ["poster"]}, '"1"')
    assert (first.status_code, first.headers["etag"]) == (200, '"2"')
    assert code_of(change(admin, biller, {"roles": ["biller"]}, '"1"')) == (
        412, "CHANGED-MEANWHILE",
    )  # fmt: skip
    unknown = admin.patch(
        f"/api/v1/users/{uuid4()}", json={"disabled": True}, headers={"If-Match": '"1"'}
    )
    assert code_of(unknown) == (404, "UNKNOWN-ID")


@pytest.mark.parametrize(
    "body", [{"disabled": True}, {"roles": ["biller"]}, {"practices": []}], ids=str
)
def test_the_last_administrator_stays(
    admin: Client, admin_id: UUID, practice: Practice, body: dict[str, Any]
) -> None:
    assert code_of(change(admin, admin_id, body)) == (409, "LAST-ADMINISTRATOR")
    assert admin.get("/api/v1/me").status_code == 200
    add_person(practice, "second", Role.ADMIN)
    assert change(admin, admin_id, body).status_code == 200


def test_a_new_link_takes_away_how_they_came_in(
    served: Served, practice: Practice, admin: Client
) -> None:
    biller = add_person(practice, "ben", Role.BILLER)
    practice.rows(
        "UPDATE app_user SET password_hash = 'x', totp_last_step = 1, recovery_sha256 = '{a}'"
        " WHERE id = :id RETURNING 1",
        id=biller,
    )
    with signed_in(served, practice, biller) as client:
        first = admin.post(f"/api/v1/users/{biller}/invite").json()["ticket"]
        second = admin.post(f"/api/v1/users/{biller}/invite").json()["ticket"]
        assert client.get("/api/v1/me").status_code == 401
        (row,) = practice.rows("SELECT * FROM app_user WHERE id = :id", id=biller)
        assert (row.password_hash, row.totp_last_step, row.recovery_sha256) == (None, None, [])
        used = client.post("/api/v1/auth/ticket", json={"ticket": first})
        assert code_of(used) == (403, "LINK-USED-UP")
        assert client.post("/api/v1/auth/ticket", json={"ticket": second}).status_code == 200


def test_a_key_is_shown_once_limited_and_revoked(
    served: Served, practice: Practice, admin: Client
) -> None:
    ours = practice.rows("SELECT id, name FROM billing_provider ORDER BY name")
    wanted = {"name": "Lakeside EHR", "roles": ["ehr"], "practices": [str(ours[0].id)]}
    made = admin.post("/api/v1/api-keys", json=wanted)
    assert made.status_code == 201
    secret = made.json()["secret"]
    listed = admin.get("/api/v1/api-keys")
    assert secret not in listed.text
    assert secret not in str(practice.rows("SELECT * FROM api_key"))
    assert made.json()["id"] in {each["id"] for each in listed.json()["items"]}
    assert code_of(admin.post("/api/v1/api-keys", json=wanted)) == (409, "KEY-NAME-TAKEN")
    with calling(served.url, secret) as ehr:
        me = ehr.get("/api/v1/me").json()
        assert me["practices"] == [{"id": str(ours[0].id), "name": ours[0].name}]
        assert "users.work" not in me["rights"]
        assert ehr.get("/api/v1/users").status_code == 403
        revoked = admin.delete(f"/api/v1/api-keys/{made.json()['id']}")
        assert revoked.json()["revoked_at"] is not None
        assert ehr.get("/api/v1/me").status_code == 401
    again = admin.delete(f"/api/v1/api-keys/{made.json()['id']}")
    assert again.json() == revoked.json()
    assert admin.delete(f"/api/v1/api-keys/{uuid4()}").status_code == 404
    # A person is no key.
    biller = add_person(practice, "ben", Role.BILLER)
    assert admin.delete(f"/api/v1/api-keys/{biller}").status_code == 404
    assert not person(admin, biller)["disabled"]
