package study

import (
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"sesim/scenarios/internal/keys"
	"sesim/scenarios/internal/tree"
	"sesim/sim"
	"sesim/sim/criteria"
	"sesim/sim/plan"
	"sesim/sim/replicate"
	"sesim/sim/unit"
)

// Goal is a question for a plan, with the positions of its choices in the file.
type Goal struct {
	Question plan.Question
	axes     []axis
	hold     unit.Share // share of the runs that must meet a threshold
}

// GoalTable reads [goal].
type GoalTable struct {
	Metrics Metrics // of the scenario; read before
	To      **Goal
}

// newGoal returns a goal with the defaults of its keys.
func newGoal() *Goal {
	return &Goal{hold: unit.Whole, Question: plan.Question{
		Replications: plan.DefaultReplications, Confirm: plan.DefaultConfirm, Confidence: plan.DefaultConfidence,
	}}
}

// table binds the keys of [goal].
func (t GoalTable) table(g *Goal) keys.Table {
	q := &g.Question
	return keys.Table{Fields: []keys.Field{
		keys.Required("promise", promises{t.Metrics, &q.Promises},
			"promises to keep: a threshold, which every run is to meet; P(acme.under-review) <= 5%, "+
				"an event of the timeline, or P(acme.delay.max > 1h) <= 5%; p95(acme.delay.max) < 1h, median( ) and mean( ) over the runs"),
		keys.Required("choose", choosing{g}, "keys as --set names them, in quotes, each with a range { from, to, step, wanted }, "+
			"a list of values in rising order, or { values, wanted }; the first key is chosen first, then the next").With(chooseNote()),
		keys.Optional("replications", keys.Whole[int]{To: &q.Replications, Least: 1, Most: plan.MaxReplications},
			"most runs of one candidate in the search"),
		keys.Optional("confirm", keys.Whole[int]{To: &q.Confirm, Most: plan.MaxReplications}, "fresh runs that confirm the answer"),
		keys.Optional("confidence", keys.Confidence{To: &q.Confidence}, "confidence of all intervals"),
		keys.Optional("growth", growth{&q.Growth}, "how the mail grows, from the scenario's start on: the plan says by when to ask "+
			"for which increase; for goals that choose smallest values"),
		keys.Optional("hold", keys.Share{To: &g.hold}, "share of the runs in which a threshold has to hold"),
	}}
}

// chooseNote describes the values of choose in the reference.
func chooseNote() string {
	var largest, smallest []string
	for _, key := range usualKeys["client"] {
		if clientEnds[key] {
			largest = append(largest, key)
		} else {
			smallest = append(smallest, key)
		}
	}
	return fmt.Sprintf("`wanted` is %s. By default the smallest value is wanted of an account's %s and a client's %s, and the largest of a "+
		"sender's traffic.%s, an audience's %s and a client's %s; for other keys it is required. `step` is 1 of the unit by default, and "+
		"0.1%% for percentages.",
		keys.QuoteAll([]string{wantedEnds[0].Word, wantedEnds[1].Word}),
		strings.Join(usualKeys["account"], " and "), strings.Join(smallest, ", "),
		strings.Join(usualKeys["sender"], " and "), strings.Join(usualKeys["audience"], ", "), strings.Join(largest, ", "))
}

func (t GoalTable) Variants() []keys.Variant { return t.table(newGoal()).Variants() }

func (t GoalTable) Shape() keys.Shape { return keys.OneOfTables(t.Variants()) }

func (t GoalTable) Read(r *tree.Reporter, n *tree.Node, path string) {
	g := newGoal()
	if n.Kind != tree.Table {
		r.Wrong(n, path, "", "%s is not a table: begin it with [goal]", n.Show())
		return
	}
	t.table(g).Read(r, n, path)
	if largest := slices.IndexFunc(g.Question.Choices, func(c plan.Choice) bool { return c.Largest }); largest >= 0 && n.Has("growth") {
		r.Wrong(n.Table["growth"], tree.Join(path, "growth"), "", "the goal wants the largest %s: mail that is chosen does not grow",
			tree.Quote(g.Question.Choices[largest].Key))
	}
	if g.hold < unit.Whole {
		for i := range g.Question.Promises {
			g.Question.Promises[i] = g.Question.Promises[i].In(g.hold.Float())
		}
	}
	*t.To = g
}

// growth reads how mail grows: "5%/30d".
type growth struct{ to *plan.Growth }

func (g growth) Read(r *tree.Reporter, n *tree.Node, path string) {
	text, isText := n.Value.(string)
	part, per, _ := strings.Cut(text, "/")
	share, err := unit.ParseShare(part)
	every, perErr := unit.ParseDuration(per)
	if !isText || err != nil || perErr != nil || share == 0 || every < unit.Day {
		r.Wrong(n, path, "", `%s is not a growth: write a share and a duration of at least 1d, such as "5%%/30d"`, n.Show())
		return
	}
	*g.to = plan.Growth{Share: share, Every: every, Over: plan.DefaultOver}
}

func (growth) Shape() keys.Shape { return keys.Shape{"type": "string", "pattern": "[0-9].*/.*[0-9]"} }

// promises reads the promises of a goal.
type promises struct {
	metrics Metrics
	to      *[]criteria.Promise
}

func (p promises) Read(r *tree.Reporter, n *tree.Node, path string) {
	items, ok := keys.Items(r, n, path, plan.MaxPromises)
	if !ok {
		return
	}
	if len(n.List) == 0 {
		r.Wrong(n, path, "", `nothing is promised: write one such as "acme.refused.quota == 0"`)
	}
	for _, item := range items {
		promise, err := criteria.ParsePromise(item.Text, p.metrics.Metric)
		switch {
		case errors.Is(err, criteria.ErrMetric):
			metric := firstQuoted(err.Error())
			r.Wrong(item.Node, item.Path, p.metrics.MetricHint(metric), "there is no metric %s", tree.Quote(metric))
		case err != nil:
			r.Wrong(item.Node, item.Path, "", "%v", err)
		default:
			*p.to = append(*p.to, promise)
		}
	}
}

func (promises) Shape() keys.Shape {
	return keys.NonEmpty(keys.ListOf(keys.Shape{"type": "string", "pattern": "[<>=!]"}, plan.MaxPromises))
}

// firstQuoted returns the quoted text at the beginning of a message.
func firstQuoted(message string) string {
	quoted, err := strconv.QuotedPrefix(message)
	if err != nil {
		return ""
	}
	text, _ := strconv.Unquote(quoted)
	return text
}

// choosing reads the keys that may be chosen and their values.
type choosing struct{ to *Goal }

func (c choosing) Read(r *tree.Reporter, n *tree.Node, path string) {
	if n.Kind != tree.Table {
		r.Wrong(n, path, "", `%s is not a table: write { "account.acme.quota" = { from = 1_000, to = 200_000 } }`, n.Show())
		return
	}
	if len(n.Table) == 0 || len(n.Table) > plan.MaxChoices {
		r.Wrong(n, path, "", "there are %d keys, and 1 to %d can be chosen", len(n.Table), plan.MaxChoices)
		return
	}
	for _, key := range n.Keys() {
		child := n.Table[key]
		steps, ok := tree.ParsePath(key)
		switch {
		case child.Reported:
			continue
		case !ok || len(steps) == 1 && child.Kind == tree.Table && child.Table["from"] == nil && child.Table["values"] == nil:
			r.WrongKey(child, tree.Join(path, key), "", `this is not a key: write one in quotes, such as "account.acme.quota"`)
			continue
		case slices.Contains(fixedKeys, steps[0].Key) || len(steps) > 1 && steps[len(steps)-1].Key == "name":
			r.WrongKey(child, tree.Join(path, key), "", "this key cannot be chosen")
			continue
		}
		if choice, ok := readChoice(r, child, tree.Join(path, key), key, steps); ok {
			c.to.Question.Choices = append(c.to.Question.Choices, choice)
			c.to.axes = append(c.to.axes, axis{key: key, node: child, path: tree.Join(path, key)})
		}
	}
}

func (choosing) Shape() keys.Shape {
	value := keys.Shape{"anyOf": []keys.Shape{{"type": "number"}, {"type": "string"}}}
	values := keys.Shape{"type": "array", "minItems": 1, "items": value}
	wanted := keys.Word[bool]{Choices: wantedEnds}.Shape()
	span := keys.TableOf(map[string]keys.Shape{"from": value, "to": value, "step": value, "wanted": wanted}, []string{"from", "to"})
	some := keys.TableOf(map[string]keys.Shape{"values": values, "wanted": wanted}, []string{"values"})
	return keys.Shape{
		"type": "object", "minProperties": 1, "maxProperties": plan.MaxChoices,
		"additionalProperties": keys.Shape{"anyOf": []keys.Shape{values, span, some}},
	}
}

var wantedEnds = []keys.Choice[bool]{{Word: "smallest", Is: false}, {Word: "largest", Is: true}}

// choice reads one key of choose: a list of values, or a table.
func readChoice(r *tree.Reporter, n *tree.Node, path, key string, steps []tree.Step) (plan.Choice, bool) {
	c := plan.Choice{Key: key}
	largest, known := usuallyLargest(steps)
	c.Largest = largest
	wanted := n
	switch {
	case n.Kind == tree.List:
		c.Step = 0
	case n.Kind != tree.Table:
		r.Wrong(n, path, "", "%s is not a list of values or { from, to, step }", n.Show())
		return c, false
	default:
		if wanted = n.Table["wanted"]; wanted != nil {
			keys.Word[bool]{To: &c.Largest, Choices: wantedEnds}.Read(r, wanted, tree.Join(path, "wanted"))
			known = true
		}
	}
	if !known {
		hint := ""
		if steps[0].Key != steps[len(steps)-1].Key {
			hint = tree.DidYouMean(steps[len(steps)-1].Key, usualKeys[steps[0].Key])
		}
		r.WrongKey(n, path, hint,
			`only quotas, rates, volumes, lists and clients have a default for the end that is wanted: `+
				`add wanted = "smallest" or wanted = "largest"`)
		return c, false
	}
	if n.Kind == tree.List {
		return c, readValues(r, &c, n, path)
	}
	if values := n.Table["values"]; values != nil {
		keys.Only("values", "wanted").Unknown(r, n, path)
		if values.Kind != tree.List {
			r.Wrong(values, tree.Join(path, "values"), "", "%s is not a list of values", values.Show())
			return c, false
		}
		return c, readValues(r, &c, values, tree.Join(path, "values"))
	}
	keys.Only("from", "to", "step", "wanted").Unknown(r, n, path)
	return c, readInterval(r, &c, n, path)
}

// usualKeys are the keys with a default for the wanted end, by entity; those of
// clients are the keys of clientEnds.
var usualKeys = map[string][]string{
	"account":  {"quota", "rate"},
	"audience": {"size", "invalid", "dead_domain", "hard_bounce", "mailbox_full", "complaint"},
	"sender":   {"rate"},
	"client":   {"n", "burst", "after", "workers", "processes", "max_attempts"},
}

// clientEnds says of the keys of a client whether the largest value is wanted: of a
// limiter's n and burst and the messages between rests, which slow it down, and not of
// workers, processes and attempts, which cost something.
var clientEnds = map[string]bool{"n": true, "burst": true, "after": true, "workers": false, "processes": false, "max_attempts": false}

// usuallyLargest returns the default for the wanted end of a key: the smallest
// quota and rate of an account, the highest volume, the worst list, the fastest
// limiter with the fewest workers. Other keys have no default.
func usuallyLargest(steps []tree.Step) (largest, known bool) {
	first, last := steps[0].Key, steps[len(steps)-1].Key
	switch {
	case first == "account":
		return false, slices.Contains(usualKeys[first], last)
	case first == "audience":
		return true, slices.Contains(usualKeys[first], last)
	case first == "client", first == "sender" && slices.ContainsFunc(steps, func(s tree.Step) bool { return s.Key == "client" }):
		largest, known = clientEnds[last]
		return largest, known
	case first == "sender":
		return true, slices.Contains(usualKeys[first], last) && len(steps) > 2 && steps[len(steps)-2].Key == "traffic"
	}
	return false, false
}

// defaultSteps are the default steps of ranges, by unit; 1 for other units.
var defaultSteps = map[string]*big.Rat{"%": big.NewRat(1, 10)}

// interval reads a range { from, to, step }.
func readInterval(r *tree.Reporter, c *plan.Choice, n *tree.Node, path string) bool {
	list, ok := readAmounts(r, n, path, "from", "to")
	if !ok {
		return false
	}
	step := amount{is: big.NewRat(1, 1), unit: list[0].unit}
	if usual := defaultSteps[list[0].unit]; usual != nil {
		step.is = usual
	} else if !list[0].whole && !list[0].text {
		step.is = big.NewRat(1, 1000) // a share as a fraction: a tenth of a percent
	}
	if n.Table["step"] != nil {
		given, ok := readAmounts(r, n, path, "from", "step")
		if !ok {
			return false
		}
		step = given[1]
	}
	if !scale(r, c, n, path, append(list, step)) {
		return false
	}
	switch {
	case c.Values[2] <= 0:
		r.Wrong(n.Table["step"], tree.Join(path, "step"), "", "%s is not positive", n.Table["step"].Show())
		return false
	case c.Values[0] > c.Values[1]:
		r.Wrong(n.Table["to"], tree.Join(path, "to"), "", "%s is less than from", n.Table["to"].Show())
		return false
	}
	c.From, c.To, c.Step, c.Values = c.Values[0], c.Values[1], c.Values[2], nil
	return true
}

// amounts reads two keys of a range, which must have the same unit.
func readAmounts(r *tree.Reporter, n *tree.Node, path string, ends ...string) ([]amount, bool) {
	var list []amount
	for _, key := range ends {
		child := n.Table[key]
		if child == nil {
			keys.Missing(r, n, path, key)
			return nil, false
		}
		a, ok := amountOf(child)
		switch {
		case child.Reported:
			return nil, false
		case !ok:
			r.Wrong(child, tree.Join(path, key), "", "%s does not begin with a number", child.Show())
			return nil, false
		case len(list) > 0 && a.unit != list[0].unit:
			r.Wrong(child, tree.Join(path, key), "", "%s and %s differ in their unit", child.Show(), n.Table[ends[0]].Show())
			return nil, false
		}
		list = append(list, a)
	}
	return list, true
}

// values reads a list of values in rising order.
func readValues(r *tree.Reporter, c *plan.Choice, n *tree.Node, path string) bool {
	if len(n.List) == 0 || len(n.List) > maxCells {
		r.Wrong(n, path, "", "there are %d values, and there must be 1 to %d", len(n.List), maxCells)
		return false
	}
	var list []amount
	for i, child := range n.List {
		a, ok := amountOf(child)
		switch {
		case child.Reported:
			return false
		case !ok:
			r.Wrong(child, tree.Element(path, i), "", "%s does not begin with a number", child.Show())
			return false
		case i > 0 && a.unit != list[0].unit:
			r.Wrong(child, tree.Element(path, i), "", "%s and %s differ in their unit", child.Show(), n.List[0].Show())
			return false
		case i > 0 && a.is.Cmp(list[i-1].is) <= 0:
			r.Wrong(child, tree.Element(path, i), "", "%s is not more than the value before it: values must be in rising order", child.Show())
			return false
		}
		list = append(list, a)
	}
	if !scale(r, c, n, path, list) {
		return false
	}
	c.From, c.To = c.Values[0], c.Values[len(c.Values)-1]
	return true
}

// maxPlaces and maxScaled limit the numbers of a choice, so that half and double
// of them are still integers.
const (
	maxPlaces = 9
	maxScaled = 1 << 60
)

// scale converts amounts to integers, with a common number of decimal places.
func scale(r *tree.Reporter, c *plan.Choice, n *tree.Node, path string, list []amount) bool {
	c.Unit, c.Places, c.Values = list[0].unit, 0, nil
	for _, a := range list {
		digits, exact := a.is.FloatPrec()
		if !exact || digits > maxPlaces {
			r.Wrong(n, path, "", "its numbers have more than %d decimal places", maxPlaces)
			return false
		}
		c.Places = max(c.Places, digits)
	}
	if !list[0].text && !list[0].whole {
		c.Places = max(c.Places, 1) // a number with a point stays one
	}
	factor := new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(c.Places)), nil))
	for _, a := range list {
		v := new(big.Rat).Mul(a.is, factor).Num()
		if !v.IsInt64() || v.Int64() > maxScaled || v.Int64() < -maxScaled {
			r.Wrong(n, path, "", "its numbers are too large")
			return false
		}
		c.Values = append(c.Values, v.Int64())
	}
	return true
}

// Candidate returns the scenario with these values of the goal's choices. It is
// safe for concurrent use. The error wraps sim.ErrTrace if a file has changed
// since the scenario was read.
func (g *Goal) Candidate(from Source, values []int64) (*sim.Config, error) {
	loaded := g.load(from, values)
	if err := loaded.complete(); err != nil {
		return nil, err
	}
	return replicate.Drawing(loaded.Config, g.Question.Replications+g.Question.Confirm), nil
}

// load loads the scenario with values of the goal's choices. Problems that a
// value causes are reported at the choice.
func (g *Goal) load(from Source, values []int64) *Loaded {
	return from.Load(func(r *tree.Reporter, root *tree.Node) {
		delete(root.Table, "goal")
		delete(root.Table, "sweep")
		for i, a := range g.axes {
			value := tree.ParseValue(g.Question.Choices[i].Text(values[i]))
			value.ValueAt = a.node.ValueAt
			a.place(r, root, value)
		}
	})
}

// Check loads candidates at the ends of every choice and reports their problems,
// so that all errors show before the first run. Its error wraps sim.ErrTrace: a file
// has changed since the scenario was read.
func (g *Goal) Check(r *tree.Reporter, from Source) error {
	choices := g.Question.Choices
	safe := make([]int64, len(choices))
	for i := range choices {
		safe[i] = choices[i].At(choices[i].Last())
	}
	known := map[tree.Finding]bool{}
	try := func(values []int64) error {
		loaded := g.load(from, values)
		if loaded.Lost != nil {
			return loaded.Lost
		}
		for _, found := range loaded.Findings() {
			if !known[found] {
				known[found] = true
				r.Add(found)
			}
		}
		return nil
	}
	err := try(safe)
	for i := range choices {
		values := slices.Clone(safe)
		values[i] = choices[i].At(0)
		if err == nil && r.Clean() {
			err = try(values)
		}
	}
	return err
}
