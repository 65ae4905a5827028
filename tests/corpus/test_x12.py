"""Whatever a partner sends is used, held or kept aside, with its reason, and the service goes on.

Every case goes through our reader; every second one also through the service, and all of them in
`make test-long`.
"""

from dataclasses import replace

import pytest
from sqlalchemy import Engine

from edi.acknowledge_group import acknowledge
from edi.acknowledgment_ta1 import acknowledge_interchange
from edi.findings import Finding, ReadError
from edi.reader import read_interchanges
from edi.room import MORE
from rcm.conformance.pyx12 import Pyx12
from rcm.db import make_unit_of_work, snapshot
from rcm.proof import verify
from rcm.settings import Settings
from tests.conftest import still_tools
from tests.corpus.cases import Case, cases
from tests.corpus.organisation import Fate, fate, prepare, receive_all
from tests.rcm.eligibility_files import Office, make_office
from tests.stages import empty_database

CASES = tuple(cases())
of_every_case = pytest.mark.parametrize("case", CASES, ids=str)
through_the_service = pytest.mark.parametrize(
    "case",
    [
        pytest.param(case, marks=[pytest.mark.long] if case.number % 2 else [], id=str(case))
        for case in CASES
    ],
)


def found_in(body: bytes) -> list[Finding]:
    """Every finding of our own reader."""
    try:
        interchanges = read_interchanges(body)
    except ReadError as refusal:
        return [refusal.finding]
    return [
        *(found for each in interchanges for found in each.findings),
        *(found for one in interchanges for each in one.sets() for found in each.findings),
    ]


def acknowledged(body: bytes) -> str:
    """What our TA1 and 999 say of a file: of each interchange and each group the first time."""
    try:
        interchanges = read_interchanges(body)
    except ReadError:
        return ""
    words = []
    for each in interchanges:
        ta1 = acknowledge_interchange(each)
        words.append(f"TA1 {ta1.code} {ta1.note}")
        words.extend(f"999 {acknowledge(group, {}).code}" for group in each.groups)
    return ", ".join(dict.fromkeys(words))


def test_there_are_many_and_no_two_of_one_name() -> None:
    assert len(CASES) >= 500
    assert len({str(case) for case in CASES}) == len(CASES)


@of_every_case
def test_our_reader_says_what_is_wrong_and_where(case: Case) -> None:
    for body in case.bodies():
        for finding in found_in(body):
            assert finding.message
            assert finding.place.byte_offset >= 0 or finding.code == MORE
    assert acknowledged(case.bodies()[0]) == case.ack


@pytest.fixture(scope="module")
def office(
    engine: Engine,
    owner: Engine,
    settings: Settings,
    conformance: Pyx12,
    tmp_path_factory: pytest.TempPathFactory,
) -> Office:
    """The organisation to whom all of it is sent."""
    empty_database(owner)
    tools = still_tools(settings, conformance)
    return make_office(make_unit_of_work(engine), tools, tmp_path_factory.mktemp("corpus"))


@pytest.fixture(scope="module")
def sent(office: Office, request: pytest.FixtureRequest) -> dict[Case, list[bytes]]:
    """The files of the cases of this run, all sent at once."""
    chosen = [
        case
        for item in request.session.items
        if isinstance(item, pytest.Function)
        and item.function is test_the_service_does_with_it_what_is_expected
        and isinstance(case := item.callspec.params["case"], Case)
    ]
    ours = prepare(office, chosen)
    made = {case: case.sent(ours[case.number]) for case in chosen}
    receive_all(office, made)
    return made


@through_the_service
def test_the_service_does_with_it_what_is_expected(
    case: Case, office: Office, sent: dict[Case, list[bytes]]
) -> None:
    expected = Fate(
        state=case.state, finds=case.finds, posts=case.posts, sets=case.sets, moves=case.moves
    )
    assert fate(office, case, sent[case]) == expected


def test_the_service_is_in_good_health_after_all_of_them(
    office: Office, sent: dict[Case, list[bytes]]
) -> None:
    assert office.rows("SELECT kind, state, last_error_code FROM job WHERE state <> 'done'") == []
    with snapshot(office.unit_of_work) as session:
        proof = verify(session, office.tools)
    assert proof.differences == ()
    posted = sum(case.posts for case in sent)
    assert proof.balances["cash:in-transit"] == posted > 0
    last = replace(CASES[-1], number=len(CASES) + 1, make="", edit=())
    ours = prepare(office, [last])[last.number]
    receive_all(office, {last: last.sent(ours)})
    assert fate(office, last, last.sent(ours)).sets == ("posted",)
