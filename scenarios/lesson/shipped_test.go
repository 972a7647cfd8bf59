package lesson_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"sesim/scenarios"
	"sesim/scenarios/lesson"
	"sesim/sim"
	"sesim/sim/engine"
)

// run runs a scenario by way of the engine alone.
func run(_ context.Context, cfg *sim.Config) (*sim.Result, error) {
	return engine.Run(*cfg, sim.Hooks{})
}

// What the shipped lessons say of their runs holds.
func TestShippedLessonsHold(t *testing.T) {
	list := lesson.Shipped()
	if len(list) != 7 {
		t.Fatalf("there are %d lessons, want 7", len(list))
	}
	for _, l := range list {
		if err := l.Check(context.Background(), run); err != nil {
			t.Errorf("%s: %v", l.ID, err)
		}
	}
}

// Every task has a goal, and these settings reach it.
func TestGoals(t *testing.T) {
	settings := map[string][]string{
		"sandbox": {"sender.alerts.traffic.rate=200/d", "account.shop.quota=1_000",
			"account.shop.access=production account.shop.quota=50_000 account.shop.rate=14"},
		"quota": {"sender.mail.traffic.rate=5000/d", "account.shop.quota=10_000",
			"sender.mail.traffic.profile.hour=[0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,1,0]"},
		"production": {"account.shop.request[0].outcome=denied", "rules.prod.quota=1_000", "sender.receipts.begin=1d"},
		"bounce":     {"sender.newsletter.on_bounce=keep account.shop.suppression=[]", "audience.customers.invalid=8%", ""},
		"return":     {"edition=flat14", `account.shop.suppression=["BOUNCE","COMPLAINT"]`, "sender.reminder.on_bounce=remove"},
		"review":     {"sender.newsletter.on_bounce=remove", "audience.customers.invalid=6%", "action[2].outcome=rejected"},
		"neighbour": {"audience.town.hard_bounce=5%", "audience.town.hard_bounce=25%",
			"sender.offers.on_bounce=keep sender.bargains.on_bounce=keep account.bakery.suppression=[]"},
	}
	for _, l := range lesson.Shipped() {
		if len(l.Labs) != len(settings[l.ID]) {
			t.Errorf("%s has %d tasks, want %d", l.ID, len(l.Labs), len(settings[l.ID]))
		}
		for i, set := range settings[l.ID] {
			var keys []scenarios.Override
			for _, s := range strings.Fields(set) {
				key, value, _ := strings.Cut(s, "=")
				keys = append(keys, scenarios.Override{Key: key, Value: value})
			}
			cfg, err := l.Load("", keys...)
			if err != nil {
				t.Fatal(err)
			}
			result, err := run(t.Context(), cfg)
			if err != nil {
				t.Fatal(err)
			}
			if reached, err := l.Reached(&lesson.Outcome{Config: cfg, Result: result}); err != nil || !slices.Contains(reached, i) {
				t.Errorf("%s: %s reaches the goals of the tasks %v, not of %d; %v", l.ID, set, reached, i, err)
			}
		}
	}
}

// The lesson to begin one's own from holds as well.
func TestTemplateHolds(t *testing.T) {
	list, err := lesson.Read(lesson.Template(), "template")
	if err != nil || len(list) != 1 {
		t.Fatalf("%d lessons, %v", len(list), err)
	}
	if err := list[0].Check(context.Background(), run); err != nil {
		t.Error(err)
	}
}
