"""Use cases of received files: store once, read, and give each transaction set to its use case."""

from collections.abc import Sequence
from functools import lru_cache
from uuid import UUID

from sqlalchemy.orm import Session

from edi.envelope import Interchange
from edi.findings import Finding, Place, ReadError, Severity, error, warning
from edi.guide import NO_GUIDE, validate_guides
from edi.guides import FileType
from edi.reader import read_interchanges
from edi.room import NOT_READ_WHOLE
from rcm import jobs
from rcm.claims.claim_acknowledgment import control_number
from rcm.conformance.second import is_chosen, second_opinion
from rcm.crypto import SealError, sha256
from rcm.decisions.store import is_number_allowed
from rcm.encode import findings_to_json
from rcm.exchange import store
from rcm.exchange.answers import USE_CASES, not_for_us, take_ta1
from rcm.failpoint import failpoint
from rcm.files import read_bytes
from rcm.parties.model import TradingPartner
from rcm.parties.store import partner as find_partner
from rcm.remittance.service import post_transaction_set
from rcm.tools import Tools
from rcm.worklists.items import ItemKind, quarantined
from rcm.worklists.store import open_again, settle_items

#: A file is read once for all of its sets, whose jobs come one after another.
_interchanges = lru_cache(maxsize=1)(read_interchanges)
_DAMAGED = error(
    "X12-FILE-DAMAGED",
    "The stored bytes of the file do not open: they were changed, or the key was.",
    cure="Tell the operator its id: restore it from a backup, or have the partner send it again.",
    place=Place(),
)


def receive_file(
    session: Session, tools: Tools, *, partner_id: UUID, name: str, modified: int, body: bytes
) -> UUID:
    """Store a received file and promise its reading; the same bytes again are only sighted."""
    file_id, is_new = store.add_inbound(
        session,
        tools.keys,
        tools.randomness.uuid(),
        partner_id=partner_id,
        name=name,
        modified=modified,
        body=body,
        now=tools.clock(),
    )
    if is_new:
        jobs.add(session, "read_file", ref_id=file_id)
    return file_id


def read_file(session: Session, tools: Tools, file_id: UUID) -> None:
    """Read a received file: acknowledgments take effect, each 835 is promised its own job.

    What may not be used is quarantined with the reason: not X12, not addressed to us, the wrong
    usage indicator, a number used before for other bytes, more than is read of one file. Nothing
    of a quarantined file takes effect. An interchange that took effect before is ignored; the
    others of its file are used.
    """
    file = store.file(session, file_id)
    if file.state != "received":
        return
    try:
        body = read_bytes(session, tools.keys, file_id)
        interchanges = _interchanges(body)
    except (ReadError, SealError) as refusal:
        why = refusal.finding if isinstance(refusal, ReadError) else _DAMAGED
        _quarantine(session, tools, file_id, [why])
        return
    findings = [finding for each in interchanges for finding in each.findings]
    partner = find_partner(session, tools.keys, file.partner_id)
    may_repeat = is_number_allowed(session, file_id)
    news = _judge_all(session, tools, partner, body, interchanges, may_repeat=may_repeat)
    failpoint("read.judged")
    refusals = [found for each in news for found in each if found.severity is Severity.ERROR]
    if refusals or any(found.code in NOT_READ_WHOLE for found in findings):
        _quarantine(session, tools, file_id, [*refusals, *findings])
        return
    findings.extend(found for each in news for found in each)
    types: set[str] = set()
    set_index = 0
    for n, (interchange, known) in enumerate(zip(interchanges, news, strict=True)):
        if not known:
            raw = _raw(body, interchange)
            before = store.interchange_sha256s(session, file.partner_id, interchange)
            again = len(before) if may_repeat else 0  # 0: the database refuses the number again.
            store.add_interchange(session, file, n, interchange, raw, again=again)
            failpoint("read.registered")
            findings.extend(take_ta1(session, tools, file, interchange))
        for transaction_set in interchange.sets():
            types.add(transaction_set.file_type)
            if not known:
                findings.extend(transaction_set.findings)
                take = USE_CASES.get(transaction_set.file_type, not_for_us)
                findings.extend(take(session, tools, file, set_index, transaction_set))
                failpoint("read.set")
            set_index += 1
    store.set_file(
        session,
        file_id,
        state="read",
        file_type="+".join(sorted(types)) or FileType.INTERCHANGE_ACKNOWLEDGMENT,
        interchange_number=control_number(interchanges[0].control_number),
        findings=findings_to_json(findings),
    )
    sets = [each for interchange in interchanges for each in interchange.sets()]
    held = {f for each in sets if each.file_type is FileType.REMITTANCE for f in each.findings}
    _tell(session, tools, file_id, [found for found in findings if found not in held])
    jobs.add(session, "check_conformance", ref_id=file_id)
    failpoint("read.told")


#: What a file says that nothing here can use: a person has to know whose it is. So is every error,
#: but those of an 835: it is held, and its remittance is the work.
_UNUSED = frozenset(
    {
        "X12-NO-USE-CASE",
        "999-UNKNOWN-GROUP",
        "TA1-UNKNOWN-INTERCHANGE",
        "277CA-UNKNOWN-CLAIMS",
        "271-UNKNOWN-INQUIRY",
    }
)


def _tell(session: Session, tools: Tools, file_id: UUID, findings: list[Finding]) -> None:
    """Open the item of a file of which something was not used, or close the one it had."""
    unused = [
        found for found in findings if found.code in _UNUSED or found.severity is Severity.ERROR
    ]
    if unused:
        item = quarantined(file_id, findings_to_json(unused))
        open_again(session, tools, item, now=tools.clock())
    else:
        settle_items(session, ItemKind.FILE, now=tools.clock(), file_id=file_id)


def _raw(body: bytes, interchange: Interchange) -> bytes:
    return body[interchange.offset : interchange.offset + interchange.length]


def _quarantine(session: Session, tools: Tools, file_id: UUID, findings: list[Finding]) -> None:
    rows = findings_to_json(findings)
    store.set_file(session, file_id, state="quarantined", findings=rows)
    item = quarantined(file_id, rows)
    open_again(session, tools, item, now=tools.clock())


def _judge_all(
    session: Session,
    tools: Tools,
    partner: TradingPartner,
    body: bytes,
    interchanges: Sequence[Interchange],
    *,
    may_repeat: bool,
) -> list[list[Finding]]:
    """Judge each interchange by what was used before, also earlier in the same file."""
    seen: dict[tuple[object, ...], list[bytes]] = {}
    news = []
    for each in interchanges:
        raw = _raw(body, each)
        same = tuple(store.identity_of(partner.id, each).values())
        earlier = seen.setdefault(same, [])
        news.append(_judge(session, tools, partner, each, raw, earlier, may_repeat=may_repeat))
        earlier.append(sha256(raw))
    return news


def _judge(
    session: Session,
    tools: Tools,
    partner: TradingPartner,
    interchange: Interchange,
    raw: bytes,
    earlier: Sequence[bytes],
    *,
    may_repeat: bool,
) -> list[Finding]:
    """Return why an interchange is not used: an error quarantines its file, a warning ignores it.

    Empty: it is new, addressed to us by this partner, and takes effect.
    """

    def at(element: int) -> Place:
        offset = interchange.offset
        return Place(segment_number=1, segment_id="ISA", element=element, byte_offset=offset)

    if b"\0" in raw:  # No text of the database can hold it.
        cure = "Ask the partner for the file without NUL bytes."
        place = Place(byte_offset=interchange.offset + raw.index(b"\0"))
        return [error("X12-NUL", "A NUL byte stands in the interchange.", cure=cure, place=place)]
    found: list[Finding] = []
    if interchange.usage != tools.deployment.usage:
        found.append(
            error(
                "X12-WRONG-USAGE",
                "ISA15 says test in a production deployment, or the reverse.",
                cure="Ask the partner to send it to the other system.",
                place=at(15),
            )
        )
    sender = (interchange.sender_qualifier, interchange.sender_id)
    receiver = (interchange.receiver_qualifier, interchange.receiver_id)
    theirs = (partner.their_qualifier, partner.their_id)
    if (sender, receiver) != (theirs, (partner.our_qualifier, partner.our_id)):
        found.append(
            error(
                "X12-NOT-OURS",
                "The interchange is not from this partner to us (ISA05 to ISA08).",
                cure="Ask the partner whom it was meant for, or correct the partner's identifiers.",
                place=at(6 if sender != theirs else 8),
            )
        )
    before = [*store.interchange_sha256s(session, partner.id, interchange), *earlier]
    return [*found, *_used_before(before, raw, at(13), may_repeat=may_repeat)]


def _used_before(
    before: Sequence[bytes], raw: bytes, place: Place, *, may_repeat: bool
) -> list[Finding]:
    if sha256(raw) in before:
        return [
            warning(
                "X12-REPLAY",
                "This interchange took effect before: it is not used again.",
                cure="Nothing.",
                place=place,
            )
        ]
    if before and not may_repeat:
        return [
            error(
                "X12-NUMBER-AGAIN",
                "This interchange control number was used before for other bytes.",
                cure="Ask the partner for a new number, or allow this one again by a replay.",
                place=place,
            )
        ]
    return []


def post_remittance(session: Session, tools: Tools, file_id: UUID, set_index: int) -> str:
    """Decide the 835 at this place of a file (see `post_transaction_set`).

    What is no 835 at all posts nothing, and is work: a person asks its sender for it again.
    """
    file = store.file(session, file_id)
    body = stored_bytes(session, tools, file_id)
    sets = [each for one in _interchanges(body) for each in one.sets()]
    try:
        return post_transaction_set(session, tools, file, set_index, sets[set_index])
    except ReadError as refusal:
        rows = findings_to_json([refusal.finding])
        store.add_findings(session, file_id, rows)
        item = quarantined(file_id, rows)
        open_again(session, tools, item, now=tools.clock())
        return "unreadable"


def stored_bytes(session: Session, tools: Tools, file_id: UUID) -> bytes:
    """Return the bytes of a file that was read before.

    Raises PermanentJobError where they do not open any more: once they are restored, a person
    tries the job again.
    """
    try:
        return read_bytes(session, tools.keys, file_id)
    except SealError:
        raise jobs.PermanentJobError("FILE-DAMAGED") from None


def check_conformance(session: Session, tools: Tools, file_id: UUID) -> None:
    """Judge a received file by its guides. The verdict is kept on the file; it unposts nothing.

    Of some files pyx12 is asked besides: `Settings.second_opinion_percent`.
    """
    body = stored_bytes(session, tools, file_id)
    found = validate_guides(body)
    if is_chosen(body, tools.second_opinion_percent):
        found += second_opinion(found, tools.conformance(body))
    rows = findings_to_json(found)
    failpoint("conformance.judged")
    store.add_findings(session, file_id, rows)
    if any(each.code == NO_GUIDE for each in found):
        return  # Not checked: there is no map for it.
    has_errors = any(each.severity is Severity.ERROR for each in found)
    store.set_file(session, file_id, conformance="findings" if has_errors else "clean")
