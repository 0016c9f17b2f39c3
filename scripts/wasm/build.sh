#!/usr/bin/env bash
# Builds the library as a WebAssembly module into assets/engine.wasm.gz, which the program carries for its pages.
#
# Usage: scripts/wasm/build.sh [MODULE.wasm] (where the module is put too, for tests; then the asset stays as it is). The toolchain is Debian's
# (rustc-web, rust-web-src and the lld of its LLVM), driven by the cargo that is here; what is missing is installed, for which it needs root.
# Where that cannot be had it says SKIPPED and ends with status 77.
set -euo pipefail
cd "$(dirname "$0")/../.."
target=$(realpath -m "${CARGO_TARGET_DIR:-target}")/wasm
to=${1:-}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

skip() {
  printf '\n**** SKIPPED: %s, so no WebAssembly was built ****\n' "$1"
  exit 77
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
# Vectors of 128 bits: the same bytes, fits nearly three times as fast. No path of this machine stays in the module.
flags="-Ctarget-feature=+simd128 --remap-path-prefix=$PWD=. --remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}=cargo"
# Of what a module is made, for whoever finds one.
sources=$({ git ls-files -- src examples/wasm Cargo.lock | grep -v '^src/cli/' | sort | xargs -d '\n' cat; } | sha256sum | cut -c1-16)
# A released compiler builds the standard library for its own target only if it is told to take what is not yet stable.
wasm() {
  local command=$1
  shift
  (cd examples/wasm && env CARGO_INCREMENTAL=0 RUSTC=/usr/bin/rustc RUSTC_BOOTSTRAP=1 RUSTFLAGS="$flags" MODE_LOTTERY_SOURCES="$sources" \
    CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER="wasm-ld-$llvm" \
    cargo "$command" --quiet -Zbuild-std=std,panic_abort --target wasm32-unknown-unknown "$@")
}
if ! wasm fetch 2> "$work/fetch"; then
  cat "$work/fetch"
  grep -qiE 'download|network|http' "$work/fetch" || fail "cargo cannot read the module's manifest"
  skip "its dependencies cannot be downloaded"
fi
wasm build --release --target-dir "$target"
module=$work/slim.wasm
node scripts/wasm/slim.mjs "$target/wasm32-unknown-unknown/release/mode_lottery_wasm.wasm" memory alloc call > "$module"
gzip --best --no-name --stdout "$module" > "$work/engine.wasm.gz"
echo "$(stat --format=%s "$module") bytes, $(stat --format=%s "$work/engine.wasm.gz") compressed, of the sources $sources"
if [ -n "$to" ]; then
  cp "$module" "$to"
else
  cp "$work/engine.wasm.gz" assets/engine.wasm.gz
fi
