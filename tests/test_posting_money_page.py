"""docs/posting-money.md is true: its file is posted on the database, and gives its tables."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from edi.money import read_amount
from edi.reader import read_interchanges
from edi.remittance_835.balance import check_balance
from edi.remittance_835.read import read_835
from rcm.clock import SystemRandomness
from rcm.db import UnitOfWork
from rcm.ledger.store import balances
from rcm.proof import verify
from rcm.tools import Tools
from tests.harness import Practice, make_practice
from tests.rcm.intake import encounter
from tests.rcm.partner_files import receive, send

PAGE = (Path(__file__).parents[1] / "docs" / "posting-money.md").read_text(encoding="utf-8")
NUMBER = "QK7MVT3RW9XD2HNAH"
POSTING = re.compile(
    r"^\| (\d) ([\w ]+) \| `([\w:-]+)` \| (-?[\d,]+) \| (\d*) \| ([\w-]*) \|"
    r" ([A-Z0-9]+) (\d+)\.(\d+) \|$",
    re.MULTILINE,
)
KINDS = {
    "charge": "charge",
    "payment of claim 1": "claim_payment",
    "payment of claim 2": "claim_payment",
    "PLB 1": "provider_adjustment",
    "PLB 2": "provider_adjustment",
}


class OneNumber(SystemRandomness):
    """Chance, but for the number of the claim."""

    def text(self, alphabet: str, length: int) -> str:
        return NUMBER[:-1] if length == len(NUMBER) - 1 else super().text(alphabet, length)


def part(heading: str) -> str:
    return PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def file() -> bytes:
    found = re.search(r"```x12\n(.*?)```", PAGE, re.DOTALL)
    assert found is not None
    return found[1].encode()


@pytest.fixture
def practice(unit_of_work: UnitOfWork, tools: Tools, tmp_path: Path) -> Practice:
    return make_practice(unit_of_work, replace(tools, randomness=OneNumber()), tmp_path)


def posted(practice: Practice) -> Iterator[tuple[object, ...]]:
    """Each posting, with its entry counted from 1: the charge first, then as the file has them."""
    rows = practice.rows(
        "SELECT dense_rank() OVER (ORDER BY kind <> 'charge', key) AS entry, kind, account,"
        " amount_cents, line, reason, segment_number, element FROM posting"
        " JOIN ledger_entry ON ledger_entry.id = entry_id ORDER BY entry, n"
    )
    yield from (tuple(row) for row in rows)


def test_the_file_of_the_page_posts_what_the_page_says(practice: Practice) -> None:
    visit = encounter(lines__0__charge_cents=12_500)
    visit["lines"].append(visit["lines"][0] | {"procedure_code": "93000", "charge_cents": 6_000})
    (claim,) = send(practice, visit)
    assert claim.number == NUMBER
    receive(practice, file())

    told = [
        (int(n), KINDS[entry], account, int(cents.replace(",", "")),
         int(line) if line else None, reason, int(segment), int(element))
        for n, entry, account, cents, line, reason, _, segment, element in POSTING.findall(PAGE)
    ]  # fmt: skip
    assert told == list(posted(practice))

    rows = re.findall(r"^\| `([\w:-]+)` \| (-?[\d,]+) \|", part("What is left"), re.MULTILINE)
    with practice.unit_of_work() as session:
        left = {account: cents for account, cents in balances(session).items() if cents}
        assert {account: int(cents.replace(",", "")) for account, cents in rows} == left
        assert verify(session, practice.tools).differences == ()
    assert practice.rows("SELECT status FROM claim") == [("paid",)]
    assert practice.rows("SELECT kind FROM work_item ORDER BY kind") == [("denied",), ("suspense",)]


def test_the_page_counts_segments_as_we_do() -> None:
    (interchange,) = read_interchanges(file())
    (sent,) = interchange.sets()
    ids = {segment.number: segment.id for segment in sent.segments}
    ids |= {1: "ISA", 2: "GS", max(ids) + 1: "GE", max(ids) + 2: "IEA"}
    told = re.findall(r"^\| (\d+) \| ([A-Z0-9]+) \|", part("Segment by segment"), re.MULTILINE)
    assert len(told) >= 15
    assert [(number, ids[int(number)]) for number, _ in told] == told
    for *_, name, number, _element in POSTING.findall(part("The entries")):
        assert ids[int(number)] == name


def test_the_proof_of_the_page_adds_up_and_is_of_its_file() -> None:
    (interchange,) = read_interchanges(file())
    (sent,) = interchange.sets()
    remittance = read_835(sent)
    assert check_balance(remittance).is_balanced
    paid = {"payment": remittance.payment_cents}
    for claim in remittance.claims:
        paid[f"claim {claim.position}"] = claim.paid_cents
        for service in claim.services:
            paid[f"service {service.position} of claim {claim.position}"] = service.paid_cents
    told = re.findall(
        r"^\| ([\w ]+) \| ([\d.+ -]+) \| [A-Z]+\d\d ([\d.]+) \|$", part("The proof"), re.MULTILINE
    )
    assert {level: read_amount(must) for level, _, must in told} == paid
    for _, terms, must in told:
        signed = re.findall(r"([+-]?) ?([\d.]+)", terms)
        total = sum(read_amount(text) * (-1 if sign == "-" else 1) for sign, text in signed)
        assert total == read_amount(must)
