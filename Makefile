# Clearcopy: every task by name. `make` alone prints this list.
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin

.PHONY: help setup demo serve test check check-all gallery bench clean

help: ## print this list
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

setup: ## set everything up in .venv (again in a second when nothing changed)
	@$(PYTHON) tools/setup.py

demo: setup ## import, sign off, assemble, print where the brief lies, serve (SERVE=0: do not serve)
	@$(BIN)/clearcopy demo $(if $(filter 0,$(SERVE)),--no-serve)

serve: setup ## serve the installation in var/
	@$(BIN)/clearcopy serve

test: ## set everything up, a browser too, and run the tests
	@$(PYTHON) tools/setup.py --browser
	@$(BIN)/python -m pytest -n 2 --dist loadgroup -q

check: setup ## style, types, import order, templates, licences
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/djlint templates --lint --quiet
	@npm run --silent check
	@# Names are matched in part. Not counted: djlint, which only checks templates; psycopg, under the
	@# Lesser GPL; pyphen, taken under the Mozilla licence. huey names none to the tool; it is MIT.
	@$(BIN)/pip-licenses --partial-match --fail-on "GPL;General Public;UNKNOWN" --summary \
		--ignore-packages djlint psycopg psycopg-binary pyphen huey
	@$(BIN)/pip-audit --progress-spinner off --disable-pip --require-hashes -r requirements.lock || echo "pip-audit: see above; without a network it cannot ask"

check-all: check test ## and what is slow: presentations opened by LibreOffice
	@$(BIN)/python -m pytest -q -m slow tests/slow

gallery: setup ## pages of the demonstration's documents as pictures in docs/gallery
	@$(BIN)/python tools/gallery.py

bench: setup ## measure, against named baselines in the same run
	@for file in benchmarks/*.py; do $(BIN)/python $$file || exit 1; done

bench-bulk: setup ## ten thousand documents in bulk against one by one (minutes)
	@$(BIN)/python -m benchmarks.bulk

clean: ## remove what setup and the demonstration made
	rm -rf .venv var build *.egg-info cms/static/build
