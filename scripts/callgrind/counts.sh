#!/usr/bin/env bash
# Instructions of six kernels under callgrind against benches/instructions.csv: a slowdown is seen on a noisy machine too, since counts
# repeat exactly. They are those of the AVX2 code, which callgrind can run; it knows no AVX-512.
#
# Usage: scripts/callgrind/counts.sh [--update]. Fails where a count differs by more than 2% from one of the same compiler; --update writes
# the counts found.
# Where valgrind is not here (Debian: apt-get install valgrind) it says SKIPPED and succeeds.
set -euo pipefail
cd "$(dirname "$0")/../.."
baseline=benches/instructions.csv
level=avx2
tolerance=0.02

update=false
case "${1:-}" in
  --update) update=true ;;
  "") ;;
  *) echo "usage: $0 [--update]" >&2; exit 2 ;;
esac
if ! command -v valgrind > /dev/null; then
  echo "SKIPPED: valgrind is not here"
  exit 0
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
rustc=$(rustc --version | cut -d ' ' -f 2)
program=$(cargo build --release --locked --bench instructions --message-format=json-render-diagnostics |
  sed -n 's/.*"executable":"\([^"]*instructions-[^"]*\)".*/\1/p')
[ -x "$program" ] || { echo "FAILED: no program was built"; exit 1; }

# Kernels and the level that each ran at, as the program says.
MODE_LOTTERY_LANES=$level "$program" > "$work/kernels"
echo "kernel,instructions,level,rustc" > "$work/found.csv"
while IFS=, read -r kernel _ units unit; do
  # Only what runs inside `counted`: setting up and warming up are not counted.
  MODE_LOTTERY_LANES=$level valgrind --tool=callgrind --callgrind-out-file="$work/out" \
    --toggle-collect='*instructions*counted*' "$program" "$kernel" > "$work/said" 2> "$work/log" ||
    { echo "FAILED: $kernel"; tail -n 5 "$work/log"; exit 1; }
  grep -q "^$kernel,$level," "$work/said" || { echo "FAILED: $(cat "$work/said"), not at $level"; exit 1; }
  count=$(sed -n 's/^totals: \([0-9]*\).*/\1/p' "$work/out")
  [ "${count:-0}" -gt 0 ] || { echo "FAILED: nothing of $kernel was counted"; exit 1; }
  echo "$kernel,$count,$level,$rustc" >> "$work/found.csv"
  echo "$kernel: $(awk "BEGIN { printf \"%.1f\", $count / $units }") instructions per $unit"
done < "$work/kernels"

if $update; then
  cp "$work/found.csv" "$baseline"
  exit 0
fi
awk -F, -v tolerance="$tolerance" -v rustc="$rustc" -v baseline="$baseline" '
  NR == FNR { if (FNR > 1) { before[$1] = $2; compiler = $4 } next }
  FNR == 1 { next }
  !($1 in before) { printf "%s: not in %s\n", $1, baseline; failed = 1; next }
  {
    change = $2 / before[$1] - 1
    wrong = change > tolerance || change < -tolerance
    printf "%-26s %12d  before %12d  %+.2f%%%s\n", $1, $2, before[$1], 100 * change, wrong ? "  DIFFERS" : ""
    failed = failed || wrong
    delete before[$1]
  }
  END {
    for (kernel in before) { printf "%s: only in %s\n", kernel, baseline; failed = 1 }
    if (compiler != rustc) {
      printf "(the baseline is of rustc %s, this is %s: another compiler counts otherwise, and nothing fails)\n", compiler, rustc
      exit 0
    }
    if (failed) print "where that is meant: scripts/callgrind/counts.sh --update"
    exit failed
  }' "$baseline" "$work/found.csv"
