"""What a failed job is called, why it failed, and what to do about it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

_KINDS: Mapping[str, str] = {
    "sweep_encounters": "Build claims",
    "batch_claims": "Make a file of claims",
    "check_coverages": "Check coverages",
    "ask_eligibility": "Make a file of eligibility questions",
    "deliver_file": "Send a file",
    "collect_files": "Fetch files",
    "fetch_archived": "Fetch files from the archive",
    "read_file": "Read a file",
    "post_remittance": "Post a payment",
    "check_conformance": "Check a file against its guide",
    "check_connection": "Test a connection",
    "chain_rows": "Chain and sign the ledger and the audit log",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class JobWords:
    """A failure as a person reads it."""

    message: str
    cure: str
    is_retry_safe: bool = True  #: False: first do what the cure says, or it may do harm.


_ASK_RIGHTS = "Ask the partner for the rights and the quota of our login, then try again."
_CODES: Mapping[str, JobWords] = {
    "WRONG-USAGE": JobWords(
        message="The partner is production and this deployment a sandbox, or the reverse.",
        cure="Correct the partner's usage, then try again.",
    ),
    "HEADER-REFUSED": JobWords(
        message="A name, telephone number or identifier cannot be sent as it is set up.",
        cure="Correct submitter, receiver, payer and practice, then try again. All claims wait.",
    ),
    "PROOF-FAILED": JobWords(
        message="A file that we wrote did not read back as it should, so nothing was sent.",
        cure="Tell the operator: this is a fault of ours. Trying again changes nothing on its own.",
    ),
    "PROOF-UNFINISHED": JobWords(
        message="The validator could not finish a file we wrote, and nothing in it is to blame.",
        cure="Give the worker more memory, or make the files of this partner smaller; try again.",
    ),
    "VALIDATOR-AWAY": JobWords(
        message="The validator's process could not be started.",
        cure="Look at the memory and the process limit of the workers, then try again.",
    ),
    "PROCESS-DIED": JobWords(
        message="The process that did this died three times.",
        cure="Look at the file it is about, and at the memory of the workers, then try again.",
    ),
    "NUMBERS-EXHAUSTED": JobWords(
        message="All control numbers for this partner are used up: the last was 999999999.",
        cure="Agree with the partner on another identifier of ours, and set it up as a partner.",
    ),
    "FILE-DAMAGED": JobWords(
        message="The stored bytes of the file do not open: they were changed, or the key was.",
        cure="Tell the operator. Once the file or the key is restored from a backup, try again.",
    ),
    "FILE-QUARANTINED": JobWords(
        message="The file to be sent was kept aside.",
        cure="Look at what is wrong with the file first.",
    ),
    "BREAKER-OPEN": JobWords(
        message="The partner could not be met, so this waits until it can.",
        cure="Nothing: it goes by itself. The partner's page says why, and until when.",
    ),
    "BREAKER-BUSY": JobWords(
        message="Another job was meeting the partner: there is one meeting at a time.",
        cure="Nothing: it goes by itself when that one is over.",
    ),
    "SFTP-NAME": JobWords(
        message="The name of the partner's server is not known.",
        cure="Check the host in the partner's settings, then try again.",
    ),
    "SFTP-PORT": JobWords(
        message="Nobody answers at the partner's port, or it is not SFTP.",
        cure="Check port and firewall with the partner, then try again.",
    ),
    "SFTP-HOST-KEY": JobWords(
        message="The server shows another key than the one we trust: it may not be the partner.",
        cure="Ask the partner by telephone for the fingerprint before anything else.",
        is_retry_safe=False,
    ),
    "SFTP-LOGIN": JobWords(
        message="The partner's server refuses our login. We stopped, so that it locks nothing.",
        cure="Check user name and key with the partner. Trying again before may lock the account.",
        is_retry_safe=False,
    ),
    "SFTP-FOLDER": JobWords(
        message="A folder on the partner's server is missing.",
        cure="Correct the folder in the partner's settings, then try again.",
    ),
    "SFTP-LIST": JobWords(message="The folder could not be listed.", cure=_ASK_RIGHTS),
    "SFTP-READ": JobWords(message="A file could not be read.", cure=_ASK_RIGHTS),
    "SFTP-WRITE": JobWords(message="A file could not be written.", cure=_ASK_RIGHTS),
    "SFTP-RENAME": JobWords(message="A file could not be put in its place.", cure=_ASK_RIGHTS),
    "SFTP-STAT": JobWords(message="The size of a file could not be seen.", cure=_ASK_RIGHTS),
    "SFTP-REMOVE": JobWords(message="A file could not be removed.", cure=_ASK_RIGHTS),
    "SFTP-TIMEOUT": JobWords(
        message="The partner's server stopped answering.",
        cure="Try again; if it persists, test the connection and tell the partner.",
    ),
    "CHECKPOINT-WRITE": JobWords(
        message="The folder of signed checkpoints cannot be written.",
        cure="Make room, or give the workers the right to write there; then try again.",
    ),
    "CHECKPOINT-DIFFERS": JobWords(
        message="A chain in the database is not the one that was signed: nothing more is signed.",
        cure="Tell the operator: `rcm ledger verify` and `rcm audit verify` say what was changed.",
    ),
}
_UNKNOWN = JobWords(
    message="It failed in a way that has no name here.",
    cure="Try again once; if it fails again, tell the operator the code.",
)


def kind_words(kind: str) -> str:
    """Return what a job does.

    >>> kind_words("deliver_file"), kind_words("new_kind")
    ('Send a file', 'new kind')
    """
    return _KINDS.get(kind, kind.replace("_", " "))


def job_words(code: str | None) -> JobWords:
    """Return why a job failed and what to do. Doing it twice does nothing twice."""
    return _CODES.get(code or "", _UNKNOWN)
