"""The global search: everything is found by what people have at hand; nothing of it is kept."""

from typing import Any

import pytest
from httpx import Client

from rcm.access import Role, create_api_key
from samples.encounters import encounters
from tests.api.test_reading_changes import exchange
from tests.harness import TODAY, Practice


@pytest.fixture
def seen(api: Client, practice: Practice) -> Practice:
    """Three patients of one family, and one of another; their claims were paid."""
    names = (("Canary", "Ada"), ("Canary", "Ben"), ("Canaryson", "Chloe"), ("Zuñiga Canary", "Dev"))
    made = [each for _, each in encounters(4, seed=1, today=TODAY)]
    for n, (encounter, (last_name, first_name)) in enumerate(zip(made, names, strict=True)):
        encounter["patient"] |= {
            "last_name": last_name,
            "first_name": first_name,
            "external_id": f"mrn-{n}",
        }
        assert api.post("/api/v1/encounters", json=encounter).status_code == 202
    exchange(api, practice)
    return practice


def found(api: Client, text: str) -> dict[str, list[dict[str, Any]]]:
    """Return what was found, by kind."""
    answer = api.post("/api/v1/search", json={"q": text})
    assert answer.status_code == 200, answer.text
    assert "canary" not in answer.text.lower()
    return {group["kind"]: group["items"] for group in answer.json()["groups"]}


def labels(api: Client, text: str, kind: str) -> list[str]:
    return [hit["label"] for hit in found(api, text).get(kind, [])]


def test_a_claim_is_found_by_our_number_or_the_payers_or_their_beginnings(
    api: Client, seen: Practice
) -> None:
    claims = seen.rows("SELECT id::text, patient_control_number, payer_control_number FROM claim")
    assert len(claims) == 4
    for claim_id, ours, theirs in claims:
        for text in (ours, ours.lower(), f"  {ours[:12]} ", theirs, theirs.lower()):
            (hit, *_) = found(api, text)["claim"]
            assert (hit["id"], hit["label"]) == (claim_id, ours)
            assert hit["href"] == f"/claims/{claim_id}"
            assert hit["is_exact"] == (text.strip().upper() in (ours, theirs))
            assert api.get(f"/api/v1/claims/{hit['id']}").status_code == 200


@pytest.mark.usefixtures("seen")
def test_patients_are_found_by_family_name_and_shown_masked(api: Client) -> None:
    assert labels(api, "canary", "patient") == ["Ca••••, A.", "Ca••••, B.", "Ca••••, C."]
    assert [hit["is_exact"] for hit in found(api, "Canary")["patient"]] == [True, True, False]
    assert labels(api, "can", "patient") == ["Ca••••, A.", "Ca••••, B.", "Ca••••, C."]
    assert labels(api, "CANARYSO", "patient") == ["Ca••••, C."]
    assert labels(api, "canaryson", "patient") == ["Ca••••, C."]
    assert labels(api, "canarysono", "patient") == []
    for text in ("Canary, B", "Ben Canary", "canary ben", "be canary", "Canary,Ben"):
        assert labels(api, text, "patient") == ["Ca••••, B."], text
    assert [hit["is_exact"] for hit in found(api, "Chloe Canary")["patient"]] == [False]
    assert labels(api, "Dora Canary", "patient") == []
    assert (
        labels(api, "zuniga canary", "patient") == labels(api, "zuñ", "patient") == ["Zu••••, D."]
    )
    assert labels(api, "ca", "patient") == []  # Three letters at least.
    (hit,) = found(api, "canaryson")["patient"]
    shown = api.get(f"/api/v1{hit['href']}").json()
    assert [item["patient"] for item in shown["items"]] == ["Ca••••, C."]
    assert hit["said"].startswith("1 claim, last served 20")


@pytest.mark.usefixtures("seen")
def test_patients_are_found_by_member_id_and_record_number(api: Client) -> None:
    assert labels(api, "mrn-1", "patient") == ["Ca••••, B."]
    assert labels(api, "mrn-", "patient") == []
    ((_, made),) = encounters(1, seed=1, today=TODAY)
    member_id = made["coverages"][0]["member_id"]
    assert labels(api, member_id, "patient") == ["Ca••••, A."]
    assert labels(api, member_id.lower(), "patient") == ["Ca••••, A."]
    assert labels(api, member_id[:-1], "patient") == []


def test_patients_are_found_by_birth_date_alone_or_with_a_name(api: Client, seen: Practice) -> None:
    born = [made["patient"]["date_of_birth"] for _, made in encounters(4, seed=1, today=TODAY)]
    assert len(set(born)) == len(born)
    year, month, day = born[1].split("-")
    american = f"{int(month)}/{int(day)}/{year}"
    for text in (born[1], f"{month}/{day}/{year}", american, f"{month}-{day}-{year}"):
        (hit,) = found(api, text)["patient"]
        assert (hit["label"], hit["is_exact"]) == ("Ca••••, B.", True), text
    assert labels(api, f"can {american}", "patient") == ["Ca••••, B."]
    assert labels(api, f"{born[1]} Canary, Ben", "patient") == ["Ca••••, B."]
    assert labels(api, f"Canary, Ada {born[1]}", "patient") == []
    assert labels(api, f"12 {born[1]}", "patient") == []  # No name of anybody.
    for text in ("1985-02-31", "13/13/1985", "1/2/85"):
        assert labels(api, text, "patient") == [], text
    kept = seen.rows("SELECT detail FROM audit_event WHERE action = 'search'")
    assert kept
    assert not [detail for (detail,) in kept if year in detail]


def test_a_payment_is_found_by_its_trace(api: Client, seen: Practice) -> None:
    rows = seen.rows("SELECT id::text, trace FROM remittance")
    assert rows
    for remittance_id, trace in rows:
        hits = found(api, trace)["remittance"]
        assert hits[0] | {"said": ""} == {
            "kind": "remittance",
            "id": remittance_id,
            "label": trace,
            "said": "",
            "href": f"/payments/{remittance_id}",
            "is_exact": True,
        }
        assert remittance_id in {hit["id"] for hit in found(api, trace[:5])["remittance"]}


def test_a_file_is_found_by_interchange_number_and_by_name(api: Client, seen: Practice) -> None:
    files = seen.rows("SELECT id::text, name, interchange_number FROM file")
    for file_id, name, number in files:
        assert file_id in {hit["id"] for hit in found(api, name.upper())["file"]}
        if number is not None:
            for text in (str(number).zfill(2), f"{number:09d}"):
                hits = found(api, text)["file"]
                assert {"id": file_id, "is_exact": True}.items() <= hits[0].items() or file_id in {
                    hit["id"] for hit in hits if hit["is_exact"]
                }
    told = seen.rows("SELECT file_id::text, control_number FROM interchange")
    assert told
    for file_id, number in told:
        assert file_id in {hit["id"] for hit in found(api, number)["file"]}


@pytest.mark.usefixtures("seen")
def test_what_nothing_is_called_finds_nothing(api: Client) -> None:
    for text in ("%%%", "___", "\\\\\\", "'; --", "😀😀", "ZZZZZZZZ", "..", "*" * 80):
        assert found(api, text) == {}


def test_groups_have_five_at_most_and_exact_hits_first(api: Client, practice: Practice) -> None:
    made = [each for _, each in encounters(9, seed=1, today=TODAY)]
    for n, encounter in enumerate(made):
        encounter["patient"] |= {"last_name": "Canary" + "x" * (n % 3), "external_id": str(n)}
    practice.post(*made)
    practice.drain()
    hits = found(api, "canary")["patient"]
    assert [hit["is_exact"] for hit in hits] == [True, True, True, False, False]


def test_the_search_is_recorded_and_what_for_is_not(api: Client, seen: Practice) -> None:
    before = len(seen.rows("SELECT 1 FROM audit_event"))
    found(api, "Canary")
    found(api, "nothing of this name")
    rows = seen.rows(
        "SELECT action, detail, about FROM audit_event ORDER BY id OFFSET :n", n=before
    )
    assert [tuple(row) for row in rows] == [("search", "patient 3", ""), ("search", "nothing", "")]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"q": ""},
        {"q": " x "},
        {"q": "x" * 81},
        {"q": "ab", "x": 1},
        {"q": "a\0b"},
        {"q": 7},
        [],
    ],
)
def test_what_is_no_search_is_refused_without_being_repeated(api: Client, body: object) -> None:
    answer = api.post("/api/v1/search", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "REQUEST-INVALID")
    assert "xx" not in answer.text


def test_who_sees_no_patients_cannot_search(api: Client, seen: Practice) -> None:
    with seen.unit_of_work() as session:
        secret = create_api_key(session, seen.tools, "eng", roles=[Role.INTEGRATION])
    headers = {"Authorization": f"Bearer {secret}"}
    answer = api.post("/api/v1/search", json={"q": "Canary"}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "FORBIDDEN")
