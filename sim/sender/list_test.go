package sender_test

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"sesim/sim/proptest"
	"sesim/sim/rng"
	"sesim/sim/sender"
)

func newList(size uint32, pick sender.Pick) sender.List {
	return sender.NewList(size, pick, rng.Derive(1, "test", "list", "pick"))
}

// slowList is a list as a plain sequence of addresses.
type slowList struct {
	size   uint32
	on     []uint32 // in order
	cursor uint32   // addresses below it have had their turn
}

func newSlowList(size uint32) *slowList {
	l := &slowList{size: size}
	for n := range size {
		l.on = append(l.on, n)
	}
	return l
}

func (l *slowList) remove(n uint32) bool {
	i := slices.Index(l.on, n)
	if i < 0 {
		return false
	}
	l.on = slices.Delete(l.on, i, i+1)
	return true
}

func (l *slowList) grow(more uint32) {
	for range more {
		l.on = append(l.on, l.size)
		l.size++
	}
}

// rest returns the addresses that have not had their turn.
func (l *slowList) rest() []uint32 {
	i, _ := slices.BinarySearch(l.on, l.cursor)
	return l.on[i:]
}

// take returns the next n addresses in a circle.
func (l *slowList) take(n int) (to []uint32, end bool) {
	for range min(n, len(l.on)) {
		if len(l.rest()) == 0 {
			l.cursor = 0
		}
		to = append(to, l.rest()[0])
		l.cursor = l.rest()[0] + 1
	}
	return to, len(l.rest()) == 0
}

// takeCampaign returns the next n addresses or those that are left of them.
func (l *slowList) takeCampaign(n int) (to []uint32, end bool) {
	rest := l.rest()
	to = slices.Clone(rest[:min(n, len(rest))])
	if len(to) == len(rest) {
		l.cursor = 0
		return to, true
	}
	l.cursor = to[len(to)-1] + 1
	return to, false
}

// Addresses that leave are off the list and do not count as removed; random recipients
// are the same with and without those drawn in advance, also after the list has grown.
func TestLeaveAndGrow(t *testing.T) {
	key := rng.Derive(1, "test", "pick", "leave")
	list, ahead := sender.NewList(10, sender.Uniform, key), sender.NewList(10, sender.Uniform, key)
	ahead.LookAhead()
	for round := range int64(50) {
		for range 7 {
			if a, b := list.TakeOne(), ahead.TakeOne(); a != b || a == 3 && round > 0 {
				t.Fatalf("round %d: took %d and %d, of which 3 has left", round, a, b)
			}
		}
		for _, l := range []*sender.List{&list, &ahead} {
			l.Leave(3)
			l.Grow(10 + round)
		}
	}
	if list.Remove(3) || list.Removed() != 0 || list.Left() != 58 || list.Size() != 59 {
		t.Errorf("%d removed, %d left of %d", list.Removed(), list.Left(), list.Size())
	}
}

// TestListAgainstSlowTwin takes messages and removes addresses at random, up
// to the last one. Walks in order must give the twin's addresses; draws must
// give as many different ones from the twin's list.
func TestListAgainstSlowTwin(t *testing.T) {
	proptest.Check(t, func(t *rapid.T) {
		size := rapid.OneOf(rapid.Uint32Range(1, 12), rapid.SampledFrom([]uint32{63, 64, 65, 128, 200})).Draw(t, "size")
		pick := rapid.SampledFrom([]sender.Pick{sender.Sequential, sender.Uniform, sender.Zipf}).Draw(t, "pick")
		campaign := pick == sender.Sequential && rapid.Bool().Draw(t, "campaign")
		list, twin := newList(size, pick), newSlowList(size)
		traits := make([]uint8, 5000)
		if rapid.Bool().Draw(t, "watch") {
			list.Watch(traits)
		}
		prefix := []uint32{size + 1} // what a message already has stays in front
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			switch rapid.IntRange(0, 4).Draw(t, "step") {
			case 4:
				more := rapid.Uint32Range(0, 70).Draw(t, "joined")
				list.Grow(int64(size + more))
				twin.grow(more)
				size += more
			case 0:
				n := rapid.Uint32Range(0, size-1).Draw(t, "removed")
				if got, want := list.Remove(n), twin.remove(n); got != want {
					t.Fatalf("address %d was on the list: %v, want %v", n, got, want)
				}
			case 1: // remove a whole stretch, across words
				from := rapid.Uint32Range(0, size-1).Draw(t, "from")
				for n := from; n < min(size, from+70); n++ {
					list.Remove(n)
					twin.remove(n)
				}
			default:
				n := rapid.IntRange(1, 50).Draw(t, "recipients")
				var got, want []uint32
				var end, wantEnd bool
				switch {
				case campaign && n < 25 && list.MidPass():
					got = append(slices.Clone(prefix), list.TakeNext())
					want, wantEnd = twin.takeCampaign(1)
				case campaign:
					got, end = list.TakeCampaign(slices.Clone(prefix), n)
					want, wantEnd = twin.takeCampaign(n)
				default:
					got, end = list.Take(slices.Clone(prefix), n)
					want, wantEnd = twin.take(n)
				}
				if got[0] != prefix[0] {
					t.Fatalf("the message lost what it had: %v", got)
				}
				got = got[1:]
				if pick != sender.Sequential {
					wantDrawn(t, got, n, twin)
				} else if !slices.Equal(got, want) || end != wantEnd {
					t.Fatalf("took %v, end %v; want %v, end %v", got, end, want, wantEnd)
				}
			}
			for n, bits := range traits {
				if bits&^0x80 != 0 || bits != 0 && (uint32(n) >= size || slices.Contains(twin.on, uint32(n))) {
					t.Fatalf("the byte of address %d is %#x: only bit 7 of addresses taken off is the list's", n, bits)
				}
			}
			if list.Left() != int64(len(twin.on)) {
				t.Fatalf("%d left, want %d", list.Left(), len(twin.on))
			}
		}
	})
}

// wantDrawn wants n different addresses of the twin's list, or all of them.
func wantDrawn(t *rapid.T, got []uint32, n int, twin *slowList) {
	if len(got) != min(n, len(twin.on)) {
		t.Fatalf("drew %d of %d addresses, want %d", len(got), len(twin.on), min(n, len(twin.on)))
	}
	seen := map[uint32]bool{}
	for _, a := range got {
		if seen[a] || !slices.Contains(twin.on, a) {
			t.Fatalf("drew %v; %d twice, or it is not on the list", got, a)
		}
		seen[a] = true
	}
}

// TestCampaignEndsWithTheList checks the last, shorter message, and the walk
// that starts again.
func TestCampaignEndsWithTheList(t *testing.T) {
	l := newList(5, sender.Sequential)
	step := func(n int, end bool, want ...uint32) {
		t.Helper()
		if got, gotEnd := l.TakeCampaign(nil, n); !slices.Equal(got, want) || gotEnd != end {
			t.Errorf("took %v, end %v; want %v, end %v", got, gotEnd, want, end)
		}
	}
	step(2, false, 0, 1)
	step(2, false, 2, 3)
	step(2, true, 4)
	step(4, false, 0, 1, 2, 3)
	l.Remove(4) // all that was left of the campaign
	step(4, true)
	step(4, true, 0, 1, 2, 3)
	l.Remove(3)
	step(2, false, 0, 1)
	step(1, true, 2)
	for n := range uint32(3) {
		l.Remove(n)
	}
	step(4, true)
	step(4, true)
}

// TestEmptyList checks that nobody is taken from an empty list.
func TestEmptyList(t *testing.T) {
	for _, pick := range []sender.Pick{sender.Sequential, sender.Uniform, sender.Zipf} {
		l := newList(70, pick)
		for n := range uint32(70) {
			if !l.Remove(n) || l.Remove(n) {
				t.Fatalf("address %d was not on the list once", n)
			}
		}
		if to, _ := l.Take(nil, 50); len(to) != 0 || l.Left() != 0 {
			t.Errorf("pick %d: took %v of %d", pick, to, l.Left())
		}
	}
}

// TestLastAddressesAreFound draws from a large list of which two addresses
// are left, at any place.
func TestLastAddressesAreFound(t *testing.T) {
	const size = 100_000
	for _, pick := range []sender.Pick{sender.Uniform, sender.Zipf} {
		for _, left := range [][]uint32{{0, size - 1}, {63, 64}, {size - 2, size - 1}} {
			l := newList(size, pick)
			for n := range uint32(size) {
				if !slices.Contains(left, n) {
					l.Remove(n)
				}
			}
			for range 50 {
				to, _ := l.Take(nil, 3)
				slices.Sort(to)
				if !slices.Equal(to, left) {
					t.Fatalf("pick %d took %v, want %v", pick, to, left)
				}
			}
		}
	}
}

// TestOneIsAMessageOfOne takes single recipients in both ways from equal
// lists that hygiene empties down to one address.
func TestOneIsAMessageOfOne(t *testing.T) {
	const size = 130
	for _, pick := range []sender.Pick{sender.Sequential, sender.Uniform, sender.Zipf} {
		one, message := newList(size, pick), newList(size, pick)
		for i := 0; one.Left() > 1; i++ {
			want, _ := message.Take(nil, 1)
			got := one.TakeOne()
			if got != want[0] {
				t.Fatalf("pick %d, recipient %d: address %d, want %d", pick, i, got, want[0])
			}
			if i%3 == 0 {
				one.Remove(got)
				message.Remove(got)
			}
		}
	}
}

// TestUniformFollowsItsStream checks that no draw is left out or made twice:
// looking ahead must not show.
func TestUniformFollowsItsStream(t *testing.T) {
	const size = 1000
	for _, looksAhead := range []bool{false, true} {
		l := newList(size, sender.Uniform)
		if looksAhead {
			l.LookAhead()
		}
		stream := rng.Derive(1, "test", "list", "pick").Stream()
		for i := range 300 {
			to, _ := l.Take(nil, 1)
			if want := uint32(stream.Below(size)); to[0] != want {
				t.Fatalf("looking ahead %v: draw %d is address %d, want %d", looksAhead, i, to[0], want)
			}
		}
	}
}

// TestDrawnOutside draws each recipient one message before, as a caller with
// many lists does, and leaves to the list what to do about those that it has
// lost: a list that draws by itself must take the same.
func TestDrawnOutside(t *testing.T) {
	proptest.Check(t, func(t *rapid.T) {
		size := rapid.Uint32Range(1, 50).Draw(t, "size")
		itself := newList(size, sender.Uniform)
		stream := rng.Derive(1, "test", "list", "pick").Stream()
		drawn := sender.NewListOn(&stream, size, sender.Uniform)
		next := uint32(stream.Below(uint64(size)))
		for i := range 200 {
			if itself.Left() == 0 {
				return
			}
			got, want := drawn.OrAnother(next), itself.TakeOne()
			if got != want {
				t.Fatalf("recipient %d: address %d, want %d", i, got, want)
			}
			next = uint32(stream.Below(uint64(size)))
			if rapid.IntRange(0, 3).Draw(t, "remove") == 0 {
				drawn.Remove(got)
				itself.Remove(got)
			}
		}
	})
}

// TestDrawsHaveTheirWeights draws single addresses: each alike, or the n-th
// with a weight of 1/n.
func TestDrawsHaveTheirWeights(t *testing.T) {
	const size, n = 50, 200_000
	harmonic := 0.0
	for k := 1; k <= size; k++ {
		harmonic += 1 / float64(k)
	}
	for pick, weight := range map[sender.Pick]func(uint32) float64{
		sender.Uniform: func(uint32) float64 { return 1.0 / size },
		sender.Zipf:    func(k uint32) float64 { return 1 / float64(k+1) / harmonic },
	} {
		l := newList(size, pick)
		var count [size]float64
		for range n {
			to, end := l.Take(nil, 1)
			if end {
				t.Fatal("a draw has come to the end of the list")
			}
			count[to[0]]++
		}
		for k, c := range count {
			p := weight(uint32(k))
			if sd := math.Sqrt(n * p * (1 - p)); math.Abs(c-n*p) > 4.5*sd {
				t.Errorf("pick %d: address %d was drawn %.0f times, want %.0f ± %.0f", pick, k, c, n*p, sd)
			}
		}
	}
}
