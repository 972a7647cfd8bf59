package keys

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	"sesim/scenarios/internal/tree"
	"sesim/sim"
	"sesim/sim/unit"
)

// Moment reads a time of the run: a duration since its start, or a date and
// time. It is before the horizon.
type Moment struct {
	To  *time.Duration
	Run *sim.Config // its start and horizon are read before; a horizon of 0 was wrong
}

func (m Moment) Read(r *tree.Reporter, n *tree.Node, path string) {
	if isDate(n.Value) {
		m.readDate(r, n, path)
		return
	}
	v, ok := readDuration(r, n, path)
	if !ok {
		return
	}
	if h := m.Run.Horizon; h > 0 && v >= h {
		r.Wrong(n, path, "", "%s is not before the horizon, %s", n.Show(), unit.FormatDuration(h))
		return
	}
	*m.To = v
}

// readDate reads a date and time within the run.
func (m Moment) readDate(r *tree.Reporter, n *tree.Node, path string) {
	at, ok := readInstant(r, n, path)
	if !ok {
		return
	}
	since, end := at.Sub(m.Run.Start), m.Run.Start.Add(m.Run.Horizon)
	switch {
	case since < 0:
		r.Wrong(n, path, "", "%s is before the start of the run, %s", n.Show(), tree.ShowTime(m.Run.Start))
	case m.Run.Horizon > 0 && since >= m.Run.Horizon:
		r.Wrong(n, path, "", "%s is not before the end of the run, %s", n.Show(), tree.ShowTime(end))
	default:
		*m.To = since
	}
}

func (Moment) Shape() Shape { return named(notationMoment) }

func (m Moment) Default() string { return strconv.Quote(unit.FormatDuration(*m.To)) }

// End reads when something ends: a moment after the start, or a duration, which
// may go beyond the horizon.
type End struct{ Moment }

func (e End) Read(r *tree.Reporter, n *tree.Node, path string) {
	if !isDate(n.Value) {
		Duration{To: e.To, Least: 1, Most: unit.MaxDuration}.Read(r, n, path)
		return
	}
	e.readDate(r, n, path)
	if at, err := parseInstant(n.Value); err == nil && at.Equal(e.Run.Start) {
		r.Wrong(n, path, "", "%s is not after the start of the run", n.Show())
	}
}

// Default returns none: a time of 0 is no end.
func (End) Default() string { return "" }

// Instant reads a date and a time with its offset from UTC.
type Instant struct{ To *time.Time }

// The years in which a run may start: after another 100 years, years still have
// four digits.
const firstYear, lastYear = 1970, 2200

func (i Instant) Read(r *tree.Reporter, n *tree.Node, path string) {
	v, ok := readInstant(r, n, path)
	switch {
	case !ok:
	case v.Year() < firstYear || v.Year() > lastYear:
		r.Wrong(n, path, "", "%s is not in the years %d to %d", n.Show(), firstYear, lastYear)
	default:
		*i.To = v
	}
}

func (Instant) Shape() Shape { return named(notationInstant) }

func (Instant) Range() string { return fmt.Sprintf("years %d to %d", firstYear, lastYear) }

func (i Instant) Default() string { return i.To.Format(time.RFC3339) }

// readInstant returns the value of n as a time in UTC, or reports why it is not
// one.
func readInstant(r *tree.Reporter, n *tree.Node, path string) (time.Time, bool) {
	at, err := parseInstant(n.Value)
	var local *localTime
	switch {
	case errors.As(err, &local):
		r.Wrong(n, path, "", "%s has no offset from UTC, so it would be another instant on every machine: write it as %s", n.Show(),
			tree.WithOffset(local.Time))
	case err != nil:
		r.Wrong(n, path, "", "%s is not a date and time: write one such as 2026-03-02T09:00:00Z", n.Show())
	}
	return at.UTC(), err == nil
}

// localTime is a date or a time without an offset from UTC.
type localTime struct{ time.Time }

func (*localTime) Error() string { return "no offset from UTC" }

// The layouts of dates: with an offset, and without.
var (
	instantLayouts = [...]string{time.RFC3339, "2006-01-02 15:04:05Z07:00"}
	localLayouts   = [...]string{"2006-01-02T15:04:05", time.DateTime, time.DateOnly}
)

// parseInstant returns a date and time as TOML writes it or in quotes. The error is a
// *localTime for one without an offset.
func parseInstant(value any) (time.Time, error) {
	if at, ok := value.(time.Time); ok {
		if tree.IsLocal(at) {
			return at, &localTime{at}
		}
		return at, nil
	}
	text, _ := value.(string)
	for _, layout := range instantLayouts {
		if at, err := time.Parse(layout, text); err == nil {
			return at, nil
		}
	}
	for _, layout := range localLayouts {
		if at, err := time.Parse(layout, text); err == nil {
			return at, &localTime{at}
		}
	}
	return time.Time{}, errNoDate
}

var errNoDate = errors.New("not a date and time")

// isDate reports whether a value is a date, with or without a time.
func isDate(value any) bool {
	_, err := parseInstant(value)
	return !errors.Is(err, errNoDate)
}

// TimeOfDay reads "14:00", a time of the day, as the time from the start of the run to the
// next such moment of a clock that shows UTC.
type TimeOfDay struct {
	To    *time.Duration
	Start *time.Time // of the run; read before
}

func (t TimeOfDay) Read(r *tree.Reporter, n *tree.Node, path string) {
	v, _ := n.Value.(string)
	at, ok := parseTimeOfDay(v)
	if !ok {
		r.Wrong(n, path, "", `%s is not a time of the day: write hours and minutes, such as "14:00"`, n.Show())
		return
	}
	*t.To = NextTimeOfDay(*t.Start, at)
}

func (TimeOfDay) Shape() Shape { return named(notationTimeOfDay) }

func (t TimeOfDay) Default() string { return strconv.Quote(t.Start.UTC().Add(*t.To).Format("15:04")) }

// NextTimeOfDay returns the duration from start to the next occurrence of a time
// of the day, given as the duration since midnight UTC.
func NextTimeOfDay(start time.Time, sinceMidnight time.Duration) time.Duration {
	midnight := time.Date(start.Year(), start.Month(), start.Day(), 0, 0, 0, 0, time.UTC)
	return (sinceMidnight - start.Sub(midnight) + unit.Day) % unit.Day
}
