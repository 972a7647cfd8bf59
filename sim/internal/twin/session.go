package twin

import (
	"strings"

	"sesim/sim"
	"sesim/sim/engine"
)

// DiffSession runs the second model, with the scenario's last sender, and a session of the
// scenario without that sender that gets its mail as calls from outside. It returns where
// they first differ, line by line, or nothing. The sender must have recorded traffic to
// recipients by number, no retries, and the name of the draws of its account's calls.
//
// How many recipients were accepted after a published bounce is left out: what listens to a
// session learns of a bounce at once.
func DiffSession(cfg sim.Config) (string, error) {
	last := len(cfg.Senders) - 1
	mailer, without := cfg.Senders[last], cfg
	without.Senders = cfg.Senders[:last]
	tape := &tape{cfg: &cfg, timelines: make([][]Line, len(cfg.Accounts))}
	s, err := engine.Open(without, sim.Hooks{Observer: named{tape, last}})
	if err != nil {
		return "", err
	}
	call := sim.Call{
		Account: mailer.Account, Interface: mailer.Interface, From: mailer.From, Checked: mailer.Checked,
		Delegated: mailer.Delegated, Owner: mailer.Owner, Size: mailer.Size, SigV2: mailer.SigV2,
	}
	if mailer.Set > 0 {
		call.Set = cfg.Accounts[mailer.Account].Sets[mailer.Set-1].Name
	}
	for rows := mailer.Traffic.Trace.Open(); ; {
		row, more := rows.Next()
		if !more {
			break
		}
		call.Recipients = nil
		for _, n := range row.Numbers {
			call.Recipients = append(call.Recipients, cfg.Audiences[mailer.Audience].AddressOf(int64(n)))
		}
		s.Advance(row.At, nil)
		if _, err := s.Send(&call); err != nil {
			return "", err
		}
	}
	s.Advance(cfg.Horizon, nil)
	result, err := s.Close()
	if err != nil {
		return "", err
	}
	first, second := tape.outcome(result), Run(cfg)
	for i := range cfg.Accounts {
		first.Accounts[i].SentAfterBounce, second.Accounts[i].SentAfterBounce = 0, 0
	}
	var b strings.Builder
	diffDecisions(&b, &cfg, sorted(first.Decisions), sorted(second.Decisions))
	for i := range cfg.Accounts {
		diffLines(&b, "account "+cfg.Accounts[i].Name+", timeline", texts(first.Timelines[i]), texts(second.Timelines[i]))
	}
	diffEnds(&b, &without, first, second)
	return b.String(), nil
}

// named passes records on, those about calls from outside as of a sender.
type named struct {
	to     sim.Observer
	sender int
}

// Observe passes a record on.
func (n named) Observe(r *sim.Record) {
	own := *r
	if r.Live {
		own.Sender = n.sender
	}
	n.to.Observe(&own)
}
