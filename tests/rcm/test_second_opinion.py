"""Received files are judged by us, and by pyx12 as often as the setting says."""

from dataclasses import replace

import pytest

from edi.findings import Finding, Place, error, warning
from rcm.conformance.model import STOPPED
from rcm.conformance.second import is_chosen, second_opinion
from rcm.exchange.service import check_conformance
from tests.harness import Practice
from tests.rcm.intake import encounter
from tests.rcm.partner_files import file_835, payment, receive, remit, send

BODIES = [f"file {n}".encode() for n in range(1000)]


@pytest.mark.parametrize("percent", [0, 1, 10, 50, 100])
def test_as_many_are_chosen_as_the_setting_says(percent: int) -> None:
    chosen = [body for body in BODIES if is_chosen(body, percent)]
    assert abs(len(chosen) - 10 * percent) <= 40
    assert all(is_chosen(body, percent) for body in chosen)  # The same each time.
    assert {*chosen} <= {body for body in BODIES if is_chosen(body, min(100, percent + 10))}


def refused(number: str, code: str = "PYX12-SEGMENT-3") -> Finding:
    return error(code, "No.", place=Place(transaction_set=number))


OURS = (refused("0001", "GUIDE-SEGMENT-3"),)


@pytest.mark.parametrize(
    ("theirs", "added"),
    [
        ((refused("0001"), refused("0001", "PYX12-ELEMENT-7")), []),
        ((), ["GUIDE-OPINIONS"]),
        ((refused("0002"),), ["GUIDE-OPINIONS", "PYX12-SEGMENT-3"]),
        ((refused("0001"), refused("0002")), ["GUIDE-OPINIONS"] + ["PYX12-SEGMENT-3"] * 2),
        ((refused("0001"), refused("0002", STOPPED)), [STOPPED]),
        ((refused("0001", STOPPED),), [STOPPED]),
        ((refused("0002"), refused("0001", STOPPED)),
         ["GUIDE-OPINIONS", "PYX12-SEGMENT-3", STOPPED]),
        ((refused("0001"), warning("PYX12-X", "Hm.", place=Place(transaction_set="0003"))), []),
    ],
)  # fmt: skip
def test_what_pyx12_says_is_kept_where_it_refuses_others(
    theirs: tuple[Finding, ...], added: list[str]
) -> None:
    assert [each.code for each in second_opinion(OURS, theirs)] == added


class Asked:
    """A judge that refuses a set that the file does not have, and counts how often it was asked."""

    times = 0

    def __call__(self, body: bytes, *, seconds: int = 0) -> tuple[Finding, ...]:
        del body, seconds
        self.times += 1
        return (refused("0099"),)


@pytest.mark.parametrize(("percent", "times"), [(0, 0), (100, 1)])
def test_a_received_file_is_judged_by_us_and_by_pyx12_if_it_is_chosen(
    practice: Practice, percent: int, times: int
) -> None:
    (sent,) = send(practice, encounter())
    file_id = receive(practice, file_835(remit(payment(sent.number, 10_000, 10_000))))
    practice.rows("UPDATE file SET conformance = 'unchecked', findings = '[]' RETURNING id")
    asked = Asked()
    tools = replace(practice.tools, conformance=asked, second_opinion_percent=percent)
    with practice.unit_of_work() as session:
        check_conformance(session, tools, file_id)
    ((conformance, findings),) = practice.rows(
        "SELECT conformance, findings FROM file WHERE id = :f", f=file_id
    )
    codes = {each["code"] for each in findings}
    assert asked.times == times
    assert conformance == "findings"
    assert "GUIDE-SEGMENT-3" in codes  # So short an 835 has no parties.
    assert ({"GUIDE-OPINIONS", "PYX12-SEGMENT-3"} <= codes) is (times == 1)
