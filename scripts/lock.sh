#!/bin/sh
# Pin every dependency with hashes: all of them, and those of the service alone (Dockerfile). No address of
# any index is written.
set -eu
uv=${UV:-.venv/bin/uv}
export_to() {
  file=$1
  shift
  "$uv" export --quiet --format requirements-txt --no-header --no-annotate --no-emit-project \
    "$@" --output-file "$file"
}
export_to requirements.lock --extra embedded --group dev
export_to requirements-service.lock --no-dev
rm -f uv.lock
