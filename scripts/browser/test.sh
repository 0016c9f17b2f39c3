#!/usr/bin/env bash
# The committed page, docs/explore.html, in a real Chromium: every view, guesses, exports, addresses, digests against the program, both themes, 320 px.
#
# Usage: scripts/browser/test.sh [PROGRAM] [SCREENSHOTS] (default: target/debug/mode-lottery; screenshots are kept where a folder is given). The browser
# is Debian's, driven by playwright-core from npm in a folder of its own; what is missing is installed, for which it needs root. Where that
# cannot be had it says SKIPPED and succeeds.
set -euo pipefail
cd "$(dirname "$0")/../.."
target=$(realpath -m "${CARGO_TARGET_DIR:-target}")
program=$(realpath "${1:-$target/debug/mode-lottery}")
screenshots=${2:+$(realpath -m "$2")}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

skip() {
  printf '\n**** SKIPPED: %s, so the page was not tested in a browser ****\n' "$1"
  exit 0
}
install() {
  [ "$(id -u)" = 0 ] || { echo "not root"; return 1; }
  export DEBIAN_FRONTEND=noninteractive
  timeout --kill-after=10 60 apt-get -o DPkg::Lock::Timeout=30 update -qq || return 1
  timeout --kill-after=10 240 apt-get -o DPkg::Lock::Timeout=60 install -y -qq --no-install-recommends --no-remove "$@"
}

command -v node > /dev/null && command -v npm > /dev/null || skip "there is no Node.js with npm"
if ! command -v chromium > /dev/null; then
  echo "installing chromium"
  install chromium > "$work/apt" 2>&1 || { tail -n 3 "$work/apt"; skip "chromium cannot be installed here"; }
fi
# Of the browser it drives what is here: nothing is downloaded but its own files.
PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 timeout --kill-after=10 120 \
  npm install --prefix "$work/npm" --silent --no-fund --no-audit --ignore-scripts playwright-core@1.64 > "$work/npm.log" 2>&1 ||
  { tail -n 3 "$work/npm.log"; skip "playwright-core cannot be installed here"; }

"$program" page experiments/variance-law.toml --replicates 1024 --out "$work/own.html" > "$work/page.log" || { cat "$work/page.log"; exit 1; }
"$program" run experiments/variance-law.toml --replicates 1024 --out "$work/results" --quiet
"$program" report "$work/results/variance-law" --html > "$work/report.log" || { cat "$work/report.log"; exit 1; }
# Modules find what they import beside themselves.
cp scripts/browser/*.mjs "$work/npm/"
node "$work/npm/test.mjs" "$(command -v chromium)" "$program" docs/explore.html "$work/own.html" "$work/results/variance-law/report.html" "$work/browser" "${screenshots:-$work/screenshots}"
