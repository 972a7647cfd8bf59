package bench

import (
	"runtime"
	"slices"
	"time"

	"sesim/cmd/internal/bench/reference"
	"sesim/reports/benchmark"
	"sesim/sim/ses"
)

// measureMemory counts the live bytes before and after addresses become known
// and listed: the usual share of them and, as long as that takes a moment only,
// all. It returns the reference's texts, if it made them.
func (s *session) measureMemory(n int64, withReference bool) []string {
	usual := memoryOf(n, listedEvery)
	if n == min(slices.Max(s.Addresses), allListedMost) {
		s.report.Memory = append(s.report.Memory, memoryOf(n, 1))
	}
	var texts []string
	if withReference {
		before := live()
		texts = names(n)
		usual.ReferenceText = float64(live()-before) / float64(n)
		usual.ReferenceList = referenceEntry(texts)
	}
	s.report.Memory = append(s.report.Memory, usual)
	return texts
}

// allListedMost is the most addresses of which all are listed in turn.
const allListedMost = 1e7

// memoryOf measures n addresses, one in every of which is on both lists.
func memoryOf(n, every int64) benchmark.Memory {
	m := benchmark.Memory{Addresses: n, Listed: max(n/every, 1)}
	set := ruleSet()
	spec := ses.Spec{Access: ses.Production, Quota: -1, Rate: 1, Suppression: ses.ListBounce}
	start := live()
	bits := make([]uint8, n)
	account := ses.NewAccount(spec, set, bits)
	global := ses.NewGlobalList(&set.Global, bits, 1, time.Hour)
	known := live()
	for i := range m.Listed {
		account.Learn(uint32(i*every), ses.ListBounce, ses.ListBounce)
	}
	onAccount := live()
	for i := range m.Listed {
		global.Strike(0, 0, uint32(i*every))
	}
	onBoth := live()
	runtime.KeepAlive(account)
	runtime.KeepAlive(global)
	m.KnownBytes = max(float64(known-start)/float64(n), 0) // the collector may have found more than that
	m.AccountBytes = float64(onAccount-known) / float64(m.Listed)
	m.GlobalBytes = float64(onBoth-onAccount) / float64(m.Listed)
	return m
}

// referenceEntry returns the bytes that an entry of the reference's lists
// takes beside its text.
func referenceEntry(texts []string) float64 {
	set := ruleSet()
	before := live()
	global := reference.NewGlobal(&set.Global)
	gate := reference.NewGate(ses.Spec{Quota: -1, Rate: 1, Suppression: ses.ListBounce}, from, set, time.Unix(0, 0), global)
	entries := 0
	for i := 0; i < len(texts); i += listedEvery {
		gate.Suppress(texts[i], ses.ListBounce)
		global.Strike(texts[i], 0)
		entries += 2
	}
	after := live()
	runtime.KeepAlive(gate)
	return float64(after-before) / float64(entries)
}
