# The front door. `make help` lists what there is; Meson and Ninja do the work behind it.
SHELL = /bin/sh
BUILD = build
# How long `make fuzz` runs each target.
SECONDS = 60
# How many times the small size of the random tests `make soak` runs.
SOAK = 50
JOBS = $(shell nproc 2>/dev/null || echo 2)
PREFIX = /usr/local

.PHONY: all setup setup-dev run test soak bench fuzz eval golden format types lint readme shots install clean help

all: setup $(BUILD)/build.ninja
	@ninja -C $(BUILD) -j $(JOBS) $$([ -t 2 ] || echo --quiet)

$(BUILD)/build.ninja:
	@mkdir -p $(BUILD)
	@meson setup $(BUILD) -Dtests=disabled --prefix=$(PREFIX) >$(BUILD)/setup.log 2>&1 || { cat $(BUILD)/setup.log; exit 1; }

setup:
	@tools/setup.sh build

setup-dev:
	@tools/setup.sh build develop

run: all
	@tools/demo.sh $(BUILD)

test: setup-dev all
	@python3 tools/run_tests.py --jobs $(JOBS)

soak: setup-dev all
	@ISNAD_SOAK=$(SOAK) python3 tools/run_tests.py --jobs $(JOBS) --timeout-multiplier 100

bench: setup-dev all
	@tools/setup.sh build bench
	@tools/bench.sh $(BUILD)

fuzz: setup-dev
	@tools/fuzz.sh $(SECONDS) $(JOBS) $(TARGETS)

eval: all
	@python3 eval/run.py --program $(BUILD)/isnad --jobs $(JOBS) $(EVAL)

golden: setup-dev all
	@ISNAD_GOLDEN=1 python3 tools/run_tests.py --jobs $(JOBS) --no-eval
	@git --no-pager diff --stat -- tests

format:
	@tools/sources.sh | xargs clang-format-14 -i

types: all
	@cd web && node node_modules/typescript/bin/tsc --noEmit

lint: setup-dev
	@tools/lint.sh $(JOBS)

readme: all
	@python3 tools/readme.py $(BUILD)

shots: all
	@tools/setup.sh build shots
	@ISNAD_PROGRAM=$(BUILD)/isnad node tools/shots.mjs

# A PREFIX that is given wins over the one of the build.
install: all
	@[ '$(origin PREFIX)' = file ] || meson configure $(BUILD) --prefix='$(PREFIX)'
	@ninja -C $(BUILD) --quiet
	@meson install -C $(BUILD) --no-rebuild

clean:
	rm -rf build build-*

help:
	@echo 'make            install what building needs, build: the program is build/isnad'
	@echo 'make run        build, read the sample pages of examples/pages, show what comes out'
	@echo 'make test       every test at its small size, under sanitizers; ends with "N passed, N failed"'
	@echo 'make soak       the same with the random tests SOAK=$(SOAK) times as long; ends with what each did, and its seed'
	@echo 'make fuzz       every fuzz target for SECONDS=$(SECONDS); TARGETS="fuzz_html …" for some'
	@echo 'make bench      times, throughput, growth of work'
	@echo 'make eval       scores on the outside data of ../shared against eval/floor.json; EVAL=--raise raises the floors'
	@echo 'make golden     rewrite the golden files of the tests; the diff is the review'
	@echo 'make format     clang-format over the C sources'
	@echo 'make types      the types of the workspace (web/)'
	@echo 'make lint       clang without a warning, clang-tidy, format, words that do not belong'
	@echo 'make readme     fill the screen of output in README.md from a real run'
	@echo 'make shots      the pictures of the workspace in docs/img (installs chromium)'
	@echo 'make install    into PREFIX=$(PREFIX); DESTDIR is obeyed'
	@echo 'make setup, make setup-dev      Debian packages for building; for tests, fuzzing and linting too'
	@echo 'make clean      remove the build folders'
