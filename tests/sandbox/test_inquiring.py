"""A group of 270s is acknowledged, refused where it is wrong, and answered once."""

import pytest

from edi.delimiters import Delimiters
from edi.guides import Guide
from sandbox.benefits import CoverageKind
from sandbox.outbox import Numbers
from tests.claims import batch, claim, upload
from tests.edi.x12_texts import GOLDEN
from tests.sandbox.house import House, Killed, killed_at
from tests.sandbox.inquiries import acknowledgment, asking, inquiry, member_id, source, subscriber
from tests.sandbox.readings import answers_to, eligibility_responses, whole


def test_a_270_is_answered_with_a_999_and_a_271() -> None:
    answers = answers_to(asking(inquiry(source(subscriber("W1")))), Numbers(interchange=41))
    assert [file.name for file in answers.files] == ["000000041_999.x12", "000000042_271.x12"]
    first, second = (whole(file).groups[0] for file in answers.files)
    assert (first.functional_id, second.functional_id) == ("FA", "HB")
    assert second.version == Guide.ELIGIBILITY
    assert (second.sender, second.receiver) == ("SANDBOXGS", "HARBORGS")
    verdict = acknowledgment(answers)
    assert (verdict.functional_id, verdict.group_control_number, verdict.code) == ("HS", "70", "A")
    assert (answers.rows, answers.later_files) == ((), ())
    assert answers.numbers == Numbers(interchange=43)


@pytest.mark.parametrize(
    ("old", "new", "segment_id"),
    [
        (b"DMG*D8*19800229*F", b"HL*9*1*99*0", "HL"),
        (b"AMT*R*37.5", b"AMT*R*37.5.", "AMT"),
        (b"BHT*0022*13*INQUIRY1*20260301*0905~\n", b"", "ST"),
        (b"NM1*IL*1*CANARY*ANN", b"NM1*IL*1*CAN\xc3RY*ANN", "ST"),
        (b"ST*270*0001*005010X279A1", b"ST*270*0001*004010X092A1", "ST"),
        (b"SE*37*0001", b"SE*38*0001", ""),
    ],
    ids=["level", "amount", "no BHT", "no ASCII", "older guide", "count"],
)
def test_what_our_reader_finds_wrong_is_refused_in_the_999(
    old: bytes, new: bytes, segment_id: str
) -> None:
    body = (GOLDEN / "270-subscriber-and-dependent.edi").read_bytes()
    assert body.count(old) == 1
    assert acknowledgment(answers_to(body)).code == "A"
    answers = answers_to(body.replace(old, new))
    verdict = acknowledgment(answers)
    assert verdict.code == "R"
    assert {each.segment_id for each in verdict.sets[0].errors} >= ({segment_id} - {""})
    assert len(answers.files) == 1


def test_a_set_that_asks_about_nobody_is_refused_and_the_others_are_answered() -> None:
    answers = answers_to(asking(inquiry(), inquiry(source(subscriber("W1")))))
    assert [each.code for each in acknowledgment(answers).sets] == ["R", "A"]
    assert len(eligibility_responses(answers)) == 1


def test_the_answer_has_the_delimiters_of_the_question() -> None:
    other = Delimiters(element="|", component=">", repetition="!", terminator="\n")
    answers = answers_to(
        asking(inquiry(source(subscriber(member_id(CoverageKind.RICH)))), delimiters=other)
    )
    assert whole(answers.files[1]).delimiters == other
    assert b"EB|1|FAM|1!33!47" in answers.files[1].body


def test_claims_and_inquiries_of_one_interchange_are_both_answered() -> None:
    claims = upload(batch(claim(member_id="SBX01")))
    inquiries = asking(inquiry(source(subscriber("W1"))), group_number=71)
    at, until = claims.index(b"IEA*1*"), inquiries.index(b"GS*")
    group = inquiries[until : inquiries.index(b"IEA*")]
    answers = answers_to(claims[:at] + group + claims[at:].replace(b"IEA*1*", b"IEA*2*"))
    kinds = [file.name.split("_")[1] for file in answers.files]
    assert kinds == ["999.x12", "277CA.x12", "835.x12", "999.x12", "271.x12"]
    assert answers_to(claims).files[1:] == answers.files[1:3]


def test_an_answer_is_never_answered_with_another() -> None:
    body = answers_to(asking(inquiry(source(subscriber("W1"))))).files[1].body
    assert [file.name[10:] for file in answers_to(body).files] == ["999.x12"]


def test_an_inquiry_is_answered_once_and_names_nobody_in_the_journal(house: House) -> None:
    clearinghouse = house.start()
    house.put(asking(inquiry(source(subscriber("W1")))))
    clearinghouse.visit()
    first = house.answers()
    assert sorted(first) == ["000000001_999.x12", "000000002_271.x12"]
    house.start().visit()
    assert house.answers() == first
    assert house.journal() == b""


def test_the_same_inquiry_has_the_same_answer() -> None:
    body = asking(inquiry(source(subscriber(member_id(CoverageKind.RICH)))))
    assert answers_to(body) == answers_to(body)


INQUIRY_STEPS = [*["write_whole"] * 2, "write_state", "append_rows", *["rename"] * 2]


@pytest.mark.parametrize("number", range(1, len(INQUIRY_STEPS) + 1))
def test_killed_before_any_step_an_inquiry_is_answered_once(
    house: House, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    clearinghouse = house.start()
    house.put(asking(inquiry(source(subscriber("W1")))))
    with killed_at(number, monkeypatch) as steps, pytest.raises(Killed):
        clearinghouse.visit()
    assert steps == INQUIRY_STEPS[:number]
    taken = house.answers()
    for name in taken:
        (house.root / "account" / "from_payer" / name).unlink()
    house.start().visit()
    after = house.answers()
    assert not set(taken) & set(after)
    assert sorted([*taken, *after]) == ["000000001_999.x12", "000000002_271.x12"]
