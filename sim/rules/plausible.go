package rules

import (
	"cmp"
	"math/bits"
	"slices"
	"strconv"
	"strings"
	"time"

	"sesim/sim/fixed"
	"sesim/sim/unit"
)

// Plausible is what a parameter that is not documented may be, as far as anybody
// outside AWS knows: a range of numbers, settings, or both. It contains the value of
// every edition. The zero value has nothing: the parameter is documented.
type Plausible struct {
	numbers     bool
	kind        Kind // of the numbers: Whole, Number, Duration or Share
	least, most int64
	low         int64 // the least number above 0, where least is 0 and a setting of its own
	settings    []Value
}

// Value is one value of a parameter.
type Value struct {
	Text string // as a scenario sets it, and --set takes it: "22.1d", "never"
	Name string // what people call it, shorter than Text; empty: Text says it
	// Rank is the position on the grid of three significant digits, from 0; -1: the
	// value is none of the range of numbers. After 0 the grid goes on with 1s, 0.01%, 1
	// or 0.001.
	Rank  int64
	plain any // as Assign takes it
}

// None reports whether there are no alternatives.
func (p *Plausible) None() bool { return !p.numbers && len(p.settings) == 0 }

// Ranged reports whether there is a range of numbers.
func (p *Plausible) Ranged() bool { return p.numbers }

// Ends returns the ends of the range of numbers, if there is one.
func (p *Plausible) Ends() (least, most Value) { return p.number(p.least), p.number(p.most) }

// Range returns the ends of the range as numbers, if there is one: nanoseconds, parts
// per billion, whole numbers, or thousandths.
func (p *Plausible) Range() (least, most int64) { return p.least, p.most }

// Settings returns the values that are not in the range of numbers: "never" and
// "off" beside one, and all alternatives of a switch, a list or a spread. The slice
// must not be modified.
func (p *Plausible) Settings() []Value { return p.settings }

// String returns the alternatives in words: "0 to 10000", "1 to 5 or never", "false or
// true"; empty if there are none.
func (p *Plausible) String() string {
	var words []string
	if p.numbers {
		least, most := p.Ends()
		words = append(words, least.Text+" to "+most.Text)
	}
	for _, v := range p.settings {
		words = append(words, v.Words())
	}
	switch last := len(words) - 1; {
	case last < 1:
		return strings.Join(words, "")
	case strings.Contains(strings.Join(words, ""), ","):
		return strings.Join(words[:last], "; ") + "; or " + words[last]
	default:
		return strings.Join(words[:last], ", ") + " or " + words[last]
	}
}

// Narrows is String, but empty for a switch, of which all values are plausible.
func (p *Plausible) Narrows() string {
	if !p.numbers && !slices.ContainsFunc(p.settings, func(v Value) bool { return v.Name != "" }) {
		return ""
	}
	return p.String()
}

// Words returns the name of the value, or its text if it has none.
func (v Value) Words() string { return cmp.Or(v.Name, v.Text) }

// Values returns n numbers spread over the range, in ascending order, and then the
// settings. There are fewer numbers if the range has fewer.
func (p *Plausible) Values(n int) []Value {
	var list []Value
	if p.numbers {
		for i := range n {
			if v := p.spread(int64(i), int64(n)); len(list) == 0 || list[len(list)-1].Rank < v.Rank {
				list = append(list, v)
			}
		}
	}
	return append(list, p.settings...)
}

// The weight of the range of numbers among the alternatives: every setting, and a
// zero apart from the other numbers, has one.
const rangeWeight = 5

// Level returns the value of level i of n, 0 <= i < n. The levels of a switch are its
// settings in equal shares; a range of numbers takes five times the share of a setting
// beside it.
func (p *Plausible) Level(i, n int) Value {
	weight := int64(len(p.settings))
	before := int64(0) // the weight of the range and what it includes
	if p.numbers {
		before = rangeWeight
		if p.low > 0 {
			before++
		}
	}
	weight += before
	at, all := int64(i), int64(n)
	place := at * weight / all
	if place >= before {
		return p.settings[place-before]
	}
	levels := (before*all + weight - 1) / weight // those of the range
	if p.low == 0 {
		return p.spread(at, levels)
	}
	if zeros := (all + weight - 1) / weight; at >= zeros {
		return p.positive(at-zeros, levels-zeros)
	}
	return p.number(0)
}

// spread returns the i-th of n numbers over the range.
func (p *Plausible) spread(i, n int64) Value {
	switch {
	case p.low == 0:
		return p.positive(i, n)
	case i == 0:
		return p.number(0)
	}
	return p.positive(i-1, n-1)
}

// positive returns the i-th of n numbers over the range without a zero that is apart:
// at equal distances or, beyond a factor of ten, at equal ratios.
func (p *Plausible) positive(i, n int64) Value {
	low, most := max(p.low, p.least), p.most
	switch {
	case i == 0:
		return p.number(low)
	case i == n-1:
		return p.number(most)
	case low > 0 && most/low > 10:
		octaves := fixed.Log2(uint64(most)) - fixed.Log2(uint64(low))
		power := fixed.MulDiv(octaves, uint64(i), uint64(n-1))
		return p.number(p.nearest(int64(fixed.Scale(uint64(low), int64(power)))))
	}
	return p.number(p.nearest(low + int64(fixed.MulDiv(uint64(most-low), uint64(i), uint64(n-1)))))
}

// nearest returns the number of the grid that is nearest to v, within the range.
func (p *Plausible) nearest(v int64) int64 {
	rank := p.kind.rank(v)
	below, above := p.kind.at(rank), p.kind.at(rank+1)
	if above-v < v-below {
		below = above
	}
	return min(max(below, p.least), p.most)
}

// At returns the number at a position on the grid of three significant digits. The
// position must lie between those of the two Ends.
func (p *Plausible) At(rank int64) Value { return p.number(p.kind.at(rank)) }

// Of returns a parameter's value in s, with its Rank if it is a number on the grid and
// in the range.
func (p *Parameter) Of(s *Set) Value {
	text := p.Get(s)
	for _, v := range p.Plausible.settings {
		if v.Text == text {
			return v
		}
	}
	if n, ok := p.Plausible.parse(text); ok {
		return p.Plausible.number(n)
	}
	return Value{Text: text, Rank: -1}
}

// Apply sets a parameter in s to one of its plausible values. Keys of a table that the
// value leaves as they are by default keep what s has. The error is that of Assign.
func (p *Parameter) Apply(s *Set, v Value) error { return Assign(s, p.Name, v.plain) }

// number returns a number of the grid as a value.
func (p *Plausible) number(n int64) Value {
	v := Value{Rank: p.kind.rank(n)}
	switch p.kind {
	case Whole:
		v.Text, v.plain = strconv.FormatInt(n, 10), n
	case Number:
		v.Text, v.plain = milli(n), float64(n)/1000
	case Duration:
		v.Text = shortDuration(n)
		v.plain = v.Text
	case Share:
		v.Text = unit.Share(n).String()
		v.plain = v.Text
	}
	return v
}

// parse reads a number of the grid and the range.
func (p *Plausible) parse(text string) (int64, bool) {
	var n int64
	var err error
	switch {
	case !p.numbers:
		return 0, false
	case p.kind == Duration:
		d, bad := unit.ParseDuration(text)
		n, err = int64(d), bad
	case p.kind == Share:
		s, bad := unit.ParseShare(text)
		n, err = int64(s), bad
	case p.kind == Number:
		f, bad := strconv.ParseFloat(text, 64)
		if bad == nil {
			n, err = asMilli(f, p.least, p.most)
		} else {
			err = bad
		}
	default:
		n, err = strconv.ParseInt(text, 10, 64)
	}
	return n, err == nil && n >= p.least && n <= p.most && p.kind.at(p.kind.rank(n)) == n
}

// digits is the number of positions that a decade of the grid of three significant
// digits has: from 100 to 999.
const digits = 900

// least is the least number above 0 on the grid. What is smaller means nothing in a
// model whose parameters span seconds to weeks and parts of a percent.
func (k Kind) least() int64 {
	switch k {
	case Duration:
		return int64(time.Second)
	case Share:
		return int64(unit.Percent / 100)
	}
	return 1
}

// rank returns the position on the grid of the greatest number of it that is not
// above n, which must not be negative.
func (k Kind) rank(n int64) int64 {
	if n < k.least() {
		return 0
	}
	return k.fullRank(n) - k.fullRank(k.least()) + 1
}

// at returns the number at a position on the grid.
func (k Kind) at(rank int64) int64 {
	if rank == 0 {
		return 0
	}
	return k.fullAt(rank - 1 + k.fullRank(k.least()))
}

// fullRank and fullAt are the grid from the least number on, at positions that do not
// begin at 0.
func (k Kind) fullRank(n int64) int64 {
	if k != Duration {
		return decimalRank(n)
	}
	rank := int64(0)
	for i, u := range gridUnits {
		if i == len(gridUnits)-1 || n < gridUnits[i+1].size {
			return rank + u.rank(n)
		}
		rank += u.count(gridUnits[i+1].size)
	}
	return rank
}

func (k Kind) fullAt(rank int64) int64 {
	if k != Duration {
		return decimalAt(rank)
	}
	for i, u := range gridUnits {
		if i < len(gridUnits)-1 {
			if n := u.count(gridUnits[i+1].size); rank >= n {
				rank -= n
				continue
			}
		}
		return u.at(rank)
	}
	return 0
}

// gridUnit is a unit in which durations are written: the largest of which there is at
// least one.
type gridUnit struct {
	name string
	size int64 // in nanoseconds
}

var gridUnits = []gridUnit{{"s", 1e9}, {"m", 60e9}, {"h", 3600e9}, {"d", int64(unit.Day)}}

// hundredths is what the grid of a unit counts, so that one unit has three digits, at
// the decimal position oneUnit.
func (u gridUnit) hundredths(n int64) int64 {
	return int64(fixed.MulDiv(uint64(n), 100, uint64(u.size)))
}

const oneUnit = 100

func (u gridUnit) rank(n int64) int64 { return decimalRank(u.hundredths(n)) - oneUnit }

func (u gridUnit) at(rank int64) int64 {
	return int64(fixed.MulDiv(uint64(decimalAt(rank+oneUnit)), uint64(u.size), 100))
}

// count returns the number of positions of a unit below the next one.
func (u gridUnit) count(next int64) int64 {
	rank := u.rank(next)
	if u.at(rank) < next {
		rank++
	}
	return rank
}

// decimalRank and decimalAt are the grid of whole numbers: all up to 999, and then
// those of three significant digits.
func decimalRank(n int64) int64 {
	decades := int64(0)
	for n >= 1000 {
		n /= 10
		decades++
	}
	return n + decades*digits
}

func decimalAt(rank int64) int64 {
	if rank < 1000 {
		return rank
	}
	decades := (rank - 100) / digits
	n := rank - decades*digits
	for range decades {
		hi, lo := bits.Mul64(uint64(n), 10)
		if hi > 0 || lo > 1<<63-1 {
			return 1<<63 - 1
		}
		n = int64(lo)
	}
	return n
}

// shortDuration writes a duration of the grid in its largest unit: "22.1d".
func shortDuration(n int64) string {
	if n == 0 {
		return "0s"
	}
	i := len(gridUnits) - 1
	for i > 0 && n < gridUnits[i].size {
		i--
	}
	u := gridUnits[i]
	h := u.hundredths(n)
	text := strconv.FormatInt(h/100, 10)
	if rest := h % 100; rest > 0 {
		text += "." + strconv.FormatInt(rest/10, 10)
		if rest%10 > 0 {
			text += strconv.FormatInt(rest%10, 10)
		}
	}
	return text + u.name
}

// What a parameter may be is declared by the functions below.

// numbers is a range of numbers, with both ends: durations, shares, whole numbers, or
// thousandths.
func numbers[T ~int64](least, most T) Plausible {
	return Plausible{numbers: true, least: int64(least), most: int64(most)}
}

// zeroOr is zero and a range of greater numbers.
func zeroOr[T ~int64](least, most T) Plausible {
	return Plausible{numbers: true, low: int64(least), most: int64(most)}
}

// oneOf is a choice of settings, as Assign takes them.
func oneOf(values ...any) Plausible { return Plausible{}.or(values...) }

// or adds settings.
func (p Plausible) or(values ...any) Plausible {
	p.settings = slices.Clip(p.settings)
	for _, value := range values {
		v, ok := value.(Value)
		if !ok {
			v = Value{plain: value}
		}
		v.Rank = -1
		p.settings = append(p.settings, v)
	}
	return p
}

// called gives a setting a name.
func called(name string, value any) Value { return Value{Name: name, plain: value} }

type table = map[string]any

// stays is a list of durations.
func stays(durations ...string) []any {
	values := make([]any, len(durations))
	for i, d := range durations {
		values[i] = d
	}
	return values
}

// complete fills in what a parameter's notation decides of its plausible values.
func (p *Plausible) complete(of *Parameter) {
	p.kind = of.notations[0].Kind
	for i := range p.settings {
		v := &p.settings[i]
		if text, ok := v.plain.(string); ok {
			v.Text = text
			continue
		}
		s := current()
		if err := of.set(&s, v.plain); err != nil {
			panic("rules: plausible values of " + of.Name + ": " + err.Error())
		}
		v.Text = of.get(&s)
	}
}

// spread is a distribution of durations.
func spread(median, tail, upper string) Value {
	return called("median "+median+" ("+tail+" "+upper+")", table{"median": median, tail: upper})
}
