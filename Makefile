# `make demo` runs Atrium with filled demo data; `make test` installs what the
# tests need on a fresh Debian machine and runs them all.

.PHONY: build demo test test-citus check setup generate bench bench-staff bench-growth bench-mail bench-scale bench-peers

build:
	CGO_ENABLED=0 go build -trimpath -ldflags='-s -w' -o bin/atrium ./cmd/atrium

demo: build
	bin/atrium demo

setup:
	sh scripts/setup.sh

test: setup
	sh scripts/test.sh

test-citus:
	ATRIUM_TEST_CITUS_URL="$(or $(URL),$$ATRIUM_TEST_CITUS_URL)" sh scripts/test-citus.sh

check:
	sh scripts/setup.sh race
	sh scripts/check.sh

generate:
	go tool templ generate

bench: build
	sh scripts/bench.sh

bench-staff: build
	sh scripts/bench.sh -db sqlite -staff -n $(or $(N),100000)

bench-growth: build
	sh scripts/bench.sh -growth

bench-scale:
	go test ./test/scale -run TestThroughput -count=1 -v -for 5s

bench-peers: build
	sh scripts/bench-peers.sh

bench-mail:
	go run ./bench/mail $(if $(N),-n $(N))
