#!/usr/bin/env bash
# Starts a Slurm of one node, this machine, for tests: no systemd, no accounting, ports on loopback only.
# Key, configuration, state, logs and process ids all lie in one folder, which down.sh stops again.
#
# Usage: scripts/slurm/up.sh DIR, then `. DIR/env`. Needs root on Debian or Ubuntu.
# SLURM_TEST_CPUS: cores that Slurm believes in (default: those there are).
# Exit status 77: Slurm is not here and cannot be installed; nothing was started.
set -euo pipefail
dir=$(realpath -m "${1:?usage: up.sh DIR}")
cpus=${SLURM_TEST_CPUS:-$(nproc)}

here() { command -v slurmctld && command -v slurmd && command -v munged; } > /dev/null 2>&1

# Minutes at most: a machine without a network must not wait for one.
install() {
  command -v apt-get > /dev/null || return 1
  export DEBIAN_FRONTEND=noninteractive
  timeout --kill-after=10 60 apt-get -o DPkg::Lock::Timeout=30 update -qq > "$dir/log/apt" 2>&1 || return 1
  timeout --kill-after=10 180 apt-get -o DPkg::Lock::Timeout=60 install -y -qq --no-install-recommends slurm-wlm munge >> "$dir/log/apt" 2>&1
}

[ "$(id -u)" = 0 ] || { echo "slurm: not root"; exit 77; }
mkdir -p "$dir"/{munge,state,spool,log,run}
here || { echo "slurm: installing slurm-wlm and munge"; install && here; } || { echo "slurm: cannot be installed here"; exit 77; }

for name in munged slurmctld slurmd; do
  pid=$(cat "$dir/run/$name.pid" 2> /dev/null || true)
  if [ -n "$pid" ] && kill -0 "$pid" 2> /dev/null; then echo "slurm: $name runs already ($pid)"; exit 1; fi
done

# A port that nobody listens on. Another one may still take it before we do: then slurmctld does not come up, and says so.
free_port() {
  local port
  while port=$((30000 + RANDOM % 20000)); (exec 3<> "/dev/tcp/127.0.0.1/$port") 2> /dev/null; do :; done
  echo "$port"
}

host=$(hostname -s)
memory=$(awk '/MemTotal/ { print int($2 / 1024 * 0.9) }' /proc/meminfo)
[ -s "$dir/munge/key" ] || (umask 077 && head -c 128 /dev/urandom > "$dir/munge/key")
# munge refuses a key or a socket in a folder that others may write, and a log that others may read.
chmod 755 "$dir"; chmod 711 "$dir/munge" "$dir/run"; chmod 700 "$dir/log"

# KillWait: seconds from SIGTERM to SIGKILL. MinJobAge: how long ended jobs can be asked about.
cat > "$dir/slurm.conf" <<CONF
ClusterName=test
SlurmctldHost=$host(127.0.0.1)
SlurmUser=root
SlurmdUser=root
SlurmctldPort=$(free_port)
SlurmdPort=$(free_port)
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
AuthType=auth/munge
AuthInfo=socket=$dir/run/munge.sock,cred_expire=5
CredType=cred/munge
StateSaveLocation=$dir/state
SlurmdSpoolDir=$dir/spool
SlurmctldPidFile=$dir/run/slurmctld.pid
SlurmdPidFile=$dir/run/slurmd.pid
SlurmctldLogFile=$dir/log/slurmctld.log
SlurmdLogFile=$dir/log/slurmd.log
MpiDefault=none
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SchedulerType=sched/backfill
SchedulerParameters=bf_interval=2,sched_interval=2,batch_sched_delay=0,sched_min_interval=0
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SlurmdParameters=config_overrides
ReturnToService=2
KillWait=5
MinJobAge=3600
PropagateResourceLimits=NONE
NodeName=$host NodeAddr=127.0.0.1 CPUs=$cpus RealMemory=$memory State=UNKNOWN
PartitionName=test Nodes=ALL Default=YES MaxTime=INFINITE State=UP
CONF
echo "export SLURM_CONF='$dir/slurm.conf'" > "$dir/env"
export SLURM_CONF=$dir/slurm.conf

munged --key-file="$dir/munge/key" --socket="$dir/run/munge.sock" --pid-file="$dir/run/munged.pid" \
       --log-file="$dir/log/munged.log" --seed-file="$dir/munge/seed" --num-threads=2
slurmctld -c -f "$SLURM_CONF"
slurmd -c -f "$SLURM_CONF" -N "$host"

for _ in $(seq 1 100); do
  state=$(timeout 10 sinfo --noheader --format=%T 2> /dev/null || true)
  [ "$state" = idle ] && { echo "slurm: up, $(sbatch --version), $cpus cores"; exit 0; }
  sleep 0.2
done
echo "slurm: did not come up; the node is: ${state:-unknown}"
tail -n 20 "$dir"/log/*.log
exit 1
