# One command per wish; `make help` lists them. What takes more than ten lines is a program.
.DEFAULT_GOAL := help
.PHONY: help setup demo test bless pictures fmt lint deny bench eval sites sheets faults fuzz a11y api old
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c

DESIGN := web/node_modules/@digdir
# The faster test runner where it is installed, cargo's own otherwise.
TESTS := $(if $(shell command -v cargo-nextest),nextest run,test)

help: ## list the recipes
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## / { printf "  make %-9s%s\n", $$1, $$2 }' Makefile

setup: ## check the tools, fetch the design system and what the tests speak and ask with
	@for tool in cargo cc node npm; do command -v $$tool >/dev/null || { echo "$$tool is missing:" \
	  "install Rust with rustup, the others with apt-get install build-essential nodejs npm (Node 20 or newer)"; exit 1; }; done
	@[ web/vendor/designsystemet.js -nt web/package-lock.json ] || { \
	  echo 'Fetching the design system (npm)'; mkdir -p web/vendor; \
	  npm ci --prefix web --no-audit --no-fund --loglevel=error; \
	  cp $(DESIGN)/designsystemet-css/dist/theme/designsystemet.css web/vendor/theme.css; \
	  cp $(DESIGN)/designsystemet-css/dist/src/index.css web/vendor/designsystemet.css; \
	  cp $(DESIGN)/designsystemet-web/dist/umd/index.js web/vendor/designsystemet.js; }
	@for it in mail oidc; do \
	  [ tests/$$it/node_modules/.package-lock.json -nt tests/$$it/package-lock.json ] || { \
	  echo "Fetching what the tests in tests/$$it speak with (npm)"; \
	  npm ci --prefix tests/$$it --no-audit --no-fund --loglevel=error; \
	  touch tests/$$it/node_modules/.package-lock.json; }; done
	@tests/api/run --fetch

demo: setup ## build and start the demo on http://127.0.0.1:8080 (ARGS="--listen 127.0.0.1:9000")
	@echo 'Building Skranke; the first time takes some minutes.'
	@cargo run --locked -- demo $(ARGS)

test: setup ## run every test layer there is
	@echo '-- format';  cargo fmt --all --check
	@echo '-- lints';   cargo clippy --locked --workspace --all-targets -- -D warnings
	@echo '-- tests';   cargo $(TESTS) --locked --workspace
	@echo '-- examples in documents'; cargo test --locked --workspace --doc --quiet
	@echo '-- interface'; tests/api/run --short
	@echo '-- browser'; tests/browser/run

bless: setup ## accept what the snapshot tests see now; read the difference before you commit
	@INSTA_UPDATE=always cargo test --locked --workspace; git diff --stat

pictures: setup ## make the pictures of the help anew from the demo; look at them before you commit
	@cargo build --locked
	@SKRANKE_FILES=admin/pictures.mjs tests/browser/run

fmt: ## format the Rust
	@cargo fmt --all

lint: setup ## look for what the compiler lets pass
	@cargo clippy --locked --workspace --all-targets -- -D warnings

deny: ## check licences, banned crates and sources of all dependencies
	@command -v cargo-deny >/dev/null || { echo 'cargo-deny is missing: cargo install --locked cargo-deny'; exit 1; }
	@cargo deny --locked check bans licenses sources

old: ## look for advisories and newer versions of all parts; write what came of it into SECURITY.md
	@cargo update --dry-run --verbose
	@for it in web tests/mail tests/oidc; do npm outdated --prefix $$it || true; npm audit --prefix $$it || true; done
	@cargo deny --locked check advisories

bench: ## measure speed in some minutes (FULL=1: a million inquiries; ARGS="--only lookup")
	@cargo bench --locked -p skranke-index --bench small
	@cargo bench --locked -p skranke-index --bench whole -- \
	  $(if $(FULL),--inquiries 1000000 --passages 100000 --queries 1000 --seconds 120) $(ARGS)
	@cargo bench --locked --workspace --bench masking
	@cargo bench --locked --workspace --bench reading
	@cargo bench --locked --workspace --bench store -- $(if $(FULL),--seconds 10 --records 1000000)
	@cargo bench --locked --workspace --bench screens -- \
	  $(if $(FULL),--topics 100000 --inquiries 1000000 --audit 1000000,--topics 2000 --inquiries 20000)
	@cargo build --locked --release
	@town=$$(mktemp -d) && trap 'rm -r "$$town"' EXIT && \
	  cargo bench --locked -p skranke-index --bench whole -- --write $$town --inquiries 100000 --passages 10000 && \
	  SKRANKE_TOWN=$$town SKRANKE_CALLS=1 SKRANKE_PROFILE=release \
	  SKRANKE_FILES='paint.mjs log/calls.mjs' tests/browser/run

eval: setup ## measure topics and gaps on labelled sets (SETS="folder ..") and made-up years (YEARS="11 12 13")
	@SKRANKE_EVAL_SETS='$(or $(SETS),$(wildcard ../shared/eval))' \
	  SKRANKE_EVAL_YEARS='$(or $(YEARS),11 12 13)' \
	  cargo test --locked --quiet --workspace --test eval -- --nocapture --test-threads 1

sites: setup ## crawl five real sites of Debian's packages whole (fetched by apt-get download)
	@SKRANKE_SITES_WHOLE=1 cargo $(TESTS) --locked --workspace -- sites::

sheets: setup ## open our CSV and Excel files in LibreOffice (apt-get install libreoffice-calc-nogui)
	@command -v soffice >/dev/null || { echo 'skipped: LibreOffice is missing (apt-get install libreoffice-calc-nogui)'; exit 0; }; \
	  SKRANKE_SHEETS=1 cargo test --locked --workspace --test it -- out::office --nocapture

faults: setup ## kill, cut, fill and damage over and over (ROUNDS=1000 FAULTS=30 DAMAGES=2000 READERS=2000 IDLE=10000 TRIES=100000)
	@SKRANKE_KILL_ROUNDS=$(or $(ROUNDS),1000) SKRANKE_FAULT_ROUNDS=$(or $(FAULTS),30) \
	  SKRANKE_FAULT_SEEDS=$(or $(SEEDS),2000) SKRANKE_DAMAGE_ROUNDS=$(or $(DAMAGES),2000) \
	  SKRANKE_POST_READERS=$(or $(READERS),2000) SKRANKE_IDLE=$(or $(IDLE),10000) \
	  SKRANKE_TRIES=$(or $(TRIES),100000) \
	  cargo $(TESTS) --locked --workspace -- kill faults cut_off network::door network::tries

fuzz: ## look by libFuzzer for bytes that break the reading (TIME=600 seconds each; TARGETS="html robots")
	@cargo +nightly fuzz --version >/dev/null 2>&1 || { echo 'cargo-fuzz or a nightly compiler is missing:' \
	  'rustup toolchain install nightly, then cargo install --locked cargo-fuzz'; exit 1; }
	@cp Cargo.lock tests/fuzz/
	@for target in $(or $(TARGETS),address charset files html robots sitemap); do \
	  mkdir -p target/fuzz/$$target; tar -xzf tests/fuzz/kept/$$target.tgz -C target/fuzz/$$target; \
	  cargo +nightly fuzz run --fuzz-dir tests/fuzz --sanitizer none $$target target/fuzz/$$target \
	    tests/fuzz/seeds/$$target -- -max_total_time=$(or $(TIME),600) -dict=tests/fuzz/words -timeout=20 \
	    -rss_limit_mb=2048 -max_len=8192 -print_final_stats=1; done

a11y: setup ## look at every screen in all languages and forced colors too, and leave pictures
	@cargo test --locked --workspace --no-run
	@SKRANKE_A11Y=long tests/browser/run \
	  --test-name-pattern='open to everybody|stop of Tab|keys alone|read out|stays where it is'

api: ## ask the programming interface as each role by schemathesis (ARGS="admin -- --max-examples 500")
	@cargo build --locked
	@tests/api/run $(ARGS)
