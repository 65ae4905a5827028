"""What has no place in an 835 is kept, and displaces nothing when the 835 is written."""

import pytest

from edi.delimiters import STANDARD
from edi.guides import Guide
from edi.remittance_835.model import Remittance
from edi.remittance_835.read import read_835
from edi.remittance_835.write import write_835
from tests.edi.x12_texts import CLAIM, HEADER, set_of, set_of_texts


def read(*segments: str) -> Remittance:
    return read_835(set_of_texts(*HEADER, *segments))


def test_nothing_is_dropped() -> None:
    odd = ("CUR*PR*USD", "N1*PR*P", "ZZ1*1", "LX*1", "TS3*1", CLAIM, "PER*CX*A", "ZZ2*1",
           "SVC*HC:1*100*100", "LQ*RX*5", "ZZ3*1", "LX*2", "TS2*9", "PLB*1*20261231*CS*0",
           "ZZ4*1", "N1*PE*Q", "SVC*HC:1*1*1")  # fmt: skip
    remittance = read(*odd)
    (claim,) = remittance.claims
    assert remittance.payer is not None
    assert [raw.id for raw in remittance.payer.other] == ["ZZ1"]
    assert [raw.id for raw in claim.summaries] == ["TS3"]
    assert [raw.id for raw in claim.other] == ["PER", "ZZ2"]
    assert [raw.id for raw in claim.services[0].other] == ["LQ", "ZZ3"]
    assert [raw.id for raw in remittance.other] == ["CUR"]
    assert [raw.id for raw in remittance.strays] == ["ZZ4", "N1", "SVC", "LX", "TS2"]
    assert [finding.code for finding in remittance.findings] == ["835-SVC-STRAY"]


def test_a_third_party_is_kept_raw() -> None:
    remittance = read("N1*PR*P", "N1*XX*Q", "N3*Z", CLAIM)
    assert [raw.id for raw in remittance.other] == ["N1", "N3"]
    assert len(remittance.claims) == 1


@pytest.mark.parametrize(
    "segments",
    [
        ("N1*PR*P", "N1*PE*Q", "LX*1", "PLB*1*20261231*CS*0"),
        ("N1*PR*P", CLAIM, "LX*2", "TS2*9"),
        ("N1*PR*P", "SVC*HC:1*1*1", CLAIM, "PLB*1*20261231*CS*0", "N1*PE*Q", "SVC*HC:1*1*1"),
        ("REF*EV*1", "DTM*405*20261231", "N1*XX*Q", "N3*Z", "N1*PR*P", CLAIM),
        ("N1*PR*P", "SVC*HC:1*1*1", CLAIM, "LX*2"),
    ],
)
def test_what_has_no_place_displaces_nothing_when_it_is_written(segments: tuple[str, ...]) -> None:
    remittance = read(*segments)
    again = read_835(set_of(write_835(remittance, STANDARD), Guide.REMITTANCE, "835"))
    for name in ("other", "strays"):
        kept = [raw.elements for raw in getattr(remittance, name)]
        assert [raw.elements for raw in getattr(again, name)] == kept
    for name in ("payer", "payee", "references", "production_date", "provider_adjustments"):
        assert getattr(again, name) == getattr(remittance, name)
    assert again.claims == remittance.claims
