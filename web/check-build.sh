#!/usr/bin/env bash
# Fails unless the committed page equals a fresh build, byte for byte. Needs `npm ci` to have run here.
set -euo pipefail
cd "$(dirname "$0")"
fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT
npm run --silent check
npm run --silent test
npm run --silent build -- --outDir "$fresh" --emptyOutDir --logLevel warn
diff -r "$fresh" ../src/legato/serving/static
echo "the committed page equals a fresh build"
