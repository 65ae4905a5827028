"""The rows of a practice: the one place that says which rows belong to which practices.

Somebody who is limited to some practices gets a session in which every query of these tables sees
the rows of those practices only, in joins, counts and subqueries too; so do the statements that
change them. What is not theirs is not there: asked for by its id it is unknown (404). A query that
is written as text cannot be limited so: in such a session reading refuses it.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from uuid import UUID

from sqlalchemy import ColumnElement, Select, TextClause, event, exists, or_, select
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria

from rcm.access import Actor
from rcm.db import UnitOfWork
from rcm.rows import (
    BillingProviderRow,
    ClaimEventRow,
    ClaimLineRow,
    ClaimListingRow,
    ClaimNoteRow,
    ClaimRow,
    ClaimSumRow,
    CoverageRow,
    EligibilityCheckRow,
    EncounterRow,
    EncounterVersionRow,
    HandMatchRow,
    PatientRow,
    PostingRow,
    ProviderAdjustmentRow,
    RemittanceClaimRow,
    RemittanceRow,
    RemittanceServiceRow,
    WorkItemEventRow,
    WorkItemRow,
)
from rcm.rows.base import Base

#: Tables, not rows: conditions are not limited by conditions again.
_PROVIDER = BillingProviderRow.__table__.c
_CLAIM = ClaimRow.__table__.c
_PATIENT = PatientRow.__table__.c
_CHECK = EligibilityCheckRow.__table__.c
_ENCOUNTER = EncounterRow.__table__.c
_REMITTANCE = RemittanceRow.__table__.c
_ITEM = WorkItemRow.__table__.c

_Condition = Callable[[Actor, Collection[UUID]], ColumnElement[bool]]


class UnlimitedQueryError(Exception):
    """A query as text, in a session that is limited to some practices."""


def _claims(practices: Collection[UUID]) -> Select[UUID]:
    return select(_CLAIM.id).where(_CLAIM.billing_provider_id.in_(practices))


def _remittances(practices: Collection[UUID]) -> Select[UUID]:
    """Those whose payee is one of the practices, by its NPI or its tax number."""
    ours = [
        select(column).where(_PROVIDER.id.in_(practices))
        for column in (_PROVIDER.npi, _PROVIDER.tax_id)
    ]
    return select(_REMITTANCE.id).where(or_(*(_REMITTANCE.payee_id.in_(each) for each in ours)))


def _encounters(actor: Actor, practices: Collection[UUID]) -> Select[UUID]:
    """Those with a claim of the practices; and without one, those that this actor posted."""
    claimed = exists().where(_CLAIM.encounter_id == _ENCOUNTER.id)
    ours = claimed.where(_CLAIM.billing_provider_id.in_(practices))
    return select(_ENCOUNTER.id).where(or_(ours, (_ENCOUNTER.actor_id == actor.id) & ~claimed))


def _checks(practices: Collection[UUID]) -> Select[UUID]:
    return select(_CHECK.id).where(_CHECK.billing_provider_id.in_(practices))


def _items(actor: Actor, practices: Collection[UUID]) -> ColumnElement[bool]:
    """Those about something of the practices. An item about a file alone is the organisation's."""
    return or_(
        _ITEM.claim_id.in_(_claims(practices)),
        _ITEM.remittance_id.in_(_remittances(practices)),
        _ITEM.eligibility_check_id.in_(_checks(practices)),
        _ITEM.encounter_id.in_(_encounters(actor, practices)),
    )


#: Whose a row is. A table that is not here is the organisation's: what names a patient in it is
#: behind the rights in WHOLE of rcm.access.rights. A test fails for a table that nobody decided on.
CONDITIONS: Mapping[type[Base], _Condition] = {
    BillingProviderRow: lambda _, ours: BillingProviderRow.id.in_(ours),
    PatientRow: lambda _, ours: PatientRow.billing_provider_id.in_(ours),
    CoverageRow: lambda _, ours: CoverageRow.patient_id.in_(
        select(_PATIENT.id).where(_PATIENT.billing_provider_id.in_(ours))
    ),
    ClaimRow: lambda _, ours: ClaimRow.billing_provider_id.in_(ours),
    ClaimLineRow: lambda _, ours: ClaimLineRow.claim_id.in_(_claims(ours)),
    ClaimListingRow: lambda _, ours: ClaimListingRow.billing_provider_id.in_(ours),
    ClaimSumRow: lambda _, ours: ClaimSumRow.billing_provider_id.in_(ours),
    ClaimNoteRow: lambda _, ours: ClaimNoteRow.claim_id.in_(_claims(ours)),
    ClaimEventRow: lambda _, ours: ClaimEventRow.claim_id.in_(_claims(ours)),
    EncounterRow: lambda actor, ours: EncounterRow.id.in_(_encounters(actor, ours)),
    EncounterVersionRow: lambda actor, ours: EncounterVersionRow.encounter_id.in_(
        _encounters(actor, ours)
    ),
    EligibilityCheckRow: lambda _, ours: EligibilityCheckRow.billing_provider_id.in_(ours),
    RemittanceRow: lambda _, ours: RemittanceRow.id.in_(_remittances(ours)),
    RemittanceClaimRow: lambda _, ours: RemittanceClaimRow.remittance_id.in_(_remittances(ours)),
    RemittanceServiceRow: lambda _, ours: RemittanceServiceRow.remittance_id.in_(
        _remittances(ours)
    ),
    HandMatchRow: lambda _, ours: HandMatchRow.remittance_id.in_(_remittances(ours)),
    ProviderAdjustmentRow: lambda _, ours: ProviderAdjustmentRow.remittance_id.in_(
        _remittances(ours)
    ),
    PostingRow: lambda _, ours: or_(
        PostingRow.billing_provider_id.in_(ours), PostingRow.remittance_id.in_(_remittances(ours))
    ),
    WorkItemRow: lambda actor, ours: WorkItemRow.id.in_(
        select(_ITEM.id).where(_items(actor, ours))
    ),
    WorkItemEventRow: lambda actor, ours: WorkItemEventRow.work_item_id.in_(
        select(_ITEM.id).where(_items(actor, ours))
    ),
}


def limit_to_practices(session: Session, actor: Actor) -> None:
    """Let `session` see the rows of this actor's practices only."""
    if actor.practices is None:
        return
    ours = sorted(actor.practices)
    options = [
        with_loader_criteria(row, condition(actor, ours), include_aliases=True)
        for row, condition in CONDITIONS.items()
    ]

    def limit(state: ORMExecuteState) -> None:
        if isinstance(state.statement, TextClause):
            if state.session.info.get(_IS_READ):
                raise UnlimitedQueryError
        elif state.is_orm_statement and not state.is_insert:
            state.statement = state.statement.options(*options)

    event.listen(session, "do_orm_execute", limit)


_IS_READ = "only read from"


def within_practices(unit_of_work: UnitOfWork, actor: Callable[[], Actor | None]) -> UnitOfWork:
    """Return `unit_of_work` whose sessions are limited as `actor` is, once that is known."""

    @contextmanager
    def limited() -> Iterator[Session]:
        with unit_of_work() as session:
            known = actor()
            if known is not None:
                limit_to_practices(session, known)
            yield session

    return limited


def refuse_text(session: Session) -> None:
    """Say that `session` is only read from: where it is limited, a query as text is refused."""
    session.info[_IS_READ] = True
