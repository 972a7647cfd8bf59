package engine_test

import (
	"fmt"
	"slices"
	"strings"

	"sesim/sim"
)

// send adds messages to a sender. Sends that differ in time and recipients
// only are those of one sender.
func (s *script) send(a *args) {
	at, every, times := a.duration("at", 0), a.duration("every", 0), a.integer("times", 1)
	account := s.accountNamed(a, a.take("by"))
	audience, messages := s.recipients(a, a.take("to"))
	x := sim.Sender{
		Account: account, Audience: audience, From: a.take("from"), Recipients: 1, Checked: a.list("checked"),
		Interface: s.interfaceNamed(a, a.take("via")), Size: a.integer("size", 0), Rejected: a.share("rejected"), Malformed: a.share("malformed"), SigV2: a.flag("sigv2"),
		Throttled25: a.flag("port25"), RemoveBounced: a.flag("hygiene"), RemoveComplained: a.flag("hygiene-complaints"),
	}
	if name := a.take("client"); name != "" {
		x.Client = s.clientNamed(a, name)
	}
	if name := a.take("set"); name != "" {
		x.Set = s.setNamed(a, account, name)
	}
	if name := a.take("owner"); name != "" {
		x.Delegated, x.Owner = true, s.accountNamed(a, name)
	}
	if x.From == "" {
		x.From = defaultFrom(s.cfg.Accounts[account].Identities)
	}
	r := s.sender(x)
	for range times {
		for _, numbers := range messages {
			r.rows = append(r.rows, sim.TraceRow{At: at, Numbers: numbers})
			at += every
		}
	}
}

// sender returns the recording of the sender with these properties, which is
// new where none has them.
func (s *script) sender(x sim.Sender) *recording {
	key := fmt.Sprintf("%+v", x)
	r := s.senders[key]
	if r == nil {
		r = &recording{}
		s.senders[key] = r
		x.Name = fmt.Sprintf("sender-%d", len(s.senders))
		x.Traffic = sim.Traffic{Kind: sim.Recorded, Trace: r}
		s.cfg.Senders = append(s.cfg.Senders, x)
	}
	return r
}

// defaultFrom is an address that the first identity covers.
func defaultFrom(identities []string) string {
	if len(identities) == 0 || strings.Contains(identities[0], "@") {
		return strings.Join(identities[:min(1, len(identities))], "")
	}
	return "mail@" + identities[0]
}

func (s *script) interfaceNamed(a *args, name string) sim.Interface {
	for _, i := range []sim.Interface{sim.V2, sim.V1, sim.SMTP} {
		if name == i.String() {
			return i
		}
	}
	if name != "" {
		a.note(fmt.Errorf("%q is no interface", name))
	}
	return sim.V2
}

// recipients reads "people:1-200/50": addresses 1 to 200 in messages of 50.
// Without the slash they are one message.
func (s *script) recipients(a *args, text string) (audience int, messages [][]uint32) {
	name, span, _ := strings.Cut(text, ":")
	span, cut, _ := strings.Cut(span, "/")
	first, last, ranged := strings.Cut(span, "-")
	if !ranged {
		last = first
	}
	audience = s.audienceNamed(a, name)
	from, to := a.number(first), a.number(last)
	if to > s.cfg.Audiences[audience].Size || from < 1 || from > to {
		a.note(fmt.Errorf("%s: no such addresses", text))
		return audience, nil
	}
	size := to - from + 1
	if cut != "" {
		size = max(1, a.number(cut))
	}
	var all []uint32
	for n := from; n <= to; n++ {
		all = append(all, uint32(n-1))
	}
	return audience, slices.Collect(slices.Chunk(all, int(size)))
}
