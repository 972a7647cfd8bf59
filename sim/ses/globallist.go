package ses

import (
	"maps"
	"slices"
	"time"

	"sesim/sim/measure"
	"sesim/sim/rules"
)

// The bits of an address's byte that belong to this package. While a bit is clear, the
// lists need not be searched.
const (
	bitGlobal  = 1 << 4 // a global list has a record of the address
	bitAccount = 1 << 5 // the address has been on an account-level list
)

// Listed is the mask of these bits: an address whose byte has neither is on no list.
const Listed = bitGlobal | bitAccount

// GlobalList is the global suppression list, which all customers share: a hard bounce
// of any customer's mail adds an address, for longer each time, up to 14 days.
// Customers cannot read it; only suppressed mail shows that an address is on it.
type GlobalList struct {
	rules   *rules.Global
	bits    []uint8
	regions []strikeList // one for all Regions, or one per Region
	added   int64
	removed int64
	ended   map[time.Duration]int64 // number of completed stays, by length

	frame   time.Duration   // time between samples
	listed  int64           // addresses listed at the last sample, plus stays begun since
	endings map[int64]int64 // number of stays that end, by frame
}

// NewGlobalList returns an empty list for the addresses of bits and the given number of
// Regions. The number of listed addresses is sampled at multiples of frame.
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

// AddRegion adds a Region, whose number is the next.
func (g *GlobalList) AddRegion() {
	if g.rules.PerRegion {
		g.regions = append(g.regions, newStrikeList(g.rules, len(g.bits)))
	}
}

func (g *GlobalList) region(i int) *strikeList {
	if !g.rules.PerRegion {
		i = 0
	}
	return &g.regions[i]
}

// Suppresses reports whether the list suppresses mail from a Region to an address now.
func (g *GlobalList) Suppresses(now time.Duration, region int, address uint32) bool {
	if g.bits[address]&bitGlobal == 0 {
		return false
	}
	r, _ := g.region(region).get(address)
	return r.until > now
}

// Stay returns the end of an address's latest stay and its number of strikes; both are
// 0 if the list has no record of the address.
func (g *GlobalList) Stay(region int, address uint32) (until time.Duration, strikes int) {
	r, _ := g.region(region).get(address)
	return r.until, int(r.strikes)
}

// Strike counts a hard bounce and puts the address on the list. It returns the end of
// the stay, the number of strikes, and whether a stay began. A bounce during a stay,
// of mail that was already under way or that bypassed the list, begins none, but the
// strikes are remembered from that bounce on.
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

// begin begins a stay of an address that had the given number of strikes before.
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

// settle counts the stays of the records that a list has dropped.
func (g *GlobalList) settle(list *strikeList) {
	for _, d := range list.dropped {
		g.ended[d.length]++
		g.unmark(d.address)
	}
	list.dropped = list.dropped[:0]
}

// unmark clears an address's bit, unless another Region may have a record.
func (g *GlobalList) unmark(address uint32) {
	if len(g.regions) == 1 {
		g.bits[address] &^= bitGlobal
	}
}

// Sweep drops the records whose strikes are forgotten. It only frees memory: no result
// depends on whether or when it is called.
func (g *GlobalList) Sweep(now time.Duration) {
	for i := range g.regions {
		g.regions[i].sweep(now)
		g.settle(&g.regions[i])
	}
}

// Escalate ends the current stay of a listed address and begins the next, longer one.
// This is the effect of a suppressed send with global.suppressed_bounce_escalates.
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

// Forgive resets the escalation of an address after a delivery, if
// global.delivery_resets is set.
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

// Remove removes an address from the list in all Regions, as the form in the classic
// console did. It reports whether the address was listed, which the form did not.
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

// uncount removes a stay that is cut short from future samples.
func (g *GlobalList) uncount(r record) {
	g.endings[g.frameOf(r.until)]--
	g.listed--
}

// frameOf returns the number of the first sample at which a stay has ended.
func (g *GlobalList) frameOf(until time.Duration) int64 {
	return int64((until + g.frame - 1) / g.frame)
}

// Sample returns how many addresses are listed at the given frame. Frames must be
// sampled in order.
func (g *GlobalList) Sample(frame int64) int64 {
	g.listed -= g.endings[frame]
	delete(g.endings, frame)
	return g.listed
}

// Counted returns how many addresses were on the list at the latest sample, with those that
// came onto it since. It takes no time.
func (g *GlobalList) Counted() int64 { return g.listed }

// Added returns how many stays have begun.
func (g *GlobalList) Added() int64 { return g.added }

// Removed returns how many stays were ended by the form.
func (g *GlobalList) Removed() int64 { return g.removed }

// Listed returns how many addresses are on the list now. It iterates over all records.
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

// Dwell estimates the distribution of the length of stays. Stays that continue at the
// end of the run are censored.
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

// steps returns the completed and the censored stays, counted by length.
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
