#!/bin/bash
# 259 points, about 1 h 23 min in 16 tasks
# Written by plan --engine hq. Start it with bash where hq reaches its server; more words go to hq submit. The tasks take
# whatever is free; the drawing comes after them, and fails if anything is missing. A task whose worker is lost or reaches
# its time limit is started again by HyperQueue, and goes on from its checkpoint; the limit of minutes below is a task's own.
set -euo pipefail
hq submit --name glyphlab --array 1-16 --cpus 2 --resource mem=3072 --crash-limit 100 \
    --wait "$@" -- bash -c 'status=130
while [ "$status" = 130 ]; do status=0; timeout --preserve-status --signal=TERM --kill-after=120 167m "$@" || status=$?; done
exit "$status"' run \
    '/opt/glyph lab/xtask' run 'alpha-dbn-*' report:scratch --threads 2 --profile paper --data real --out /shared/results --set rate=0.05
hq submit --name glyphlab-draw --cpus 1 --resource mem=1024 --crash-limit 100 --wait "$@" -- \
    '/opt/glyph lab/xtask' draw 'alpha-dbn-*' report:scratch --complete --profile paper --data real --out /shared/results --set rate=0.05
