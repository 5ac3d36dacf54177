# Needs Python 3.11 or newer and make; everything else is installed into .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8765
# What the machine must not hand to the tests: a person's own settings, a proxy for loopback.
QUIET := env -u LATEEDITION_HOME NO_PROXY=127.0.0.1,localhost,127.8.0.0/16 PIP_DISABLE_PIP_VERSION_CHECK=1

.PHONY: help demo test check docs format crash explore kit clean

help: ## What can be made
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

# pip is upgraded first: the one that comes with Python 3.11 fails on some extras.
$(VENV)/installed: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(QUIET) $(BIN)/python -m pip install --quiet --upgrade pip
	$(QUIET) $(BIN)/python -m pip install --quiet --constraint constraints.txt --editable .
	touch $@

$(VENV)/developed: $(VENV)/installed
	$(QUIET) $(BIN)/python -m pip install --quiet --constraint constraints.txt --group dev
	touch $@

demo: $(VENV)/installed ## A local newspaper that changes, and the service that notices; Ctrl-C ends it
	@$(QUIET) $(BIN)/lateedition demo --port $(PORT)

test: $(VENV)/developed ## The tests, all set-up included
	$(QUIET) $(BIN)/python -m pytest -m "not crash and not kit and not soak"

crash: $(VENV)/developed ## The tests that kill real processes
	$(QUIET) $(BIN)/python -m pytest -m crash --timeout 300

explore: $(VENV)/developed ## The property tests with a thousand examples each, at random; an hour
	$(QUIET) $(BIN)/python -m pytest -m "not crash and not kit and not soak" --hypothesis-profile explore --timeout 1800 $(TESTS)

kit: $(VENV)/developed ## The acceptance kit, where it lies beside the project
	$(QUIET) $(BIN)/python -m pytest -m kit --timeout 1800

check: $(VENV)/developed ## Format, lint, types, import contracts, docstrings, docs
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/mypy --strict tests/typing/notebook_usage.py
	$(BIN)/lint-imports --no-cache
	$(QUIET) $(BIN)/python -m pytest -q tests/docs tests/house

format: $(VENV)/developed ## Lay the code out
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean: ## Remove what was installed and made
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis

docs: $(VENV)/installed ## The reference pages, made from the code
	$(BIN)/python docs/reference/generate.py
