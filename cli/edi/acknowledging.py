"""`rcm edi ack`: the TA1 and 999 that answer a file."""

import dataclasses
import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from cli.edi.files import EXIT_FINDINGS, EXIT_NOT_X12, FILE, FileUnreadError, whole
from cli.edi.showing import print_refusal
from edi.acknowledge_group import acknowledge
from edi.acknowledgment_999 import write_999
from edi.acknowledgment_ta1 import acknowledge_interchange, write_ta1
from edi.delimiters import STANDARD
from edi.envelope import Envelope, FunctionalGroup, Interchange
from edi.findings import Finding, ReadError, WriteError
from edi.guide import validate_with_guide
from edi.guides import Guide
from edi.reader import read_interchanges
from edi.writer import write_interchange

_ANSWERS = "FA"  #: GS01 of a 999: it is not answered.
_MOMENTS = ["%Y-%m-%dT%H:%M"]
_NUMBER = click.IntRange(1, 999_999_999)


@click.command()
@click.argument("file", type=FILE)
@click.option("--interchange-number", type=_NUMBER, required=True, help="ISA13 of the answer.")
@click.option("--group-number", type=_NUMBER, required=True, help="GS06 of the answer.")
@click.option("--at", type=click.DateTime(_MOMENTS), help="Its date and time; now where not given.")
@click.option("--no-ta1", is_flag=True, help="Write no TA1.")
@click.option("--no-999", "no_999", is_flag=True, help="Write no 999.")
def ack(
    file: Path,
    *,
    interchange_number: int,
    group_number: int,
    at: datetime | None,
    no_ta1: bool,
    no_999: bool,
) -> None:
    """Write what answers FILE: a TA1 for each interchange, a 999 for each of its groups.

    Sets are accepted or rejected by envelope and guide. The same FILE, numbers and --at give the
    same bytes; of several interchanges the numbers count on. Exit code 1: something is rejected.
    """
    try:
        interchanges = read_interchanges(whole(file))
    except ReadError as refusal:
        print_refusal(file, refusal)
        sys.exit(EXIT_NOT_X12)
    moment = at or datetime.now(UTC)
    is_accepted = True
    for n, interchange in enumerate(interchanges):
        sets, accepted = [], acknowledge_interchange(interchange).is_accepted
        for group in interchange.groups if not no_999 else ():
            if group.functional_id != _ANSWERS:
                verdict = acknowledge(group, _findings(group, interchange), interchange)
                accepted &= all(each.is_accepted for each in verdict.sets)
                sets.append(("999", write_999(verdict, STANDARD)))
        is_accepted &= accepted
        ta1 = None if no_ta1 else write_ta1([acknowledge_interchange(interchange)], STANDARD)
        numbers = (interchange_number + n, group_number + n)
        try:
            envelope = _envelope(interchange, numbers, moment)
            sys.stdout.buffer.write(write_interchange(envelope, sets, ta1))
        except WriteError as reason:
            raise FileUnreadError(f"{file}: cannot be answered: {reason}") from None
    sys.exit(0 if is_accepted else EXIT_FINDINGS)


def _findings(group: FunctionalGroup, interchange: Interchange) -> dict[str, list[Finding]]:
    found: dict[str, list[Finding]] = {}
    for each in group.sets:
        wrong = validate_with_guide(each, group, interchange)
        found.setdefault(each.control_number, []).extend(wrong)
    return found


def _envelope(theirs: Interchange, numbers: tuple[int, int], moment: datetime) -> Envelope:
    """Return the envelope back to the sender."""
    group = next(iter(theirs.groups), None)
    return Envelope(
        sender_qualifier=theirs.receiver_qualifier,
        sender_id=theirs.receiver_id,
        receiver_qualifier=theirs.sender_qualifier,
        receiver_id=theirs.sender_id,
        group_sender=group.receiver if group else theirs.receiver_id,
        group_receiver=group.sender if group else theirs.sender_id,
        interchange_number=numbers[0],
        group_number=numbers[1],
        usage=theirs.usage,
        written_at=moment,
        guide=Guide.ACKNOWLEDGMENT,
        delimiters=dataclasses.replace(STANDARD, line_end="\n"),
    )
