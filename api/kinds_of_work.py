"""The part of the table of problems that is about work items."""

from collections.abc import Mapping
from http import HTTPStatus

from api.kind import Kind
from rcm.decisions.work import (
    ItemDoneError,
    ItemOpenError,
    NotAssignableError,
    SettlesItselfError,
    TooManyItemsError,
)

WORK_KINDS: Mapping[type[Exception], Kind] = {
    ItemDoneError: Kind(
        status=HTTPStatus.CONFLICT,
        code="WORK-ITEM-DONE",
        title="This item is done already.",
        detail="Open it again first, if there is still something to do.",
    ),
    ItemOpenError: Kind(
        status=HTTPStatus.CONFLICT,
        code="WORK-ITEM-OPEN",
        title="This item is open already.",
        detail="Read the list again: somebody was faster.",
    ),
    SettlesItselfError: Kind(
        status=HTTPStatus.CONFLICT,
        code="WORK-ITEM-WAITS",
        title="What this item is about waits for a decision.",
        detail="Replay or discard the file or remittance: that closes the item.",
    ),
    NotAssignableError: Kind(
        status=HTTPStatus.UNPROCESSABLE_ENTITY,
        code="NOT-ASSIGNABLE",
        title="Nobody with this id may do work.",
        detail="Take an id from GET users/assignable.",
    ),
    TooManyItemsError: Kind(
        status=HTTPStatus.UNPROCESSABLE_ENTITY,
        code="TOO-MANY-ITEMS",
        title="This filter chooses more than 5,000 items.",
        detail="Narrow the filter, and do it in parts. Nothing was changed.",
    ),
}
