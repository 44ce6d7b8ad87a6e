#!/bin/sh
# Makes the style sheet and the scripts of the web service anew, byte for byte, from scripts/assets.
#
#   scripts/build_assets.sh [FOLDER]     FOLDER: where they go, else src/controltotal/service/static
#
# Needs node and npm. Packages come from the registry that npm is set up with; one whose digest is
# not that of assets.lock stops the work before anything of it is run.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
target=${1:-$here/../src/controltotal/service/static}
mkdir -p "$target"
target=$(cd "$target" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/node_modules"
cp "$here"/assets/* "$work"
cd "$work"

grep -v '^#' assets.lock | while read -r name version digest; do
    file=$(npm pack --silent --ignore-scripts "$name@$version")
    got=sha512-$(node -p 'require("crypto").createHash("sha512").update(require("fs").readFileSync(process.argv[1])).digest("base64")' "$file")
    if [ "$got" != "$digest" ]; then
        echo "$name $version: its digest is $got, and the lock says $digest" >&2
        exit 1
    fi
    mkdir "node_modules/$name"
    tar -xzf "$file" -C "node_modules/$name" --strip-components=1
done
node build.mjs "$target"
