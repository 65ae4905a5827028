"""The role matrix (reliability.md 4): one table, and nothing else gives a right. Pure."""

from collections.abc import Iterable, Mapping
from enum import StrEnum


class Right(StrEnum):
    """What an operation needs. Every route declares one."""

    SELF = "self"  #: One's own session, password and preferences: everybody who is known.
    ENCOUNTERS_POST = "encounters.post"
    CLAIMS_READ = "claims.read"
    CLAIMS_WORK = "claims.work"  #: Correct, hold, resubmit, note.
    ELIGIBILITY_READ = "eligibility.read"
    ELIGIBILITY_ASK = "eligibility.ask"
    REMITTANCES_READ = "remittances.read"
    REMITTANCES_WORK = "remittances.work"  #: Match, judge again, discard.
    LEDGER_READ = "ledger.read"
    WORK_READ = "work.read"
    WORK_DO = "work.do"  #: Assign, close, open again.
    FILES_READ = "files.read"  #: That there is a file, and what became of it.
    FILES_CONTENT = "files.content"  #: What stands in it.
    FILES_WORK = "files.work"  #: Send again, read again, discard.
    PARTNERS_READ = "partners.read"
    PARTNERS_WORK = "partners.work"
    EXCHANGE = "exchange"
    JOBS_READ = "jobs.read"
    JOBS_WORK = "jobs.work"
    ANALYTICS_READ = "analytics.read"
    SEARCH = "search"
    EXPORT = "export"
    PHI_REVEAL = "phi.reveal"  #: Names, birth dates and member ids, unmasked.
    USERS_READ = "users.read"
    USERS_WORK = "users.work"
    KEYS_READ = "keys.read"  #: That there is a key, never the key.
    KEYS_WORK = "keys.work"
    AUDIT_READ = "audit.read"


class Role(StrEnum):
    """What somebody is here for. One may be several."""

    BILLER = "biller"
    POSTER = "poster"
    MANAGER = "manager"
    ADMIN = "admin"  #: People, keys and partners; no patient's data.
    INTEGRATION = "integration"  #: Partners, files and jobs; no patient's data.
    AUDITOR = "auditor"
    EHR = "ehr"  #: A system that posts encounters and asks what became of them.


_LOOK = frozenset(
    {
        Right.SELF,
        Right.CLAIMS_READ,
        Right.ELIGIBILITY_READ,
        Right.REMITTANCES_READ,
        Right.LEDGER_READ,
        Right.WORK_READ,
        Right.FILES_READ,
        Right.FILES_CONTENT,
        Right.ANALYTICS_READ,
        Right.SEARCH,
        Right.PHI_REVEAL,
    }
)
_BILL = frozenset(
    {
        Right.ENCOUNTERS_POST,
        Right.CLAIMS_WORK,
        Right.ELIGIBILITY_ASK,
        Right.WORK_DO,
        Right.EXCHANGE,
        Right.EXPORT,
    }
)
_POST = frozenset(
    {
        Right.REMITTANCES_WORK,
        Right.ELIGIBILITY_ASK,
        Right.FILES_WORK,
        Right.WORK_DO,
        Right.EXPORT,
    }
)
#: How the service runs and who uses it, without a change to either.
_OVERSEE = frozenset(
    {
        Right.PARTNERS_READ,
        Right.JOBS_READ,
        Right.USERS_READ,
        Right.KEYS_READ,
        Right.AUDIT_READ,
    }
)
_CONNECT = frozenset(
    {
        Right.SELF,
        Right.FILES_READ,
        Right.PARTNERS_READ,
        Right.PARTNERS_WORK,
        Right.JOBS_READ,
        Right.JOBS_WORK,
    }
)

RIGHTS_OF: Mapping[Role, frozenset[Right]] = {
    Role.BILLER: _LOOK | _BILL,
    Role.POSTER: _LOOK | _POST,
    Role.MANAGER: _LOOK | _OVERSEE | _BILL | _POST | {Right.JOBS_WORK},
    Role.ADMIN: _CONNECT | _OVERSEE | {Right.USERS_WORK, Right.KEYS_WORK},
    Role.INTEGRATION: _CONNECT | {Right.EXCHANGE},
    Role.AUDITOR: _LOOK | _OVERSEE,
    Role.EHR: frozenset(
        {
            Right.SELF,
            Right.ENCOUNTERS_POST,
            Right.CLAIMS_READ,
            Right.CLAIMS_WORK,
            Right.ELIGIBILITY_READ,
            Right.ELIGIBILITY_ASK,
        }
    ),
}

#: About the whole organisation: no practice's share of a file, a partner or a job can be told
#: apart, so somebody who is limited to some practices has none of these.
WHOLE: frozenset[Right] = frozenset(
    {
        Right.LEDGER_READ,
        Right.FILES_READ,
        Right.FILES_CONTENT,
        Right.FILES_WORK,
        Right.PARTNERS_READ,
        Right.PARTNERS_WORK,
        Right.EXCHANGE,
        Right.JOBS_READ,
        Right.JOBS_WORK,
        Right.USERS_READ,
        Right.USERS_WORK,
        Right.KEYS_READ,
        Right.KEYS_WORK,
        Right.AUDIT_READ,
    }
)


def rights_of(roles: Iterable[Role]) -> frozenset[Right]:
    """Return the rights of somebody with these roles.

    >>> Right.PHI_REVEAL in rights_of([Role.ADMIN]), Right.PHI_REVEAL in rights_of([Role.BILLER])
    (False, True)
    """
    return frozenset().union(*(RIGHTS_OF[role] for role in roles))
