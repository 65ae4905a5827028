"""Every operation of /api/v1, by what it is about."""

from fastapi import APIRouter, Depends

from api.auth import authenticate
from api.routes import (
    api_keys,
    audit_events,
    auth,
    changes,
    claim_list,
    claim_page,
    claim_work,
    claims,
    dashboard,
    eligibility,
    encounters,
    exports,
    files,
    health,
    jobs,
    ledger,
    me,
    metrics,
    operations,
    partners,
    remittances,
    search,
    sent,
    suspense,
    users,
    viewer,
    work_items,
)

PREFIX = "/api/v1"


def make_router() -> APIRouter:
    """Return all routes. Each of them but health and signing in refuses a stranger."""
    known = APIRouter(dependencies=[Depends(authenticate)])
    parts = (
        encounters,
        exports,
        claim_list,
        claims,
        claim_page,
        claim_work,
        eligibility,
        viewer,  # Before files: /files/diff is no id.
        files,
        sent,
        remittances,
        suspense,
        ledger,
        work_items,
        changes,
        search,
        dashboard,
        partners,
        operations,
        metrics,
        jobs,
        me,
        users,
        api_keys,
        audit_events,
    )
    for part in parts:
        known.include_router(part.router)
    known.include_router(auth.inside)
    everyone = APIRouter(prefix=PREFIX)
    everyone.include_router(known)
    everyone.include_router(health.router)
    everyone.include_router(auth.router)
    return everyone
