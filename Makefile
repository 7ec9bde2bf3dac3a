# The front door: `make run` and `make test` are enough on a Debian 12 with make and git.

RELEASE := build/release
CONTRACT ?= tests/contract
SEED ?= 1
JOBS ?= $(shell nproc)

.PHONY: run build test unit lint sanitize contract differential sweep attack faults bench package clean

run: build
	@$(RELEASE)/sallyport run examples/two-factor --make-keys --host 127.0.0.1

build: build/.packages
	@tools/build.sh release sallyport

test: build/.test-packages build/.node
	tools/build.sh release
	$(RELEASE)/sallyport_tests --gtest_brief=1
	tests/contract/run.sh --passing memory sqlite
	python3 -m unittest discover -s tests/tools
	node --test tests/server/
	node --test tests/compatibility/
	node --test tests/differential/*.test.mjs
	node --test tests/docs/
	node --test tests/explorer/
	node --test tests/clients/
	node --test tests/moved/
	node --test tests/browser/
	tests/faults/run.py --check

unit: build/.packages
	tools/build.sh dev sallyport_tests
	build/dev/sallyport_tests --gtest_brief=1

lint: build/.test-packages
	tools/lint.sh

# The tests of the program itself under both sanitizers; pages and documents have nothing to sanitize.
sanitize: export PATH := /usr/lib/llvm-19/bin:$(PATH)
sanitize: build/.test-packages
	tools/build.sh asan sallyport_tests
	build/asan/sallyport_tests --gtest_brief=1
	tools/build.sh tsan sallyport_tests
	TSAN_OPTIONS=suppressions=tools/tsan.supp build/tsan/sallyport_tests --gtest_brief=1

contract: build/.test-packages build/.node
	tools/build.sh release contract_server
	tests/contract/run.sh --all --from $(CONTRACT) memory sqlite

# 20000 generated requests to LoopBack 3.28 and to us; tells where the answers differ. SEED=n draws others.
differential: build/.test-packages build/.node
	tools/build.sh release sallyport
	node tests/differential/differential.mjs --seed $(SEED)

# The same with each operator, value, id and body once, one at a time.
sweep: build/.test-packages build/.node
	tools/build.sh release sallyport
	node tests/differential/sweep.mjs

# Reported attacks on logins, tried from outside. URL and CODES aim at a running server; see tests/attacks/stage.mjs.
attack: build/.test-packages build/.node
	tools/build.sh release sallyport
	node tests/attacks/run.mjs

faults: build/.test-packages build/.node
	tests/faults/run.py

bench: build/.test-packages build/.node
	tools/build.sh release
	bench/run.sh

# build/sallyport_VERSION_ARCHITECTURE.deb; packaging/try.sh installs, runs and removes it in a bare Debian.
package: build
	packaging/package.sh

clean:
	rm -rf build

build/.packages: tools/packages.sh
	@tools/packages.sh build
	@mkdir -p build && touch $@

build/.test-packages: tools/packages.sh
	@tools/packages.sh build test
	@mkdir -p build && touch $@

build/.node: tools/node.sh web/explorer/package-lock.json tools/passwords/package-lock.json tools/phone-numbers/package-lock.json \
    tests/browser/package-lock.json \
    tests/clients/package-lock.json tests/explorer/package-lock.json tests/server/package-lock.json \
    tests/differential/package-lock.json bench/package-lock.json
	@tools/node.sh
	@mkdir -p build && touch $@
