package scenarios

import (
	"math"
	"strconv"
	"strings"
	"time"

	"sesim/scenarios/internal/tree"
	"sesim/sim"
	"sesim/sim/replicate"
	"sesim/sim/rules"
	"sesim/sim/unit"
)

// scenario reads the whole file into l.cfg.
func (l *loader) scenario() {
	l.begin()
	l.table(l.root, "", schema{fields: l.scenarioKeys()})
	l.checkAddresses()
}

// begin makes the loader one that has read nothing yet.
func (l *loader) begin() {
	l.cfg, l.rule = defaultConfig(), replicate.Fixed(1)
	l.accounts.kind, l.audiences.kind, l.senders.kind = "account", "audience", "sender"
	l.domains, l.recipients = map[string][]int{}, map[string]namedAddress{}
}

// scenarioKeys are the keys outside all tables. The order matters: rules
// change the edition, accounts take defaults from the rules, senders refer to
// accounts and audiences, and thresholds to all of them.
func (l *loader) scenarioKeys() []field {
	c := &l.cfg
	return []field{
		may("version", version{}),
		must("name", title{&c.Name}),
		may("question", text{&c.Question, 0, 1000, false}),
		may("edition", edition{c}),
		may("start", instant{&c.Start}),
		must("horizon", duration{&c.Horizon, 1, unit.MaxDuration}),
		may("seed", whole[uint64]{&c.Seed, 0, math.MaxInt64}),
		may("rules", ruleTable{&c.Rules}),
		must("account", accountList{}),
		may("audience", section{0, maxAudiences, (*loader).audience}),
		may("sender", section{0, sim.MaxSenders, (*loader).sender}),
		may("action", actionList{}),
		may("thresholds", thresholds{&c.Thresholds}),
		may("replications", replications{&l.rule}),
		may("sweep", sweepTable{}),
		may("goal", goalTable{}),
	}
}

// Limits on what a file may hold beyond those of a run.
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
	}
}

// version reads the version of the language.
type version struct{}

func (version) read(l *loader, n *tree.Node, path string) {
	if v, ok := n.Value.(int64); !ok || v != 1 {
		l.Wrong(n, path, "", "%s is not a version of the scenario language that this program reads: it reads 1", n.Show())
	}
}

// title reads the name of a scenario. Files and folders are named after it.
type title struct{ to *string }

func (t title) read(l *loader, n *tree.Node, path string) {
	v, ok := n.Value.(string)
	clean := !strings.ContainsFunc(v, func(c rune) bool { return c > 0x7f || !tree.BareKey(byte(c)) && c != ' ' && c != '.' })
	if !ok || !clean || v == "" || len(v) > 64 || strings.Trim(v, ". ") != v {
		l.Wrong(n, path, "", `%s is not a name for a scenario: it has 1 to 64 letters, digits, spaces, ".", "_" and "-", with no dot or space at either end`, n.Show())
		return
	}
	*t.to = v
}

// edition reads the name of an edition and becomes its rules.
type edition struct{ to *sim.Config }

func (e edition) read(l *loader, n *tree.Node, path string) {
	v, _ := n.Value.(string)
	set, err := rules.Edition(v)
	if err != nil {
		l.Wrong(n, path, tree.DidYouMean(v, rules.Editions()), "%s is not an edition: there are %s", n.Show(), quoteAll(rules.Editions()))
		return
	}
	e.to.Edition, e.to.Rules = v, set
}

// entityName returns the name of an entity, or its number where it has none.
func entityName(names []string, i int) string {
	if names[i] != "" {
		return names[i]
	}
	return "number " + strconv.Itoa(i)
}
