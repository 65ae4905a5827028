"""Text in the place of a code of an 835: it is not read as one, and no finding repeats it."""

import pytest

from edi.remittance_835.read import read_835
from tests.edi.x12_texts import CLAIM, HEADER, set_of_texts


@pytest.mark.parametrize(
    ("segments", "code", "element"),
    [
        (("CLP*P*CANARY ADA*100*100",), "835-STATUS-CODE", 2),
        ((CLAIM, "MOA***MA01*CANARY ADA"), "835-REMARK", 4),
        ((CLAIM, "MIA*0****CANARY ADA"), "835-REMARK", 5),
        ((CLAIM, "SVC*HC:1*100*100", "LQ*HE*CANARY ADA"), "835-REMARK", 2),
    ],
)
def test_text_in_the_place_of_a_code_holds_the_claim(
    segments: tuple[str, ...], code: str, element: int
) -> None:
    remittance = read_835(set_of_texts(*HEADER, *segments))
    (finding,) = remittance.findings
    assert (finding.code, finding.place.element) == (code, element)
    (claim,) = remittance.claims
    assert not claim.is_readable
    told = (claim.status_code, claim.remark_codes, [s.remark_codes for s in claim.services])
    assert "CANARY" not in repr((told, finding))


def test_text_in_the_place_of_a_provider_reason_is_no_reason() -> None:
    remittance = read_835(set_of_texts(*HEADER, CLAIM, "PLB*1*20261231*CANARY ADA:F*5"))
    assert [finding.code for finding in remittance.findings] == ["835-PLB-CODE"]
    assert [each.reason for each in remittance.provider_adjustments] == [""]
    assert remittance.is_readable
