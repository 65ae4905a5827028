"""The matrix of roles and rights, walked: every route, as every role, of own and other practice."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from uuid import UUID, uuid4

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts
from httpx import Client

from api.auth import Allow
from api.routes import PREFIX
from rcm.access import Right, Role
from rcm.access.rights import RIGHTS_OF, WHOLE
from samples.encounters import encounters
from tests.api.described import APP
from tests.api.people import add_person, browser, signed_in
from tests.harness import TODAY, Practice
from tests.serving import Served

#: Routes that declare no right: of strangers, and of those who are halfway in.
WITHOUT = {
    "/health", "/health/ready", "/auth/login", "/auth/ticket", "/auth/totp", "/auth/totp/enrol",
    "/auth/totp/confirm", "/auth/recovery", "/auth/password", "/auth/logout", "/auth/session",
}  # fmt: skip
UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}

#: reliability.md 4, as a person reads it: what no role but these may ever have.
ONLY = {
    Right.PHI_REVEAL: {Role.BILLER, Role.POSTER, Role.MANAGER, Role.AUDITOR},
    Right.CLAIMS_WORK: {Role.BILLER, Role.MANAGER, Role.EHR},
    Right.ENCOUNTERS_POST: {Role.BILLER, Role.MANAGER, Role.EHR},
    Right.EXCHANGE: {Role.BILLER, Role.MANAGER, Role.INTEGRATION},
    Right.REMITTANCES_READ: {Role.BILLER, Role.POSTER, Role.MANAGER, Role.AUDITOR},
    Right.REMITTANCES_WORK: {Role.POSTER, Role.MANAGER},
    Right.FILES_CONTENT: {Role.BILLER, Role.POSTER, Role.MANAGER, Role.AUDITOR},
    Right.FILES_WORK: {Role.POSTER, Role.MANAGER},
    Right.PARTNERS_READ: {Role.MANAGER, Role.ADMIN, Role.INTEGRATION, Role.AUDITOR},
    Right.PARTNERS_WORK: {Role.ADMIN, Role.INTEGRATION},
    Right.USERS_READ: {Role.MANAGER, Role.ADMIN, Role.AUDITOR},
    Right.USERS_WORK: {Role.ADMIN},
    Right.KEYS_READ: {Role.MANAGER, Role.ADMIN, Role.AUDITOR},
    Right.KEYS_WORK: {Role.ADMIN},
    Right.AUDIT_READ: {Role.MANAGER, Role.ADMIN, Role.AUDITOR},
    Right.EXPORT: {Role.BILLER, Role.POSTER, Role.MANAGER},
}


def rights_within(dependant: Dependant) -> Iterator[Right]:
    """Yield every right that a route asks for, however deep it is declared."""
    for each in dependant.dependencies:
        if isinstance(each.call, Allow):
            yield each.call.right
        yield from rights_within(each)


def routes() -> list[tuple[str, str, frozenset[Right]]]:
    """Return method, path below /api/v1, and rights of every route: one must have them all."""
    found = []
    for context in iter_route_contexts(APP.routes):
        path = str(context.path)
        route = context.original_route
        if not path.startswith(f"{PREFIX}/"):
            continue
        assert isinstance(route, APIRoute), path
        rights = set(rights_within(route.dependant))
        for part in getattr(context, "dependencies", ()):
            if isinstance(part.dependency, Allow):
                rights.add(part.dependency.right)
        path = path.removeprefix(PREFIX)
        found += [(method, path, frozenset(rights)) for method in sorted(route.methods or ())]
    return found


ROUTES = routes()


def test_every_route_declares_its_right_or_is_known_to_need_none() -> None:
    without = {path for _, path, rights in ROUTES if not rights}
    assert without == WITHOUT, "declare dependencies=[allow(Right...)]"
    assert len(ROUTES) > 50


def test_every_right_is_of_a_route_and_of_a_role() -> None:
    given = frozenset().union(*RIGHTS_OF.values())
    assert set(Right) == given
    for right, roles in ONLY.items():
        assert {role for role in Role if right in RIGHTS_OF[role]} == roles, right
    assert frozenset().union(*(rights for _, _, rights in ROUTES)) <= set(Right)


def filled(path: str) -> str:
    return re.sub(r"\{\w+\}", str(uuid4()), path.replace("{position}", "1"))


@pytest.mark.parametrize("is_limited", [False, True], ids=["every practice", "one practice"])
@pytest.mark.parametrize("role", list(Role))
def test_each_role_passes_where_it_has_the_right_and_nowhere_else(
    served: Served, practice: Practice, role: Role, *, is_limited: bool
) -> None:
    ours = practice.rows("SELECT id FROM billing_provider ORDER BY id")[0].id
    person = add_person(practice, role, role, practices=[ours] if is_limited else None)
    wrong = []
    with signed_in(served, practice, person) as client:
        for method, path, rights in ROUTES:
            if not rights or path == "/auth/extend":
                continue
            answer = client.request(method, f"{PREFIX}{filled(path)}")
            has_right = rights <= RIGHTS_OF[role] and not (is_limited and rights & WHOLE)
            is_forbidden = answer.status_code == 403 and answer.json()["code"] == "FORBIDDEN"
            # With the right: found, or an id that nothing has, or a body that lacks; never a 403.
            if is_forbidden == has_right or answer.status_code >= 500:
                wrong.append(f"{method} {path} ({', '.join(sorted(rights))}): {answer.status_code}")
    assert wrong == []


def test_every_unsafe_route_wants_the_token_and_our_own_origin(
    served: Served, practice: Practice
) -> None:
    person = add_person(practice, "everybody", *Role)
    wrong = []
    with signed_in(served, practice, person) as client:
        cookie = client.headers["cookie"].partition("=")[2]
        token = client.headers["x-csrf-token"]
        forged = [
            {"Origin": served.url},
            {"Origin": served.url, "X-CSRF-Token": token[::-1]},
            {"Origin": "https://evil.example", "X-CSRF-Token": token},
            {"Origin": "null", "X-CSRF-Token": token},
            {"Referer": "https://evil.example/page", "X-CSRF-Token": token},
            {"Referer": "https://[", "X-CSRF-Token": token},
            {"X-CSRF-Token": token},
        ]
        with ExitStack() as stack:
            bare = stack.enter_context(browser(served, cookie))
            for name in ("origin", "x-csrf-token"):
                del bare.headers[name]
            for method, path, _ in ROUTES:
                if method not in UNSAFE or path in ("/auth/login", "/auth/ticket"):
                    continue
                for headers in forged:
                    answer = bare.request(method, f"{PREFIX}{filled(path)}", headers=headers)
                    if (answer.status_code, answer.json().get("code")) != (
                        403,
                        "NOT-FROM-OUR-PAGE",
                    ):
                        wrong.append(f"{method} {path} {headers}: {answer.status_code}")
            # And by its Referer a page is known too.
            passes = {"Referer": f"{served.url}/claims?x=1", "X-CSRF-Token": token}
            assert bare.post(f"{PREFIX}/auth/extend", headers=passes).status_code == 200
    assert wrong == []


def test_ids_of_another_practice_are_unknown_on_every_route(
    served: Served, practice: Practice, api: Client
) -> None:
    """A route that names a claim, remittance, encounter, check or work item of somebody else."""
    practice.post(*(made for _, made in encounters(30, seed=7, today=TODAY)))
    practice.exchange(rounds=3)
    ours, theirs = (
        row.id for row in practice.rows("SELECT id FROM billing_provider ORDER BY id LIMIT 2")
    )
    ids = of_practice(practice, theirs)
    assert all(ids.values()), "the samples have one of each"
    person = add_person(practice, "limited", *Role, practices=[ours])
    wrong = []
    with signed_in(served, practice, person) as client:
        for method, path, rights in ROUTES:
            name = re.search(r"\{(\w+)\}", path)
            if name is None or name[1] not in ids or rights & WHOLE:
                continue
            url = PREFIX + path.replace(name[0], str(ids[name[1]]))
            if re.search(r"\{\w+\}", url):
                url = filled(url)
            answer = client.request(method, url, headers={"If-Match": '"1"'}, json=BODY)
            if answer.status_code not in (404, 415, 422):
                wrong.append(f"{method} {path}: {answer.status_code}")
            if method == "GET" and answer.status_code != 404:
                wrong.append(f"{method} {path}: {answer.status_code}")
    assert wrong == []
    assert api.get(f"{PREFIX}/claims/{ids['claim_id']}").status_code == 200


BODY = {"reason": "not mine"}


def of_practice(practice: Practice, provider_id: UUID) -> dict[str, UUID | None]:
    """Return one id of each kind that is of this practice."""
    queries = {
        "claim_id": "SELECT id FROM claim WHERE billing_provider_id = :id",
        "encounter_id": "SELECT encounter_id AS id FROM claim WHERE billing_provider_id = :id",
        "remittance_id": "SELECT r.id FROM remittance r JOIN billing_provider b"
        " ON r.payee_id IN (b.npi, b.tax_id) WHERE b.id = :id",
        "item_id": "SELECT w.id FROM work_item w JOIN claim c ON c.id = w.claim_id"
        " WHERE c.billing_provider_id = :id",
    }
    found = {}
    for name, sql in queries.items():
        rows = practice.rows(f"{sql} LIMIT 1", id=provider_id)
        found[name] = rows[0].id if rows else None
    return found
