package criteria

import (
	"errors"
	"strings"
	"testing"
)

func promiseKinds(metric string) (Kind, bool) {
	if metric == "acme.count.under-review" {
		return Count, true
	}
	return kinds(metric)
}

func TestParsePromise(t *testing.T) {
	for _, c := range []struct {
		expression string
		kind       PromiseKind
		metric     string
		op         Op
		limit      float64
		chance     Op
		share      float64
	}{
		{"acme.accepted == 0", Always, "acme.accepted", Equal, 0, 0, 0},
		{"acme.bounce_rate.max < 5%", Always, "acme.bounce_rate.max", Less, 0.05, 0, 0},
		{"P(acme.under-review) <= 5%", Chance, "acme.count.under-review", GreaterEqual, 1, LessEqual, 0.05},
		{" P ( acme.under-review ) == 0%", Chance, "acme.count.under-review", GreaterEqual, 1, Equal, 0},
		{"P(acme.accepted > 1_000)>=0.9", Chance, "acme.accepted", Greater, 1000, GreaterEqual, 0.9},
		{"p95(acme.time_to.under-review) < 4h", Chance, "acme.time_to.under-review", Less, 4 * 3600, GreaterEqual, 0.95},
		{"p5(acme.accepted) >= 7", Chance, "acme.accepted", GreaterEqual, 7, GreaterEqual, 0.95},
		{"median(acme.accepted) <= 7", Chance, "acme.accepted", LessEqual, 7, GreaterEqual, 0.5},
		{"mean(acme.accepted) < 10", Mean, "acme.accepted", Less, 10, 0, 0},
		{"mean(acme.accepted) < 2.5", Mean, "acme.accepted", Less, 2.5, 0, 0},
	} {
		got, err := ParsePromise(c.expression, promiseKinds)
		if err != nil {
			t.Errorf("%q: %v", c.expression, err)
			continue
		}
		of := Criterion{Expression: got.Of.Expression, Metric: c.metric, Op: c.op, Limit: c.limit}
		want := Promise{c.expression, c.kind, of, c.chance, c.share}
		if got != want {
			t.Errorf("%q reads as %+v, want %+v", c.expression, got, want)
		}
	}
}

func TestParsePromiseRefuses(t *testing.T) {
	for _, c := range []struct {
		expression string
		is         error
		says       string
	}{
		{"", ErrSyntax, "no comparison"},
		{"acme.acepted < 5", ErrMetric, "acme.acepted"},
		{"P(acme.under-reviw) < 5%", ErrMetric, "acme.count.under-reviw"},
		{"P(acme) < 5%", ErrMetric, "acme.count."},
		{"P(acme.under-review)", ErrPromise, "limit of the probability is missing"},
		{"P(acme.under-review) 5%", ErrPromise, "followed by a comparison and a limit"},
		{"P(acme.under-review) <= 5", ErrLimit, "between 0% and 100%"},
		{"P(acme.under-review) == 5%", ErrPromise, "compare with <= or >="},
		{"P(acme.under-review) != 5%", ErrPromise, "compare with <= or >="},
		{"P(acme.under-review) < 0%", ErrPromise, "not below 0%"},
		{"P(acme.under-review) > 100%", ErrPromise, "not above 100%"},
		{"P(acme.under-review <= 5%", ErrPromise, "parentheses do not match"},
		{"P(P(acme.under-review)) <= 5%", ErrPromise, "parentheses do not match"},
		{"p100(acme.accepted) < 5", ErrPromise, "p1 to p99"},
		{"p+5(acme.accepted) < 5", ErrPromise, "p1 to p99"},
		{"max(acme.accepted) < 5", ErrPromise, "p1 to p99"},
		{"p95(acme.accepted) == 5", ErrPromise, "compared with <, <=, > or >="},
		{"mean(acme.accepted)", ErrSyntax, "no comparison"},
		{"mean(acme.accepted) < 5h", ErrLimit, "write one such as 0.8"},
		{strings.Repeat("a", 300) + " < 5", ErrSyntax, "longer than 256 bytes"},
	} {
		got, err := ParsePromise(c.expression, promiseKinds)
		if !errors.Is(err, c.is) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%q: %+v, error %v; want %q in an error that is %v", c.expression, got, err, c.says, c.is)
		}
	}
}

// FuzzParsePromise: no expression panics, and what is accepted has a known
// metric and a probability that can be kept.
func FuzzParsePromise(f *testing.F) {
	for _, seed := range []string{"P(acme.under-review) <= 5%", "p95(acme.accepted) < 7", "mean(acme.accepted) < 7", "P()", ")(", "p(", "P(a)b(c)"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, expression string) {
		p, err := ParsePromise(expression, promiseKinds)
		if err != nil {
			return
		}
		if _, ok := promiseKinds(p.Of.Metric); !ok || p.Share < 0 || p.Share > 1 || p.Expression != expression {
			t.Fatalf("%q was accepted as %+v", expression, p)
		}
	})
}
