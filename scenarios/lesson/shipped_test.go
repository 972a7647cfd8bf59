package lesson_test

import (
	"context"
	"testing"

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
