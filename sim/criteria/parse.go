package criteria

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"sesim/sim/unit"
)

// The errors of Parse wrap one of these.
var (
	ErrSyntax = errors.New("not a threshold")
	ErrMetric = errors.New("unknown metric")
	ErrLimit  = errors.New("not a limit")
)

// maxExpression limits the length of a criterion, in bytes. Names are short, so
// anything longer is a mistake.
const maxExpression = 256

// Parse parses a criterion such as "acme.bounce_rate.max < 5%". kind returns the kind
// of a metric, and false if there is no metric with that name. The notation of the
// limit follows from the kind: 1_000, 5% or 0.05, 4h, -1. The error wraps ErrSyntax,
// ErrMetric or ErrLimit.
func Parse(expression string, kind func(metric string) (Kind, bool)) (Criterion, error) {
	if len(expression) > maxExpression {
		return Criterion{}, fmt.Errorf("%w: it is longer than %d bytes", ErrSyntax, maxExpression)
	}
	metric, op, limit, err := split(expression)
	if err != nil {
		return Criterion{}, err
	}
	k, ok := kind(metric)
	if !ok {
		return Criterion{}, fmt.Errorf("%q: %w", metric, ErrMetric)
	}
	value, err := parseLimit(limit, k)
	if err != nil {
		return Criterion{}, err
	}
	return Criterion{Expression: expression, Metric: metric, Op: op, Limit: value}, nil
}

// split splits an expression at its comparison.
func split(expression string) (metric string, op Op, limit string, err error) {
	if strings.ContainsAny(expression, "()") {
		return "", 0, "", malformed(expression, "a threshold is about one run, so it has no functions and no probabilities")
	}
	start := strings.IndexAny(expression, "<>=!")
	if start < 0 {
		return "", 0, "", malformed(expression, "it has no comparison")
	}
	end := start
	for end < len(expression) && strings.IndexByte("<>=!", expression[end]) >= 0 {
		end++
	}
	op, err = parseOp(expression, expression[start:end])
	if err != nil {
		return "", 0, "", err
	}
	metric, limit = strings.TrimSpace(expression[:start]), strings.TrimSpace(expression[end:])
	switch {
	case metric == "":
		return "", 0, "", malformed(expression, "the metric is missing")
	case limit == "":
		return "", 0, "", malformed(expression, "the limit is missing")
	case strings.ContainsAny(limit, "<>=!"):
		return "", 0, "", malformed(expression, "it has more than one comparison")
	case !isMetric(metric):
		return "", 0, "", malformed(expression, fmt.Sprintf("%q is not a valid name of a metric", metric))
	}
	return metric, op, limit, nil
}

// parseOp parses a comparison. For common typing errors, the error suggests the
// right operator.
func parseOp(expression, text string) (Op, error) {
	for op := Less; op <= Greater; op++ {
		if op.String() == text {
			return op, nil
		}
	}
	why := fmt.Sprintf("%q is not one of <, <=, ==, !=, >=, >", text)
	if meant := map[string]string{"=": "==", "=<": "<=", "=>": ">=", "<>": "!=", "===": "==", "!==": "!="}[text]; meant != "" {
		why = fmt.Sprintf("write %s instead of %s", meant, text)
	}
	return 0, malformed(expression, why)
}

// isMetric reports whether the text may be the name of a metric: words of letters,
// digits, "_" and "-", joined by dots.
func isMetric(text string) bool {
	for _, word := range strings.Split(text, ".") {
		if word == "" || strings.ContainsFunc(word, func(c rune) bool {
			return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '_' && c != '-'
		}) {
			return false
		}
	}
	return true
}

func malformed(expression, why string) error {
	return fmt.Errorf("%q is %w: %s; write a metric, a comparison and a limit, such as \"acme.bounce_rate.max < 5%%\"",
		expression, ErrSyntax, why)
}

// parseLimit parses the limit of a metric of kind k. Limits are finite.
func parseLimit(text string, k Kind) (float64, error) {
	switch k {
	case Count:
		return parseCount(text)
	case Share:
		share, err := unit.ParseShare(text)
		if err != nil {
			return 0, fmt.Errorf("%w: %w", ErrLimit, err)
		}
		return share.Float(), nil
	case Duration:
		d, err := unit.ParseDuration(text)
		if err != nil {
			return 0, fmt.Errorf("%w: %w", ErrLimit, err)
		}
		return d.Seconds(), nil
	}
	return parseNumber(text)
}

// maxCount is the largest count that a float64 holds exactly.
const maxCount = 1 << 53

func parseCount(text string) (float64, error) {
	digits, ok := decimal(text)
	n, err := strconv.ParseInt(digits, 10, 64)
	if !ok || err != nil || n < 0 || n > maxCount {
		return 0, fmt.Errorf("%w: %q is not a count: write a whole number such as 0 or 1_000", ErrLimit, text)
	}
	return float64(n), nil
}

// parseNumber parses a decimal number; a percentage is divided by 100.
func parseNumber(text string) (float64, error) {
	body, percent := strings.CutSuffix(text, "%")
	digits, ok := decimal(strings.TrimSpace(body))
	v, err := strconv.ParseFloat(digits, 64)
	if !ok || err != nil {
		return 0, fmt.Errorf("%w: %q is not a number: write one such as 0.8, 120%% or -1", ErrLimit, text)
	}
	if percent {
		v /= 100
	}
	return v, nil
}

// decimal removes the underscores from a decimal number and reports whether it is
// valid: an optional minus, then digits with at most one point between them. It
// rejects exponents, NaN, infinities, and more than 40 characters after the sign.
func decimal(text string) (string, bool) {
	body := strings.TrimPrefix(text, "-")
	if len(body) > 40 || strings.Count(body, ".") > 1 {
		return "", false
	}
	last := byte('_') // a digit must stand first and last, and on both sides of "_" and "."
	for i := range len(body) {
		digit := body[i] >= '0' && body[i] <= '9'
		if !digit && (body[i] != '_' && body[i] != '.' || last < '0' || last > '9') {
			return "", false
		}
		last = body[i]
	}
	return strings.ReplaceAll(text, "_", ""), last >= '0' && last <= '9'
}
