# One recipe a wish; `make help` lists them.
.DEFAULT_GOAL := help
.PHONY: help setup demo test fmt lint eval faults

help: ## lists the recipes
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

setup: web/vendor/designsystemet.css ## checks that the tools are here and fetches the design system
	@command -v cargo >/dev/null || { echo "cargo is missing: install Rust 1.95 by rustup, then try again."; exit 1; }
	@command -v cc >/dev/null || { echo "a C compiler is missing: install one (Debian: apt install build-essential), then try again."; exit 1; }

web/vendor/designsystemet.css: web/package-lock.json
	@command -v npm >/dev/null || { echo "npm is missing: install Node 20 or newer (Debian: apt install npm), then try again."; exit 1; }
	cd web && npm ci --no-audit --no-fund
	mkdir -p web/vendor
	cp web/node_modules/@digdir/designsystemet-css/dist/theme/designsystemet.css web/vendor/theme.css
	cp web/node_modules/@digdir/designsystemet-web/dist/umd/index.js web/vendor/designsystemet.js
	cp web/node_modules/@digdir/designsystemet-css/dist/src/index.css web/vendor/designsystemet.css

demo: setup ## builds and starts a fictive municipality on http://127.0.0.1:8080; LISTEN=address, DATA=folder
	cargo run --locked -- demo $(if $(LISTEN),--listen $(LISTEN)) $(if $(DATA),--data $(DATA))

test: setup lint ## runs every test layer there is
	@if cargo nextest --version >/dev/null 2>&1; then cargo nextest run --workspace --locked; \
	else cargo test --workspace --locked; fi

lint: ## checks the formatting and the lints
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --locked -- -D warnings

fmt: ## formats the code
	cargo fmt --all

eval: setup ## groups and judges the sets in SETS=FOLDER and writes predictions into OUT=FOLDER
	@test -n "$(SETS)" || { echo "say SETS=FOLDER: a folder of folders with questions.jsonl and pages.jsonl"; exit 1; }
	cargo build --release --locked
	@for set in $(SETS)/*/; do name=$$(basename $$set); \
	  pages=""; test -f $$set/pages.jsonl && pages="--pages $$set/pages.jsonl"; \
	  target/release/skranke analyse --inquiries $$set/questions.jsonl $$pages --out $(or $(OUT),target/eval)/$$name >/dev/null && echo "$$name done"; done

faults: setup ## the long form of the kill loop; ROUNDS=1000 rounds unless told otherwise
	SKRANKE_KILL_ROUNDS=$(or $(ROUNDS),1000) cargo test --locked --test it kill
