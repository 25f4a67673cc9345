# Needs python3 (3.11 or newer) and make; everything else goes into .venv.
.POSIX:
.SUFFIXES:
.PHONY: demo test test-long check bench up clean

PYTHON = python3
BIN = .venv/bin

demo: .venv/.ready
	$(BIN)/python starter.py rehearse examples/henan-2021/plan.yaml --register examples/henan-2021/register.csv \
		--day 500ms --people typical --seed 2021 --out out/demo

# By file: the tests of a file may follow one another on servers they share. In the order of the folders, so that the
# long files of tests/e2e are not started last. At the end what needs the machine for itself: a clock of real time.
test: .venv/.ready
	@begun=$$(date +%s) && \
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m "not alone" && $(BIN)/python -m pytest -m alone && \
	took=$$(($$(date +%s) - begun)) && echo "all tests in $$((took / 60)) min $$((took % 60)) s"

# The property tests once more, with twenty times as many examples.
test-long: .venv/.ready
	$(BIN)/python -m pytest -n 2 --dist loadfile -m hypothesis --hypothesis-profile long --timeout 3600

check: .venv/.ready
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: .venv/.ready-bench
	$(BIN)/python -m bench

up: .venv/.ready
	$(BIN)/python worker.py --embedded

clean:
	rm -rf out build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .grimp_cache

# An environment of an older python3, or a half-made one, is made anew; a current one is only brought up to date.
.venv/.ready: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "error: hundred-days needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) -V 2>&1). Try: make PYTHON=python3.12" >&2; exit 1; }
	@$(BIN)/python -c 'import sys, pip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
		$(PYTHON) -m venv --clear .venv || { \
		echo "error: $(PYTHON) could not make .venv; on Debian and Ubuntu install the package python3-venv" >&2; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch .venv/.ready

.venv/.ready-bench: .venv/.ready
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev,bench]'
	@touch .venv/.ready-bench
