package history

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

// TestSeen compares the set with a map.
func TestSeen(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	var s seen
	slow := make(map[[2]uint64]bool)
	for range 20_000 {
		day, identity := random.Uint64N(5), random.Uint64N(3000)<<50|1
		at := Moment(day)*Moment(24*time.Hour) + Moment(random.Uint64N(uint64(time.Hour)))
		if fresh := s.add(identity, at); fresh == slow[[2]uint64{day, identity}] {
			t.Fatalf("%x on day %d: new is %t", identity, day, fresh)
		}
		slow[[2]uint64{day, identity}] = true
	}
	if s.count != len(slow) {
		t.Errorf("%d identities, want %d", s.count, len(slow))
	}
}

// TestForget: a full set forgets the oldest day, but never the last three.
func TestForget(t *testing.T) {
	day := func(n int) Moment { return Moment(n) * Moment(24*time.Hour) }
	var s seen
	s.add(1, day(0))
	s.add(1, day(1))
	s.count = mostSeen
	s.add(1, day(3))
	if s.forgotten || s.add(1, day(0)) {
		t.Error("a day is forgotten that is three days old")
	}
	s.add(1, day(4))
	if !s.forgotten || !s.add(1, day(0)) {
		t.Error("the oldest day is not forgotten")
	}
	if s.add(1, day(1)) || s.add(1, day(4)) {
		t.Error("a later day is forgotten")
	}
}

// TestTexts: there are no more texts than memory is set aside for.
func TestTexts(t *testing.T) {
	var list texts
	for i := range mostTexts + 1 {
		text := fmt.Sprint(i)
		if got := list.of([]byte(text)); got != text && i < mostTexts || got == text && i == mostTexts {
			t.Fatalf("text %d is %q", i, got)
		}
	}
	if !list.full || list.of([]byte("7")) != "7" {
		t.Error("a known text is not found in a full list")
	}
}
