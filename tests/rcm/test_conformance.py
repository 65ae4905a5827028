"""pyx12 behind a wall: the same verdicts, and whatever ends it is a finding and no more."""

import gc
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from edi.findings import Finding, error
from edi.pyx12_validator import validate_all
from rcm.claims.prove import STOPPING_MAX, ProofUnfinishedError, prove
from rcm.conformance.model import STOPPED, Conformance
from rcm.conformance.pyx12 import STOPS_MAX, Pyx12, ValidatorAwayError
from rcm.exchange.now import exchange_now
from tests.claims import batch, claim, envelope
from tests.edi.x12_texts import GOLDEN
from tests.harness import Practice
from tests.rcm.intake import encounter
from tests.rcm.partner_files import Sent, file_835, payment, receive, remit, send
from workers.handlers import connect_to, make_handlers

GOLDEN_835 = (GOLDEN / "835-two-claims.edi").read_bytes()
BAD_835 = GOLDEN_835.replace(b"CLP*PCN0001*1*200", b"CLP**1*200").replace(b"LX*1~", b"LX*1~~")
BROKEN = GOLDEN_835.replace(b"SVC*HC:99213:25*", b"SVC*HC:99213:25:::::CANARY:::::CANARY*")
#: What answers the first question, and is gone at the second.
DYING = """
import socket, sys
from rcm.conformance.wire import send_json, receive_json
line = socket.socket(fileno=0)
send_json(line, {})
receive_json(line)
sys.exit(9)
"""


@pytest.fixture
def pyx12() -> Iterator[Pyx12]:
    made = Pyx12()
    yield made
    made.close()


def process(pyx12: Pyx12) -> subprocess.Popen[bytes]:
    assert pyx12._validator is not None
    return pyx12._validator.process


def stopped(found: tuple[Finding, ...]) -> list[tuple[str, int, str]]:
    """Where and why pyx12 was stopped."""
    return [
        (each.place.transaction_set, each.place.segment_number, each.message.rpartition(": ")[2])
        for each in found
        if each.code == STOPPED
    ]


def long_835(segments: int) -> bytes:
    return GOLDEN_835.replace(b"LX*1~", b"LX*1~" + b"ZZZ*1~" * segments)


@pytest.mark.parametrize("body", [GOLDEN_835, BAD_835, BROKEN, GOLDEN_835 + b"\r\n" + BAD_835])
def test_the_verdict_is_that_of_pyx12_in_this_process(conformance: Pyx12, body: bytes) -> None:
    assert conformance(body) == validate_all(body)


def test_every_place_is_that_of_the_file_and_not_of_what_was_sent(conformance: Pyx12) -> None:
    bodies = (GOLDEN / "999-partial.edi").read_bytes() + BAD_835
    (found,) = conformance(bodies)
    at = bodies.index(b"CLP**")
    assert (found.place.byte_offset, found.place.segment_id) == (at, "CLP")


def test_one_process_answers_many_questions(pyx12: Pyx12) -> None:
    pyx12(GOLDEN_835)
    first = process(pyx12).pid
    assert pyx12(BAD_835) == validate_all(BAD_835)
    assert process(pyx12).pid == first


def test_one_that_was_killed_is_replaced_unseen(pyx12: Pyx12) -> None:
    pyx12(GOLDEN_835)
    process(pyx12).send_signal(signal.SIGKILL)
    assert pyx12(BAD_835) == validate_all(BAD_835)


def test_its_process_ends_with_it_where_nobody_closes_it() -> None:
    made = Pyx12()
    made(GOLDEN_835)
    validator = process(made)
    del made
    gc.collect()
    assert validator.returncode == -signal.SIGKILL


def test_one_that_dies_of_every_set_is_a_finding_and_is_not_fed_for_ever() -> None:
    pyx12 = Pyx12(program=("-I", "-B", "-c", DYING))
    found = pyx12(GOLDEN_835 * (STOPS_MAX + 2))
    assert stopped(found) == [
        *[("0001", 3, "its process died, twice.")] * STOPS_MAX,
        ("0001", 3, "From this transaction set on the file was not checked by pyx12."),
    ]
    assert len({each.place.byte_offset for each in found}) == STOPS_MAX + 1
    pyx12.close()


def test_one_that_hangs_is_ended(pyx12: Pyx12) -> None:
    pyx12.seconds_grace = 0
    pyx12(GOLDEN_835)
    hung = process(pyx12)
    hung.send_signal(signal.SIGSTOP)
    began = time.monotonic()
    assert stopped(pyx12(GOLDEN_835, seconds=1)) == [("0001", 3, "it did not answer.")]
    assert time.monotonic() - began < 10
    assert hung.poll() == -signal.SIGKILL
    pyx12.seconds_grace = 30
    assert pyx12(GOLDEN_835) == ()


def test_processor_time_is_limited_and_given_anew_with_every_file(pyx12: Pyx12) -> None:
    body = long_835(30_000)
    assert stopped(pyx12(body, seconds=1)) == [
        ("0001", 3, "it needed more processor time than a file may have.")
    ]
    both = pyx12(body + GOLDEN_835, seconds=1)
    assert [place[2].partition(" ")[0] for place in stopped(both)] == ["it", "From"]
    assert pyx12(GOLDEN_835, seconds=1) == ()


def test_memory_is_limited(pyx12: Pyx12) -> None:
    pyx12.memory_bytes_max = 20 * 1024 * 1024
    found = pyx12(GOLDEN_835 + long_835(150_000))
    assert stopped(found) == [("0001", 3, "it needed more memory than it may have.")]
    assert pyx12(BAD_835) == validate_all(BAD_835)


def test_the_first_thousand_findings_are_kept_and_the_others_counted(pyx12: Pyx12) -> None:
    found = pyx12(long_835(3_000))
    assert len(found) == 1_001
    assert found[-1].code == "X12-MORE-FINDINGS"
    assert found[-1].message.startswith("2000 more")


def test_none_that_can_be_started_is_no_fault_of_the_file() -> None:
    with pytest.raises(ValidatorAwayError):
        Pyx12(program=("-c", "raise SystemExit"))(GOLDEN_835)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_it_knows_no_secret_and_may_write_nothing(
    pyx12: Pyx12, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RCM_KEY_FILE", "Canary")
    pyx12(GOLDEN_835)
    about = Path(f"/proc/{process(pyx12).pid}")
    assert about.joinpath("environ").read_bytes() == b""
    limits = {
        line[:26].strip(): line[26:].split()[0]
        for line in about.joinpath("limits").read_text().splitlines()
    }
    assert limits["Max core file size"] == limits["Max file size"] == "0"
    assert int(limits["Max address space"]) < 1024**3
    assert int(limits["Max cpu time"]) <= 130
    for name in ("1", "2"):
        assert about.joinpath("fd", name).readlink() == Path(os.devnull)


PARENT = """
import sys
from rcm.conformance.pyx12 import Pyx12
pyx12 = Pyx12()
body = sys.stdin.buffer.read()
pyx12(body[:int(sys.argv[1])])
print(pyx12._validator.process.pid, flush=True)
pyx12(body)
"""


def test_it_dies_with_its_parent_also_while_it_computes() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, str(len(GOLDEN_835))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as parent:
        assert parent.stdin is not None
        assert parent.stdout is not None
        parent.stdin.write(GOLDEN_835 + long_835(100_000))
        parent.stdin.close()
        pid = int(parent.stdout.readline())
        time.sleep(0.2)  # It is reading, or computing for many seconds.
        parent.kill()
    until = time.monotonic() + 10
    while is_alive(pid) and time.monotonic() < until:
        time.sleep(0.05)
    assert not is_alive(pid)


def is_alive(pid: int) -> bool:
    """Tell whether a process runs; one that nobody has buried yet does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/stat")
    return not status.exists() or status.read_text().rpartition(") ")[2][0] != "Z"


def judged_by(practice: Practice, conformance: Conformance) -> Practice:
    """The same organisation, whose files somebody else judges."""
    tools = replace(practice.tools, conformance=conformance, second_opinion_percent=100)
    judging = make_handlers(tools, connect_to)
    handlers = {**practice.runner.handlers} | {
        kind: judging[kind] for kind in ("batch_claims", "check_conformance")
    }
    return replace(practice, tools=tools, runner=replace(practice.runner, handlers=handlers))


@pytest.fixture
def sent(practice: Practice) -> Sent:
    """A claim that was sent."""
    (one,) = send(practice, encounter())
    return one


def test_a_file_that_stops_pyx12_is_used_and_says_so(practice: Practice, sent: Sent) -> None:
    dying = Pyx12(program=("-I", "-B", "-c", DYING))
    body = file_835(remit(payment(sent.number, 10_000, 10_000)))
    file_id = receive(judged_by(practice, dying), body)
    dying.close()
    ((state, conformance, found),) = practice.rows(
        "SELECT state, conformance, findings FROM file WHERE id = :f", f=file_id
    )
    assert (state, conformance) == ("read", "findings")
    assert STOPPED in [each["code"] for each in found]
    assert practice.rows("SELECT kind, last_error_code FROM job WHERE state <> 'done'") == []
    assert practice.rows("SELECT state FROM remittance") == [("posted",)]


def stopping(is_odd: Callable[[bytes], bool]) -> Conformance:
    """What gives up at such a file."""

    def judge(body: bytes, *, seconds: int = 0) -> tuple[Finding, ...]:
        del seconds
        return (error(STOPPED, "It could not finish."),) if is_odd(body) else ()

    return judge


def exchanged(practice: Practice, conformance: Conformance) -> list[tuple[str, list[str]]]:
    """What becomes of the claims that wait: status and findings."""
    with practice.unit_of_work() as session:
        exchange_now(session, practice.partner_id)
    judged_by(practice, conformance).drain()
    rows = practice.rows("SELECT status, findings FROM claim ORDER BY status")
    return [(row.status, [each["code"] for each in row.findings]) for row in rows]


@pytest.fixture
def numbers(practice: Practice) -> list[bytes]:
    """The control numbers of two claims that wait to be sent."""
    practice.post(encounter(), encounter(external_id="two"))
    practice.drain()
    return [row[0].encode() for row in practice.rows("SELECT patient_control_number FROM claim")]


def test_a_claim_that_stops_pyx12_is_held_and_the_others_go(
    practice: Practice, numbers: list[bytes]
) -> None:
    rows = exchanged(practice, stopping(lambda body: numbers[0] in body))
    assert rows == [("held", [STOPPED]), ("submitted", [])]
    held = practice.rows("SELECT patient_control_number FROM claim WHERE status = 'held'")
    assert held == [(numbers[0].decode(),)]


def test_a_batch_that_stops_pyx12_by_no_claims_fault_waits_and_a_person_is_told(
    practice: Practice, numbers: list[bytes]
) -> None:
    rows = exchanged(practice, stopping(lambda body: all(each in body for each in numbers)))
    assert rows == [("ready", []), ("ready", [])]
    state = "SELECT state, last_error_code FROM job WHERE kind = 'batch_claims'"
    assert practice.rows(state) == [("dead", "PROOF-UNFINISHED")]
    assert practice.rows("SELECT id FROM file UNION SELECT id FROM ledger_entry") == []
    rows = exchanged(practice, practice.tools.conformance)
    assert rows == [("submitted", []), ("submitted", [])]


def test_a_fault_of_every_claim_is_no_claims_fault() -> None:
    claims = [claim(patient_control_number=f"PCN{n}") for n in range(STOPPING_MAX + 1)]
    with pytest.raises(ProofUnfinishedError):
        prove(batch(*claims), envelope(), stopping(lambda _: True))
    refused, _ = prove(batch(*claims[1:]), envelope(), stopping(lambda _: True))
    assert len(refused) == STOPPING_MAX
