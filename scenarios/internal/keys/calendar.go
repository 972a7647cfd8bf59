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
