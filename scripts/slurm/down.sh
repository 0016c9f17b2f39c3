#!/usr/bin/env bash
# Stops what up.sh started in a folder, and nothing else: jobs first, then the daemons by the ids in their files.
#
# Usage: scripts/slurm/down.sh DIR
set -uo pipefail
dir=$(realpath -m "${1:?usage: down.sh DIR}")
[ -d "$dir/run" ] || { echo "slurm: nothing in $dir"; exit 0; }
export SLURM_CONF=$dir/slurm.conf

running() { kill -0 "$1" 2> /dev/null; }

controller=$(cat "$dir/run/slurmctld.pid" 2> /dev/null || true)
if [ -n "$controller" ] && running "$controller"; then
  timeout 5 squeue --noheader --format=%A | sort -u | timeout 5 xargs -r scancel
  deadline=$((SECONDS + 15))
  while [ -n "$(timeout 5 squeue --noheader 2> /dev/null)" ] && [ $SECONDS -lt $deadline ]; do sleep 0.2; done
fi

for name in slurmd slurmctld munged; do
  pid=$(cat "$dir/run/$name.pid" 2> /dev/null || true)
  [ -n "$pid" ] || continue
  # The id may be that of another program by now.
  case "$(readlink "/proc/$pid/exe" 2> /dev/null || true)" in
    */$name | */$name-wlm) ;;
    *) rm -f "$dir/run/$name.pid"; continue ;;
  esac
  kill "$pid"
  for _ in $(seq 1 50); do running "$pid" || break; sleep 0.1; done
  running "$pid" && kill -KILL "$pid"
  rm -f "$dir/run/$name.pid"
done
echo "slurm: stopped"
