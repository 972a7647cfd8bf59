package events

import (
	"sesim/sim"
	"sesim/sim/ses"
)

// refuse writes a refused call, as its interface words it.
func (w *Writer) refuse(r *sim.Record) {
	if w.refusals == nil || r.Account < 0 || r.Account >= len(w.cfg.Accounts) {
		return
	}
	t, name, by := &w.refusals.text, "", interfaceOf(w.cfg, r)
	if !r.Live {
		name = w.cfg.Senders[r.Sender].Name
	}
	t.raw(`{"timestamp":`)
	t.moment(w.time(r.At))
	t.string("account", w.cfg.Accounts[r.Account].Name)
	t.string("sender", name)
	t.string("interface", by.String()) // v1, v2 or smtp
	t.raw(`,"recipients":`)
	if r.Live {
		t.strings(r.Call.Recipients)
	} else {
		w.to.clear()
		for _, a := range r.Recipients {
			w.add(a)
		}
		t.addresses(&w.to)
	}
	t.raw(`,"status":`) // HTTP status or SMTP reply code
	t.integer(int64(r.Error.Status))
	if by == ses.V1 {
		t.string("type", "Sender") // the error's Type, the same for all of these
	}
	t.string("code", r.Error.Code) // empty for SMTP
	t.string("message", r.Error.Message)
	t.string("rule", r.Rule.String())
	t.raw(`,"attempt":`) // calls refused before for the same message
	t.integer(int64(r.Attempt))
	w.keep(w.refusals.end())
}
