package sender

import (
	"cmp"
	"errors"
	"fmt"
	"math/bits"
	"slices"
	"strings"
	"time"

	"sesim/sim/fixed"
	"sesim/sim/unit"
)

// Calendar says when traffic is open: on which days of the week, and between which
// times of the day of a time zone; and by how much its rate differs from the mean then.
// It is never modified.
//
// Traffic follows a calendar in operating time, which stands still while the calendar
// is closed, and passes as fast as the rate is multiplied while it is open. Message k of
// constant traffic is due when k spacings of operating time have passed, rounded down to
// a nanosecond of real time and never at a moment that is closed.
type Calendar struct {
	Day      int64         // the day of the epoch in UTC, counted from 1970-01-01
	Clock    time.Duration // the time of the day of the epoch in UTC
	Zone     Zone
	Weekdays [7]bool // on which days windows open, from Monday; at least one
	// Open and Close are the times of the day at which a window opens and closes: at
	// least 0, less than 24 h, and later than Open by at most 24 h. A Close beyond
	// 24 h is on the next day. A window is half-open.
	Open, Close time.Duration
	// Profile, Peaks and Ramp multiply the rate while the calendar is open, in this
	// order; each product is rounded down to a millionth. Nil: by one.
	Profile     *Profile
	Peaks, Ramp []Step
}

// Profile is how the rate differs by the day of the week, the hour of the day and the
// month, as clocks of the zone show them: in millionths of a mean of one.
type Profile struct {
	Name    string     // of a published one; empty: none
	Weekday [7]uint64  // from Monday; at most 7 times the mean
	Hour    [24]uint64 // at most 24 times the mean
	Month   [12]uint64 // from January; at most 12 times the mean
}

// Step is by how many millionths the rate is multiplied from a moment on. Before the
// first step it is by one.
type Step struct {
	From  time.Duration // since the epoch, ascending
	Times uint64        // at most MaxPeak of a peak, MaxRamp of a ramp
}

// The highest factors of steps, in millionths.
const (
	MaxPeak = 1000 * million
	MaxRamp = million * million
)

// Zone is a time zone during a run.
type Zone struct {
	Name    string // in the IANA database
	Data    string // the release of the database; empty: not known
	Offsets []Offset
}

// Offset is how far local clocks are ahead of UTC from a time of the run on. The first
// offset of a zone holds from the epoch on, and before it.
type Offset struct {
	From time.Duration // since the epoch, ascending
	East time.Duration // whole seconds
}

// ErrCalendar is wrapped by the error of a calendar that traffic cannot follow.
var ErrCalendar = errors.New("not a valid calendar")

// Check returns why traffic cannot follow the calendar, wrapped in ErrCalendar, or nil.
func (c *Calendar) Check() error {
	switch {
	case c.Clock < 0 || c.Clock >= unit.Day:
		return fmt.Errorf("%w: the epoch at %v of its day", ErrCalendar, c.Clock)
	case c.Weekdays == [7]bool{}:
		return fmt.Errorf("%w: open on no day", ErrCalendar)
	case c.Open < 0 || c.Open >= unit.Day || c.Close <= c.Open || c.Close > c.Open+unit.Day:
		return fmt.Errorf("%w: open from %v to %v", ErrCalendar, c.Open, c.Close)
	case len(c.Zone.Offsets) == 0:
		return fmt.Errorf("%w: a zone without an offset", ErrCalendar)
	}
	for i, o := range c.Zone.Offsets[1:] {
		if o.From <= c.Zone.Offsets[i].From {
			return fmt.Errorf("%w: offset %d of the zone does not begin after the one before", ErrCalendar, i+1)
		}
	}
	if err := checkSteps("peaks", c.Peaks, MaxPeak); err != nil {
		return err
	}
	if err := checkSteps("the ramp", c.Ramp, MaxRamp); err != nil {
		return err
	}
	return c.Profile.check()
}

// checkSteps returns what is wrong with steps.
func checkSteps(what string, steps []Step, most uint64) error {
	for i, s := range steps {
		if s.Times > most || i > 0 && s.From <= steps[i-1].From {
			return fmt.Errorf("%w: step %d of %s, %d millionths from %v", ErrCalendar, i, what, s.Times, s.From)
		}
	}
	return nil
}

// check returns what is wrong with a profile.
func (p *Profile) check() error {
	if p == nil {
		return nil
	}
	for _, list := range [...][]uint64{p.Weekday[:], p.Hour[:], p.Month[:]} {
		if most := slices.Max(list); most == 0 || most > uint64(len(list))*million {
			return fmt.Errorf("%w: a profile of %d values has one of %d millionths", ErrCalendar, len(list), most)
		}
	}
	return nil
}

// String returns the calendar in words: "mon tue fri 09:00-17:00 Europe/Berlin".
func (c *Calendar) String() string {
	var words []string
	for i, word := range WeekdayWords() {
		if c.Weekdays[i] {
			words = append(words, word)
		}
	}
	closes := c.Close
	if closes > unit.Day {
		closes -= unit.Day
	}
	text := strings.Join(append(words, clock(c.Open)+"-"+clock(closes), c.Zone.Name), " ")
	switch {
	case c.Profile != nil && c.Profile.Name != "":
		text += ", profile " + c.Profile.Name
	case c.Profile != nil:
		text += ", by a profile"
	}
	return text + highest("peaks", c.Peaks) + highest("ramp", c.Ramp)
}

// highest returns the highest of steps in words.
func highest(what string, steps []Step) string {
	if len(steps) == 0 {
		return ""
	}
	most := slices.MaxFunc(steps, func(a, b Step) int { return cmp.Compare(a.Times, b.Times) }).Times
	return fmt.Sprintf(", %s up to %d.%03d times", what, most/million, most%million/1000)
}

// clock writes a time of the day.
func clock(at time.Duration) string {
	return fmt.Sprintf("%02d:%02d", at/time.Hour, at%time.Hour/time.Minute)
}

// WeekdayWords returns the words of the days of the week, from Monday.
func WeekdayWords() [7]string { return [...]string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"} }

// Shown returns what clocks of the zone show at a moment, since they showed the epoch's
// time of the day in UTC.
func (c *Calendar) Shown(at time.Duration) time.Duration { return c.local(at) - c.Clock }

// local returns what clocks of the zone show at a moment, since midnight UTC of the
// day of the epoch.
func (c *Calendar) local(at time.Duration) time.Duration {
	o := c.Zone.Offsets
	i := len(o) - 1
	for i > 0 && at < o[i].From {
		i--
	}
	return c.Clock + at + o[i].East
}

// moment returns when clocks of the zone show a local time: for the first time, or
// first a later one if they skip it.
func (c *Calendar) moment(local time.Duration) time.Duration {
	offsets := c.Zone.Offsets
	for i, o := range offsets {
		at := local - c.Clock - o.East
		if i+1 < len(offsets) && at >= offsets[i+1].From {
			continue
		}
		if i > 0 {
			at = max(at, o.From)
		}
		return at
	}
	panic("sender: a zone without an offset")
}

// Later returns the moment that is a duration after another: at the same local time if
// the duration is a whole number of days.
func (c *Calendar) Later(at, by time.Duration) time.Duration {
	if by%unit.Day != 0 || by == 0 {
		return sum(at, by)
	}
	return c.moment(c.local(at) + by)
}

// always reports whether the calendar never closes.
func (c *Calendar) always() bool {
	return c.Open == 0 && c.Close == unit.Day && c.Weekdays == [...]bool{true, true, true, true, true, true, true}
}

// open reports whether traffic is open at a moment, and until when that holds at least.
func (c *Calendar) open(at time.Duration) (open bool, until time.Duration) {
	if c.always() {
		return true, never
	}
	day := c.local(at)/unit.Day - 2 // a window of the day before may reach here, and clocks be set back
	for ; ; day++ {
		if !c.Weekdays[c.weekday(int64(day))] {
			continue
		}
		from, to := c.moment(day*unit.Day+c.Open), c.moment(day*unit.Day+c.Close)
		if at < from {
			return false, from
		}
		if at < to {
			return true, to
		}
	}
}

// weekday returns the day of the week of a day, counted from that of the epoch.
func (c *Calendar) weekday(day int64) int64 {
	const first = 3 // 1970-01-01 was a Thursday
	return ((c.Day+day+first)%7 + 7) % 7
}

// Rate returns by how many millionths the rate of traffic is multiplied at a moment, and
// until when that holds at least.
func (c *Calendar) Rate(at time.Duration) (millionths uint64, until time.Duration) {
	open, until := c.open(at)
	if !open {
		return 0, until
	}
	millionths = million
	if c.Profile != nil {
		var next time.Duration
		millionths, next = c.weight(at)
		until = min(until, next)
	}
	for _, steps := range [...][]Step{c.Peaks, c.Ramp} {
		times, next := stepAt(steps, at)
		millionths, until = fixed.MulDiv(millionths, times, million), min(until, next)
	}
	return millionths, until
}

// stepAt returns by how many millionths steps multiply at a moment, and until when.
func stepAt(steps []Step, at time.Duration) (times uint64, until time.Duration) {
	n, found := slices.BinarySearchFunc(steps, at, func(s Step, at time.Duration) int { return cmp.Compare(s.From, at) })
	if found {
		n++
	}
	times, until = million, never
	if n > 0 {
		times = steps[n-1].Times
	}
	if n < len(steps) {
		until = steps[n].From
	}
	return times, until
}

// weight returns by how many millionths the profile multiplies at a moment, and until
// when at least: up to the next hour that clocks show, or until they are changed.
func (c *Calendar) weight(at time.Duration) (millionths uint64, until time.Duration) {
	local := c.local(at)
	day, clock := local/unit.Day, local%unit.Day
	if clock < 0 {
		day, clock = day-1, clock+unit.Day
	}
	until = at + time.Hour - clock%time.Hour
	for _, o := range c.Zone.Offsets {
		if o.From > at {
			until = min(until, o.From)
			break
		}
	}
	p, date := c.Profile, time.Unix((c.Day+int64(day))*int64(unit.Day/time.Second), 0).UTC()
	millionths = p.Weekday[c.weekday(int64(day))] * p.Hour[clock/time.Hour] / million
	return millionths * p.Month[date.Month()-1] / million, until
}

// Highest returns the product of the highest factors, in millionths: the rate is never
// multiplied by more.
func (c *Calendar) Highest() uint64 {
	most := uint64(million)
	if p := c.Profile; p != nil {
		most = slices.Max(p.Weekday[:]) * slices.Max(p.Hour[:]) / million * slices.Max(p.Month[:]) / million
	}
	for _, steps := range [...][]Step{c.Peaks, c.Ramp} {
		times := uint64(million)
		for _, s := range steps {
			times = max(times, s.Times)
		}
		most = fixed.MulDiv(most, times, million)
	}
	return most
}

const million = 1_000_000

// cursor converts operating time of a calendar to moments of the run. It moves forward
// over stretches in which the calendar's rate does not change.
type cursor struct {
	calendar *Calendar
	end      time.Duration // of the traffic
	from     time.Duration // of the current stretch, or of what is left of it since begin
	until    time.Duration
	rate     uint64        // in millionths
	done     time.Duration // operating time from begin to from
	rest     uint64        // and its millionths of a nanosecond
}

// begin sets the moment from which operating time is counted.
func (c *cursor) begin(at time.Duration) {
	if (at < c.from || at >= c.until) && at < c.end {
		c.rate, c.until = c.calendar.Rate(at)
	}
	c.from, c.done, c.rest = at, 0, 0
}

// at returns the moment at which so much operating time has passed since begin, or
// never if that is not before the end. The operating time must not decrease between
// calls of begin.
func (c *cursor) at(operating time.Duration) time.Duration {
	for c.from < c.end {
		hi, lo := bits.Mul64(uint64(operating-c.done), million)
		lo, borrow := bits.Sub64(lo, c.rest, 0)
		hi -= borrow
		if hi < c.rate {
			if wait, _ := bits.Div64(hi, lo, c.rate); wait < uint64(c.until-c.from) {
				return c.from + time.Duration(wait)
			}
		}
		c.pass()
	}
	return never
}

// pass moves on to the next stretch.
func (c *cursor) pass() {
	hi, lo := bits.Mul64(uint64(c.until-c.from), c.rate)
	lo, carry := bits.Add64(lo, c.rest, 0)
	whole, rest := bits.Div64(hi+carry, lo, million) // less than an operating time, so that it fits
	c.done, c.rest = c.done+time.Duration(whole), rest
	c.from = c.until
	if c.from < c.end {
		c.rate, c.until = c.calendar.Rate(c.from)
	}
}
