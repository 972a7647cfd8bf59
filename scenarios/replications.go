package scenarios

import (
	"strconv"

	"sesim/scenarios/internal/tree"
	"sesim/sim/criteria"
	"sesim/sim/replicate"
	"sesim/sim/unit"
)

// maxReplications is the most replications that a scenario may ask for.
const maxReplications = 100_000

// replications reads how many replications there are to be: a number, or a
// table that says until when.
type replications struct{ to *replicate.Rule }

func (r replications) read(l *loader, n *tree.Node, path string) {
	if n.Kind != tree.Table {
		count := 0
		whole[int]{&count, 1, maxReplications}.read(l, n, path)
		if count > 0 {
			*r.to = replicate.Fixed(count)
		}
		return
	}
	rule := replicate.Rule{Confidence: replicate.DefaultConfidence}
	width := halfWidth{&rule}
	l.table(n, path, schema{fields: []field{
		must("max", whole[int]{&rule.Max, 1, maxReplications}),
		may("min", whole[int]{&rule.Min, 1, maxReplications}),
		may("metric", metricName{&rule.Metric}),
		may("half_width", width),
		may("confidence", confidence{&rule.Confidence}),
	}})
	if l.asked != nil || rule.Max == 0 {
		return
	}
	r.complete(l, n, path, &rule)
	*r.to = rule
}

// complete fills in what the table leaves out, and checks what its keys say of
// one another.
func (r replications) complete(l *loader, n *tree.Node, path string, rule *replicate.Rule) {
	metric, width, least := n.Table["metric"], n.Table["half_width"], n.Table["min"]
	switch {
	case metric == nil && width == nil && least == nil:
		rule.Min = rule.Max
	case width == nil:
		l.WrongKey(n, path, "", "without half_width nothing says when there are enough: give it, or leave metric and min out")
	case metric == nil:
		l.WrongKey(n, path, "", "without metric nothing says whose half_width this is")
	case least == nil:
		rule.Min = min(replicate.DefaultMin, rule.Max)
	case rule.Min > rule.Max:
		l.Wrong(least, tree.Join(path, "min"), "", "%d is more than max, %d", rule.Min, rule.Max)
	}
}

func (replications) shape(d *describer) shape {
	t := d.table(ask(tree.NewTable(0), replications{&replicate.Rule{}}.read))
	return shape{"anyOf": []shape{integer(1, maxReplications), t}}
}

// metricName reads the name of a metric of the scenario.
type metricName struct{ to *string }

func (m metricName) read(l *loader, n *tree.Node, path string) {
	v, ok := n.Value.(string)
	if !ok {
		l.Wrong(n, path, "", "%s is not a text: write it in quotes", n.Show())
		return
	}
	if _, ok := l.cfg.Metric(v); !ok {
		l.Wrong(n, path, l.metricHint(v), "there is no metric %s", tree.Quote(v))
		n.Reported = true
	}
	*m.to = v
}

func (metricName) shape(*describer) shape { return plain(0, maxFileName, false) }

// halfWidth reads how far an interval may reach to either side, written as the
// metric's limits are. It comes after the metric.
type halfWidth struct{ rule *replicate.Rule }

func (h halfWidth) read(l *loader, n *tree.Node, path string) {
	kind, ok := l.cfg.Metric(h.rule.Metric)
	if !ok {
		return // that is the problem to solve first
	}
	text, isText := n.Value.(string)
	if number := number(n); number != "" {
		text, isText = number, true
	}
	// The width of a count is any number: its mean is no whole one.
	if kind == criteria.Count {
		kind = criteria.Number
	}
	c, err := criteria.Parse("width <= "+text, func(string) (criteria.Kind, bool) { return kind, true })
	switch {
	case !isText:
		l.Wrong(n, path, "", "%s is not a width: write a number, or a share or a duration in quotes", n.Show())
	case err != nil:
		l.Wrong(n, path, "", "%v", err)
	case c.Limit <= 0:
		l.Wrong(n, path, "", "%s is not positive", n.Show())
	default:
		h.rule.HalfWidth = c.Limit
	}
}

func (halfWidth) shape(*describer) shape {
	return shape{"anyOf": []shape{{"type": "number"}, {"type": "string"}}}
}

// number returns a number as it may stand in a criterion, or nothing.
func number(n *tree.Node) string {
	switch v := n.Value.(type) {
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return ""
}

// confidence reads the confidence of intervals, from 50% to 99.9%.
type confidence struct{ to *float64 }

func (c confidence) read(l *loader, n *tree.Node, path string) {
	v, why := readShare(n)
	switch {
	case why != "":
		l.Wrong(n, path, "", "%s", why)
	case v < unit.Whole/2 || v > unit.Whole/1000*999:
		l.Wrong(n, path, "", "%s is not from 50%% to 99.9%%", n.Show())
	default:
		*c.to = v.Float()
	}
}

func (confidence) shape(*describer) shape { return named(formShare) }
