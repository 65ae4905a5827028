"""One transaction set 837 of any kind to FiledClaims: the levels above the claims."""

from edi.claim_837.filed.model import (
    PARENTS,
    BillingLevel,
    FiledClaims,
    PatientLevel,
    SubscriberLevel,
)
from edi.claim_837.filed.party import Party, read_party
from edi.claim_837.filed.read_claim import read_claim
from edi.claim_837.filed.segments import COVERAGE, CURRENCY, PATIENT
from edi.cursor import Cursor
from edi.envelope import TransactionSet
from edi.findings import ReadError, error
from edi.hierarchy import Level, read_levels
from edi.loops import LoopReader, remaining, split
from edi.notes import Notes
from edi.party_segments import BEGINNING, PROVIDER_ROLE
from edi.segment import Segment


def read_837(transaction_set: TransactionSet) -> FiledClaims:
    """Return what a professional, institutional or dental 837 files; what is wrong is a finding.

    Other versions are read alike, with a note. Raises ReadError only where the set is no 837 at
    all: ST01 is another, or it has no BHT.
    """
    cursor = Cursor(transaction_set)
    notes = Notes(transaction_set)
    bht = cursor.take_if("BHT")
    if transaction_set.set_id != "837" or bht is None:
        place = transaction_set.segments[0].place(transaction_set=cursor.set_number)
        cure = "Read it as what it is, or ask the sender for an 837."
        message = "The transaction set files no claims."
        raise ReadError(error("837-NOT-837", message, cure=cure, place=place))
    head: list[Segment] = []
    while not cursor.is_at_end and cursor.peek().id != "HL":
        head.append(cursor.take())
    before, names = split(head, "NM1")
    strays, levels = read_levels(remaining(cursor), PARENTS, notes)
    beginning = BEGINNING.read(bht, notes, "")
    parties = tuple(read_party(each, notes, "1000") for each in names)
    providers = tuple(_billing(level, notes) for level in levels)
    return FiledClaims(
        beginning=beginning,
        parties=parties,
        providers=providers,
        other=(*before, *strays),
        file_type=transaction_set.file_type,
        delimiters=transaction_set.delimiters,
        findings=notes.findings,
    )


def _parts(
    level: Level, notes: Notes, name: str, parties: str
) -> tuple[LoopReader, tuple[Party, ...], list[list[Segment]]]:
    """Return a reader of the level's own segments, its parties, and its claims to be read."""
    body, claims = split(level.body, "CLM")
    head, names = split(body, "NM1")
    read = tuple(read_party(each, notes, parties) for each in names)
    return LoopReader(head, notes, name), read, claims


def _billing(level: Level, notes: Notes) -> BillingLevel:
    loop, parties, claims = _parts(level, notes, "2000A", "2010A")
    return BillingLevel(
        specialty=loop.first(PROVIDER_ROLE),
        currency=loop.first(CURRENCY),
        parties=parties,
        subscribers=tuple(_subscriber(child, notes) for child in level.children),
        other=(*loop.rest(), *_strays(claims, notes)),
        order=loop.order,
    )


def _strays(claims: list[list[Segment]], notes: Notes) -> tuple[Segment, ...]:
    """Return the segments of claims that stand under no subscriber, with an error each."""
    for clm, *_ in claims:
        message = "A claim stands under no subscriber; it was kept but not read."
        notes.error("837-STRAY-CLAIM", message, clm, 0, "2000A")
    return tuple(segment for claim in claims for segment in claim)


def _subscriber(level: Level, notes: Notes) -> SubscriberLevel:
    loop, parties, claims = _parts(level, notes, "2000B", "2010B")
    return SubscriberLevel(
        coverage=loop.first(COVERAGE),
        facts=loop.first(PATIENT),
        parties=parties,
        claims=tuple(read_claim(each, notes) for each in claims),
        patients=tuple(_patient(child, notes) for child in level.children),
        other=loop.rest(),
        order=loop.order,
    )


def _patient(level: Level, notes: Notes) -> PatientLevel:
    loop, parties, claims = _parts(level, notes, "2000C", "2010CA")
    return PatientLevel(
        facts=loop.first(PATIENT),
        parties=parties,
        claims=tuple(read_claim(each, notes) for each in claims),
        other=loop.rest(),
        order=loop.order,
    )
