#!/bin/sh
# Measures what requests cost: the servers on one core, the load on another.
# SQLite and PostgreSQL one after the other: about five minutes with the usual
# 10,000 memberships. Arguments go to bench/load: make bench N=1000000 measures
# both sizes and compares them; scripts/bench.sh -db postgres
set -eu
cd "$(dirname "$0")/.."
if [ "$(nproc)" -lt 2 ]; then
	echo "bench: two cores are needed: one for the servers, one for the load" >&2
	exit 1
fi
for program in floor load profiled; do
	CGO_ENABLED=0 go build -trimpath -ldflags='-s -w' -o "bin/bench-$program" "./bench/$program"
done
exec taskset --cpu-list 0 bin/bench-load -core 1 ${N:+-n "$N"} "$@"
