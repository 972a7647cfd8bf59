package learn

import (
	"cmp"
	"slices"
	"time"

	"sesim/reports"
	"sesim/sim"
)

// maxShown is how many addresses the page draws the stays of: those with the
// most, the first ones to be listed where they have as many.
const maxShown = 12

// maxFollowed is the maximum number of addresses, the first ones, whose stays are
// kept. The counts by length include all.
const maxFollowed = 5000

// stays watches who comes onto the global list.
type stays struct {
	lengths map[length]int64
	of      map[sim.Address][]stay
	order   []sim.Address // in which addresses were first listed
}

// length is a length of stays at a strike.
type length struct {
	strike int
	span   time.Duration
}

// stay is one stay of an address; Until is when it ends unless it is taken
// off before.
type stay struct {
	From   reports.Seconds `json:"from"`
	Until  reports.Seconds `json:"until"`
	Strike int             `json:"strike"`
}

func newStays() *stays { return &stays{lengths: map[length]int64{}, of: map[sim.Address][]stay{}} }

// Observe is a sim.Observer.
func (s *stays) Observe(r *sim.Record) {
	switch r.Kind {
	case sim.ListedGlobal:
		s.lengths[length{r.Strikes, r.Until - r.At}]++
		list, known := s.of[r.Address]
		if !known {
			if len(s.of) == maxFollowed {
				return
			}
			s.order = append(s.order, r.Address)
		}
		s.of[r.Address] = append(list, stay{reports.Seconds(r.At), reports.Seconds(r.Until), r.Strikes})
	case sim.UnlistedGlobal:
		if list := s.of[r.Address]; len(list) > 0 {
			list[len(list)-1].Until = reports.Seconds(r.At)
		}
	}
}

// Stays summarizes the stays on the global list for the page.
type Stays struct {
	Lengths   []Length  `json:"lengths"`   // by strike
	Addresses []Address `json:"addresses"` // some, those with the most stays first
}

// Length counts the stays begun at a strike.
type Length struct {
	Strike int             `json:"strike"`
	Span   reports.Seconds `json:"seconds"`
	Count  int64           `json:"count"`
}

// Address is an address with its stays in order of time.
type Address struct {
	Address string `json:"address"`
	Stays   []stay `json:"stays"`
}

// answer returns what was seen.
func (s *stays) answer(cfg *sim.Config) Stays {
	a := Stays{Lengths: []Length{}, Addresses: []Address{}}
	for l, n := range s.lengths {
		a.Lengths = append(a.Lengths, Length{l.strike, reports.Seconds(l.span), n})
	}
	slices.SortFunc(a.Lengths, func(x, y Length) int {
		return cmp.Or(cmp.Compare(x.Strike, y.Strike), cmp.Compare(x.Span, y.Span))
	})
	order := slices.Clone(s.order)
	slices.SortStableFunc(order, func(x, y sim.Address) int { return len(s.of[y]) - len(s.of[x]) })
	for _, address := range order[:min(len(order), maxShown)] {
		a.Addresses = append(a.Addresses, Address{cfg.Audiences[address.Audience].AddressOf(address.Number), s.of[address]})
	}
	return a
}
