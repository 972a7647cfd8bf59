package ses_test

import (
	"fmt"
	"testing"
	"time"

	"sesim/sim/rng"
	"sesim/sim/ses"
)

// steady returns an account for which perDay recipients a day are accepted, evenly, and
// whose window holds a day of them.
func steady(t testing.TB, perDay int64) (account *ses.Account, next func() time.Duration) {
	t.Helper()
	account = newAccount(t, ses.Spec{Access: ses.Production, Quota: perDay + perDay/20, Rate: 4 * max(perDay/86_400, 1), Suppression: both})
	now, step := time.Duration(0), day/time.Duration(perDay)
	next = func() time.Duration {
		now += step
		return now
	}
	for range perDay {
		if reason := account.Admit(next(), to(1)); reason != ses.Accepted {
			t.Fatalf("at %v: %v", now, reason)
		}
	}
	return account, next
}

// BenchmarkAdmit is admission with all its checks, while as many recipients
// leave the window as enter it.
func BenchmarkAdmit(b *testing.B) {
	for _, perDay := range []int64{10_000, 1_000_000, 10_000_000} {
		account, next := steady(b, perDay)
		b.Run(fmt.Sprintf("perday=%d", perDay), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				account.Admit(next(), to(1))
			}
		})
	}
	account, next := steady(b, 10_000)
	account.Pause(next())
	b.Run("paused", func(b *testing.B) {
		for b.Loop() {
			account.Admit(next(), to(1))
		}
	})
}

// BenchmarkBucket is a bucket alone, that of calls other than sending: once
// with a token for each call, once mostly empty.
func BenchmarkBucket(b *testing.B) {
	for name, step := range map[string]time.Duration{"full": 2 * time.Second, "empty": time.Millisecond} {
		account, now := newAccount(b, released), time.Duration(0)
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				now += step
				account.AdmitOperation(now)
			}
		})
	}
}

// filledLists returns lists over n addresses, of which one in two hundred is on
// both, and a source of random ones.
func filledLists(t testing.TB, n uint32) (account *ses.Account, global *ses.GlobalList, draw func() uint32) {
	set, bits := ruleSet(t), make([]uint8, n)
	account = ses.NewAccount(unbounded, set, bits)
	global = ses.NewGlobalList(&set.Global, bits, 1, time.Hour)
	for i := uint32(0); i < n; i += 200 {
		account.Learn(i, ses.ListBounce, both)
		global.Strike(0, 0, i)
	}
	draws := rng.Derive(1, "bench", "lists", "addresses").Stream()
	return account, global, func() uint32 { return uint32(draws.Below(uint64(n))) }
}

// BenchmarkSuppresses asks both lists about random addresses.
func BenchmarkSuppresses(b *testing.B) {
	for _, n := range []uint32{10_000, 1_000_000, 100_000_000} {
		if n > 10_000_000 && testing.Short() {
			continue
		}
		account, global, draw := filledLists(b, n)
		b.Run(fmt.Sprintf("known=%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				address := draw()
				if _, on := account.ListSuppresses(address, both); !on {
					global.Suppresses(time.Hour, 0, address)
				}
			}
		})
	}
}

// TestDecisionDoesNotAllocate: neither an admission nor a refusal nor a look at
// the lists, in numbers that would show one allocation in a thousand.
func TestDecisionDoesNotAllocate(t *testing.T) {
	account, next := steady(t, 5_000)
	lists, global, draw := filledLists(t, 10_000)
	over := newAccount(t, ses.Spec{Access: ses.Production, Quota: 1, Rate: 1})
	now := time.Duration(0)
	over.Admit(now, to(1))
	for name, do := range map[string]func(){
		"accepted":  func() { account.Admit(next(), to(1)) },
		"refused":   func() { now += time.Second; over.Admit(now, to(1)) },
		"throttled": func() { over.Admit(now, to(1)) },
		"operation": func() { account.AdmitOperation(now) },
		"lists": func() {
			address := draw()
			lists.ListSuppresses(address, both)
			global.Suppresses(time.Hour, 0, address)
		},
	} {
		if n := testing.AllocsPerRun(5, func() {
			for range 1000 {
				do()
			}
		}); n > 0 {
			t.Errorf("%s: %v allocations in a thousand", name, n)
		}
	}
}
