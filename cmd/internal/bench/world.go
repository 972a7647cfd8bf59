package bench

import (
	"time"

	"sesim/cmd/internal/bench/reference"
	"sesim/sim/rng"
	"sesim/sim/rules"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// from is the sender of all mail, and spec the account that sends it.
const from = "news@acme.example"

// stay is how long an address stays on the global list: the longest that AWS
// names. Before it ends all are struck again, outside the measured time.
const stay = 14 * unit.Day

func (o *Options) spec() ses.Spec {
	return ses.Spec{
		Access: ses.Production, Quota: o.quota(), Rate: 4 * max(o.MailADay/86_400, 1),
		Identities: []string{"acme.example"}, Suppression: ses.ListBounce | ses.ListComplaint,
	}
}

// ruleSet returns the rules as they ship, with stays of one length.
func ruleSet() *rules.Set {
	set, err := rules.Edition("current")
	if err != nil {
		panic(err) // the edition ships with the program
	}
	set.Global.Durations = []time.Duration{stay}
	return &set
}

// listed reports whether an address is on a list, and whether that is the
// global one: half of them are. They lie scattered, so that the addresses
// which a Zipf order prefers are no special ones.
func listed(n uint32) (on, globally bool) {
	u := scatter.At(uint64(n))
	return u%listedEvery == 0, u/listedEvery%2 == 0
}

var scatter = rng.Derive(1, "bench", "addresses", "listed")

// lane is what one core decides with: an account of its own, and addresses and
// a global list that it may share with others.
type lane struct {
	account  *ses.Account
	global   *ses.GlobalList
	bits     []uint8
	inOrder  bool          // calls are, until something happens to the account
	now      time.Duration // virtual
	step     time.Duration
	verdicts [reference.Verdicts]int64
	touched  uint8    // keeps the compiler from leaving reads out
	_        [64]byte // no two lanes share a line of cache
}

// world is the model ready to decide, a lane for each core.
type world struct {
	lanes []*lane
	sets  []*lane // one lane of each set of addresses
	until time.Duration
}

// newWorld returns a world over n addresses: one set of them with one global
// list for all lanes, or a set and a list for each lane. Half of the listed
// addresses are on the accounts' lists, the others on the global one; where
// lanes share nothing the account's list takes all.
func (o *Options) newWorld(n int64, lanes int, shared bool) *world {
	w := &world{until: stay}
	set := ruleSet()
	size, sets := n, 1
	if !shared {
		size, sets = n/int64(lanes), lanes
	}
	for range sets {
		bits := make([]uint8, size)
		global := ses.NewGlobalList(&set.Global, bits, 1, time.Hour)
		for range lanes / sets {
			l := &lane{account: ses.NewAccount(o.spec(), set, bits), global: global, bits: bits, step: o.step()}
			l.open(from)
			w.lanes = append(w.lanes, l)
			l.suppress(shared)
		}
		w.sets = append(w.sets, w.lanes[len(w.lanes)-1])
	}
	if shared {
		w.strike(0)
	} else {
		w.until = 1<<63 - 1
	}
	for _, l := range w.lanes {
		l.fill(o.MailADay)
	}
	return w
}

// open says what the mail is from.
func (l *lane) open(from string) {
	l.inOrder = l.account.Identities().Covers(from) && l.account.Access() != ses.Sandbox
}

// suppress fills the account's list.
func (l *lane) suppress(shared bool) {
	for n := range uint32(len(l.bits)) {
		if on, globally := listed(n); on && !(globally && shared) {
			l.account.Learn(n, ses.ListBounce, ses.ListBounce)
		}
	}
}

// strike lists the addresses of the global list from a time on.
func (w *world) strike(now time.Duration) {
	for _, l := range w.sets {
		for n := range uint32(len(l.bits)) {
			if on, globally := listed(n); on && globally {
				l.global.Strike(now, 0, n)
			}
		}
	}
	w.until = now + stay
}

// fill sends a day's mail, after which the window takes in as much as leaves
// it.
func (l *lane) fill(mail int64) {
	for range mail {
		l.now += l.step
		l.account.Admit(l.now, ses.Call{Recipients: 1, Counted: 1})
	}
}

// prepare renews stays that would end within this many decisions.
func (w *world) prepare(decisions int) {
	for _, l := range w.lanes {
		if l.now+time.Duration(decisions)*l.step >= w.until {
			w.strike(w.until)
			return
		}
	}
}

// decideAll takes the decision on recipients, one after the other: what package engine asks
// of package ses before it attempts a delivery. Calls that are in order take the short way,
// as they do in package engine, which finds out once whether a sender's calls are.
func (l *lane) decideAll(numbers []uint32) {
	if !l.inOrder {
		for range numbers {
			l.now += l.step
			l.verdicts[l.account.Admit(l.now, ses.Call{Recipients: 1, Counted: 1, Unverified: true})]++
		}
		return
	}
	for len(numbers) > 0 {
		passed, sure := l.decideMost(numbers)
		l.verdicts[reference.Passed] += int64(passed)
		if numbers = numbers[passed:]; len(numbers) > 0 {
			l.verdicts[l.decideOther(numbers[0], sure)]++
			numbers = numbers[1:]
		}
	}
}

// decideMost decides on recipients as long as calls are certain to be accepted and the
// recipients are on no list. It returns how many those are, and whether the call to the next
// one, which it makes as well, is certain to be accepted.
func (l *lane) decideMost(numbers []uint32) (passed int, sure bool) {
	account, bits, now, step := l.account, l.bits, l.now, l.step
	for passed < len(numbers) {
		now += step
		if sure = account.AdmitSure(now); !sure || bits[numbers[passed]]&ses.Listed != 0 {
			break
		}
		passed++
	}
	l.now = now
	return passed, sure
}

// decideOther decides on a recipient for decideMost.
func (l *lane) decideOther(n uint32, sure bool) reference.Verdict {
	if !sure {
		if reason := l.account.AdmitOne(l.now); reason != ses.Accepted {
			return reference.Verdict(reason)
		}
	}
	if l.bits[n]&ses.Listed != 0 {
		return l.look(l.now, n)
	}
	return reference.Passed
}

// look asks the lists about the recipient of an accepted call.
func (l *lane) look(now time.Duration, n uint32) reference.Verdict {
	effective := l.account.Reasons(nil)
	if _, on := l.account.ListSuppresses(n, effective); on {
		return reference.SuppressedAccount
	}
	if l.global.Suppresses(now, 0, n) && !l.account.OverridesGlobal(effective) {
		return reference.SuppressedGlobal
	}
	return reference.Passed
}
