# The commands of the house. `make` alone lists them.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
RUN := $(VENV)/.installed-app
DEV := $(VENV)/.installed-dev
UV := $(shell command -v uv 2>/dev/null)
INSTALL = $(if $(UV),uv pip install --quiet --python $(PY),$(PY) -m pip install --quiet --no-input --disable-pip-version-check) --require-hashes
export PROOF ?= 1

# `make prove NAME` and `make bench NAME` run one: the words after the command are its arguments, not goals.
ifneq (,$(filter prove bench,$(firstword $(MAKECMDGOALS))))
NAMES := $(wordlist 2,99,$(MAKECMDGOALS))
$(if $(NAMES),$(eval .PHONY: $(NAMES))$(eval $(NAMES):;@:))
endif

.PHONY: help
help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

.PHONY: run
run: $(RUN) ## the whole house at http://localhost:8000; PORT and DATA_DIR choose where
	@exec $(PY) manage.py run --follow-parent

.PHONY: setup
setup: $(DEV) ## install everything into .venv, and compile the words
	@$(PY) manage.py words --compile

.PHONY: test
test: $(DEV) ## all suites that this machine can run, and a table of what ran
	@exec $(PY) -m tests.run

.PHONY: check
check: $(DEV) ## what CI runs: format, lint, types, contracts, migrations, templates, then make test
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy .
	$(VENV)/bin/lint-imports
	$(VENV)/bin/djlint --lint --quiet templates
	$(PY) manage.py check
	$(PY) manage.py makemigrations --check --dry-run
	@$(MAKE) --no-print-directory test

.PHONY: prove
prove: $(DEV) ## the random proofs at full size; `make prove NAME` runs one
	@exec $(PY) -m tests.prove $(NAMES)

.PHONY: bench
bench: $(DEV) ## measure against limits and peers; `make bench NAME` runs one
	@exec $(PY) -m bench.run $(NAMES)

.PHONY: words
words: $(RUN) ## write locale/*/LC_MESSAGES/*.po anew from the sources; what is translated stays
	@$(PY) manage.py words

.PHONY: lock
lock: ## write requirements/*.lock anew from requirements/*.in (needs uv)
	cd requirements; for name in app dev; do \
	  uv pip compile --quiet --generate-hashes --universal --python-version 3.11 --no-header $$name.in -o $$name.lock; done

.PHONY: clean
clean: ## remove what was installed and made; data in .data stays
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache staticfiles
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(PY):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Gatehouse needs Python 3.11 or newer: make PYTHON=...")'
	@$(if $(UV),uv venv --quiet --python $(PYTHON) $(VENV),$(PYTHON) -m venv $(VENV))

$(RUN): requirements/app.lock | $(PY)
	@echo "installing into $(VENV) ..."
	@$(INSTALL) -r $<
	@touch $@

$(DEV): requirements/dev.lock | $(PY)
	@echo "installing into $(VENV), with the tools ..."
	@$(INSTALL) -r $<
	@touch $@ $(RUN)
