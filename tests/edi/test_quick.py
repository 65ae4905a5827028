"""Values that are made quickly are what `dataclass` makes."""

import copy
import pickle
from dataclasses import FrozenInstanceError, dataclass, field, fields, replace

import pytest

from edi.claim_837.model import Claim, ServiceLine
from edi.quick import maker, quickly_made
from edi.remittance_835.model import Adjustment, AdjustmentGroup, ClaimPayment, ServicePayment


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class Quick:
    """The code under test, with every kind of field that a fact has."""

    member_id: str = field(repr=False)
    cents: int = 0
    place: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plain:
    """The same without it."""

    member_id: str = field(repr=False)
    cents: int = 0
    place: int = field(default=0, compare=False)


def test_it_is_frozen_and_has_no_room_for_more() -> None:
    made = Quick(member_id="CANARY")
    assert type(made) is Quick
    with pytest.raises(FrozenInstanceError):
        made.cents = 1  # type: ignore[misc]  # What must not work.
    with pytest.raises((AttributeError, TypeError)):
        object.__setattr__(made, "other", 1)


def test_it_compares_hashes_and_shows_itself_as_before() -> None:
    made, other = Quick(member_id="A", cents=5), Quick(member_id="A", cents=5, place=7)
    assert made == other
    assert hash(made) == hash(other)
    assert made != Quick(member_id="A")
    assert repr(made) == repr(Plain(member_id="A", cents=5)).replace("Plain", "Quick")
    assert "CANARY" not in repr(Quick(member_id="CANARY"))


def test_it_is_copied_changed_and_pickled_as_before() -> None:
    made = Quick(member_id="A", cents=5, place=2)
    for each in (copy.copy(made), copy.deepcopy(made), pickle.loads(pickle.dumps(made))):
        assert (type(each), each, each.place) == (Quick, made, 2)
    assert replace(made, cents=6) == Quick(member_id="A", cents=6)


@pytest.mark.parametrize(
    "given", [{}, {"member_id": "A", "more": 1}, {"cents": 1}], ids=["none", "unknown", "missing"]
)
def test_fields_are_required_and_refused_as_before(given: dict[str, object]) -> None:
    for kind in (Quick, Plain):
        with pytest.raises(TypeError):
            kind(**given)  # type: ignore[arg-type]  # What must not work.
        with pytest.raises(TypeError):
            kind("A")  # type: ignore[call-arg]  # Keywords only.


def test_a_subclass_is_refused_when_a_value_is_made() -> None:
    class Child(Quick):
        """With a dictionary of its own."""

    with pytest.raises(TypeError):
        Child(member_id="A")


def test_a_default_that_is_made_anew_is_refused() -> None:
    @dataclass(frozen=True, slots=True, kw_only=True)
    class Listed:
        lines: list[int] = field(default_factory=list)

    with pytest.raises(AssertionError):
        quickly_made(Listed)


@pytest.mark.parametrize("kind", [Adjustment, ClaimPayment, ServicePayment, Claim, ServiceLine])
def test_the_models_have_their_defaults(kind: type) -> None:
    required = {each.name for each in fields(kind) if each.default is each.default_factory}
    made = kind(**dict.fromkeys(required, "x"))
    for each in fields(kind):
        assert getattr(made, each.name) == ("x" if each.name in required else each.default)


def test_an_adjustment_is_what_it_was_told() -> None:
    made = Adjustment(group=AdjustmentGroup.PATIENT, reason="1", amount_cents=5, element=3)  # type: ignore[arg-type]  # Cents.
    assert (made.group, made.reason, made.amount_cents, made.element) == ("PR", "1", 5, 3)


@pytest.mark.parametrize("kind", [Quick, Plain, Adjustment, ClaimPayment, ServicePayment])
def test_a_maker_makes_what_calling_the_class_makes(kind: type) -> None:
    make = maker(kind)
    required = {each.name for each in fields(kind) if each.default is each.default_factory}
    said = dict.fromkeys(required, "x")
    assert (type(make(**said)), make(**said)) == (kind, kind(**said))
    with pytest.raises(FrozenInstanceError):
        setattr(make(**said), min(required), "y")
    for given in ({}, said | {"more": 1}):
        with pytest.raises(TypeError):
            make(**given)
