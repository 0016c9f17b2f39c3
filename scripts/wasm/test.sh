#!/usr/bin/env bash
# The library in WebAssembly, under Node, against the program: every committed experiment with a block of replicates for each scenario, every
# byte of its estimates, claims, curves and figures. The module is built anew (scripts/wasm/build.sh); the committed one, which pages carry,
# is put to the same test if it is of the same version of the library.
#
# Usage: scripts/wasm/test.sh [PROGRAM] (default: target/debug/mode-lottery). An experiment that takes longer than a minute in the module, on
# one thread, is given up and said to be skipped. Where no toolchain can be had it says SKIPPED, and the committed module is tested alone.
set -euo pipefail
cd "$(dirname "$0")/../.."
target=$(realpath -m "${CARGO_TARGET_DIR:-target}")
program=$(realpath "${1:-$target/debug/mode-lottery}")
# Rounded up to a whole block.
replicates=2
seconds=60
# Experiments of views bear the same names: each folder has results of its own.
folders=(experiments assets/page/views)

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
  echo "FAILED: $1"
  exit 1
}
if ! command -v node > /dev/null; then
  printf '\n**** SKIPPED: there is no Node.js, so WebAssembly was not tested ****\n'
  exit 0
fi

built=yes
scripts/wasm/build.sh "$work/built.wasm" || { [ $? = 77 ] || fail "the module is not built"; built=no; }

echo "-- the program"
for folder in "${folders[@]}"; do
  "$program" run "$folder"/*.toml --replicates $replicates --out "$work/native/$folder" --quiet
done
compare() { node examples/wasm/run.mjs "$1" $replicates $seconds "$work/native/$(dirname "$2")" "${@:2}"; }
compare_all() {
  local folder
  for folder in "${folders[@]}"; do
    compare "$1" "$folder"/*.toml || return 1
  done
}

if [ $built = yes ]; then
  echo "-- the module, against the program"
  compare_all "$work/built.wasm" || fail "the bytes differ"
fi

echo "-- the committed module"
version() { node examples/wasm/run.mjs "$1" --version; }
own="$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1) (numerics $(sed -n 's/.*NUMERICS_VERSION: u32 = \(.*\);/\1/p' src/numerics/mod.rs))"
asset=$(version assets/engine.wasm.gz)
if [ "$asset" != "$own" ]; then
  fail "it is of version $asset, the library of $own: build it again by scripts/wasm/build.sh"
elif [ $built = yes ] && zcat assets/engine.wasm.gz | cmp --quiet - "$work/built.wasm"; then
  echo "it is the one just tested"
else
  compare_all assets/engine.wasm.gz || fail "it answers otherwise than the program: build it again by scripts/wasm/build.sh"
fi

echo "-- a byte that is changed is seen"
sed -i '2s/./x/' "$work/native/experiments/variance-law/estimates.csv"
compare assets/engine.wasm.gz experiments/variance-law.toml > "$work/seen" && fail "a changed byte was not seen"
grep -F DIFFERS "$work/seen" || fail "it was not seen in its file"
