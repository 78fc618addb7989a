# One file for every task. `make` alone lists them.
#
# The environment is made once and renewed when a lock file, package-lock.json or pyproject.toml has changed: the stamps
# in .venv/made say so. Every Python package is pinned and hashed in locks/, every npm package in package-lock.json.

PYTHON ?= python3
PORT   ?= 8000
VENV   := .venv
BIN    := $(VENV)/bin
MADE   := $(VENV)/made
HOME_OF_DEMO := demo
SUBJECTS := src tests tools bench hatch_build.py

.DEFAULT_GOAL := help
.PHONY: help demo test coverage test-quick check fix bench docs lock messages clean

help: ## This list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

# --- the environment ------------------------------------------------------------------------------------------------

$(MADE)/uv: locks/uv.txt
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv $(VENV) || { echo "Python 3.11 or newer with its venv module is needed (on Debian: apt-get install python3-venv)." >&2; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r locks/uv.txt
	@mkdir -p $(MADE) && touch $@

# One rule for the three environments; they add to each other and agree, because the locks are made from each other.
$(MADE)/demo $(MADE)/dev $(MADE)/bench: $(MADE)/%: locks/%.txt $(MADE)/uv
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r $<
	@touch $@

# The project itself, where its code stands. The build hook fetches the design system and compiles the translations.
$(MADE)/loft: pyproject.toml hatch_build.py package-lock.json | $(MADE)/demo
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

# --- tasks ----------------------------------------------------------------------------------------------------------

demo: $(MADE)/demo $(MADE)/loft $(HOME_OF_DEMO)/ready ## Løft with the simulated log of Fjordvik, in the browser
	$(BIN)/loft serve --home $(HOME_OF_DEMO) --port $(PORT) --open

# Made again when the code that makes or reads it has changed. Logs that were sent in on the pages stay, and so do changes in the register.
$(HOME_OF_DEMO)/ready: $(wildcard src/loft/example/*.py src/loft/log/*.py src/loft/log/readers/*.py) | $(MADE)/demo $(MADE)/loft
	rm -rf $(HOME_OF_DEMO)/example $(HOME_OF_DEMO)/logs/fjordvik
	$(BIN)/loft example $(HOME_OF_DEMO)/example
	$(BIN)/loft import $(HOME_OF_DEMO)/example/fjordvik.parquet --mapping $(HOME_OF_DEMO)/example/fjordvik-mapping.toml \
		--store $(HOME_OF_DEMO)/logs/fjordvik --name "Fjordvik kommune" --simulated
	$(BIN)/loft example $(HOME_OF_DEMO)/example --register $(HOME_OF_DEMO)
	@touch $@

# Files are shared out among as many processes as there are cores; a file's tests stay together, with what they make once.
APART = --numprocesses logical --dist loadfile

test: $(MADE)/dev $(MADE)/loft messages-compiled ## What uses the database on PostgreSQL, then the whole suite on SQLite
	$(BIN)/python -m tools.with_postgres $(BIN)/python -m pytest $(APART) -m "database and not browser" $(FIRST)
	$(BIN)/python -m pytest $(APART) $(THEN)

coverage: $(MADE)/dev ## The same, and which lines no test reaches; takes half as long again
	$(BIN)/python -m coverage erase
	$(MAKE) test FIRST="--cov --cov-report=" THEN="--cov --cov-append --cov-report=term:skip-covered"

test-quick: $(MADE)/dev $(MADE)/loft messages-compiled ## The suite without what needs a browser, Spark, PostgreSQL or long time
	$(BIN)/python -m pytest -m "not browser and not spark and not postgres and not slow"

check: $(MADE)/dev $(MADE)/loft ## Style, types, floors, translations
	$(BIN)/ruff check $(SUBJECTS)
	$(BIN)/ruff format --check $(SUBJECTS)
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tools.messages --check

fix: $(MADE)/dev ## Put right what can be put right by itself
	$(BIN)/ruff check --fix $(SUBJECTS)
	$(BIN)/ruff format $(SUBJECTS)

bench: $(MADE)/bench $(MADE)/loft ## Løft beside PM4Py, r4pm, Polars and a plain single pass: time and memory
	$(BIN)/python -m bench

docs: $(MADE)/dev $(MADE)/loft messages-compiled ## Check that the docs are complete and every link in them leads somewhere
	$(BIN)/python -m pytest tests/test_docs.py

messages: $(MADE)/dev ## Gather the texts to translate into src/loft/locale, then compile them
	$(BIN)/python -m tools.messages
	$(BIN)/python -m tools.messages --compile

.PHONY: messages-compiled
messages-compiled: $(MADE)/dev
	@$(BIN)/python -m tools.messages --compile

# The development lock comes first: the others must agree with it. uv is asked for the newest versions that fit.
LOCK = $(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes --python-version 3.11 --no-header
lock: $(MADE)/uv ## Make the lock files again, with the newest versions that fit
	$(LOCK) pyproject.toml --extra dev --group build --output-file locks/dev.txt
	$(LOCK) pyproject.toml --extra web --group build --constraints locks/dev.txt --output-file locks/demo.txt
	$(LOCK) pyproject.toml --extra bench --group build --constraints locks/dev.txt --output-file locks/bench.txt
	$(LOCK) --group uv --output-file locks/uv.txt

clean: ## Remove all that make has made, the demo's data too
	rm -rf $(VENV) $(HOME_OF_DEMO) node_modules build dist htmlcov .coverage .pytest_cache .ruff_cache .mypy_cache .import_linter_cache
	rm -rf src/loft/web/static/vendor src/loft/locale/*/LC_MESSAGES/*.mo
