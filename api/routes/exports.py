"""Lists as files for spreadsheets: the same filters and order as the list, every row of it."""

from collections.abc import Callable, Iterator, Sequence
from http import HTTPStatus
from tempfile import TemporaryFile
from typing import IO, Annotated, Any, TypeVar

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse
from sqlalchemy.orm import Session

from api.auth import Caller, allow
from api.document import problems
from api.schemas.exports import (
    CLAIM_COLUMNS,
    REMITTANCE_COLUMNS,
    WORK_ITEM_COLUMNS,
    ClaimExportQuery,
    RemittanceExportQuery,
    WorkItemExportQuery,
)
from api.service import Service, ServiceHere
from api.sheets import ExportTooLargeError, Format, write_sheet
from rcm.access import Actor, Right, audit
from rcm.limits import EXPORT_ROWS_MAX
from rcm.reading.claim_list import claim_figures, claim_page
from rcm.reading.pages import Position
from rcm.reading.remittances import remittances
from rcm.reading.scope import refuse_text
from rcm.reading.work_items import count_items, work_items

router = APIRouter(tags=["Exports"])

Item = TypeVar("Item")
_ReadPage = Callable[[Position | None], tuple[Sequence[Item], Position | None]]
_ROWS_PER_READ = 2_000
_BYTES_PER_CHUNK = 64 * 1024
_BINARY = {"schema": {"type": "string", "format": "binary"}}
_SHEET: dict[int | str, dict[str, Any]] = {
    HTTPStatus.OK.value: {
        "description": "The file, as an attachment. Patients are masked as in the list.",
        "content": {form.media_type.partition(";")[0]: _BINARY for form in Format},
    }
}
_ANSWERS = {**_SHEET, **problems(HTTPStatus.UNPROCESSABLE_ENTITY)}


@router.get(
    "/claims/export",
    response_class=StreamingResponse,
    responses=_ANSWERS,
    dependencies=[allow(Right.EXPORT), allow(Right.CLAIMS_READ)],
)
def export_claims(
    service: ServiceHere, caller: Caller, query: Annotated[ClaimExportQuery, Query()]
) -> StreamingResponse:
    """Export the claims of a filtered list, at most 100,000, in its order. This is recorded."""
    chosen = query.chosen(caller, service.tools.time_zone)

    def write(session: Session, file: IO[bytes]) -> int:
        _refuse_too_large(claim_figures(session, chosen).total)

        def page(after: Position | None) -> tuple[Sequence[Any], Position | None]:
            keys = service.tools.keys
            return claim_page(
                session, keys, chosen, sort=query.sort, after=after, limit=_ROWS_PER_READ
            )

        return write_sheet(query.format, CLAIM_COLUMNS, _every(page), file)

    return _answer(service, caller, "claims", query.format, write)


@router.get(
    "/remittances/export",
    response_class=StreamingResponse,
    responses=_ANSWERS,
    dependencies=[allow(Right.EXPORT), allow(Right.REMITTANCES_READ)],
)
def export_remittances(
    service: ServiceHere, caller: Caller, query: Annotated[RemittanceExportQuery, Query()]
) -> StreamingResponse:
    """Export the remittances of a filtered list, at most 100,000, in its order. It is recorded."""
    chosen = query.chosen()

    def write(session: Session, file: IO[bytes]) -> int:
        def page(after: Position | None) -> tuple[Sequence[Any], Position | None]:
            found = remittances(session, chosen, sort=query.sort, after=after, limit=_ROWS_PER_READ)
            _refuse_too_large(found.counted.total)
            return found.items, found.following

        return write_sheet(query.format, REMITTANCE_COLUMNS, _every(page), file)

    return _answer(service, caller, "remittances", query.format, write)


@router.get(
    "/work-items/export",
    response_class=StreamingResponse,
    responses=_ANSWERS,
    dependencies=[allow(Right.EXPORT), allow(Right.WORK_READ)],
)
def export_work_items(
    service: ServiceHere, caller: Caller, query: Annotated[WorkItemExportQuery, Query()]
) -> StreamingResponse:
    """Export the work items of a filtered list, at most 100,000, in its order. It is recorded."""
    chosen = query.for_actor(caller)

    def write(session: Session, file: IO[bytes]) -> int:
        _refuse_too_large(count_items(session, chosen).total)

        def page(after: Position | None) -> tuple[Sequence[Any], Position | None]:
            found = work_items(
                session,
                service.tools.keys,
                chosen,
                sort=query.sort,
                after=after,
                limit=_ROWS_PER_READ,
            )
            return found.items, found.following

        return write_sheet(query.format, WORK_ITEM_COLUMNS, _every(page), file)

    return _answer(service, caller, "work_items", query.format, write)


def _every(page: _ReadPage[Item]) -> Iterator[Item]:
    """Yield every item of a list, page after page of one snapshot."""
    after: Position | None = None
    while True:
        items, after = page(after)
        yield from items
        if after is None:
            return


def _refuse_too_large(total: int) -> None:
    if total > EXPORT_ROWS_MAX:
        raise ExportTooLargeError


def _answer(
    service: Service,
    actor: Actor,
    what: str,
    form: Format,
    write: Callable[[Session, IO[bytes]], int],
) -> StreamingResponse:
    """Write the file, record that it was given out, and then give it.

    It is written to the disk first, not to the wire: what fails is a problem and not half a file,
    and the record has the true count. The file has no name there, and ends with the answer.
    """
    file = TemporaryFile()  # noqa: SIM115  # Closed when the answer was sent.
    try:
        with service.unit_of_work() as session:
            session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            refuse_text(session)
            rows = write(session, file)
            audit.record(
                session, service.tools, actor, "export", about=what, detail=f"{form}, {rows} rows"
            )
        size = file.tell() if form is Format.CSV else file.seek(0, 2)
        file.seek(0)
    except BaseException:
        file.close()
        raise
    headers = {
        "Content-Disposition": f'attachment; filename="{what}.{form}"',
        "Content-Length": str(size),
    }
    return StreamingResponse(_chunks(file), media_type=form.media_type, headers=headers)


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while chunk := file.read(_BYTES_PER_CHUNK):
            yield chunk
