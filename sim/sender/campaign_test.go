package sender_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sesim/sim/des"
	"sesim/sim/proptest"
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

// TestPassesInBatches compares campaigns that are added to batches up to a time with those
// taken one by one: lists that end when they are expected to or earlier, batches that
// are taken back, other paces, and office hours.
func TestPassesInBatches(t *testing.T) {
	hours := monday()
	hours.Open, hours.Close = 9*time.Hour, 17*time.Hour
	proptest.Check(t, func(t *rapid.T) {
		every := time.Duration(rapid.SampledFrom([]int64{0, 1, 24, 48}).Draw(t, "every")) * time.Hour
		calendar := rapid.Bool().Draw(t, "calendar")
		made := func() *sender.Arrivals {
			const end = 6 * day
			pace := unit.Rate{N: 7, Per: time.Hour}
			if calendar {
				return follow(sender.Campaign, pace, every, time.Hour, end, hours)
			}
			a := sender.NewArrivals(sender.Campaign, pace, every, time.Hour, end, key("pass"))
			return &a
		}
		filled, plain := made(), made()
		most := rapid.IntRange(1, 60).Draw(t, "list")
		batch, number, left := des.NewBatch(1), int64(0), most
		for from := time.Duration(0); plain.Next() != never; {
			to := from + time.Duration(rapid.Int64Range(1, int64(10*time.Hour)).Draw(t, "stretch"))
			batch.Begin(from, 46) // 19 h
			if rapid.Bool().Draw(t, "take back") {
				filled.FillPass(&batch, to, 0, left, number)
				filled.EmptyPass(number)
				batch.Begin(from, 46)
			}
			pass := func() (ends bool) {
				left--
				if ends = left == 0 || rapid.IntRange(0, 30).Draw(t, "ends") == 0; ends {
					left = most
				}
				return ends
			}
			n, ended := filled.FillPass(&batch, to, 0, left, number), false
			for ; n > 0 && !ended; n-- {
				at, _ := batch.Next()
				if at != plain.Next() || at >= to {
					t.Fatalf("up to %v: message %d is due at %v, one by one at %v", to, number, at, plain.Next())
				}
				batch.Drop(1)
				if ended = pass(); ended {
					filled.EndPass(number)
				}
				plain.Advance(ended)
				number++
			}
			for ended && filled.Next() < to { // one by one up to the next batch
				ends := pass()
				filled.Advance(ends)
				plain.Advance(ends)
				number++
			}
			if filled.Next() != plain.Next() || filled.Campaign() != plain.Campaign() || plain.Next() < to {
				t.Fatalf("after %v: next at %v, one by one at %v", to, filled.Next(), plain.Next())
			}
			if rapid.Bool().Draw(t, "another pace") {
				filled.SetRate(unit.Rate{N: 9, Per: time.Hour})
				plain.SetRate(unit.Rate{N: 9, Per: time.Hour})
			}
			from = to
		}
	})
}
