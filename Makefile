.DEFAULT_GOAL := help
# A file of tests stays in one process, which has its own PostgreSQL and Valkey (tests/conftest.py).
PARALLEL := -n auto --maxprocesses=4 --dist=loadfile --no-loadscope-reorder
# What is imported is compiled once, not by each of the hundreds of processes that tests start.
unexport PYTHONDONTWRITEBYTECODE
.PHONY: help setup demo serve test test-long pictures check lint format bench lock clean

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "%-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: .venv/.ready  ## make .venv and install everything, pinned

.venv/.ready: pyproject.toml requirements.lock
	@sh scripts/setup.sh

demo: setup  ## start everything, post 500 encounters, print where the money went
	@.venv/bin/rcm demo

serve: setup  ## show the last demo's data again
	@.venv/bin/rcm serve --data .rcm/demo

test: setup  ## run all tests but the long faults
	@.venv/bin/pytest $(PARALLEL)

test-long: setup  ## the long faults alone: kills, random faults, mutants (RCM_LONG_SCALE=0.1: a tenth of them)
	@.venv/bin/pytest -m long

pictures: setup  ## take a picture of every page into docs/images (needs Chromium)
	@.venv/bin/pytest -q tests/browser/pictures.py

check: setup lint test  ## what CI runs

lint: setup  ## ruff, mypy and the import contracts
	@.venv/bin/ruff check . && .venv/bin/ruff format --check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports

format: setup  ## format the code and mend what ruff can
	@.venv/bin/ruff check --fix . ; .venv/bin/ruff format .

bench: setup  ## measure it in some minutes, figures in .rcm/bench.json (in full: BENCH_SIZES=1000,10000,50000)
	@.venv/bin/python -m benchmarks.bench

lock:  ## pin every dependency again, with hashes and without addresses
	@sh scripts/lock.sh

clean:  ## remove .venv and caches (never data)
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache build dist *.egg-info
