package criteria

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"sesim/sim/unit"
)

// ErrPromise is wrapped by the errors of ParsePromise that are about its own
// words; the others are those of Parse.
var ErrPromise = errors.New("not a promise")

// Form is what a promise says of many runs.
type Form uint8

// The forms.
const (
	Always Form = iota // every run meets the criterion
	Chance             // so large a share of the runs meets it
	Mean               // the mean of the metric over the runs meets it
)

// Promise is a criterion about many runs of one scenario.
type Promise struct {
	Expression string // as written
	Form       Form
	// Of is what is looked at in each run. For Mean its metric is, and its
	// comparison is that of the mean.
	Of Criterion
	// Op and Share are the comparison with the share of the runs that meet Of,
	// for Chance. A Share of 0 or 1 is about all runs.
	Op    Op
	Share float64
}

// In returns a promise about every run as one about that share of the runs;
// other promises stay as they are.
func (p Promise) In(share float64) Promise {
	if p.Form == Always {
		p.Form, p.Op, p.Share = Chance, GreaterEqual, share
	}
	return p
}

// events stands between an account and an event in the name of the metric
// that counts them.
const events = ".count."

// ParsePromise reads a promise:
//
//	acme.refused.quota == 0           in every run
//	P(acme.under-review) <= 5%        an event of the timeline, by the horizon
//	P(acme.delay.max > 1h) <= 5%      a criterion
//	p95(news.campaign_time.max) < 4h  a percentile over the runs; median is p50
//	mean(acme.complaints) < 10        the mean over the runs
//
// kind says what a metric measures, as for Parse.
func ParsePromise(expression string, kind func(metric string) (Kind, bool)) (Promise, error) {
	if len(expression) > maxExpression {
		return Promise{}, fmt.Errorf("%w: it is longer than %d bytes", ErrSyntax, maxExpression)
	}
	function, inside, rest, ok := call(expression)
	switch {
	case !ok && !strings.ContainsAny(expression, "()"):
		c, err := Parse(expression, kind)
		return Promise{Expression: expression, Of: c}, err
	case !ok:
		return Promise{}, badPromise(expression, "its brackets do not match")
	case function == "P":
		return parseChance(expression, inside, rest, kind)
	case function == "mean":
		c, err := Parse(inside+" "+rest, meanKind(kind))
		c.Expression = expression
		return Promise{Expression: expression, Form: Mean, Of: c}, err
	}
	percent, ok := percentile(function)
	if !ok {
		return Promise{}, badPromise(expression, fmt.Sprintf("%q is not one of P, mean, median and p1 to p99", function))
	}
	return parsePercentile(expression, percent, inside, rest, kind)
}

// meanKind says how the limits of means are written: a mean of counts need
// not be whole.
func meanKind(kind func(string) (Kind, bool)) func(string) (Kind, bool) {
	return func(metric string) (Kind, bool) {
		k, ok := kind(metric)
		if k == Count {
			k = Number
		}
		return k, ok
	}
}

// call takes "f(inside) rest" apart.
func call(expression string) (function, inside, rest string, ok bool) {
	function, rest, ok = strings.Cut(expression, "(")
	if !ok {
		return "", "", "", false
	}
	inside, rest, ok = strings.Cut(rest, ")")
	if !ok || strings.ContainsAny(inside+rest, "()") {
		return "", "", "", false
	}
	return strings.TrimSpace(function), strings.TrimSpace(inside), strings.TrimSpace(rest), true
}

func badPromise(expression, why string) error {
	return fmt.Errorf("%q is %w: %s; write one such as \"acme.refused.quota == 0\", \"P(acme.under-review) <= 5%%\" or \"p95(acme.delay.max) < 1h\"",
		expression, ErrPromise, why)
}

// parseChance reads what stands inside and behind P( ).
func parseChance(expression, inside, rest string, kind func(string) (Kind, bool)) (Promise, error) {
	p := Promise{Expression: expression, Form: Chance}
	var err error
	if p.Of, err = parseEvent(inside, kind); err != nil {
		return Promise{}, err
	}
	end := strings.IndexFunc(rest, func(c rune) bool { return !strings.ContainsRune("<>=!", c) })
	if end < 0 {
		return Promise{}, badPromise(expression, "the limit of the probability is missing")
	}
	if p.Op, err = parseOp(expression, rest[:end]); err != nil {
		return Promise{}, badPromise(expression, "a comparison and a limit follow the bracket")
	}
	share, err := unit.ParseShare(rest[end:])
	if err != nil {
		return Promise{}, fmt.Errorf("%w: %w", ErrLimit, err)
	}
	p.Share = share.Float()
	if why := p.impossible(); why != "" {
		return Promise{}, badPromise(expression, why)
	}
	return p, nil
}

// impossible says why no scenario can keep a promise about a probability, or
// why nobody could tell; otherwise nothing.
func (p *Promise) impossible() string {
	switch {
	case p.Op == NotEqual, p.Op == Equal && p.Share > 0 && p.Share < 1:
		return "no number of runs tells whether a probability is exactly so large: compare with <= or >="
	case p.Op == Less && p.Share == 0:
		return "a probability is not below 0%"
	case p.Op == Greater && p.Share == 1:
		return "a probability is not above 100%"
	}
	return ""
}

// parseEvent reads an event such as "acme.under-review", or a criterion.
func parseEvent(inside string, kind func(string) (Kind, bool)) (Criterion, error) {
	if strings.ContainsAny(inside, "<>=!") {
		return Parse(inside, kind)
	}
	owner, event, _ := strings.Cut(inside, ".")
	metric := owner + events + event
	if k, ok := kind(metric); !ok || k != Count {
		return Criterion{}, fmt.Errorf("%q: %w", metric, ErrMetric)
	}
	return Criterion{Expression: inside, Metric: metric, Op: GreaterEqual, Limit: 1}, nil
}

// percentile reads "p95"; "median" is 50.
func percentile(function string) (percent int, ok bool) {
	if function == "median" {
		return 50, true
	}
	digits, ok := strings.CutPrefix(function, "p")
	percent, err := strconv.Atoi(digits)
	return percent, ok && err == nil && percent >= 1 && percent <= 99 && digits[0] != '+'
}

// parsePercentile makes a percentile a chance: that 95 % of the runs are below
// a limit is what its 95th percentile says.
func parsePercentile(expression string, percent int, inside, rest string, kind func(string) (Kind, bool)) (Promise, error) {
	c, err := Parse(inside+" "+rest, kind)
	if err != nil {
		return Promise{}, err
	}
	p := Promise{Expression: expression, Form: Chance, Of: c, Op: GreaterEqual, Share: float64(percent) / 100}
	switch c.Op {
	case Less, LessEqual:
	case Greater, GreaterEqual:
		p.Share = float64(100-percent) / 100
	default:
		return Promise{}, badPromise(expression, "a percentile is compared with <, <=, > or >=")
	}
	return p, nil
}
