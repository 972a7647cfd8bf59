package scenarios

import (
	"math"
	"strconv"
	"time"

	"sesim/scenarios/internal/keys"
	"sesim/scenarios/internal/tree"
	"sesim/scenarios/study"
	"sesim/sim"
	"sesim/sim/replicate"
	"sesim/sim/rules"
	"sesim/sim/unit"
)

// scenario reads the whole file into l.cfg.
func (l *loader) scenario() {
	l.begin()
	l.table().Read(l.Reporter, l.root, "")
	l.checkAddresses()
	l.checkChanges()
	l.checkCampaignDraws()
	l.assumptions.Check(l.Reporter, l.root, l.sweep != nil)
	l.doubts()
	l.cfg = *replicate.Drawing(&l.cfg, l.rule.Max)
	if l.cfg.Drawn {
		l.cfg = l.cfg.Draw()
	}
}

// begin resets the loader.
func (l *loader) begin() {
	l.cfg, l.rule, l.assumptions = defaultConfig(), replicate.Fixed(1), study.Assumptions{}
	l.uncertain, l.perCampaign = nil, nil
	l.accounts = keys.Names{Kind: "account", Most: sim.MaxAccounts}
	l.audiences = keys.Names{Kind: "audience", Most: maxAudiences}
	l.senders, l.routes = keys.Names{Kind: "sender", Most: sim.MaxSenders}, 0
	l.clients, l.used, l.processes = keys.Names{Kind: "client", Most: sim.MaxSenders}, map[int]bool{}, 0
	l.domains, l.recipients, l.matchesAll = map[string][]int{}, map[string]namedAddress{}, ""
}

// table binds the keys outside all tables. The order matters: rules change the
// edition, accounts take defaults from the rules, senders refer to accounts
// and audiences, and thresholds to all of them.
func (l *loader) table() keys.Table {
	c := &l.cfg
	fields := []keys.Field{
		keys.Optional("version", keys.Version{}, "version of the scenario language"),
		keys.Required("name", keys.Title{To: &c.Name}, "name of the scenario"),
		keys.Optional("question", keys.Text{To: &c.Question, Most: 1000}, "what the scenario asks"),
		keys.Optional("edition", edition{c}, `named defaults of the rules ("sesim rules" lists them)`),
		keys.Optional("start", keys.Instant{To: &c.Start}, "epoch of the virtual clock, with its offset from UTC"),
		keys.Required("horizon", keys.Duration{To: &c.Horizon, Least: 1, Most: unit.MaxDuration}, "virtual time that is simulated"),
		keys.Optional("seed", keys.Whole[uint64]{To: &c.Seed, Most: math.MaxInt64}, "seed of the random numbers"),
		keys.Optional("draw", keys.Flag{To: &c.Drawn},
			"a single run draws its distributions, as the replication with its seed does; otherwise it has their means").Or("false"),
		keys.Optional("rules", ruleTable{c},
			`parameters of the model under their names ("sesim rules" lists them)`).Or("those of the edition"),
		keys.Required("account", accountList{l}, "an SES account in one Region"),
		keys.Optional("audience", l.audienceList(), "a population of recipients"),
		keys.Optional("client", l.clientList(), clientAbout),
		keys.Optional("sender", l.senderList(), "a program that sends mail"),
		keys.Optional("action", l.actions(), "what people do during the run"),
		keys.Optional("thresholds", thresholds{l, &c.Thresholds}, "criteria that the run is judged by"),
		keys.Optional("replications", study.Replications{Metrics: l, To: &l.rule},
			"how many runs with different seeds there are; a table runs as many as it takes "+
				"for the mean of a metric to be known").Or("1"),
		keys.Optional("serve", serve{l, &c.Serve}, `how "sesim serve" behaves, to which programs send mail`),
		keys.Optional("sweep", study.SweepTable{To: &l.sweep}, "keys and the values that they have in turn"),
		keys.Optional("goal", study.GoalTable{Metrics: l, To: &l.goal}, `what "sesim plan" is to find`),
	}
	return keys.Table{Fields: append(fields, l.assumptions.Fields()...)}
}

// audienceList reads the audiences.
func (l *loader) audienceList() keys.Section {
	return keys.Section{Most: maxAudiences, Entity: l.audience, Sorts: func() []keys.Variant {
		audience := defaultAudience()
		return l.audienceTable(&audience).Variants()
	}}
}

// senderList reads the senders.
func (l *loader) senderList() keys.Section {
	return keys.Section{Most: sim.MaxSenders, Entity: l.sender, Sorts: func() []keys.Variant {
		return l.senderTable(newSenderReader()).Variants()
	}}
}

// Limits of a file in addition to those of a run.
const (
	maxAudiences  = 100_000
	maxActions    = 100_000
	maxThresholds = 1000 // each is looked up among all accounts and senders
)

func defaultConfig() sim.Config {
	current, _ := rules.Edition("current")
	return sim.Config{
		Edition: "current",
		Start:   time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC),
		Seed:    1,
		Rules:   current,
		Serve:   defaultServe(),
	}
}

// edition reads the name of an edition, whose rules become the value.
type edition struct{ to *sim.Config }

func (e edition) Read(r *tree.Reporter, n *tree.Node, path string) {
	v, _ := n.Value.(string)
	set, err := rules.Edition(v)
	if err != nil {
		r.Wrong(n, path, tree.DidYouMean(v, rules.Editions()), "%s is not an edition: there are %s", n.Show(), keys.QuoteAll(rules.Editions()))
		return
	}
	e.to.Edition, e.to.Rules = v, set
}

func (edition) Shape() keys.Shape { return keys.OneOf(rules.Editions()...) }

func (e edition) Default() string { return strconv.Quote(e.to.Edition) }
