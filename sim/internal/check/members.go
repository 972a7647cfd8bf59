package check

import (
	"math"
	"time"

	"sesim/sim"
)

// members checks that mail goes to addresses of the audience only, which new ones are
// from a full hour on.
type members struct {
	cfg   *sim.Config
	found *findings
}

func newMembers(cfg *sim.Config, found *findings) *members { return &members{cfg, found} }

func (m *members) observe(r *sim.Record) {
	if (r.Kind == sim.Sent || r.Kind == sim.Refused || r.Kind == sim.TimedOut) && r.Sender >= 0 {
		for _, to := range r.Recipients {
			m.member(r, to)
		}
	}
}

func (m *members) member(r *sim.Record, to sim.Address) {
	if most := joined(&m.cfg.Audiences[to.Audience], r.At); float64(to.Number) >= most {
		m.found.add("members", r.At, r.Account, addressOf(m.cfg, to), "mail to an address of an audience that has %.0f by now", most)
	}
}

func (m *members) finish(*sim.Result) {}

// joined bounds how many addresses an audience has at a time.
func joined(a *sim.Audience, at time.Duration) float64 {
	g, hours := a.Growth, math.Floor(at.Hours())
	size := float64(a.Size)
	switch {
	case g.Rate.N > 0:
		size += hours * float64(g.Rate.N) / g.Rate.Per.Hours()
	case g.Share > 0:
		size *= math.Pow(1+g.Share.Float(), hours/g.Per.Hours())
	default:
		return size
	}
	return math.Min(size*(1+1e-5), float64(g.Limit))
}
