package rungs

import (
	"time"

	"sesim/cmd/internal/bench/reference"
)

// Texts decides on addresses that are strings.
type Texts struct {
	gate
	names []string
	stays map[string]time.Duration // when each listed address leaves the lists
}

// NewTexts returns a rung on which the n-th address is names[n].
func NewTexts(l Limits, names []string) *Texts {
	return &Texts{newGate(l), names, map[string]time.Duration{}}
}

// Suppress puts an address on the account-level list.
func (t *Texts) Suppress(n uint32) { t.stays[t.names[n]] = always }

// Strike puts an address on the global list until the given time.
func (t *Texts) Strike(n uint32, until time.Duration) {
	t.stays[t.names[n]] = max(t.stays[t.names[n]], until)
}

// Decide decides calls to one recipient each, one after the other.
func (t *Texts) Decide(numbers []uint32) {
	for _, n := range numbers {
		t.verdicts[t.decide(t.names[n])]++
	}
}

func (t *Texts) decide(name string) reference.Verdict {
	t.now += t.step
	if v := t.admit(t.now); v != reference.Passed {
		return v
	}
	return listed(t.now, t.stays[name])
}

// Numbers decides on addresses that are numbers.
type Numbers struct {
	gate
	stays map[uint32]time.Duration // when each listed address leaves the lists
}

// NewNumbers returns a rung for numbers of any size.
func NewNumbers(l Limits) *Numbers { return &Numbers{newGate(l), map[uint32]time.Duration{}} }

// Suppress puts an address on the account-level list.
func (s *Numbers) Suppress(n uint32) { s.stays[n] = always }

// Strike puts an address on the global list until the given time.
func (s *Numbers) Strike(n uint32, until time.Duration) { s.stays[n] = max(s.stays[n], until) }

// Decide decides calls to one recipient each, one after the other.
func (s *Numbers) Decide(numbers []uint32) {
	for _, n := range numbers {
		s.verdicts[s.decide(n)]++
	}
}

func (s *Numbers) decide(n uint32) reference.Verdict {
	s.now += s.step
	if v := s.admit(s.now); v != reference.Passed {
		return v
	}
	return listed(s.now, s.stays[n])
}

// Bits is Numbers behind a bit set: an address without a bit was never listed.
type Bits struct {
	Numbers
	set     []uint64
	touched uint64 // keeps the compiler from leaving reads out
}

// NewBits returns a rung for numbers below size.
func NewBits(l Limits, size int64) *Bits {
	return &Bits{Numbers: *NewNumbers(l), set: make([]uint64, (size+63)/64)}
}

// Suppress puts an address on the account-level list.
func (b *Bits) Suppress(n uint32) {
	b.set[n/64] |= 1 << (n % 64)
	b.Numbers.Suppress(n)
}

// Strike puts an address on the global list until the given time.
func (b *Bits) Strike(n uint32, until time.Duration) {
	b.set[n/64] |= 1 << (n % 64)
	b.Numbers.Strike(n, until)
}

// Decide decides calls to one recipient each, one after the other.
func (b *Bits) Decide(numbers []uint32) {
	for _, n := range numbers {
		b.verdicts[b.decide(n)]++
	}
}

// DecideAhead is Decide for recipients that are known this many ahead: their bits are
// read together before they are decided.
func (b *Bits) DecideAhead(numbers []uint32, ahead int) {
	for len(numbers) > 0 {
		part := numbers[:min(ahead, len(numbers))]
		touched := uint64(0)
		for _, n := range part {
			touched |= b.set[n/64]
		}
		b.touched = touched
		b.Decide(part)
		numbers = numbers[len(part):]
	}
}

func (b *Bits) decide(n uint32) reference.Verdict {
	b.now += b.step
	v := b.admit(b.now)
	if v != reference.Passed || b.set[n/64]&(1<<(n%64)) == 0 {
		return v
	}
	return listed(b.now, b.stays[n])
}
