package keys

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"sesim/scenarios/internal/tree"
	"sesim/sim"
	"sesim/sim/fixed"
	"sesim/sim/unit"
)

// Uncertain reads a share, a rate or a decay, or in its place a table with the
// distribution of one that is not known exactly.
type Uncertain struct {
	Plain Value // Share, Rate or Decay, whose destination gets the mean of a distribution
	Of    sim.Quantity
	To    *[]sim.Uncertain // gets the distribution, without an index
}

// The keys of a distribution.
const (
	betaKey    = "beta"
	gammaKey   = "gamma"
	betweenKey = "between"
	perKey     = "per"
	eachKey    = "each"
)

const eachCampaign = "campaign"

// isDistribution reports whether n is meant as a distribution.
func isDistribution(n *tree.Node) bool {
	return n.Kind == tree.Table && (n.Has(betaKey) || n.Has(gammaKey) || n.Has(betweenKey))
}

// notUncertain reports a distribution where a key takes none.
func notUncertain(r *tree.Reporter, n *tree.Node, path string) {
	r.Wrong(n, path, "", "this key takes a plain value: only shares and rates of audiences and of traffic may be distributions")
}

func (u Uncertain) Read(r *tree.Reporter, n *tree.Node, path string) {
	if n.Kind != tree.Table {
		u.Plain.Read(r, n, path)
		return
	}
	x := &uncertainReader{Uncertain: u, Reporter: r, at: n, path: path, read: sim.Uncertain{Of: u.Of}}
	if x.keys() && x.distribution() && x.isRight() {
		x.keep()
	}
}

// uncertainReader is a distribution being read.
type uncertainReader struct {
	Uncertain
	*tree.Reporter
	at   *tree.Node
	path string
	read sim.Uncertain
}

func (x *uncertainReader) wrong(key, format string, a ...any) bool {
	x.Wrong(x.at.Table[key], tree.Join(x.path, key), "", format, a...)
	return false
}

// keys reads the keys of the table but for the parameters.
func (x *uncertainReader) keys() bool {
	kinds := []string{betaKey, gammaKey, betweenKey}
	if x.Of.IsRate() {
		kinds = kinds[1:]
	}
	takes := append(slices.Clone(kinds), eachKey)
	if x.Of.IsRate() || x.Of.IsLoss() {
		takes = append(takes, perKey)
	}
	if x.Of.IsRate() && x.at.Has(betaKey) {
		return x.wrong(betaKey, "a rate has no beta distribution, which is one of shares: write gamma or between")
	}
	if slices.ContainsFunc(x.at.Keys(), func(key string) bool { return !slices.Contains(takes, key) }) {
		Only(takes...).Unknown(x.Reporter, x.at, x.path)
		return false
	}
	given := slices.DeleteFunc(slices.Clone(kinds), func(key string) bool { return !x.at.Has(key) })
	if len(given) != 1 {
		x.WrongKey(x.at, x.path, "", "a distribution has one of %s", strings.Join(kinds, ", "))
		return false
	}
	return x.each() && x.per(given[0])
}

// each reads how often the share is drawn.
func (x *uncertainReader) each() bool {
	n := x.at.Table[eachKey]
	if n == nil {
		return true
	}
	word := ""
	Word[string]{To: &word, Choices: Literal("replication", eachCampaign)}.Read(x.Reporter, n, tree.Join(x.path, eachKey))
	switch x.read.Campaigns = word == eachCampaign; {
	case word == "":
		return false
	case !x.read.Campaigns || x.Of.OfMessages():
		return true
	case x.Of.OfSender() || x.Of.IsRate():
		return x.wrong(eachKey, "only shares of the messages to an audience differ by campaign")
	}
	return x.wrong(eachKey, "%s is a property of addresses, which they keep: write one audience for each campaign", x.Of.Key())
}

// per reads the period of the parameters.
func (x *uncertainReader) per(kind string) bool {
	n := x.at.Table[perKey]
	needs := kind != betweenKey && (x.Of.IsRate() || x.Of.IsLoss())
	switch {
	case n == nil && needs && x.Of.IsRate():
		x.WrongKey(x.at, x.path, "", `the key per is missing, such as per = "h"`)
		return false
	case n == nil && needs:
		x.WrongKey(x.at, x.path, "", `the key per is missing, such as per = "30d"`)
		return false
	case n == nil:
		return true
	case !needs:
		return x.wrong(perKey, "the ends of between have their own periods: leave the key out")
	case x.Of.IsLoss():
		Duration{To: &x.read.Per, Least: minDecayPer, Most: unit.MaxDuration}.Read(x.Reporter, n, tree.Join(x.path, perKey))
		return x.read.Per > 0
	}
	text, _ := n.Value.(string)
	rate, err := unit.ParseRate("1/" + text)
	if err != nil {
		return x.wrong(perKey, `%s is not a period: write one of "s", "m", "h", "d", "w"`, n.Show())
	}
	x.read.Per = rate.Per
	return true
}

// distribution reads the parameters.
func (x *uncertainReader) distribution() bool {
	switch {
	case x.at.Has(betaKey):
		return x.parameters(sim.Beta, betaKey)
	case x.at.Has(gammaKey):
		return x.parameters(sim.Gamma, gammaKey)
	}
	n := x.at.Table[betweenKey]
	if n.Kind != tree.List || len(n.List) != 2 {
		return x.wrong(betweenKey, "%s is not a list of two ends, the lower one first: write one such as %s", n.Show(), x.example())
	}
	var ends [2]uint64
	switch {
	case x.Of.IsRate():
		if !x.rates(n.List, &ends) {
			return false
		}
	default:
		if !x.shares(n.List, &ends) {
			return false
		}
	}
	if ends[0] > ends[1] {
		return x.wrong(betweenKey, "the second end, %s, is below the first, %s", n.List[1].Show(), n.List[0].Show())
	}
	x.read.Distribution = sim.NewDistribution(sim.Between, ends[0], ends[1])
	return true
}

func (x *uncertainReader) example() string {
	switch {
	case x.Of.IsRate():
		return `["50/h", "70/h"]`
	case x.Of.IsLoss():
		return `["1%/30d", "3%/30d"]`
	}
	return `["1%", "3%"]`
}

// parameters reads the parameters of beta or gamma.
func (x *uncertainReader) parameters(kind sim.DistributionKind, key string) bool {
	n := x.at.Table[key]
	if n.Kind != tree.List || len(n.List) != 2 {
		return x.wrong(key, "%s is not a list of two parameters: write one such as [1.5, 40]", n.Show())
	}
	var p [2]uint64
	for i, child := range n.List {
		v, ok := parameter(child.Value)
		if !ok {
			x.Wrong(child, tree.Element(tree.Join(x.path, key), i), "",
				"%s is not a parameter: it is a number from 0.01 to %s with at most six decimal places",
				child.Show(), unit.Grouped(fixed.MostParameter/fixed.ParameterOne))
			return false
		}
		p[i] = v
	}
	x.read.Distribution = sim.NewDistribution(kind, p[0], p[1])
	return true
}

// parameter returns a parameter of a distribution in millionths.
func parameter(value any) (uint64, bool) {
	const one = fixed.ParameterOne
	switch v := value.(type) {
	case int64:
		return uint64(v) * one, v > 0 && v <= fixed.MostParameter/one
	case float64:
		near := math.Round(v * one)
		return uint64(max(near, 0)), near >= fixed.LeastParameter && near <= fixed.MostParameter && near/one == v
	}
	return 0, false
}

// shares reads two shares, or two shares within the same period.
func (x *uncertainReader) shares(list []*tree.Node, ends *[2]uint64) bool {
	var per [2]time.Duration
	for i, child := range list {
		at := tree.Element(tree.Join(x.path, betweenKey), i)
		share := unit.Share(-1)
		if d, isLoss := x.Plain.(Decay); isLoss {
			Decay{Of: &share, Per: &per[i], Gains: d.Gains}.Read(x.Reporter, child, at)
		} else {
			Share{To: &share}.Read(x.Reporter, child, at)
		}
		if share < 0 {
			return false
		}
		ends[i] = uint64(share)
	}
	if per[0] != per[1] {
		return x.wrong(betweenKey, "the ends have different periods: write both in the same one")
	}
	x.read.Per = per[0]
	return true
}

// rates reads two rates. They become thousandths in the longer period of the two.
func (x *uncertainReader) rates(list []*tree.Node, ends *[2]uint64) bool {
	var rates [2]unit.Rate
	for i, child := range list {
		Rate{To: &rates[i]}.Read(x.Reporter, child, tree.Element(tree.Join(x.path, betweenKey), i))
		if rates[i].N == 0 {
			return false
		}
		text := child.Value.(string)
		one, _ := unit.ParseRate("1" + text[strings.IndexByte(text, '/'):])
		x.read.Per = max(x.read.Per, one.Per)
	}
	for i, r := range rates {
		ends[i] = fixed.MulDiv(uint64(r.N), 1000*uint64(x.read.Per), uint64(r.Per))
	}
	return true
}

// isRight reports a distribution whose mean the plain value cannot be.
func (x *uncertainReader) isRight() bool {
	d := &x.read.Distribution
	switch {
	case x.Of.IsRate():
		over := d.Kind == sim.Gamma && d.A/d.B >= sim.MaxRate*uint64(x.read.Per/time.Second)
		if over || x.read.MeanRate().PerSecond() > sim.MaxRate {
			return x.wrong(gammaKey, "its mean is not at most %d/s", sim.MaxRate)
		}
	case d.Kind == sim.Gamma && d.A >= d.B:
		return x.wrong(gammaKey, "its mean, shape divided by rate, is 100%% or more")
	case d.MeanShare() == 0 && d.B > 0:
		x.WrongKey(x.at, x.path, "", "its mean is less than one in a billion")
		return false
	case x.Of.IsLoss() && d.MeanShare() > sim.MaxLoss:
		x.WrongKey(x.at, x.path, "", "its mean, %s, is more than %s", d.MeanShare(), sim.MaxLoss)
		return false
	case x.Of.IsLoss() && d.B == 0:
		return x.wrong(betweenKey, "both ends are 0: write the share as 0%%")
	}
	return true
}

// keep moves the distribution and its mean to their destinations.
func (x *uncertainReader) keep() {
	switch p := x.Plain.(type) {
	case Share:
		*p.To = x.read.MeanShare()
	case Decay:
		*p.Of, *p.Per = x.read.MeanShare(), x.read.Per
	case Rate:
		*p.To = x.read.MeanRate()
	}
	*x.To = append(*x.To, x.read)
}

// Shape accepts the plain value and the distribution.
func (u Uncertain) Shape() Shape {
	distribution := notationShares
	switch u.Plain.(type) {
	case Rate:
		distribution = notationRates
	case Decay:
		distribution = notationDecays
	}
	return AnyOf([]Shape{u.Plain.Shape(), named(distribution)})
}

// Default returns that of the plain value.
func (u Uncertain) Default() string {
	if v, ok := u.Plain.(Defaulted); ok {
		return v.Default()
	}
	return ""
}

// Range returns that of the plain value.
func (u Uncertain) Range() string {
	if v, ok := u.Plain.(Ranged); ok {
		return v.Range()
	}
	return ""
}

// distributionShape is the shape of a distribution with ends of a notation. Those with
// neither beta nor periods are rates, those with both losses.
func distributionShape(about string, ends notation, beta bool, per Shape) Shape {
	pair := func(item Shape) Shape {
		list := ListOf(item, 2)
		list["minItems"] = 2
		return list
	}
	parameters := pair(Shape{"type": "number", "minimum": 0.01, "maximum": fixed.MostParameter / fixed.ParameterOne})
	kinds := []string{gammaKey, betweenKey}
	if beta {
		kinds = append([]string{betaKey}, kinds...)
	}
	var shapes []Shape
	for _, kind := range kinds {
		keys, required := map[string]Shape{eachKey: OneOf("replication", eachCampaign)}, []string{kind}
		if keys[kind] = parameters; kind == betweenKey {
			keys[kind] = pair(named(ends))
		} else if per != nil {
			keys[perKey] = per
			required = append(required, perKey)
		}
		shapes = append(shapes, TableOf(keys, required))
	}
	return Shape{"description": about, "oneOf": shapes}
}

// distributionAbout describes the distributions of shares.
var distributionAbout = fmt.Sprintf("{ beta = [a, b] }, { gamma = [shape, rate] }, cut at 100%%, or "+
	"{ between = [\"1%%\", \"3%%\"] }, uniform; also each = %q instead of \"replication\", for shares of messages", eachCampaign)

var (
	_ Ranged    = Uncertain{}
	_ Defaulted = Uncertain{}
)
