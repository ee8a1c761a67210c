#!/bin/sh
# Runs every test. Packages one after another where they drive a browser or a
# cluster of their own would only make them fight for the machine.
set -eu
cd "$(dirname "$0")/.."
echo "+ go vet ./..."
go vet ./...
go vet -tags faults ./base/db
go vet -tags smoke ./bench/load
echo "+ go test -p 2 -timeout 60m ./..."
go test -p 2 -timeout 60m ./...
echo "+ go test -tags faults -run TestTheHook ./base/db"
go test -tags faults -run TestTheHook ./base/db
echo "+ go test -tags smoke -run TestNothingCostsMoreThanTwiceItsGoal ./bench/load"
go test -tags smoke -run TestNothingCostsMoreThanTwiceItsGoal ./bench/load
