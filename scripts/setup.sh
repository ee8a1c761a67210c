#!/bin/sh
# Installs what the tests need and is missing: PostgreSQL's programs, Chromium,
# Postfix, and axe-core from npm; with the word race also a C compiler, which
# Go's race detector needs. Needs Debian; uses sudo when not run by root.
set -eu
cd "$(dirname "$0")/.."

missing=
ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || missing="$missing postgresql"
command -v chromium >/dev/null 2>&1 || missing="$missing chromium"
command -v npm >/dev/null 2>&1 || missing="$missing npm"
[ -x /usr/sbin/postfix ] || missing="$missing postfix"
[ "${1:-}" != race ] || command -v gcc >/dev/null 2>&1 || missing="$missing gcc libc6-dev"
if [ -n "$missing" ]; then
	echo "installing:$missing"
	root=
	[ "$(id -u)" = 0 ] || root=sudo
	# Tests start clusters of their own; Debian need not make one.
	$root mkdir -p /etc/postgresql-common/createcluster.d
	echo "create_main_cluster = false" | $root tee /etc/postgresql-common/createcluster.d/atrium.conf >/dev/null
	# Without a configuration Debian starts no Postfix: tests start one of their own.
	echo "postfix postfix/main_mailer_type select No configuration" | $root debconf-set-selections
	$root apt-get update -q
	# sudo passes no environment on, env does.
	$root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $missing
fi
if [ ! -f test/node_modules/axe-core/axe.min.js ]; then
	echo "installing: axe-core"
	(cd test && npm ci --no-audit --no-fund)
fi
