# natvakt. `make` alone lists what can be made.
VENV ?= .venv
PY := $(VENV)/bin/python
SEEDS ?= 2000
FUZZ ?= 10000000
JOBS ?= 2
SOAK_MINUTES ?= 60

.DEFAULT_GOAL := help
.PHONY: agreement help setup demo pictures test check lint types arrows protocol-current bench bench-peers soak sim lock protocol fuzz reference services clean

help:  ## List the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /|/' | awk -F'|' '{printf "  make %-18s %s\n", $$1, $$2}'

setup: $(VENV)/.installed  ## Make .venv with the locked packages

$(VENV)/.installed: requirements.lock pyproject.toml installer/setup.sh
	@installer/setup.sh $(VENV)

demo: setup  ## Simulated customer site, agent, server, assessment, report and console (DEMO_ONCE=1 stops after the report)
	@PYTHONPATH=installer $(PY) -m demo

pictures: setup  ## Pictures of the README, of a demo that runs in another terminal (needs Chromium)
	PYTHONPATH=tests:installer $(PY) -m browser.pictures demo-state docs/pictures

test: setup  ## Run the tests; parts that are not installed are skipped with the reason
	$(PY) -m pytest -n $(JOBS) --dist loadfile

check: setup lint types arrows protocol-current  ## Lint, types, import arrows, generated code

lint:
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .

types:
	$(PY) -m mypy agent/natvakt_agent server/natvakt_server proto/natvakt_wire installer/demo

arrows:
	$(VENV)/bin/lint-imports

protocol-current:
	$(PY) proto/generate.py --check

bench: setup  ## Print the figures that are promised
	PYTHONPATH=tests:installer $(PY) -m bench

bench-peers: setup  ## Our agent beside Telegraf and snmp_exporter over the same simulated devices: CPU, memory, what the devices are asked
	tests/services/install_peers.sh
	PYTHONPATH=tests:installer $(PY) -m bench.bench_peers

agreement: setup  ## Our verdicts against DISA's check texts: make agreement STIG=stig-check-and-fix.json
	PYTHONPATH=tests $(PY) -m agreement $(STIG)

soak: setup  ## The agent over 105 mixed devices, ten of them dead, trickling or hostile: make soak SOAK_MINUTES=60
	PYTHONPATH=tests:installer $(PY) -m bench.soak --minutes $(SOAK_MINUTES)

sim: setup  ## Delivery under the deterministic simulator: make sim SEEDS=100000
	PYTHONPATH=tests:installer $(PY) tests/simulation/run.py --seeds $(SEEDS) --processes $(JOBS)

fuzz: setup  ## Mutated answers against both SNMP engines: make fuzz FUZZ=10000000 (hours; 100,000 take some minutes)
	cd tests && RUST_BACKTRACE=0 $(abspath $(PY)) -m fuzz.snmp_engines --count $(FUZZ)

reference: setup  ## Write the generated pages of docs/reference anew
	$(PY) docs/reference/generate.py
	$(PY) docs/reference/generate_tables.py
	$(VENV)/bin/natvakt-agent config reference > docs/reference/agent-configuration.md

services:  ## Install the real parts the tests use (InfluxDB 2, PostgreSQL, net-snmp, Chromium); needs root
	tests/services/install.sh

protocol: setup  ## Generate the protocol code anew
	$(PY) proto/generate.py

lock:  ## Resolve the ranges of pyproject.toml anew into requirements.lock (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --upgrade --extra agent --extra server --extra dev \
		--custom-compile-command "make lock" pyproject.toml -o requirements.lock

clean:  ## Remove what set-up and the demo made
	rm -rf $(VENV) demo-state .mypy_cache .ruff_cache .pytest_cache .hypothesis
