package scenarios

import (
	"slices"

	"sesim/scenarios/internal/tree"
	"sesim/sim"
)

// campaignDraw is a share that is drawn anew for each campaign to an audience.
type campaignDraw struct {
	audience int
	node     *tree.Node
	path     string
}

// addUncertain enters what was read of an audience or of a sender, which stands for count
// of them from the first on.
func (l *loader) addUncertain(first, count int, n *tree.Node, path string) {
	for i := range count {
		for _, u := range l.uncertain {
			u.Index = first + i
			l.cfg.Uncertain = append(l.cfg.Uncertain, u)
			if u.Campaigns {
				l.perCampaign = append(l.perCampaign, campaignDraw{u.Index, n.Table[u.Of.Key()], tree.Join(path, u.Of.Key())})
			}
		}
	}
	l.uncertain = nil
}

// checkCampaignDraws reports shares that are drawn anew for each campaign to an audience
// that gets none.
func (l *loader) checkCampaignDraws() {
	campaigns := map[int]bool{}
	for i := range l.cfg.Senders {
		if s := &l.cfg.Senders[i]; s.Traffic.Kind == sim.Campaign {
			campaigns[s.Audience] = true
		}
	}
	for _, d := range l.perCampaign {
		if !campaigns[d.audience] {
			l.WrongKey(d.node, d.path, "", "it is drawn for each campaign, and no sender has a campaign to audience %s",
				l.cfg.Audiences[d.audience].Name)
		}
	}
}

// drawnByCampaign reports whether each campaign to an audience draws anew what a set
// action changes.
func (l *loader) drawnByCampaign(key sim.Key, audience int) bool {
	of, ok := map[sim.Key]sim.Quantity{
		sim.KeyAudienceMailboxFull: sim.MailboxFull, sim.KeyAudienceComplaint: sim.Complaint, sim.KeyAudienceHardBounce: sim.HardBounce,
	}[key]
	return ok && slices.ContainsFunc(l.cfg.Uncertain, func(u sim.Uncertain) bool { return u.Of == of && u.Index == audience && u.Campaigns })
}
