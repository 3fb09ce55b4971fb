#!/bin/bash
# {summary}
# Written by plan --engine hq. Start it with bash where hq reaches its server; more words go to hq submit. The tasks take
# whatever is free; the drawing comes after them, and fails if anything is missing. A task whose worker is lost or reaches
# its time limit is started again by HyperQueue, and goes on from its checkpoint; the limit of minutes below is a task's own.
set -euo pipefail
hq submit --name glyphlab --array 1-{tasks} --cpus {threads} --resource mem={mebibytes} --crash-limit 100 \
    --wait "$@" -- bash -c 'status=130
while [ "$status" = 130 ]; do status=0; timeout --preserve-status --signal=TERM --kill-after=120 {minutes}m "$@" || status=$?; done
exit "$status"' run \
    {run}
hq submit --name glyphlab-draw --cpus 1 --resource mem={drawing_mebibytes} --crash-limit 100 --wait "$@" -- \
    {draw}
