package engine

import (
	"fmt"
	"slices"
	"time"

	"sesim/sim"
	"sesim/sim/client"
	"sesim/sim/des"
	"sesim/sim/mailbox"
	"sesim/sim/rng"
	"sesim/sim/sender"
	"sesim/sim/ses"
)

// shared is what the partitions of a run share. It does not change, except for the
// bytes of the addresses, each of which belongs to one partition.
type shared struct {
	bits       []uint8  // a byte for each address; see packages ses and mailbox, and contacted
	first      []uint32 // where the addresses of each audience begin
	delays     delays
	retryWaits []retryWait   // after the first, second, … failed attempt; the last one repeats
	frame      time.Duration // the width of a sample of the series
	traced     bool          // some traffic is recorded, which may turn out to be unreadable
	ownRates   []bool        // of each sender of the scenario; see sim.Config
}

func newShared(cfg *sim.Config) *shared {
	b := &shared{
		retryWaits: retryWaits(&cfg.Rules.Retry), frame: sim.SeriesFrame(cfg.Horizon, len(cfg.Accounts)),
		traced: anyTrace(cfg), ownRates: cfg.OwnRates(),
	}
	d := &cfg.Rules.Delay
	b.delays = delays{
		delivery: rng.NewSpread(d.Delivery), bounce: rng.NewSpread(d.Bounce), async: rng.NewSpread(d.Async),
		complaint: rng.NewSpread(d.Complaint), publish: rng.NewSpread(d.Publish),
	}
	total, seen := int64(0), int64(0)
	for i := range cfg.Audiences {
		b.first = append(b.first, uint32(total))
		if cfg.Audiences[i].Seen == nil {
			total += cfg.Audiences[i].Most()
		} else {
			seen = cfg.Audiences[i].Size // all such audiences come last and share their numbers
		}
	}
	b.bits = make([]uint8, total+seen)
	return b
}

// world is the state of a run, or of one of its partitions. Its own methods are the
// loop, calls and mail under way: what the fast path needs together. What else goes
// on in a run has a type and a file of its own.
type world struct {
	*shared
	partition *partition
	cfg       *sim.Config // the partition's
	hooks     sim.Hooks
	now       time.Duration
	events    des.List[event]
	merge     *des.Merge    // of the arrivals that are not batched
	batch     *arrivalBatch // nil: all senders are in the merge
	live      *live         // what a Session needs; nil in a run
	stopped   bool          // interrupted
	lost      error         // of the first trace that could not be read on; nil: none
	meetEvery int64         // step returns at every sample whose number is a multiple; 0: at none
	stoppable bool          // the run may be interrupted; see later
	met       bool          // the last one is such a sample
	pathEpoch uint16        // counts the events that may have changed the path of mail; never 0

	accounts  []account
	regions   []string // of the accounts, by their numbers there
	audiences []audience
	senders   []senderState
	hot       []hotState        // the senders'
	certain   []certainty       // of the senders' retries; nil: nothing is looked for; see refusals.go
	changes   uint64            // counts what may end what is certain: entries of the event list, duties of the clock, steps
	rated     []*senderState    // those with rates
	churning  []int32           // those whose audience loses addresses
	arrivals  []sender.Arrivals // the senders'
	global    *ses.GlobalList
	clients   []runningClient
	turns     []sim.Turn             // of senders with several accounts
	inClient  []int32                // number of each sender among those of its client; nil: there are no clients
	closed    [client.Closings]int64 // calls that met a closed session
	calls     callPool
	called    *call // which callFast makes
	counted   counters
	later     [frames][]int32 // the senders of the deliveries of each frame ahead; of a stoppable run only

	records records
	people  people
	sets    sets
	clock   clock
	series  series
}

// counters are what the run counts over all accounts.
type counters struct {
	events, admissions, recipients int64
}

// account is an account with what the run counts of it.
type account struct {
	// What every message needs stands first.
	ses.Account
	print fingerprint
	soon  int64 // deliveries of the frame under way that are known but not yet counted
	// What the series and the rules ask for is counted here as well as of the
	// sender; the rest is added up from the senders at the end.
	sim.Counts

	index   int
	region  int
	senders int
	rules   ruleCounts
	debts   bool // some calls have several recipients, so that the bucket may go into debt
	// refusals are the first for each reason.
	refusals []sim.Refusal
	// exempt are the verified recipients of an audience, where they are some of it.
	exempt map[*audience][]uint32
	// due holds such deliveries of later frames.
	due [frames]int64
}

// audience is an audience and where its addresses begin.
type audience struct {
	*mailbox.Audience
	spec      *sim.Audience
	first     uint32
	size      uint64 // addresses now
	simulator bool
	notes     bool // the run notes whom mail has reached; see contacted
	region    int  // of the first account that writes to it; -1: none yet
	regions   bool // accounts of several Regions write to it
	campaigns uint64
}

// beginCampaign draws anew what each campaign to the audience does.
func (u *audience) beginCampaign() {
	u.campaigns++
	for i := range u.spec.Redraws {
		u.spec.Redraws[i].Set(u.Audience, u.campaigns)
	}
}

// hotState is what the fast path needs of a sender (see fastpath.go), in one cache
// line: with more, those of ten thousand senders would not fit into the cache.
type hotState struct {
	classifiedAt uint16 // the epoch in which path was found
	path         mailPath
	batch        batching
	to           uint32 // of fastUniform the next recipient, of fastCalls the one of the call, by its number over all audiences
	account      *account
	audience     *audience
	outcome      rng.Key // of attempts; for numbers, see drawKeys
	delivery     rng.Key
	complains    rng.Key
	messages     int64      // that were due
	recipients   rng.Stream // the list's
}

// senderState is the state of a sender. What bounces of its mail need comes first,
// with what they need of its list in one cache line: thousands of senders do not fit
// into the cache.
type senderState struct {
	*hotState
	index   int32
	exempt  exemption             // who of the recipients is exempt
	hygiene ses.ListReasons       // for which addresses are taken off the list
	invalid bool                  // every message is too large
	fast    bool                  // the fast path handles its settings; see supportsFast
	set     *ses.ConfigurationSet // nil: none
	each    []trait               // what differs from recipient to recipient; nil: nothing
	draws   drawKeys
	list    sender.List

	// tally counts what is out of the ordinary, which is a message to one recipient,
	// sent with one call, accepted and delivered: Due counts the further recipients
	// of messages, Requests and Recipients those of further calls, less the ones of
	// connections that never reached SES; see result.
	tally     sim.SenderResult
	refused   int64            // calls
	rates     *ses.MailRates   // of the sender's mail; nil: not of its own
	reported  *sender.Reported // addresses with published hard bounces; nil: none
	spec      *sim.Sender
	arrivals  *sender.Arrivals
	backoff   sender.Backoff
	buffer    []uint32
	campaigns []campaign
	port      *sender.Port  // nil: no throttle
	routes    *routes       // nil: the sender has one only
	home      *senderState  // the route with its list and campaigns, mostly itself
	trace     sim.TraceRows // nil: none
	row       sim.TraceRow  // the trace's message that is due next

	// What the identities say of this sender's mail; see identities.go.
	authorized bool     // the owner lets the account send; of delegated mail only
	allCovered bool     // every recipient is verified, or simulated
	addresses  bool     // the account has verified addresses that may be recipients
	resends    bool     // it may send to an address with a published bounce; here for space
	live       bool     // a route of a Session, not a sender of the scenario; here for space
	failing    []string // identities of the call that fail the check, as given
}

// result is what became of the sender's messages. Each recipient is accepted,
// given up, or waits; and each accepted one whose outcome is not counted was
// delivered.
func (a *senderState) result(end time.Duration) sim.SenderResult {
	r := a.tally
	if stop := a.spec.End; stop > 0 && a.spec.Client == 0 { // it sends nothing from there on
		end = min(end, stop)
	}
	for i := range a.campaigns {
		r.Campaigns = append(r.Campaigns, a.campaigns[i].result(max(end, a.campaigns[i].start), sim.Cut))
	}
	r.Messages, r.Removed = a.messages, a.list.Removed()
	r.Due += a.messages
	r.Requests += a.messages
	r.Recipients += r.Due
	r.Accepted = r.Due - r.GivenUp - r.Waiting
	r.Delivered = r.Accepted - r.HardBounced - r.SoftBounced - r.SuppressedAccount - r.SuppressedGlobal - r.Simulator -
		r.Rejected - r.InFlight
	return r
}

// drawKeys are the streams of a sender's messages; the n-th recipient of the
// m-th message takes number 64 m + n of each.
type drawKeys struct {
	publish, jitter, bounce, async, asyncDelay, complaint, subtype, reply, scan, malformed rng.Key
}

func newDrawKeys(key func(purpose string) rng.Key) drawKeys {
	return drawKeys{
		key("publish"), key("jitter"), key("bounce"), key("async"), key("async-delay"), key("complaint"),
		key("subtype"), key("reply"), key("scan"), key("malformed"),
	}
}

// delays are the distributions of the rules, ready for drawing.
type delays struct {
	delivery, bounce, async, complaint, publish rng.Spread
}

func newWorld(p *partition, b *shared, hooks sim.Hooks) *world {
	w := &world{shared: b, partition: p, cfg: &p.cfg, hooks: hooks, pathEpoch: 1, stoppable: hooks.Tick != nil || b.traced}
	w.records = newRecords(w, hooks)
	w.people.w, w.sets.w, w.clock.w, w.series.w = w, w, w, w
	w.addAudiences()
	w.addAccounts()
	if p.liveRoutes > 0 {
		w.live = newLive(w, p.cfg.Audiences[len(p.cfg.Audiences)-1].Seen)
	}
	w.clock.start()
	w.addSenders()
	w.people.start()
	w.series.start()
	return w
}

func (w *world) addAudiences() {
	w.audiences = make([]audience, len(w.cfg.Audiences))
	for i := range w.cfg.Audiences {
		spec := &w.cfg.Audiences[i]
		first := w.first[w.partition.audiences[i]]
		boxes := spec.Mailbox()
		boxes.Until = w.cfg.Horizon
		w.audiences[i] = audience{
			spec: spec, first: first, size: uint64(spec.Size), region: -1, simulator: len(spec.Addresses) == 0 && isSimulator(spec),
		}
		if bits := w.bits[int64(first) : int64(first)+spec.Most()]; spec.Seen != nil {
			w.audiences[i].Audience = mailbox.ByHash(boxes, w.cfg.Seed, bits, spec.Seen)
		} else {
			w.audiences[i].Audience = mailbox.New(boxes, w.cfg.Seed, bits)
		}
	}
	for i := range w.cfg.Actions {
		if a := &w.cfg.Actions[i]; a.Do == sim.DoSet && a.Change.Key == sim.KeyAudienceInvalid {
			w.audiences[a.Change.Index].notes = true
		}
	}
}

// contacted is the bit of an address's byte that belongs to this package: SES has tried
// to deliver mail to it. It is set where an action needs it, by the slow path.
const contacted = 1 << 6

func (w *world) addAccounts() {
	w.accounts = make([]account, 0, len(w.cfg.Accounts)+w.partition.openings)
	for i := range w.cfg.Accounts {
		w.addAccount(i)
	}
	w.global = ses.NewGlobalList(&w.cfg.Rules.Global, w.bits, max(len(w.regions), 1), w.frame)
}

// addAccount adds the account with the next index. There is room.
func (w *world) addAccount(i int) {
	spec := &w.cfg.Accounts[i]
	region := slices.Index(w.regions, spec.Region)
	if region < 0 {
		region = len(w.regions)
		w.regions = append(w.regions, spec.Region)
	}
	w.accounts = append(w.accounts, account{index: i, region: region, Account: *ses.NewAccount(ses.Spec{
		Access: spec.Access, Quota: spec.Quota, Rate: spec.Rate,
		Identities: spec.Identities, Suppression: spec.Suppression, History: spec.History,
	}, &w.cfg.Rules, w.bits)})
	w.sets.start(&w.accounts[i])
}

func (w *world) addSenders() {
	n := len(w.cfg.Senders)
	w.senders, w.hot, w.arrivals = make([]senderState, n, n+w.partition.liveRoutes), make([]hotState, n), make([]sender.Arrivals, n)
	times := make([]time.Duration, n+len(w.cfg.Clients))
	w.addClients()
	for i := range w.senders {
		w.addSender(i)
		if i > 0 {
			w.arrivals[i].Share(&w.arrivals[i-1])
		}
		times[i] = w.arrivals[i].Next()
	}
	for i := range w.cfg.Actions {
		if a := &w.cfg.Actions[i]; a.Do == sim.DoSet && a.Change.Key == sim.KeySenderOnBounce {
			for k := range w.routesOf(a.Change.Index) {
				w.senders[a.Change.Index+k].resends = true
			}
		}
	}
	w.startRates()
	w.startCertain()
	for i := range w.clients {
		times[n+i] = des.Never
	}
	w.startBatch(times)
	for i := range w.senders {
		if a := &w.senders[i]; a.batch == unbatched {
			a.arrivals.LookAhead()
			a.list.LookAhead()
		}
	}
	w.merge = des.NewMerge(times)
}

// addSender fills in the i-th sender.
func (w *world) addSender(i int) {
	spec := &w.cfg.Senders[i]
	key, isLead := rng.Of(w.cfg.Seed, "sender", spec.Name).For, w.partition.isLead(i)
	s, audience, picks := &w.hot[i], &w.audiences[spec.Audience], "pick"
	if spec.Mixture != nil {
		picks += " " + audience.spec.Name
	}
	*s = hotState{
		account: &w.accounts[spec.Account], audience: audience,
		outcome: key("outcome"), delivery: key("delivery"), complains: key("complains"), recipients: key(picks).Stream(),
	}
	end := spec.End
	if end == 0 {
		end = w.cfg.Horizon
	}
	w.arrivals[i] = sender.NewTrace(end)
	if isLead {
		w.arrivals[i] = newArrivals(&spec.Traffic, spec.Begin, end, key("arrival"))
	}
	a := &w.senders[i]
	*a = senderState{
		hotState: s, index: int32(i), spec: spec, hygiene: hygieneOf(spec), arrivals: &w.arrivals[i],
		list:    sender.NewListOn(&s.recipients, uint32(audience.spec.Size), pickOf(spec)),
		backoff: sender.Backoff{First: spec.Retry.First, Factor: spec.Retry.Factor, Cap: spec.Retry.Cap},
		buffer:  make([]uint32, 0, spec.Recipients+1),
		draws:   newDrawKeys(key),
		invalid: spec.Size > spec.Interface.MaxSize(),
		resends: !spec.RemoveBounced || spec.Retry.Attempts > 0 || spec.Client > 0 || spec.Traffic.Kind == sim.Recorded,
		fast:    !audience.notes && supportsFast(*spec, *audience.spec, w.cfg.Accounts[spec.Account]),
	}
	a.list.Watch(w.bits[int64(audience.first) : int64(audience.first)+audience.spec.Most()])
	if isLead {
		w.startLead(a, key)
	} else {
		before := &w.senders[i-1]
		a.port, a.routes = before.port, before.routes
		if spec.Client > 0 {
			w.inClient[i] = w.inClient[i-1]
		}
	}
	a.takePlace()
	if audience.spec.Churn > 0 && a.home == a {
		w.churning = append(w.churning, int32(i))
	}
	if spec.Set > 0 {
		a.set = w.sets.of[spec.Account][spec.Set-1]
	}
	audience.writes(a.account)
	a.account.debts = a.account.debts || spec.MeanRecipients() > 1000 || spec.Traffic.Kind == sim.Recorded
	w.checkIdentities(a)
}

// startLead fills in what a sender has once.
func (w *world) startLead(a *senderState, key func(purpose string) rng.Key) {
	spec := a.spec
	if spec.Throttled25 {
		port := sender.NewPort(w.cfg.Rules.Mail.Port25PerMinute)
		a.port = &port
	}
	if spec.Traffic.Kind == sim.Recorded {
		a.trace = spec.Traffic.Trace.Open()
		w.nextRow(a)
	}
	if spec.Client > 0 {
		w.join(a, key)
	}
	w.startRoutes(a, key)
}

// pickOf returns how a sender picks recipients: campaigns do it in the order of the list.
func pickOf(s *sim.Sender) sim.Pick {
	if s.Traffic.Kind == sim.Campaign {
		return sim.Sequential
	}
	return s.Pick
}

// writes notes that an account writes to the audience.
func (u *audience) writes(acc *account) {
	u.regions = u.regions || u.region >= 0 && u.region != acc.region
	u.region = acc.region
}

// growLists adds the addresses that have joined the audiences to the senders' lists.
func (w *world) growLists() {
	grown := false
	for i := range w.audiences {
		u := &w.audiences[i]
		was := u.size
		u.size = uint64(u.Size())
		grown = grown || u.size > was
	}
	if !grown {
		return
	}
	for i := range w.arrivals { // a Session's routes have no lists
		a := &w.senders[i]
		if uint64(a.list.Size()) == a.audience.size {
			continue
		}
		if a.list.Left() == 0 {
			w.invalidatePaths()
		}
		if a.path&uniform != 0 {
			a.recipients.Back(1)
			a.draw()
		}
		a.list.Grow(int64(a.audience.size))
	}
}

// shortenLists takes the addresses that have left the audiences off the senders' lists.
func (w *world) shortenLists() {
	for _, i := range w.churning {
		a := &w.senders[i]
		for n := range a.audience.Left() {
			a.list.Leave(n)
		}
		if a.list.Left() == 0 {
			w.invalidatePaths()
		}
	}
}

// startRates gives the senders rates of their own that want them and share their account.
func (w *world) startRates() {
	for i := range w.senders {
		a := &w.senders[i]
		switch {
		case w.sharesRates(a.account) || a.spec.Accounts != nil || !w.ownRates[w.partition.senders[i]]:
		case w.partition.isLead(i):
			a.rates = ses.NewMailRates(&a.account.Account)
			w.rated = append(w.rated, a)
		default:
			a.rates = w.senders[i-1].rates
		}
	}
}

// sharesRates reports whether the rates of an account are those of its only sender.
func (w *world) sharesRates(acc *account) bool {
	return acc.senders == 1 && w.cfg.Accounts[acc.index].History == nil
}

// hygieneOf returns for which reasons a sender takes addresses off its list.
func hygieneOf(s *sim.Sender) (r ses.ListReasons) {
	if s.RemoveBounced {
		r |= ses.ListBounce
	}
	if s.RemoveComplained {
		r |= ses.ListComplaint
	}
	return r
}

func newArrivals(t *sim.Traffic, begin, end time.Duration, key rng.Key) (a sender.Arrivals) {
	switch t.Kind {
	case sim.Diurnal:
		a = sender.NewDiurnal(t.Rate, t.Peak, t.Depth, begin, end, key)
	case sim.Recorded:
		return sender.NewTrace(end)
	default:
		a = sender.NewArrivals(t.Kind, t.Rate, t.Every, begin, end, key)
	}
	if t.Calendar != nil {
		a.Follow(t.Calendar, begin, key)
	}
	return a
}

// anyTrace reports whether a sender's traffic is recorded.
func anyTrace(cfg *sim.Config) bool {
	return slices.ContainsFunc(cfg.Senders, func(s sim.Sender) bool { return s.Traffic.Kind == sim.Recorded })
}

// nextRow reads a trace on to the next message from the sender's begin on. A
// trace that cannot be read on stops the run at the next sample, where all counts
// are whole.
func (w *world) nextRow(a *senderState) {
	for a.trace.Next(&a.row) {
		if a.row.At >= a.spec.Begin {
			a.arrivals.Set(a.row.At)
			return
		}
	}
	a.arrivals.Stop()
	if err := a.trace.Err(); err != nil && w.lost == nil {
		w.lost, w.clock.stopping = fmt.Errorf("sender %s: %w: %w", a.spec.Name, sim.ErrTrace, err), true
	}
}
