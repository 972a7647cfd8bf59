package serve

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"sesim/cmd/internal/serve/api"
	"sesim/cmd/internal/serve/fault"
	"sesim/cmd/internal/serve/wire"
	"sesim/reports/explain"
	"sesim/sim"
	"sesim/sim/rules"
	"sesim/sim/ses"
)

// Call is a call that was answered, with the reason.
type Call struct {
	RequestID string    `json:"request_id"`
	MessageID string    `json:"message_id,omitempty"` // of an accepted message
	Virtual   time.Time `json:"virtual"`
	Account   string    `json:"account"`   // "": none has the caller's key in its Region, or the call is not to SES
	Interface string    `json:"interface"` // v2, v1 or smtp; sqs or sns for what these refuse
	Operation string    `json:"operation"`
	Status    int       `json:"status"` // 200 for a call that was done; 0 where the connection was cut before
	Code      string    `json:"code,omitempty"`
	Message   string    `json:"message,omitempty"`
	Rule      string    `json:"rule,omitempty"` // that refused
	Standing  string    `json:"standing,omitempty"`
	Hint      string    `json:"hint,omitempty"`
	Fault     string    `json:"fault,omitempty"` // that has hit the call, and what it did
	// Meters are what the decision was based on, where the call sends.
	Meters *Meters `json:"meters,omitempty"`

	account int // -1: none
	rule    rules.ID
	meters  Meters
	decided []decided // of a call that sends; several in one with several messages

	decision [1]decided // room for that of most
}

// decided is the decision about one message.
type decided struct {
	message string // id; "": it was refused
	why     *explain.Decision
	refused *api.Error // in place of why, where it was not for the model to decide
	entry   int        // of a call with several messages, from 1, if refused
}

// Explanation is a call with why it was answered so.
type Explanation struct {
	*Call
	Entries []explain.Entry `json:"explanation"`
}

// explain explains a call, or the one of its messages that has the id.
func (c *Call) explain(cfg *sim.Config, id string) *Explanation {
	e := &Explanation{c, []explain.Entry{}}
	for _, d := range c.decided {
		if d.message == id || id == c.RequestID {
			e.Entries = append(e.Entries, c.entry(cfg, &d))
		}
	}
	if c.decided == nil {
		failed := ses.Error{}
		if c.Status != 200 {
			failed = ses.Error{Status: c.Status, Code: c.Code, Message: c.Message}
		}
		e.Entries = append(e.Entries, explain.Operation(cfg, c.Virtual.Sub(cfg.Start), c.account, c.Operation, failed, c.rule))
	}
	if c.Fault != "" {
		for i := range e.Entries {
			e.Entries[i].Figures = append(e.Entries[i].Figures, "by a fault that was asked for, not by SES: "+c.Fault)
		}
	}
	return e
}

// entry explains the decision about one message.
func (c *Call) entry(cfg *sim.Config, d *decided) explain.Entry {
	if d.refused == nil {
		return d.why.Explain()
	}
	name := fmt.Sprintf("%s: entry %d", c.Operation, d.entry)
	return explain.Operation(cfg, c.Virtual.Sub(cfg.Start), c.account, name, d.refused.Wire, d.refused.Rule)
}

// Meters are the figures of an account before a decision.
type Meters struct {
	SentLast24Hours int64   `json:"sent_last_24_hours"`
	Max24HourSend   int64   `json:"max_24_hour_send"`
	Tokens          float64 `json:"tokens"` // recipients in the rate bucket; negative in debt
	MaxSendRate     int64   `json:"max_send_rate"`
}

// maxRecent is the number of calls that are kept for those who ask why.
const maxRecent = 10_000

// recent has the latest calls.
type recent struct {
	calls          []*Call // the latest last
	total, refused int64
}

func (r *recent) add(c *Call) {
	r.total++
	if c.Status != 200 {
		r.refused++
	}
	r.calls = append(r.calls, c)
	if len(r.calls) > maxRecent {
		r.calls[0] = nil
		r.calls = r.calls[1:]
	}
}

// find returns the call with a request or message id; nil: none. Calls are many and those
// who ask are few.
func (r *recent) find(id string) *Call {
	for _, c := range slices.Backward(r.calls) {
		if c.RequestID == id || slices.ContainsFunc(c.decided, func(d decided) bool { return d.message == id && id != "" }) {
			return c
		}
	}
	return nil
}

// refused notes a call to another service, which is refused.
func (s *Server) refused(ctx context.Context, e *wire.Refusal) {
	_ = s.do(ctx, func() { // after the end nobody asks
		s.recent.add(&Call{
			RequestID: e.RequestID, Virtual: s.now(), Interface: e.Service, Operation: e.Operation,
			Status: e.Status, Code: e.Code, Message: e.Message, account: -1,
		})
	})
}

// record returns what there is to tell of a call.
func (o *operation) record(at time.Duration, input, output any, hit *fault.Hit, err error) *Call {
	c := &Call{
		RequestID: o.caller.RequestID, Virtual: o.s.cfg.Start.Add(at),
		Interface: o.caller.Interface.String(), Operation: operationName(input), Status: 200,
		account: o.index,
	}
	if o.account != nil {
		c.Account = o.account.spec.Name
	}
	if o.decided != nil {
		c.decided = append(c.decision[:0], o.decided...)
	}
	if hit != nil {
		c.Fault = hit.Text
	}
	if sent, ok := output.(*api.Sent); ok && err == nil {
		c.MessageID = sent.MessageID
	}
	if isSend(input) && o.account != nil {
		c.meters = Meters{o.meters.Used, o.meters.Quota, float64(o.meters.Tokens) / 1000, o.meters.MaxRate}
		c.Meters = &c.meters
	}
	if err == nil {
		return c
	}
	if refusal := (*api.Error)(nil); errors.As(err, &refusal) {
		c.Status, c.Code, c.Message, c.Hint = refusal.Wire.Status, refusal.Wire.Code, refusal.Wire.Message, refusal.Hint
		if refusal.Rule != rules.None {
			rule := rules.Of(refusal.Rule)
			c.Rule, c.Standing, c.rule = rule.Name, rule.Standing.String(), refusal.Rule
		}
		return c
	}
	c.Status, c.Message = 500, err.Error()
	return c
}
