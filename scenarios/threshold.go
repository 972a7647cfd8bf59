package scenarios

import (
	"cmp"
	"errors"
	"strings"

	"sesim/scenarios/internal/keys"
	"sesim/scenarios/internal/tree"
	"sesim/sim"
	"sesim/sim/criteria"
)

// thresholds reads a list of criteria. They are read last, when the metrics are
// known.
type thresholds struct {
	l  *loader
	to *[]criteria.Criterion
}

func (thresholds) Shape() keys.Shape {
	const side = `\s*[^\s<>=!()][^<>=!()]*`
	return keys.ListOf(keys.Shape{"type": "string", "pattern": `^` + side + `(?:<=?|>=?|==|!=)` + side + `$`}, maxThresholds)
}

func (thresholds) Range() string { return `such as "acme.bounce_rate.max < 5%"` }

func (t thresholds) Read(r *tree.Reporter, n *tree.Node, path string) {
	l := t.l
	items, ok := keys.Items(r, n, path, maxThresholds)
	if !ok {
		return
	}
	for _, item := range items {
		if l.Full() {
			return
		}
		c, err := criteria.Parse(item.Text, l.placed)
		switch {
		case errors.Is(err, criteria.ErrMetric):
			metric := metricOf(item.Text)
			l.Wrong(item.Node, item.Path, l.MetricHint(metric), "there is no metric %s", tree.Quote(metric))
		case err != nil:
			l.Wrong(item.Node, item.Path, "", "%v", err)
		default:
			if _, ok := l.cfg.Metric(c.Metric); !ok {
				c.Metric, _ = l.cfg.MetricAt(c.Metric)
			}
			*t.to = append(*t.to, c)
		}
	}
}

// placed returns the kind of the metric of that name, or of the one whose figure
// has that place in summary.json; false if there is none.
func (l *loader) placed(name string) (criteria.Kind, bool) {
	if kind, ok := l.cfg.Metric(name); ok {
		return kind, true
	}
	metric, _ := l.cfg.MetricAt(name)
	return l.cfg.Metric(metric)
}

// metricOf returns the metric of an expression that has a comparison.
func metricOf(expression string) string {
	return strings.TrimSpace(expression[:strings.IndexAny(expression, "<>=!")])
}

// Metric returns what a metric of the scenario measures.
func (l *loader) Metric(name string) (criteria.Kind, bool) { return l.cfg.Metric(name) }

// MetricHint names the metric that was probably meant. It searches for the most
// similar owner first and then only among its metrics: there may be millions of
// metrics in total.
func (l *loader) MetricHint(metric string) string {
	if name, ok := l.cfg.MetricAt(metric); ok && name != metric {
		return tree.Meant(name)
	}
	owner, _, _ := strings.Cut(metric, ".")
	near := sim.Config{}
	if _, ok := l.accounts.Index[owner]; !ok {
		if other, found := tree.Nearest(owner, l.accounts.List); found {
			owner = other
		}
	}
	if _, ok := l.accounts.Index[owner]; ok {
		near.Accounts = []sim.Account{{Name: owner}}
	}
	if other, ok := tree.Nearest(owner, l.senders.List); ok {
		near.Senders = []sim.Sender{{Name: other}}
		if i := l.senders.Index[other]; i < len(l.cfg.Senders) {
			near.Senders[0] = l.cfg.Senders[i]
		}
	}
	return cmp.Or(tree.DidYouMean(metric, near.Metrics()), l.otherMetric(metric), `"sesim help metrics" lists them`)
}

// otherMetric returns a hint for a metric that is one of another owner or a
// part of one: of a sender's account, or without its last word.
func (l *loader) otherMetric(metric string) string {
	owner, rest, _ := strings.Cut(metric, ".")
	if i, ok := l.senders.Index[owner]; ok && i < len(l.cfg.Senders) {
		if account := l.cfg.Senders[i].Account; account >= 0 && account < len(l.accounts.List) {
			if name := l.accounts.List[account] + "." + rest; l.known(name) {
				return tree.Meant(name)
			}
		}
	}
	if i := strings.LastIndexByte(metric, '.'); i > 0 && l.known(metric[:i]) {
		return tree.Meant(metric[:i])
	}
	return ""
}

// known reports whether there is a metric of that name.
func (l *loader) known(metric string) bool {
	_, ok := l.cfg.Metric(metric)
	return ok
}
