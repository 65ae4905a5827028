#!/bin/sh
# Make .venv from requirements.lock: uv when the index has it, pip otherwise.
set -eu
test -x .venv/bin/python || ${PYTHON:-python3} -m venv .venv
quietly() { "$@" >.venv/setup.log 2>&1 || { cat .venv/setup.log >&2; exit 1; }; }
test -x .venv/bin/uv || .venv/bin/python -m pip install --quiet --disable-pip-version-check uv >.venv/uv.log 2>&1 || true
if test -x .venv/bin/uv; then
  quietly .venv/bin/uv pip install --python .venv/bin/python --require-hashes -r requirements.lock
  quietly .venv/bin/uv pip install --python .venv/bin/python --no-deps -e .
else
  quietly .venv/bin/python -m pip install --require-hashes -r requirements.lock
  quietly .venv/bin/python -m pip install --no-deps -e .
fi
touch .venv/.ready
