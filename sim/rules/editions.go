package rules

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"sesim/sim/unit"
)

// edition is a named set of parameters, given by its differences from current.
type edition struct {
	name   string
	about  string
	change func(*Set)
}

var editions = []edition{
	{"current", "what AWS says and does today", func(*Set) {}},
	{"classic", "the classic console: customers can remove an address from the global list with a form", func(s *Set) {
		s.Global.RemovalForm = true
	}},
	{"flat14", "the rule of 2020: always fourteen days on the global list", func(s *Set) {
		s.Global.Durations = []time.Duration{maxStay}
	}},
	{"guide-2022", "the guide of 2022: the account-level list overrides the global one, reasons decide only what is added, " +
		"put and import are blocked in the sandbox", func(s *Set) {
		s.Account.OverridesGlobal = true
		s.Account.ReasonMatch = false
		s.Sandbox.NarrowBlock = true
	}},
}

// Editions returns the names of the editions, current first.
func Editions() []string {
	names := make([]string, len(editions))
	for i, e := range editions {
		names[i] = e.name
	}
	return names
}

// Edition returns the parameters of the named edition. The error for an unknown
// name lists the editions.
func Edition(name string) (Set, error) {
	i := slices.IndexFunc(editions, func(e edition) bool { return e.name == name })
	if i < 0 {
		return Set{}, fmt.Errorf("%q is not an edition: the editions are %s", name, strings.Join(Editions(), ", "))
	}
	s := current()
	editions[i].change(&s)
	return s, nil
}

// AboutEdition describes the named edition in one line; "" for an unknown name.
func AboutEdition(name string) string {
	for _, e := range editions {
		if e.name == name {
			return e.about
		}
	}
	return ""
}

// current returns the edition from which the others differ.
func current() Set {
	return Set{
		Global: Global{
			Durations:    []time.Duration{1 * unit.Day, 2 * unit.Day, 4 * unit.Day, 8 * unit.Day, maxStay},
			StrikeMemory: 90 * unit.Day,
		},
		Account:  Account{AddOnSuppressedBounce: true, AddOnGeneral: true, ReasonMatch: true, PauseWipe: 90 * unit.Day},
		Sandbox:  Sandbox{RecipientLabels: true},
		Identity: Identity{ListedText: 2000},
		Rate:     Rate{BurstSeconds: 1, Debt: true},
		API:      API{PerSecond: 1},
		Rep: Reputation{
			WindowEligible: 10_000, WindowDays: 1, MinEligible: 1_000, MinBounces: 20, MinComplaints: 5,
			EvalInterval: 15 * time.Minute,
		},
		Review: Review{BounceRate: 5 * unit.Percent, ComplaintRate: unit.Percent / 10, Length: 21 * unit.Day, EndRule: ExtendOnce},
		Pause:  Pause{BounceRate: 10 * unit.Percent, ComplaintRate: unit.Percent / 2, ImmediateFactor: 2000, RepeatReviews: 3},
		Appeal: Appeal{Reply: Spread{Median: unit.Day, Upper: 5 * unit.Day, Tail: 95}, FreshStart: true},
		Prod: Production{
			ReviewWithin: unit.Day, LongerShare: 20 * unit.Percent, LongerFrom: 2 * unit.Day, LongerTo: week,
			Quota: 50_000, Rate: 14,
		},
		AutoIncrease: AutoIncrease{
			On: true, Days: 7, Of: 14, Use: 80 * unit.Percent, BounceRate: 2 * unit.Percent, ComplaintRate: unit.Percent / 20,
			Factor: 2, Every: week, Cap: 1_000_000,
		},
		Retry: Retry{Horizon: 14 * time.Hour, First: 5 * time.Minute, Factor: 2000, Cap: 2 * time.Hour, Jitter: 20 * unit.Percent},
		Delay: Delays{
			Delivery:       Spread{Median: 1500 * time.Millisecond, Upper: time.Minute, Tail: 99},
			Bounce:         Spread{Median: time.Second, Upper: 30 * time.Second, Tail: 99},
			AsyncShare:     5 * unit.Percent,
			Async:          Spread{Median: 10 * time.Minute, Upper: unit.Day, Tail: 95},
			Complaint:      Spread{Median: 6 * time.Hour, Upper: 3 * unit.Day, Tail: 95},
			ComplaintRelay: 5 * time.Minute,
			Publish:        Spread{Median: 500 * time.Millisecond, Upper: 4 * time.Second, Tail: 99},
		},
		Mail:    Mail{NoEmailShare: 15 * unit.Percent, Port25PerMinute: 3},
		Session: Session{Idle: 10 * time.Second},
	}
}
