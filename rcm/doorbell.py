"""Celery as the doorbell: a message carries a job id, and losing one changes nothing."""

import logging
import time
from collections.abc import Sequence
from uuid import UUID

from celery import Celery
from kombu.exceptions import OperationalError
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from rcm.jobs import KINDS, QUEUES

TASK = "run_job"
_GRACE_SECONDS = 10  #: Between the exception that ends a job and the kill.
_ANSWER_SECONDS = 1
_SILENT_SECONDS = 5  #: After a failed ring: no request waits twice for a broker that is away.

log = logging.getLogger(__name__)


def make_celery(redis_url: str) -> Celery:
    """Return the Celery application with exactly the settings of reliability.md 2.2."""
    app = Celery("rcm", broker=_broker(redis_url))
    app.conf.update(
        task_acks_late=True,
        task_reject_on_worker_lost=False,
        task_retry_on_worker_lost=False,
        task_acks_on_failure=True,
        task_acks_on_timeout=True,
        worker_prefetch_multiplier=1,
        task_soft_time_limit=840,
        task_time_limit=900,
        broker_transport_options={
            "visibility_timeout": 1800,
            "unacked_restore_interval": 10,
            "unacked_restore_throttle": 1,
            "socket_timeout": 10,
            "socket_connect_timeout": 5,
            "socket_keepalive": True,
            "health_check_interval": 25,
            "global_keyprefix": "rcm:",
            "max_retries": 1,  # Of connecting to ring: kombu alone would wait for six seconds.
            "interval_start": 0,
        },
        result_backend=None,
        task_ignore_result=True,
        accept_content=["json"],
        task_serializer="json",
        task_publish_retry=False,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        worker_max_tasks_per_child=200,
        worker_max_memory_per_child=524_288,
        worker_cancel_long_running_tasks_on_connection_loss=False,
        worker_enable_remote_control=False,
        worker_send_task_events=False,
        task_send_sent_event=False,
        task_create_missing_queues=False,
        task_queues={queue: {"exchange": queue, "routing_key": queue} for queue in QUEUES},
        task_default_queue="intake",
        worker_hijack_root_logger=False,
    )
    return app


def _broker(redis_url: str) -> str:
    """Return kombu's way of writing a unix socket; other URLs are the same in both."""
    path = redis_url.removeprefix("unix://")
    return redis_url if path == redis_url else f"redis+socket://{path}"


class Broker:
    """The broker, to ask whether it is there: nothing else depends on that it is."""

    def __init__(self, redis_url: str) -> None:
        self._client = Redis.from_url(
            redis_url,
            socket_timeout=_ANSWER_SECONDS,
            socket_connect_timeout=_ANSWER_SECONDS,
            retry=Retry(NoBackoff(), retries=0),
        )

    def answers(self) -> bool:
        """Tell whether it answers within a second."""
        try:
            self._client.ping()
        except RedisError:
            return False
        return True

    def close(self) -> None:
        """Let go of its connections."""
        self._client.close()


class Doorbell:
    """Rings for jobs after their commit. Best effort: a failure is counted, never raised."""

    def __init__(self, app: Celery) -> None:
        self._app = app
        self._silent_until = 0.0
        self.failures = 0

    def __call__(self, jobs: Sequence[tuple[UUID, str]]) -> None:
        """Send one message for each (job id, kind); past its kind's time its process is killed."""
        if time.monotonic() < self._silent_until:
            return
        for job_id, kind in jobs:
            rule = KINDS[kind]
            try:
                self._app.send_task(
                    TASK,
                    args=[str(job_id)],
                    queue=rule.queue,
                    soft_time_limit=rule.seconds_max,
                    time_limit=rule.seconds_max + _GRACE_SECONDS,
                    ignore_result=True,
                )
            except (OperationalError, OSError):
                self.failures += 1
                self._silent_until = time.monotonic() + _SILENT_SECONDS
                log.warning("the broker is away; the relay will ring for the jobs")
                return

    def waiting(self, queue: str) -> int:
        """Return how many messages wait in a queue of the broker; 0 where it does not say."""
        if time.monotonic() < self._silent_until:
            return 0
        try:
            with self._app.connection_or_acquire() as connection:
                return int(connection.default_channel.queue_declare(queue=queue).message_count)
        except (OperationalError, OSError, RedisError):
            return 0
