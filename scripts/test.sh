#!/bin/sh
# Runs every test. Packages one after another where they drive a browser or a
# cluster of their own would only make them fight for the machine.
set -eu
cd "$(dirname "$0")/.."
echo "+ go vet ./..."
go vet ./...
echo "+ go test -p 2 -timeout 25m ./..."
go test -p 2 -timeout 25m ./...
