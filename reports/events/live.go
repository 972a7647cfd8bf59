package events

import (
	"slices"
	"time"

	"sesim/reports/jsontext"
	"sesim/sim"
	"sesim/sim/rng"
	"sesim/sim/ses"
)

// live is what the records of a message tell that came to a session from outside. Its
// texts lie side by side, as its later records come when nothing of it is in a cache.
type live struct {
	origin    *origin
	tags      tagList       // nil: the origin's
	addresses []sim.Address // of the recipients
	notify    sim.NotifyHeaders
	text      []byte // the recipients as the call gave them, and the headers and the subject as they are written
	ends      []int  // of the recipients
	pieces    [2]int // where the headers and the subject begin
}

// fill takes from the record of an accepted call what later records tell.
func (l *live) fill(w *Writer, r *sim.Record) {
	c := r.Call
	l.origin, l.tags, l.notify = w.liveOrigin(r), nil, c.Message.Notify
	l.addresses = append(l.addresses[:0], r.Recipients...)
	if len(c.Message.Tags) > 0 {
		var own []tag
		for name, values := range c.Message.Tags {
			own = append(own, tag{name, values})
		}
		l.tags = l.origin.tags.with(own...)
	}
	w.to.clear()
	for _, to := range c.Recipients {
		w.to.text = append(w.to.text, to...)
		w.to.end()
	}
	t := text{Text: jsontext.Text{B: append(w.taken[:0], w.to.text...)}}
	l.ends = append(l.ends[:0], w.to.ends...)
	l.pieces[0] = len(t.B)
	if len(c.Message.Headers) == 0 {
		w.addFromTo(&t, l.origin)
	} else {
		w.headers = w.headers[:0]
		for _, h := range c.Message.Headers {
			w.headers = append(w.headers, header(h))
		}
		t.headers(cutHeaders(w.headers))
	}
	l.pieces[1] = len(t.B)
	if subject := c.Message.Subject; subject != "" {
		t.Raw(`,"subject":`)
		t.Quote(subject)
	}
	w.taken = t.B
	l.text = append(l.text[:0], t.B...)
}

// recipient returns the i-th recipient as the call gave it.
func (l *live) recipient(i int) []byte { return piece(l.text, l.ends, i) }

// list lists the recipients.
func (l *live) list(to *addresses) {
	to.clear()
	for i := range l.ends {
		to.text = append(to.text, l.recipient(i)...)
		to.end()
	}
}

// written returns the headers and the subject as members of their objects; no subject: nothing.
func (l *live) written() (headers, subject []byte) {
	return l.text[l.pieces[0]:l.pieces[1]], l.text[l.pieces[1]:]
}

// textOf returns a recipient as the call gave it. One that the call named twice is as
// it was given first.
func (l *live) textOf(a sim.Address) []byte {
	if len(l.ends) == 1 {
		return l.recipient(0)
	}
	return l.recipient(max(slices.Index(l.addresses, a), 0))
}

// callerKey is what the origin of a call follows from.
type callerKey struct {
	account, owner, set       int
	by                        ses.Interface
	from, name, ip, operation string
}

// maxCallers bounds the origins that are remembered.
const maxCallers = 1000

// liveOrigin returns what the records of an accepted call have in common with those of
// other calls by the same program.
func (w *Writer) liveOrigin(r *sim.Record) *origin {
	c, m := r.Call, &r.Call.Message
	key := callerKey{r.Account, r.Account, r.Set, c.Interface, c.From, m.Caller, m.SourceIP, m.Operation}
	if c.Delegated {
		key.owner = c.Owner
	}
	if o := w.callers[key]; o != nil {
		return o
	}
	if len(w.callers) >= maxCallers {
		clear(w.callers)
	}
	o := newLiveOrigin(w.cfg, &key)
	w.callers[key] = o
	return o
}

func newLiveOrigin(cfg *sim.Config, k *callerKey) *origin {
	s := sim.Sender{Name: k.name, Account: k.account, From: k.from, Set: k.set, Interface: k.by}
	o := originOf(cfg, &s, k.owner, keysOf(cfg, k.account, ""))
	if k.name == "" {
		o.caller = cfg.Accounts[k.account].Name
	}
	if k.ip != "" {
		o.ip = k.ip
	}
	o.tags = tagsOf(&s, &cfg.Accounts[k.account], o)
	if k.operation != "" {
		o.tags = o.tags.with(tag{"ses:operation", []string{k.operation}})
	}
	o.write()
	return o
}

// MessageID returns the id of a message that a session accepted from outside: the
// message-th call of an account, at a virtual time. It is that of the message's records.
func MessageID(cfg *sim.Config, account int, at time.Duration, message int64) string {
	keys := keysOf(cfg, account, "")
	return identifier(prefixOf(cfg.Accounts[account].Region), cfg.Start.Add(at), keys("message"), uint64(message))
}

// keysOf returns the streams of the ids of a sender's messages; "": those that come to the
// account from outside.
func keysOf(cfg *sim.Config, account int, sender string) func(purpose string) rng.Key {
	return func(purpose string) rng.Key {
		return rng.Derive(cfg.Seed, "records of "+cfg.Accounts[account].Name, sender, purpose)
	}
}

// interfaceOf returns the interface through which a call was made.
func interfaceOf(cfg *sim.Config, r *sim.Record) ses.Interface {
	if r.Live {
		return r.Call.Interface
	}
	return cfg.Senders[r.Sender].Interface
}

// retryLimit returns how long SES tries to deliver the mail that a record is about.
func (w *Writer) retryLimit(r *sim.Record) (limit time.Duration, bySet bool) {
	if r.Live {
		return w.cfg.RetryLimitOf(r.Account, r.Set)
	}
	return w.cfg.RetryLimit(r.Sender, r.Account)
}
