package twin

import (
	"slices"
	"time"

	"sesim/sim"
	"sesim/sim/rules"
	"sesim/sim/ses"
)

// onList returns what is on an account's list now, each address with its
// latest reason. Addresses are told apart as the list's management does.
func (w *world) onList(account int) []entry {
	var list []entry
	for _, e := range w.entries {
		if e.account != account {
			continue
		}
		at := slices.IndexFunc(list, func(other entry) bool { return other.address == e.address })
		switch {
		case at < 0 && !e.off:
			list = append(list, e)
		case at >= 0 && e.off:
			list = slices.Delete(list, at, at+1)
		case at >= 0:
			list[at].reason = e.reason
		}
	}
	return list
}

// listed looks the text of an address up as the list's management does.
func (w *world) listed(account int, text string) (ses.ListReasons, bool) {
	for _, e := range w.onList(account) {
		if e.address == text {
			return e.reason, true
		}
	}
	return 0, false
}

// suppressedByAccount reports whether an account's list suppresses mail to an
// address, and for which reason. Sending does not regard case; where entries
// that differ in case have both reasons, it is a bounce.
func (w *world) suppressedByAccount(account, set int, address string) (ses.ListReasons, bool) {
	effective := w.reasons(account, set)
	found := ses.ListReasons(0)
	for _, e := range w.onList(account) {
		if folded(e.address) == folded(address) && (!w.cfg.Rules.Account.ReasonMatch || e.reason&effective != 0) {
			found |= e.reason
		}
	}
	if found&ses.ListBounce != 0 {
		found = ses.ListBounce
	}
	return found, effective != 0 && found != 0
}

// enter puts an address on an account's list or takes it off. Spelling is the
// entry's text where its case is another; empty: the address as it is.
func (w *world) enter(account int, of sim.Address, spelling string, reason ses.ListReasons, off bool, d Decision) {
	w.entries = append(w.entries, entry{w.next(), account, w.spelt(of, spelling), of, spelling, reason, off})
	d.Kind, d.Account, d.Address, d.Spelling, d.ListReason = sim.ListedAccount, account, of, spelling, reason
	if off {
		d.Kind, d.ListReason = sim.UnlistedAccount, 0
	}
	w.decide(d)
}

// spelt is the text of an entry.
func (w *world) spelt(of sim.Address, spelling string) string {
	if spelling != "" {
		return exact(spelling)
	}
	return exact(w.cfg.Audiences[of.Audience].AddressOf(of.Number))
}

// learn enters an address after a bounce or complaint of the account's own
// mail, where the reasons that hold for that mail include it.
func (w *world) learn(m mail, reason ses.ListReasons) {
	account, set := m.account, m.set
	if w.reasons(account, set)&reason == 0 {
		return
	}
	if after := w.cfg.Rules.Account.AddDelay; after > 0 {
		w.plan(w.now+after, entering{m, reason})
		return
	}
	entering{m, reason}.happen(w)
}

// entering is an entry that a bounce or complaint makes.
type entering struct {
	mail
	reason ses.ListReasons
}

func (e entering) happen(w *world) {
	m, account, reason := e.mail, e.account, e.reason
	if was, on := w.listed(account, exact(m.address(w))); on && was == reason {
		return
	}
	w.enter(account, m.to, "", reason, false, Decision{Sender: m.sender, Message: m.message, Rule: rules.AccountListed})
}

// stay is an address's place on the global list.
type stay struct {
	until   time.Duration // it is listed before
	strikes int
}

// globalRegion names the list that an account's mail meets.
func (w *world) globalRegion(account int) string {
	if w.cfg.Rules.Global.PerRegion {
		return w.cfg.Accounts[account].Region
	}
	return "everywhere"
}

// stayOf follows an address's strikes: each one begins a stay, longer than
// the one before, unless the last one is so old that it is forgotten.
func (w *world) stayOf(region, address string) stay {
	p := &w.cfg.Rules.Global
	var s stay
	var last time.Duration
	for _, f := range w.strikes {
		if f.address != folded(address) || f.region != "" && f.region != region {
			continue
		}
		switch f.kind {
		case struck:
			if p.StrikeMemory > 0 && f.at-last >= p.StrikeMemory {
				s.strikes = 0
			}
			last = f.at
			if f.at < s.until && !f.again {
				break // a hard bounce of mail that went before the stay or past the list
			}
			s.strikes++
			s.until = f.at + p.Durations[min(s.strikes, len(p.Durations))-1]
		case forgiven:
			if f.at < s.until {
				break // mail that went before the stay or past the list
			}
			s.strikes = 0
		case freed:
			s.until = min(s.until, f.at)
		}
	}
	return s
}

// suppressedGlobally reports whether the global list suppresses mail of an
// account to an address.
func (w *world) suppressedGlobally(account, set int, address string) (stay, bool) {
	s := w.stayOf(w.globalRegion(account), address)
	if w.now >= s.until {
		return s, false
	}
	overrides := w.cfg.Rules.Account.OverridesGlobal && w.reasons(account, set) != 0
	return s, !overrides
}

// strike counts a hard bounce, or what the rules take for one, towards an
// address's place on the global list. It begins a stay; in the midst of one
// only where it is the list itself that suppressed the mail.
func (w *world) strike(m mail, again bool) {
	region, address := w.globalRegion(m.account), m.address(w)
	before := w.stayOf(region, address)
	w.strikes = append(w.strikes, strike{w.next(), region, folded(address), struck, again})
	s := w.stayOf(region, address)
	if s == before {
		return
	}
	w.decide(Decision{
		Kind: sim.ListedGlobal, Account: m.account, Sender: m.sender, Message: m.message, Address: m.to,
		Rule: rules.GlobalEscalation, Until: s.until, Strikes: s.strikes,
	})
}

// forgive resets an address's escalation after a delivery.
func (w *world) forgive(m mail) {
	w.strikes = append(w.strikes, strike{w.next(), w.globalRegion(m.account), folded(m.address(w)), forgiven, false})
}

// onGlobalList returns the addresses on the global list, once for each list
// that holds them.
func (w *world) onGlobalList() int64 {
	n := int64(0)
	var seen []strike
	for _, s := range w.strikes {
		if s.region == "" || slices.ContainsFunc(seen, func(o strike) bool { return o.region == s.region && o.address == s.address }) {
			continue
		}
		seen = append(seen, s)
		if w.now < w.stayOf(s.region, s.address).until {
			n++
		}
	}
	return n
}
