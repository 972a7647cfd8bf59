package learn

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sesim/scenarios"
	"sesim/scenarios/lesson"
	"sesim/sim"
	"sesim/sim/assumptions"
	"sesim/sim/engine"
	"sesim/sim/rules"
)

// runWith runs a lesson's scenario by way of the engine alone, with some keys set.
func runWith(t *testing.T, l *lesson.Lesson, sets ...scenarios.Override) *lesson.Outcome {
	t.Helper()
	cfg := mustLoad(t, l, "", sets...)
	r, err := engine.Run(*cfg, sim.Hooks{})
	if err != nil {
		t.Fatal(err)
	}
	return &lesson.Outcome{Config: cfg, Result: r}
}

// shipped returns the shipped lesson with that ID.
func shipped(id string) *lesson.Lesson { return NewClassroom(lesson.Shipped(), DefaultBudget).find(id) }

// Each offered value of each parameter gives the run that --set gives, and the page is told
// what can matter in it, but not what is set.
func TestOfferedValues(t *testing.T) {
	if testing.Short() {
		t.Skip("runs a lesson with every value")
	}
	t.Parallel()
	s := New(Options{})
	l := shipped("return")
	for _, p := range parameters() {
		if p.Values[0].Value != rules.Find(p.Name).Default() {
			t.Errorf("%s begins with %s, which is not the default", p.Name, p.Values[0].Value)
		}
		for _, v := range p.Values {
			set := scenarios.Override{Key: "rules." + p.Name, Value: v.Value}
			var a answer
			ask(t, s, "run", question{Lesson: l.ID, Set: []setting{{set.Key, set.Value}}}, &a)
			if o := runWith(t, l, set); a.Summary.Fingerprint != o.Result.Fingerprint {
				t.Errorf("%s = %s: fingerprint %s, --set gives %s", p.Name, v.Value, a.Summary.Fingerprint, o.Result.Fingerprint)
			}
			if slices.Contains(a.Unpublished, p.Name) {
				t.Errorf("%s is set, and among what nobody has set", p.Name)
			}
		}
	}
}

// A lesson is told what can matter in it: every parameter that turns its answer does, and
// the page offers the value that does.
func TestTurnsAreOffered(t *testing.T) {
	s := New(Options{})
	for _, l := range lesson.Shipped() {
		var a answer
		ask(t, s, "run", question{Lesson: l.ID}, &a)
		for _, turn := range l.Turns {
			if !slices.Contains(a.Unpublished, turn.Parameter) {
				t.Errorf("%s: %s is not among %v", l.ID, turn.Parameter, a.Unpublished)
			}
			i := slices.IndexFunc(parameters(), func(u unpublished) bool { return u.Name == turn.Parameter })
			if i < 0 || !slices.ContainsFunc(parameters()[i].Values, func(v alternative) bool { return v.Value == turn.Value }) {
				t.Errorf("%s: %s = %s is not offered", l.ID, turn.Parameter, turn.Value)
			}
		}
	}
}

// The twenty combinations are those of the joint design, run with the random numbers of the
// lesson, within the budget; none of them varies what the reader has set.
func TestCombinations(t *testing.T) {
	if testing.Short() {
		t.Skip("runs every lesson with twenty combinations")
	}
	t.Parallel()
	s := New(Options{})
	for _, l := range lesson.Shipped() {
		own := runWith(t, l)
		parameters := assumptions.Vary(own.Config)
		settings := assumptions.Joint(own.Config.Seed, parameters, combinations)
		usual, err := l.Right(own)
		if err != nil {
			t.Fatal(err)
		}
		differ := 0
		for i := range settings {
			var got lot
			ask(t, s, "draw", drawing{question{Lesson: l.ID}, own.Config.Seed, i + 1, l.Account}, &got)
			cfg := *own.Config
			if err := settings[i].Apply(parameters, &cfg.Rules); err != nil {
				t.Fatal(err)
			}
			r, err := engine.Run(cfg, sim.Hooks{})
			if err != nil {
				t.Fatal(err)
			}
			o := &lesson.Outcome{Config: &cfg, Result: r}
			want := lot{Seed: cfg.Seed, State: gravest(o, l.Account), Bounce: got.Bounce}
			want.Max, _ = o.Value(l.Account + ".bounce_rate.max")
			want.Right, _ = l.Right(o)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s, combination %d (-engine +page):\n%s", l.ID, i+1, diff)
			}
			if got.Right != usual {
				differ++
			}
		}
		if (differ > 0) != (len(l.Turns) > 0) {
			t.Errorf("%s: %d of %d combinations give another answer; alone %d values do", l.ID, differ, len(settings), len(l.Turns))
		}
		t.Logf("%s: %d of %d differ", l.ID, differ, len(settings))
	}
	task := &task{cfg: runWith(t, shipped("return"), scenarios.Override{Key: "rules.rep.min_eligible", Value: "0"}).Config}
	for i := range combinations {
		cfg := *task.cfg
		if err := combine(&cfg, i+1); err != nil || cfg.Rules.Rep.MinEligible != 0 {
			t.Errorf("combination %d changes what is set: %d, %v", i+1, cfg.Rules.Rep.MinEligible, err)
		}
	}
}
