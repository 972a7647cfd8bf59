package scenarios

import (
	"cmp"
	"slices"

	"sesim/scenarios/internal/keys"
	"sesim/scenarios/internal/tree"
	"sesim/sim"
	"sesim/sim/unit"
)

// mailAudience reads whom a sender writes to: the name of an audience, or a table of
// several with the shares of its messages that go to them.
type mailAudience struct {
	keys.Member
	to *sim.Sender
}

func (m mailAudience) Shape() keys.Shape {
	return keys.AnyOf([]keys.Shape{m.Member.Shape(), {
		"type": "object", "minProperties": 2, "maxProperties": sim.MaxMixture, "additionalProperties": keys.Share{}.Shape(),
	}})
}

func (m mailAudience) Read(r *tree.Reporter, n *tree.Node, path string) {
	if n.Kind != tree.Table {
		m.Member.Read(r, n, path)
		return
	}
	if len(n.Table) < 2 || len(n.Table) > sim.MaxMixture {
		r.Wrong(n, path, "", "it names %s: write the name of a single one, "+
			`or 2 to %d with their shares, such as { readers = "80%%", leads = "20%%" }`,
			unit.Plural(int64(len(n.Table)), "audience", "audiences"), sim.MaxMixture)
		return
	}
	var mixture []sim.AudienceShare
	sum, clean := unit.Share(0), true
	for _, name := range n.Keys() {
		child, at, share := n.Table[name], tree.Join(path, name), unit.Share(-1)
		keys.Share{To: &share}.Read(r, child, at)
		to, known := m.Of.Find(r, child, at, name, nil)
		clean = clean && known && share >= 0
		sum += share
		mixture = append(mixture, sim.AudienceShare{Audience: to, Share: share})
	}
	if clean && sum != unit.Whole {
		r.Wrong(n, path, "", "the shares add up to %s, not to 100%%", sum)
		clean = false
	}
	if clean {
		slices.SortFunc(mixture, func(a, b sim.AudienceShare) int { return cmp.Compare(a.Audience, b.Audience) })
		m.to.Audience, m.to.Mixture = mixture[0].Audience, mixture
	}
}

// checkMixture reports several audiences of traffic that goes through a list, or names
// its recipients.
func (l *loader) checkMixture(s *sim.Sender, n *tree.Node, path string) {
	kind := ""
	switch s.Traffic.Kind {
	case sim.Campaign:
		kind = "a campaign goes through the list of one audience"
	case sim.Recorded:
		kind = "a trace names recipients of one audience"
	}
	if s.Mixture != nil && kind != "" {
		l.Wrong(n.Table["audience"], tree.Join(path, "audience"), "", "%s: write its name, and a sender for each of several", kind)
	}
}
