#!/bin/bash
# A Slurm of two nodes on this machine, for trying what `plan --engine slurm` writes. Debian's packages slurmctld, slurmd,
# slurm-client and munge must be installed; run as root.
#
#     tools/slurm_two_nodes.sh start FOLDER     munged, slurmctld and slurmd n1, n2, on the loopback, with all state in FOLDER
#     tools/slurm_two_nodes.sh stop FOLDER      ends those, by the process numbers in FOLDER
#
# Then: SLURM_CONF=FOLDER/slurm.conf sinfo. What it is not: accounting, control groups, more than one kernel or disk.
set -euo pipefail
verb=${1:?start or stop} folder=$(realpath -m "${2:?a folder}")

stop() {
    for name in slurmd.n1 slurmd.n2 slurmctld munged; do
        [ ! -s "$folder/$name.pid" ] || kill "$(cat "$folder/$name.pid")" 2>/dev/null || true
        rm -f "$folder/$name.pid"
    done
}

start() {
    mkdir -p "$folder"/{state,spool.n1,spool.n2}
    chmod 755 "$folder"
    # munged wants its key and socket in folders that nobody else may write.
    mkdir -p "$folder/munge"
    [ -s "$folder/munge/key" ] || head -c 1024 /dev/urandom > "$folder/munge/key"
    chmod 600 "$folder/munge/key"
    munged --force --key-file="$folder/munge/key" --socket="$folder/munge/socket" --pid-file="$folder/munged.pid" \
        --log-file="$folder/munge/log" --seed-file="$folder/munge/seed"
    local host cores; host=$(hostname -s) cores=$(nproc)
    cat > "$folder/slurm.conf" <<CONF
ClusterName=trial
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=17817
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$folder/munge/socket
CredType=cred/munge
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool.%n
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd.%n.pid
SlurmctldLogFile=$folder/slurmctld.log
SlurmdLogFile=$folder/slurmd.%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerType=sched/backfill
SchedulerParameters=sched_interval=5,bf_interval=5
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
MpiDefault=none
ReturnToService=2
SlurmdTimeout=20
KillWait=10
MinJobAge=3600
NodeName=n[1-2] NodeHostname=$host NodeAddr=127.0.0.1 Port=[17818-17819] CPUs=$cores RealMemory=8000 State=UNKNOWN
PartitionName=all Nodes=n[1-2] Default=YES MaxTime=INFINITE State=UP OverTimeLimit=0
CONF
    export SLURM_CONF=$folder/slurm.conf
    slurmctld -f "$SLURM_CONF"
    slurmd -f "$SLURM_CONF" -N n1
    slurmd -f "$SLURM_CONF" -N n2
    for _ in $(seq 30); do
        sleep 1
        [ "$(sinfo -h -t idle -o %D)" != 2 ] || { sinfo; return; }
    done
    sinfo
    echo "the nodes did not come up: see $folder/*.log" >&2
    return 1
}

case $verb in
start) start ;;
stop) stop ;;
*) echo "expected start or stop, found $verb" >&2; exit 2 ;;
esac
