# Everything a fresh machine needs is done from here: `make run`, `make test`, `make bench`.
# Needs only python3 (3.11 or newer) and make. On a machine without a network, put the wheels named in
# requirements.txt into ./wheels first (`make wheels` on a machine that has one) and they are used instead.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
HOST ?= 127.0.0.1
PORT ?= 8501
WHEELS := $(wildcard wheels)
PIP_INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes \
	$(if $(WHEELS),--no-index --find-links wheels)

.PHONY: run test torture bench performance docs screenshots examples lock lint wheels clean

run: $(VENV)/.run
	$(BIN)/python manage.py demo --if-empty
	$(BIN)/python manage.py serve --host $(HOST) --port $(PORT)

# one process more than there are cores, since browser tests wait as much as they compute; a file's tests stay together, and
# the files in their order, since they share what is slow to make
WORKERS ?= $(shell expr $$(nproc 2>/dev/null || echo 2) + 1)
test: $(VENV)/.test
	$(BIN)/python -m pytest -n $(WORKERS) --maxprocesses 5 --dist loadfile --no-loadscope-reorder

# more than a hundred kills and the hostile files; prints counts
torture: $(VENV)/.test
	$(BIN)/python -m tests.torture

bench: $(VENV)/.test
	$(BIN)/python -m benchmarks

# the same, written into docs/performance.md with the cost curve
performance: $(VENV)/.test
	$(BIN)/python -m benchmarks --json > docs/performance.json.part
	mv docs/performance.json.part docs/performance.json
	$(BIN)/python -m benchmarks.sessions > docs/sessions.json.part
	mv docs/sessions.json.part docs/sessions.json
	$(BIN)/python -m benchmarks.report

docs: $(VENV)/.run
	$(BIN)/python manage.py docs

screenshots: $(VENV)/.test
	$(BIN)/python -m tests.browser.screenshots

examples: $(VENV)/.test
	$(BIN)/python -m tests.meeting.examples

lint: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

$(BIN)/python:
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11))" || \
		{ echo "需要 Python 3.11 或更新的版本：用 make PYTHON=python3.12 指定"; exit 1; }
	@$(PYTHON) -c "import ensurepip, venv" || \
		{ echo "缺少 venv 或 ensurepip：Debian、Ubuntu 请先执行 apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements.txt | $(BIN)/python
	$(PIP_INSTALL) -r requirements.txt
	touch $@

$(VENV)/.test: requirements-dev.txt $(VENV)/.run
	$(PIP_INSTALL) -r requirements-dev.txt
	touch $@

wheels:
	$(PYTHON) -m pip download --quiet --require-hashes --only-binary :all: \
		-r requirements.txt -r requirements-dev.txt -d wheels

lock: | $(BIN)/python
	$(BIN)/python -m pip install --quiet pip-tools
	$(BIN)/pip-compile --quiet --generate-hashes --strip-extras --no-header --no-emit-options \
		--no-emit-index-url --no-emit-find-links --no-emit-trusted-host -o requirements.txt requirements.in
	$(BIN)/pip-compile --quiet --generate-hashes --strip-extras --no-header --no-emit-options \
		--no-emit-index-url --no-emit-find-links --no-emit-trusted-host -o requirements-dev.txt requirements-dev.in

clean:
	rm -rf $(VENV) var
