# Kith in a container: wheels checked against their hashes, no compiler, nobody as user, a root that is never written to.
# The base image's digest is yours to pin: docs/running.md says how.
FROM python:3.11-slim-bookworm AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /build
COPY requirements/build.txt requirements/run.txt requirements/
RUN python3 -m venv /kith \
 && /kith/bin/python -m pip install --require-hashes --only-binary :all: -r requirements/run.txt
RUN python3 -m venv /tools \
 && /tools/bin/python -m pip install --require-hashes --only-binary :all: -r requirements/build.txt
COPY pyproject.toml README.md LICENSE ./
COPY api api
COPY forum forum
COPY graph graph
COPY ingest ingest
COPY visualise visualise
RUN /tools/bin/python -m pip wheel --no-index --no-deps --no-build-isolation --wheel-dir dist . \
 && /kith/bin/python -m pip install --no-index --no-deps dist/*.whl \
 && /kith/bin/python -m compileall -q /kith/lib

FROM python:3.11-slim-bookworm
COPY --from=build /kith /kith
# The embedded store lives in /data, which belongs to nobody (65534) and is the one folder that keeps anything.
RUN install -d -o 65534 -g 65534 -m 0700 /data
ENV PATH=/kith/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 HOME=/data
USER 65534:65534
WORKDIR /data
EXPOSE 8000 8001
STOPSIGNAL SIGTERM
ENTRYPOINT ["kith"]
CMD ["serve", "--host", "0.0.0.0"]
