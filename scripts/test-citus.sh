#!/bin/sh
# Runs what must hold against a Citus cluster that somebody has: each test in a
# schema of its own, spread over the nodes, which goes with the test. The user in
# the address must be allowed to make schemas and tables. Arguments go to go test.
set -eu
cd "$(dirname "$0")/.."
if [ -z "${ATRIUM_TEST_CITUS_URL:-}" ]; then
	echo "test-citus: needs the address of a coordinator that has its workers and is no other's: make test-citus URL=postgres://user:password@host/database" >&2
	exit 1
fi
exec go test -p 1 -parallel "${PARALLEL:-4}" -count=1 -timeout 2h "$@" ./base/access ./base/audit ./base/job ./base/mail ./base/settings ./area/...
