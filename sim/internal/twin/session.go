package twin

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"sesim/sim"
	"sesim/sim/engine"
	"sesim/sim/ses"
)

// Outside is what comes to a session from outside, and in the second model is part of the
// scenario.
type Outside struct {
	// To are the recipients of the messages of the last sender, one list for each row of its
	// recorded traffic.
	To [][]sim.Address
	// Actions is how many actions are done from outside: the last ones.
	Actions int
	// Requests says that production access is requested from outside.
	Requests bool
}

// DiffSession runs the second model of a scenario, and a session of it without what comes
// from outside. It returns where they first differ, line by line, or nothing. The last
// sender must have no retries, and the name of the draws of its account's calls. Nothing
// else may happen at the moment of an input.
//
// How many recipients were accepted after a published bounce is left out: what listens to a
// session learns of a bounce at once.
func DiffSession(cfg sim.Config, outside Outside) (string, error) {
	last := len(cfg.Senders) - 1
	without := cfg
	without.Senders, without.Actions = cfg.Senders[:last], cfg.Actions[:len(cfg.Actions)-outside.Actions]
	if outside.Requests {
		without.Accounts = slices.Clone(cfg.Accounts)
		for i := range without.Accounts {
			without.Accounts[i].Requests = nil
		}
	}
	tape := &tape{cfg: &cfg, timelines: make([][]Line, len(cfg.Accounts))}
	s, err := engine.Open(without, sim.Hooks{Observer: named{tape, last}})
	if err != nil {
		return "", err
	}
	if err := drive(s, &cfg, inputs(&cfg, outside)); err != nil {
		return "", err
	}
	s.Advance(cfg.Horizon, nil)
	result, err := s.Close()
	if err != nil {
		return "", err
	}
	first, second := tape.outcome(result), run(cfg, outside.To)
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

// input is something that comes to a session.
type input struct {
	at time.Duration
	sim.Input
}

// inputs returns what comes from outside.
func inputs(cfg *sim.Config, outside Outside) (list []input) {
	mailer := &cfg.Senders[len(cfg.Senders)-1]
	call := sim.Call{
		Account: mailer.Account, Interface: mailer.Interface, From: mailer.From, Checked: mailer.Checked,
		Delegated: mailer.Delegated, Owner: mailer.Owner, Size: mailer.Size, SigV2: mailer.SigV2,
	}
	if mailer.Set > 0 {
		call.Set = cfg.Accounts[mailer.Account].Sets[mailer.Set-1].Name
	}
	rows := mailer.Traffic.Trace.Open()
	for _, recipients := range outside.To {
		var row sim.TraceRow
		rows.Next(&row)
		own := call
		for _, to := range recipients {
			own.Recipients = append(own.Recipients, cfg.Audiences[to.Audience].AddressOf(to.Number))
		}
		list = append(list, input{row.At, sim.Input{Call: &own}})
	}
	for _, a := range cfg.Actions[len(cfg.Actions)-outside.Actions:] {
		list = append(list, input{a.At, sim.Input{Operation: &sim.Operation{Action: a}}})
	}
	for i := range cfg.Accounts {
		for _, r := range cfg.Accounts[i].Requests {
			if outside.Requests {
				list = append(list, input{r.At, sim.Input{Operation: &sim.Operation{Action: sim.Action{Account: i}, Request: &r}}})
			}
		}
	}
	return list
}

// drive gives a session inputs at their times before the horizon. A throttled operation
// comes again after a second, as those of a scenario do.
func drive(s *engine.Session, cfg *sim.Config, list []input) error {
	for len(list) > 0 {
		slices.SortStableFunc(list, func(a, b input) int { return cmp.Compare(a.at, b.at) })
		next := list[0]
		if list = list[1:]; next.at >= cfg.Horizon {
			return nil
		}
		s.Advance(next.at, nil)
		answer, err := s.Apply(&next.Input)
		if err != nil {
			return err
		}
		if next.Operation != nil && answer.Error == ses.ThrottledOperation() {
			next.at += time.Second
			list = append(list, next)
		}
	}
	return nil
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
