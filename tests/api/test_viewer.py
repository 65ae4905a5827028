"""The viewer over HTTP: masked windows, errors at their elements, two files, a pasted text."""

import json
from typing import Any

import pytest
from httpx import Client

from edi.acknowledgment_999 import ElementError, SegmentError, SetAcknowledgment
from rcm.access import Role, create_api_key
from tests.harness import Practice
from tests.rcm.answer_files import file_277ca, said
from tests.rcm.intake import encounter
from tests.rcm.partner_files import (
    Sent,
    file_835,
    file_999,
    payment,
    receive,
    remit,
    send,
    send_first,
    service,
)
from tests.serving import Served, calling


@pytest.fixture
def claim(practice: Practice) -> Sent:
    (sent,) = send_first(practice, encounter())
    return sent


def get(api: Client, url: str, **query: Any) -> Any:  # noqa: ANN401 - JSON
    answer = api.get(f"/api/v1/{url}", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def file_of(api: Client, file_type: str) -> str:
    (found,) = get(api, "files", type=file_type)["items"]
    return str(found["id"])


def audited(practice: Practice) -> list[tuple[str, str]]:
    rows = practice.rows("SELECT action, detail FROM audit_event WHERE about = 'file' ORDER BY id")
    return [(row.action, row.detail) for row in rows]


def pins_of(shown: dict[str, Any]) -> list[tuple[str, int, str]]:
    """Where the pins of a window are: position of the segment by its id, element, code."""
    return [
        (segment["id"], pin["element"], pin["code"])
        for segment in shown["segments"]
        for pin in segment["pins"]
    ]


def test_a_file_is_masked_unless_it_is_revealed(
    api: Client, practice: Practice, claim: Sent
) -> None:
    file_id = file_of(api, "837P")
    masked = get(api, f"files/{file_id}/annotated")
    assert "canary" not in json.dumps(masked).lower()
    assert audited(practice) == []
    (begin,) = [each for each in masked["segments"] if each["claim_id"]]
    assert (begin["id"], begin["claim_id"]) == ("CLM", str(claim.id))
    assert begin["elements"][0]["shown"] == claim.number
    shown = get(api, f"files/{file_id}/annotated", reveal=True, limit=30)
    assert "canary" in json.dumps(shown).lower()
    assert audited(practice) == [("file.reveal", "segments 1 to 30")]
    assert [each["words"] for each in shown["loops"]][:3] == [
        "Envelope 000000001", "Group 1", "Set 0001, 837P",
    ]  # fmt: skip


@pytest.mark.usefixtures("claim")
def test_who_may_not_reveal_sees_dots(served: Served, practice: Practice, api: Client) -> None:
    file_id = file_of(api, "837P")
    with practice.unit_of_work() as session:
        secret = create_api_key(session, practice.tools, "office", roles=[Role.INTEGRATION])
    with calling(served.url, secret) as office:
        assert office.get(f"/api/v1/files/{file_id}/annotated").status_code == 403
        assert office.get(f"/api/v1/files/{file_id}/raw").status_code == 403
    assert audited(practice) == []


def test_raw_bytes_are_audited(api: Client, practice: Practice, claim: Sent) -> None:
    file_id = file_of(api, "837P")
    raw = api.get(f"/api/v1/files/{file_id}/raw").content
    assert claim.number.encode() in raw
    assert audited(practice) == [("file.download", "")]


@pytest.mark.usefixtures("claim")
def test_windows_are_parts_of_the_whole(api: Client) -> None:
    file_id = file_of(api, "837P")
    whole = get(api, f"files/{file_id}/annotated")
    part = get(api, f"files/{file_id}/annotated", offset=10, limit=5)
    assert part["segments"] == whole["segments"][10:15]
    assert part["total"] == len(whole["segments"])
    past = get(api, f"files/{file_id}/annotated", offset=100_000)
    assert (past["segments"], past["total"]) == ([], part["total"])


def test_a_rejection_is_pinned_to_its_element(api: Client, practice: Practice, claim: Sent) -> None:
    receive(practice, file_277ca(said(claim.number, "A7:164:IL"), is_payer=True))
    shown = get(api, f"files/{file_of(api, '837P')}/annotated")
    assert pins_of(shown) == [("NM1", 9, "A7:164:IL")]
    (at,) = shown["errors"]
    segment = shown["segments"][at - 1]
    (pin,) = segment["pins"]
    assert segment["gloss"] == "Who is insured"
    assert pin["message"] == "The payer does not know this member ID"
    assert pin["file_id"] == file_of(api, "277CA")
    assert pin["said"] == "payer, 277CA"
    answer = get(api, f"files/{pin['file_id']}/annotated")
    assert answer["segments"][pin["segment_number"] - 1]["id"] == "STC"
    (told,) = [each for each in answer["segments"] if each["claim_id"]]
    assert (told["id"], told["claim_id"]) == ("TRN", str(claim.id))
    (subscriber,) = [each for each in shown["loops"] if each["words"] == "Subscriber"]
    assert subscriber["errors"] == 1


@pytest.mark.usefixtures("claim")
def test_an_error_of_a_999_is_pinned_to_its_element(api: Client, practice: Practice) -> None:
    file_id = file_of(api, "837P")
    before = get(api, f"files/{file_id}/annotated")
    at = next(each["number"] for each in before["segments"] if each["id"] == "DMG")
    position = at - 2  # ISA and GS stand before ST.
    wrong = ElementError(element=2, code="8", value="CANARY")
    segment = SegmentError(segment_id="DMG", position=position, code="8", elements=(wrong,))
    verdict = SetAcknowledgment(
        set_id="837", control_number="0001", errors=(segment,), code="R", reasons=("5",)
    )
    receive(practice, file_999(1, "R", verdict))
    shown = get(api, f"files/{file_id}/annotated")
    assert pins_of(shown) == [("DMG", 2, "IK403 8")]
    assert shown["errors"] == [at]
    assert shown["segments"][at - 1]["pins"][0]["message"] == "Not a date"
    answer = get(api, f"files/{file_of(api, '999')}/annotated")
    assert "canary" not in json.dumps(answer).lower()


def test_claims_of_a_remittance_link_to_ours(api: Client, practice: Practice, claim: Sent) -> None:
    line = service(10_000, 10_000, line=f"{claim.number}01")
    receive(practice, file_835(remit(payment(claim.number, 10_000, 10_000, services=(line,)))))
    shown = get(api, f"files/{file_of(api, '835')}/annotated")
    (paid,) = [each for each in shown["segments"] if each["claim_id"]]
    assert (paid["id"], paid["claim_id"]) == ("CLP", str(claim.id))


def test_a_broken_file_shows_where_it_broke(api: Client, practice: Practice) -> None:
    body = file_835(remit()).replace(b"SE*", b"CANARY ADA*", 1)
    receive(practice, body)
    (found,) = get(api, "files", direction="inbound")["items"]
    shown = get(api, f"files/{found['id']}/annotated")
    assert "canary" not in json.dumps(shown).lower()
    assert shown["errors"]


def test_two_files_are_compared_masked(api: Client, practice: Practice, claim: Sent) -> None:
    (first,) = get(api, "files", type="837P")["items"]
    receive(practice, file_277ca(said(claim.number, "A7:164:IL"), is_payer=True))
    assert api.post(f"/api/v1/claims/{claim.id}/resubmit").status_code == 200
    send(practice)
    second = next(
        each for each in get(api, "files", type="837P")["items"] if each["id"] != first["id"]
    )
    rows = get(api, "files/diff", a=first["id"], b=second["id"])["segments"]
    assert "canary" not in json.dumps(rows).lower()
    changed = {row["text"].split("*")[0] for row in rows if row["change"] != "same"}
    assert changed >= {"ISA", "CLM"}
    assert "SV1" not in changed
    missing = api.get("/api/v1/files/diff", params={"a": first["id"], "b": str(claim.id)})
    assert missing.status_code == 404


def test_a_pasted_text_is_explained_and_not_stored(api: Client, practice: Practice) -> None:
    body = file_835(remit()).decode()
    before = practice.rows("SELECT count(*) AS n FROM file")[0].n
    shown = api.post("/api/v1/tools/edi/inspect", json={"text": body}).json()
    assert [each["id"] for each in shown["segments"]][:2] == ["ISA", "GS"]
    assert "canary" not in json.dumps(shown).lower()
    assert practice.rows("SELECT count(*) AS n FROM file")[0].n == before
    damaged = body.replace("SE*", "SE*1", 1)
    shown = api.post("/api/v1/tools/edi/inspect", json={"text": damaged}).json()
    assert ("SE", 1, "X12-SE01-COUNT") in pins_of(shown)
    for text in ("no X12", "ISA", "é" * 300):
        answer = api.post("/api/v1/tools/edi/inspect", json={"text": text})
        assert answer.status_code == 200
        assert answer.json()["segments"]
    large = api.post("/api/v1/tools/edi/inspect", json={"text": "A" * 600_000})
    assert large.status_code == 413
