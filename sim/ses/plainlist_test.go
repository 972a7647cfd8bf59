package ses

import (
	"slices"
	"time"

	"sesim/sim/measure"
	"sesim/sim/rules"
)

// plainGlobal is the global list with a Go map for each Region and nothing
// forgotten: the oracle of GlobalList.
type plainGlobal struct {
	rules          *rules.Global
	regions        []map[uint32]record
	added, removed int64
	ended          []measure.Step
}

func newPlainGlobal(p *rules.Global, regions int) *plainGlobal {
	if !p.PerRegion {
		regions = 1
	}
	g := &plainGlobal{rules: p}
	for range regions {
		g.regions = append(g.regions, map[uint32]record{})
	}
	return g
}

func (g *plainGlobal) region(i int) map[uint32]record {
	if !g.rules.PerRegion {
		i = 0
	}
	return g.regions[i]
}

func (g *plainGlobal) suppresses(now time.Duration, region int, address uint32) bool {
	return g.region(region)[address].until > now
}

func (g *plainGlobal) strike(now time.Duration, region int, address uint32) (until time.Duration, strikes int, began bool) {
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
		g.ended = append(g.ended, measure.Step{At: r.until - r.since, Ended: 1})
	}
	stays := g.rules.Durations
	stay := stays[min(int(r.strikes), len(stays)-1)]
	r = record{since: now, until: now + stay, strike: now, strikes: min(r.strikes, 1<<15) + 1}
	list[address] = r
	g.added++
	return r.until, int(r.strikes), true
}

func (g *plainGlobal) escalate(now time.Duration, region int, address uint32) (until time.Duration, strikes int) {
	g.end(now, g.region(region), address)
	until, strikes, _ = g.strike(now, region, address)
	return until, strikes
}

func (g *plainGlobal) forgive(now time.Duration, region int, address uint32) {
	list := g.region(region)
	if r, known := list[address]; known && g.rules.DeliveryResets && r.until <= now {
		r.strikes = 0
		list[address] = r
	}
}

func (g *plainGlobal) remove(now time.Duration, address uint32) bool {
	removed := false
	for _, list := range g.regions {
		if g.end(now, list, address) {
			g.removed++
			removed = true
		}
	}
	return removed
}

func (g *plainGlobal) end(now time.Duration, list map[uint32]record, address uint32) bool {
	r, known := list[address]
	if !known || r.until <= now {
		return false
	}
	r.until = now
	list[address] = r
	return true
}

func (g *plainGlobal) listed(now time.Duration) int64 {
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

func (g *plainGlobal) dwell(end time.Duration) measure.Survival {
	stays := slices.Clone(g.ended)
	for _, list := range g.regions {
		for _, r := range list {
			if r.until > end {
				stays = append(stays, measure.Step{At: end - r.since, Censored: 1})
			} else {
				stays = append(stays, measure.Step{At: r.until - r.since, Ended: 1})
			}
		}
	}
	return measure.Pooled(measure.AddUp(stays))
}
