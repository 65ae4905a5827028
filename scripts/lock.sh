#!/bin/sh
# Pin every dependency with hashes. No address of any index is written.
set -eu
uv=${UV:-.venv/bin/uv}
"$uv" export --quiet --format requirements-txt --no-header --no-annotate --no-emit-project \
  --extra embedded --group dev --output-file requirements.lock
rm -f uv.lock
