package engine

import (
	"reflect"
	"testing"
	"time"

	"sesim/sim"
)

// TestStep drives a run in steps of uneven length, some of which end at the moment
// of an action. Each handles all that is due at or before its end and nothing later,
// and the result is that of Run. A single sender's mail and that of several, which
// comes in batches, go through it on both paths.
func TestStep(t *testing.T) {
	for _, senders := range []int{1, 5} {
		for _, hooks := range []sim.Hooks{{Undivided: true}, {Undivided: true, Observer: blind{}}} {
			c := fieldConfig(t, senders)
			p := unpartitioned(&c)
			w := newWorld(&p, newShared(&c), hooks)
			for to, n := time.Duration(0), time.Duration(1); to < c.Horizon-1; n++ {
				if to += n % 7 * 13 * time.Minute; n%7 == 0 {
					to = to.Truncate(time.Hour) + time.Hour
				}
				to = min(to, c.Horizon-1)
				stepTo(t, w, to)
			}
			w.finish()
			got, err := gather(&c, []*world{w})
			if err != nil {
				t.Fatal(err)
			}
			if want := result(t, c, hooks); !reflect.DeepEqual(got, want) {
				t.Errorf("%d senders, observed %v: the result of steps is not that of Run", senders, hooks.Observer != nil)
			}
		}
	}
}

// stepTo takes a step and fails if anything due by its end is left.
func stepTo(t *testing.T, w *world, to time.Duration) {
	t.Helper()
	events := w.counted.events
	if !w.step(to) || w.now != to {
		t.Fatalf("the step to %v ends at %v", to, w.now)
	}
	due, s := w.merge.Next()
	if w.batch != nil {
		due, _ = w.batch.next(due, s)
	}
	if next := min(due, w.events.Next(), w.clock.nextTick); next <= to {
		t.Fatalf("the step to %v leaves what is due at %v", to, next)
	}
	after := w.counted.events
	if !w.step(to) || w.counted.events != after {
		t.Fatalf("a second step to %v handles %d further events, after %d", to, w.counted.events-after, after-events)
	}
}
