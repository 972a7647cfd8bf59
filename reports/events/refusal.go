package events

import (
	"sesim/sim"
	"sesim/sim/ses"
)

// refusal is a call that SES refused, as its interface words it.
type refusal struct {
	Timestamp  string   `json:"timestamp"`
	Account    string   `json:"account"`
	Sender     string   `json:"sender"`
	Interface  string   `json:"interface"` // v1, v2 or smtp
	Recipients []string `json:"recipients"`
	Status     int      `json:"status"`         // HTTP status or SMTP reply code
	Type       string   `json:"type,omitempty"` // of version 1: the error's Type, Sender for all of these
	Code       string   `json:"code"`           // empty for SMTP
	Message    string   `json:"message"`
	Rule       string   `json:"rule"`
	Attempt    int      `json:"attempt"` // calls refused before for the same message
}

// refuse writes a refused call.
func (w *Writer) refuse(r *sim.Record) {
	if w.refusals == nil || r.Account < 0 || r.Account >= len(w.cfg.Accounts) {
		return
	}
	name, to, by, fault := "", []string(nil), interfaceOf(w.cfg, r), ""
	if by == ses.V1 {
		fault = "Sender"
	}
	if r.Live {
		to = r.Call.Recipients
	} else {
		name, to = w.cfg.Senders[r.Sender].Name, w.texts(r.Recipients)
	}
	w.keep(w.refusals.write(refusal{
		Timestamp: stamp(w.time(r.At)), Account: w.cfg.Accounts[r.Account].Name, Sender: name,
		Interface: by.String(), Recipients: to,
		Status: r.Error.Status, Type: fault, Code: r.Error.Code, Message: r.Error.Message, Rule: r.Rule.String(), Attempt: r.Attempt,
	}))
}
