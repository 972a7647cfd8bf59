#!/bin/sh
# A sweep, or replications, with GNU parallel: each job makes one shard, and
# the last step puts them together.
#
#   ./parallel.sh sweep.toml 16 report
#   ./parallel.sh sweep.toml 16 report --sshloginfile hosts --workdir .
#
# What follows the three arguments goes to parallel: with hosts to log in to,
# they have sesim in their PATH and share the folder. Started again after it
# was interrupted, it goes on where it was.
set -eu
scenario=$1 shards=$2 report=$3
shift 3
export GOMAXPROCS="${GOMAXPROCS:-1}"
mkdir -p "$report.parts"
seq "$shards" | parallel --will-cite --halt soon,fail=1 --retries 3 "$@" \
  sesim run "$scenario" --shard "{}/$shards" -o "$report.parts/{}" --quiet
seq "$shards" | sed "s|^|$report.parts/|" | xargs -d '\n' sesim merge -o "$report"
