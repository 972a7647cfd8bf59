package sender_test

import (
	"slices"
	"testing"
	"time"

	"sesim/sim/sender"
	"sesim/sim/unit"
)

// TestCampaigns sends a list of three messages again and again. Campaign n
// begins n periods after the first, or one message after the one before it
// where that took longer.
func TestCampaigns(t *testing.T) {
	const s = time.Second
	for _, c := range []struct {
		name        string
		pace        unit.Rate
		every       time.Duration
		begin, want []time.Duration // want: due, in seconds
	}{
		{"with a pause between", perSecond(1), 10 * s, nil, []time.Duration{0, 1, 2, 10, 11, 12, 20, 21, 22, 30}},
		{"from a later begin", perSecond(1), 10 * s, []time.Duration{7}, []time.Duration{7, 8, 9, 17, 18, 19, 27}},
		{"back to back", perSecond(1), 3 * s, nil, []time.Duration{0, 1, 2, 3, 4, 5, 6, 7, 8}},
		{"longer than the period by one message", perSecond(1), 2 * s, nil, []time.Duration{0, 1, 2, 3, 4, 5, 6, 7, 8}},
		{"longer than two periods", unit.Rate{N: 1, Per: 5 * s}, 6 * s, nil, []time.Duration{0, 5, 10, 15, 20, 25, 30}},
		{"once", perSecond(1), 0, nil, []time.Duration{0, 1, 2}},
	} {
		t.Run(c.name, func(t *testing.T) {
			begin := time.Duration(0)
			if c.begin != nil {
				begin = c.begin[0] * s
			}
			a := sender.NewArrivals(sender.Campaign, c.pace, c.every, begin, never, key("campaign"))
			for i, at := range c.want {
				if a.Next() != at*s || a.Campaign() != int64(i/3) {
					t.Errorf("message %d is due at %v in campaign %d, want %v in %d", i, a.Next(), a.Campaign(), at*s, i/3)
				}
				a.Advance(i%3 == 2)
			}
			if c.every == 0 && a.Next() != never {
				t.Errorf("the list was sent, but a message is due at %v", a.Next())
			}
		})
	}
}

// TestLateCampaignDelaysTheNext has one slow campaign and then fast ones,
// which come one after the other until they are back in their periods.
func TestLateCampaignDelaysTheNext(t *testing.T) {
	const s = time.Second
	a := sender.NewArrivals(sender.Campaign, unit.Rate{N: 1, Per: 8 * s}, 10*s, 0, never, key("late"))
	var starts []time.Duration
	for i := range 18 {
		if i%3 == 0 {
			starts = append(starts, a.Next()/s)
		}
		if i == 2 {
			a.SetRate(perSecond(1)) // 16 s after the start
		}
		a.Advance(i%3 == 2)
	}
	if want := []time.Duration{0, 17, 20, 30, 40, 50}; !slices.Equal(starts, want) {
		t.Errorf("campaigns start at %v, want %v", starts, want)
	}
}

// TestCampaignDoesNotDrift follows a weekly campaign of one odd pace for ten
// years.
func TestCampaignDoesNotDrift(t *testing.T) {
	const list, week = 1000, 7 * day
	a := sender.NewArrivals(sender.Campaign, perSecond(7), week, 0, 10*year, key("weekly"))
	due := collect(&a, 1<<30, func(i int) bool { return i%list == list-1 })
	if want := 522 * list; len(due) != want { // 521 weeks and a day
		t.Fatalf("%d messages in ten years, want %d", len(due), want)
	}
	for i, at := range due {
		if want := dueAt(time.Duration(i/list)*week, perSecond(7), int64(i%list)); at != want {
			t.Fatalf("message %d is due at %v, want %v", i, at, want)
		}
	}
}
