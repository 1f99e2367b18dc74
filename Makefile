# Commands of the project. `make` alone lists them.

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.ONESHELL:
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules --no-print-directory
.DEFAULT_GOAL := help

PYTHON ?= python3
BIN := .venv/bin
ARGS ?=
PROCESSES ?= 2
SERVE ?= 1
PORT ?= 3000
DEMO ?= .jaga/demo
RESULTS := $(CURDIR)/.jaga/results
# What the demo's families are beyond their scores, for scenarios of the simulation.
JAGA_REGISTER ?= $(if $(filter $(DEMO),$(JAGA_HOME)),$(wildcard $(DEMO)/data/registry))
PUBLIC := 00000000000000000000000000000000
LARGE ?=
# Models, scores and logs live here; without a promoted model of one's own, that of the demo answers.
JAGA_HOME ?= $(if $(wildcard .jaga/bundles/champion),.jaga,$(DEMO))

# The address is part of the key, since an environment that was moved no longer runs.
stamp = .venv/.$(1)-$(shell { pwd; cat $(2); } | sha256sum | cut -c1-16)
LOCKED := $(call stamp,locked,requirements.lock)
PROJECT := $(call stamp,project,requirements.lock pyproject.toml)
TOOLS := $(call stamp,tools,requirements.lock requirements-dev.lock)

# Debian packages that are missing are installed by root, or through sudo where it asks no password.
# $(1) the packages; $(2) what to do when that is not possible, after the line to type was printed.
define debian
missing=
if command -v dpkg-query >/dev/null; then
	for package in $(1); do
		[ "$$(dpkg-query -W -f='$${db:Status-Status}' $$package 2>/dev/null)" = installed ] || missing+=" $$package"
	done
else
	echo 'Not a Debian system: these packages, or what they stand for, must be there: $(1)' >&2
fi
if [ -n "$$missing" ]; then
	install="env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0"
	root=
	[ "$$(id -u)" = 0 ] || root='sudo -n'
	if [ -z "$$root" ] || $$root true 2>/dev/null; then
		echo "Installing Debian packages:$$missing"
		log=$$(mktemp)
		trap 'rm -f "$$log"' EXIT
		{ $$root $$install update && $$root $$install install -y --no-install-recommends $$missing; } \
			>"$$log" 2>&1 || { cat "$$log" >&2; exit 1; }
	else
		echo "Missing Debian packages. Type: sudo apt-get install -y$$missing" >&2
		$(2)
	fi
fi
endef

.PHONY: help
help: ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# What follows ends on Ctrl-C with one line, and not with the trace of a program of Python: what `own` begins is a group
# of processes by itself, which the terminal's signal does not reach and which is told to end.
define stoppable
trap '[ -z "$${!-}" ] || kill -- -$$! 2>/dev/null || :; echo "Stopped; type it again" >&2; exit 130' INT TERM
own() { set -m; "$$@" </dev/null & set +m; wait $$!; }
endef

# Everything by its hash, nothing built here; what pip would compile on one core is compiled on all. $(1) the file of
# locked packages.
define install
packages() { $(BIN)/python -m pip install --no-input --disable-pip-version-check --root-user-action=ignore \
	--require-hashes --only-binary :all: --no-compile -r $(1) | awk -v all="$$(grep -c '^[A-Za-z0-9]' $(1))" \
	'/^(Collecting|Processing|Requirement already) / {n++; if (n % 25 == 0 || n == all) {print "  " n " of " all; fflush()}}
	/^Installing collected/ {print "  installing"; fflush()}'; }
own packages
own $(BIN)/python -m compileall -qq -j 0 .venv/lib || :  # some packages hold files that are no Python of today
endef

.PHONY: setup
setup: $(PROJECT) ## build .venv with jaga in it (nothing to do if it stands)

$(LOCKED):
	@mkdir -p .venv
	# One at a time; who waited finds the work done. The lock ends with the process, however it ends.
	exec 9<.venv
	flock 9
	[ ! -e $@ ] || exit 0
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null || {
		echo "Python 3.11 is needed; name it: make setup PYTHON=python3.11" >&2; exit 1; }
	need=libgomp1
	$(PYTHON) -c 'import ensurepip' 2>/dev/null || need+=' python3-venv'
	$(call debian,$$need,exit 1)
	echo 'Building .venv (once, about two minutes)'
	$(call stoppable)
	own $(PYTHON) -m venv --clear .venv
	$(call install,requirements.lock)
	touch $@

$(PROJECT): $(LOCKED)
	@$(call stoppable)
	own $(BIN)/python -m pip install -q --no-input --disable-pip-version-check --root-user-action=ignore \
		--no-deps --no-build-isolation -e .
	rm -f .venv/.project-*
	touch $@
	echo "Ready: $(BIN)/jaga --help"

.PHONY: tools
tools: setup $(TOOLS) ## add to .venv what tests, checks, docs and measurements need (nothing to do if it is there)

$(TOOLS): $(LOCKED)
	@exec 9<.venv
	flock 9
	[ ! -e $@ ] || exit 0
	echo 'Adding the tools of development to .venv'
	$(call stoppable)
	$(call install,requirements-dev.lock)
	touch $@

.PHONY: packages
packages: ## install what the tests need of Debian (without it some are skipped)
	@$(call debian,chromium fonts-liberation postgresql,true)

.PHONY: test
test: tools packages ## run the tests, two files at a time (PROCESSES=1 for one; ARGS='-k name' for some of them)
	@$(BIN)/python -m pytest -n $(PROCESSES) --dist loadfile --no-loadscope-reorder $(ARGS)

.PHONY: coverage
coverage: tools packages ## run all tests and tell which lines and branches they reach (ARGS=FILE prints that of some)
	@rm -rf .jaga/coverage
	mkdir -p .jaga/coverage
	status=0
	$(BIN)/python -m coverage run -m pytest -n $(PROCESSES) --dist loadfile --no-loadscope-reorder $(ARGS) || status=$$?
	$(BIN)/python -m coverage combine --quiet
	if [ -n "$(if $(ARGS),some)" ] || [ $$status != 0 ]; then
		$(BIN)/python -m coverage report --skip-covered --skip-empty --sort=cover
		exit $$status
	fi
	$(BIN)/python -m coverage json --quiet
	$(BIN)/python -m benchmarks._reach .jaga/coverage/report.json
	$(BIN)/python docs/generate.py

.PHONY: lint
lint: tools ## check style, types and layers
	@$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

.PHONY: docs
docs: tools ## write the generated pages and build the docs into site/
	@$(BIN)/python docs/generate.py
	# Not --quiet: with it mkdocs 1.6 does not see the warnings that --strict is to fail on.
	$(BIN)/mkdocs build --strict --site-dir site
	echo 'Docs: site/index.html'

.PHONY: bench
bench: tools ## measure speed and size on this machine into benchmarks/results and docs/benchmarks.md
	@status=0; $(BIN)/python -m benchmarks $(ARGS) || status=$$?
	$(BIN)/python docs/generate.py; exit $$status

.PHONY: bench-all
bench-all: tools ## measure everything, the long ones too (hours and 60 GB of disk; docs/releasing.md)
	@status=0; $(BIN)/python -m benchmarks --all || status=$$?
	$(BIN)/python docs/generate.py; exit $$status

.PHONY: bench-batch
bench-batch: tools ## measure jaga score and the score store (40 min; LARGE=1: 20 million families too, 2 h, 60 GB)
	@status=0; $(BIN)/python -m benchmarks batch batch_small batch_kills score_store \
		$(if $(LARGE),batch_nation) || status=$$?
	$(BIN)/python docs/generate.py; exit $$status

.PHONY: results
results: tools ## judge the panels again and write docs/results.md (PANEL=folder of the EPH files, TABLE=German table)
	[ -n "$(PANEL)" ] && [ -n "$(TABLE)" ] || { echo 'results: say where the files are: make results PANEL=DIR TABLE=FILE'; exit 2; }
	export JAGA_HOME=$(RESULTS)
	# Ids decide the draws, and the panels are public: with these keys every machine finds the same figures.
	export JAGA_KEYS=door=$(PUBLIC),seal=$(PUBLIC)
	mkdir -p $(RESULTS)
	quick='--refits 1 --baselines logistic welfare_rule last_status welfare_rank expected_poverty'
	judge() { $(BIN)/jaga evaluate --no-track --json $(RESULTS)/$$1.json --report $(RESULTS)/$$1.html "$${@:2}"; }
	judge eph --source eph --input $(PANEL)
	judge german_60 --table $(TABLE) --spec benchmarks/specs/german_60.toml
	judge german_50 --table $(TABLE) --spec benchmarks/specs/german_50.toml
	judge german_60_hard --table $(TABLE) --spec benchmarks/specs/german_60_hard.toml
	judge eph_line_40 --source eph --input $(PANEL) --line 0.4 $$quick
	judge eph_line_60 --source eph --input $(PANEL) --line 0.6 $$quick
	judge eph_one_quarter --source eph --input $(PANEL) --horizon 1 $$quick
	judge eph_seed_2 --source eph --input $(PANEL) --seed 2 $$quick
	$(BIN)/jaga data synth --households 20000 --periods 16 --start 2022Q1 --seed 1 --workers 2 --output $(RESULTS)/synthetic
	$(BIN)/jaga data oracle $(RESULTS)/synthetic --rows 500000 --output $(RESULTS)/oracle
	judge synthetic --source synthetic --input $(RESULTS)/synthetic --oracle $(RESULTS)/oracle --refits 1 --audit
	$(BIN)/python docs/results.py $(addprefix $(RESULTS)/,$(addsuffix .json,eph german_60 german_50 german_60_hard eph_line_40 eph_line_60 eph_one_quarter eph_seed_2 synthetic))
	$(BIN)/python docs/generate.py
	echo 'Written: docs/results.md'

.PHONY: synthetic
synthetic: setup ## hold synthetic panels against the published moments and write docs/synthetic*.md
	@panel() {
		$(BIN)/jaga data synth --households $$4 --survey $$4 --frequency year --start $$2 --periods $$3 \
			--workers 2 --force --output .jaga/$$1
		$(BIN)/jaga data moments .jaga/$$1 --output docs/$$1.md
	}
	# One starts where the moments of people and work are judged; the long one shows what they become, and the dynamics.
	panel synthetic 2024 3 600000
	panel synthetic_long 2012 15 200000

.PHONY: sensitivity
sensitivity: setup ## move each assumption of the synthetic families and write docs/synthetic_sensitivity.md (5 min)
	@$(BIN)/jaga data sensitivity --workers 2 --output docs/synthetic_sensitivity.md

.PHONY: scenarios
scenarios: setup ## live the worked scenarios and write docs/scenarios.md with its pictures (6 min)
	@mkdir -p .jaga/scenarios
	$(BIN)/jaga data synth --households 200000 --survey 100000 --frequency year --start 2022 --periods 5 --workers 2 \
		--output .jaga/scenarios/nation
	live() {
		printf '\n'
		$(BIN)/jaga simulate $$1 --input .jaga/scenarios/nation --language en --force --output .jaga/scenarios/$$1 "$${@:2}"
	}
	live robot-tekstil-jawa
	live kerja-atau-usaha
	live menuju-2045
	live kilas-balik-2019 --published 2019
	$(BIN)/python docs/scenarios.py .jaga/scenarios; echo 'Written: docs/scenarios.md'

.PHONY: demo
demo: setup ## make a synthetic panel, train, score, report, then serve (SERVE=0 ends before that; HOUSEHOLDS=5000)
	@exec $(BIN)/jaga demo --output $(DEMO) --port $(PORT) $(if $(HOUSEHOLDS),--households $(HOUSEHOLDS)) \
		$(if $(filter 0,$(SERVE)),--no-serve) $(ARGS)

.PHONY: serve
serve: setup ## answer on 127.0.0.1 with the promoted model (PORT=3000)
	@JAGA_HOME=$(JAGA_HOME) JAGA_REGISTER=$(JAGA_REGISTER) exec $(BIN)/jaga serve --port $(PORT)

.PHONY: pictures
pictures: tools ## take the pictures of the README from the demo (make demo SERVE=0 first; needs Chromium)
	@[ -e $(DEMO)/scores/current ] || { echo 'pictures: make the demo first: make demo SERVE=0' >&2; exit 2; }
	$(BIN)/python docs/pictures.py $(DEMO)

.PHONY: lock
lock: tools ## resolve the dependencies anew into requirements.lock and, with the tools, requirements-dev.lock
	@compile='$(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-emit-find-links --no-header'
	$$compile --python-version 3.11 --upgrade --all-extras pyproject.toml -o requirements-dev.lock
	$$compile --python-version 3.11 --upgrade $(addprefix --extra ,build train serve pdf scale) \
		-c requirements-dev.lock pyproject.toml -o requirements.lock

.PHONY: release
release: tools ## build the last commit into dist/: wheel, sdist, Bento, dependencies, signed sums (KEY=private key)
	@$(BIN)/python .ci/release.py build dist --replace $(if $(KEY),--key $(KEY))

.PHONY: vendor
vendor: ## copy the browser parts that package-lock.json pins into the product (needs npm)
	@npm ci --ignore-scripts --no-fund --no-audit --silent
	$(PYTHON) .ci/vendor.py

.PHONY: clean
clean: ## remove what was built, the demo with it; .venv stays
	@rm -rf $(DEMO) site dist node_modules .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find features models training serving tests benchmarks docs -name __pycache__ -type d -prune -exec rm -rf {} +
