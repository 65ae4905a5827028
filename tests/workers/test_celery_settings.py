"""Celery is set as reliability.md 2.2 says, where each setting is explained; its end: ADR 0040."""

import pytest
from celery import Celery
from click.testing import CliRunner

from cli.main import cli
from cli.stack import WORKERS
from rcm.doorbell import TASK, make_celery
from rcm.jobs import KINDS, QUEUES
from rcm.settings import Settings
from workers.app import make_worker

SETTINGS = {
    "task_acks_late": True,
    "task_reject_on_worker_lost": False,
    "task_retry_on_worker_lost": False,
    "task_acks_on_failure": True,
    "task_acks_on_timeout": True,
    "worker_prefetch_multiplier": 1,
    "task_soft_time_limit": 840,
    "task_time_limit": 900,
    "result_backend": None,
    "task_ignore_result": True,
    "accept_content": ["json"],
    "task_serializer": "json",
    "task_publish_retry": False,
    "broker_connection_retry_on_startup": True,
    "broker_connection_max_retries": None,
    "worker_max_tasks_per_child": 200,
    "worker_max_memory_per_child": 524288,
    "worker_cancel_long_running_tasks_on_connection_loss": False,
    "worker_enable_remote_control": False,
    "task_send_sent_event": False,
    "task_create_missing_queues": False,
}
TRANSPORT = {
    "visibility_timeout": 1800,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
    "socket_timeout": 10,
    "socket_connect_timeout": 5,
    "socket_keepalive": True,
    "health_check_interval": 25,
    "global_keyprefix": "rcm:",
    # Ours besides: ringing for a broker that is away takes one try, not kombu's six seconds.
    "max_retries": 1,
    "interval_start": 0,
}


@pytest.fixture(scope="module")
def app() -> Celery:
    return make_celery("redis://127.0.0.1:1/0")


@pytest.mark.parametrize(("name", "value"), SETTINGS.items())
def test_setting_is_as_decided(app: Celery, name: str, value: object) -> None:
    assert app.conf[name] == value


def test_transport_is_as_decided(app: Celery) -> None:
    assert app.conf.broker_transport_options == TRANSPORT


def test_a_task_is_never_redelivered_while_it_may_still_run(app: Celery) -> None:
    limit = app.conf.task_time_limit
    assert app.conf.broker_transport_options["visibility_timeout"] >= 2 * limit
    assert all(kind.seconds_max <= limit for kind in KINDS.values())


def test_every_kind_of_job_has_a_queue_that_workers_serve(app: Celery) -> None:
    assert {kind.queue for kind in KINDS.values()} <= set(QUEUES) == set(app.conf.task_queues)


def test_the_workers_of_a_stack_serve_each_queue_once() -> None:
    served = [queue for queues in WORKERS.values() for queue in queues.split(",")]
    assert sorted(served) == sorted(QUEUES)


def test_a_worker_for_an_unknown_queue_does_not_start() -> None:
    result = CliRunner().invoke(cli, ["worker", "--queues", "post,nothing"])
    assert result.exit_code == 2
    assert "the queues are realtime, intake" in result.output


def test_a_unix_socket_becomes_what_kombu_understands() -> None:
    app = make_celery("unix:///run/private/valkey.sock")
    assert app.conf.broker_url == "redis+socket:///run/private/valkey.sock"


def test_there_is_one_task(settings: Settings) -> None:
    tasks = [name for name in make_worker(settings).tasks if not name.startswith("celery.")]
    assert tasks == [TASK]
