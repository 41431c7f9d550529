# `make report` reads the reports, runs the notebooks and exports their figures; `make test` runs the tests.
# Each is enough on its own: what is missing in .venv is installed first. Variables:
#   PYTHON=python3.12   the Python to make .venv with (3.11, 3.12 or 3.13; by default the first of these that runs)
#   ARGS="..."          further arguments, such as ARGS="01_air --year 2024" for report or ARGS="-k cli" for test

VENV  := .venv
BIN   := $(VENV)/bin
STAMP := $(VENV)/.ready
CANDIDATES := $(if $(PYTHON),$(PYTHON),python3.13 python3.12 python3.11 python3)

# The stamp holds the folder that .venv was made in. One that was moved, that lost its Python or that is not of the PYTHON
# asked for is made anew.
VERSION := -c 'import sys; print("%d.%d" % sys.version_info[:2])'
SOUND := $(shell test "$$(cat $(STAMP) 2>/dev/null)" = "$(CURDIR)" && found=$$($(BIN)/python $(VERSION) 2>/dev/null) \
	&& { test -z "$(PYTHON)" || test "$$($(PYTHON) $(VERSION) 2>/dev/null)" = "$$found"; } && echo yes)

# A name may be there and yet not run (a version manager's shim), so each is asked for its version.
CHOOSE := for python in $(CANDIDATES); do \
		found=$$($$python $(VERSION) 2>/dev/null) || continue; \
		case $$found in 3.11|3.12|3.13) chosen=$$python; break;; *) refused="$$refused $$python is Python $$found.";; esac; \
	done; \
	test -n "$$chosen" || { \
		echo "ecoanalysis needs Python 3.11, 3.12 or 3.13, and found none of them among: $(CANDIDATES).$$refused"; \
		echo "Install one, or name one: make $(or $(MAKECMDGOALS),report) PYTHON=/path/to/python3.12"; exit 1; }

.PHONY: report test setup lab lint bench bench-scale train again

report: $(STAMP)
	@$(BIN)/ecoanalysis report $(ARGS)

test: $(STAMP)
	@$(BIN)/python -m pytest --numprocesses=auto --dist=loadfile --durations=10 $(ARGS)

setup: $(STAMP)

bench: $(STAMP)
	@$(BIN)/python benchmarks/bench.py $(ARGS)
	@$(BIN)/python benchmarks/language.py $(ARGS)
	@$(BIN)/python benchmarks/pictures.py

bench-scale: $(STAMP)
	@$(BIN)/python benchmarks/scale.py $(ARGS)

train: $(STAMP)
	@$(BIN)/python benchmarks/train.py $(ARGS)

lab: $(STAMP)
	@$(BIN)/jupyter lab --notebook-dir=notebooks $(ARGS)

lint: $(STAMP)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@if grep -lE '"output_type"|"execution_count": *[0-9]' notebooks/*.ipynb; then \
		echo "These notebooks are stored with outputs: clear them (Edit > Clear Outputs of All Cells) and save."; exit 1; fi

# Everything that is downloaded is in requirements.lock with its hash, uv and setuptools too; they come first, because
# uv installs the others and setuptools builds those that have no wheel.
$(STAMP): requirements.lock pyproject.toml $(if $(SOUND),,again)
	@test -n "$(SOUND)" || { $(CHOOSE); \
		echo "Making $(VENV) with $$chosen (Python $$found)"; \
		$$chosen -m venv --clear $(VENV) || { \
			echo "$$chosen cannot make a virtual environment; on Debian or Ubuntu: apt install python$$found-venv"; exit 1; }; }
	@rm -f $(STAMP)
	@sed -n -e '/^uv==/,/[^\\]$$/p' -e '/^setuptools==/,/[^\\]$$/p' requirements.lock > $(VENV)/first.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(VENV)/first.txt
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-build-isolation --require-hashes -r requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-build-isolation --no-deps --editable .
	@echo "$(CURDIR)" > $(STAMP)
