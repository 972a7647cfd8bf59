package assumptions_test

import (
	"slices"
	"testing"

	"sesim/sim/assumptions"
	"sesim/sim/criteria"
)

// in returns a setting of a parameter with these verdicts.
func in(parameter int, verdicts ...criteria.Verdict) assumptions.Setting {
	return assumptions.Setting{Choices: []assumptions.Choice{{Parameter: parameter}}, Verdicts: verdicts}
}

func TestRobust(t *testing.T) {
	const pass, fail, open = criteria.Pass, criteria.Fail, criteria.Inconclusive
	for _, c := range []struct {
		name             string
		own, each, joint criteria.Verdict
		lost             bool
		want             criteria.Verdict
	}{
		{"passes everywhere", pass, pass, pass, false, pass},
		{"fails alone", pass, fail, pass, false, fail},
		{"fails together", pass, pass, fail, false, fail},
		{"open somewhere", pass, open, pass, false, open},
		{"a fail is worse than open", pass, open, fail, false, fail},
		{"not tried to the end", pass, pass, pass, true, open},
		{"a fail is found anyway", pass, fail, pass, true, fail},
		{"a fail stays a fail", fail, pass, pass, false, fail},
		{"open stays open", open, pass, fail, false, open},
	} {
		out := &assumptions.Outcome{
			Own: []criteria.Verdict{c.own}, Each: []assumptions.Setting{in(0, c.each)}, Joint: []assumptions.Setting{in(0, c.joint)}, Incomplete: c.lost,
		}
		if c.lost {
			out.Each = append(out.Each, in(1))
		}
		if got := out.Robust(0); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

// TestHeld counts settings that were tried to the end.
func TestHeld(t *testing.T) {
	const pass, fail = criteria.Pass, criteria.Fail
	out := &assumptions.Outcome{
		Own:  []criteria.Verdict{pass, fail},
		Each: []assumptions.Setting{in(0, pass, fail), in(0, pass, pass), in(1, fail, fail), in(2), in(3, fail, pass)},
	}
	if holds, of := out.Held(out.Each); holds != 1 || of != 4 {
		t.Errorf("all hold in %d of %d", holds, of)
	}
	for threshold, want := range []int{2, 2} {
		if holds, of := out.HeldOf(out.Each, threshold); holds != want || of != 4 {
			t.Errorf("threshold %d holds in %d of %d, want %d", threshold, holds, of, want)
		}
	}
	if got := out.TurnsWith(0); !slices.Equal(got, []int{1, 3}) {
		t.Errorf("the first turns with %v", got)
	}
}
