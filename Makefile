# Every target does its own set-up, in .venv; `make` alone lists them.

BIN := .venv/$(if $(filter Windows_NT,$(OS)),Scripts,bin)
RUN := $(BIN)/python
PIP := $(RUN) -m pip install --quiet --disable-pip-version-check
comma := ,

# $(call install,extras,fallback extras): the second set where pygraphviz has no wheel.
install = echo "Installing .[$(1)] into .venv ..." && \
	{ $(PIP) --only-binary pygraphviz -e '.[$(1)]' || \
	{ echo "Trying once more with Graphviz as WebAssembly: .[$(2)]" && $(PIP) -e '.[$(2)]'; }; }

# Pictures are looked at in a browser where one can be driven.
browser := $(if $(shell command -v chromedriver),$(comma)browser)

# Two installations into one environment would trip over each other.
.NOTPARALLEL:

.PHONY: help demo test test-all check format names pictures bench clean

help:
	@echo "make demo      train a network on handwritten digits, check its gradients, draw its graph"
	@echo "make test      run the tests"
	@echo "make test-all  run the exhaustive ones as well, with branch coverage (takes three times as long)"
	@echo "make check     lint, formatting, types, import contracts"
	@echo "make format    put the code into its standard form"
	@echo "make names     write what follows from the list of names in autodiff/names.py"
	@echo "make pictures  draw the pictures of README and pages anew"
	@echo "make bench     time this library beside its peers, as ratios"
	@echo "make clean     remove .venv and everything the tools left (results in runs/ stay)"

demo: .venv/demo.stamp
	@$(RUN) -m nn train digits

# Every worker, and every fresh Python that a test starts, would compile all modules anew.
test test-all: export PYTHONDONTWRITEBYTECODE :=

test: .venv/test.stamp
	@$(RUN) -m pytest -q -n auto --dist worksteal

test-all: .venv/test.stamp
	@$(RUN) -m pytest -q --cov -n auto --dist worksteal -m ""

check: .venv/dev.stamp
	@$(RUN) -m ruff check .
	@$(RUN) -m ruff format --check .
	@$(RUN) -m mypy
	@$(RUN) tests/import_contracts.py
	@$(RUN) tests/floors.py
	@$(RUN) tests/type_completeness.py

format: .venv/dev.stamp
	@$(RUN) -m ruff check --fix-only .
	@$(RUN) -m ruff format .

names: .venv/dev.stamp
	@$(RUN) tests/public_names.py

pictures: .venv/dev.stamp
	@$(RUN) tests/page_pictures.py

bench: .venv/bench.stamp
	@$(RUN) -m benchmarks

clean:
	rm -rf .venv build *.egg-info .coverage .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/created.stamp:
	@python=$$(PYTHON="$(PYTHON)" sh .ci/find-python) && \
	echo "Creating .venv with $$("$$python" --version) ..." && \
	"$$python" -m venv $$([ -x $(RUN) ] || echo --clear) .venv
	@touch $@

.venv/demo.stamp: .venv/created.stamp setup.cfg pyproject.toml
	@$(call install,demo,data$(comma)layout-wasm)
	@touch $@

.venv/test.stamp: .venv/created.stamp setup.cfg pyproject.toml
	@$(call install,test$(browser)$(comma)layout,test$(browser)$(comma)layout-wasm)
	@touch $@

.venv/dev.stamp: .venv/created.stamp setup.cfg pyproject.toml
	@$(call install,dev$(comma)layout,dev$(comma)layout-wasm)
	@touch $@

.venv/bench.stamp: .venv/created.stamp setup.cfg pyproject.toml
	@echo "Installing . into .venv (a peer takes part where it is installed; all: pip install '.[peers]') ..."
	@$(PIP) -e .
	@touch $@
