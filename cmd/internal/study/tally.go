package study

import (
	"fmt"
	"time"
)

// tally is how far a command with many runs has come.
type tally struct {
	scenario string
	wall     time.Duration
	done, of int    // runs; of may be an estimate
	doing    string // in words
}

func (t tally) Name() string { return t.scenario }

func (t tally) Elapsed() time.Duration { return t.wall }

// percent stays below 100 until the command is done, which it says itself. It
// is negative where nobody knows how many runs there will be.
func (t tally) Percent() int {
	if t.of <= 0 {
		return -1
	}
	return min(99, 100*t.done/t.of)
}

// line counts the runs, and says what they are for.
func (t tally) Line() string {
	if t.doing == "" {
		return fmt.Sprintf("run %d of %d", t.done, t.of)
	}
	return fmt.Sprintf("%d runs, %s", t.done, t.doing)
}
