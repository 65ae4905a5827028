"""One organisation to whom every file of the corpus is sent, and what becomes of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from edi.findings import Finding, Place, Severity
from rcm.crypto import sha256
from rcm.eligibility.model import Cause
from rcm.eligibility.service import check_coverages
from rcm.exchange.now import exchange_now
from samples.visit import Encounter
from tests.corpus.cases import Case, Ours, told
from tests.harness import Practice
from tests.rcm.eligibility_files import Office
from tests.rcm.intake import encounter

OWN_FILE = {"999", "TA1"}  #: What they say is of a whole file of ours: each case gets its own.


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What became of the files of a case."""

    state: str
    finds: tuple[str, ...]
    posts: int
    sets: tuple[str, ...]
    moves: str


def visit(case: Case) -> Encounter:
    """An encounter of a person of one's own."""
    return encounter(
        external_id=f"VISIT{case.number}",
        patient__external_id=f"MRN{case.number}",
        coverages__0__member_id=f"MEMBER{case.number:06d}",
    )


def exchange(practice: Practice) -> None:
    """Send what is ready, and fetch what is there."""
    practice.drain()
    with practice.unit_of_work() as session:
        exchange_now(session, practice.partner_id)
    practice.drain()


def prepare(practice: Practice, cases: Sequence[Case]) -> dict[int, Ours]:
    """Send a claim and ask a question for each case; return what they are called."""
    alone = [case for case in cases if case.file in OWN_FILE]
    practice.post(*(visit(case) for case in cases if case.file not in OWN_FILE))
    exchange(practice)
    for case in alone:
        practice.post(visit(case))
        exchange(practice)
    with practice.unit_of_work() as session:
        coverages = [row.id for row in practice.rows("SELECT id FROM coverage")]
        check_coverages(session, practice.tools, coverages, cause=Cause.PERSON)
    practice.drain()
    rows = practice.rows(
        "SELECT encounter.external_id, claim.patient_control_number, trace,"
        " file.interchange_number, file.group_number"
        " FROM claim JOIN encounter ON encounter.id = encounter_id"
        " JOIN submission ON submission.claim_id = claim.id JOIN file ON file.id = file_id"
        " JOIN eligibility_check ON eligibility_check.coverage_id = claim.coverage_id"
    )
    return {
        int(row[0].removeprefix("VISIT")): Ours(
            claim=row[1].encode(),
            trace=row[2].encode(),
            interchange=b"%09d" % row[3],
            group=b"%d" % row[4],
        )
        for row in rows
    }


def receive_all(office: Office, sent: Mapping[Case, Sequence[bytes]]) -> None:
    """Put every file into the partner's folder, and fetch them all; second ones come later."""
    for turn in range(max(map(len, sent.values()))):
        for case, bodies in sent.items():
            if len(bodies) > turn:
                path = office.account / "from_payer" / f"{case.number:04d}-{turn}.x12"
                path.write_bytes(bodies[turn])
        exchange(office)
        office.clock.move(timedelta(hours=3))  # What is cut short is waited for, and then taken.
        exchange(office)


def fate(practice: Practice, case: Case, bodies: Sequence[bytes]) -> Fate:
    """Look up what became of the files of a case."""
    files = [_file(practice, body) for body in bodies]
    ids = list(dict.fromkeys(row.id for row in files))
    remittances = practice.rows(
        "SELECT state, findings FROM remittance WHERE file_id = ANY(:ids)"
        " ORDER BY received_at, set_index",
        ids=ids,
    )
    (cash,) = practice.rows(
        "SELECT coalesce(sum(amount_cents), 0)::bigint AS cents FROM posting"
        " JOIN ledger_entry ON ledger_entry.id = entry_id"
        " WHERE account = 'cash:in-transit' AND file_id = ANY(:ids)",
        ids=ids,
    )
    rows = [each for found in (*files, *remittances) for each in found.findings]
    finds = [_finding(row) for row in rows if not row["code"].startswith("GUIDE-")]
    return Fate(
        state=", ".join(row.state for row in files),
        finds=told(finds),
        posts=cash.cents,
        sets=tuple(row.state for row in remittances),
        moves=_moved(practice, case),
    )


def _file(practice: Practice, body: bytes) -> Any:  # noqa: ANN401 - a row
    (row,) = practice.rows(
        "SELECT id, state, findings FROM file WHERE sha256 = :sha256", sha256=sha256(body)
    )
    return row


def _finding(row: Mapping[str, Any]) -> Finding:
    place = dict(row["place"])
    place["segment_id"] = place.pop("segment", "")
    return Finding(
        code=row["code"], severity=Severity(row["severity"]), message="", place=Place(**place)
    )


def _moved(practice: Practice, case: Case) -> str:
    """Return what the claim of a case is now, or what the payer answered about its patient."""
    column = "outcome" if case.file == "271" else "claim.status"
    (row,) = practice.rows(
        f"SELECT {column} FROM claim JOIN encounter ON encounter.id = encounter_id"
        " JOIN eligibility_check ON eligibility_check.coverage_id = claim.coverage_id"
        " WHERE encounter.external_id = :visit",
        visit=f"VISIT{case.number}",
    )
    return row[0] or ""
