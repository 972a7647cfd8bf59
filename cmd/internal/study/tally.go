package study

import (
	"fmt"
	"time"
)

// tally is the progress of a command with many runs.
type tally struct {
	scenario string
	wall     time.Duration
	done, of int    // runs; of may be an estimate
	doing    string // the current step, in words
}

func (t tally) Name() string { return t.scenario }

func (t tally) Elapsed() time.Duration { return t.wall }

// percent stays below 100 until the command is done. It is negative if the number
// of runs is unknown.
func (t tally) Percent() int {
	if t.of <= 0 {
		return -1
	}
	return min(99, 100*t.done/t.of)
}

// line writes the number of runs and the current step.
func (t tally) Line() string {
	if t.doing == "" {
		return fmt.Sprintf("run %d of %d", t.done, t.of)
	}
	return fmt.Sprintf("%d runs, %s", t.done, t.doing)
}
