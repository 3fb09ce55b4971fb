#!/bin/bash
# {summary}
# Written by plan --engine parallel. Start it with bash; more words go to GNU parallel, such as --sshlogin LIST. The tasks take
# whatever is free; the drawing comes after them, and fails if anything is missing. A task that reaches its limit of time is
# asked to stop, keeps a checkpoint, and is started again.
set -euo pipefail
seq {tasks} | parallel --jobs {tasks} --max-args 0 --memfree {mebibytes}M --retries 100 --timeout {limit_seconds} \
    --termseq TERM,120000,KILL,1000 --line-buffer --tagstring 'task {#}' "$@" \
    {parallel_run}
{draw}
