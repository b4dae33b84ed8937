# make demo   the main job on embedded data; leaves a report to open
# make test   the tests
# make check  lint, types and import contracts
# make docs   the documentation site, in site/
# make lock   pin the dependencies anew

PYTHON ?= python3
# Tests beside large programs skip without them: the cluster without Spark, networks without PyPSA (half a gigabyte
# each), disruption without BoARIO: make EXTRAS=oracle,network-oracle,boario,spark test
EXTRAS ?= oracle
BIN := .venv/bin

.PHONY: demo test check docs bench lock clean

demo: .venv/run
	$(BIN)/weaklink demo

test: .venv/dev
	$(BIN)/python -m pytest -n 2 --dist loadfile

check: .venv/dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

docs: .venv/dev
	$(BIN)/mkdocs build --strict

bench: .venv/dev
	$(BIN)/python -m benchmarks

# The environment is made by uv where it is present, else by venv and pip; both from the same pins.
.venv/run: constraints.txt pyproject.toml
	./tools/environment.sh "$(PYTHON)"
	touch $@

.venv/dev: .venv/run constraints.txt pyproject.toml
	./tools/environment.sh "$(PYTHON)" $(EXTRAS) dev
	touch $@

lock:
	uv pip compile pyproject.toml --universal --python-version 3.11 --extra oracle --extra network-oracle --extra boario \
	  --extra spark --group dev \
	  --no-emit-index-url --no-header --no-annotate --quiet --output-file constraints.txt

clean:
	rm -rf .venv site weaklink-report
