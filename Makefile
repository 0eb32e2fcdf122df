# make play | test | check | setup | web | web-check | kernel | pins
#
# TORCH chooses the build of PyTorch (a pip requirement, with options if need be); the default is
# 2.13.0 from whatever index pip is configured with, the CPU build where that index offers it.

PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
TORCH ?= torch==2.13.0
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet
PLAY ?=
PYTEST ?=

.DEFAULT_GOAL := play
.PHONY: play test check format setup web web-check kernel pins clean

## install everything a developer needs (idempotent)
setup: $(VENV)/.dev

$(VENV)/.runtime: pyproject.toml constraints/runtime.txt
	@test -n "$(PYTHON)" || { echo "Legato needs Python 3.11 or newer: install it or set PYTHON=" >&2; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) $(TORCH) -c constraints/runtime.txt
	$(PIP) -e . -c constraints/runtime.txt
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime constraints/dev.txt constraints/standalone.txt
	$(PIP) -e '.[dev]' -c constraints/dev.txt
	$(PIP) --no-deps -r constraints/standalone.txt
	@touch $@

## open the instrument in a browser; PLAY="--port 9000" passes options on
play: $(VENV)/.runtime
	$(BIN)/legato play $(PLAY)

## PYTEST="-k bundle" passes options on
test: $(VENV)/.dev
	$(BIN)/python -m pytest $(PYTEST)

check: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright
	$(BIN)/lint-imports
	$(BIN)/deptry src

format: $(VENV)/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

## build the page into the package; needs Node
web: web/node_modules/.package-lock.json
	cd web && npm run build

## types and tests of the page, and that the committed build equals a fresh one
web-check: web/node_modules/.package-lock.json
	bash web/check-build.sh

web/node_modules/.package-lock.json: web/package-lock.json
	cd web && npm ci --no-audit --no-fund
	@touch $@

## compile the phase integrator anew into the text that a start loads, for any processor
kernel: $(VENV)/.dev
	NUMBA_CPU_NAME=generic NUMBA_CPU_FEATURES= NUMBA_LOOP_VECTORIZE=0 NUMBA_SLP_VECTORIZE=0 \
		$(BIN)/python -m legato.models.phase_kernel

## write the constraint files from what is installed in .venv
pins: $(VENV)/.dev
	$(BIN)/python constraints/pin.py

clean:
	rm -rf $(VENV) web/node_modules dist
