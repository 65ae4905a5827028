"""I1 to I12 of the reliability plan: what must hold after every fault, each a function.

Each yields what is wrong, in words that say where to look; nothing is the proof. They read the
tables and the partner's folders, not what the code says of them.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from statistics import quantiles

import redis

from rcm.chains.model import Chain
from rcm.chains.verify import verify_chain
from rcm.crypto import sha256
from sandbox.state import read_state
from tests.e2e.leaks import names_a_patient
from tests.faults.evidence import Evidence

Wrong = Iterator[str]
TEMPORARY_SECONDS_MAX = 3600
DELAY_MIN_MS = 2_000  #: A poll of the relay: no delay is told apart below it.


def check_invariants(evidence: Evidence) -> None:
    """Fail, and say everything that is wrong."""
    wrong = [
        f"{name}: {words}"
        for name, invariant in INVARIANTS.items()
        for words in invariant(evidence)
    ]
    assert not wrong, "\n" + "\n".join(wrong)


def everything_received_is_decided(e: Evidence) -> Wrong:
    """I1: received = posted + quarantined + rejected + pending, which a drain leaves empty."""
    kept = {row.external_id for row in e.rows("SELECT external_id FROM encounter")}
    yield from (f"an accepted encounter is lost: {each}" for each in sorted(e.posted - kept))
    for row in e.rows(
        "SELECT e.id FROM encounter e LEFT JOIN claim c ON c.encounter_id = e.id"
        " WHERE (e.status = 'claimed') <> (c.id IS NOT NULL)"
    ):
        yield f"an encounter and its claim contradict each other: {row.id}"
    decided = {
        (row.file_id, row.set_index) for row in e.rows("SELECT file_id, set_index FROM remittance")
    }
    explained = {
        row.id
        for row in e.rows(
            "SELECT id FROM file WHERE jsonb_path_exists(findings, '$[*] ?"
            ' (@.severity == "error" || @.code == "X12-REPLAY")\')'
        )
    }
    waiting = {
        (row.ref_id, row.ref_part)
        for row in e.rows("SELECT ref_id, ref_part FROM job WHERE state IN ('ready', 'running')")
    }
    for file_id, payments in e.payments().items():
        for each in payments:
            place = (file_id, each.set_index)
            if place not in decided | waiting and file_id not in explained:
                yield f"a payment of a file is lost: {file_id}, set {each.set_index}"
    if e.is_drained:
        yield from _pending(e)


def _pending(e: Evidence) -> Wrong:
    for what, sql in {
        "an encounter": "SELECT id FROM encounter WHERE status = 'received'",
        "a file": "SELECT id FROM file WHERE state IN ('received', 'frozen', 'uncertain')",
        "a remittance": "SELECT id FROM remittance WHERE state = 'waiting'",
        "a job": "SELECT kind || ' ' || id AS id FROM job WHERE state IN ('ready', 'running')",
        "a failed job": "SELECT kind || ' ' || coalesce(last_error_code, '') || ' ' || id AS id"
        " FROM job WHERE state IN ('dead', 'quarantined')",
    }.items():
        yield from (f"{what} still waits: {row.id}" for row in e.rows(sql))
    ((noted,),) = e.rows("SELECT count(*) FROM unfetched")
    lying = len(e.folder("from_payer"))
    if lying != noted:
        yield f"{lying} files lie with the partner, {noted} are noted"


def everything_sums_to_zero(e: Evidence) -> Wrong:
    """I2: every entry, and so the whole ledger."""
    for row in e.rows(
        "SELECT entry_id, sum(amount_cents) AS cents FROM posting GROUP BY 1"
        " HAVING sum(amount_cents) <> 0"
    ):
        yield f"entry {row.entry_id} sums to {row.cents}"
    for row in e.rows(
        "SELECT id FROM ledger_entry WHERE NOT EXISTS"
        " (SELECT FROM posting WHERE entry_id = ledger_entry.id)"
    ):
        yield f"entry {row.id} has no postings"
    ((total,),) = e.rows("SELECT coalesce(sum(amount_cents), 0)::bigint FROM posting")
    if total != 0:
        yield f"the ledger sums to {total}"


def cash_is_what_was_paid(e: Evidence) -> Wrong:
    """I3: cash = the sum of BPR02 of what is posted, each read from its file's bytes."""
    posted = {
        (row.file_id, row.set_index): row.id
        for row in e.rows("SELECT id, file_id, set_index FROM remittance WHERE state = 'posted'")
    }
    paid = {
        posted[file_id, each.set_index]: each.payment_cents
        for file_id, payments in e.payments().items()
        for each in payments
        if (file_id, each.set_index) in posted
    }
    cash = {
        row.remittance_id: row.cents
        for row in e.rows(
            "SELECT remittance_id, sum(amount_cents)::bigint AS cents FROM posting"
            " WHERE account IN ('cash:in-transit', 'cash:bank') GROUP BY 1"
        )
    }
    for remittance_id in set(posted.values()):
        said, there = paid.get(remittance_id), cash.pop(remittance_id, 0)
        if said != there:
            yield f"remittance {remittance_id} pays {said}, and cash has {there}"
    yield from (f"cash of no posted remittance: {each}" for each in cash)


_TWICE = {
    "ledger key": "SELECT key AS what FROM ledger_entry GROUP BY key HAVING count(*) > 1",
    "payment": "SELECT trace AS what FROM remittance WHERE state = 'posted' GROUP BY payer_id,"
    " trace, payment_date, payment_cents, payee_id, content_sha256 HAVING count(*) > 1",
    "transaction set": "SELECT min(id::text) AS what FROM remittance GROUP BY file_id, set_index"
    " HAVING count(*) > 1",
    "received file": "SELECT min(id::text) AS what FROM file WHERE direction = 'inbound'"
    " GROUP BY partner_id, sha256 HAVING count(*) > 1",
    "interchange number": "SELECT interchange_number AS what FROM file WHERE direction = 'outbound'"
    " GROUP BY partner_id, interchange_number HAVING count(*) > 1",
    "encounter": "SELECT external_id AS what FROM encounter GROUP BY source, external_id"
    " HAVING count(*) > 1",
    "claim of an encounter": "SELECT min(id::text) AS what FROM claim GROUP BY encounter_id"
    " HAVING count(*) > 1",
    "event of a claim": "SELECT key AS what FROM claim_event GROUP BY key HAVING count(*) > 1",
    "tick": "SELECT name AS what FROM cron_tick GROUP BY name, scheduled_for HAVING count(*) > 1",
    "work item": "SELECT key AS what FROM work_item GROUP BY key HAVING count(*) > 1",
    "charge of a claim": "SELECT c.id AS what FROM claim c JOIN posting p ON p.claim_id = c.id"
    " WHERE p.account = 'revenue:charges' AND c.status NOT IN ('held', 'ready', 'on_hold')"
    " GROUP BY c.id, c.charge_cents HAVING sum(-p.amount_cents) NOT IN (0, c.charge_cents)",
    "submission of a claim": "SELECT claim_id AS what FROM submission s GROUP BY claim_id"
    " HAVING count(*) > 1 + (SELECT count(*) FROM claim_event e WHERE e.claim_id = s.claim_id"
    " AND event IN ('refused', 'rejected_by_clearinghouse', 'rejected_by_payer'))",
}


def each_natural_key_is_once(e: Evidence) -> Wrong:
    """I4: nothing is posted, charged, sent, stored or told twice."""
    for what, sql in _TWICE.items():
        yield from (f"more than once: {what} {row.what}" for row in e.rows(sql))


def nothing_vanished_from_the_partner(e: Evidence) -> Wrong:
    """I6: a file has left the partner's folder only if its bytes are ours, committed."""
    ours = {
        bytes(row.sha256) for row in e.rows("SELECT sha256 FROM file WHERE direction = 'inbound'")
    }
    for file in e.folder("archive"):
        if sha256(file.read_bytes()) not in ours:
            yield f"moved away, and not ours: {file.name}"
    sighted = {row.name for row in e.rows("SELECT DISTINCT name FROM file_sighting")}
    staged = e.private / "staged"
    there = [each.name for each in e.folder("from_payer")] + [
        each.name for each in (staged.iterdir() if staged.exists() else ())
    ]
    numbers = {name[:9] for name in (*sighted, *there)}
    yield from (f"answer {each} is gone" for each in _answers(e) if each not in numbers)


def _answers(e: Evidence) -> list[str]:
    """The number of each answer that the sandbox has given."""
    state = e.private / "state.json"
    if not state.exists():
        return []
    given = read_state(state).numbers.interchange
    return [f"{number:09d}" for number in range(1, given)]


def each_file_was_sent_once_as_frozen(e: Evidence) -> Wrong:
    """I7: one file of each name with the partner, its bytes those that were frozen."""
    there = {file.name: file.read_bytes() for file in e.folder("to_payer")}
    numbers: dict[bytes, str] = {}
    for name, body in there.items():
        if (number := body[90:99]) in numbers:
            yield f"ISA13 {number.decode()} was sent as {numbers[number]} and as {name}"
        numbers[number] = name
    for row in e.rows("SELECT id, name, state, sha256 FROM file WHERE direction = 'outbound'"):
        frozen, found = bytes(row.sha256), there.pop(row.name, None)
        stored = e.bytes_of(row.id)
        if row.id not in e.damaged and (stored is None or sha256(stored) != frozen):
            yield f"the stored bytes of {row.name} are not those that were frozen"
        if found is not None and sha256(found) != frozen:
            yield f"{row.name} is not what was frozen"
        if found is None and row.state in ("sent", "accepted", "rejected"):
            yield f"{row.name} is {row.state}, and not with the partner"
    yield from (f"the partner has {name}, which we do not know" for name in there)


def no_job_runs_without_a_lease(e: Evidence) -> Wrong:
    """I8: two leases after a worker's death its job is in other hands."""
    for row in e.rows(
        "SELECT id, kind FROM job WHERE state = 'running'"
        " AND (lease_until IS NULL OR lease_until < now() - make_interval(secs => 2 * :lease))",
        lease=e.lease_seconds,
    ):
        yield f"{row.kind} {row.id} runs in nobody's hands"


def nobody_is_named(e: Evidence) -> Wrong:
    """I9: no patient's name is in a log or in the broker."""
    for folder in e.logs:
        for file in sorted(each for each in folder.rglob("*") if each.is_file()):
            if names_a_patient(file.read_bytes()):
                yield f"a patient's name is in {file.name}"
    if not e.redis_url:
        return
    with redis.Redis.from_url(e.redis_url) as broker:
        for key in broker.scan_iter():
            kept = broker.dump(key) if broker.type(key) != b"list" else None
            bodies = [kept or b""] if kept else broker.lrange(key, 0, -1)
            if any(names_a_patient(body) for body in (key, *bodies)):
                yield f"a patient's name is in the broker, below {key!r}"


_UNEXPLAINED = {
    "quarantined file": "SELECT id FROM file WHERE state = 'quarantined' AND (findings = '[]'"
    " OR NOT EXISTS (SELECT FROM work_item w WHERE w.file_id = file.id AND kind = 'file'))",
    "held remittance": "SELECT id FROM remittance r WHERE state = 'held' AND (findings = '[]'"
    " OR NOT EXISTS (SELECT FROM work_item w WHERE w.remittance_id = r.id))",
    "held encounter": "SELECT id FROM encounter e WHERE status = 'held' AND (findings = '[]'"
    " OR NOT EXISTS (SELECT FROM work_item w WHERE w.encounter_id = e.id))",
    "held claim": "SELECT id FROM claim c WHERE status = 'held' AND (findings = '[]'"
    " OR NOT EXISTS (SELECT FROM work_item w WHERE w.claim_id = c.id))",
    "failed job": "SELECT id FROM job WHERE state IN ('dead', 'quarantined')"
    " AND coalesce(last_error_code, '') = ''",
}


def each_refusal_is_explained(e: Evidence) -> Wrong:
    """I10: what was refused or held says why, and is somebody's work."""
    for what, sql in _UNEXPLAINED.items():
        yield from (f"{what} without a reason or an item: {row.id}" for row in e.rows(sql))


def others_are_not_delayed(e: Evidence) -> Wrong:
    """I11: what a fault did not touch takes at most twice as long as without it, at p95."""
    if not e.delays:
        return
    alone, beside = (_p95(e.delays[which]) for which in ("alone", "beside"))
    if beside > 2 * max(alone, DELAY_MIN_MS):
        yield f"others took {beside} ms at p95, alone {alone} ms"


def _p95(delays: Sequence[int]) -> int:
    return round(quantiles([*delays, delays[-1]], n=20, method="inclusive")[-1])


def no_upload_is_left_behind(e: Evidence) -> Wrong:
    """I12: no temporary file is older than an hour."""
    oldest = time.time() - TEMPORARY_SECONDS_MAX
    for file in e.temporary():
        if file.stat().st_mtime < oldest:
            yield f"an upload was left behind: {file.name}"


def the_chains_are_whole(e: Evidence) -> Wrong:
    """I5: ledger and audit log are as they were chained, and the chains as they were signed."""
    for chain in Chain:
        for breach in verify_chain(e.session, chain, e.witnesses.get(chain)).breaches:
            yield f"{chain}: {breach.said}"


INVARIANTS: Mapping[str, Callable[[Evidence], Wrong]] = {
    "I1": everything_received_is_decided,
    "I2": everything_sums_to_zero,
    "I3": cash_is_what_was_paid,
    "I4": each_natural_key_is_once,
    "I5": the_chains_are_whole,
    "I6": nothing_vanished_from_the_partner,
    "I7": each_file_was_sent_once_as_frozen,
    "I8": no_job_runs_without_a_lease,
    "I9": nobody_is_named,
    "I10": each_refusal_is_explained,
    "I11": others_are_not_delayed,
    "I12": no_upload_is_left_behind,
}
