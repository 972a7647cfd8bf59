package rules

import (
	"slices"
	"testing"
	"time"

	"sesim/sim/unit"
)

// everyValue is what a study tries of a parameter, coarsely and finely.
func everyValue(p *Parameter) []Value {
	list := slices.Concat(p.Plausible.Values(5), p.Plausible.Values(64))
	for i := range 128 {
		list = append(list, p.Plausible.Level(i, 128))
	}
	return list
}

// A parameter has plausible values if and only if it is not documented. All of them
// are valid in every edition, and are read back as they are written.
func TestPlausibleValues(t *testing.T) {
	for _, p := range Parameters() {
		if p.Plausible.None() != (p.Standing == Documented) {
			t.Errorf("%s is %s and has plausible values: %t", p.Name, p.Standing, !p.Plausible.None())
			continue
		}
		if p.Standing == Documented {
			continue
		}
		for _, name := range Editions() {
			set, _ := Edition(name)
			for _, v := range everyValue(&p) {
				s := set
				if err := p.Apply(&s, v); err != nil {
					t.Fatalf("%s = %s in %s: %v", p.Name, v.Text, name, err)
				}
				if got := p.Of(&s); name == "current" && (got.Text != v.Text || got.Rank != v.Rank || got.Name != v.Name) {
					t.Errorf("%s = %s is read back as %+v, was %+v", p.Name, v.Text, got, v)
				}
			}
		}
	}
}

// The value of every edition is among the plausible ones.
func TestPlausibleContainsEveryEdition(t *testing.T) {
	for _, name := range Editions() {
		set, _ := Edition(name)
		for _, p := range Parameters() {
			if p.Standing == Documented {
				continue
			}
			v := p.Of(&set)
			inRange := false
			if p.Plausible.Ranged() {
				least, most := p.Plausible.Ends()
				inRange = least.Rank <= v.Rank && v.Rank <= most.Rank
			}
			set := slices.ContainsFunc(p.Plausible.Settings(), func(s Value) bool { return s.Text == v.Text })
			if v.Rank >= 0 && !inRange || v.Rank < 0 && !set {
				t.Errorf("%s: %s of %s is not plausible", p.Name, v.Text, name)
			}
		}
	}
}

// A study with few values sees both ends of a range, and at least five values where
// there are that many.
func TestPlausibleValuesSpan(t *testing.T) {
	for name, want := range map[string][]string{
		"rep.min_eligible":       {"0", "100", "464", "2150", "10000"},
		"rep.eval_interval":      {"15m", "47m", "2.45h", "7.67h", "1d"},
		"review.length":          {"7d", "12.7d", "18.5d", "24.2d", "30d"},
		"pause.immediate_factor": {"1", "2", "3", "4", "5", "never"},
		"rep.window_days":        {"1", "2", "5", "12", "28", "off"},
		"pause.repeat_reviews":   {"2", "3", "4", "5"},
		"bounce.async_share":     {"0%", "5%", "10%", "15%", "20%"},
		"account.add_delay":      {"0s", "1s", "15.3s", "3.91m", "1h"},
		"global.scope":           {"worldwide", "region"},
	} {
		var got []string
		for _, v := range Find(name).Plausible.Values(5) {
			got = append(got, v.Text)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	for _, p := range Parameters() {
		if !p.Plausible.Ranged() {
			continue
		}
		least, most := p.Plausible.Ends()
		list := p.Plausible.Values(9)
		if numbers := len(list) - len(p.Plausible.Settings()); numbers < 4 || list[0] != least || list[numbers-1] != most {
			t.Errorf("%s: %d numbers from %v, want both ends %v and %v", p.Name, numbers, list[0], least, most)
		}
	}
}

// The levels of a design take every alternative in its share, ascending.
func TestLevels(t *testing.T) {
	for _, p := range Parameters() {
		if p.Standing == Documented {
			continue
		}
		const n = 128
		counts, last := map[string]int{}, int64(-1)
		for i := range n {
			v := p.Plausible.Level(i, n)
			if v.Rank >= 0 && v.Rank < last {
				t.Errorf("%s: level %d is %s, below the one before", p.Name, i, v.Text)
			}
			last = v.Rank
			if v.Rank < 0 || v.Rank == 0 {
				counts[v.Text]++
			}
		}
		weight := len(p.Plausible.Settings())
		if p.Plausible.Ranged() {
			weight += rangeWeight
			if p.Plausible.low > 0 {
				weight++
			}
			if least, most := p.Plausible.Ends(); p.Plausible.Level(0, n) != least || last < most.Rank && len(p.Plausible.Settings()) == 0 {
				t.Errorf("%s: the levels do not have both ends", p.Name)
			}
		}
		for _, v := range p.Plausible.Settings() {
			if got := counts[v.Text]; got != n/weight && got != n/weight+1 {
				t.Errorf("%s: %s is %d of %d levels, want 1 in %d", p.Name, v.Text, got, n, weight)
			}
		}
		if p.Plausible.low > 0 && counts[p.Plausible.number(0).Text] != (n+weight-1)/weight {
			t.Errorf("%s: zero is %d of %d levels, want 1 in %d", p.Name, counts[p.Plausible.number(0).Text], n, weight)
		}
	}
}

// Positions and numbers of the grid belong to each other, and neighbours differ by
// one in the last of three digits.
func TestGrid(t *testing.T) {
	for _, kind := range []Kind{Whole, Number, Duration, Share} {
		last := int64(-1)
		for rank := range int64(20_000) {
			n := kind.at(rank)
			if n <= last && n != 1<<63-1 {
				t.Fatalf("kind %d: position %d is %d, not above %d", kind, rank, n, last)
			}
			if n == 1<<63-1 || kind == Duration && time.Duration(n) > unit.MaxDuration {
				break
			}
			if got := kind.rank(n); got != rank {
				t.Fatalf("kind %d: %d is at position %d, want %d", kind, n, got, rank)
			}
			if n > 0 && kind.rank(n-1) != rank-1 {
				t.Fatalf("kind %d: %d is at position %d, want %d", kind, n-1, kind.rank(n-1), rank-1)
			}
			last = n
		}
	}
	for _, c := range []struct{ parameter, value, next string }{
		{"review.length", "22.1d", "22.2d"},
		{"review.length", "9.99d", "10d"},
		{"rep.eval_interval", "59.9m", "1h"},
		{"rep.eval_interval", "23.9h", "1d"},
		{"rep.min_eligible", "999", "1000"},
		{"rep.min_eligible", "2600", "2610"},
		{"pause.immediate_factor", "1.99", "2"},
		{"bounce.async_share", "9.99%", "10%"},
		{"account.add_delay", "59.9s", "1m"},
		{"account.add_delay", "0s", "1s"},
		{"quota.granularity", "0s", "1s"},
		{"bounce.async_share", "0%", "0.01%"},
		{"bounce.async_share", "0.01%", "0.0101%"},
		{"rep.min_eligible", "0", "1"},
	} {
		p := &Find(c.parameter).Plausible
		n, ok := p.parse(c.value)
		if got := p.At(p.number(n).Rank + 1).Text; !ok || got != c.next {
			t.Errorf("%s: after %s comes %s, want %s", c.parameter, c.value, got, c.next)
		}
	}
}

// What the grid leaves out is none of its values: less than a second, or than 0.01%.
func TestGridHasALeastStep(t *testing.T) {
	for parameter, value := range map[string]string{"account.add_delay": "999ms", "review.decision_time": "1ns", "bounce.async_share": "0.0099%"} {
		if n, ok := Find(parameter).Plausible.parse(value); ok {
			t.Errorf("%s: %s is on the grid, as %d", parameter, value, n)
		}
	}
}

func TestPlausibleInWords(t *testing.T) {
	for name, want := range map[string]string{
		"rep.min_eligible":       "0 to 10000",
		"rep.eval_interval":      "15m to 1d",
		"pause.immediate_factor": "1 to 5 or never",
		"global.scope":           "worldwide or region",
		"review.end_rule":        "extend-once, pause or healthy",
		"global.durations":       "doubling; 14 days at once; hours first; one day, then 14; or weeks",
		"rep.window_eligible":    "1000 to 100000",
		"review.bounce_rate":     "",
	} {
		if got := Find(name).Plausible.String(); got != want {
			t.Errorf("%s is plausible as %q, want %q", name, got, want)
		}
	}
}
