# controltotal: everything a newcomer or a build machine needs, by name.
#
#   make setup   a private Python in .venv, exactly the versions in requirements.lock
#   make demo    read the example books, print their positions, write the packs to out/
#   make test    every quick test (installs a browser and LibreOffice Calc from Debian where it can)
#   make lint    ruff and mypy            make docs    the manual, into site/
#   make bench   ours and the peers       make soak    the long searches
#   make mutants what the tests do not see: 150 small changes to the program, one at a time
#   make lock    resolve the versions again
#
# Extras on request: make setup EXTRAS="web postgres"

SHELL   := /bin/sh
PYTHON  ?= python3
EXTRAS  ?=
BIN     := .venv/bin
PIP     := $(BIN)/python -m pip --disable-pip-version-check --no-input
LOCKED  := requirements.lock $(wildcard locks/*.lock)
WORKERS ?= 2

.PHONY: setup demo test bench soak mutants docs lint format types lock browser office clean help
.DEFAULT_GOAL := help

help:
	@sed -n '/^#/!q;s/^# \{0,1\}//p' Makefile

# A stamp keeps this instant when nothing changed. It is named by the extras asked for.
STAMP := .venv/.setup-stamp$(if $(EXTRAS),-$(shell echo $(EXTRAS) | tr ' ' '-'))

setup: $(STAMP)

$(STAMP): $(LOCKED) pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "controltotal needs Python 3.11 or newer; say which with: make setup PYTHON=python3.11"; exit 2; }
	@test -x $(BIN)/python || { echo "Making .venv"; $(PYTHON) -m venv .venv; }
	@echo "Installing the locked versions (a few minutes the first time)"
	@$(PIP) install -qq --require-hashes --no-deps -r requirements.lock
	@for extra in $(EXTRAS); do \
	  echo "Installing the extra $$extra"; \
	  $(PIP) install -qq --require-hashes --no-deps -r locks/$$extra.lock || exit 1; \
	done
	@$(PIP) install -qq --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m compileall -q src
	@echo "Compiling the simulation, once"
	@$(BIN)/controltotal risk examples/fictional-system > /dev/null
	@touch $@
	@echo "Ready: $(BIN)/controltotal --help"

demo: setup
	@$(BIN)/controltotal demo --overwrite

test: setup browser office
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile -q

soak: setup
	HYPOTHESIS_PROFILE=soak $(BIN)/python -m pytest -n $(WORKERS) -q -m soak --timeout 7200

# An hour or so. Another sample: make mutants SEED=7; one room: make mutants MUTANTS="--rooms rules/"
SEED ?= 1
mutants: setup browser
	PYTHONPATH=. $(BIN)/python -m tools.mutants --seed $(SEED) $(MUTANTS)

# Pages are tested in a real browser. Where none can be had, those tests say so and are
# skipped; on a build machine (CI=true) that is a failure.
browser:
	@sh tools/browser.sh

# Workbooks are recalculated by LibreOffice, on the same terms.
office:
	@sh tools/office.sh

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench:
	@$(MAKE) --no-print-directory setup EXTRAS="bench"
	@for script in benchmarks/bench_*.py; do \
	  echo "== $$script"; PYTHONPATH=. $(BIN)/python $$script || exit 1; \
	done
	@echo "Written: benchmarks/RESULTS.md"

docs: setup
	$(BIN)/python -m tools.reference
	$(BIN)/zensical build --clean --strict

lock:
	@sh tools/lock.sh

clean:
	rm -rf out site build dist .pytest_cache .mypy_cache .ruff_cache
