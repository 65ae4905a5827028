"""Reading and writing 835s: laws, golden bytes, and everything that can be wrong with one."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from edi.delimiters import STANDARD, Delimiters
from edi.findings import ReadError, Severity, WriteError
from edi.guides import Guide
from edi.money import Cents
from edi.reader import read_interchanges
from edi.remittance_835.model import AdjustmentGroup, Remittance
from edi.remittance_835.read import read_835
from edi.remittance_835.write import write_835
from edi.segment import Segment
from edi.writer import write_interchange
from tests.edi.x12_texts import (
    CLAIM,
    GOLDEN,
    HEADER,
    envelope,
    set_of,
    set_of_texts,
    sole_set,
    without_places,
)
from tests.strategies import remittances

GOLDEN_835 = (GOLDEN / "835-two-claims.edi").read_bytes()


def read(*segments: str) -> Remittance:
    return read_835(set_of_texts(*HEADER, *segments))


def codes(remittance: Remittance) -> list[str]:
    return [finding.code for finding in remittance.findings]


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(remittances())
def test_what_is_written_is_read_back(remittance: Remittance) -> None:
    writer = write_835(remittance, STANDARD)
    again = read_835(set_of(writer, Guide.REMITTANCE, "835"))
    zeros = [finding for finding in again.findings if finding.code != "835-CAS-ZERO"]
    assert zeros == []
    assert without_places(replace(again, findings=())) == remittance


def test_golden_file_is_read_and_written_to_the_same_bytes() -> None:
    transaction_set, _, _ = sole_set(GOLDEN_835)
    remittance = read_835(transaction_set)
    assert remittance.findings == ()
    writer = write_835(remittance, STANDARD)
    assert write_interchange(envelope(Guide.REMITTANCE), [("835", writer)]) == GOLDEN_835


def test_golden_file_says_what_it_says() -> None:
    remittance = read_835(sole_set(GOLDEN_835)[0])
    assert (remittance.payment_cents, remittance.trace.number) == (21250, "0012524965")
    assert remittance.payee is not None
    assert (remittance.payee.id, remittance.payee.tax_id) == ("1234567893", "599944521")
    first, second = remittance.claims
    assert (first.position, first.segment_number, second.segment_number) == (1, 16, 37)
    assert first.rendering_npi == "1234567893"
    assert first.remark_codes == ("MA01", "MA18")
    assert second.adjustments[0].amount_cents == -6250
    line = first.services[0]
    assert (line.line_control_number, line.procedure.modifiers) == ("L1", ("25",))
    assert (line.remark_codes, line.amounts[0]) == (("N130",), ("B6", 11000))
    assert [(a.reason, a.amount_cents, a.segment_number, a.element) for a in line.adjustments] == [
        ("45", 2000, 28, 3),
        ("253", -1000, 28, 6),
        ("2", 3000, 29, 3),
    ]
    places = [(p.reason, p.reference, p.element) for p in remittance.provider_adjustments]
    assert places == [("WO", "CLM900002", 4), ("L6", "CLM900001", 6)]


def test_other_delimiters_carry_the_same_remittance() -> None:
    remittance = read_835(sole_set(GOLDEN_835)[0])
    other = Delimiters(element="|", component=">", repetition="!", terminator="\n")
    writer = write_835(remittance, other)
    body = write_interchange(
        replace(envelope(Guide.REMITTANCE), delimiters=other), [("835", writer)]
    )
    again = read_835(sole_set(body)[0])
    assert without_places(again) == without_places(remittance)


def test_nobody_is_named_by_repr() -> None:
    shown = repr(read_835(sole_set(GOLDEN_835)[0]))
    for secret in ("CANARY", "CARL", "W000000001", "PCN0001", "CLM900001", "MRN0001", "98765"):
        assert secret not in shown


@pytest.mark.parametrize(
    ("cas", "expected"),
    [
        ("CAS*PR*1*150**2*70", [("1", 15000, None), ("2", 7000, None)]),
        ("CAS*CO*45*1*3*97*2", [("45", 100, 3000), ("97", 200, None)]),
        ("CAS*CO****45*.5", [("45", 50, None)]),  # A whole triplet is empty.
        (
            "CAS*OA*1*1**2*2**3*3**4*4**5*5**6*6*1.5",
            [(str(n), n * 100, 1500 if n == 6 else None) for n in range(1, 7)],
        ),
    ],
)
def test_cas_is_read_by_position(cas: str, expected: list[tuple[str, int, int | None]]) -> None:
    (claim,) = read(CLAIM, cas).claims
    assert [(a.reason, a.amount_cents, a.quantity) for a in claim.adjustments] == expected
    assert claim.is_readable


def test_groups_may_repeat() -> None:
    (claim,) = read(CLAIM, "CAS*CO*45*1", "CAS*PR*1*2", "CAS*CO*97*3").claims
    assert [a.group.value for a in claim.adjustments] == ["CO", "PR", "CO"]
    assert claim.adjustments[1].group is AdjustmentGroup.PATIENT


@pytest.mark.parametrize(
    ("segment", "code", "element"),
    [
        ("CAS*XX*45*1", "835-CAS-GROUP", 1),
        ("CAS*CO*45", "835-AMOUNT", 3),  # A reason without an amount: RFI 1532.
        ("CAS*CO**1", "835-CAS-REASON", 2),
        ("CAS*CO*CANARY ADA*1", "835-CAS-REASON", 2),
        ("CAS*CO*45*1**canary*1", "835-CAS-REASON", 5),
        ("CAS*CANARY*45*1", "835-CAS-GROUP", 1),
        ("CAS*CO*45*1O", "835-AMOUNT", 3),
        ("CAS*CO*45*1.001", "835-AMOUNT", 3),
        ("CAS*CO*45*1**97*1E2", "835-AMOUNT", 6),
        ("CAS*CO", "835-CAS-EMPTY", 2),
        ("CAS*CO*1*1*1*2*1*1*3*1*1*4*1*1*5*1*1*6*1*1*7*1", "835-CAS-LENGTH", 20),
    ],
)
@pytest.mark.parametrize("line", [(), ("SVC*HC:99213*100*100",)])
def test_unreadable_adjustment_holds_its_claim_alone(
    segment: str, code: str, element: int, line: tuple[str, ...]
) -> None:
    remittance = read(CLAIM, *line, segment, CLAIM)
    (finding,) = remittance.findings
    loop = "2110" if line else "2100"
    assert (finding.code, finding.place.element, finding.place.loop) == (code, element, loop)
    assert finding.severity is Severity.ERROR
    assert finding.place.segment_number == 7 + len(line)
    assert [claim.is_readable for claim in remittance.claims] == [False, True]
    assert remittance.is_readable
    broken = remittance.claims[0]
    kept = broken.services[0].other if line else broken.other
    assert [raw.id for raw in kept] == ["CAS"]


@pytest.mark.parametrize(
    ("clp", "element"),
    [
        ("CLP*P*1*1O0*100", 3),
        ("CLP*P*1*100*", 4),
        ("CLP*P*1*100*100.005", 4),
        ("CLP*P*1*100*100*+5", 5),
        ("CLP*P*1*12345678901*100", 3),
    ],
)
def test_unreadable_claim_amount_holds_the_claim(clp: str, element: int) -> None:
    remittance = read(clp)
    assert [f.place.element for f in remittance.findings] == [element]
    assert not remittance.claims[0].is_readable
    assert "1O0" not in repr(remittance)


@pytest.mark.parametrize("svc", ["SVC*HC:1*x*1", "SVC*HC:1*1*", "SVC*HC:1"])
def test_unreadable_line_amount_holds_the_claim(svc: str) -> None:
    assert not read(CLAIM, svc).claims[0].is_readable


@pytest.mark.parametrize(
    "plb", ["PLB*1*20261231*WO:F*1O", "PLB*1*20261231*WO:F*", "PLB*1*20261231**5"]
)
def test_unreadable_provider_adjustment_holds_the_set(plb: str) -> None:
    remittance = read(CLAIM, plb)
    assert not remittance.is_readable
    assert remittance.claims[0].is_readable
    assert [raw.id for raw in remittance.strays] == ["PLB"]
    with pytest.raises(WriteError):
        write_835(remittance, STANDARD)


@pytest.mark.parametrize("amount", ["", "1,00", "1.005", "ten", "1e3"])
def test_unreadable_payment_holds_the_set(amount: str) -> None:
    remittance = read_835(set_of_texts(f"BPR*I*{amount}*C*CHK", HEADER[1]))
    assert not remittance.is_readable
    (finding,) = remittance.findings
    assert (finding.place.segment_id, finding.place.element) == ("BPR", 2)


@pytest.mark.parametrize(
    ("segment", "code"),
    [
        ("DTM*232*20260230", "835-DATE"),
        ("AMT*AU*x", "835-AMT"),
        ("QTY*CA*x", "835-QUANTITY"),
        ("SVC*XX:1*1*1", "835-PROCEDURE-QUALIFIER"),
        ("SVC*HC:1*1*1**x", "835-QUANTITY"),
        ("CAS*CO*45*0", "835-CAS-ZERO"),  # Never a hold: RFI 998.
    ],
)
def test_what_is_no_money_is_a_warning(segment: str, code: str) -> None:
    remittance = read(CLAIM, segment)
    (finding,) = remittance.findings
    assert (finding.code, finding.severity) == (code, Severity.WARNING)
    assert remittance.claims[0].is_readable


def test_plb_alone_is_a_remittance() -> None:
    remittance = read("PLB*1234567893*20261231*WO:F1*-60*WO:F2*-40", "PLB*99*20261231*CS*0")
    assert remittance.claims == ()
    assert [p.amount_cents for p in remittance.provider_adjustments] == [-6000, -4000, 0]
    assert [p.provider_id for p in remittance.provider_adjustments][2] == "99"


@pytest.mark.parametrize(
    "segments", [(), ("TRN*1*2*3",), (HEADER[0],), ("N1*PR*P", *HEADER), (CLAIM,)]
)
def test_a_set_without_bpr_or_trn_is_refused(segments: tuple[str, ...]) -> None:
    with pytest.raises(ReadError) as refusal:
        read_835(set_of_texts(*segments))
    assert refusal.value.finding.code == "835-NOT-835"


def test_unreadable_claim_is_not_written() -> None:
    with pytest.raises(WriteError):
        write_835(read(CLAIM, "CAS*XX*45*1"), STANDARD)


def test_a_file_cut_at_any_byte_is_read_or_refused() -> None:
    complete_from = GOLDEN_835.index(b"~", GOLDEN_835.index(b"SE*39")) + 1
    refusals = set()
    for length in range(len(GOLDEN_835)):
        try:
            interchanges = read_interchanges(GOLDEN_835[:length])
            for transaction_set in (each for one in interchanges for each in one.sets()):
                is_cut = "X12-NO-SE" in [finding.code for finding in transaction_set.findings]
                assert is_cut == (length < complete_from)
                assert set(transaction_set.findings) <= set(read_835(transaction_set).findings)
        except ReadError as refusal:
            refusals.add(refusal.finding.code)
    assert refusals == {"X12-EMPTY", "X12-NOT-X12", "X12-ISA-LENGTH", "835-NOT-835"}


def test_numbers_are_no_part_of_identity() -> None:
    claim = read(CLAIM, "CAS*CO*45*1").claims[0]
    moved = replace(claim.adjustments[0], segment_number=99, element=6)
    assert moved == claim.adjustments[0]
    assert replace(moved, amount_cents=Cents(2)) != moved
    assert without_places((Segment(("A",), 3, 4),)) == (Segment(("A",)),)


def test_adjustments_stay_in_the_segments_they_were_read_from() -> None:
    lines = (
        "LX*1", CLAIM, "CAS*CO*45*10", "CAS*CO*97*5", "CAS*PR*1*1**2*3",
        "LX*1", CLAIM, "PLB*1*20261231*WO:A*1", "PLB*1*20261231*WO:B*-1*L6:C*2",
    )  # fmt: skip
    header = ("BPR*I*0*C*NON************20260303", "TRN*1*77*1559123456")
    remittance = read_835(set_of_texts(*header, *lines))
    assert write_835(remittance, STANDARD).segments() == (*header, *lines)
