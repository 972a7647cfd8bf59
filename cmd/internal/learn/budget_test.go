package learn

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"sesim/scenarios"
	"sesim/scenarios/lesson"
	"sesim/sim"
)

// heavy sends a million mails a second for a year, and calls again and again.
const heavy = `name = "a"
horizon = "365d"
[[account]]
name = "shop"
access = "production"
quota = 1
identities = ["shop.example"]
[[audience]]
name = "people"
size = 1_000
[[sender]]
name = "mail"
account = "shop"
from = "a@shop.example"
audience = "people"
traffic = { kind = "constant", rate = "1000000/s" }
retry = { first = "1ms", factor = 1, cap = "1ms", attempts = 1000 }
`

func configOf(t *testing.T, src string) *sim.Config {
	t.Helper()
	cfg, err := scenarios.Load("heavy.toml", []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

// A run ends as soon as it has used up any part of its budget, and says which.
func TestBudgetEndsARun(t *testing.T) {
	canceled, cancel := context.WithCancel(context.Background())
	cancel()
	once := strings.Replace(heavy, "retry =", "# retry =", 1)
	for _, c := range []struct {
		name   string
		ctx    context.Context
		change func(*Budget)
		want   error
		says   string
	}{
		{"records", context.Background(), func(b *Budget) { b.Records = 100_000 }, ErrBudget, "100000 email events"},
		{"time", context.Background(), func(b *Budget) { b.Wall = 50 * time.Millisecond }, ErrBudget, "longer than 50ms"},
		{"memory", context.Background(), func(b *Budget) { b.Heap = 1 << 10 }, ErrBudget, "the program holds more than"},
		{"nobody waits", canceled, func(*Budget) {}, context.Canceled, ""},
	} {
		b := DefaultBudget
		c.change(&b)
		for _, src := range []string{heavy, once} { // with and without an observer
			began := time.Now()
			_, err := b.run(c.ctx, configOf(t, src))
			if !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%s: %v, want %v with %q", c.name, err, c.want, c.says)
			}
			if took := time.Since(began); took > 5*time.Second {
				t.Errorf("%s: it took %v to end", c.name, took)
			}
		}
	}
}

// A defect of the engine is not taken for a run that was given up.
func TestBudgetPassesPanicsOn(t *testing.T) {
	defer func() {
		if recover() != "defect" {
			t.Error("the panic is lost")
		}
	}()
	_ = DefaultBudget.guard(context.Background(), func(sim.Hooks) error { panic("defect") })
}

// What is too large by its own figures is refused before the run.
func TestBudgetCheck(t *testing.T) {
	base := configOf(t, heavy)
	for _, c := range []struct {
		says   string
		change func(*sim.Config)
	}{
		{"addresses", func(cfg *sim.Config) { cfg.Audiences[0].Size = DefaultBudget.Addresses + 1 }},
		{"accounts", func(cfg *sim.Config) { cfg.Accounts = make([]sim.Account, DefaultBudget.Accounts+1) }},
		{"configuration sets", func(cfg *sim.Config) { cfg.Accounts[0].Sets = make([]sim.ConfigurationSet, DefaultBudget.Accounts) }},
		{"senders", func(cfg *sim.Config) { cfg.Senders = make([]sim.Sender, DefaultBudget.Senders+1) }},
		{"actions", func(cfg *sim.Config) { cfg.Actions = make([]sim.Action, DefaultBudget.Actions+1) }},
		{"requests", func(cfg *sim.Config) { cfg.Accounts[0].Requests = make([]sim.Request, DefaultBudget.Actions+1) }},
		{"evaluations", func(cfg *sim.Config) { cfg.Rules.Rep.EvalInterval = time.Second }},
	} {
		cfg := *base
		cfg.Accounts = append([]sim.Account(nil), base.Accounts...)
		cfg.Audiences = append([]sim.Audience(nil), base.Audiences...)
		c.change(&cfg)
		if err := DefaultBudget.Check(&cfg); !errors.Is(err, ErrBudget) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", c.says, err)
		}
	}
	if err := DefaultBudget.Check(base); err != nil {
		t.Error(err)
	}
}

// Every lesson stays within the budget, whatever one of its controls says.
func TestLessonsFitTheBudget(t *testing.T) {
	if testing.Short() {
		t.Skip("runs every lesson at each end of each control")
	}
	class := NewClassroom(lesson.Shipped(), DefaultBudget)
	for _, l := range lesson.Shipped() {
		for _, c := range l.Controls {
			for _, value := range []string{c.Values[0], c.Values[len(c.Values)-1]} {
				q := question{Lesson: l.ID}
				for _, key := range c.Keys {
					q.Set = append(q.Set, setting{key, value})
				}
				task, err := q.task(class)
				if err != nil {
					t.Fatalf("%s, %s = %s: %v", l.ID, c.ID, value, err)
				}
				began := time.Now()
				if _, err := task.run(context.Background(), &DefaultBudget); err != nil {
					t.Errorf("%s, %s = %s: %v after %v", l.ID, c.ID, value, err, time.Since(began))
				}
			}
		}
	}
}
