# What each target does: README.md. Only Python 3.11 or newer and make are needed.
SHELL := /bin/bash
.SHELLFLAGS := -o pipefail -c
PYTHON ?= python3
PORT ?= 8000
PY = .venv/bin/python
TESTING = TESTING=1 VAR_DIR=$(or $(VAR_DIR),var)/test
# As a province would set it; nothing of it is asked for an answer.
NEW_KEY = $$($(PY) -c "import secrets; print(secrets.token_urlsafe(50))")
PRODUCTION = env -u TESTING -u DEMO SECRET_KEY=$(NEW_KEY) DESK_CHAIN_KEY=$(NEW_KEY) BASE_URL=https://mot-cua.example \
	ALLOWED_HOSTS=mot-cua.example DATABASE_URL=postgres://127.0.0.1/mot_cua CACHE_URL=redis://127.0.0.1 \
	EMAIL_URL=smtp+tls://mot-cua.example

.PHONY: audit demo setup data test lint bench services messages lock

demo: .venv/site.stamp
	@$(PY) scripts/demo.py --port $(PORT)

data: .venv/site.stamp
	@$(PY) scripts/demo.py --data-only

setup: .venv/site.stamp .venv/developer.stamp

test: setup
	@$(TESTING) $(PY) manage.py compile_texts
	$(TESTING) $(PY) -m pytest -n auto --dist loadfile $(ARGS)

lint: setup
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(TESTING) $(PY) -m mypy -p catalogue -p search -p desk -p portal
	$(TESTING) .venv/bin/lint-imports
	@$(TESTING) $(PY) manage.py compile_texts
	$(TESTING) $(PY) manage.py check_texts $(if $(shell command -v xgettext),--fresh)
	$(TESTING) $(PY) manage.py makemigrations --check --dry-run
	$(PRODUCTION) VAR_DIR=$(or $(VAR_DIR),var)/test $(PY) manage.py check --deploy --fail-level WARNING

# Known vulnerabilities of what is locked; where nobody can be asked it says so by name (scripts/audit.py).
audit: setup
	$(PY) scripts/audit.py requirements.txt requirements-dev.txt

bench: setup
	$(PY) -m bench $(ARGS)

services:
	bash scripts/services.sh

messages: setup
	$(TESTING) $(PY) manage.py makemessages --no-obsolete --ignore .venv --ignore var --ignore tests \
		--locale vi --locale zh_Hans --locale ko --locale ja

lock: setup
	$(PY) -m pip install --quiet uv
	for name in requirements requirements-dev; do \
		$(PY) -m uv pip compile --universal --no-emit-index-url --no-emit-find-links --generate-hashes --upgrade \
			--python-version 3.11 --custom-compile-command "make lock" $$name.in -o $$name.txt || exit 1; done

.venv/bin/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed."; exit 1; }
	@echo "Making .venv ($$($(PYTHON) --version))"
	@$(PYTHON) -m venv .venv

.venv/site.stamp: requirements.txt | .venv/bin/pip
	@echo "Installing what the site runs on: a minute or two, once"
	@.venv/bin/pip install --disable-pip-version-check --require-hashes --progress-bar off -r $< | sed -u 's/^Collecting /  /;t;d'
	@touch $@

.venv/developer.stamp: requirements-dev.txt | .venv/site.stamp
	@echo "Installing what checks the site"
	@.venv/bin/pip install --disable-pip-version-check --require-hashes --progress-bar off -r $< | sed -u 's/^Collecting /  /;t;d'
	@touch $@
