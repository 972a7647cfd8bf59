package explain

import (
	"fmt"
	"strings"
	"time"

	"sesim/reports/wording"
	"sesim/sim"
	"sesim/sim/rules"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// what returns what became of the call.
func (d *Decision) what() string {
	if d.record.Kind == sim.Sent {
		return fmt.Sprintf("call with %s accepted", recipients(d.call.recipients))
	}
	return fmt.Sprintf("call with %s refused: %s", recipients(d.call.recipients), d.record.Error)
}

// figures returns the figures that decided.
func (d *Decision) figures() []string {
	if d.record.Kind == sim.Sent {
		return d.meters()
	}
	switch d.record.Reason {
	case ses.RefusedRate, ses.RefusedQuota:
		return d.meters()
	case ses.RefusedPaused:
		return []string{d.pausedBy()}
	case ses.RefusedUnverified:
		return d.identityFigures()
	case ses.RefusedInvalid:
		return d.formFigures()
	}
	return nil
}

// passes returns when a refused call would have passed; "" for an accepted one.
func (d *Decision) passes() string {
	if d.record.Kind == sim.Sent {
		return ""
	}
	switch d.record.Reason {
	case ses.RefusedRate:
		return "the rate would let it pass " + wording.Span(d.recovery()) + " later, if no other call is accepted before"
	case ses.RefusedQuota:
		if d.record.Meters.Used == 0 {
			return "the quota would let it pass at no time"
		}
		return "the quota would let it pass at " + wording.Clock(d.record.Meters.Frees) + " at the earliest"
	}
	if text, ok := passing[d.record.Rule]; ok {
		return "it would pass once " + text
	}
	return "it would pass at no time"
}

// passing says for rules after what the calls pass that they refuse.
var passing = map[rules.ID]string{
	rules.PauseRefuses:      "AWS ends the pause, as after an appeal that it accepts",
	rules.PauseCustomer:     "the customer resumes sending",
	rules.PauseSet:          "sending with the configuration set is resumed",
	rules.IdentityFrom:      "the identities are verified",
	rules.IdentityDelegate:  "the owner of the identities authorizes it",
	rules.SandboxRecipients: "the recipients are verified, or in production",
	rules.CallSet:           "the configuration set exists",
}

// recovery returns how long the rate bucket takes until it lets the call pass.
func (d *Decision) recovery() time.Duration {
	m, p := d.record.Meters, d.cfg.Rules.Rate
	need := int64(1)
	if !p.Debt {
		need = min(int64(d.call.recipients), p.BurstSeconds*m.MaxRate)
	}
	missing := time.Duration(need*1000-m.Tokens) * time.Millisecond // at one a second
	return (missing + time.Duration(m.MaxRate) - 1) / time.Duration(m.MaxRate)
}

// pausedBy returns the start and the reason of the pause that refused a call.
func (d *Decision) pausedBy() string {
	p := pause{rule: d.record.Rule}
	switch p.rule {
	case rules.PausePermanent:
		p.rule = rules.PauseRefuses
	case rules.PauseSet:
		p.set = d.call.set
	}
	if t, ok := d.own.pauses[p]; ok {
		return "since " + wording.Clock(t.At) + ": " + t.Why
	}
	return p.set + ": paused since it was created"
}

// reconnects returns what a client does about a closed session.
func (c *collector) reconnects(r *sim.Record) string {
	k := &c.cfg.Clients[c.cfg.Senders[r.Sender].Client-1]
	if k.Connection.Reconnect {
		return "client " + k.Name + " makes the call again at once on a new connection"
	}
	return "SES received no call, and client " + k.Name + " does not reconnect at once"
}

// identityFigures returns what the accounts have verified whose identities a call needs:
// the sender's, and the owner's if the sender is a delegate.
func (d *Decision) identityFigures() []string {
	figures := []string{d.own.identities()}
	if d.owner != nil {
		figures = append(figures, d.owner.identities())
	}
	if d.record.Rule == rules.IdentityDelegate {
		figures = append(figures, fmt.Sprintf("%s does not authorize %s", d.owner.account, d.own.account))
	}
	return figures
}

// mostIdentities is the maximum number of identities listed for an account.
const mostIdentities = 5

// identities returns what the account has verified.
func (s *standing) identities() string {
	what := "nothing"
	if n := len(s.verified); n > 0 {
		what = strings.Join(s.verified[:min(mostIdentities, n)], ", ")
	}
	if more := len(s.verified) - mostIdentities; more > 0 {
		what += " and " + wording.Count(int64(more)) + " more"
	}
	access := "production"
	if s.access == ses.Sandbox {
		access = "the sandbox"
	}
	return fmt.Sprintf("%s is in %s and has verified %s", s.account, access, what)
}

// formFigures returns what made a call invalid.
func (d *Decision) formFigures() []string {
	switch d.record.Rule {
	case rules.CallRecipients:
		return []string{fmt.Sprintf("%s, at most %d allowed", recipients(d.call.recipients), ses.MaxRecipients)}
	case rules.CallSize:
		return []string{unit.Plural(d.call.size, "byte", "bytes") + ", at most " + wording.Count(d.call.iface.MaxSize()) + " allowed"}
	case rules.CallAddress:
		if d.call.malformed != "" {
			return []string{fmt.Sprintf("%.100q is not an address", d.call.malformed)}
		}
		return []string{"the address of the first recipient has no domain"}
	}
	return nil
}

// meters returns the state of the quota and the token bucket before a call.
func (d *Decision) meters() []string {
	m := d.record.Meters
	window := fmt.Sprintf("%s recipients in the last 24 hours, quota unlimited", wording.Count(m.Used))
	if m.Quota >= 0 {
		window = fmt.Sprintf("%s of %s recipients used in the last 24 hours", wording.Count(m.Used), wording.Count(m.Quota))
		if m.Used > 0 {
			window += "; the oldest leave the window at " + wording.Clock(m.Frees)
		}
	}
	figures := []string{window}
	if step := d.cfg.Rules.Quota.Granularity; step > 0 {
		figures = append(figures, "the quota counts in steps of "+unit.FormatDuration(step))
	}
	return append(figures, fmt.Sprintf("token bucket at %s, refilled with %s a second",
		wording.Decimal(float64(m.Tokens)/1000, 3), wording.Count(m.MaxRate)))
}
