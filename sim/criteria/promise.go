package criteria

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"sesim/sim/unit"
)

// ErrPromise is wrapped by the errors of ParsePromise about the parts that only
// promises have. Its other errors are those of Parse.
var ErrPromise = errors.New("not a promise")

// PromiseKind is the kind of statement that a promise makes about many runs.
type PromiseKind uint8

// The kinds of promises.
const (
	Always PromiseKind = iota // every run meets the criterion
	Chance                    // the share of runs that meet the criterion is within a limit
	Mean                      // the mean of the metric over the runs meets the criterion
)

// Promise is a criterion about many runs of one scenario.
type Promise struct {
	Expression string // as written
	Kind       PromiseKind
	// Of is the criterion for each run. For Mean, its comparison applies to the
	// mean of its metric.
	Of Criterion
	// Op and Share compare the share of runs that meet Of with a limit from 0 to 1,
	// for Chance only. A Share of 0 or 1 makes a statement about all runs.
	Op    Op
	Share float64
}

// In weakens a promise about every run to one about at least the given share of
// runs. Other promises are returned unchanged.
func (p Promise) In(share float64) Promise {
	if p.Kind == Always {
		p.Kind, p.Op, p.Share = Chance, GreaterEqual, share
	}
	return p
}

// events joins an account and an event to the name of the metric that counts the
// account's events.
const events = ".count."

// ParsePromise parses a promise:
//
//	acme.refused.quota == 0           every run meets the criterion
//	P(acme.under-review) <= 5%        the probability of an event by the horizon
//	P(acme.delay.max > 1h) <= 5%      the probability that a run meets a criterion
//	p95(news.campaign_time.max) < 4h  a percentile over the runs; median is p50
//	mean(acme.complaints) < 10        the mean over the runs
//
// kind is as in Parse. The error wraps ErrPromise or an error of Parse.
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
		return Promise{}, badPromise(expression, "its parentheses do not match")
	case function == "P":
		return parseChance(expression, inside, rest, kind)
	case function == "mean":
		c, err := Parse(inside+" "+rest, meanKind(kind))
		c.Expression = expression
		return Promise{Expression: expression, Kind: Mean, Of: c}, err
	}
	percent, ok := percentile(function)
	if !ok {
		return Promise{}, badPromise(expression, fmt.Sprintf("%q is not one of P, mean, median and p1 to p99", function))
	}
	return parsePercentile(expression, percent, inside, rest, kind)
}

// meanKind returns the kind of the mean of a metric: a mean of counts need not be a
// whole number.
func meanKind(kind func(string) (Kind, bool)) func(string) (Kind, bool) {
	return func(metric string) (Kind, bool) {
		k, ok := kind(metric)
		if k == Count {
			k = Number
		}
		return k, ok
	}
}

// call splits "f(inside) rest".
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
	return fmt.Errorf("%q is %w: %s; write one such as "+
		`"acme.refused.quota == 0", "P(acme.under-review) <= 5%%" or "p95(acme.delay.max) < 1h"`,
		expression, ErrPromise, why)
}

// parseChance parses P(inside) rest.
func parseChance(expression, inside, rest string, kind func(string) (Kind, bool)) (Promise, error) {
	p := Promise{Expression: expression, Kind: Chance}
	var err error
	if p.Of, err = parseEvent(inside, kind); err != nil {
		return Promise{}, err
	}
	end := strings.IndexFunc(rest, func(c rune) bool { return !strings.ContainsRune("<>=!", c) })
	if end < 0 {
		return Promise{}, badPromise(expression, "the limit of the probability is missing")
	}
	if p.Op, err = parseOp(expression, rest[:end]); err != nil {
		return Promise{}, badPromise(expression, "P( ) must be followed by a comparison and a limit")
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

// impossible returns why a promise about a probability cannot be kept by any
// scenario, or cannot be decided from any number of runs; otherwise "".
func (p *Promise) impossible() string {
	switch {
	case p.Op == NotEqual, p.Op == Equal && p.Share > 0 && p.Share < 1:
		return "no number of runs can show that a probability has exactly this value: compare with <= or >="
	case p.Op == Less && p.Share == 0:
		return "a probability is not below 0%"
	case p.Op == Greater && p.Share == 1:
		return "a probability is not above 100%"
	}
	return ""
}

// parseEvent parses an event such as "acme.under-review", or a criterion.
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

// percentile parses the name of a percentile, such as "p95" or "median".
func percentile(function string) (percent int, ok bool) {
	if function == "median" {
		return 50, true
	}
	digits, ok := strings.CutPrefix(function, "p")
	percent, err := strconv.Atoi(digits)
	return percent, ok && err == nil && percent >= 1 && percent <= 99 && digits[0] != '+'
}

// parsePercentile turns a percentile into a Chance: the 95th percentile is below a
// limit if at least 95 % of the runs are.
func parsePercentile(expression string, percent int, inside, rest string, kind func(string) (Kind, bool)) (Promise, error) {
	c, err := Parse(inside+" "+rest, kind)
	if err != nil {
		return Promise{}, err
	}
	p := Promise{Expression: expression, Kind: Chance, Of: c, Op: GreaterEqual, Share: float64(percent) / 100}
	switch c.Op {
	case Less, LessEqual:
	case Greater, GreaterEqual:
		p.Share = float64(100-percent) / 100
	default:
		return Promise{}, badPromise(expression, "a percentile is compared with <, <=, > or >=")
	}
	return p, nil
}
