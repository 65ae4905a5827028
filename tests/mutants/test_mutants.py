"""The test of the tests: what would lose, double or leak something turns the suite red.

Each mutant is one change to a copy of the code; the tests that must notice are run on that copy.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from cli.embedded import Servers

ROOT = Path(__file__).parents[2]
_CODE = ("api", "cli", "edi", "rcm", "samples", "sandbox", "tests", "workers")
_FILES = ("pyproject.toml",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """`before`, which stands once in `file`, becomes `after`; one of `tests` must fail."""

    file: str
    before: str
    after: str
    tests: tuple[str, ...]


MUTANTS: Mapping[str, Mutant] = {
    "a worker that lost its lease may finish": Mutant(
        file="rcm/job_store.py",
        before="""    UPDATE job SET state = :state, last_error_code = :code, finished_at = now()
    WHERE id = :id AND lease_token = :token AND state = 'running'""",
        after="""    UPDATE job SET state = :state, last_error_code = :code, finished_at = now()
    WHERE id = :id AND CAST(:token AS uuid) IS NOT NULL""",
        tests=("tests/rcm/test_jobs_lease.py::test_a_late_worker_cannot_finish",),
    ),
    "a worker that lost its lease may take a step": Mutant(
        file="rcm/jobs.py",
        before="if session.execute(job_store.PROVE, values).scalar() is None:",
        after="if session.execute(job_store.PROVE, values).scalar() == 0:",
        tests=("tests/rcm/test_jobs_lease.py::test_a_late_worker_cannot_take_a_step",),
    ),
    "a remote file is moved before its bytes are committed": Mutant(
        file="workers/collect.py",
        before="    with work.transaction() as session:\n        file_id = make_ours(",
        after="    mailbox.rename(join(partner.inbound_folder, remote.name),"
        " join(partner.archive_folder, remote.name))\n"
        "    with work.transaction() as session:\n        file_id = make_ours(",
        tests=(
            "tests/workers/test_collect.py::test_a_file_leaves_its_folder_only_after_its_bytes_are_ours",
        ),
    ),
    "one post is two transactions": Mutant(
        file="rcm/remittance/service.py",
        before="    settle_claims(session, tools, decided, decisions,",
        after="    session.commit()\n    settle_claims(session, tools, decided, decisions,",
        tests=(
            "tests/rcm/test_remittance_database.py::test_a_post_that_fails_half_way_leaves_nothing_and_is_made_later",
        ),
    ),
    "files are the same by their name": Mutant(
        file="rcm/exchange/store.py",
        before="    digest = sha256(body)\n    added = session.scalar(",
        after="    digest = sha256(name.encode())\n    added = session.scalar(",
        tests=(
            "tests/workers/test_collect.py::test_two_files_of_one_name_are_both_ours_and_one_of_two_names_once",
        ),
    ),
    "any host key will do": Mutant(
        file="workers/ssh.py",
        before="client.set_missing_host_key_policy(PinnedKeysPolicy(blobs, passed))",
        after="client.set_missing_host_key_policy(paramiko.AutoAddPolicy())",
        tests=("tests/workers/test_sftp.py::test_a_changed_host_key_is_refused_before_any_login",),
    ),
    "each delivery makes the file anew": Mutant(
        file="workers/deliver.py",
        before='    failpoint("deliver.uncertain")',
        after="    from rcm.exchange.control import allocate\n"
        "    with work.transaction() as session:\n"
        "        number = allocate(session, partner.id).interchange\n"
        "    body = body.replace(b'*000000001*', f'*{number:09}*'.encode())\n"
        '    failpoint("deliver.uncertain")',
        tests=("tests/workers/test_deliver.py::test_every_attempt_sends_what_was_frozen",),
    ),
    "a set that does not balance is posted": Mutant(
        file="rcm/remittance/decide.py",
        before="if not remittance.is_readable or not balance.is_set_balanced or is_broken:",
        after="if not remittance.is_readable or is_broken:",
        tests=("tests/rcm/test_remittance_database.py::test_a_set_that_does_not_add_up_is_held",),
    ),
    "a person sees every practice": Mutant(
        file="rcm/reading/scope.py",
        before="    if actor.practices is None:",
        after="    if actor.practices is None or actor.practices:",
        tests=("tests/api/test_scope.py",),
    ),
}


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The code and its tests, apart from us."""
    folder = tmp_path_factory.mktemp("mutants") / "copy"
    folder.mkdir()
    for name in _CODE:
        skipped = shutil.ignore_patterns("__pycache__", "vendor", "images")
        shutil.copytree(ROOT / name, folder / name, ignore=skipped)
    for name in _FILES:
        shutil.copy(ROOT / name, folder / name)
    return folder


def run_tests(
    copy: Path, servers: Servers, tests: tuple[str, ...]
) -> subprocess.CompletedProcess[str]:
    """Run tests of the copy on our servers, which are ours alone meanwhile."""
    env = os.environ | {
        "RCM_TEST_DATABASE_URL": servers.app_url,
        "RCM_TEST_DATABASE_OWNER_URL": servers.owner_url,
        "RCM_TEST_REDIS_URL": servers.redis_url,
    }
    argv = (sys.executable, "-m", "pytest", "-q", "-x", "--tb=line", "--show-capture=no")
    return subprocess.run(
        [*argv, *("-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:schemathesis"), *tests],
        cwd=copy,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("name", MUTANTS)
def test_a_mutant_is_noticed(name: str, copy: Path, servers: Servers) -> None:
    mutant = MUTANTS[name]
    path = copy / mutant.file
    text = path.read_text(encoding="utf-8")
    assert text.count(mutant.before) == 1, "the code has changed: change its mutant too"
    path.write_text(text.replace(mutant.before, mutant.after), encoding="utf-8")
    try:
        ran = run_tests(copy, servers, mutant.tests)
    finally:
        path.write_text(text, encoding="utf-8")
    assert ran.returncode == 1, f"nothing noticed:\n{ran.stdout}{ran.stderr}"
    assert "1 failed" in ran.stdout, ran.stdout
