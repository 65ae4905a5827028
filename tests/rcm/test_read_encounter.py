"""The door: an encounter, or every finding of what is none, without a word of what was sent."""

import json
from random import Random
from typing import Any

import pytest

from rcm.encounters.read import BadEncounterError, read_encounter
from rcm.limits import JSON_DEPTH_MAX
from tests.rcm.intake import ABSENT, encounter

BODY = json.dumps(encounter()).encode()
NOT_JSON = [("ENCOUNTER-NOT-JSON", "")]
MUTANTS = 300


def found(body: bytes) -> list[tuple[str, str]]:
    with pytest.raises(BadEncounterError) as refusal:
        read_encounter(body)
    return [(finding.code, finding.place.pointer) for finding in refusal.value.findings]


def found_by(**changes: Any) -> list[tuple[str, str]]:  # noqa: ANN401 - any JSON
    return found(json.dumps(encounter(**changes)).encode())


def test_a_sample_is_read() -> None:
    read = read_encounter(BODY)
    assert read.patient.last_name == "Canary"
    assert read.lines[0].charge_cents == 10_000
    assert "Canary" not in repr(read)


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (b'{"resourceType": "Bundle", "type": "transaction", "entry": []}', "FHIR"),
        (b"MSH|^~\\&|EHR|HARBOR|RCM|RCM|20261123||DFT^P03|1|P|2.5\r", "HL7 v2"),
        (b"ISA*00*          *00*", "X12"),
    ],
)
def test_another_standard_is_called_by_its_name_alone(body: bytes, name: str) -> None:
    with pytest.raises(BadEncounterError) as refusal:
        read_encounter(body)
    (finding,) = refusal.value.findings
    assert finding.code == "ENCOUNTER-OTHER-STANDARD"
    assert finding.message.startswith(f"This is {name}: ")


@pytest.mark.parametrize("changes", [{"diagnoses": []}, {"lines": []}, {"coverages": []}])
def test_an_empty_list_is_told_in_words_of_no_program(changes: dict[str, Any]) -> None:
    with pytest.raises(BadEncounterError) as refusal:
        read_encounter(json.dumps(encounter(**changes)).encode())
    (finding,) = refusal.value.findings
    assert finding.message == "At least one is required."
    assert finding.cure == "Send at least one."


def test_what_is_no_list_is_told_in_words_of_no_program() -> None:
    with pytest.raises(BadEncounterError) as refusal:
        read_encounter(json.dumps(encounter(diagnoses="I10", patient=[])).encode())
    assert {finding.message for finding in refusal.value.findings} == {
        "A list is wanted here.",
        "An object is wanted here.",
    }


def test_all_findings_come_at_once_by_pointer() -> None:
    line = encounter()["lines"][0]
    wrong = found_by(
        claim_type="institutional",
        patient__date_of_birth="1980-02-30",
        patient__gender="F",
        patient__address__zip="7870",
        coverages__0__member_id=ABSENT,
        billing_provider__npi="12345",
        diagnoses=[{"code": "I10"}, {"code": "10"}],
        lines=[line, line | {"procedure_code": "9921", "color": "red"}],
        extra=1,
    )
    assert set(wrong) == {
        ("ENCOUNTER-INVALID", "/claim_type"),
        ("ENCOUNTER-INVALID", "/patient/date_of_birth"),
        ("ENCOUNTER-INVALID", "/patient/gender"),
        ("ENCOUNTER-INVALID", "/patient/address/zip"),
        ("ENCOUNTER-MISSING", "/coverages/0/member_id"),
        ("ENCOUNTER-INVALID", "/billing_provider/npi"),
        ("ENCOUNTER-INVALID", "/diagnoses/1/code"),
        ("ENCOUNTER-INVALID", "/lines/1/procedure_code"),
        ("ENCOUNTER-UNKNOWN-FIELD", "/lines/1/color"),
        ("ENCOUNTER-UNKNOWN-FIELD", "/extra"),
    }
    assert len(wrong) == 10


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe{}",
        BODY + b"{}",
        BODY.replace(b'{"source"', b'{"source": "other", "source"', 1),
        BODY.replace(b'"city"', b'"state": "NY", "city"', 1),
        BODY.replace(b"10000", b"NaN"),
        BODY.replace(b"10000", b"-Infinity"),
        BODY.replace(b"10000", b"9" * 5_000),
        BODY.replace(b"10000", b"1e" + b"9" * 21),
        b"[" * (JSON_DEPTH_MAX + 1) + b"]" * (JSON_DEPTH_MAX + 1),
        b'{"a":' * 100_000,
    ],
    ids=["empty", "cut", "not UTF-8", "two", "twin", "deep twin", "NaN", "infinite", "huge",
         "huge exponent", "deep", "very deep"],
)  # fmt: skip
def test_what_is_not_strict_json_is_refused(body: bytes) -> None:
    assert found(body) == NOT_JSON


@pytest.mark.parametrize("body", [b"[]", b"null", b'"text"', b"7"])
def test_what_is_no_object_is_refused(body: bytes) -> None:
    assert found(body) == [("ENCOUNTER-INVALID", "")]


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("patient__date_of_birth", (19800504, "19800504", "1980-05-04T00:00:00", None, True)),
        ("lines__0__date_of_service", (0, 1.5, "2026-11-2", "02.11.2026", "2026-11-02 ")),
        ("source_updated_at", (0, 1_700_000_000, 1.5e300, "yesterday", True)),
        ("lines__0__charge_cents", (100.0, 100.5, "10000", True, -1, 10_000_000_000, None)),
        ("total_charge_cents", (100.0, "10000", False)),
        ("lines__0__quantity", (1, 1.5, "1,5", "1e2", "-1", ".5", "1.2345", "\u0661")),
        ("lines__0__diagnosis_pointers", (["1"], [1.0], [True], "1", [1, 2, 1, 2, 1])),
        ("lines__0__emergency", ("true", 1, "Y")),
        ("coverages__0__order", (0, 4, "1", 1.0, True)),
        ("billing_provider__npi", (1234567893, "1234567893\n", "\u0661234567893")),
        ("patient__address__state", ("tx", "Texas", "")),
        ("external_id", ("", "a b", "x" * 61, "a\n")),
        ("lines", ([], "none", {})),
        ("diagnoses", ([], [{"code": "I10"}] * 13)),
    ],
)
def test_a_value_of_another_kind_is_refused_in_its_place(
    path: str, values: tuple[object, ...]
) -> None:
    pointer = "/" + path.replace("__", "/")
    for value in values:
        places = {place for _, place in found_by(**{path: value})}
        assert places, value
        assert all(place.startswith(pointer) for place in places), value


def test_coverages_stand_in_their_order() -> None:
    first = encounter()["coverages"][0]
    for orders in ([2, 1], [1, 1], [3, 2, 1]):
        coverages = [first | {"order": order} for order in orders]
        assert found_by(coverages=coverages) == [("ENCOUNTER-INVALID", "/coverages")]


def test_pointers_are_escaped() -> None:
    assert found_by(patient=encounter()["patient"] | {"a~b": 1}) == [
        ("ENCOUNTER-UNKNOWN-FIELD", "/patient/a~0b")
    ]


def test_no_message_contains_what_was_sent() -> None:
    secret = "Zyxwvut Canary 1980-05-04 W123456789"
    paths = ["source", "external_id", "claim_type", "patient__gender", "patient__date_of_birth",
             "patient__address__zip", "patient__address__state", "lines__0__quantity",
             "lines__0__charge_cents", "lines__0__unit", "source_updated_at", "coverages",
             "billing_provider", "lines__0__ndc", "patient__middle_name", "accident"]  # fmt: skip
    body = json.dumps(encounter(**dict.fromkeys(paths, secret))).encode()
    with pytest.raises(BadEncounterError) as refusal:
        read_encounter(body)
    told = [
        f"{each.code} {each.message} {each.cure} {each.place}" for each in refusal.value.findings
    ]
    assert len(told) >= len(paths)
    for text in (*told, str(refusal.value), repr(refusal.value)):
        assert not any(word in text for word in secret.split())
    assert refusal.value.__suppress_context__


def mutant(seed: int) -> bytes:
    """The sample with one to four bytes changed, removed, doubled or moved."""
    random = Random(seed)
    body = bytearray(BODY)
    for _ in range(random.randint(1, 4)):
        at, length = random.randrange(len(body)), random.randint(1, 30)
        match random.randrange(5):
            case 0:
                body[at] = random.randrange(256)
            case 1:
                del body[at : at + length]
            case 2:
                body[at:at] = body[at : at + length]
            case 3:
                body[at:at] = random.choice(
                    [b'"', b"{", b"[", b",", b"\\u0000", b"\\ud800", b"1e9"]
                )
            case _:
                body[at] = random.choice(b'0123456789"[]{},:-.eE')
    return bytes(body)


def outcome(body: bytes) -> int:
    """How many findings; anything but a BadEncounterError with a place for each is raised."""
    try:
        read_encounter(body)
    except BadEncounterError as refusal:
        return len([str(each.place).encode() for each in refusal.findings])
    return 0


def test_whatever_comes_is_read_or_refused() -> None:
    read_again = [json.loads(BODY), json.loads(read_encounter(BODY).model_dump_json())]
    assert [outcome(json.dumps(each).encode()) for each in read_again] == [0, 0]
    refused = [outcome(mutant(seed)) > 0 for seed in range(MUTANTS)]
    assert MUTANTS / 2 < sum(refused) < MUTANTS
