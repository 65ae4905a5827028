# One image for every part of the service: docker-compose.yml says which command runs.
FROM python:3.11-slim AS build
WORKDIR /build
RUN python -m venv /opt/rcm
COPY requirements-service.lock .
RUN /opt/rcm/bin/pip install --no-cache-dir --require-hashes -r requirements-service.lock
COPY pyproject.toml README.md LICENSE ./
COPY edi edi
COPY rcm rcm
COPY api api
COPY workers workers
COPY sandbox sandbox
COPY cli cli
COPY samples samples
RUN /opt/rcm/bin/pip install --no-cache-dir --no-deps .

FROM python:3.11-slim
COPY --from=build /opt/rcm /opt/rcm
COPY samples/parties.json /app/parties.json
# A user with a name: Celery takes one without for root, and warns. Volumes take their owner from here.
RUN groupadd --gid 1000 rcm && useradd --uid 1000 --gid 1000 --no-create-home --home-dir /app rcm \
    && mkdir /checkpoints /sandbox && chown rcm:rcm /checkpoints /sandbox
ENV PATH=/opt/rcm/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /app
USER 1000:1000
ENTRYPOINT ["rcm"]
