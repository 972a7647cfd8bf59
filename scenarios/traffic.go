package scenarios

import (
	"slices"
	"strconv"
	"time"

	"sesim/scenarios/internal/keys"
	"sesim/scenarios/internal/tree"
	"sesim/sim"
	"sesim/sim/unit"
)

// trafficKind is a kind of traffic, and the keys it takes beside kind.
type trafficKind struct {
	word   string
	is     sim.TrafficKind
	about  string
	fields func(l *loader, t *trafficReader) []keys.Field
}

// trafficReader is traffic being read.
type trafficReader struct {
	sim.Traffic
	calendar *sim.Calendar
	ramp     ramp
}

func newTrafficReader() *trafficReader { return &trafficReader{calendar: newCalendar()} }

var trafficKinds = []trafficKind{
	{"constant", sim.Constant, "exact spacing of the time that is open, the first message at begin", rateField},
	{"poisson", sim.Poisson, "exponential spacing", rateField},
	{"campaign", sim.Campaign, "the whole audience, once or again and again", func(l *loader, t *trafficReader) []keys.Field {
		return []keys.Field{
			keys.Optional("pace", keys.Uncertain{Plain: keys.Rate{To: &t.Rate}, Of: sim.Pace, To: &l.uncertain}, "messages per time").
				Or("the account's maximum send rate"),
			keys.Optional("every", keys.Duration{To: &t.Every, Least: 1, Most: unit.MaxDuration}, "time from one start to the next").Or("once"),
		}
	}},
	{"diurnal", sim.Diurnal, "poisson traffic whose rate swings about its mean over the day", func(l *loader, t *trafficReader) []keys.Field {
		t.Peak, t.Depth = keys.NextTimeOfDay(l.cfg.Start, defaultPeak), defaultDepth
		return []keys.Field{
			rateField(l, t)[0],
			keys.Optional("peak", keys.TimeOfDay{To: &t.Peak, Start: &l.cfg.Start}, "time of the highest rate, in the time zone"),
			keys.Optional("depth", keys.Uncertain{Plain: keys.Share{To: &t.Depth}, Of: sim.Depth, To: &l.uncertain},
				"swing of the rate, as a share of its mean"),
		}
	}},
	{rampWord, sim.Constant, "exact spacing at a rate that rises or falls in steps and holds the last one",
		func(_ *loader, t *trafficReader) []keys.Field { return t.ramp.fields() }},
	{"trace", sim.Recorded, "recorded sends from a file", func(l *loader, t *trafficReader) []keys.Field {
		return []keys.Field{keys.Required("file", traceFile{l, &t.Trace},
			"name of the file; a relative path begins at the scenario's folder").With(traceNote)}
	}},
}

func rateField(l *loader, t *trafficReader) []keys.Field {
	rate := keys.Uncertain{Plain: keys.Rate{To: &t.Rate}, Of: sim.TrafficRate, To: &l.uncertain}
	return []keys.Field{keys.Required("rate", rate, "mean rate")}
}

// Defaults of diurnal traffic: most mail early in the afternoon, and nine
// times as much as in the dead of night.
const (
	defaultPeak  = 14 * time.Hour // since midnight
	defaultDepth = 80 * unit.Percent
)

// trafficKeys are the keys of all kinds of traffic together.
var trafficKeys = []string{
	"rate", "pace", "every", "peak", "depth", "file", "from", "to", "over", "factor", "step", "rates", "weekdays", "hours", "timezone", "profile",
}

// traffic reads when a sender's messages are due.
type traffic struct {
	l  *loader
	to *sim.Traffic
}

// table binds the keys of traffic of a kind; nil: its kind is wrong.
func (t traffic) table(kind *trafficKind, to *trafficReader) keys.Table {
	table := keys.Table{
		Fields: []keys.Field{keys.Required("kind", keys.Word[sim.TrafficKind]{To: &to.Kind, Choices: kindWords()}, "kind of traffic")},
		Others: trafficKeys,
	}
	if kind != nil {
		table.Fields = append(table.Fields, kind.fields(t.l, to)...)
		if kind.is != sim.Recorded {
			table.Fields = append(table.Fields, calendarFields(to.calendar)...)
		}
		table.Of = "kind = " + strconv.Quote(kind.word)
	}
	return table
}

func (t traffic) Variants() []keys.Variant {
	sorts := make([]keys.Variant, len(trafficKinds))
	for i := range trafficKinds {
		k := &trafficKinds[i]
		sorts[i] = keys.Variant{Key: "kind", Word: k.word, About: k.about, Table: t.table(k, newTrafficReader())}
	}
	return sorts
}

func (t traffic) Shape() keys.Shape { return keys.OneOfTables(t.Variants()) }

func (t traffic) Read(r *tree.Reporter, n *tree.Node, path string) {
	if n.Kind != tree.Table {
		r.Wrong(n, path, "", `%s is not a table: write one such as { kind = "poisson", rate = "60/h" }`, n.Show())
		return
	}
	read, kind := newTrafficReader(), trafficKindOf(n)
	t.table(kind, read).Read(r, n, path)
	isRamp := kind != nil && kind.word == rampWord
	if isRamp {
		read.calendar.Ramp = read.ramp.steps(t.l, n, path, &read.Rate)
	}
	if isRamp || n.Has("weekdays") || n.Has("hours") || n.Has("timezone") || n.Has("profile") {
		read.Calendar = t.l.calendar(read.calendar)
	}
	*t.to = read.Traffic
}

func kindWords() []keys.Choice[sim.TrafficKind] {
	list := make([]keys.Choice[sim.TrafficKind], len(trafficKinds))
	for i, k := range trafficKinds {
		list[i] = keys.Choice[sim.TrafficKind]{Word: k.word, Is: k.is}
	}
	return list
}

// trafficKindOf returns the kind that a table names, or nil. A word that is no
// kind is reported with the other keys; no kind is assumed for it.
func trafficKindOf(n *tree.Node) *trafficKind {
	if n.Table["kind"] == nil {
		return nil
	}
	text, _ := n.Table["kind"].Value.(string)
	i := slices.IndexFunc(trafficKinds, func(k trafficKind) bool { return k.word == text })
	if i < 0 {
		return nil
	}
	return &trafficKinds[i]
}
