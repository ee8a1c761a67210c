#!/bin/sh
# Measures what people would use instead beside Atrium: PocketBase and
# better-auth, which bench/peers builds and installs. Needs Go and Node (npm).
# Arguments go to bench/load.
set -eu
cd "$(dirname "$0")/.."
go -C bench/peers build -trimpath -ldflags='-s -w' -o ../../bin/bench-pocketbase ./pocketbase
folder=bench/peers/better-auth
if [ ! "$folder/node_modules/.package-lock.json" -nt "$folder/package-lock.json" ]; then
	(cd "$folder" && npm ci --no-audit --no-fund)
fi
exec sh scripts/bench.sh -db sqlite -peers bench/peers -writes 1500 "$@"
