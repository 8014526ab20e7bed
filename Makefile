# Everything begins with `make`: run and test set up what they need themselves.
PYTHON ?= python3
PORT ?= 8000
UV ?= $(or $(wildcard .venv/bin/uv),uv)
BIN := .venv/bin
LOCK := --universal --generate-hashes --no-emit-index-url --no-emit-find-links --python-version 3.11 --custom-compile-command "make lock"

.DEFAULT_GOAL := help
.PHONY: help setup run test check faults bench load promises prove prove-in-a-browser test-neo4j-newest lock vendor clean

help: ## this list
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-20s %s\n", $$1, $$2}'

setup: .venv/.installed ## make .venv from the hash-checked locks (only when they changed)

# Wheels only, each one checked against its hash; nothing is built and nothing unlisted is fetched.
.venv/.locked: requirements/test.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Kith needs Python 3.11 or later; $(PYTHON) is older. Try: make $(MAKECMDGOALS) PYTHON=python3.11" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Setting up .venv: some 85 wheels, checked against their hashes (about a minute the first time) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r requirements/test.txt
	@touch $@

.venv/.installed: pyproject.toml .venv/.locked
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-index --no-deps --no-build-isolation --editable .
	@touch $@

run: setup ## Kith with the invented borough of Calderwick, in the browser (PORT=8000)
	@exec $(BIN)/kith demo --port $(PORT)

test: setup ## everything: lint, types, contracts, all tests, a real Neo4j and a real browser
	@exec $(BIN)/python tools/checks.py test

check: setup ## lint, types, contracts and the tests that need neither Neo4j nor a browser
	@exec $(BIN)/python tools/checks.py check

faults: setup ## plant one fault at a time and see that its test goes red
	@exec $(BIN)/python -m tests.faults

SIZES = $(if $(PAIRS),--pairs $(PAIRS)) $(if $(NEO4J),--neo4j-pairs $(NEO4J)) $(if $(WORLDS),--worlds $(WORLDS)) \
  $(if $(TEXTS),--texts $(TEXTS)) $(if $(CALLS),--calls $(CALLS)) $(if $(ONLY),--only $(ONLY)) $(if $(AFRESH),--afresh)
prove: setup ## every proof large; goes on where it was stopped (PAIRS= NEO4J= WORLDS= TEXTS= CALLS= ONLY= AFRESH=1)
	@exec $(BIN)/python -m tests.attacks $(SIZES)

prove-in-a-browser: setup ## every hostile text in every page that a browser can open (TEXTS=); writes its part of docs/assurance.md
	@exec $(BIN)/python -m tests.journeys $(if $(TEXTS),--texts $(TEXTS))

bench: setup ## ratios against named rivals, answers checked first
	@exec $(BIN)/python -m bench

promises: setup ## the promises that are numbers, measured on both stores, a line each (LARGE=1: in full)
	@exec $(BIN)/python -m tests.promises $(if $(LARGE),--large)

RATE ?= 50
SECONDS ?= 600
CLIENTS ?= 16
load: setup ## a hundred people at work on a real service (RATE=50 SECONDS=600 CLIENTS=16 OVERLOAD=yes); writes its part of docs/assurance.md
	@exec $(BIN)/python -m bench.load --rate $(RATE) --seconds $(SECONDS) --clients $(CLIENTS) $(if $(OVERLOAD),--overload)

NEWEST_JAVA ?= $(or $(firstword $(wildcard /usr/lib/jvm/*2[1-9]*/bin/java)),java)
test-neo4j-newest: setup ## the store's tests on the newest Neo4j (needs Java 21 or later: NEWEST_JAVA=path/to/java)
	@KITH_TEST_NEO4J_VERSION=2026.09.0 KITH_TEST_NEO4J_JAVA=$(NEWEST_JAVA) \
	  exec $(BIN)/python -m pytest -p tests.no_skips tests/graph/store -k neo4j

lock: ## for developers: make the locks again after a change in pyproject.toml or requirements/*.in (needs uv)
	$(UV) pip compile -q $(LOCK) requirements/build.in -o requirements/build.txt
	$(UV) pip compile -q $(LOCK) --all-extras pyproject.toml -o requirements/run.txt
	$(UV) pip compile -q $(LOCK) --all-extras pyproject.toml requirements/test.in -c requirements/run.txt -c requirements/build.txt \
	  -o requirements/test.txt

vendor: setup ## for developers: fetch the pinned page assets again (needs Node)
	$(BIN)/python tools/vendor_frontend.py

clean: ## remove what was made here: .venv, caches and results
	rm -rf .venv build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache bench/results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
