# Clearcopy: every task by name. `make` alone prints this list.
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin

.PHONY: help setup demo serve test check check-all gallery weights \
	bench bench-search bench-claims bench-web bench-bulk clean

help: ## print this list
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

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

weights: setup ## learn again what words weigh for a claim, from tools/sentences
	@$(BIN)/python -m tools.weights

bench: bench-search bench-claims bench-web bench-bulk ## measure everything, against named baselines in the same run (an hour)

bench-search: setup ## full-text engines side by side
	@$(BIN)/python benchmarks/search.py

bench-claims: setup ## the claims check: how right, rule by rule, how fast; writes docs/benchmarks/claims.md
	@$(BIN)/python -m benchmarks.claims

bench-web: setup ## every page at 10,000 modules
	@$(BIN)/python -m benchmarks.web

bench-bulk: setup ## ten thousand documents in bulk against one by one (minutes)
	@$(BIN)/python -m benchmarks.bulk

clean: ## remove what setup and the demonstration made
	rm -rf .venv var build *.egg-info cms/static/build
