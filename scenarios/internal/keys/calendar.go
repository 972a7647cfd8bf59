package keys

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"sesim/scenarios/internal/tree"
	"sesim/scenarios/internal/zone"
	"sesim/sim/sender"
	"sesim/sim/unit"
)

// Weekdays reads the days of the week, such as ["mon", "fri"]; at least one.
type Weekdays struct{ To *[7]bool }

// weekdays are the words of the days in order.
func weekdays() []Choice[int] {
	var words []Choice[int]
	for i, w := range sender.WeekdayWords() {
		words = append(words, Choice[int]{w, i})
	}
	return words
}

func (w Weekdays) Read(r *tree.Reporter, n *tree.Node, path string) {
	items, ok := Items(r, n, path, len(w.To))
	if !ok {
		return
	}
	if len(n.List) == 0 {
		r.Wrong(n, path, "", `there is no day: name at least one, such as ["mon"]`)
		return
	}
	var days [7]bool
	for _, item := range items {
		day := -1
		Word[int]{To: &day, Choices: weekdays()}.Read(r, item.Node, item.Path)
		if day >= 0 {
			days[day] = true
		}
	}
	*w.To = days
}

func (Weekdays) Shape() Shape {
	return NonEmpty(ListOf(Word[int]{Choices: weekdays()}.Shape(), 7))
}

// Hours reads a window of the day, such as "09:00-17:00" or "22:00-06:00", as the times
// since midnight at which it opens and closes. One over midnight closes after 24 h.
type Hours struct{ Open, Close *time.Duration }

func (h Hours) Read(r *tree.Reporter, n *tree.Node, path string) {
	v, _ := n.Value.(string)
	from, to, found := strings.Cut(v, "-")
	open, ok := parseTimeOfDay(from)
	closing, closes := parseTimeOfDay(to)
	if to == "24:00" {
		closing, closes = unit.Day, true
	}
	switch {
	case !found || !ok || !closes:
		r.Wrong(n, path, "", `%s is not a window of hours: write when it opens and closes, such as "09:00-17:00"`, n.Show())
	case open == closing:
		r.Wrong(n, path, "", `%s opens and closes at the same time: for the whole day write "00:00-24:00"`, n.Show())
	case closing < open:
		*h.Open, *h.Close = open, closing+unit.Day
	default:
		*h.Open, *h.Close = open, closing
	}
}

func (Hours) Shape() Shape { return named(notationHours) }

// Timezone reads the name of a time zone.
type Timezone struct{ To *string }

func (t Timezone) Read(r *tree.Reporter, n *tree.Node, path string) {
	v, _ := n.Value.(string)
	if zone.Known(v) {
		*t.To = v
		return
	}
	names := zone.Names()
	hint := tree.DidYouMean(v, names)
	if i := slices.IndexFunc(names, func(name string) bool { return strings.EqualFold(name, v) }); i >= 0 {
		hint = tree.Meant(names[i])
	}
	r.Wrong(n, path, hint, `%s is not a time zone: write a name of the IANA database, such as "Europe/Berlin"`, n.Show())
}

func (Timezone) Shape() Shape { return named(notationTimezone) }

func (t Timezone) Default() string { return strconv.Quote(*t.To) }

// parseTimeOfDay reads "14:00" as the time since midnight.
func parseTimeOfDay(text string) (time.Duration, bool) {
	at, err := time.Parse("15:04", text)
	return time.Duration(at.Hour())*time.Hour + time.Duration(at.Minute())*time.Minute, err == nil
}

// Weights reads as many numbers as there are in To, scaled to a mean of one, in
// millionths.
type Weights struct{ To []uint64 }

// maxWeight is the highest number in a list of weights, in thousandths.
const maxWeight = 1_000_000

func (w Weights) Read(r *tree.Reporter, n *tree.Node, path string) {
	if n.Kind != tree.List {
		r.Wrong(n, path, "", "%s is not a list: write it between [ and ]", n.Show())
		return
	}
	if len(n.List) != len(w.To) {
		r.Wrong(n, path, "", "there are %d numbers, and %d are needed", len(n.List), len(w.To))
		return
	}
	parts, sum := make([]int64, len(n.List)), int64(0)
	before := len(r.Findings())
	for i, child := range n.List {
		Milli{To: &parts[i], Most: maxWeight}.Read(r, child, tree.Element(path, i))
		sum += parts[i]
	}
	switch {
	case len(r.Findings()) > before:
	case sum == 0:
		r.Wrong(n, path, "", "all are 0: at least one must be more")
	default:
		Scale(w.To, parts)
	}
}

func (w Weights) Shape() Shape {
	of := ListOf(Milli{Most: maxWeight}.Shape(), len(w.To))
	of["minItems"] = len(w.To)
	return of
}

// Scale sets weights in proportion to parts so that their mean is one, in millionths,
// each rounded to the nearest. Without parts it leaves them.
func Scale(weights []uint64, parts []int64) {
	sum := int64(0)
	for _, part := range parts {
		sum += part
	}
	for i, part := range parts {
		weights[i] = uint64((2*part*int64(len(parts))*1_000_000 + sum) / (2 * sum))
	}
}

// Rates reads a list of rates, at least one.
type Rates struct {
	To   *[]unit.Rate
	Most int
}

func (t Rates) Read(r *tree.Reporter, n *tree.Node, path string) {
	items, ok := Items(r, n, path, t.Most)
	if !ok {
		return
	}
	if len(n.List) == 0 {
		r.Wrong(n, path, "", `there is no rate: name at least one, such as ["50/d"]`)
		return
	}
	read := make([]unit.Rate, len(items))
	for i, item := range items {
		Rate{To: &read[i]}.Read(r, item.Node, item.Path)
	}
	*t.To = read
}

func (t Rates) Shape() Shape { return NonEmpty(ListOf(named(notationRate), t.Most)) }
