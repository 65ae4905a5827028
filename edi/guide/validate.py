"""One transaction set, or a whole file, by the guides: the verdict as findings."""

from edi.envelope import FunctionalGroup, Interchange, TransactionSet
from edi.findings import Finding, Severity
from edi.guide.catalog import find_map
from edi.guide.report import Report
from edi.guide.walk import walker_of
from edi.reader import read_interchanges

NO_GUIDE = "GUIDE-NO-MAP"  #: The code of the note that nothing was checked.


def validate_with_guide(
    transaction_set: TransactionSet, group: FunctionalGroup, interchange: Interchange
) -> tuple[Finding, ...]:
    """Return what is wrong with one transaction set by its guide, in the order of its segments.

    The envelope (SE01, SE02, control numbers) is the reader's work and not checked here. No map
    for the guide is a note. The first FINDINGS_MAX are kept, the others counted.
    """
    versions = (group.version, transaction_set.version)
    found = find_map(interchange.version, versions, group.functional_id)
    if found is None:
        message = "There is no map of this guide: its conformance was not checked."
        place = transaction_set.segments[0].place(transaction_set=transaction_set.control_number)
        return (Finding(code=NO_GUIDE, severity=Severity.NOTE, message=message, place=place),)
    report = Report()
    walker_of(found, transaction_set.delimiters).run(transaction_set.segments, report)
    return report.findings(transaction_set.control_number)


def validate_guides(body: bytes) -> tuple[Finding, ...]:
    """Return what is wrong with every transaction set of `body` by its guide.

    Raises ReadError where `body` is not X12 at all.
    """
    return tuple(
        finding
        for interchange in read_interchanges(body)
        for group in interchange.groups
        for each in group.sets
        for finding in validate_with_guide(each, group, interchange)
    )
