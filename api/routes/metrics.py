"""Figures for Prometheus, and whatever else reads its text."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from api.auth import allow
from api.document import problems
from api.service import ServiceHere
from rcm.access import Right
from rcm.reading.metrics import Metric, metrics

router = APIRouter(tags=["Operations"])

_EXAMPLE = """\
# HELP rcm_job_oldest_ready_seconds How long the oldest job has waited; 0: none waits.
# TYPE rcm_job_oldest_ready_seconds gauge
rcm_job_oldest_ready_seconds{queue="intake"} 0.0
"""


class _Told(Collector):
    """What was found, as the library wants it."""

    def __init__(self, found: list[Metric]) -> None:
        self._found = found

    def collect(self) -> list[GaugeMetricFamily]:
        families = []
        for each in self._found:
            family = GaugeMetricFamily(each.name, each.help, labels=each.labels)
            for labels, value in each.values:
                family.add_metric(labels, value)
            families.append(family)
        return families


@router.get(
    "/metrics",
    response_class=PlainTextResponse,
    responses={
        200: {"content": {"text/plain": {"example": _EXAMPLE}}},
        **problems(),
    },
    dependencies=[allow(Right.JOBS_READ)],
)
def get_metrics(request: Request, service: ServiceHere) -> Response:
    """Tell jobs, files, claims, postings, work, partners, suspense and chains as figures.

    Nothing is about a person. Prometheus needs a key with the role integration as its token.
    """
    with service.reading() as session:
        found = list(metrics(session, now=service.tools.clock(), version=request.app.version))
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Told(found))
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)
