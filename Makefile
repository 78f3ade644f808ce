# Two commands on a fresh machine with Python 3.11, git and make:  make demo   make test
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
export OMP_NUM_THREADS ?= 1

.PHONY: demo test check format train bench wheel clean

$(STAMP): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable '.[base-model,dev]'
	touch $(STAMP)

demo: $(STAMP)  ## score the sample recordings and print the table
	$(BIN)/qa score samples/recordings --manifest samples/manifest.csv --database sqlite:///demo-results.db
	$(BIN)/qa score samples/recordings --manifest samples/manifest.csv --database sqlite:///demo-results.db --format jsonl --out demo-results.jsonl --quiet
	@echo "Full results: demo-results.jsonl and demo-results.db.  Next: $(BIN)/qa show zh-05 --database sqlite:///demo-results.db"

test: check  ## everything CI runs

check: $(STAMP)  ## format, lint, types, import contracts, tests, docs
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -n 2

format: $(STAMP)  ## format and fix what can be fixed
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

train: $(STAMP)  ## train and publish the customer-type model
	$(BIN)/python -m training

bench: $(STAMP)  ## how fast transcripts are judged; see docs/performance.md
	$(BIN)/python -m training.bench

wheel: $(STAMP)
	$(BIN)/python -m build

clean:
	rm -rf $(VENV) dist demo-results.*
