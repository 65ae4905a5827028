"""`rcm edi annotate`: every segment and element with its name and meaning."""

import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from rich.markup import escape

from cli.edi.files import (
    EXIT_NOT_X12,
    csv_option,
    explained,
    files_argument,
    json_option,
    print_csv,
    print_json,
    refuse_both,
    screen,
)
from edi.annotation import AnnotatedElement, AnnotatedSegment, loop_words
from edi.annotation.pins import segment_at
from edi.findings import Finding, ReadError
from edi.judge import judge
from rcm.encode import findings_to_json


@click.command()
@files_argument
@json_option
@csv_option
@click.option("--reveal", is_flag=True, help="Show the values of people unmasked.")
def annotate(files: tuple[Path, ...], *, as_json: bool, as_csv: bool, reveal: bool) -> None:
    """Explain FILES: name and meaning of every segment and element, its loop, bytes and findings.

    People are masked unless --reveal. Exit code 2: a file is not X12, or an ISA is broken.
    """
    refuse_both(as_json=as_json, as_csv=as_csv)
    every = [_Explained(file, reveal=reveal) for file in files]
    if as_json:
        print_json([each.document() for each in every])
    elif as_csv:
        print_csv(row for each in every for row in each.rows())
    else:
        for each in every:
            each.print()
    if not all(each.is_x12 for each in every):
        sys.exit(EXIT_NOT_X12)


class _Explained:
    """One file, with what is wrong at each segment."""

    def __init__(self, file: Path, *, reveal: bool) -> None:
        self.file, self.reveal = file, reveal
        body, self.annotated = explained(file)
        self.is_x12 = True
        self.findings: dict[int, list[Finding]] = defaultdict(list)
        try:
            findings = judge(body)
        except ReadError as refusal:
            self.is_x12, findings = False, [refusal.finding]
        for found in findings:
            at = segment_at(self.annotated.index, found.place.byte_offset)
            self.findings[at].append(found)

    def path(self, segment: AnnotatedSegment) -> str:
        """Return the loops above a segment: ISA/GS/ST/2000A/2010AA."""
        loops, at, names = self.annotated.index.loops, segment.loop, list[str]()
        while True:
            loop = loops[at]
            names.append(loop.id)
            if loop.parent is None:
                return "/".join(reversed(names))
            at = loop.parent

    def value(self, each: AnnotatedElement) -> str:
        return each.value if self.reveal else each.shown

    def meaning(self, each: AnnotatedElement) -> str:
        return each.meaning if self.reveal or not each.is_private else ""

    def document(self) -> dict[str, Any]:
        return {
            "file": str(self.file),
            "findings": findings_to_json(self.findings.get(0, ())),
            "segments": [
                {
                    "number": each.number,
                    "id": each.id,
                    "name": each.name,
                    "gloss": each.gloss,
                    "loop": self.path(each),
                    "start": each.start,
                    "end": each.end,
                    "is_placed": each.is_placed,
                    "elements": [self._element(element) for element in each.elements],
                    "findings": findings_to_json(self.findings.get(each.number, ())),
                }
                for each in self.annotated.segments
            ],
        }

    def _element(self, each: AnnotatedElement) -> dict[str, Any]:
        return {
            "position": each.position,
            "repetition": each.repetition,
            "name": each.name,
            "value": self.value(each),
            "meaning": self.meaning(each),
            "is_private": each.is_private,
        }

    def rows(self) -> Iterator[dict[str, Any]]:
        for segment in self.annotated.segments:
            for each in segment.elements:
                yield {
                    "file": str(self.file),
                    "segment_number": segment.number,
                    "start": segment.start,
                    "end": segment.end,
                    "loop": self.path(segment),
                    **self._element(each),
                }

    def print(self) -> None:
        console, loop_at = screen(), -1
        for segment in self.annotated.segments:
            if segment.loop != loop_at:
                loop_at = segment.loop
                loop = self.annotated.index.loops[loop_at]
                words = escape(f"{self.path(segment)}  {loop_words(loop)}")
                console.print(f"[dim]{words}[/dim]")
            console.print(
                f"{segment.number:>6} [bold]{escape(segment.id or '?')}[/bold]"
                f"  {escape(segment.gloss)}  [dim]bytes {segment.start}-{segment.end}[/dim]"
            )
            for each in segment.elements:
                if each.value:
                    meaning = self.meaning(each)
                    console.print(
                        f"         {each.position:<10} {escape(each.name):<42.42}"
                        f" {escape(self.value(each))}{f'  = {escape(meaning)}' if meaning else ''}"
                    )
            for found in self.findings.get(segment.number, ()):
                text = escape(f"{found.severity} {found.code} {found.message}")
                console.print(f"       [red]! {text}[/red]")
