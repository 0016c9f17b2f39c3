#!/usr/bin/env bash
# `mode-lottery slurm` on a real Slurm of one node: an array of 16, one element of which is killed while it computes, is
# submitted again and goes on; the merge that depends on it; every byte of the result against a local run; an element whose time is
# nearly over, which has itself started again.
#
# Usage: scripts/slurm/test.sh [PROGRAM] (default: target/debug/mode-lottery). Under two minutes; every wait has an end.
# Where Slurm is not here and cannot be installed it says SKIPPED and succeeds.
set -euo pipefail
cd "$(dirname "$0")/../.."
program=$(realpath "${1:-${CARGO_TARGET_DIR:-target}/debug/mode-lottery}")
experiment=$PWD/experiments/variance-law.toml
scripts=$PWD/scripts/slurm
# Enough for each element to run for about a second on one core: time to kill one of them.
replicates=200000
killed=3

work=$(mktemp -d)
# munged refuses a socket that other users cannot reach.
chmod 755 "$work"
trap '"$scripts/down.sh" "$work/slurm"; rm -rf "$work"' EXIT
trap 'exit 1' INT TERM

fail() {
  echo "FAILED: $1"
  tail -n 5 "$work"/out/slurm/*/*.log "$work"/slurm/log/slurm*.log 2> /dev/null | cut -c 1-300 || true
  exit 1
}

# Waits until a command succeeds: `within SECONDS WHAT COMMAND...`.
within() {
  local deadline=$((SECONDS + $1)) what=$2
  shift 2
  until "$@"; do
    [ $SECONDS -lt $deadline ] || fail "$what: not in time"
    sleep 0.05
  done
}

# Bytes of the journal of the element that is killed.
size() { stat --format=%s "$journal" 2> /dev/null || echo 0; }
has_grown() { [ "$(size)" -gt 20000 ]; }
# The states of a job, or of the elements of an array, each once.
states() { timeout 10 scontrol show job -o "$1" | grep -o 'JobState=[A-Z_]*' | cut -d= -f2 | sort -u | tr '\n' ' '; }
has_ended() {
  local now
  now=$(states "$1")
  [ -n "$now" ] && ! grep -qE 'PENDING|RUNNING|COMPLETING|CONFIGURING' <<< "$now"
}

SLURM_TEST_CPUS=$(nproc) timeout --kill-after=10 300 "$scripts/up.sh" "$work/slurm" && up=0 || up=$?
case $up in
  0) ;;
  77) printf '\n**** SKIPPED: no Slurm, so the array job was not tested ****\n'; exit 0 ;;
  *) fail "slurm did not come up (status $up)" ;;
esac
. "$work/slurm/env"
cd "$work"

echo "-- submit an array of 16 and its merge"
"$program" slurm "$experiment" --shards 16 --out out --replicates $replicates --time 10 --submit | tee said
array=$(sed -n 's/^submitted: array \([0-9]*\) .*/\1/p' said)
merge=$(sed -n 's/.* and merge \([0-9]*\) .*/\1/p' said)
folder=$work/out/slurm/variance-law
journal=$work/out/variance-law/journal/shard-$killed-of-16.mlj

echo "-- kill element $killed once it has finished some blocks"
within 60 "element $killed at work" has_grown
timeout 10 scancel --signal=KILL --full "${array}_$killed"
within 90 "the end of the array" has_ended "$array"
within 30 "the end of the merge" has_ended "$merge"
kept=$(size)
echo "array: $(states "$array"); element $killed: $(states "${array}_$killed"); merge: $(states "$merge"); kept: $kept bytes"
[ "$(states "$merge")" = "CANCELLED " ] || fail "the merge should have been dropped"
[ ! -e out/variance-law/estimates.csv ] || fail "there should be no result"
"$program" merge out/variance-law --out out 2> missing && fail "a merge of 15 shares should be refused"
cat missing

echo "-- submit element $killed again, and the merge"
array=$(timeout 20 sbatch --parsable --array=$killed "$folder/array.sh")
merge=$(timeout 20 sbatch --parsable --dependency=afterok:"$array" "$folder/merge.sh")
within 60 "the end of element $killed" has_ended "$array"
within 30 "the end of the merge" has_ended "$merge"
echo "element $killed: $(states "$array"); merge: $(states "$merge"); its log:"
cat "$folder/share-$killed.log"
[ "$(states "$merge")" = "COMPLETED " ] || fail "the merge should have completed"
grep -qE 'blocks: [1-9][0-9]* kept from earlier runs, [1-9][0-9]* to do' "$folder/share-$killed.log" || fail "element $killed should have gone on"

echo "-- the same on this machine alone"
"$program" run "$experiment" --out local --replicates $replicates --quiet
diff -r --exclude=manifest.json --exclude=journal out/variance-law local/variance-law || fail "the bytes differ"
(cd local/variance-law && sha256sum estimates.csv claims.csv ./*.svg)
echo "the merged result is that of a local run, byte for byte"

echo "-- an element whose time is nearly over is started again by itself, and goes on"
"$program" slurm "$experiment" --shards 2 --out again --replicates $replicates --time 10 --restarts 1 --submit > said
array=$(sed -n 's/^submitted: array \([0-9]*\) .*/\1/p' said)
merge=$(sed -n 's/.* and merge \([0-9]*\) .*/\1/p' said)
journal=$work/again/variance-law/journal/shard-1-of-2.mlj
log=$work/again/slurm/variance-law/share-1.log
within 60 "element 1 at work" has_grown
timeout 10 scancel --signal=USR1 --batch "${array}_1"
is_again() { grep -q 'its time is over; started again' "$log"; }
within 30 "element 1 started again" is_again
within 90 "the end of the array" has_ended "$array"
within 30 "the end of the merge" has_ended "$merge"
cat "$log"
[ "$(states "$merge")" = "COMPLETED " ] || fail "the merge should have completed"
grep -qE 'blocks: [1-9][0-9]* kept from earlier runs, [1-9][0-9]* to do' "$log" || fail "element 1 should have gone on"
diff -r --exclude=manifest.json --exclude=journal again/variance-law local/variance-law || fail "the bytes differ"
echo "and so is that of an element that was started again"
