#!/usr/bin/env bash
# The library in WebAssembly, under Node, against the program: three experiments, every byte of their estimates and figures.
#
# Usage: scripts/wasm/test.sh [PROGRAM] (default: target/debug/mode-lottery). The toolchain is Debian's (rustc-web, rust-web-src
# and the lld of its LLVM), driven by the cargo that is here; what is missing is installed, for which it needs root.
# Where that cannot be had it says SKIPPED and succeeds.
set -euo pipefail
cd "$(dirname "$0")/../.."
target=$(realpath -m "${CARGO_TARGET_DIR:-target}")
program=$(realpath "${1:-$target/debug/mode-lottery}")
replicates=512
experiments=(experiments/variance-law.toml experiments/budget.toml experiments/gradient-alignment-anti.toml)
module=$target/wasm/wasm32-unknown-unknown/release/mode_lottery_wasm.wasm

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

skip() {
  printf '\n**** SKIPPED: %s, so WebAssembly was not tested ****\n' "$1"
  exit 0
}
fail() {
  echo "FAILED: $1"
  exit 1
}

# Sees to a file by the Debian packages that bring it: `need FILE PACKAGE...`. Minutes at most: a machine without a network must
# not wait for one. Nothing is removed for it, such as a rustc that rustc-web would take the place of.
need() {
  local file=$1
  shift
  [ ! -e "$file" ] || return 0
  echo "installing $*"
  install "$@" > "$work/apt" 2>&1 && [ -e "$file" ] || { tail -n 3 "$work/apt"; skip "$* cannot be installed here"; }
}
install() {
  [ "$(id -u)" = 0 ] || { echo "not root"; return 1; }
  export DEBIAN_FRONTEND=noninteractive
  timeout --kill-after=10 60 apt-get -o DPkg::Lock::Timeout=30 update -qq || return 1
  timeout --kill-after=10 240 apt-get -o DPkg::Lock::Timeout=60 install -y -qq --no-install-recommends --no-remove "$@"
}

echo "-- the toolchain"
command -v node > /dev/null || need /usr/bin/node nodejs
need /usr/bin/rustc rustc-web
oldest=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
printf '%s\n' "$oldest" "$(/usr/bin/rustc --version | cut -d' ' -f2)" | sort --version-sort --check=quiet ||
  skip "Debian's rustc is older than $oldest"
need /usr/lib/rustlib/src/rust/library/std rust-web-src
llvm=$(/usr/bin/rustc -vV | sed -n 's/^LLVM version: \([0-9]*\).*/\1/p')
need "/usr/bin/wasm-ld-$llvm" "lld-$llvm"

echo "-- the module"
# The versions of the library's own lock file; cargo leaves out what the module does not use.
cp Cargo.lock examples/wasm/
# A released compiler builds the standard library for its own target only if it is told to take what is not yet stable.
wasm() {
  local command=$1
  shift
  (cd examples/wasm && env -u RUSTFLAGS CARGO_INCREMENTAL=0 RUSTC=/usr/bin/rustc RUSTC_BOOTSTRAP=1 \
    CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER="wasm-ld-$llvm" \
    cargo "$command" --quiet -Zbuild-std=std,panic_abort --target wasm32-unknown-unknown "$@")
}
if ! wasm fetch 2> "$work/fetch"; then
  cat "$work/fetch"
  grep -qiE 'download|network|http' "$work/fetch" || fail "cargo cannot read the module's manifest"
  skip "its dependencies cannot be downloaded"
fi
wasm build --release --target-dir "$target/wasm"
echo "$(stat --format=%s "$module") bytes, $(gzip --best --stdout "$module" | wc -c) compressed"

echo "-- against the program"
"$program" run "${experiments[@]}" --replicates $replicates --out "$work/native" --quiet
compare() { node examples/wasm/run.mjs "$module" $replicates "$work/native" "$@"; }
compare "${experiments[@]}" || fail "the bytes differ"

echo "-- a byte that is changed is seen"
sed -i '2s/./x/' "$work/native/variance-law/estimates.csv"
compare "${experiments[0]}" > "$work/seen" && fail "a changed byte was not seen"
grep -F DIFFERS "$work/seen" || fail "it was not seen in its file"
