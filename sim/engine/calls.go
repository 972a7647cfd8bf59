package engine

import (
	"sesim/sim"
	"slices"
	"time"
)

// call is a call to send: a message and how often it was refused.
type call struct {
	message    int64 // number among the sender's, from 0
	due        time.Duration
	attempt    int           // retries so far
	wait       time.Duration // of the sender, before the last of them
	campaign   int64
	route      int32  // number of the senderState that handles it
	slot       uint32 // of the pool, from 1; 0: none yet
	recipients []uint32
}

// callPool keeps refused calls until they are tried again. Slots and their
// lists of recipients are used again, so that its memory follows the calls
// that wait.
type callPool struct {
	slots []call
	spare []uint32
}

// put stores a copy of the call.
func (p *callPool) put(c call) uint32 {
	if len(p.spare) == 0 {
		p.slots = append(p.slots, call{})
		p.spare = append(p.spare, uint32(len(p.slots)-1))
	}
	i := p.spare[len(p.spare)-1]
	p.spare = p.spare[:len(p.spare)-1]
	own := append(p.slots[i].recipients[:0], c.recipients...)
	p.slots[i] = c
	p.slots[i].slot, p.slots[i].recipients = i+1, own
	return i
}

// keep returns the slot of a call, which gets one if it has none.
func (p *callPool) keep(c *call) uint32 {
	if c.slot == 0 {
		return p.put(*c)
	}
	return c.slot - 1
}

// at returns the call in a slot. It is valid until the next put or free.
func (p *callPool) at(i uint32) *call { return &p.slots[i] }

// free gives the slot back, with the memory of its recipients.
func (p *callPool) free(i uint32) { p.spare = append(p.spare, i) }

// campaign is a campaign that is not over: some of its messages are still to
// come or to be tried again.
type campaign struct {
	number  int64
	start   time.Duration
	open    int64 // messages neither accepted nor given up
	listEnd bool  // the last message has been due
	lost    bool  // a message was given up
	// Of one that was due as a whole: its first message, how many recipients are not
	// taken yet, and where the next one is on the list.
	first, left int64
	cursor      uint32
}

// openCampaign returns the campaign that the present message belongs to, nil for
// traffic without campaigns. It is valid until another one begins or ends.
func (a *senderState) openCampaign(now time.Duration) *campaign {
	if a.spec.Traffic.Kind != sim.Campaign {
		return nil
	}
	if c := a.newest(); c != nil && c.number == a.arrivals.Campaign() {
		return c
	}
	a.audience.beginCampaign()
	a.campaigns = append(a.campaigns, campaign{number: a.arrivals.Campaign(), start: now})
	return a.newest()
}

// newest returns the last of the campaigns that are not over, nil for none. It is the one
// of the present message if that has been opened.
func (a *senderState) newest() *campaign {
	if n := len(a.campaigns); n > 0 {
		return &a.campaigns[n-1]
	}
	return nil
}

func (a *senderState) findCampaign(number int64) *campaign {
	for i := range a.campaigns {
		if a.campaigns[i].number == number {
			return &a.campaigns[i]
		}
	}
	return nil
}

// settle counts a message of a campaign that is accepted or given up (lost),
// exhaust the end of its list.
func (a *senderState) settle(now time.Duration, number int64, lost bool) {
	a = a.home
	if c := a.findCampaign(number); c != nil {
		c.open--
		c.lost = c.lost || lost
		a.closeCampaign(now, c)
	}
}

func (a *senderState) exhaust(now time.Duration, number int64) {
	if c := a.findCampaign(number); c != nil {
		c.listEnd = true
		a.closeCampaign(now, c)
	}
}

func (a *senderState) closeCampaign(now time.Duration, c *campaign) {
	if !c.listEnd || c.open > 0 {
		return
	}
	a.tally.Campaigns = append(a.tally.Campaigns, c.result(now, sim.Done))
	number := c.number
	a.campaigns = slices.DeleteFunc(a.campaigns, func(c campaign) bool { return c.number == number })
}

// result returns what became of a campaign by now. The end is that of one that
// lost no mail.
func (c *campaign) result(now time.Duration, end sim.CampaignEnd) sim.CampaignResult {
	if c.lost {
		end = sim.Lost
	}
	return sim.CampaignResult{Length: now - c.start, End: end}
}
