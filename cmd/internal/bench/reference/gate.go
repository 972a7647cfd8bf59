package reference

import (
	"time"

	"sesim/sim/rules"
	"sesim/sim/ses"
)

// Verdict is the outcome of a call with one recipient: the reason it was
// refused or, if accepted, whether a list suppressed it.
type Verdict uint8

// The verdicts on calls that are accepted; those below are the reasons of
// refusals, under their own numbers.
const (
	Passed            = Verdict(ses.Accepted) // on to an attempt
	SuppressedAccount = Passed + 1            // by the account's list
	SuppressedGlobal  = Passed + 2            // by the global list
	Verdicts          = int(SuppressedGlobal) + 1
)

// String returns the verdict's word.
func (v Verdict) String() string {
	switch v {
	case Passed:
		return "passed"
	case SuppressedAccount:
		return "suppressed_account"
	case SuppressedGlobal:
		return "suppressed_global"
	}
	return ses.Reason(v).String()
}

// Gate is the decision alone: what becomes of a call before anything is sent.
// Several gates may share a Global, also from several goroutines; a gate
// itself belongs to one.
type Gate struct {
	account  account
	global   *Global
	verified bool // by the account: what the mail is from
}

// Global is the suppression list of all customers.
type Global struct{ list globalList }

// NewGlobal returns an empty list.
func NewGlobal(p *rules.Global) *Global {
	return &Global{globalList{durations: p.Durations, memory: p.StrikeMemory, entries: map[string]stay{}}}
}

// Strike lists an address after a hard bounce, unless it is listed.
func (g *Global) Strike(address string, now time.Duration) { g.list.strike(address, now) }

// NewGate returns the gate of a production account that sends mail from an
// address. What the identities say of that address is looked up once, as
// package engine does; epoch is virtual time 0.
func NewGate(spec ses.Spec, from string, set *rules.Set, epoch time.Time, global *Global) *Gate {
	ids := ses.NewIdentities(spec.Identities)
	return &Gate{account: openAccount(spec, set, epoch), global: global, verified: ids.Covers(from)}
}

// Suppress puts an address on the account's list.
func (g *Gate) Suppress(address string, reason ses.ListReasons) {
	g.account.list.learn(address, reason)
}

// Pause stops the account, as AWS does.
func (g *Gate) Pause() { g.account.enforcement = ses.Shutdown }

// Decide decides a call with one recipient. Time must not go back.
func (g *Gate) Decide(now time.Duration, address string) Verdict {
	a := &g.account
	if a.enforcement != ses.Shutdown && !g.verified {
		return Verdict(ses.RefusedUnverified)
	}
	if reason := a.admit(now, 1); reason != ses.Accepted {
		return Verdict(reason)
	}
	if _, listed := a.list.suppresses(address); listed {
		return SuppressedAccount
	}
	if g.global.list.suppresses(address, now) {
		return SuppressedGlobal
	}
	return Passed
}
