#!/bin/sh
# Resolve the versions again: names, versions, markers and hashes, and no addresses.
#
# requirements.lock is enough for `make setup` (the package, its tests, its build).
# Each extra has a lock of its own in locks/, held to the same versions, and so have the peers
# that benchmarks race against.
set -eu
cd "$(dirname "$0")/.."

UV=".venv/bin/uv"
test -x "$UV" || UV="uv"

compile() {
  "$UV" pip compile --quiet --universal --python-version 3.11 --generate-hashes \
    --no-header --no-annotate --no-emit-index-url --no-emit-find-links "$@"
}

compile pyproject.toml --extra dev --output-file requirements.lock
for extra in web benchmarks office postgres forecast spark; do
  compile pyproject.toml --extra "$extra" --constraint requirements.lock \
    --output-file "locks/$extra.lock"
done

compile pyproject.toml benchmarks/peers.in --constraint requirements.lock \
  --output-file locks/bench.lock

if grep -l '://' requirements.lock locks/*.lock; then
  echo "a lock must hold no address" >&2
  exit 1
fi
