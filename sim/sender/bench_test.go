package sender_test

import (
	"fmt"
	"testing"
	"time"

	"sesim/sim/rng"
	"sesim/sim/sender"
	"sesim/sim/unit"
)

var (
	picks     = map[string]sender.Pick{"sequential": sender.Sequential, "uniform": sender.Uniform, "zipf": sender.Zipf}
	perMinute = unit.Rate{N: 1000, Per: time.Minute}
)

// arrivals are the kinds that are computed, without an end.
func arrivals() map[string]sender.Arrivals {
	const end = 1 << 62
	key := rng.Derive(1, "bench", "arrivals", "gaps")
	return map[string]sender.Arrivals{
		"constant": sender.NewArrivals(sender.Constant, perMinute, 0, 0, end, key),
		"poisson":  sender.NewArrivals(sender.Poisson, perMinute, 0, 0, end, key),
		"campaign": sender.NewArrivals(sender.Campaign, perMinute, time.Hour, 0, end, key),
		"diurnal":  sender.NewDiurnal(perMinute, 14*time.Hour, 80*unit.Percent, 0, end, key),
	}
}

// BenchmarkArrivals moves on to the next message.
func BenchmarkArrivals(b *testing.B) {
	for name, a := range arrivals() {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				a.Advance(false)
			}
		})
	}
}

// drawnFrom returns a list of n addresses that lost one in fifty, with the bytes
// that it reads ahead.
func drawnFrom(n uint32, pick sender.Pick) *sender.List {
	list := sender.NewList(n, pick, rng.Derive(1, "bench", "list", "picks"))
	list.Watch(make([]uint8, n))
	for i := uint32(0); i < n; i += 50 {
		list.Remove(i)
	}
	list.LookAhead()
	return &list
}

// BenchmarkList draws one recipient.
func BenchmarkList(b *testing.B) {
	for name, pick := range picks {
		for _, n := range []uint32{10_000, 1_000_000, 10_000_000} {
			list := drawnFrom(n, pick)
			b.Run(fmt.Sprintf("%s/size=%d", name, n), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					list.TakeOne()
				}
			})
		}
	}
}

// TestSendingDoesNotAllocate: neither the next arrival nor the next recipients.
func TestSendingDoesNotAllocate(t *testing.T) {
	for name, a := range arrivals() {
		if n := testing.AllocsPerRun(1000, func() { a.Advance(false) }); n > 0 {
			t.Errorf("%s: %v allocations an arrival", name, n)
		}
	}
	buffer := make([]uint32, 0, 50)
	for name, pick := range picks {
		list := drawnFrom(10_000, pick)
		if n := testing.AllocsPerRun(1000, func() { list.TakeOne() }); n > 0 {
			t.Errorf("%s: %v allocations a recipient", name, n)
		}
		if n := testing.AllocsPerRun(100, func() { list.Take(buffer, 50) }); n > 0 {
			t.Errorf("%s: %v allocations for fifty recipients", name, n)
		}
	}
}
