#!/bin/sh
# What a change must pass before it is proposed: formatting, static checks,
# generated code that is current, and every test under the race detector.
set -eu
cd "$(dirname "$0")/.."
unformatted=$(gofmt -l $(git ls-files '*.go'))
[ -z "$unformatted" ] || { echo "gofmt: $unformatted"; exit 1; }
go vet ./...
go tool staticcheck ./...
go tool staticcheck -tags faults ./base/db ./test/crash
go tool staticcheck -tags smoke ./bench/load
go tool templ generate
git diff --exit-code -- '*_templ.go' || { echo "generated code is not current: run make generate"; exit 1; }
go test -race -p 2 -timeout 45m ./...
