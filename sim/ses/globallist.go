package ses

import (
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

// GlobalList is the suppression list that all customers share: a hard bounce
// of any of them lists an address, each time for longer, up to 14 days. It
// cannot be read; a suppressed send is the only sign of it.
type GlobalList struct {
	rules   *rules.Global
	bits    []uint8
	regions []map[uint32]record // one for all, or one for each Region
	added   int64
	removed int64
	ended   map[time.Duration]int64 // stays over for good, by length

	frame   time.Duration   // the width of a sample
	listed  int64           // addresses listed at the last sample, with what began since
	endings map[int64]int64 // stays that end in the frame with that number
}

// record is what the list knows of an address. It outlives the stay, because
// the next hard bounce asks how many there were.
type record struct {
	since   time.Duration // of the stay
	until   time.Duration // the stay's end; the address is free at it
	strike  time.Duration // the last hard bounce, also one during a stay
	strikes uint16
}

// NewGlobalList returns an empty list over the addresses of bits, for so many
// Regions. How many addresses are listed is sampled at multiples of frame.
func NewGlobalList(p *rules.Global, bits []uint8, regions int, frame time.Duration) *GlobalList {
	if !p.PerRegion {
		regions = 1
	}
	g := &GlobalList{
		rules: p, bits: bits, regions: make([]map[uint32]record, regions), ended: map[time.Duration]int64{},
		frame: frame, endings: map[int64]int64{},
	}
	for i := range g.regions {
		g.regions[i] = map[uint32]record{}
	}
	return g
}

func (g *GlobalList) region(i int) map[uint32]record {
	if !g.rules.PerRegion {
		i = 0
	}
	return g.regions[i]
}

// Suppresses reports whether mail from a Region to the address is suppressed
// now.
func (g *GlobalList) Suppresses(now time.Duration, region int, address uint32) bool {
	if g.bits[address]&bitGlobal == 0 {
		return false
	}
	return g.region(region)[address].until > now
}

// Stay returns the end of an address's latest stay and its strikes; none for
// an address that never bounced.
func (g *GlobalList) Stay(region int, address uint32) (until time.Duration, strikes int) {
	r := g.region(region)[address]
	return r.until, int(r.strikes)
}

// Strike counts a hard bounce and lists the address. It returns the end of
// the stay and the number of strikes, and whether a stay began: a bounce of
// mail that was under way when the address was listed, or that went past the
// list, begins none, but the memory of strikes lasts from it.
func (g *GlobalList) Strike(now time.Duration, region int, address uint32) (until time.Duration, strikes int, began bool) {
	list := g.region(region)
	r, known := list[address]
	if memory := g.rules.StrikeMemory; known && memory > 0 && now-r.strike >= memory {
		r.strikes = 0
	}
	if known && r.until > now {
		r.strike = now
		list[address] = r
		return r.until, int(r.strikes), false
	}
	if known {
		g.ended[r.until-r.since]++
	}
	stays := g.rules.Durations
	stay := stays[min(int(r.strikes), len(stays)-1)]
	r = record{since: now, until: now + stay, strike: now, strikes: min(r.strikes, 1<<15) + 1}
	list[address] = r
	g.bits[address] |= bitGlobal
	g.added++
	g.listed++
	g.endings[g.frameOf(r.until)]++
	return r.until, int(r.strikes), true
}

// Escalate ends the present stay of a listed address and begins the next,
// longer one: what a suppressed send does where the rules say so.
func (g *GlobalList) Escalate(now time.Duration, region int, address uint32) (until time.Duration, strikes int) {
	g.end(now, g.region(region), address)
	until, strikes, _ = g.Strike(now, region, address)
	return until, strikes
}

// Forgive resets the escalation of an address after a delivery, where the
// rules say so.
func (g *GlobalList) Forgive(now time.Duration, region int, address uint32) {
	if !g.rules.DeliveryResets || g.bits[address]&bitGlobal == 0 {
		return
	}
	list := g.region(region)
	if r, known := list[address]; known && r.until <= now {
		r.strikes = 0
		list[address] = r
	}
}

// Remove takes an address off the list in all Regions, as the form of the
// classic console did. It reports whether it was listed; the form did not
// say.
func (g *GlobalList) Remove(now time.Duration, address uint32) bool {
	removed := false
	for _, list := range g.regions {
		if g.end(now, list, address) {
			g.removed++
			removed = true
		}
	}
	return removed
}

// end cuts a stay short.
func (g *GlobalList) end(now time.Duration, list map[uint32]record, address uint32) bool {
	r, known := list[address]
	if !known || r.until <= now {
		return false
	}
	g.endings[g.frameOf(r.until)]--
	g.listed--
	r.until = now
	list[address] = r
	return true
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
	for _, list := range g.regions {
		for _, r := range list {
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
	stays := make([]measure.Stay, 0, g.added)
	for length, n := range g.ended {
		for range n {
			stays = append(stays, measure.Stay{Length: length})
		}
	}
	for _, list := range g.regions {
		for _, r := range list {
			if r.until > end {
				stays = append(stays, measure.Stay{Length: end - r.since, Censored: true})
			} else {
				stays = append(stays, measure.Stay{Length: r.until - r.since})
			}
		}
	}
	return measure.KaplanMeier(stays)
}
