package study

import (
	"strconv"

	"sesim/scenarios/internal/keys"
	"sesim/scenarios/internal/tree"
	"sesim/sim/criteria"
	"sesim/sim/replicate"
)

// maxReplications is the maximum number of replications of a scenario.
const maxReplications = replicate.MaxReplications

// Replications reads the number of replications: an integer, or a table with a
// stopping rule.
type Replications struct {
	Metrics Metrics // of the scenario; read before
	To      *replicate.Rule
}

// Metrics are the metrics of a scenario.
type Metrics interface {
	// Metric returns the kind of a metric; false if there is none of that name.
	Metric(name string) (criteria.Kind, bool)
	// MetricHint returns a hint for an unknown name; it may be empty.
	MetricHint(name string) string
}

// table binds the keys of a table of replications.
func (t Replications) table(rule *replicate.Rule) keys.Table {
	return keys.Table{Fields: []keys.Field{
		keys.Required("max", keys.Whole[int]{To: &rule.Max, Least: 1, Most: maxReplications}, "most replications"),
		keys.Optional("min", keys.Whole[int]{To: &rule.Min, Least: 1, Most: maxReplications}, "fewest replications").
			Or(strconv.Itoa(replicate.DefaultMin) + "; without a metric, max"),
		keys.Optional("metric", metricName{t.Metrics, &rule.Metric}, `metric whose mean is to be known, such as "acme.bounce_rate.max"`),
		keys.Optional("half_width", halfWidth{t.Metrics, rule},
			`how far the interval about the mean may reach to either side, written like a limit of the metric: "0.1%", "5m", 20`),
		keys.Optional("confidence", keys.Confidence{To: &rule.Confidence}, "confidence of all intervals"),
	}}
}

func newRule() replicate.Rule { return replicate.Rule{Confidence: replicate.DefaultConfidence} }

func (t Replications) Variants() []keys.Variant {
	rule := newRule()
	return t.table(&rule).Variants()
}

func (t Replications) Shape() keys.Shape {
	return keys.AnyOf([]keys.Shape{keys.Integer(1, maxReplications), keys.OneOfTables(t.Variants())})
}

func (t Replications) Read(r *tree.Reporter, n *tree.Node, path string) {
	if n.Kind != tree.Table {
		count := 0
		keys.Whole[int]{To: &count, Least: 1, Most: maxReplications}.Read(r, n, path)
		if count > 0 {
			*t.To = replicate.Fixed(count)
		}
		return
	}
	rule := newRule()
	t.table(&rule).Read(r, n, path)
	if rule.Max == 0 {
		return
	}
	complete(r, n, path, &rule)
	*t.To = rule
}

// complete sets defaults and checks for conflicts between keys.
func complete(r *tree.Reporter, n *tree.Node, path string, rule *replicate.Rule) {
	metric, width, least := n.Table["metric"], n.Table["half_width"], n.Table["min"]
	switch {
	case metric == nil && width == nil && least == nil:
		rule.Min = rule.Max
	case width == nil:
		r.WrongKey(n, path, "", "without half_width nothing says when there are enough: give it, or leave metric and min out")
	case metric == nil:
		r.WrongKey(n, path, "", "without metric nothing says whose half_width this is")
	case least == nil:
		rule.Min = min(replicate.DefaultMin, rule.Max)
	case rule.Min > rule.Max:
		r.Wrong(least, tree.Join(path, "min"), "", "%d is more than max, %d", rule.Min, rule.Max)
	}
}

// metricName reads the name of a metric of the scenario.
type metricName struct {
	metrics Metrics
	to      *string
}

func (m metricName) Read(r *tree.Reporter, n *tree.Node, path string) {
	v, ok := n.Value.(string)
	if !ok {
		r.Wrong(n, path, "", "%s is not a text: %s", n.Show(), n.InQuotes())
		return
	}
	if _, ok := m.metrics.Metric(v); !ok {
		r.Wrong(n, path, m.metrics.MetricHint(v), "there is no metric %s", tree.Quote(v))
		n.Reported = true
	}
	*m.to = v
}

func (metricName) Shape() keys.Shape { return keys.Text{Most: maxMetric}.Shape() }

// maxMetric is the maximum length of a metric's name, in characters.
const maxMetric = 1024

// halfWidth reads the half-width of an interval, in the notation of the metric's
// limits. It is read after the metric.
type halfWidth struct {
	metrics Metrics
	rule    *replicate.Rule
}

func (h halfWidth) Read(r *tree.Reporter, n *tree.Node, path string) {
	kind, ok := h.metrics.Metric(h.rule.Metric)
	if !ok {
		return // that is the problem to solve first
	}
	text, isText := n.Value.(string)
	if number := number(n); number != "" {
		text, isText = number, true
	}
	// The width of a count is any number: its mean need not be an integer.
	if kind == criteria.Count {
		kind = criteria.Number
	}
	c, err := criteria.Parse("width <= "+text, func(string) (criteria.Kind, bool) { return kind, true })
	switch {
	case !isText:
		r.Wrong(n, path, "", "%s is not a width: write a number, or a share or a duration in quotes", n.Show())
	case err != nil:
		r.Wrong(n, path, "", "%v", err)
	case c.Limit <= 0:
		r.Wrong(n, path, "", "%s is not positive", n.Show())
	default:
		h.rule.HalfWidth = c.Limit
	}
}

func (halfWidth) Shape() keys.Shape {
	return keys.Shape{"anyOf": []keys.Shape{{"type": "number"}, {"type": "string"}}}
}

// number returns a number as a criterion has it, or nothing.
func number(n *tree.Node) string {
	switch v := n.Value.(type) {
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return ""
}
