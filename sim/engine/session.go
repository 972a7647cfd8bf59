package engine

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"sesim/sim"
	"sesim/sim/directory"
	"sesim/sim/rules"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// A Session is a run driven from outside: its clock moves when it is told to, and calls
// and operations come to it at the moment that its clock reads, after everything that is
// due by then. Senders of the scenario send beside them. A Session is not for concurrent
// use.
//
// It is a function as Run is: the same Config and the same inputs at the same times give
// the same answers, the same records and the same Result. A call of a Session always takes
// the slow path.
type Session struct {
	w    *world
	live *live
	cfg  sim.Config // the world's may have routes instead of senders
}

// Open returns a Session of a scenario at time 0. Its clock goes up to the horizon. Of the
// hooks it knows Observer and Stays; their records come within the calls of methods.
//
// Addresses that are none of an audience with known addresses come to the first audience
// that they match (sim.Audience.Matches), and else to one whose mail always arrives. What
// they are is drawn from a hash of the address: see mailbox.ByHash.
//
// Calls other than sending have no limit (api.per_second), unless the scenario itself sets
// one: programs that prepare an account make them at once.
//
// The error wraps sim.ErrConfig.
func Open(cfg sim.Config, hooks sim.Hooks) (*Session, error) {
	if err := cfg.Check(); err != nil {
		return nil, err
	}
	unknown := strangers(&cfg, directory.New(cfg.Serve.Addresses))
	if len(unknown) > math.MaxUint16 {
		return nil, fmt.Errorf("%w: %d audiences with patterns: at most %d", sim.ErrConfig, len(unknown), math.MaxUint16)
	}
	known := int64(0)
	for i := range cfg.Audiences {
		known += cfg.Audiences[i].Most()
	}
	if cfg.Serve.Addresses < 0 || known+cfg.Serve.Addresses > sim.MaxAddresses {
		return nil, fmt.Errorf("%w: %d addresses besides %d of audiences: at most %d in all",
			sim.ErrConfig, cfg.Serve.Addresses, known, sim.MaxAddresses)
	}
	cfg.Audiences = slices.Concat(cfg.Audiences, unknown)
	if !slices.Contains(cfg.OwnRules, rules.Parameters()[rules.ParamAPIPerSecond].Name) {
		cfg.Rules.API.PerSecond = 0
	}
	cfg.Accounts = append(make([]sim.Account, 0, len(cfg.Accounts)+sim.MaxOpenings), cfg.Accounts...)
	for i := range cfg.Accounts { // which the session changes
		cfg.Accounts[i].Sets = slices.Clone(cfg.Accounts[i].Sets)
		cfg.Accounts[i].Requests = slices.Clone(cfg.Accounts[i].Requests)
	}
	p := unpartitioned(&cfg)
	p.cfg.Actions = slices.Clone(p.cfg.Actions)
	p.liveRoutes, p.openings = maxRoutes, sim.MaxOpenings
	shared := newShared(&cfg)
	shared.frame = sessionFrame
	w := newWorld(&p, shared, sim.Hooks{Observer: hooks.Observer, Stays: hooks.Stays})
	return &Session{w, w.live, cfg}, nil
}

// sessionFrame is the interval of the series of a Session, whose length nobody knows.
const sessionFrame = 5 * time.Minute

// strangers returns the audiences of the addresses that nobody announced, in the order in
// which they are matched: the mailbox simulator's, those of magic labels, those of the
// scenario's patterns, and one for all others.
func strangers(cfg *sim.Config, addresses *directory.Directory) (list []sim.Audience) {
	add := func(a sim.Audience, name string, match ...string) {
		a.Name, a.Match, a.Seen = name, match, addresses
		a.Size, a.Domain, a.Local, a.Addresses = max(cfg.Serve.Addresses, 1), "", "", nil
		a.Growth, a.Churn = sim.Growth{}, 0 // nobody joins a directory by itself, and it forgets nobody
		list = append(list, a)
	}
	add(sim.Audience{Domain: ses.SimulatorDomain}, "(mailbox simulator)", ses.SimulatorDomain)
	list[0].Domain = ses.SimulatorDomain
	if cfg.Serve.Magic {
		for _, m := range magic {
			add(m.audience, "("+m.label+")", "*+sesim-"+m.label+"@")
		}
	}
	for i := range cfg.Audiences {
		if a := &cfg.Audiences[i]; len(a.Match) > 0 {
			add(*a, a.Name, a.Match...)
		}
	}
	add(sim.Audience{FeedbackLoop: unit.Whole}, "(others)", "*")
	return list
}

// magic are the labels that decide what becomes of mail, if the scenario allows them.
var magic = [...]struct {
	label    string
	audience sim.Audience
}{
	{"bounce", sim.Audience{HardBounce: unit.Whole}},
	{"complaint", sim.Audience{FeedbackLoop: unit.Whole, Complaint: unit.Whole}},
	{"mailboxfull", sim.Audience{MailboxFull: unit.Whole}},
	{"unknown", sim.Audience{Invalid: unit.Whole}},
}

// Config returns the scenario as the session knows it: with audiences of the addresses
// that nobody announced, and configuration sets that were made meanwhile. It must not be
// changed.
func (s *Session) Config() *sim.Config { return &s.cfg }

// Now returns the virtual time.
func (s *Session) Now() time.Duration { return s.w.now }

// Next returns when something happens by itself next, samples of the series left out, and
// what. It is the horizon, and "the end", if nothing does before.
func (s *Session) Next() (at time.Duration, what string) {
	w := s.w
	due, sender := w.nextArrival()
	duty := min(w.clock.nextEval, w.clock.nextDay, w.clock.nextHour)
	event := w.events.Next()
	switch at = min(due, duty, event); {
	case at >= w.cfg.Horizon:
		return w.cfg.Horizon, "the end"
	case event == at:
		return at, w.events.First().kind.String()
	case duty == at && duty == w.clock.nextEval:
		return at, "evaluation of the rates"
	case duty == at && duty == w.clock.nextDay:
		return at, "end of the day"
	case duty == at:
		return at, "changes of the audiences"
	case sender >= len(w.arrivals):
		return at, "call of client " + w.cfg.Clients[sender-len(w.arrivals)].Name
	case sender == pastBatch:
		return at, "message of a sender"
	}
	return at, "message of " + w.cfg.Senders[sender].Name
}

// Advance handles all that is due at or before a time, but before the horizon, and moves the
// clock there. It asks stop, if there is one, after each moment at which something was
// handled, and ends there if stop returns true. It returns the time reached. A time before
// Now changes nothing. Advance(a, nil) and then Advance(b, nil) is Advance(b, nil).
func (s *Session) Advance(to time.Duration, stop func() bool) time.Duration {
	to = min(to, s.w.cfg.Horizon-1)
	for stop != nil {
		at := s.w.next()
		if at > to {
			break
		}
		if s.step(at); stop() {
			return s.w.now
		}
	}
	s.step(max(to, s.w.now))
	return s.w.now
}

// step handles what is due at or before a time. A trace that cannot be read on ends its
// sender and not the session; see Close.
func (s *Session) step(to time.Duration) {
	for !s.w.step(to) {
		s.w.stopped, s.w.clock.stopping = false, false
	}
}

// Send decides a call now. The error wraps sim.ErrFull, or is about indexes out of
// range; then nothing was decided.
func (s *Session) Send(c *sim.Call) (sim.Answer, error) {
	if n := len(s.w.accounts); c.Account < 0 || c.Account >= n || c.Delegated && (c.Owner < 0 || c.Owner >= n) {
		return sim.Answer{}, fmt.Errorf("call of account %d, owner %d: there are %d accounts", c.Account, c.Owner, n)
	}
	s.step(s.w.now)
	return s.live.send(c)
}

// Apply is Send, Do or Open.
func (s *Session) Apply(in *sim.Input) (sim.Answer, error) {
	switch {
	case in.Call != nil:
		return s.Send(in.Call)
	case in.Operation != nil:
		return s.Do(in.Operation)
	case in.Open != nil:
		return sim.Answer{}, s.Open(in.Open)
	}
	return sim.Answer{}, errors.New("an input without a call, an operation and an opening")
}

// Open gives a customer an account in a further Region: the last of Config's accounts. Its
// name is that of the customer with the Region. The error wraps sim.ErrFull, or is about an
// account that there is already or an index out of range; nothing has changed then.
func (s *Session) Open(o *sim.Opening) error {
	s.step(s.w.now)
	w, n := s.w, len(s.w.accounts)
	if o.Account < 0 || o.Account >= n || o.Region == "" {
		return fmt.Errorf("opening of Region %q for account %d: there are %d accounts", o.Region, o.Account, n)
	}
	customer := s.cfg.Accounts[o.Account].CustomerName()
	for i := range s.cfg.Accounts {
		if a := &s.cfg.Accounts[i]; a.Region == o.Region && a.CustomerName() == customer {
			return fmt.Errorf("opening of Region %q: %s has account %s there", o.Region, customer, a.Name)
		}
	}
	if n == cap(w.accounts) {
		return fmt.Errorf("%w: %d accounts in Regions that were opened", sim.ErrFull, sim.MaxOpenings)
	}
	a := sim.NewAccount()
	a.Region, a.Customer, a.Name = o.Region, customer, customer+"-"+o.Region
	for s.named(a.Name) {
		a.Name += "-2"
	}
	s.cfg.Accounts = append(s.cfg.Accounts, a)
	w.cfg.Accounts = s.cfg.Accounts
	known := len(w.regions)
	w.addAccount(n)
	if len(w.regions) > known {
		w.global.AddRegion()
	}
	w.partition.accounts, w.records.noted = append(w.partition.accounts, n), append(w.records.noted, 0)
	w.clock.states = append(w.clock.states, w.accounts[n].Enforcement())
	w.people.add()
	w.live.addAccount(n)
	w.series.add(&w.accounts[n])
	return nil
}

// named reports whether metrics of a name are somebody's.
func (s *Session) named(name string) bool {
	return slices.ContainsFunc(s.cfg.Accounts, func(a sim.Account) bool { return a.Name == name }) ||
		slices.ContainsFunc(s.cfg.Senders, func(o sim.Sender) bool { return o.Name == name }) ||
		slices.ContainsFunc(s.cfg.Clients, func(c sim.Client) bool { return c.Name == name })
}

// Close ends the session now. The Result is that of a run that ends now; as that of Run
// it comes with an error if a trace could not be read. The session cannot be used any
// more.
func (s *Session) Close() (*sim.Result, error) {
	s.step(s.w.now)
	if s.w.now < s.w.cfg.Horizon-1 {
		s.w.cfg.Horizon = max(s.w.now, 1)
	}
	s.w.finish()
	return gather(&s.cfg, []*world{s.w})
}

// Describe returns what the API tells of an account now.
func (s *Session) Describe(account int) ses.Description {
	return s.w.accounts[account].Describe(s.w.now)
}

// Meters returns the figures on which admission bases its decisions now.
func (s *Session) Meters(account int) ses.Meters { return s.w.accounts[account].Meters(s.w.now) }

// Rates returns the bounce rate and the complaint rate of an account, as of the latest
// evaluation.
func (s *Session) Rates(account int) (bounce, complaint ses.RateFigures) {
	return s.w.accounts[account].Rates(s.w.now)
}

// Listed returns how many addresses are on the global list; those that have left it since
// the latest sample of the series, at most 5 minutes ago, are counted still.
func (s *Session) Listed() int64 { return s.w.global.Counted() }

// Timeline returns the transitions of an account so far. It must not be modified.
func (s *Session) Timeline(account int) []ses.Transition { return s.w.accounts[account].Timeline() }

// Details returns the last request for production access of an account that AWS took up;
// nil: none.
func (s *Session) Details(account int) *sim.Request { return s.w.people.of[account].details }

// Verification returns the status of an identity of an account.
func (s *Session) Verification(account int, identity string) ses.VerificationStatus {
	return s.w.accounts[account].VerificationStatus(identity)
}

// Enforcement returns the enforcement status of an account.
func (s *Session) Enforcement(account int) ses.Enforcement {
	return s.w.accounts[account].Enforcement()
}

// Set returns the number, from 1, of an account's configuration set, and whether it exists.
// 0: there never was one of that name.
func (s *Session) Set(account int, name string) (number int, exists bool) {
	number = s.live.set(account, name)
	return number, number > 0 && !s.w.sets.of[account][number-1].Missing()
}

// Value returns the value of a metric of an account or a sender so far, as thresholds name
// it; data is false if there is none.
func (s *Session) Value(metric string) (value float64, data bool) {
	w := s.w
	r := sim.Result{
		End: w.now, Accounts: make([]sim.AccountResult, len(w.accounts)), Senders: make([]sim.SenderResult, len(s.cfg.Senders)),
	}
	sums, own := w.gatherSenders(&r)
	delays := w.accountDelays(own)
	for i := range w.accounts {
		r.Accounts[i] = w.accountResult(&w.accounts[i], &sums[i], delays[i])
	}
	return r.Value(&s.cfg, metric)
}

// Do does an operation now. What SES refuses is in the Answer; an error is about an
// operation that cannot be done, and nothing was done then.
func (s *Session) Do(o *sim.Operation) (sim.Answer, error) {
	s.step(s.w.now)
	if o.Request != nil {
		return s.request(o.Account, *o.Request)
	}
	action, err := s.resolve(o)
	if err != nil {
		return sim.Answer{}, err
	}
	p, acc := &s.w.people, &s.w.accounts[ownerOf(&action)]
	defer s.w.records.noteChanges(acc)
	s.w.invalidatePaths()
	if isOperation(&action) && !acc.AdmitOperation(s.w.now) {
		return p.noteThrottled(acc, &action, ""), nil
	}
	number := uint32(0)
	if action.Do == sim.DoVerify {
		number = uint32(len(s.w.cfg.Actions))
		s.w.cfg.Actions = append(s.w.cfg.Actions, action)
	}
	s.create(acc, &action, o)
	return p.do(acc, &action, number), nil
}

// request submits a request for production access for the account and those in the
// Regions that it names.
func (s *Session) request(account int, r sim.Request) (sim.Answer, error) {
	if account < 0 || account >= len(s.w.accounts) {
		return sim.Answer{}, fmt.Errorf("request of account %d: there are %d accounts", account, len(s.w.accounts))
	}
	if r.Outcome > ses.MoreInfo || r.Quota < -1 || r.Rate < 0 {
		return sim.Answer{}, fmt.Errorf("request with outcome %d, quota %d, rate %d", r.Outcome, r.Quota, r.Rate)
	}
	cfg, p := s.w.cfg, &s.w.people
	r.At = s.w.now
	of := &cfg.Accounts[account].Requests
	*of = append(*of, r)
	n, taken, answer := len(*of)-1, false, sim.Answer{}
	for _, owner := range requesters(cfg, account, &r) {
		did := p.submit(owner, account, n)
		taken = taken || did != ses.Conflicting
		if timeline := s.w.accounts[owner].Timeline(); did == ses.Conflicting && owner == account {
			answer = refused(timeline[len(timeline)-1].Rule, ses.Conflict())
		}
	}
	if !taken { // nothing refers to it
		*of = (*of)[:n]
	}
	s.w.invalidatePaths()
	return answer, nil
}

// create adds the configuration set that DoCreateSet names to the account's, if there never
// was one of that name, and gives it the properties of the call.
func (s *Session) create(acc *account, action *sim.Action, o *sim.Operation) {
	if action.Do != sim.DoCreateSet || o.Create == nil {
		return
	}
	list := &s.w.cfg.Accounts[acc.index].Sets
	spec := *o.Create
	spec.Name = o.SetName
	if action.Set == 0 {
		missing := spec
		missing.Missing = true
		*list = append(*list, spec)
		s.w.sets.add(acc, &missing)
		action.Set = len(*list)
	} else if s.w.sets.of[acc.index][action.Set-1].Missing() {
		(*list)[action.Set-1] = spec
	}
}

// resolve returns an operation as an action, with what it names by text found.
func (s *Session) resolve(o *sim.Operation) (sim.Action, error) {
	a := o.Action
	a.At = s.w.now
	if err := s.checkIndexes(&a); err != nil {
		return a, fmt.Errorf("%s: %w", a.Do, err)
	}
	if err := s.resolveSet(&a, o); err != nil {
		return a, fmt.Errorf("%s: %w", a.Do, err)
	}
	if err := s.resolveAddress(&a, o.Text); err != nil {
		return a, fmt.Errorf("%s: %w", a.Do, err)
	}
	if (a.Do == sim.DoVerify || a.Do == sim.DoUnverify) && a.Identity == "" {
		return a, fmt.Errorf("%s: no identity", a.Do)
	}
	return a, nil
}

// checkIndexes checks what an action names by index.
func (s *Session) checkIndexes(a *sim.Action) error {
	cfg := s.w.cfg
	if int(a.Do) >= len(sim.DoWords()) {
		return fmt.Errorf("there is no action %d", a.Do)
	}
	if a.Account < 0 || a.Account >= len(cfg.Accounts) {
		return fmt.Errorf("account %d: there are %d", a.Account, len(cfg.Accounts))
	}
	if a.Client < 0 || a.Client > len(cfg.Clients) {
		return fmt.Errorf("client %d: there are %d", a.Client, len(cfg.Clients))
	}
	index, most := 0, 1
	switch a.Do {
	case sim.DoImport:
		index, most = a.Audience, s.live.first
	case sim.DoSet:
		index, most = a.Change.Index, s.changeable(a.Change.Key)
	}
	if index < 0 || index >= most {
		return fmt.Errorf("index %d: there are %d", index, most)
	}
	if a.Do == sim.DoSet && !fits(&a.Change) {
		return fmt.Errorf("a value out of range: %+v", a.Change)
	}
	if a.Do == sim.DoSet && ofSender(a.Change.Key) {
		a.Change.Index = slices.Index(s.w.partition.senders, index) // its first route
	}
	return nil
}

// changeable returns how many entities of the scenario have a key.
func (s *Session) changeable(key sim.Key) int {
	switch {
	case ofSender(key):
		return len(s.cfg.Senders)
	case key == sim.KeyAudienceInvalid: // the run notes contacts only where its scenario says so at the start
		return 0
	case ofAudience(key):
		return len(s.w.audiences)
	case ofAccount(key):
		return len(s.w.accounts)
	}
	return 0
}

// fits reports whether the new value of a key is one that it may have.
func fits(c *sim.Change) bool {
	switch key := c.Key; {
	case key == sim.KeyAccountQuota:
		return c.Number >= -1
	case key == sim.KeyAccountRate:
		return c.Number >= 1
	case key == sim.KeySenderRate:
		return c.Rate.N >= 1 && c.Rate.Per >= 1
	case ofAudience(key):
		return c.Share >= 0 && c.Share <= unit.Whole
	case key == sim.KeySetMaxDelivery:
		return c.After == 0 || c.After >= ses.MinDelivery && c.After <= ses.MaxDelivery
	}
	return true
}

// resolveSet finds the configuration set of an action.
func (s *Session) resolveSet(a *sim.Action, o *sim.Operation) error {
	account, set := a.Account, &a.Set
	ofSet := a.Do == sim.DoDeleteSet || a.Do == sim.DoCreateSet || o.SetName != ""
	if a.Do == sim.DoSet {
		if ofSet = a.Change.Key == sim.KeySetSuppression || a.Change.Key == sim.KeySetMaxDelivery; !ofSet {
			return nil
		}
		account, set = a.Change.Index, &a.Change.Set
	}
	if o.SetName != "" {
		*set = s.live.set(account, o.SetName)
	}
	switch known := len(s.w.sets.of[account]); {
	case *set < 0 || *set > known:
		return fmt.Errorf("configuration set %d: there are %d", *set, known)
	case ofSet && *set == 0 && (a.Do != sim.DoCreateSet || o.SetName == "" || o.Create == nil):
		return fmt.Errorf("there is no configuration set %q", o.SetName)
	}
	return nil
}

// resolveAddress finds the address of an action, given as text or by number.
func (s *Session) resolveAddress(a *sim.Action, text string) error {
	switch a.Do {
	case sim.DoSuppress, sim.DoUnsuppress, sim.DoGet, sim.DoRemoveGlobal:
	default:
		return nil
	}
	if text == "" {
		if u := a.Address.Audience; u < 0 || u >= s.live.first || a.Address.Number < 0 || a.Address.Number >= s.w.cfg.Audiences[u].Most() {
			return errors.New("no address")
		}
		return nil
	}
	ok := false
	if a.Address, ok = s.live.meet(text); !ok {
		return sim.ErrFull
	}
	local, domain, _ := strings.Cut(text, "@")
	if itself, _, _ := strings.Cut(s.w.cfg.Audiences[a.Address.Audience].AddressOf(a.Address.Number), "@"); itself != local {
		a.Spelling = local + "@" + strings.ToLower(domain)
	}
	return nil
}
