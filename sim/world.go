package sim

import (
	"slices"
	"time"

	"sesim/sim/des"
	"sesim/sim/mailbox"
	"sesim/sim/measure"
	"sesim/sim/rng"
	"sesim/sim/sender"
	"sesim/sim/ses"
)

// world is the state of one run.
type world struct {
	cfg      *Config
	hooks    Hooks
	now      time.Duration
	events   des.List[event]
	arrivals *des.Merge
	stopped  bool // interrupted

	accounts  []account
	audiences []audience
	senders   []agent
	global    *ses.GlobalList
	bits      []uint8 // a byte for each address; see packages ses and mailbox
	calls     callPool
	delays    delays
	counted   counters
	clock
	series
}

// counters are what the run counts over all accounts.
type counters struct {
	events, admissions, recipients int64
}

// account is an account with what the run counts of it.
type account struct {
	*ses.Account
	Counts
	index  int
	region int
	onTime int64 // accepted calls that were accepted when they were due
	delay  measure.Histogram
	print  fingerprint
	rules  ruleCounts
	noted  int // lines of the timeline that the observer has seen
	// refusals are the first for each reason.
	refusals []Refusal
	// due holds deliveries that are known but not yet counted, by frame.
	due [frames]int64
}

// audience is an audience and where its addresses begin.
type audience struct {
	*mailbox.Audience
	spec      *Audience
	first     uint32
	simulator bool
}

// agent is a sender at work.
type agent struct {
	spec     *Sender
	index    int32
	account  *account
	audience *audience
	arrivals sender.Arrivals
	list     sender.List
	backoff  sender.Backoff
	buffer   []uint32
	draws    drawKeys
	SenderResult
	campaigns []campaign

	// What the account's identities say of this sender's mail.
	fromCovered bool // From is verified
	allCovered  bool // every recipient is verified, or simulated
	own         bool // the recipients' domain is the account's own: not eligible
}

// drawKeys are the streams of a sender's messages; the n-th recipient of the
// m-th message takes number 64 m + n of each.
type drawKeys struct {
	outcome, delivery, bounce, async, asyncDelay, complains, complaint, publish, jitter rng.Key
}

// delays are the distributions of the rules, ready for drawing.
type delays struct {
	delivery, bounce, async, complaint, publish rng.Spread
}

func newWorld(cfg *Config, hooks Hooks) *world {
	w := &world{cfg: cfg, hooks: hooks}
	d := &cfg.Rules.Delay
	w.delays = delays{
		delivery: rng.NewSpread(d.Delivery), bounce: rng.NewSpread(d.Bounce), async: rng.NewSpread(d.Async),
		complaint: rng.NewSpread(d.Complaint), publish: rng.NewSpread(d.Publish),
	}
	w.startClock()
	w.addAudiences()
	w.addAccounts()
	w.addSenders()
	w.addActions()
	w.startSeries()
	return w
}

func (w *world) addAudiences() {
	total := int64(0)
	for i := range w.cfg.Audiences {
		total += w.cfg.Audiences[i].Size
	}
	w.bits = make([]uint8, total)
	w.audiences = make([]audience, len(w.cfg.Audiences))
	first := int64(0)
	for i := range w.cfg.Audiences {
		spec := &w.cfg.Audiences[i]
		w.audiences[i] = audience{
			spec: spec, first: uint32(first), simulator: spec.simulated(),
			Audience: mailbox.New(mailbox.Spec{
				Name: spec.Name, Size: spec.Size, Invalid: spec.Invalid, HardBounce: spec.HardBounce,
				MailboxFull: spec.MailboxFull, FullFor: spec.FullFor, Complaint: spec.Complaint,
				FeedbackLoop: spec.FeedbackLoop, Decay: spec.Decay, DecayPer: spec.DecayPer,
			}, w.cfg.Seed, w.bits[first:first+spec.Size]),
		}
		first += spec.Size
	}
}

func (w *world) addAccounts() {
	var regions []string
	w.accounts = make([]account, len(w.cfg.Accounts))
	for i := range w.cfg.Accounts {
		spec := &w.cfg.Accounts[i]
		region := slices.Index(regions, spec.Region)
		if region < 0 {
			region = len(regions)
			regions = append(regions, spec.Region)
		}
		w.accounts[i] = account{index: i, region: region, Account: ses.NewAccount(ses.Spec{
			Access: spec.Access, Quota: spec.Quota, Rate: spec.Rate,
			Identities: spec.Identities, Suppression: spec.Suppression,
		}, &w.cfg.Rules, w.bits)}
		for n, r := range spec.Requests {
			w.events.Push(r.At, event{kind: evRequest, owner: int32(i), number: uint32(n)})
		}
	}
	w.global = ses.NewGlobalList(&w.cfg.Rules.Global, w.bits, max(len(regions), 1), w.frame)
}

func (w *world) addSenders() {
	w.senders = make([]agent, len(w.cfg.Senders))
	times := make([]time.Duration, len(w.cfg.Senders))
	for i := range w.cfg.Senders {
		spec := &w.cfg.Senders[i]
		key := func(purpose string) rng.Key { return rng.Derive(w.cfg.Seed, "sender", spec.Name, purpose) }
		end := spec.End
		if end == 0 {
			end = w.cfg.Horizon
		}
		a := &w.senders[i]
		*a = agent{
			spec: spec, index: int32(i), account: &w.accounts[spec.Account], audience: &w.audiences[spec.Audience],
			arrivals: sender.NewArrivals(sender.Kind(spec.Traffic.Kind), spec.Traffic.Rate, spec.Traffic.Every, spec.Begin, end, key("arrival")),
			list:     sender.NewList(uint32(w.cfg.Audiences[spec.Audience].Size), sender.Pick(spec.Pick), key("pick")),
			backoff:  sender.Backoff{First: spec.Retry.First, Factor: spec.Retry.Factor, Cap: spec.Retry.Cap},
			buffer:   make([]uint32, 0, spec.Recipients),
			draws: drawKeys{
				key("outcome"), key("delivery"), key("bounce"), key("async"), key("async-delay"),
				key("complains"), key("complaint"), key("publish"), key("jitter"),
			},
		}
		w.checkIdentities(a)
		times[i] = a.arrivals.Next()
	}
	w.arrivals = des.NewMerge(times)
}

func (w *world) addActions() {
	for i, a := range w.cfg.Actions {
		w.events.Push(a.At, event{kind: evAction, number: uint32(i)})
	}
}

// checkIdentities computes what the account's identities say of a sender.
func (w *world) checkIdentities(a *agent) {
	ids := a.account.Identities()
	a.fromCovered = ids.Covers(a.spec.From)
	a.own = ids.CoversDomain(a.audience.spec.Domain)
	a.allCovered = a.audience.simulator || a.own
}
