package ses

import (
	"maps"
	"slices"
	"time"

	"sesim/sim/measure"
	"sesim/sim/rules"
)

// The bits of an address's byte that belong to this package. A clear bit says
// that the lists need not be searched.
const (
	bitGlobal  = 1 << 4 // some global list has a record of the address
	bitAccount = 1 << 5 // some account's list has held the address
)

// Listed is a mask: an address is on no list whose byte has none of its bits.
const Listed = bitGlobal | bitAccount

// GlobalList is the suppression list that all customers share: a hard bounce
// of any of them lists an address, each time for longer, up to 14 days. It
// cannot be read; a suppressed send is the only sign of it.
type GlobalList struct {
	rules   *rules.Global
	bits    []uint8
	regions []strikeList // one for all, or one for each Region
	added   int64
	removed int64
	ended   map[time.Duration]int64 // stays over for good, by length

	frame   time.Duration   // the width of a sample
	listed  int64           // addresses listed at the last sample, with what began since
	endings map[int64]int64 // stays that end in the frame with that number
}

// NewGlobalList returns an empty list over the addresses of bits, for so many
// Regions. How many addresses are listed is sampled at multiples of frame.
func NewGlobalList(p *rules.Global, bits []uint8, regions int, frame time.Duration) *GlobalList {
	if !p.PerRegion {
		regions = 1
	}
	g := &GlobalList{
		rules: p, bits: bits, regions: make([]strikeList, regions), ended: map[time.Duration]int64{},
		frame: frame, endings: map[int64]int64{},
	}
	for i := range g.regions {
		g.regions[i] = newStrikeList(p, len(bits))
	}
	return g
}

func (g *GlobalList) region(i int) *strikeList {
	if !g.rules.PerRegion {
		i = 0
	}
	return &g.regions[i]
}

// Suppresses reports whether mail from a Region to the address is suppressed
// now.
func (g *GlobalList) Suppresses(now time.Duration, region int, address uint32) bool {
	if g.bits[address]&bitGlobal == 0 {
		return false
	}
	r, _ := g.region(region).get(address)
	return r.until > now
}

// Stay returns the end of an address's latest stay and its strikes; none for
// an address that never bounced.
func (g *GlobalList) Stay(region int, address uint32) (until time.Duration, strikes int) {
	r, _ := g.region(region).get(address)
	return r.until, int(r.strikes)
}

// Strike counts a hard bounce and lists the address. It returns the end of
// the stay and the number of strikes, and whether a stay began: a bounce of
// mail that was under way when the address was listed, or that went past the
// list, begins none, but the memory of strikes lasts from it.
func (g *GlobalList) Strike(now time.Duration, region int, address uint32) (until time.Duration, strikes int, began bool) {
	list := g.region(region)
	r, known := record{}, false
	if g.bits[address]&bitGlobal != 0 {
		r, known = list.get(address)
	}
	if memory := g.rules.StrikeMemory; known && memory > 0 && now-r.strike >= memory {
		r.strikes = 0
	}
	if known && r.until > now {
		r.strike = now
		list.put(now, address, r)
		return r.until, int(r.strikes), false
	}
	if known {
		g.ended[r.until-r.since]++
	}
	r = g.begin(now, list, address, r.strikes)
	return r.until, int(r.strikes), true
}

// begin begins a stay of an address with so many strikes before it.
func (g *GlobalList) begin(now time.Duration, list *strikeList, address uint32, before uint16) record {
	strikes := min(before, 1<<15) + 1
	r := record{since: now, until: now + list.stay(strikes), strike: now, strikes: strikes}
	list.put(now, address, r)
	g.settle(list)
	g.bits[address] |= bitGlobal
	g.added++
	g.listed++
	g.endings[g.frameOf(r.until)]++
	return r
}

// settle counts the stays of the records that the list has dropped.
func (g *GlobalList) settle(list *strikeList) {
	for _, d := range list.dropped {
		g.ended[d.length]++
		g.unmark(d.address)
	}
	list.dropped = list.dropped[:0]
}

// unmark clears an address's bit, where no other Region may have a record.
func (g *GlobalList) unmark(address uint32) {
	if len(g.regions) == 1 {
		g.bits[address] &^= bitGlobal
	}
}

// Sweep forgets the addresses whose strikes the rules forget. Nothing but the
// memory that the list takes depends on whether and when it is called.
func (g *GlobalList) Sweep(now time.Duration) {
	for i := range g.regions {
		g.regions[i].sweep(now)
		g.settle(&g.regions[i])
	}
}

// Escalate ends the present stay of a listed address and begins the next,
// longer one: what a suppressed send does where the rules say so.
func (g *GlobalList) Escalate(now time.Duration, region int, address uint32) (until time.Duration, strikes int) {
	list := g.region(region)
	if r, known := list.get(address); known && r.until > now {
		g.uncount(r)
		g.ended[now-r.since]++
		if memory := g.rules.StrikeMemory; memory > 0 && now-r.strike >= memory {
			r.strikes = 0
		}
		r = g.begin(now, list, address, r.strikes)
		return r.until, int(r.strikes)
	}
	until, strikes, _ = g.Strike(now, region, address)
	return until, strikes
}

// Forgive resets the escalation of an address after a delivery, where the
// rules say so: its record is as good as none then.
func (g *GlobalList) Forgive(now time.Duration, region int, address uint32) {
	if !g.rules.DeliveryResets || g.bits[address]&bitGlobal == 0 {
		return
	}
	list := g.region(region)
	if r, known := list.get(address); known && r.until <= now {
		g.ended[r.until-r.since]++
		list.remove(address)
		g.unmark(address)
	}
}

// Remove takes an address off the list in all Regions, as the form of the
// classic console did. It reports whether it was listed; the form did not
// say.
func (g *GlobalList) Remove(now time.Duration, address uint32) bool {
	removed := false
	for i := range g.regions {
		list := &g.regions[i]
		r, known := list.get(address)
		if !known || r.until <= now {
			continue
		}
		g.uncount(r)
		r.until = now
		list.put(now, address, r)
		g.removed++
		removed = true
	}
	return removed
}

// uncount takes a stay that is cut short out of the samples to come.
func (g *GlobalList) uncount(r record) {
	g.endings[g.frameOf(r.until)]--
	g.listed--
}

// frameOf returns the number of the first sample at which a stay is over.
func (g *GlobalList) frameOf(until time.Duration) int64 {
	return int64((until + g.frame - 1) / g.frame)
}

// Sample returns how many addresses are listed at the frame with that number.
// Frames must be sampled one after the other.
func (g *GlobalList) Sample(frame int64) int64 {
	g.listed -= g.endings[frame]
	delete(g.endings, frame)
	return g.listed
}

// Added returns how many stays began.
func (g *GlobalList) Added() int64 { return g.added }

// Removed returns how many stays the form ended.
func (g *GlobalList) Removed() int64 { return g.removed }

// Listed returns how many addresses are on the list now. It looks at every
// record.
func (g *GlobalList) Listed(now time.Duration) int64 {
	n := int64(0)
	for i := range g.regions {
		for _, r := range g.regions[i].each {
			if r.until > now {
				n++
			}
		}
	}
	return n
}

// Dwell estimates how long stays last; those that go on at the end are
// censored.
func (g *GlobalList) Dwell(end time.Duration) measure.Survival {
	ended, censored := maps.Clone(g.ended), []time.Duration(nil)
	for i := range g.regions {
		for _, r := range g.regions[i].each {
			if r.until > end {
				censored = append(censored, end-r.since)
			} else {
				ended[r.until-r.since]++
			}
		}
	}
	return measure.Pooled(steps(ended, censored))
}

// steps counts stays by length: those that ended, and what the others have
// lasted so far.
func steps(ended map[time.Duration]int64, censored []time.Duration) []measure.Step {
	slices.Sort(censored)
	var list []measure.Step
	for _, length := range censored {
		if n := len(list); n > 0 && list[n-1].At == length {
			list[n-1].Censored++
			continue
		}
		list = append(list, measure.Step{At: length, Ended: ended[length], Censored: 1})
		delete(ended, length)
	}
	for _, length := range slices.Sorted(maps.Keys(ended)) {
		list = append(list, measure.Step{At: length, Ended: ended[length]})
	}
	return list
}
