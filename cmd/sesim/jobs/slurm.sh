#!/bin/bash
# A sweep, or replications, as a Slurm array job: each task makes one shard.
# Wants sesim in the PATH of the nodes and a folder that all of them share.
#
#   mkdir parts
#   job=$(sbatch --parsable --array=1-16 slurm.sh sweep.toml parts)
#   sbatch --dependency=afterok:"$job" --wrap 'sesim merge parts/*/ -o report'
#
# A task that is killed and requeued goes on with the cells that are finished,
# and one that was done already ends at once.
#
#SBATCH --job-name=sesim
#SBATCH --array=1-4
#SBATCH --cpus-per-task=1
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --output=sesim-%A-%a.log
set -euo pipefail
export GOMAXPROCS=${SLURM_CPUS_PER_TASK:-1}
exec sesim run "$1" --shard "$SLURM_ARRAY_TASK_ID/$SLURM_ARRAY_TASK_COUNT" -o "$2/$SLURM_ARRAY_TASK_ID" --progress none
