# Two commands: `make run` and `make test`. Everything else is listed by `make`.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PORT ?= 8000
HOST_ADDRESS ?= 127.0.0.1
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help run test check format story snapshots newobject demo bench release lock bundle clean setup setup-test

help: ## print this help
	@echo 'Guantong 贯通: lead to cash. The commands:'
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14 | sed 's/^/  make /'
	@echo 'PORT=9000 make run · ARGS="-k money" make test · GUANTONG_HOME and DATABASE_URL are honoured'

setup:
	@$(PYTHON) requirements/install.py run $(VENV)

setup-test:
	@$(PYTHON) requirements/install.py test $(VENV)

run: setup ## set everything up, start it, print the address and the demo sign-in
	@exec $(BIN)/guantong serve --host $(HOST_ADDRESS) --port $(PORT) $(ARGS)

test: setup-test ## install what tests need and run them all
	$(BIN)/python -m pytest -n 2 $(ARGS)

check: setup-test ## ruff, format, mypy, import contracts
	$(BIN)/ruff check src tests requirements
	$(BIN)/ruff format --check src tests requirements
	$(BIN)/mypy --strict src/guantong/base && $(BIN)/mypy src/guantong/engine src/guantong/modules src/guantong/site
	@if grep -q '^\[tool.importlinter' pyproject.toml; then $(BIN)/lint-imports; fi

format: setup-test ## let ruff mend what it can
	$(BIN)/ruff check --fix src tests requirements
	$(BIN)/ruff format src tests requirements

story: setup ## print what happens after a verb: make story v=opportunity.win
	@$(BIN)/guantong story $(v)

snapshots: setup-test ## write the snapshots of the tests anew; review the difference
	GUANTONG_SNAPSHOTS=write $(BIN)/python -m pytest -n 0 tests $(ARGS) -k snapshot

newobject: setup ## write the files of a new object: make newobject m=service n=warranty
	@$(BIN)/guantong newobject m=$(m) n=$(n)

demo: setup ## build the demo company
	@$(BIN)/guantong demo

bench: setup-test ## run the benchmarks
	@if [ -d bench ]; then $(BIN)/python -m bench $(ARGS); else echo 'This build has no bench/ yet.' >&2; exit 5; fi

lock: setup-test ## pin all packages with hashes (after a change in pyproject.toml)
	$(BIN)/pip-compile $(LOCKING) -o requirements/run.lock pyproject.toml
	$(BIN)/pip-compile $(LOCKING) --extra test -c requirements/run.lock -o requirements/test.lock pyproject.toml
LOCKING := --quiet --generate-hashes --allow-unsafe --strip-extras --no-header --resolver=backtracking \
  --no-emit-index-url --no-emit-find-links --no-emit-trusted-host

bundle: setup ## an archive that installs without a network: dist/guantong-bundle.tar
	@rm -rf dist/bundle && mkdir -p dist/bundle/wheels
	$(BIN)/python -m pip download --quiet --require-hashes --only-binary=:all: -r requirements/run.lock -d dist/bundle/wheels
	git archive --format=tar --prefix=guantong/ HEAD | tar -x -C dist/bundle
	@printf '%s\n' 'cd guantong && PIP_NO_INDEX=1 PIP_FIND_LINKS=../wheels make run' > dist/bundle/HOWTO.txt
	tar -cf dist/guantong-bundle.tar -C dist/bundle .
	@ls -l dist/guantong-bundle.tar

release: check test ## check, test, then build the wheel into dist/
	$(BIN)/python -m build --wheel --outdir dist

clean: ## remove caches and the virtual environment; the work folder stays
	rm -rf $(VENV) build dist .pytest_cache .ruff_cache .mypy_cache .hypothesis .import_linter_cache
	find src tests -name __pycache__ -prune -exec rm -rf {} +
