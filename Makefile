# Two commands do all the set-up:  make run  (the offline marketplace)  and  make test.
# Everything lands in .venv, .cache and extension/node_modules; nothing else on the machine is changed,
# but that missing browsers, fonts and certutil are installed where apt can do it without asking for a password.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c

VENV := .venv
BIN := $(VENV)/bin
export PATH := $(CURDIR)/$(BIN):$(PATH)
# A UV_* or VIRTUAL_ENV of the caller's must not lead the install elsewhere.
unexport VIRTUAL_ENV PYTHONPATH PYTHONHOME PYTHONDONTWRITEBYTECODE

.PHONY: help run test test-fast drills check coverage generate check-generated learn learn-encoder test-oldest unit-oldest lint types unit package bundle bundle-pictures bundle-smoke bundle-alike check-locks release hooks biome bench bench-quick lock extension-test docs clean

help:
	@echo 'make run          the offline marketplace, with a browser window or in the terminal'
	@echo 'make test         every check and test'
	@echo 'make test-fast    lint, layers, types and what is tested quickly, in a minute'
	@echo 'make check        lint, layers, types and all unit tests of Python, without browsers'
	@echo 'make coverage     all unit tests, and how much of the packages they run (with a floor)'
	@echo 'make drills       every page damaged 200 times, as before a release, instead of 40'
	@echo 'make test-oldest  quick unit tests, the command line and the proxy on the oldest Python that is here'
	@echo 'make bench        Koban beside others, measured anew: benchmarks/RESULTS.md (over half an hour)'
	@echo 'make learn        the models of meaning anew, after a change of their texts (some minutes)'
	@echo 'make learn-encoder  what reads again where they doubt (over an hour)'
	@echo 'make generate     every file anew that follows from another: tables, references, types of the API'
	@echo 'make hooks        have git run the checks of a commit before it is made (pre-commit)'
	@echo 'make release TAG=v1.2.3   wheel, extension packages, checksums and notes, in dist/release'
	@echo 'make docs         the site of documentation, in dist/docs, with every link checked'
	@echo 'make bundle       a program with a Python of its own, for this system, in dist/'
	@echo 'make bundle-smoke  the same, and tried as on an empty account'
	@echo 'make bundle-alike  built twice, whether both are the same bytes'
	@echo 'make check-locks   that every system has a wheel of each package in a bundle'
	@echo 'make bundle-pictures  the same with what looks into pictures'
	@echo 'make lock         write requirements.lock anew after a change in pyproject.toml'

# An environment of a target's own, in its folder, with what the locks among its prerequisites name.
define environment
	$(BIN)/uv venv --quiet --clear --python $(BIN)/python $(@D)
	$(BIN)/uv pip install --quiet --python $(@D)/bin/python --require-hashes $(patsubst %,-r %,$(filter %.lock,$^))
endef

BUILT := extension/.output/chrome-mv3/manifest.json extension/.output/firefox-mv3/manifest.json

run: $(VENV)/ready $(BUILT)
	@tools/browser || true
	$(BIN)/koban demo $(ARGS)

test: $(VENV)/ready $(BUILT)
	@tools/browser --tests || echo 'no browser: its tests are skipped'
	$(MAKE) --no-print-directory -j2 lint types extension-test
	$(MAKE) --no-print-directory package
	$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder -o cache_dir=.cache/last-run --cache-clear $(ARGS) \
	  || { [ $$? = 1 ] && $(BIN)/python -m tools.once_more; }

check: $(VENV)/ready lint types unit

# Schemathesis takes a second of each process, and tests the API of a server alone, which is slow.
test-fast: $(VENV)/ready
	$(MAKE) --no-print-directory -j2 lint types
	HYPOTHESIS_PROFILE=fast $(BIN)/pytest -q -n 2 --dist loadfile --no-cov -p no:schemathesis \
	  --durations 5 --durations-min 1 -m 'not browser and not slow' $(ARGS)

# No branches: sys.monitoring counts them from Python 3.14 on.
coverage: $(VENV)/ready
	$(BIN)/pytest -q -n 2 -m 'not browser' --cov=addon --cov=extractors --cov=rules $(ARGS)

drills: $(VENV)/ready
	KOBAN_EDITS=200 $(BIN)/pytest -n 2 --dist worksteal tests/extractors/test_mutation.py $(ARGS)

# Quick unit tests, and the program as a user runs it, in an environment of its own; nothing to do where .venv has the
# oldest already. What takes long is of what is ours alone, whatever Python runs it; tests/tools look at the sources.
test-oldest: $(VENV)/ready
	@oldest=$$(tools/python oldest) && full='import sys; print(sys.version)'; \
	if [ -z "$$oldest" ] || [ "$$("$$oldest" -c "$$full")" = "$$($(BIN)/python -c "$$full")" ]; then \
	  echo "one Python only: $$($(BIN)/python -V)"; \
	else \
	  $(MAKE) --no-print-directory VENV=.cache/oldest PYTHON="$$oldest" unit-oldest; \
	fi

unit-oldest: $(VENV)/ready
	HYPOTHESIS_PROFILE=fast $(BIN)/pytest -q -n 2 -m 'not browser and not slow' --ignore tests/tools $(ARGS)
	$(BIN)/pytest -q -n 2 -m 'slow and not browser' tests/addon/cli/test_main.py tests/addon/judging/test_worker.py \
	  tests/addon/proxy/test_through_the_proxy.py

lint: $(VENV)/ready check-generated
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m tools.names_lint
	$(BIN)/zizmor --offline --quiet .github

generate: $(VENV)/ready extension/node_modules/.ready
	$(BIN)/python tools/unicode_tables.py
	$(BIN)/python -m tools.generate
	cd extension && npm run --silent types

check-generated: $(VENV)/ready
	$(BIN)/python -m tools.generate --check

# As the hook of a commit runs it.
biome: extension/node_modules/.ready
	cd extension && npm run --silent format

types: $(VENV)/ready
	$(BIN)/mypy

unit: $(VENV)/ready
	$(BIN)/pytest -n 2 -m 'not browser' $(ARGS)

extension-test: $(VENV)/ready $(BUILT)
	cd extension && npm run --silent check && npm test --silent -- --coverage && npm run --silent lint:firefox

package: $(VENV)/ready $(BUILT)
	cd extension && npm run --silent zip && npm run --silent zip:firefox
	$(BIN)/python -m hatchling build -t wheel

# A program with a Python of its own, for the system that this runs on (docs/dev/bundle.md).
bundle: .cache/bundle/ready $(BUILT)
	.cache/bundle/bin/python -m bundle.build

# Tried as on an empty account.
bundle-smoke: bundle
	$(BIN)/python -m bundle.smoke dist/koban-*-$$(uname -m).tar.gz

# Built again, and whether both are the same bytes. VARIANT=-pictures for the other one.
bundle-alike: bundle$(VARIANT)
	rm -rf .cache/bundle-first && mkdir -p .cache/bundle-first
	mv dist/koban-*-$$(uname -m)$(VARIANT).tar.gz .cache/bundle-first
	.cache/bundle$(VARIANT)/bin/python -m bundle.build
	$(BIN)/python -m bundle.alike .cache/bundle-first/*.tar.gz dist/koban-*-$$(uname -m)$(VARIANT).tar.gz

# That every system has a wheel of all that the bundles, and `uv tool install`, take there; asks the package index.
# Before each lock stands the oldest macOS that it is for.
SYSTEMS := x86_64-pc-windows-msvc aarch64-apple-darwin x86_64-apple-darwin x86_64-manylinux_2_28 aarch64-manylinux_2_28
LOCKS := 13.0:bundle/requirements.lock 14.0:bundle/requirements-pictures.lock
check-locks: $(VENV)/ready
	@for lock in $(LOCKS); do for system in $(SYSTEMS); do \
	  MACOSX_DEPLOYMENT_TARGET=$${lock%%:*} $(BIN)/uv pip install --quiet --dry-run --target .cache/$$system \
	    --python-platform $$system --only-binary :all: --require-hashes --requirement $${lock#*:} \
	    || { echo "$$system lacks a wheel of $${lock#*:}"; exit 1; }; \
	done; done

# The same with what looks into pictures and files.
bundle-pictures: .cache/bundle-pictures/ready $(BUILT)
	.cache/bundle-pictures/bin/python -m bundle.build

.cache/bundle/ready: bundle/requirements.lock pyproject.toml $(VENV)/ready
.cache/bundle-pictures/ready: bundle/requirements-pictures.lock pyproject.toml $(VENV)/ready
.cache/bundle/ready .cache/bundle-pictures/ready:
	$(environment)
	$(BIN)/uv pip install --quiet --python $(@D)/bin/python --no-deps --no-build-isolation --editable .
	@touch $@

# One command from a tag (tools/release.py, docs/dev/release.md): refused first where the versions disagree.
release: $(VENV)/ready
	$(BIN)/python tools/release.py --check $(TAG)
	$(MAKE) --no-print-directory package
	$(BIN)/python tools/release.py $(TAG)

hooks: $(VENV)/ready
	$(BIN)/pre-commit install

# The Python that runs the project: 3.13 or 3.12 that is anywhere to be found, else one is fetched (tools/python).
$(VENV)/ready: requirements.lock pyproject.toml tools/python
	@test -x $(BIN)/python && $(BIN)/python -c 'import sys; sys.exit(sys.version_info < (3, 12))' 2>/dev/null \
	  || { python=$$(tools/python) && rm -rf $(VENV) && "$$python" -m venv $(VENV); }
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --require-hashes --no-deps -r <(tools/pinned uv)
	$(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

extension/node_modules/.ready: $(VENV)/ready extension/package-lock.json
	cd extension && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

EXTENSION_SOURCES := $(shell find extension -path '*/node_modules' -prune -o -path '*/.output' -prune -o -path '*/.wxt' -prune -o -type f -print)
extension/.output/chrome-mv3/manifest.json: extension/node_modules/.ready $(EXTENSION_SOURCES)
	cd extension && npm run --silent build
	@touch $@

extension/.output/firefox-mv3/manifest.json: extension/node_modules/.ready $(EXTENSION_SOURCES)
	cd extension && npm run --silent build:firefox
	@touch $@

# Peers from Debian (tools/peers) are installed where apt may; one that is missing is said in the results.
bench: $(VENV)/bench-ready $(BUILT)
	@tools/browser || true
	@tools/peers || true
	$(BIN)/python -m benchmarks.all

bench-quick: $(VENV)/bench-ready $(BUILT)
	$(BIN)/python -m benchmarks.all --quick $(ARGS)

$(VENV)/bench-ready: benchmarks/requirements.lock $(VENV)/ready
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes --requirement benchmarks/requirements.lock
	@touch $@

# What reads meaning is learnt in an environment of its own: nothing else needs what it takes.
learn: .cache/learn/ready
	.cache/learn/bin/python -m rules.learning.learn $(ARGS)

learn-encoder: .cache/learn-encoder/ready
	.cache/learn-encoder/bin/python -m rules.learning.encode

.cache/learn/ready: requirements.lock rules/learning/requirements.lock $(VENV)/ready
.cache/learn-encoder/ready: requirements.lock rules/learning/encoder.lock $(VENV)/ready
.cache/learn/ready .cache/learn-encoder/ready:
	$(environment)
	@touch $@

# The site of documentation, in Japanese and English (tools/docs_site.py).
docs: .cache/docs/ready
	$(BIN)/python -m tools.docs_site

.cache/docs/ready: docs/requirements.lock $(VENV)/ready
	$(environment)
	@touch $@

lock: $(VENV)/ready
	$(BIN)/uv lock --quiet --upgrade
	$(BIN)/uv export --quiet --frozen --all-groups --no-group bench --no-group learn --no-group encoder --no-group bundle --no-group docs --no-emit-project --format requirements-txt --no-header --output-file requirements.lock >/dev/null
	$(BIN)/uv export --quiet --frozen --no-dev --group bundle --no-emit-project --format requirements-txt --no-header --output-file bundle/requirements.lock >/dev/null
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --extra pictures --constraint requirements.lock --output-file bundle/requirements-pictures.lock pyproject.toml bundle/requirements.lock
	$(BIN)/uv pip compile --quiet --generate-hashes --no-header --no-annotate --group bench --constraint requirements.lock --output-file benchmarks/requirements.lock
	$(BIN)/uv pip compile --quiet --generate-hashes --no-header --no-annotate --group learn --constraint requirements.lock --output-file rules/learning/requirements.lock
	$(BIN)/uv pip compile --quiet --generate-hashes --no-header --no-annotate --group encoder --constraint requirements.lock --output-file rules/learning/encoder.lock
	$(BIN)/uv pip compile --quiet --generate-hashes --no-header --no-annotate --group docs --constraint requirements.lock --output-file docs/requirements.lock

clean:
	rm -rf $(VENV) extension/node_modules extension/.output extension/.wxt dist .cache
