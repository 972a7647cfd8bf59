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
	t.Raw(`{"timestamp":`)
	t.moment(w.time(r.At))
	t.String("account", w.cfg.Accounts[r.Account].Name)
	t.String("sender", name)
	t.String("interface", by.String()) // v1, v2 or smtp
	t.Raw(`,"recipients":`)
	if r.Live {
		t.Strings(r.Call.Recipients)
	} else {
		w.to.clear()
		for _, a := range r.Recipients {
			w.add(a)
		}
		t.addresses(&w.to)
	}
	t.Raw(`,"status":`) // HTTP status or SMTP reply code
	t.Integer(int64(r.Error.Status))
	if by == ses.V1 {
		t.String("type", "Sender") // the error's Type, the same for all of these
	}
	t.String("code", r.Error.Code) // empty for SMTP
	t.String("message", r.Error.Message)
	t.String("rule", r.Rule.String())
	t.Raw(`,"attempt":`) // calls refused before for the same message
	t.Integer(int64(r.Attempt))
	w.keep(w.refusals.end())
}
