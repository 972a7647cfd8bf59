package rules

import (
	"errors"
	"math"
	"reflect"
	"slices"
	"testing"
	"time"
)

// Every parameter prints a value that it reads back: what `--print-effective`
// shows can be pasted into a scenario.
func TestEveryParameterReadsBackWhatItPrints(t *testing.T) {
	for _, p := range Parameters() {
		if p.About == "" || p.Range == "" || p.Source == "" || p.Standing == 0 {
			t.Errorf("%s: the catalogue lacks a column: %+v", p.Name, p)
		}
		s := current()
		if got := p.Get(&s); got == "" {
			t.Errorf("%s: prints nothing", p.Name)
		}
	}
}

func TestAssign(t *testing.T) {
	for _, c := range []struct {
		name  string
		value any
		want  string // as printed; empty: an error
	}{
		{"rep.window_eligible", int64(20_000), "20000"},
		{"rep.window_eligible", int64(999), ""},
		{"rep.window_eligible", int64(-1), ""},
		{"rep.window_eligible", "10_000", ""},
		{"rep.window_days", "off", "off"},
		{"rep.max_lookback", "none", "none"},
		{"rep.max_lookback", "225d", "225d"},
		{"rep.min_events", map[string]any{"bounces": int64(1)}, "{ bounces = 1, complaints = 5 }"},
		{"rep.min_events", map[string]any{"bounce": int64(1)}, ""},
		{"global.durations", []any{"1d", "2d"}, `["1d", "2d"]`},
		{"global.durations", []any{"2d", "1d"}, ""},
		{"global.durations", []any{"15d"}, ""},
		{"global.durations", []any{}, ""},
		{"global.scope", "region", "region"},
		{"global.scope", "planet", ""},
		{"global.strike_memory", "never", "never"},
		{"global.strike_memory", "13d", ""},
		{"quota.multi_recipient", "must_fit", "must_fit"},
		{"quota.granularity", "15m", "15m"},
		{"quota.granularity", "24h", "1d"},
		{"quota.granularity", "24h0.000000001s", ""},
		{"quota.granularity", "-1m", ""},
		{"quota.granularity", int64(60), ""},
		{"rate.burst_seconds", int64(11), ""},
		{"pause.immediate_factor", 1.5, "1.5"},
		{"pause.immediate_factor", int64(2), "2"},
		{"pause.immediate_factor", 1.001, "1.001"},
		{"pause.immediate_factor", 1.0001, ""},
		{"pause.immediate_factor", "never", "never"},
		{"pause.immediate_factor", math.Inf(1), "never"},
		{"pause.immediate_factor", math.Inf(-1), ""},
		{"pause.immediate_factor", 0.5, ""},
		{"appeal.reply", "36h", "1d12h"},
		{"appeal.reply", map[string]any{"median": "1h", "p95": "2h"}, `{ median = "1h", p95 = "2h" }`},
		{"appeal.reply", map[string]any{"median": "1h", "p95": "30m"}, ""},
		{"prod.review_time", "18h", "18h"},
		{"auto_increase", false, ""},
		{"retry.schedule", map[string]any{"jitter": "51%"}, ""},
		{"review.bounce_rate", "10%", "10%"},
		{"review.bounce_rate", 0.1, "10%"},
		{"review.end_rule", "pause", "pause"},
		{"sandbox.blocked_ops", "put + import", "put-import"},
		{"sandbox.blocked_ops", "put", ""},
		{"no.such", true, ""},
	} {
		s := current()
		before := s
		err := Assign(&s, c.name, c.value)
		switch {
		case c.name == "auto_increase":
			if err != nil || s.AutoIncrease.On {
				t.Errorf("auto_increase = false: %v", err)
			}
		case c.want == "":
			if err == nil {
				t.Errorf("%s = %v was accepted", c.name, c.value)
			} else if !reflect.DeepEqual(s, before) {
				t.Errorf("%s = %v was refused but changed the set", c.name, c.value)
			}
		case err != nil || Find(c.name).Get(&s) != c.want:
			t.Errorf("%s = %v: %v, prints %s; want %s", c.name, c.value, err, Find(c.name).Get(&s), c.want)
		}
	}
	if err := Assign(&Set{}, "no.such", true); !errors.Is(err, ErrUnknown) {
		t.Errorf("an unknown name gives %v, want ErrUnknown", err)
	}
}

func TestEditionsDifferOnlyWhereTheySay(t *testing.T) {
	want := map[string][]string{
		"current":    nil,
		"classic":    {"global.removal_form"},
		"flat14":     {"global.durations"},
		"guide-2022": {"account.overrides_global", "account.reason_match", "sandbox.blocked_ops"},
	}
	for _, name := range Editions() {
		s, err := Edition(name)
		if err != nil {
			t.Fatal(err)
		}
		var differs []string
		for _, p := range Parameters() {
			if p.Get(&s) != p.Default() {
				differs = append(differs, p.Name)
			}
		}
		if !slices.Equal(differs, want[name]) {
			t.Errorf("%s differs in %v, want %v", name, differs, want[name])
		}
	}
	if _, err := Edition("2019"); err == nil {
		t.Error("an unknown edition was accepted")
	}
}

func TestCatalogueIsWhole(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range Catalogue() {
		if r.Name == "" || r.About == "" || r.Source == "" || r.Standing == 0 || seen[r.Name] {
			t.Errorf("rule %d lacks a column or repeats a name: %+v", r.ID, r)
		}
		seen[r.Name] = true
		for i, id := range r.Parameters {
			if slices.Contains(r.Parameters[:i], id) {
				t.Errorf("%s names %s twice", r.Name, id)
			}
		}
	}
	if s := current(); s.Global.Durations[len(s.Global.Durations)-1] != 14*24*time.Hour {
		t.Error("the longest stay must be 14 days")
	}
}
