package events

import (
	"slices"
	"strings"
	"time"

	"sesim/sim"
	"sesim/sim/rng"
	"sesim/sim/ses"
)

// live is what the records of a message tell that came to a session from outside.
type live struct {
	origin    *origin
	tags      tagList       // nil: the origin's
	addresses []sim.Address // of the recipients
	texts     []string      // as the call gave them
	headers   []header
	truncated bool
	notify    sim.NotifyHeaders
	subject   string

	// Room for what most calls have.
	address [1]sim.Address
	text    [1]string
	header  [4]header
}

// fill takes from the record of an accepted call what later records tell.
func (l *live) fill(w *Writer, r *sim.Record) {
	c := r.Call
	l.origin, l.subject, l.notify = w.liveOrigin(r), c.Message.Subject, c.Message.Notify
	l.addresses, l.texts = append(l.address[:0], r.Recipients...), append(l.text[:0], c.Recipients...)
	if len(c.Message.Tags) > 0 {
		var own []tag
		for name, values := range c.Message.Tags {
			own = append(own, tag{name, values})
		}
		l.tags = l.origin.tags.with(own...)
	}
	if len(c.Message.Headers) == 0 {
		l.headers, l.truncated = cutHeaders(append(l.header[:0], header{"From", c.From}, header{"To", strings.Join(l.texts, ", ")}))
		return
	}
	list := l.header[:0]
	for _, h := range c.Message.Headers {
		list = append(list, header(h))
	}
	l.headers, l.truncated = cutHeaders(list)
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
	return o
}

// textOf returns a recipient as the call gave it. One that the call named twice is as
// it was given first.
func (l *live) textOf(a sim.Address) string {
	if len(l.texts) == 1 {
		return l.texts[0]
	}
	return l.texts[max(slices.Index(l.addresses, a), 0)]
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
