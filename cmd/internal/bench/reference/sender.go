package reference

import (
	"slices"
	"time"

	"sesim/sim"
	"sesim/sim/rng"
)

// recipient is an address, and its number among the audience, by which
// package mailbox knows the truth about it.
type recipient struct {
	address string
	number  uint32
}

// sender is a program of the customer.
type sender struct {
	spec    *sim.Sender
	index   int
	end     time.Duration
	list    []recipient         // the whole audience, shared by all senders
	removed map[string]struct{} // by hygiene; nil until the first
	draws   draws
	arrive  func() // makes the call that is due
	picks   rng.Stream
	gaps    rng.Stream
	mean    rng.Mean // of the gaps
	cursor  int
	due     time.Duration // of the next message
	sent    int64         // messages so far
	chosen  []recipient   // by pick
}

// recipients are the whole audience.
func recipients(audience *sim.Audience) []recipient {
	list := make([]recipient, audience.Size)
	for i := range list {
		list[i] = recipient{audience.AddressOf(int64(i)), uint32(i)}
	}
	return list
}

func newSender(cfg *sim.Config, index int, list []recipient) *sender {
	spec := &cfg.Senders[index]
	key := func(purpose string) rng.Key { return rng.Derive(cfg.Seed, "sender", spec.Name, purpose) }
	s := &sender{
		spec: spec, index: index, end: cfg.Horizon, list: list, draws: newDraws(key),
		picks: key("pick").Stream(), gaps: key("arrival").Stream(), mean: rng.MeanOf(spec.Traffic.Rate), due: spec.Begin,
	}
	if spec.End > 0 {
		s.end = spec.End
	}
	if spec.Traffic.Kind == sim.Poisson {
		s.due += s.gaps.Gap(s.mean)
	}
	return s
}

// remove takes an address off the sender's list.
func (s *sender) remove(address string) {
	if s.removed == nil {
		s.removed = map[string]struct{}{}
	}
	s.removed[address] = struct{}{}
}

// advance moves on to the next message.
func (s *sender) advance() {
	s.sent++
	if s.spec.Traffic.Kind == sim.Poisson {
		s.due += s.gaps.Gap(s.mean)
		return
	}
	s.due = s.spec.Begin + s.spec.Traffic.Rate.At(s.sent)
}

// left returns how many addresses the sender still writes to.
func (s *sender) left() int { return len(s.list) - len(s.removed) }

// pick chooses the recipients of a message: as many different ones as the
// sender wants, or as there are. The slice is valid until the next call.
func (s *sender) pick() []recipient {
	n := min(s.spec.Recipients, s.left())
	s.chosen = s.chosen[:0]
	for try := 0; len(s.chosen) < n; try++ {
		to := s.candidate(try)
		if _, gone := s.removed[to.address]; !gone && (n == 1 || !slices.Contains(s.chosen, to)) {
			s.chosen = append(s.chosen, to)
			try = -1
		}
	}
	return s.chosen
}

// tries is how many random addresses are looked at before the next one in
// order is taken; it matters where hygiene has taken off nearly all.
const tries = 64

// candidate returns the next address in order, or any.
func (s *sender) candidate(try int) recipient {
	if s.spec.Pick == sim.Uniform && try < tries {
		s.cursor = int(s.picks.Below(uint64(len(s.list))))
		return s.list[s.cursor]
	}
	to := s.list[s.cursor]
	s.cursor = (s.cursor + 1) % len(s.list)
	return to
}
