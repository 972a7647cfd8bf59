package simtest

import (
	"fmt"
	"slices"
	"time"

	"sesim/sim"
	"sesim/sim/rules"
)

// maxCalls is about how many calls a drawn scenario makes at most, retries
// and recipients multiplied in.
const maxCalls = 12_000

// regions are those the accounts of a scenario may lie in. The last one did
// not have the removal form of the classic console.
var regions = []string{"us-east-1", "eu-west-1", "ap-south-1"}

// Config draws a small valid scenario that may use every word of the
// language. The result has no thresholds: they judge a run and do not change
// it.
func Config(s Source) sim.Config {
	cfg := sim.Config{
		Name:     "drawn",
		Question: "What breaks?",
		Start:    oneOf(s, "start", starts...),
		Horizon:  horizon(s),
		Seed:     uint64(s.Int("seed", 1, 1<<40)),
	}
	cfg.Edition, cfg.Rules = ruleSet(s)
	cfg.OwnRules = differing(cfg.Edition, cfg.Rules)
	for i := range s.Int("audiences", 1, 3) {
		cfg.Audiences = append(cfg.Audiences, audience(s, i, cfg.Horizon))
	}
	for i := range s.Int("accounts", 1, 4) {
		cfg.Accounts = append(cfg.Accounts, account(s, &cfg, i))
	}
	relate(s, &cfg)
	senders := s.Int("senders", 1, 5)
	for i := range senders {
		cfg.Senders = append(cfg.Senders, sender(s, &cfg, i, maxCalls/senders))
	}
	for range s.Int("actions", 0, 8) {
		cfg.Actions = append(cfg.Actions, action(s, &cfg))
	}
	FitShares(&cfg)
	for i := range cfg.Accounts {
		cfg.Accounts[i].Price = price(s, i)
	}
	cfg.Serve = serve(s)
	match(s, &cfg)
	return uncertain(s, &cfg)
}

// match draws which further addresses belong to the audiences in a Session: to the last one
// perhaps all.
func match(s Source, cfg *sim.Config) {
	for i := range cfg.Audiences {
		a := &cfg.Audiences[i]
		a.Match = oneOf(s, a.Name+" match", nil, nil, []string{"*.test", "gone*@"}, []string{"x*y@*.example"}, []string{"mail.test"})
	}
	if last := &cfg.Audiences[len(cfg.Audiences)-1]; chance(s, "the last matches all", 20) {
		last.Match = append(last.Match, "*")
	}
}

// serve draws how a Session behaves: no run looks at it.
func serve(s Source) sim.Serve {
	return sim.Serve{
		Addresses: s.Int("served addresses", 1, 1_000_000), Events: s.Int("served events", 1, 1_000_000), Queue: s.Int("served queue", 1, 1_000_000),
		Magic: s.Int("magic", 0, 1) == 1, VerifyAfter: oneOf(s, "verify after", 30*time.Second, 0, day, -1),
		Topics: oneOf(s, "topics", nil, []sim.Topic{
			{ARN: "arn:aws:sns:us-east-1:123456789012:bounces", Queue: "bounces", Raw: true},
			{ARN: "arn:aws:sns:us-east-1:123456789012:mail", URL: "http://127.0.0.1:8000/mail"},
		}),
	}
}

// price draws what the mail of the i-th account costs.
func price(s Source, i int) sim.Price {
	name := fmt.Sprintf("a%d price", i)
	return sim.Price{
		PerThousand:    oneOf(s, name, sim.ListPrice.PerThousand, 160, 1, 0),
		PlanMonth:      oneOf(s, name+" of the plan", int64(0), 15_000),
		DedicatedMonth: oneOf(s, name+" of addresses", int64(0), 24_950),
	}
}

// horizon draws from minutes to sixty days.
func horizon(s Source) time.Duration {
	base := oneOf(s, "horizon", 30*day, day, time.Hour, 10*time.Minute, 10*day, 60*day, 2*day)
	return base + length(s, "horizon excess", time.Minute)
}

// account draws the i-th account. Its mail comes from the domain that domain
// returns; what it has verified may or may not cover that.
func account(s Source, cfg *sim.Config, i int64) sim.Account {
	name := fmt.Sprintf("a%d", i)
	a := sim.Account{
		Name:        name,
		Region:      oneOf(s, name+" region", regions...),
		Access:      oneOf(s, name+" access", accesses...),
		Quota:       oneOf(s, name+" quota", int64(50_000), 1000, 200, 50, 7, 1, 0, -1),
		Rate:        oneOf(s, name+" rate", int64(100), 14, 5, 2, 1),
		Suppression: oneOf(s, name+" suppression", listReasons...),
	}
	for n, identity := range identities(cfg, i) {
		lacks := int64(15)
		if n >= own {
			lacks = 60 // mail to an account's own domains counts towards no rate
		}
		if !chance(s, name+" lacks "+identity, lacks) {
			a.Identities = append(a.Identities, identity)
		}
	}
	if chance(s, name+" has a history", 25) {
		a.History = History(s, name)
	}
	for n := range s.Int(name+" sets", 0, 2) {
		a.Sets = append(a.Sets, configurationSet(s, fmt.Sprintf("%s-set-%d", name, n)))
	}
	at := time.Duration(0)
	for range s.Int(name+" requests", 0, 3) {
		at = min(at+length(s, name+" request at", cfg.Horizon/2), cfg.Horizon-1)
		a.Requests = append(a.Requests, request(s, name, at))
	}
	return a
}

// configurationSet draws a configuration set.
func configurationSet(s Source, name string) sim.ConfigurationSet {
	set := sim.ConfigurationSet{
		Name: name, Overrides: chance(s, name+" overrides", 60),
		Paused: chance(s, name+" paused", 20), Missing: chance(s, name+" missing", 15),
	}
	if set.Overrides {
		set.Suppression = oneOf(s, name+" suppression", listReasons...)
	}
	set.MaxDelivery = oneOf(s, name+" max delivery", 0, 5*time.Minute, time.Hour, 20*time.Minute, 14*time.Hour, 5*time.Hour+time.Second)
	return set
}

// relate draws which accounts belong together: those of one customer, one in
// a Region, whose requests may name each other's Regions, and those of one
// Region that let others send for their identities.
func relate(s Source, cfg *sim.Config) {
	for i := range cfg.Accounts {
		a := &cfg.Accounts[i]
		if chance(s, a.Name+" of the customer", 40) && !slices.ContainsFunc(cfg.Accounts[:i], func(other sim.Account) bool {
			return other.Customer != "" && other.Region == a.Region
		}) {
			a.Customer = "customer"
		}
	}
	for i := range cfg.Accounts {
		authorize(s, cfg, i)
		nameRegions(s, cfg, &cfg.Accounts[i])
	}
}

// authorize draws which accounts of its Region may send for the i-th account.
func authorize(s Source, cfg *sim.Config, i int) {
	a := &cfg.Accounts[i]
	for k := range cfg.Accounts {
		other := &cfg.Accounts[k]
		if other.Region == a.Region && k != i && chance(s, a.Name+" authorizes "+other.Name, 50) {
			a.Delegates = append(a.Delegates, k)
		}
	}
}

// nameRegions draws which further Regions each request of an account names.
func nameRegions(s Source, cfg *sim.Config, a *sim.Account) {
	further := furtherRegions(cfg, a)
	for n := range a.Requests {
		for _, region := range further {
			if chance(s, a.Name+" request names "+region, 40) {
				a.Requests[n].Regions = append(a.Requests[n].Regions, region)
			}
		}
	}
}

// furtherRegions returns the other Regions in which the account's customer
// has accounts.
func furtherRegions(cfg *sim.Config, a *sim.Account) []string {
	var list []string
	for _, region := range regions {
		if region != a.Region && a.Customer != "" && slices.ContainsFunc(cfg.Accounts, func(other sim.Account) bool {
			return other.Customer == a.Customer && other.Region == region
		}) {
			list = append(list, region)
		}
	}
	return list
}

// request draws a production-access request.
func request(s Source, name string, at time.Duration) sim.Request {
	after := time.Duration(-1)
	if chance(s, name+" review takes", 60) {
		after = length(s, name+" review length", 3*day)
	}
	return sim.Request{
		At:       at,
		MailType: oneOf(s, name+" mail type", "TRANSACTIONAL", "MARKETING"),
		Website:  "https://" + name + ".example",
		UseCase:  "Receipts to people who bought something.",
		Contacts: []string{"ops@" + name + ".example"},
		Language: oneOf(s, name+" language", "EN", "JA"),
		Outcome:  oneOf(s, name+" outcome", outcomes...),
		After:    after,
		Quota:    oneOf(s, name+" granted quota", int64(0), 500, 30, 3),
		Rate:     oneOf(s, name+" granted rate", int64(0), 50, 3, 1),
	}
}

// ruleSet draws an edition and parameters that differ from it.
func ruleSet(s Source) (string, rules.Set) {
	edition := oneOf(s, "edition", rules.Editions()...)
	set, err := rules.Edition(edition)
	if err != nil {
		panic("simtest: " + err.Error()) // the names are the catalogue's own
	}
	if chance(s, "touchy", 60) {
		for _, p := range touchy {
			assign(&set, p.name, p.values[0])
		}
	}
	for range s.Int("parameters", 0, 12) {
		p := oneOf(s, "parameter", parameters...)
		assign(&set, p.name, oneOf(s, p.name, p.values...))
	}
	return edition, set
}

// differing returns the parameters in which a set is not its edition: those that a
// scenario sets.
func differing(edition string, set rules.Set) []string {
	var names []string
	plain, _ := rules.Edition(edition)
	for _, p := range rules.Parameters() {
		if p.Get(&set) != p.Get(&plain) {
			names = append(names, p.Name)
		}
	}
	return names
}

// assign sets a parameter. The names and values are those of this package,
// and a test tries each.
func assign(set *rules.Set, name string, value any) {
	if err := rules.Assign(set, name, value); err != nil {
		panic("simtest: " + name + ": " + err.Error())
	}
}

// Another sets a parameter to a value that is drawn from those of this package, and
// reports whether that is another one.
func Another(s Source, set *rules.Set, id rules.ParameterID) bool {
	p := rules.ParameterOf(id)
	was := p.Get(set)
	i := slices.IndexFunc(parameters, func(q parameter) bool { return q.name == p.Name })
	assign(set, p.Name, oneOf(s, p.Name, parameters[i].values...))
	return p.Get(set) != was
}
