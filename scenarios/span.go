package scenarios

import (
	"math/big"
	"strconv"
	"strings"
)

// span returns the values of a range { from, to, step }: numbers, or texts of
// a number and a unit, which all three have in common. The steps are exact,
// and the end belongs to the range where a step meets it.
func (l *loader) span(n *node, path string) []*node {
	keys := []string{"from", "to", "step"}
	var amounts [3]amount
	for i, key := range keys {
		child := n.table[key]
		if child == nil {
			l.missing(n, path, key)
			return nil
		}
		a, ok := amountOf(child)
		if !ok {
			l.wrong(child, join(path, key), "", "%s does not begin with a number", child.show())
			return nil
		}
		if i > 0 && a.unit != amounts[0].unit {
			l.wrong(child, join(path, key), "", "%s and %s differ in their unit", child.show(), n.table["from"].show())
			return nil
		}
		amounts[i] = a
	}
	l.unknown(n, path, schema{fields: []field{{key: "from"}, {key: "to"}, {key: "step"}}})
	from, to, step := amounts[0], amounts[1], amounts[2]
	switch {
	case step.is.Sign() <= 0:
		l.wrong(n.table["step"], join(path, "step"), "", "%s is not positive", n.table["step"].show())
		return nil
	case from.is.Cmp(to.is) > 0:
		l.wrong(n.table["to"], join(path, "to"), "", "%s is less than from", n.table["to"].show())
		return nil
	}
	var values []*node
	for at := new(big.Rat).Set(from.is); at.Cmp(to.is) <= 0; at.Add(at, step.is) {
		values = append(values, from.with(at, n))
		if len(values) > maxCells {
			l.wrong(n, path, "", "there are more than %d values, and a sweep has at most so many cells", maxCells)
			return nil
		}
	}
	return values
}

// amount is a number with a unit.
type amount struct {
	is    *big.Rat
	unit  string // what stands behind the number; "": it is no text
	whole bool   // an integer of TOML
	text  bool
}

// amountOf reads a number, or a text that begins with one.
func amountOf(n *node) (amount, bool) {
	switch v := n.value.(type) {
	case int64:
		return amount{is: new(big.Rat).SetInt64(v), whole: true}, true
	case float64:
		is, ok := new(big.Rat).SetString(strconv.FormatFloat(v, 'f', -1, 64))
		return amount{is: is}, ok
	case string:
		digits := strings.TrimSpace(v)
		end := strings.IndexFunc(digits, func(c rune) bool { return !strings.ContainsRune("0123456789_.", c) })
		if end <= 0 || len(digits) > maxPath {
			return amount{}, false
		}
		is, ok := new(big.Rat).SetString(strings.ReplaceAll(digits[:end], "_", ""))
		return amount{is: is, unit: digits[end:], text: true}, ok
	}
	return amount{}, false
}

// with returns a value of the same sort, standing where n stands.
func (a amount) with(is *big.Rat, n *node) *node {
	value := &node{keyAt: n.keyAt, valueAt: n.valueAt, from: n.from}
	digits, _ := is.FloatPrec()
	text := is.FloatString(digits)
	switch {
	case a.text:
		value.value = text + a.unit
	case is.IsInt() && is.Num().IsInt64() && a.whole:
		value.value = is.Num().Int64()
	default:
		value.value, _ = is.Float64()
	}
	return value
}
