#!/bin/bash
# 259 points, about 1 h 23 min in 16 tasks
# Written by plan --engine parallel. Start it with bash; more words go to GNU parallel, such as --sshlogin LIST. The tasks take
# whatever is free; the drawing comes after them, and fails if anything is missing. A task that reaches its limit of time is
# asked to stop, keeps a checkpoint, and is started again.
set -euo pipefail
seq 16 | parallel --jobs 16 --max-args 0 --memfree 3072M --retries 100 --timeout 10020 \
    --termseq TERM,120000,KILL,1000 --line-buffer --tagstring 'task {#}' "$@" \
    ''\''/opt/glyph lab/xtask'\'' run '\''alpha-dbn-*'\'' report:scratch --threads 2 --profile paper --data real --out /shared/results --set rate=0.05'
'/opt/glyph lab/xtask' draw 'alpha-dbn-*' report:scratch --complete --profile paper --data real --out /shared/results --set rate=0.05
