package check

import (
	"slices"
	"time"

	"sesim/sim"
	"sesim/sim/rules"
	"sesim/sim/ses"
)

// accountList replays the account-level suppression lists. What the service
// does by itself is replayed from its causes: hard bounces, complaints,
// suppressed sends where the rules say so, and pauses that are long enough to
// empty a list. Each cause must leave its record at once, and each record
// must have a cause. What people do to the lists is taken from the records;
// operations holds those against the calls that people make.
type accountList struct {
	cfg     *sim.Config
	found   *findings
	now     *present
	entries []map[sim.Address][]entry // by account; one for each spelling of the address
	added   []int64
	before  []int64   // entries from before the start
	due     []waiting // entries that must be made, by time
}

// entry is an address on an account's list. Calls on the list tell spellings
// apart that differ in the case of the local part, sending does not.
type entry struct {
	spelling string // "" for the address as it is
	reason   ses.ListReasons
	since    time.Duration
}

// learning is an entry that must be made.
type learning struct {
	at      time.Duration
	account int
	address sim.Address
	reason  ses.ListReasons
}

// waiting is an entry that must be made, and whether that needs no record,
// because at its time the address is on the list for that reason already.
type waiting struct {
	learning
	there bool
}

func newAccountList(cfg *sim.Config, found *findings, now *present) *accountList {
	l := &accountList{cfg: cfg, found: found, now: now, added: make([]int64, len(cfg.Accounts)), before: make([]int64, len(cfg.Accounts))}
	for i := range cfg.Accounts {
		l.entries = append(l.entries, map[sim.Address][]entry{})
		if h := cfg.Accounts[i].History; h != nil {
			l.before[i] = h.Listed.Bounce + h.Listed.Complaint
		}
	}
	return l
}

// entry returns the entry for one spelling of an address.
func (l *accountList) entry(account int, address sim.Address, spelling string) (entry, bool) {
	for _, e := range l.entries[account][address] {
		if e.spelling == spelling {
			return e, true
		}
	}
	return entry{}, false
}

// drop deletes the entry for one spelling of an address, and reports whether
// there was one.
func (l *accountList) drop(account int, address sim.Address, spelling string) bool {
	list := l.entries[account][address]
	left := slices.DeleteFunc(list, func(e entry) bool { return e.spelling == spelling })
	if l.entries[account][address] = left; len(left) == 0 {
		delete(l.entries[account], address)
	}
	return len(left) < len(list)
}

// holds reports for which reason the account's list suppresses a sender's
// mail to the address; 0 if it does not. A bounce goes before a complaint.
func (l *accountList) holds(account, sender int, address sim.Address) ses.ListReasons {
	reasons, found := l.now.reasons(account, sender), ses.ListReasons(0)
	if reasons == 0 {
		return 0
	}
	for _, e := range l.entries[account][address] {
		if !l.cfg.Rules.Account.ReasonMatch || e.reason&reasons != 0 {
			found |= e.reason
		}
	}
	if found&ses.ListBounce != 0 {
		return ses.ListBounce
	}
	return found
}

func (l *accountList) observe(r *sim.Record) {
	l.overdue(r.At)
	switch r.Kind {
	case sim.HardBounced:
		if r.Bounce != ses.PermanentGeneral || l.cfg.Rules.Account.AddOnGeneral {
			l.learn(r, ses.ListBounce)
		}
	case sim.SuppressedGlobal:
		if l.cfg.Rules.Account.AddOnSuppressedBounce {
			l.learn(r, ses.ListBounce)
		}
	case sim.Complained:
		l.learn(r, ses.ListComplaint)
	case sim.SuppressedAccount:
		if want := l.holds(r.Account, r.Sender, r.Address); r.ListReason != want {
			l.bad(r, "suppressed for %q, but listed for %q", r.ListReason, want)
		}
	case sim.ListedAccount:
		l.put(r)
	case sim.UnlistedAccount:
		l.remove(r)
	case sim.Changed:
		if r.Transition.Event == ses.EventListEmptied {
			l.before[r.Account] = 0
		}
	}
	l.wiped(r)
}

// learn notes that a bounce or complaint must list the address, where the list
// works for that reason: at once, or as much later as the rules say.
func (l *accountList) learn(r *sim.Record, reason ses.ListReasons) {
	if l.now.reasons(r.Account, r.Sender)&reason != 0 {
		at := r.At + l.cfg.Rules.Account.AddDelay
		l.due = append(l.due, waiting{learning: learning{at, r.Account, r.Address, reason}})
	}
}

// lists reports whether the entry is there already.
func (l *accountList) lists(d learning) bool {
	e, listed := l.entry(d.account, d.address, "")
	return listed && e.reason == d.reason
}

// put checks a new entry, or a new reason of one that somebody puts again.
func (l *accountList) put(r *sim.Record) {
	if r.Rule != rules.AccountAPI {
		want := learning{r.At, r.Account, r.Address, r.ListReason}
		i := slices.IndexFunc(l.due, func(d waiting) bool { return d.learning == want })
		if i >= 0 && r.Spelling == "" && !l.lists(want) {
			l.due = slices.Delete(l.due, i, i+1)
		} else {
			l.bad(r, "put on the account's list for %q without a cause", r.ListReason)
		}
	}
	if !l.drop(r.Account, r.Address, r.Spelling) {
		l.added[r.Account]++
	}
	l.entries[r.Account][r.Address] = append(l.entries[r.Account][r.Address], entry{r.Spelling, r.ListReason, r.At})
}

// remove checks that an entry goes.
func (l *accountList) remove(r *sim.Record) {
	if !l.drop(r.Account, r.Address, r.Spelling) {
		l.bad(r, "taken off the account's list, but it is not on it")
	}
	if r.Rule != rules.AccountAPI && (r.Rule != l.wipes(r.Account, r.At) || l.emptied(r.Account) != r.At) {
		l.bad(r, "taken off the account's list without a cause")
	}
}

// overdue reports the entries that did not follow their cause.
func (l *accountList) overdue(t time.Duration) {
	for i := 0; i < len(l.due) && l.due[i].at <= t; i++ {
		l.due[i].there = l.due[i].there || l.lists(l.due[i].learning)
	}
	for ; len(l.due) > 0 && l.due[0].at < t; l.due = l.due[1:] {
		d := l.due[0]
		if d.there {
			continue
		}
		l.found.add("account list", d.at, d.account, addressOf(l.cfg, d.address),
			"nothing put the address on the account's list for %s", d.reason)
	}
}

// wipes returns the rule by which a list is emptied: the pause by AWS has lasted long
// enough, or the customer's is needed for that.
func (l *accountList) wipes(account int, t time.Duration) rules.ID {
	a := &l.now.accounts[account]
	if a.enforcement == ses.Shutdown && t-a.shut >= l.cfg.Rules.Account.PauseWipe {
		return rules.AccountWiped
	}
	return rules.CustomerPauseWiped
}

// emptied returns when the pause that the account is under empties its list,
// or a negative time.
func (l *accountList) emptied(account int) time.Duration {
	a := &l.now.accounts[account]
	if !a.stops(l.cfg) || l.cfg.Rules.Account.PauseWipe == 0 {
		return -1
	}
	return max(a.stopped+l.cfg.Rules.Account.PauseWipe, 0) // a pause may be from before the start
}

// wiped reports entries that a long pause should have removed.
func (l *accountList) wiped(r *sim.Record) {
	at := l.emptied(r.Account)
	if at < 0 || r.At <= at {
		return
	}
	if l.before[r.Account] > 0 {
		l.found.add("account list", at, r.Account, "", "entries from before the start are still listed after a pause of %v",
			l.cfg.Rules.Account.PauseWipe)
		l.before[r.Account] = 0
	}
	for address, list := range l.entries[r.Account] {
		if slices.ContainsFunc(list, func(e entry) bool { return e.since < at }) {
			l.found.add("account list", at, r.Account, addressOf(l.cfg, address), "still listed after a pause of %v", l.cfg.Rules.Account.PauseWipe)
			delete(l.entries[r.Account], address)
		}
	}
}

func (l *accountList) finish(res *sim.Result) {
	l.overdue(res.End)
	for i := range min(len(res.Accounts), len(l.entries)) {
		added, listed := l.added[i], l.before[i]
		for _, list := range l.entries[i] {
			listed += int64(len(list))
		}
		if got := &res.Accounts[i]; got.ListAdded != added || got.Listed != listed {
			l.found.add("account list", res.End, i, "", "the result counts %d entries made and %d at the end, the records tell %d and %d",
				got.ListAdded, got.Listed, added, listed)
		}
	}
}

func (l *accountList) bad(r *sim.Record, format string, args ...any) {
	l.found.add("account list", r.At, r.Account, addressOf(l.cfg, r.Address), format, args...)
}
