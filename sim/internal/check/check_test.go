package check

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"sesim/sim"
	"sesim/sim/measure"
	"sesim/sim/rules"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// scenario returns a scenario of one account with one sender to ten
// customers, which cases change.
func scenario(t *testing.T) *sim.Config {
	t.Helper()
	set, err := rules.Edition("current")
	if err != nil {
		t.Fatal(err)
	}
	return &sim.Config{
		Name: "hand-made", Horizon: 60 * day, Rules: set,
		Accounts: []sim.Account{{
			Name: "acme", Region: "us-east-1", Access: ses.Production, Quota: 10, Rate: 2,
			Identities: []string{"acme.example"}, Suppression: ses.ListBounce | ses.ListComplaint,
		}},
		Audiences: []sim.Audience{{Name: "customers", Size: 10, Domain: "customers.example", Local: "c"}},
		Senders: []sim.Sender{{
			Name: "news", From: "news@acme.example", Recipients: 1,
			Traffic: sim.Traffic{Rate: unit.Rate{N: 1, Per: time.Hour}},
		}},
	}
}

// to returns recipients of audience 0 by their numbers.
func to(numbers ...int64) []sim.Address {
	list := make([]sim.Address, len(numbers))
	for i, n := range numbers {
		list[i] = sim.Address{Audience: 0, Number: n}
	}
	return list
}

// sent, refused, mailed and changed are records of account 0 and sender 0.

func sent(at time.Duration, message int64, recipients ...int64) sim.Record {
	return sim.Record{Kind: sim.Sent, At: at, Message: message, Recipients: to(recipients...)}
}

func refused(at time.Duration, message int64, reason ses.Reason, recipients ...int64) sim.Record {
	return sim.Record{Kind: sim.Refused, At: at, Message: message, Reason: reason, Recipients: to(recipients...)}
}

// again turns the record of a first call into that of its n-th retry.
func again(n int, r sim.Record) sim.Record {
	r.Attempt = n
	return r
}

// mailed is what became of a message that was sent at another time.
func mailed(kind sim.RecordKind, at, sentAt time.Duration, message, recipient int64) sim.Record {
	return sim.Record{Kind: kind, At: at, SentAt: sentAt, Message: message, Address: to(recipient)[0]}
}

func async(r sim.Record) sim.Record {
	r.Async = true
	return r
}

func changed(at time.Duration, event ses.Event, rule rules.ID) sim.Record {
	return sim.Record{Kind: sim.Changed, At: at, Sender: -1, Rule: rule, Transition: ses.Transition{At: at, Event: event, Rule: rule}}
}

// noted is a line of the timeline with the words that belong to it.
func noted(at time.Duration, event ses.Event, why string) sim.Record {
	r := changed(at, event, rules.None)
	r.Transition.Why = why
	return r
}

// listedGlobal begins a stay of recipient 0.
func listedGlobal(at, length time.Duration, strikes int) sim.Record {
	return sim.Record{Kind: sim.ListedGlobal, At: at, Address: to(0)[0], Until: at + length, Strikes: strikes}
}

// listedAccount makes an entry on the account's list.
func listedAccount(at time.Duration, recipient int64, reason ses.ListReasons) sim.Record {
	return sim.Record{Kind: sim.ListedAccount, At: at, Address: to(recipient)[0], ListReason: reason}
}

// observe plays records to a checker and returns what it has found, without
// the comparison with a Result.
func observe(cfg *sim.Config, records []sim.Record) error {
	c := New(cfg)
	for i := range records {
		c.Observe(&records[i])
	}
	for _, check := range c.checks {
		if clients, ok := check.(*clients); ok {
			clients.limiters()
		}
	}
	return c.found.err()
}

// sequence is a case: records, and the check that must find fault with them.
type sequence struct {
	name    string
	change  func(*sim.Config) // of the scenario; nil: none
	records []sim.Record
	want    string // "check: part of the message"; empty: no violation at all
}

// play runs the cases of one check. A case without a fault must pass all
// checks; one with a fault must be found by the check in question.
func play(t *testing.T, cases []sequence) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			cfg := scenario(t)
			if c.change != nil {
				c.change(cfg)
			}
			err := observe(cfg, c.records)
			switch {
			case c.want == "" && err != nil:
				t.Errorf("a sequence in order was found fault with: %v", err)
			case c.want != "" && !found(err, c.want):
				t.Errorf("violations are %v, want one with %q", err, c.want)
			}
		})
	}
}

// found reports whether one of the joined violations reads "check: … text".
func found(err error, want string) bool {
	check, text, _ := strings.Cut(want, ": ")
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return false
	}
	for _, one := range joined.Unwrap() {
		var v *Violation
		if errors.As(one, &v) && v.Check == check && strings.Contains(v.What, text) {
			return true
		}
	}
	return false
}

func join(parts ...[]sim.Record) []sim.Record {
	var all []sim.Record
	for _, p := range parts {
		all = append(all, p...)
	}
	return all
}

// with returns the records and some more. It never writes into the array of
// the first.
func with(records []sim.Record, more ...sim.Record) []sim.Record { return join(records, more) }

// TestViolation pins the line that a violation makes: it names check, time,
// account and address.
func TestViolation(t *testing.T) {
	v := &Violation{Check: "quota", At: 25 * time.Hour, Account: "acme", Address: "c1@customers.example", What: "too many"}
	if got, want := v.Error(), "quota: at 1d1h, account acme, c1@customers.example: too many"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestFindingsAreCapped shows that a run full of violations of one check keeps
// five of them and counts the others, and does not hide those of another.
func TestFindingsAreCapped(t *testing.T) {
	var records []sim.Record
	for i := range int64(25) {
		records = append(records, mailed(sim.Delivered, time.Duration(i)*time.Hour, 0, i, 0))
	}
	err := observe(scenario(t), with(records, sent(26*time.Hour, 1, 0)))
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		t.Fatalf("26 violations gave %v", err)
	}
	all := joined.Unwrap()
	if last := all[len(all)-1].Error(); len(all) != maxOfCheck+2 || last != "and 20 more, 26 violations in all" {
		t.Errorf("%d errors, the last %q; want %d violations of one check, one of another and a count", len(all), last, maxOfCheck)
	}
	if !found(err, "calls: message 1 of sender news, after 0 messages") {
		t.Errorf("violations are %v, want the one of another check", err)
	}
}

// TestUnknownAccount shows that a record of an account that does not exist is
// a violation and not a panic.
func TestUnknownAccount(t *testing.T) {
	r := sent(0, 0, 0)
	r.Account = 7
	if err := observe(scenario(t), []sim.Record{r}); !found(err, "order: record of account number 7") {
		t.Errorf("violations are %v", err)
	}
}

// goodRun is a run in which something of everything happens, and its Result.
func goodRun(t *testing.T) (*sim.Config, []sim.Record, *sim.Result) {
	cfg := scenario(t)
	cfg.Audiences[0].FeedbackLoop = unit.Whole
	cfg.Senders[0].Recipients = 2
	cfg.Senders[0].Retry = sim.Retry{On: [ses.Reasons]bool{ses.RefusedRate: true}, First: time.Second, Factor: 1000, Cap: time.Second, Attempts: 2}
	cfg.Actions = []sim.Action{{At: 16 * time.Hour, Do: sim.DoPause}}
	at := time.Minute
	records := []sim.Record{
		sent(0, 0, 0, 1),
		refused(0, 1, ses.RefusedRate, 2, 3),
		mailed(sim.Delivered, 0, 0, 0, 1),
		again(1, sent(time.Second, 1, 2, 3)),
		mailed(sim.Delayed, time.Second, time.Second, 1, 2),
		mailed(sim.Delivered, time.Second, time.Second, 1, 3),
		async(mailed(sim.HardBounced, at, time.Second, 1, 3)),
		{Kind: sim.ListedGlobal, At: at, Address: to(3)[0], Until: at + day, Strikes: 1},
		listedAccount(at, 3, ses.ListBounce),
		mailed(sim.Complained, at, 0, 0, 1),
		listedAccount(at, 1, ses.ListComplaint),
		sent(2*at, 2, 3, 4),
	}
	suppressed := mailed(sim.SuppressedAccount, 2*at, 2*at, 2, 3)
	suppressed.ListReason = ses.ListBounce
	records = append(records, suppressed, mailed(sim.SoftBounced, 15*time.Hour, time.Second, 1, 2), changed(16*time.Hour, ses.EventCustomerPaused, rules.PauseCustomer))
	counts := sim.Counts{Due: 6, Accepted: 6, Late: 2, Requests: 4, Recipients: 8, Delivered: 1, HardBounced: 1, SoftBounced: 1, SuppressedAccount: 1, Complaints: 1, InFlight: 2}
	counts.Refused[ses.RefusedRate] = 2
	delay := &measure.Histogram{}
	if err := delay.Record(time.Second, 3); err != nil {
		t.Fatal(err)
	}
	bounce, complaint := sim.Rate{Final: 0.2, Events: 1, Eligible: 5}, sim.Rate{Final: 0.2, Events: 1, Eligible: 5} // six accepted, one of them listed
	return cfg, records, &sim.Result{
		End: cfg.Horizon,
		Accounts: []sim.AccountResult{{
			Counts: counts, Access: ses.Production, Quota: 10, MaxRate: 2, ListAdded: 2, Listed: 2, QuotaUseMax: 0.6,
			Timeline:  []ses.Transition{records[len(records)-1].Transition},
			Bounce:    bounce,
			Complaint: complaint,
			Delay:     delay,
		}},
		Senders: []sim.SenderResult{{Counts: counts, Messages: 3, Delay: delay, Rates: &sim.SenderRates{Bounce: bounce, Complaint: complaint}}},
		Global:  sim.GlobalResult{Added: 1},
	}
}

// TestFinish compares a hand-made Result with its records, and then one
// number after the other made wrong.
func TestFinish(t *testing.T) {
	finish := func(spoil func(*sim.Result)) error {
		cfg, records, res := goodRun(t)
		c := New(cfg)
		for i := range records {
			c.Observe(&records[i])
		}
		spoil(res)
		return c.Finish(res)
	}
	if err := finish(func(*sim.Result) {}); err != nil {
		t.Fatalf("a right result was found fault with: %v", err)
	}
	for want, spoil := range map[string]func(*sim.Result){
		"conservation: counts 5 requests":                   func(r *sim.Result) { r.Accounts[0].Requests++ },
		"conservation: 9 recipients, but 6 accepted":        func(r *sim.Result) { r.Accounts[0].Recipients++ },
		"conservation: counts 2 delivered":                  func(r *sim.Result) { r.Accounts[0].Delivered++ },
		"conservation: 6 accepted, but 4":                   func(r *sim.Result) { r.Accounts[0].InFlight-- },
		"conservation: counts 0 complaints":                 func(r *sim.Result) { r.Accounts[0].Complaints = 0 },
		"conservation: sender news: the result counts 3 la": func(r *sim.Result) { r.Senders[0].Late++ },
		"conservation: sender news: 6 due, but 5":           func(r *sim.Result) { r.Senders[0].Accepted-- },
		"conservation: 7 due, but 6 accepted":               func(r *sim.Result) { r.Accounts[0].Due++ },
		"conservation: counts 1 given up":                   func(r *sim.Result) { r.Accounts[0].GivenUp++ },
		"conservation: sender news: the result counts 1 wa": func(r *sim.Result) { r.Senders[0].Waiting++ },
		"conservation: counts 1 late, the records tell 2":   func(r *sim.Result) { r.Accounts[0].Late-- },
		"conservation: 7 late of 6 accepted":                func(r *sim.Result) { r.Accounts[0].Late = 7 },
		"conservation: sender news: the result counts 2 ha": func(r *sim.Result) { r.Senders[0].HardBounced++ },
		"conservation: accounts and senders: 0 and 1 in ":   func(r *sim.Result) { r.Accounts = nil },
		"states: the result ends HEALTHY, sandbox":          func(r *sim.Result) { r.Accounts[0].Access = ses.Sandbox },
		"states: the result's timeline has 0 lines":         func(r *sim.Result) { r.Accounts[0].Timeline = nil },
		"quota: the result says 0.5 of the quota":           func(r *sim.Result) { r.Accounts[0].QuotaUseFinal = 0.5 },
		"account list: the result counts 2 entries":         func(r *sim.Result) { r.Accounts[0].Listed = 1 },
		"global list: the result counts 2 stays":            func(r *sim.Result) { r.Global.Added = 2 },
		"reviews: the result has a bounce rate of 0.2, 2":   func(r *sim.Result) { r.Accounts[0].Bounce.Events = 2 },
		"reviews: the result has a complaint rate of 0.":    func(r *sim.Result) { r.Accounts[0].Complaint.Final = 0.1 },
		"conservation: accounts and senders: 1 and 0 in ":   func(r *sim.Result) { r.Senders = nil },
		"calls: the result counts 4 messages":               func(r *sim.Result) { r.Senders[0].Messages++ },
		"calls: the result counts 3 messages":               func(r *sim.Result) { r.Senders[0].TimedOut = 1 },
		"order: the run was not interrupted":                func(r *sim.Result) { r.End -= day },
		"order: the run ended after its horizon":            func(r *sim.Result) { r.End += day },
		"order: the run ended before its last record":       func(r *sim.Result) { r.Interrupted, r.End = true, time.Hour },
	} {
		if err := finish(spoil); !found(err, want) {
			t.Errorf("violations are %v, want one with %q", err, want)
		}
	}
}

func ExampleChecker() {
	set, _ := rules.Edition("current")
	cfg := sim.Config{
		Horizon: time.Hour, Rules: set,
		Accounts:  []sim.Account{{Name: "acme", Access: ses.Production, Quota: 1, Rate: 5, Identities: []string{"acme.example"}}},
		Audiences: []sim.Audience{{Name: "customers", Size: 2, Domain: "customers.example", Local: "c"}},
		Senders:   []sim.Sender{{Name: "news", From: "news@acme.example", Recipients: 1}},
	}
	checker := New(&cfg)
	for i := range int64(2) {
		checker.Observe(&sim.Record{Kind: sim.Sent, At: time.Duration(i) * time.Minute, Message: i, Recipients: []sim.Address{{Number: i}}})
	}
	fmt.Println(checker.found.err())
	// Output: quota: at 1m, account acme, c2@customers.example: accepted 1 recipients with 1 of 1 used in the last 24 hours
}
