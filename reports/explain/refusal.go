package explain

import (
	"fmt"
	"slices"
	"strings"

	"sesim/reports/wording"
	"sesim/sim"
	"sesim/sim/rules"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// refusalFigures returns the figures that caused a refusal.
func (c *collector) refusalFigures(r *sim.Record) []string {
	switch r.Reason {
	case ses.RefusedRate, ses.RefusedQuota:
		return meters(c, r)
	case ses.RefusedPaused:
		return []string{c.pausedBy(r)}
	case ses.RefusedUnverified:
		return c.identityFigures(r)
	case ses.RefusedInvalid:
		return c.formFigures(r)
	}
	return nil
}

// reconnects returns what a client does about a closed session.
func (c *collector) reconnects(r *sim.Record) string {
	k := &c.cfg.Clients[c.cfg.Senders[r.Sender].Client-1]
	if k.Connection.Reconnect {
		return "client " + k.Name + " makes the call again at once on a new connection"
	}
	return "SES received no call, and client " + k.Name + " does not reconnect at once"
}

// identityFigures returns what the accounts have verified whose identities a
// call needs: the sender's, and the owner's if the sender is a delegate.
func (c *collector) identityFigures(r *sim.Record) []string {
	sender := &c.cfg.Senders[r.Sender]
	figures := []string{c.verifiedBy(r.Account)}
	if sender.Delegated {
		figures = append(figures, c.verifiedBy(sender.Owner))
	}
	if r.Rule == rules.IdentityDelegate {
		figures = append(figures, fmt.Sprintf("%s does not authorize %s", c.cfg.Accounts[sender.Owner].Name, c.cfg.Accounts[r.Account].Name))
	}
	return figures
}

// mostIdentities is the maximum number of identities listed for an account.
const mostIdentities = 5

func (c *collector) verifiedBy(account int) string {
	list := c.verified[account]
	what := "nothing"
	if len(list) > 0 {
		what = strings.Join(list[:min(mostIdentities, len(list))], ", ")
	}
	if more := len(list) - mostIdentities; more > 0 {
		what += " and " + wording.Count(int64(more)) + " more"
	}
	return fmt.Sprintf("%s is in %s and has verified %s", c.cfg.Accounts[account].Name, access(c.access[account]), what)
}

// access returns an account's access as a phrase.
func access(a ses.Access) string {
	if a == ses.Sandbox {
		return "the sandbox"
	}
	return "production"
}

// verify and unverify track the verified identities of an account.
func (c *collector) verify(account int, identity string) {
	c.unverify(account, identity)
	c.verified[account] = append(c.verified[account], identity)
}

func (c *collector) unverify(account int, identity string) {
	c.verified[account] = slices.DeleteFunc(slices.Clone(c.verified[account]), func(known string) bool { return known == identity })
}

// formFigures returns what made a call invalid.
func (c *collector) formFigures(r *sim.Record) []string {
	sender := &c.cfg.Senders[r.Sender]
	switch r.Rule {
	case rules.CallRecipients:
		return []string{fmt.Sprintf("%s, at most %d allowed", recipients(len(r.Recipients)), ses.MaxRecipients)}
	case rules.CallSize:
		return []string{unit.Plural(sender.Size, "byte", "bytes") + ", at most " + wording.Count(sender.Interface.MaxSize()) + " allowed"}
	case rules.CallAddress:
		return []string{"the address of the first recipient has no domain"}
	}
	return nil
}

// meters returns the state of the quota and the token bucket before a call.
func meters(c *collector, r *sim.Record) []string {
	m := r.Meters
	window := fmt.Sprintf("%s recipients in the last 24 hours, quota unlimited", wording.Count(m.Used))
	if m.Quota >= 0 {
		window = fmt.Sprintf("%s of %s recipients used in the last 24 hours", wording.Count(m.Used), wording.Count(m.Quota))
		if m.Used > 0 {
			window += "; the oldest leave the window at " + wording.Clock(m.Frees)
		}
	}
	figures := []string{window}
	if step := c.cfg.Rules.Quota.Granularity; step > 0 {
		figures = append(figures, "the quota counts in steps of "+unit.FormatDuration(step))
	}
	return append(figures, fmt.Sprintf("token bucket at %s, refilled with %s a second",
		wording.Decimal(float64(m.Tokens)/1000, 3), wording.Count(m.MaxRate)))
}
