# A bare `make` lists what there is to do. Everything lands in this folder: .venv, node_modules, var.

VENV := .venv
PYTHON := $(VENV)/bin/python
VENDOR := charter/static/vendor
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PYTHONUTF8 := 1
# What is given here becomes a setting; what is not stays with the environment, `.env` and the defaults.
$(foreach name,PORT HOST DATA TLS,$(if $($(name)),$(eval export CHARTER_$(name) := $($(name)))))

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

.PHONY: help
help: ## list these targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-16s %s\n", $$1, $$2}'

# --- what people start ---------------------------------------------------------------------------------------------

.PHONY: demo
demo: $(VENV)/.installed $(VENDOR)/.installed ## everything from nothing, then serve it [WORKERS SEED PORT HOST DATA]
	@exec $(PYTHON) -m charter.serve --demo $(if $(WORKERS),--workers $(WORKERS)) $(if $(SEED),--seed $(SEED))

.PHONY: run
run: $(VENV)/.installed $(VENDOR)/.installed ## serve an installation of your own [PORT HOST DATA TLS]
	@exec $(PYTHON) -m charter.serve

# --- the environment -----------------------------------------------------------------------------------------------

.PHONY: setup
setup: $(VENV)/.installed $(VENDOR)/.installed ## the environment only: .venv and the browser parts

$(PYTHON):
	@sh config/make-venv $(VENV)

$(VENV)/.installed: requirements.txt | $(PYTHON)
	@echo "Installing what charter runs on (a few minutes the first time) ..."
	@$(PYTHON) -m pip install --quiet --require-hashes -r requirements.txt
	@touch $@

$(VENV)/.checked: requirements-dev.txt $(VENV)/.installed
	@echo "Installing what the checks need ..."
	@$(PYTHON) -m pip install --quiet --require-hashes -r requirements-dev.txt
	@touch $@

node_modules/.installed: package-lock.json $(VENV)/.installed
	@echo "Fetching the browser parts ..."
	@command -v npm >/dev/null || $(PYTHON) -m pip install --quiet --require-hashes -r requirements-node.txt
	@NODE_USE_SYSTEM_CA=1 npm ci --loglevel=error --ignore-scripts --no-audit --no-fund >/dev/null
	@touch $@

$(VENDOR)/.installed: node_modules/.installed config/browser-parts
	@rm -rf $(VENDOR)
	@while read -r from to; do \
		mkdir -p "$(VENDOR)/$$(dirname "$$to")" && cp "node_modules/$$from" "$(VENDOR)/$$to" || exit 1; \
	done < config/browser-parts
	@touch $@

# --- checks --------------------------------------------------------------------------------------------------------

.PHONY: test
test: setup lint types rooms chromium soffice ## all checks: lint, types, import rules, migrations, unit, property and browser tests
	@$(PYTHON) -m pytest -n 2

.PHONY: lint
lint: $(VENV)/.checked ## style
	@$(VENV)/bin/ruff check

.PHONY: types
types: $(VENV)/.checked ## types
	@$(VENV)/bin/mypy

.PHONY: rooms
rooms: $(VENV)/.checked ## who may import whom
	@$(VENV)/bin/lint-imports --no-cache

.PHONY: chromium
chromium: $(VENV)/.checked ## a browser for the tests: found, or installed
	@$(PYTHON) tests/chromium.py

.PHONY: soffice
soffice: $(VENV)/.checked ## LibreOffice for the tests of its files: found, installed, or left out
	@$(PYTHON) tests/soffice.py

.PHONY: screenshots
screenshots: setup chromium ## pictures of every page as every role sees it, in tests/shots [ROLE WIDTH CHOSEN]
	@ROLE=$(ROLE) WIDTH=$(WIDTH) CHOSEN=$(CHOSEN) PYTHONPATH=.:tests $(PYTHON) tests/screenshots.py

# --- figures -------------------------------------------------------------------------------------------------------

BENCHES := bench bench-booking bench-boarding bench-desk bench-planner bench-rosters
.PHONY: $(BENCHES)
bench: ## a worker's page and one booking against a bare INSERT; memory
bench-booking: ## seats under a rush, departures with what is left, a million bookings
bench-boarding: ## scans, manifests, passes
bench-desk: ## each page of the desk over a large campaign
bench-planner: ## plans of several sizes
bench-rosters: ## lists read and checked
$(BENCHES): setup $(VENV)/.checked
	@exec $(PYTHON) -m tests.bench.$(or $(patsubst bench-%,%,$(filter bench-%,$@)),web)

# --- upkeep --------------------------------------------------------------------------------------------------------

.PHONY: migration
migration: $(VENV)/.installed ## a new migration from the models [NAME=bookings_2]
	@CHARTER_DATA=var/migration DATABASE_URL= $(PYTHON) -m alembic upgrade heads
	@CHARTER_DATA=var/migration DATABASE_URL= $(PYTHON) -m alembic revision --autogenerate --rev-id $(NAME) -m $(NAME)

.PHONY: lock
lock: $(VENV)/.installed ## pin the dependencies anew, with hashes, for Python 3.11 to 3.14
	@command -v uv >/dev/null || $(PYTHON) -m pip install --quiet uv
	@for name in requirements requirements-dev requirements-node; do \
		uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
			--custom-compile-command "make lock" $$name.in -o $$name.txt || exit 1; \
	done
	@npm install --package-lock-only --ignore-scripts --no-audit --no-fund
