# What people do with this clone. `make help` lists it; docs/running.md says more.

SHELL := /bin/sh
.DEFAULT_GOAL := help

# The first of these that runs and is new enough: version managers leave names on the PATH that fail when they are called.
FIND_PYTHON := for name in $(BANSO_PYTHON) python3.13 python3.12 python3.14 python3 python; do \
	if $$name -c 'import sys; sys.exit(sys.version_info < (3, 12))' >/dev/null 2>&1; then echo $$name; exit 0; fi; done
PYTHON := $(shell $(FIND_PYTHON))
BIN := .venv/bin
ARGS ?=

.PHONY: help
help: ## This list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: demo
demo: set-up-run ## Start Banso with demo data, print its address and sign-in (ARGS="--data oss_activity --port 9000")
	@exec $(BIN)/banso demo $(ARGS)

.PHONY: test
test: set-up-dev ## All tests: format, lint, types, laws, SQLite, PostgreSQL, journeys
	@$(BIN)/python -m tools.gate test

.PHONY: check
check: set-up-dev ## What needs no server and no browser: format, lint, types, laws, messages, tests on SQLite
	@$(BIN)/python -m tools.gate check

.PHONY: journeys
journeys: set-up-dev ## The journeys only: a person in a real browser
	@$(BIN)/python -m tools.gate journeys

.PHONY: screenshots
screenshots: set-up-dev ## Every page as a picture in ./screenshots (ja/en, wide/narrow, light/dark)
	@$(BIN)/python -m tools.gate screenshots

.PHONY: bench
bench: set-up-dev ## The benchmarks, side by side in one run
	@$(BIN)/python -m tools.gate bench

.PHONY: evidence
evidence: set-up-dev ## Figures of the science, made again from the data
	@$(BIN)/python -m tools.gate evidence

.PHONY: format
format: set-up-dev ## Format Python and templates
	@$(BIN)/python -m tools.gate format

.PHONY: messages
messages: set-up-dev ## Bring the .po files up to date with the source
	@$(BIN)/python -m tools.messages update

.PHONY: lock
lock: set-up-dev ## Lock the Python packages anew, after pyproject.toml or requirements/*.in changed
	@$(BIN)/python -m tools.lock

.PHONY: clean
clean: ## Remove what was built; data in ./var stays
	rm -rf .venv node_modules src/banso/ui/static/dist screenshots test-results .coverage .coverage.* .mypy_cache .ruff_cache \
		.pytest_cache .hypothesis .import_linter_cache
	find src -name '*.mo' -delete

.PHONY: set-up set-up-run set-up-dev
set-up: set-up-dev ## The environment only
set-up-run set-up-dev:
	@if [ -z "$(PYTHON)" ]; then \
		echo "✗ Banso needs Python 3.12 or newer: none of python3.13, python3.12, python3.14, python3 on the PATH runs as one." >&2; \
		echo "  Install one (Debian 13: apt-get install python3 python3-venv), or name yours: make BANSO_PYTHON=/path/to/python …" >&2; \
		exit 2; fi
	@$(PYTHON) tools/set_up.py $(@:set-up-%=%)
