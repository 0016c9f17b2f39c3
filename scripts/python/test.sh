#!/usr/bin/env bash
# The Python package as people get it: a wheel built by maturin, installed into a new environment, its types, its tests, the notebook, and
# the Python of docs/python.md.
#
# Usage: scripts/python/test.sh [TARGET] (default: $CARGO_TARGET_DIR, else target): where the released program is built, or has been.
# Needs Python 3.9 or later with venv and, beside a Rust toolchain, the package index; where that cannot be had it says SKIPPED and
# succeeds. PIP_TIMEOUT: seconds that a package may take (default 120).
set -euo pipefail
cd "$(dirname "$0")/../.."
target=$(realpath -m "${1:-${CARGO_TARGET_DIR:-target}}")

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

skip() {
  printf '\n**** SKIPPED: %s, so the Python package was not tested ****\n' "$1"
  exit 0
}
fail() {
  echo "FAILED: $1"
  exit 1
}

echo "-- a new environment"
command -v python3 > /dev/null || skip "there is no python3"
python3 -c 'import sys; sys.exit(sys.version_info < (3, 9))' || skip "python3 is older than 3.9"
python3 -m venv "$work/env" > "$work/venv" 2>&1 || { tail -n 3 "$work/venv"; skip "python3 makes no environments here (Debian: python3-venv)"; }
python=$work/env/bin/python
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1
install() {
  timeout --kill-after=10 "${PIP_TIMEOUT:-120}" "$python" -m pip install --quiet --retries 2 "$@" > "$work/pip" 2>&1
}
# A machine without a network must not wait for one, and a package that is not there is no reason to fail.
install maturin || { tail -n 3 "$work/pip"; skip "maturin cannot be installed here"; }

echo "-- the wheel"
# Of a target that is warm nothing is compiled again: it is the program that cargo builds.
if ! (cd python && env -u RUSTFLAGS CARGO_TARGET_DIR="$target" "$work/env/bin/maturin" build --release --locked --out "$work/wheel") \
  > "$work/maturin" 2>&1; then
  tail -n 20 "$work/maturin"
  grep -qiE 'download|network|could not resolve' "$work/maturin" || fail "the wheel is not built"
  skip "crates that maturin asks for cannot be downloaded"
fi
wheel=$(echo "$work"/wheel/mode_lottery-*-py3-none-*.whl)
[ -f "$wheel" ] || fail "there is no wheel for every Python: $(ls "$work/wheel")"
echo "$(basename "$wheel"): $(stat --format=%s "$wheel") bytes"

echo "-- installed alone: the program, and a run"
install "$wheel" || { tail -n 3 "$work/pip"; skip "tomli-w cannot be installed here"; }
[ "$("$work/env/bin/mode-lottery" --version)" = "mode-lottery $(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)" ] ||
  fail "another version is installed"
# -I: nothing of this folder is found by its place.
"$python" -I -c '
import mode_lottery
result = mode_lottery.run("experiments/variance-law.toml", replicates=256)
assert len(result.estimates) > 100 and "<svg" in result.figure().svg
print(result)
' || fail "it does not run from an environment without other packages"

echo "-- types, tests, notebook and page"
install "$wheel[test]" || { tail -n 3 "$work/pip"; skip "what the tests need cannot be installed here"; }
cd python
"$python" -m mypy --cache-dir "$work/mypy" || fail "types"
"$python" -m pytest -q -p no:cacheprovider --basetemp "$work/tests" || fail "tests"

echo "-- a wrong type is seen"
printf 'import mode_lottery\n\nmode_lottery.run(3)\n' > "$work/wrong.py"
"$python" -m mypy --strict --cache-dir "$work/mypy" "$work/wrong.py" > "$work/seen" && fail "a wrong type was not seen"
grep -F 'has incompatible type "int"' "$work/seen" || { cat "$work/seen"; fail "it was not seen for what it is"; }
