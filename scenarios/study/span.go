package study

import (
	"math/big"
	"strconv"
	"strings"

	"sesim/scenarios/internal/keys"
	"sesim/scenarios/internal/tree"
)

// span returns the values of a range { from, to, step }: numbers, or texts of a
// number and a unit, which is the same for all three. The steps are exact; the end
// is included if a step reaches it.
func readSpan(r *tree.Reporter, n *tree.Node, path string) []*tree.Node {
	var amounts [3]amount
	for i, key := range []string{"from", "to", "step"} {
		child := n.Table[key]
		if child == nil {
			keys.Missing(r, n, path, key)
			return nil
		}
		a, ok := amountOf(child)
		if !ok {
			r.Wrong(child, tree.Join(path, key), "", "%s does not begin with a number", child.Show())
			return nil
		}
		if i > 0 && a.unit != amounts[0].unit {
			r.Wrong(child, tree.Join(path, key), "", "%s and %s differ in their unit", child.Show(), n.Table["from"].Show())
			return nil
		}
		amounts[i] = a
	}
	keys.Only("from", "to", "step").Unknown(r, n, path)
	from, to, step := amounts[0], amounts[1], amounts[2]
	switch {
	case step.is.Sign() <= 0:
		r.Wrong(n.Table["step"], tree.Join(path, "step"), "", "%s is not positive", n.Table["step"].Show())
		return nil
	case from.is.Cmp(to.is) > 0:
		r.Wrong(n.Table["to"], tree.Join(path, "to"), "", "%s is less than from", n.Table["to"].Show())
		return nil
	}
	var values []*tree.Node
	for at := new(big.Rat).Set(from.is); at.Cmp(to.is) <= 0; at.Add(at, step.is) {
		values = append(values, from.with(at, n))
		if len(values) > maxCells {
			r.Wrong(n, path, "", "there are more than %d values, and a sweep has at most %d cells", maxCells, maxCells)
			return nil
		}
	}
	return values
}

// amount is a number with a unit.
type amount struct {
	is    *big.Rat
	unit  string // text after the number; empty: the value is a number
	whole bool   // an integer of TOML
	text  bool
}

// maxAmount is the maximum length of an amount's text in bytes.
const maxAmount = 256

// amountOf reads a number, or a text that begins with one.
func amountOf(n *tree.Node) (amount, bool) {
	switch v := n.Value.(type) {
	case int64:
		return amount{is: new(big.Rat).SetInt64(v), whole: true}, true
	case float64:
		is, ok := new(big.Rat).SetString(strconv.FormatFloat(v, 'f', -1, 64))
		return amount{is: is}, ok
	case string:
		digits := strings.TrimSpace(v)
		end := strings.IndexFunc(digits, func(c rune) bool { return !strings.ContainsRune("0123456789_.", c) })
		if end <= 0 || len(digits) > maxAmount {
			return amount{}, false
		}
		is, ok := new(big.Rat).SetString(strings.ReplaceAll(digits[:end], "_", ""))
		return amount{is: is, unit: digits[end:], text: true}, ok
	}
	return amount{}, false
}

// with returns an amount of the same type and unit, as a value at the position of
// n.
func (a amount) with(is *big.Rat, n *tree.Node) *tree.Node {
	value := &tree.Node{KeyAt: n.KeyAt, ValueAt: n.ValueAt, From: n.From}
	digits, _ := is.FloatPrec()
	text := is.FloatString(digits)
	switch {
	case a.text:
		value.Value = text + a.unit
	case is.IsInt() && is.Num().IsInt64() && a.whole:
		value.Value = is.Num().Int64()
	default:
		value.Value, _ = is.Float64()
	}
	return value
}
