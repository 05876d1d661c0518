# `make` alone lists the targets. Needs Python 3.11 or newer and make; everything else comes from requirements-dev.txt.

PYTHON ?= python3
STACK ?= tea
PORT ?= 3000
APP_PORT ?= 8080

VENV := .venv
BIN := $(VENV)/bin
LAYER := .aws-sam/build/CorsLayer
READY := $(VENV)/requirements-dev.txt
SOURCES := layers functions tools tests benchmarks examples
# File by file in the order of their names, by which the slow ones come first.
PARALLEL := -n auto --dist loadfile --no-loadscope-reorder
# The engine's tests that reach nothing that the others of them do not.
REACHED_ANYWAY := tests/contract/test_corpus.py \
	$(patsubst %,tests/unit/test_%.py,author_history bounds bypasses fast_paths hosts rules_paths)
# The tests that reach every branch of the engine; to measure the others too would take a third longer.
COVERING := $(filter-out $(REACHED_ANYWAY),$(wildcard tests/unit/test_*.py tests/contract/test_*.py))
# The rest by what it is about, a third each: the command line; SSM, the layer and make serve; all that is in neither.
COMMANDS := tests/property $(addprefix tests/contract/,import_express probe) \
	$(addprefix tests/unit/,cli deploy doctor explain_command fleet importing lint load probe template)
MEETING := $(addprefix tests/contract/,guard large_tenants publishing) tests/layer tests/local
# The tests that make up their cases.
SEARCHING = $(shell grep -rlE --include='test_*.py' 'from effort import|attempts import .*steady' tests)
AWS_OPTIONS = $(if $(PROFILE),--profile $(PROFILE)) $(if $(REGION),--region $(REGION))

export SAM_CLI_TELEMETRY := 0
export PYTHONPATH := layers/cors/python:functions/rules_guard:tools
unexport PYTHONHOME VIRTUAL_ENV
# Every process would compile all that it imports anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help serve test fuzz check format build runtime sam-local browser rehearse deploy seed lock bench bench-python cold fleet load clean

help: ## this list
	@if [ -t 1 ] && [ -z "$$NO_COLOR" ]; then on=$$(printf '\033[36m'); off=$$(printf '\033[0m'); fi; \
	awk -F ':.*## ' -v on="$$on" -v off="$$off" '/^[a-z-]+:.*## / { printf "  %s%-9s%s %s\n", on, $$1, off, $$2 }' Makefile

serve: $(READY) ## the Tea API, its app and the console on this machine, no AWS account needed: PORT=3000 APP_PORT=8080
	@exec $(BIN)/python -m local --port $(PORT) --app-port $(APP_PORT)

# Four at once, since much of each is waiting: the last says how far it is, the others what came out, at the end.
test: $(READY) ## every test that needs no Docker and no browser
	@said=$$(mktemp -d); \
	$(BIN)/python -m pytest -q $(COVERING) --cov --cov-fail-under=100 >"$$said/1" 2>&1 & engine=$$!; \
	$(BIN)/python -m pytest -q $(COMMANDS) >"$$said/2" 2>&1 & commands=$$!; \
	$(BIN)/python -m pytest -q $(MEETING) >"$$said/3" 2>&1 & meeting=$$!; \
	trap 'kill $$engine $$commands $$meeting 2>/dev/null; rm -rf "$$said"' EXIT; trap 'exit 130' INT TERM; \
	status=0; \
	$(BIN)/python -m pytest -q $(addprefix --ignore=,$(COVERING) $(COMMANDS) $(MEETING)) || status=1; \
	for each in $$engine $$commands $$meeting; do wait $$each || status=1; done; \
	cat "$$said"/*; \
	exit $$status

fuzz: $(READY) ## the tests that make up their cases, ten times as far as make test takes them
	THOROUGH=1 $(BIN)/python -m pytest -q $(PARALLEL) $(SEARCHING)

check: $(READY) ## formatting, lint, types, import directions, the template, the lock file
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy $(SOURCES)
	$(BIN)/python -m pytest -q tests/architecture
	$(BIN)/sam validate --lint
	@! grep -nE '://|^-|--[a-gi-z]| @ ' requirements-dev.txt functions/tea/requirements.txt tests/deploy/checkov.txt \
		|| { echo 'A lock file holds versions and hashes, and names no place to download from (above).' >&2; exit 1; }

format: $(READY) ## put the code into its format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

build: $(READY) ## sam build, then tests of the layer that came out; needs python3.13 on the PATH
	$(BIN)/sam build
	LAYER_DIR=$(LAYER) PYTHONPATH= PYTHONDONTWRITEBYTECODE=1 $(BIN)/python -m pytest -q \
		-o pythonpath='$(LAYER)/python functions/tea tools tests' tests/layer $(wildcard tests/contract/test_*.py)

runtime: $(READY) ## sam build, then what came out in Lambda's own runtime: Linux, Python 3.11 to 3.13
	$(BIN)/sam build
	$(BIN)/python -m pytest -q tests/runtime

sam-local: $(READY) ## sam build, then sam local invoke and sam local start-api with every sample event; needs Docker
	$(BIN)/sam build
	$(BIN)/python -m pytest -q tests/sam_local

browser: $(READY) ## the Tea App, the console and 1,000 made-up cases in Chromium; needs Debian's chromium
	$(BIN)/python -m pytest -q tests/browser

rehearse: $(READY) ## make deploy, an update, a rollback and the end of a stack, against an AWS on this machine; checkov
	@cmp -s tests/deploy/checkov.txt build/checkov/checkov.txt || { \
		rm -rf build/checkov && $(PYTHON) -m venv build/checkov \
		&& build/checkov/bin/python -m pip install -qq --disable-pip-version-check --no-compile --no-deps --require-hashes -r tests/deploy/checkov.txt \
		&& cp tests/deploy/checkov.txt build/checkov/; }
	$(BIN)/python -m pytest -q tests/deploy

deploy: $(READY) ## build, deploy to AWS, put the rules into SSM if none are there: STACK=tea PROFILE= REGION=
	$(BIN)/python -m deploy --check
	$(BIN)/sam build
	$(BIN)/sam deploy --stack-name $(STACK) $(AWS_OPTIONS)
	$(BIN)/python -m deploy --stack $(STACK) $(AWS_OPTIONS)

seed: $(READY) ## twelve teas with pictures into a deployed stack: STACK=tea PROFILE= REGION=
	$(BIN)/python -m seed --stack $(STACK) $(AWS_OPTIONS)

lock: ## the newest versions into requirements-dev.txt, functions/tea/requirements.txt and tests/deploy/checkov.txt; needs uv
	@command -v uv >/dev/null || { echo 'make lock needs uv: pip install uv' >&2; exit 1; }
	@$(MAKE) --no-print-directory -C functions/tea lock
	uv pip compile --quiet --universal --upgrade --python-version 3.11 --generate-hashes \
		--no-annotate --no-header --no-emit-index-url \
		requirements-dev.in --output-file requirements-dev.txt
	uv pip compile --quiet --universal --upgrade --python-version 3.11 --generate-hashes \
		--no-annotate --no-header --no-emit-index-url \
		tests/deploy/checkov.in --output-file tests/deploy/checkov.txt

bench: bench-python ## edgecors against its peers, in one run; needs Node: BENCH=--quick for a look
	@cmp -s benchmarks/package-lock.json benchmarks/node_modules/package-lock.json || { \
		(cd benchmarks && npm ci --silent --no-audit --no-fund) && cp benchmarks/package-lock.json benchmarks/node_modules/; }
	@PYTHONPATH=layers/cors/python:. benchmarks/.venv/bin/python -m benchmarks $(BENCH)

cold: $(READY) ## sam build, then cold starts in Lambda's own runtime beside Powertools': COLD='--rounds 5' for a look
	$(BIN)/sam build
	@PYTHONPATH=$(PYTHONPATH):tests:. $(BIN)/python -m benchmarks.cold $(COLD)

fleet: bench-python ## what a fleet of 10 to 10,000 environments asks of SSM, simulated: FLEET=--quick for a look
	@PYTHONPATH=layers/cors/python:. benchmarks/.venv/bin/python -m benchmarks.fleet $(FLEET)

load: $(READY) ## wrk against the Tea API, every answer judged, half an hour: LOAD=--quick for half a minute
	@$(BIN)/python -m load $(LOAD)
	@$(if $(findstring --quick,$(LOAD)),,$(MAKE) --no-print-directory bench-python)
	@$(if $(findstring --quick,$(LOAD)),,benchmarks/.venv/bin/python -m benchmarks.load_plot)

# The virtual environment of what is measured and drawn.
bench-python:
	@cmp -s benchmarks/requirements.txt benchmarks/.venv/requirements.txt || { \
		rm -rf benchmarks/.venv && $(PYTHON) -m venv benchmarks/.venv \
		&& benchmarks/.venv/bin/python -m pip install -qq --disable-pip-version-check --no-deps --require-hashes -r benchmarks/requirements.txt \
		&& cp benchmarks/requirements.txt benchmarks/.venv/; }

clean: ## delete what the other targets made
	rm -rf $(VENV) benchmarks/.venv benchmarks/node_modules build .aws-sam .edgecors .coverage .coverage.* .hypothesis .mypy_cache .pytest_cache .ruff_cache htmlcov
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The copy of the lock file inside says what the virtual environment was made from.
$(READY): requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo 'make needs Python 3.11 or newer, and $(PYTHON) is none here (with pyenv: pyenv install); make PYTHON=python3.12 names another.' >&2; \
		exit 1; }
	@if ! cmp -s requirements-dev.txt $@; then \
		echo 'making the virtual environment (first run only, a minute or two)'; \
		rm -rf $(VENV) && $(PYTHON) -m venv $(VENV) \
		&& $(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.txt \
		&& cp requirements-dev.txt $@ || exit 1; \
	fi
	@touch $@
