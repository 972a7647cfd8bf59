package twin

import (
	"time"

	"sesim/sim"
	"sesim/sim/rules"
	"sesim/sim/ses"
)

// stamp is when a fact came about, and its place among all facts of a run.
type stamp struct {
	at    time.Duration
	order int
}

// history is all that happened so far. Nothing in it is ever changed or taken
// out.
type history struct {
	facts int // how many there are, in all lists

	calls       []call // decided ones, in order
	mails       []eligible
	bounces     []feedback
	complaints  []feedback
	entries     []entry
	strikes     []strike
	identities  []identity
	settings    []setting
	verdicts    []verdict
	requests    []progress
	evaluations []stamp
	days        []stamp
	reports     []report
	operations  []operation
	connections []connection
	learned     []learned
	reported    []reportedBounce
	rated       []rated
	uses        []use
	wipings     []wiping
	removed     int64 // stays that the classic form ended

	decisions []Decision
	lines     [][]Line
}

// next stamps a fact.
func (w *world) next() stamp {
	w.facts++
	return stamp{w.now, w.facts}
}

// call is a call to send that SES decided. A call with the zero answer was
// accepted.
type call struct {
	stamp
	letter
	counted  int64 // recipients that take from the quota
	accepted bool
	reason   ses.Reason // of a refusal
	rejected bool       // by the content scan
}

// letter is what a sender wants sent.
type letter struct {
	sender  int
	message int64
	attempt int
	account int // that is called for it, or was called last
	set     int // the configuration set there, from 1; 0: none
	to      []sim.Address
}

// eligible is an email that counts in the denominator of a rate.
type eligible struct {
	stamp
	account, set, sender int
	loop                 bool // at a provider with a feedback loop
}

// feedback is a bounce or complaint that counts in the numerator of a rate.
type feedback struct {
	stamp
	sent                 stamp // the mail that it is about
	account, set, sender int
}

// entry is an address put on an account's list or taken off it.
type entry struct {
	stamp
	account  int
	address  string // its local part as given, its domain in lower case
	of       sim.Address
	spelling string // where its case differs from of
	reason   ses.ListReasons
	off      bool
}

// strike is what bears on an address's place on the global list.
type strike struct {
	stamp
	region  string // of the list; empty: of all lists
	address string
	kind    strikeKind
	again   bool // struck: a further stay even while one lasts
}

type strikeKind uint8

const (
	struck   strikeKind = iota // a hard bounce, or what counts as one
	forgiven                   // a delivery that resets the escalation
	freed                      // taken off by the classic form
)

// identity is what became of an identity.
type identity struct {
	stamp
	account int
	name    string
	what    identityKind
}

type identityKind uint8

const (
	verified identityKind = iota
	asked                 // its verification began
	dropped
)

// setting is a new value for something of an account, or of a configuration
// set.
type setting struct {
	stamp
	account int
	set     int // 0: of the account
	what    settingKind
	value   int64
}

type settingKind uint8

const (
	setAccess  settingKind = iota // ses.Access
	setQuota                      // recipients in 24 hours
	setRate                       // recipients a second
	setReasons                    // ses.ListReasons; of a set also noOverride
	setSending                    // the customer's switch: 1 on
	setRaise                      // an automatic increase; the new quota
	setExists                     // of a configuration set: 1 it does
)

// noOverride leaves the reasons to the account.
const noOverride = -1

// latest returns the last value set, or the value at the start.
func (w *world) latest(account, set int, what settingKind, start int64) int64 {
	value := start
	for _, s := range w.settings {
		if s.account == account && s.set == set && s.what == what {
			value = s.value
		}
	}
	return value
}

func (w *world) put(account, set int, what settingKind, value int64) {
	w.settings = append(w.settings, setting{w.next(), account, set, what, value})
	if what == setQuota {
		w.noteUse(account)
	}
}

// rated is a rate of an account as an evaluation found it.
type rated struct {
	of      part
	metric  metric
	figures Figures
	at      time.Duration
	mails   int64 // that counted since the start
}

// use is how much of an account's quota was in use at some moment.
type use struct {
	account     int
	used, quota int64
}

func (w *world) noteUse(account int) {
	w.uses = append(w.uses, use{account, w.used(account), w.quota(account)})
}

func (w *world) access(account int) ses.Access {
	return ses.Access(w.latest(account, 0, setAccess, int64(w.cfg.Accounts[account].Access)))
}

func (w *world) quota(account int) int64 {
	return w.latest(account, 0, setQuota, w.cfg.Accounts[account].Quota)
}

func (w *world) rate(account int) int64 {
	return w.latest(account, 0, setRate, w.cfg.Accounts[account].Rate)
}

func (w *world) sending(account int) bool { return w.latest(account, 0, setSending, 1) == 1 }

func (w *world) setSends(account, set int) bool {
	return w.latest(account, set, setSending, ownSending(&w.cfg.Accounts[account].Sets[set-1])) == 1
}

func (w *world) setExists(account, set int) bool {
	there := int64(1)
	if w.cfg.Accounts[account].Sets[set-1].Missing {
		there = 0
	}
	return w.latest(account, set, setExists, there) == 1
}

// ownSending and ownReasons are what the scenario says of a configuration set.
func ownSending(s *sim.ConfigurationSet) int64 {
	if s.Paused {
		return 0
	}
	return 1
}

func ownReasons(s *sim.ConfigurationSet) int64 {
	if s.Overrides {
		return int64(s.Suppression)
	}
	return noOverride
}

// reasons are those by which the account's list works for mail of a set. A
// set's override replaces the account's own.
func (w *world) reasons(account, set int) ses.ListReasons {
	if set > 0 {
		if own := w.latest(account, set, setReasons, ownReasons(&w.cfg.Accounts[account].Sets[set-1])); own != noOverride {
			return ses.ListReasons(own)
		}
	}
	return ses.ListReasons(w.latest(account, 0, setReasons, int64(w.cfg.Accounts[account].Suppression)))
}

// report is on an account at the end of a day.
type report struct {
	account int
	day     stamp
	good    bool // it came close to its quota with good mail
}

// operation is a call to the API other than to send, that was not throttled.
type operation struct {
	stamp
	account int
}

// connection is one through a throttled port.
type connection struct {
	stamp
	sender  int
	attempt int
	passes  bool
}

// learned is an address that a sender's hygiene took off its list.
type learned struct {
	stamp
	sender int
}

// reportedBounce is a hard bounce that SES publishes, at a time known before.
type reportedBounce struct {
	sender  int
	address sim.Address
	at      time.Duration
	decided int // decisions before the bounce
}

// note adds a line to an account's timeline.
func (w *world) note(account int, event ses.Event, rule rules.ID) {
	w.lines[account] = append(w.lines[account], Line{w.now, event, rule})
}

// decide adds a decision.
func (w *world) decide(d Decision) {
	d.At = w.now
	w.decisions = append(w.decisions, d)
}
