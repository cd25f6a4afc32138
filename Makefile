# `make help` lists what there is. Needs Python 3.11 or newer and make, nothing else.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test coverage check soak bench format requirements screenshots dev clean

# The first of these that is new enough makes the environment.
PYTHON ?= python3 python3.14 python3.13 python3.12 python3.11
UV ?= uv
BIN := .venv/bin
MANAGE := $(BIN)/python manage.py
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet install --requirement
COMPILE := $(UV) pip compile --quiet --universal --python-version 3.11 --no-emit-index-url --no-annotate --no-header

help:  ## List the targets
	@grep -E '^[a-z]+:.*## ' $(firstword $(MAKEFILE_LIST)) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 22

run: .venv/run.stamp  ## Serve the site (PORT=8000, HOST=127.0.0.1); the first time, set it up with a sample
	@$(BIN)/python -m config.startup
	@$(MANAGE) migrate --verbosity 0
	@$(MANAGE) collectstatic --no-input --verbosity 0
	@$(MANAGE) prepare
	@exec $(BIN)/gunicorn --config config/server.py config.wsgi

test: .venv/dev.stamp  ## Run the whole suite on SQLite and on PostgreSQL (ARGS="-k x" picks tests)
	@$(BIN)/python -m tests.engines $(ARGS)

coverage: .venv/dev.stamp  ## Run the suite on both engines and hold what it covers to the thresholds
	@$(BIN)/python -m tests.covered $(ARGS)

check: .venv/dev.stamp  ## Lint, format, types, templates, security, missing migrations, deployment settings
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/djlint templates --lint --quiet
	$(BIN)/djlint templates --check --quiet
	@# It warns of every exception that is not needed for every part of its line: only findings are wanted.
	$(BIN)/bandit --quiet --severity-level medium --recursive articles bench claims config manage.py 2>/dev/null
	$(MANAGE) makemigrations --check --dry-run
	HTTPS=on $(MANAGE) check --deploy --fail-level WARNING

soak: .venv/dev.stamp  ## Try for hours to lose or break something, on both engines (ARGS="-k edits" for one harness)
	@SOAK=whole $(BIN)/python -m tests.engines tests/soak -n 0 $(ARGS)

bench: .venv/dev.stamp  ## Measure speed, for hours, into docs/performance.md (ARGS="--claims 10000" for less)
	@$(BIN)/python -m bench.run $(ARGS)

format: .venv/dev.stamp  ## Rewrite Python and templates to the house's format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	-$(BIN)/djlint templates --reformat --quiet

requirements:  ## Pin requirements*.txt anew from pyproject.toml (needs uv)
	$(COMPILE) --upgrade pyproject.toml --output-file requirements.txt
	$(COMPILE) --upgrade --constraint requirements.txt --group test --group dev pyproject.toml --output-file requirements-dev.txt

screenshots: .venv/dev.stamp  ## Take the pictures of the documentation anew, from a fresh sample
	@$(BIN)/python docs/screenshots.py

dev: .venv/dev.stamp  ## Make .venv with everything a developer needs

clean:  ## Remove what was generated, but neither database nor secret key
	rm -rf .venv var/static var/test-* .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage htmlcov var/coverage test-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/run.stamp: requirements.txt .venv/python.stamp
	@echo "Installing what Hearsay needs into .venv …"
	@$(PIP) requirements.txt
	@touch $@

.venv/dev.stamp: requirements-dev.txt .venv/python.stamp
	@echo "Installing what developers need into .venv …"
	@$(PIP) requirements-dev.txt
	@touch $@

.venv/python.stamp:
	@for python in $(PYTHON); do \
	    if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found=$$python; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
	    echo "Hearsay needs Python 3.11 or newer, and none of these is: $(PYTHON)." >&2; \
	    echo "Install one, or name it: make PYTHON=/path/to/python3.12 …" >&2; exit 1; \
	fi; \
	$$found -m venv --clear .venv && touch $@
