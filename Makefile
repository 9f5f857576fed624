# One command for each act, the same for people and CI. Needs git, make and Python 3.11 or newer.
#
#   make demo    set up .venv and scan the bundled sample intrusion
#   make test    lint, types, layers and tests, in an environment of its own
#   make fmt     lay the code out
#   make lint    style, types, layers
#   make cover   the tests with branch coverage
#   make bench   measure a scan (BENCH= passes arguments on)
#   make docs    render the pages of docs/ that come from the code
#   make lock    find the newest versions of all dependencies (needs uv)

PYTHON ?= python3
JOBS ?= 2
UV ?= uv

RUN := .venv
DEV := .venv-dev
PIP := -m pip --disable-pip-version-check install --quiet
# Wheels only, but for three small packages of pure Python that are published as source.
LOCKED := --require-hashes --only-binary :all: --no-binary authres,dkimpy,pyspf
BUILD := --no-deps --no-build-isolation

.PHONY: demo test fmt lint cover bench docs lock clean python
.DELETE_ON_ERROR:

demo: $(RUN)/installed
	$(RUN)/bin/exward demo --fail-on never --report report.html

test: $(DEV)/installed lint
	$(DEV)/bin/python -m pytest -n $(JOBS)

fmt: $(DEV)/installed
	$(DEV)/bin/ruff check --fix-only --quiet .
	$(DEV)/bin/ruff format .

lint: $(DEV)/installed
	$(DEV)/bin/ruff check .
	$(DEV)/bin/ruff format --check .
	$(DEV)/bin/mypy
	$(DEV)/bin/mypy --package tests
	$(DEV)/bin/lint-imports --no-logo

cover: $(DEV)/installed
	@mkdir -p build
	$(DEV)/bin/coverage erase
	$(DEV)/bin/coverage run -m pytest
	$(DEV)/bin/coverage combine --quiet
	$(DEV)/bin/coverage report

bench: $(DEV)/installed
	$(DEV)/bin/python benchmarks/scan.py $(BENCH)

docs: $(DEV)/installed
	$(DEV)/bin/python scripts/generate_docs.py

lock:
	$(UV) pip compile -q $(LOCK) pyproject.toml -o requirements.lock
	$(UV) pip compile -q $(LOCK) --group dev pyproject.toml -c requirements.lock \
		-o requirements-dev.lock
	printf 'hatchling\n' | $(UV) pip compile -q $(LOCK) - -c requirements-dev.lock \
		-o requirements-build.lock

LOCK = --upgrade --universal --python-version 3.11 --generate-hashes --no-annotate \
	--custom-compile-command 'make lock'

clean:
	rm -rf $(RUN) $(DEV) build dist report.html

# What is installed is marked with a file, so that a second run has nothing to do.
$(RUN)/installed: requirements.lock requirements-build.lock pyproject.toml
	@$(MAKE) --no-print-directory python
	@test -x $(RUN)/bin/python || $(PYTHON) -m venv $(RUN)
	$(RUN)/bin/python $(PIP) $(LOCKED) -r requirements.lock -r requirements-build.lock
	$(RUN)/bin/python $(PIP) $(BUILD) --editable .
	@touch $@

$(DEV)/installed: requirements-dev.lock pyproject.toml
	@$(MAKE) --no-print-directory python
	@test -x $(DEV)/bin/python || $(PYTHON) -m venv $(DEV)
	$(DEV)/bin/python $(PIP) $(LOCKED) -r requirements-dev.lock
	$(DEV)/bin/python $(PIP) $(BUILD) --editable .
	@touch $@

python:
	@command -v $(PYTHON) >/dev/null || { \
		echo "Python is missing: apt-get install python3 python3-venv" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Python 3.11 or newer is needed; name one with make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "Python's venv module is missing: apt-get install python3-venv" >&2; exit 1; }
