"""Settings of a partner: what is taken, what is refused and by which pointer; silence in words."""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest

from edi.delimiters import Delimiters
from edi.findings import Finding
from rcm.parties.names import outbound_name, template_fault
from rcm.parties.read import BadPartnerError, fingerprint_of, partner_of, read_settings
from rcm.parties.silence import Silence, silence_of
from sandbox.keys import new_key_pair
from tests.rcm.intake import ABSENT
from tests.rcm.partner_settings import HOST_KEY, PRIVATE_KEY, body

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


def refusals(document: bytes, *, has_key: bool = False) -> list[Finding]:
    with pytest.raises(BadPartnerError) as caught:
        read_settings(document, usage="T", has_key=has_key)
    assert all(each.cure for each in caught.value.findings)
    return list(caught.value.findings)


def test_good_settings_become_a_partner() -> None:
    posted = body(
        cut_off="17:30",
        inbound_names=["*.835"],
        delimiters={"element": "|", "component": ">", "repetition": "!", "terminator": "\n"},
    )
    read = read_settings(posted, usage="T", has_key=False)
    partner = partner_of(read, UUID(int=1), private_key="")
    assert partner.private_key == PRIVATE_KEY
    assert partner.host_keys == (HOST_KEY,)
    assert partner.cut_off == time(17, 30)
    assert partner.inbound_names == ("*.835",)
    assert partner.delimiters == Delimiters(
        element="|", component=">", repetition="!", terminator="\n"
    )
    assert PRIVATE_KEY.split("\n")[1] not in f"{read!r} {partner!r}"


def test_a_key_that_is_known_need_not_be_sent_again() -> None:
    read = read_settings(body(private_key=ABSENT), usage="T", has_key=True)
    assert partner_of(read, UUID(int=1), private_key="known").private_key == "known"


REFUSED: dict[str, tuple[dict[str, Any], str, str]] = {
    "no key at all": ({"private_key": ABSENT}, "PARTNER-MISSING", "/private_key"),
    "no host": ({"host": ABSENT}, "PARTNER-MISSING", "/host"),
    "a field of nobody": ({"colour": "red"}, "PARTNER-UNKNOWN-FIELD", "/colour"),
    "a port": ({"port": 70_000}, "PARTNER-INVALID", "/port"),
    "a qualifier": ({"our_qualifier": "XX"}, "PARTNER-INVALID", "/our_qualifier"),
    "sixteen characters": ({"our_id": "A" * 16}, "PARTNER-INVALID", "/our_id"),
    "a space at the end": ({"their_id": "A "}, "PARTNER-INVALID", "/their_id"),
    "one character": ({"group_sender": "A"}, "PARTNER-INVALID", "/group_sender"),
    "an accent": ({"receiver_name": "CAF\u00c9"}, "PARTNER-INVALID", "/receiver_name"),
    "a line break": ({"outbound_folder": "a\nb"}, "PARTNER-INVALID", "/outbound_folder"),
    "no host key": ({"host_keys": []}, "PARTNER-INVALID", "/host_keys"),
    "production": ({"usage": "P"}, "PARTNER-USAGE", "/usage"),
    "Mars": ({"time_zone": "Mars/Olympus"}, "PARTNER-TIME-ZONE", "/time_zone"),
    "a path": ({"time_zone": "../../etc/passwd"}, "PARTNER-TIME-ZONE", "/time_zone"),
    "an offset": ({"cut_off": "17:00+05:00"}, "PARTNER-TIME-ZONE", "/cut_off"),
    "a letter": ({"delimiters__element": "x"}, "PARTNER-DELIMITER", "/delimiters/element"),
    "a digit": ({"delimiters__component": "1"}, "PARTNER-DELIMITER", "/delimiters/component"),
    "a space": ({"delimiters__repetition": " "}, "PARTNER-DELIMITER", "/delimiters/repetition"),
    "a dot": ({"delimiters__component": "."}, "PARTNER-DELIMITER", "/delimiters/component"),
    "nothing": ({"delimiters__terminator": ""}, "PARTNER-DELIMITER", "/delimiters/terminator"),
    "two signs": ({"delimiters__terminator": "~~"}, "PARTNER-DELIMITER", "/delimiters/terminator"),
    "a line end": ({"delimiters__element": "\n"}, "PARTNER-DELIMITER", "/delimiters/element"),
    "a tab": ({"delimiters__terminator": "\t"}, "PARTNER-DELIMITER", "/delimiters/terminator"),
    "two line ends": (
        {"delimiters__terminator": "\n", "delimiters__line_end": "\n"},
        "PARTNER-DELIMITER-TWICE",
        "/delimiters/line_end",
    ),
    "a name with it": (
        {"delimiters__element": "&", "submitter_name": "A & B"},
        "PARTNER-DELIMITER-IN-VALUE",
        "/submitter_name",
    ),
    "no number": ({"outbound_name": "claims.x12"}, "PARTNER-NAME-TEMPLATE", "/outbound_name"),
    "a stranger": ({"outbound_name": "{isa13}{npi}"}, "PARTNER-NAME-TEMPLATE", "/outbound_name"),
    "a folder": ({"outbound_name": "a/{isa13}"}, "PARTNER-NAME-TEMPLATE", "/outbound_name"),
    "half a brace": ({"outbound_name": "{isa13}{"}, "PARTNER-NAME-TEMPLATE", "/outbound_name"),
    "a format": ({"outbound_name": "{isa13!r:>99}"}, "PARTNER-NAME-TEMPLATE", "/outbound_name"),
    "temporary": ({"outbound_name": "{isa13}.tmp"}, "PARTNER-NAME-TEMPLATE", "/outbound_name"),
    "a way out": ({"inbound_names": ["*", "../*"]}, "PARTNER-NAME-PATTERN", "/inbound_names/1"),
    "one folder": ({"archive_folder": "/from_payer/"}, "PARTNER-FOLDERS", "/archive_folder"),
    "a climb": ({"inbound_folder": "../../etc"}, "PARTNER-FOLDER-CLIMBS", "/inbound_folder"),
    "no key": ({"host_keys": ["ssh-ed25519 rubbish"]}, "PARTNER-HOST-KEY", "/host_keys/0"),
    "rubbish": ({"private_key": "rubbish"}, "PARTNER-PRIVATE-KEY", "/private_key"),
}  # fmt: skip


@pytest.mark.parametrize(("changes", "code", "pointer"), REFUSED.values(), ids=REFUSED)
def test_what_does_not_fit_is_refused_at_its_place(
    changes: dict[str, Any], code: str, pointer: str
) -> None:
    found = refusals(body(**changes))
    assert [(each.code, each.place.pointer) for each in found] == [(code, pointer)]


def test_two_delimiters_that_are_one_are_both_named() -> None:
    found = refusals(body(delimiters__component="*"))
    assert [each.place.pointer for each in found] == [
        "/delimiters/element",
        "/delimiters/component",
    ]


def test_all_that_is_wrong_is_found_at_once_and_no_value_is_repeated() -> None:
    found = refusals(body(time_zone="Canary", outbound_name="Canary", private_key="Canary"))
    assert len(found) == 3
    assert not any("Canary" in f"{each}" for each in found)
    assert [each.code for each in refusals(b'{"name": 1, "name": 2}')] == ["PARTNER-NOT-JSON"]


@pytest.mark.parametrize(
    "template", ["{isa13}_{type}.x12", "{type}{date}{time}_{gs06}_{isa13}", "CLM ({isa13}).837"]
)
def test_a_template_gives_another_name_for_each_number(template: str) -> None:
    assert template_fault(template) == ""
    names = {
        outbound_name(template, interchange=n, group=n, file_type="837P", written_at=NOW)
        for n in range(1, 50)
    }
    assert len(names) == 49


def test_a_fingerprint_is_what_ssh_shows() -> None:
    host_key = new_key_pair()[1]
    assert fingerprint_of(host_key).startswith("SHA256:")
    assert len(fingerprint_of(host_key)) == len("SHA256:") + 43
    assert fingerprint_of(f"{host_key} comment") == fingerprint_of(host_key)
    assert fingerprint_of("rubbish") == fingerprint_of("ssh-ed25519 ?") == ""


def silence(received: timedelta | None, *, visited: bool = True, hours: int = 24) -> Silence | None:
    return silence_of(
        last_exchange_at=NOW if visited else None,
        last_received_at=None if received is None else NOW - received,
        silent_hours=hours,
        time_zone="America/Chicago",
        now=NOW,
    )


@pytest.mark.parametrize(
    ("received", "words"),
    [
        (timedelta(hours=24), "nothing received since 2026-11-22 09:00 (24 hours)"),
        (timedelta(hours=47, minutes=59), "nothing received since 2026-11-21 09:01 (47 hours)"),
        (timedelta(days=3), "nothing received since 2026-11-20 09:00 (3 days)"),
        (timedelta(days=300, hours=5), "nothing received since 2026-01-27 04:00 (300 days)"),
        (None, "never received anything"),
    ],
)
def test_silence_is_told_in_words(received: timedelta | None, words: str) -> None:
    told = silence(received)
    assert told is not None
    assert told.words == words
    assert told.since == (None if received is None else NOW - received)


def test_silence_begins_at_the_partners_limit() -> None:
    assert silence(timedelta(hours=23, minutes=59)) is None
    assert silence(timedelta(0)) is None
    one = silence(timedelta(hours=1), hours=1)
    assert one is not None
    assert one.words.endswith("(1 hour)")
    unvisited = silence(None, visited=False)
    assert unvisited is not None
    assert unvisited.words == "not visited yet"
