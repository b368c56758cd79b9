# The one list of commands. Each step runs only when something that it reads has changed.
.DEFAULT_GOAL := help
PORT ?=
CREDENTIALS ?=
WHICH ?=

PYTHON := .venv/bin/python
RUNTIME := .venv/.runtime-installed
DEV := .venv/.dev-installed
TABLE := $(or $(CARECITE_TABLE),build/knowledge.db)
SENTENCE_MODEL := build/sentence_model/manifest.json
MODEL := models/carecite.tar.gz

# Folders are named beside their files, so that a file that is taken away counts as a change.
TABLE_READS := $(shell find knowledge/documents knowledge/lexicon) $(wildcard knowledge/*.py)
SENTENCE_MODEL_READS := $(wildcard bot/nlu/embedding/*.py)
# These only say when to look: what is trained anew is decided by content (bot/model_inputs.py).
MODEL_READS := config.yml domain.yml $(shell find nlu_data) $(wildcard bot/nlu/*.py bot/*.py)

# Any Python 3 can make the environment. pyenv's `python3` fails where .python-version asks for one
# that it lacks, so others are tried after it.
FIND_ANY_PYTHON = for python in python3 /usr/bin/python3 \
	"$${PYENV_ROOT:-$$HOME/.pyenv}"/versions/3.*/bin/python3 python; do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 8))' 2>/dev/null && break; \
	python=; done; \
	[ -n "$$python" ] || { echo "error: no Python from 3.8 on is here. Install python3," \
	"then type: make setup" >&2; exit 2; }

# The first and the last leave a result that is still right as it is; touching it tells make so.
MAKE_SENTENCE_MODEL = $(PYTHON) -m bot.nlu.embedding && touch $(SENTENCE_MODEL)
MAKE_TABLE = echo "Table: building" && $(PYTHON) -m knowledge build
MAKE_MODEL = $(PYTHON) -m bot train && touch $(MODEL)

SERVE_OPTIONS = $(if $(PORT),--port $(PORT)) $(if $(CREDENTIALS),--credentials $(CREDENTIALS))

export RASA_TELEMETRY_ENABLED := false
export PATH := $(CURDIR)/.venv/bin:$(PATH)

.PHONY: help setup table train run shell actions test lint evaluate benchmark screenshot expire lock clean

help: ## Print this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' Makefile

# The three that an error may ask for look again, whatever make believes.
setup: $(RUNTIME) ## Make the environment: Python 3.10, locked packages, sentence model
	@$(MAKE_SENTENCE_MODEL)

table: $(RUNTIME) ## Build the table from the documents
	@$(MAKE_TABLE)

train: $(TABLE) $(SENTENCE_MODEL) ## Train the model, as far as something that it learns from has changed
	@$(MAKE_MODEL)

run: $(MODEL) ## Serve on 127.0.0.1:5005, or with PORT=, and other channels with CREDENTIALS=
	@$(PYTHON) -m bot serve $(strip $(SERVE_OPTIONS))

shell: $(MODEL) ## Chat with the bot in this terminal
	@$(PYTHON) -m bot shell $(if $(PORT),--port $(PORT))

actions: $(TABLE) ## Serve the custom actions alone, for plain `rasa run` or `rasa shell`
	@SANIC_HOST=$${SANIC_HOST:-127.0.0.1} SANIC_REQUEST_MAX_SIZE=4000000 rasa run actions

test: $(DEV) $(MODEL) lint ## Run all tests, types and lint included
	@echo "Tests: pytest"
	@$(PYTHON) -m pytest

lint: $(DEV) ## Check style and types (ruff, mypy)
	@echo "Lint: ruff, then mypy (the first time a minute)"
	@$(PYTHON) -m ruff check --quiet .
	@$(PYTHON) -m mypy

evaluate: $(DEV) $(MODEL) ## Measure what the bot understands on questions it was not trained on
	@$(PYTHON) -m evaluation

benchmark: $(DEV) $(MODEL) ## Measure speed beside the bot of `rasa init`; WHICH=load for load and memory
	@$(PYTHON) -m benchmarks $(WHICH)

screenshot: $(DEV) $(MODEL) ## Make the README's picture of the chat anew (needs chromium)
	@$(PYTHON) tests/website/take_screenshot.py

expire: $(RUNTIME) ## Delete what patients wrote longer ago than clinic.yml says
	@$(PYTHON) -m bot expire

lock: ## Write requirements/*.txt anew from pyproject.toml
	@$(FIND_ANY_PYTHON); "$$python" setup/environment.py lock

clean: ## Remove all that these commands made
	rm -rf .venv build models .rasa .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(RUNTIME): requirements/runtime.txt requirements/uv.txt setup/environment.py
	@$(FIND_ANY_PYTHON); "$$python" setup/environment.py runtime
	@touch $@

$(DEV): requirements/dev.txt $(RUNTIME)
	@$(FIND_ANY_PYTHON); "$$python" setup/environment.py dev
	@touch $@

$(TABLE): $(RUNTIME) $(TABLE_READS)
	@$(MAKE_TABLE)

$(SENTENCE_MODEL): $(RUNTIME) $(SENTENCE_MODEL_READS)
	@$(MAKE_SENTENCE_MODEL)

$(MODEL): $(TABLE) $(SENTENCE_MODEL) $(MODEL_READS)
	@$(MAKE_MODEL)
