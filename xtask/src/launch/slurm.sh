#!/bin/bash
# {summary}
# Written by plan --engine slurm. Start it with bash where the results folder is seen; more words go to sbatch, such as
# --partition=NAME. The array's tasks take whatever is free; the drawing comes after them, and fails if anything is missing.
set -euo pipefail
points=$(sbatch --parsable "$@" <<'JOB'
#!/bin/bash
#SBATCH --job-name=glyphlab
#SBATCH --array=1-{tasks}
#SBATCH --ntasks=1
#SBATCH --cpus-per-task={threads}
#SBATCH --mem={mebibytes}M
#SBATCH --time={minutes}
#SBATCH --signal=B:TERM@120
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --output=glyphlab-%A-%a.log
# Before the time limit the run is asked to stop: it keeps a checkpoint, and its exit status 130 puts the task into the queue
# again. So does a kill, three times at most. Where a node is lost, Slurm does that itself.
{run} &
run=$! stopped=
trap 'trap "" TERM; stopped=yes; kill -TERM "$run"' TERM
wait "$run"; status=$?
[ -z "$stopped" ] || { wait "$run"; status=$?; }
[ "$status" != 137 ] || [ "${SLURM_RESTART_COUNT:-0}" -ge 3 ] || status=130
[ "$status" != 130 ] || exec scontrol requeue "${SLURM_ARRAY_JOB_ID}_${SLURM_ARRAY_TASK_ID}"
exit "$status"
JOB
)
points=${points%%;*}
sbatch --dependency="afterok:$points" --kill-on-invalid-dep=yes "$@" <<'JOB'
#!/bin/bash
#SBATCH --job-name=glyphlab-draw
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=1
#SBATCH --mem={drawing_mebibytes}M
#SBATCH --time=60
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --output=glyphlab-draw-%j.log
exec {draw}
JOB
