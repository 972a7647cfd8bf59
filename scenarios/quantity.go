package scenarios

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"sesim/scenarios/internal/tree"
	"sesim/sim/unit"
)

// duration reads "90s", "18h" or "30d".
type duration struct {
	to          *time.Duration
	least, most time.Duration
}

func (d duration) read(l *loader, n *tree.Node, path string) {
	v, ok := l.duration(n, path)
	switch {
	case !ok:
	case v < d.least && d.least == 1:
		l.Wrong(n, path, "", "%s is not longer than 0s", n.Show())
	case v < d.least:
		l.Wrong(n, path, "", "%s is not at least %s", n.Show(), unit.FormatDuration(d.least))
	case v > d.most:
		l.Wrong(n, path, "", "%s is not at most %s", n.Show(), unit.FormatDuration(d.most))
	default:
		*d.to = v
	}
}

// seconds reads a duration of whole seconds, which is how the API counts.
type seconds struct{ duration }

func (s seconds) read(l *loader, n *tree.Node, path string) {
	text, _ := n.Value.(string)
	if v, err := unit.ParseDuration(text); err == nil && v%time.Second != 0 {
		l.Wrong(n, path, "", "%s is not a whole number of seconds", n.Show())
		return
	}
	s.duration.read(l, n, path)
}

// duration returns the value of n as a duration, or reports why it is none.
func (l *loader) duration(n *tree.Node, path string) (time.Duration, bool) {
	v, isText := n.Value.(string)
	if !isText {
		l.Wrong(n, path, "", `%s is not a duration: write a number and a unit in quotes, such as "90s", "18h" or "30d"`, n.Show())
		return 0, false
	}
	d, err := unit.ParseDuration(v)
	if err != nil {
		l.Wrong(n, path, "", "%v", err)
		return 0, false
	}
	return d, true
}

// moment reads a time of the run: a duration from its start, before the
// horizon.
type moment struct{ to *time.Duration }

func (m moment) read(l *loader, n *tree.Node, path string) {
	v, ok := l.duration(n, path)
	if !ok {
		return
	}
	if h := l.cfg.Horizon; h > 0 && v >= h {
		l.Wrong(n, path, "", "%s is not before the horizon, %s", n.Show(), unit.FormatDuration(h))
		return
	}
	*m.to = v
}

// rate reads "14/s", "60/h" or "50000/d".
type rate struct{ to *unit.Rate }

// maxRate is the most messages a second that a sender may plan: more than
// any account's max send rate.
const maxRate = 1_000_000

func (r rate) read(l *loader, n *tree.Node, path string) {
	v, isText := n.Value.(string)
	if !isText {
		l.Wrong(n, path, "", `%s is not a rate: write a number and a period in quotes, such as "14/s", "60/h" or "50000/d"`, n.Show())
		return
	}
	parsed, err := unit.ParseRate(v)
	switch {
	case err != nil:
		l.Wrong(n, path, "", "%v", err)
	case parsed.PerSecond() > maxRate:
		l.Wrong(n, path, "", "%s is not at most %d/s", n.Show(), maxRate)
	default:
		*r.to = parsed
	}
}

// decay reads "2.1%/30d": a share, and the time in which it is lost.
type decay struct {
	of  *unit.Share
	per *time.Duration
}

func (d decay) read(l *loader, n *tree.Node, path string) {
	v, isText := n.Value.(string)
	part, per, found := strings.Cut(v, "/")
	lost, err := unit.ParseShare(part)
	if !isText || err != nil || !found && lost > 0 {
		l.Wrong(n, path, "", `%s is not a decay: write a share and a duration, such as "2.1%%/30d"`, n.Show())
		return
	}
	if !found {
		*d.of, *d.per = 0, 0
		return
	}
	if lost > maxDecay {
		l.Wrong(n, path, "", "%s loses more than %s: for addresses that do not exist at all there is invalid", n.Show(), maxDecay)
		return
	}
	in, err := unit.ParseDuration(per)
	if err != nil || in < minDecayPer {
		l.Wrong(n, path, "", `%s is not a decay: the time after the "/" is not a duration of at least %s, such as "30d"`, n.Show(), unit.FormatDuration(minDecayPer))
		return
	}
	*d.of, *d.per = lost, in
}

// Limits on decay: addresses decay over months, and some always remain.
const (
	minDecayPer = time.Hour
	maxDecay    = 99 * unit.Percent
)

// size reads the size of a message, such as "500kB" or "12MB".
type size struct{ to *int64 }

// maxSize is the largest message that a scenario may have: far more than SES
// takes.
const maxSize = 1 << 30

// sizeUnits are the units of sizes; the letters alone come last, since they
// end the others. AWS counts in powers of two.
var sizeUnits = []choice[uint64]{{"MB", 1 << 20}, {"kB", 1 << 10}, {"B", 1}}

func (s size) read(l *loader, n *tree.Node, path string) {
	v, _ := n.Value.(string)
	for _, unit := range sizeUnits {
		digits, ok := strings.CutSuffix(v, unit.word)
		if !ok {
			continue
		}
		number, err := strconv.ParseUint(strings.ReplaceAll(strings.TrimSpace(digits), "_", ""), 10, 64)
		switch {
		case err != nil && !errors.Is(err, strconv.ErrRange):
		case err != nil || number > maxSize/unit.is:
			l.Wrong(n, path, "", "%s is not at most %dMB", n.Show(), maxSize>>20)
			return
		case number == 0:
			l.Wrong(n, path, "", "%s is not at least 1B", n.Show())
			return
		default:
			*s.to = int64(number * unit.is)
			return
		}
		break
	}
	l.Wrong(n, path, "", `%s is not a size: write a whole number and B, kB or MB in quotes, such as "500kB" or "12MB"`, n.Show())
}

// timeOfDay reads "14:00", a time of the day in UTC, as the time from the
// start of the run to the next such moment.
type timeOfDay struct{ to *time.Duration }

func (t timeOfDay) read(l *loader, n *tree.Node, path string) {
	v, _ := n.Value.(string)
	at, err := time.Parse("15:04", v)
	if err != nil {
		l.Wrong(n, path, "", `%s is not a time of the day: write hours and minutes in UTC, such as "14:00"`, n.Show())
		return
	}
	*t.to = nextTimeOfDay(l.cfg.Start, time.Duration(at.Hour())*time.Hour+time.Duration(at.Minute())*time.Minute)
}

// nextTimeOfDay returns how long after start it is next so long after
// midnight, UTC.
func nextTimeOfDay(start time.Time, sinceMidnight time.Duration) time.Duration {
	const day = 24 * time.Hour
	midnight := time.Date(start.Year(), start.Month(), start.Day(), 0, 0, 0, 0, time.UTC)
	return (sinceMidnight - start.Sub(midnight) + day) % day
}

// instant reads a date and a time with its offset from UTC.
type instant struct{ to *time.Time }

// The years in which a run may start: a run of 100 years more still has
// years of four digits.
const firstYear, lastYear = 1970, 2200

func (i instant) read(l *loader, n *tree.Node, path string) {
	v, ok := n.Value.(time.Time)
	switch {
	case !ok:
		l.Wrong(n, path, "", "%s is not a time: write it without quotes, as 2026-03-02T09:00:00Z", n.Show())
	case v.UTC().Year() < firstYear || v.UTC().Year() > lastYear:
		l.Wrong(n, path, "", "%s is not in the years %d to %d", n.Show(), firstYear, lastYear)
	default:
		*i.to = v.UTC()
	}
}
