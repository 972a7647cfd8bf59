package twin

import (
	"cmp"
	"math/big"
	"slices"
	"time"

	"sesim/sim"
	"sesim/sim/fixed"
	"sesim/sim/rng"
	"sesim/sim/sender"
	"sesim/sim/unit"
)

// timing is when a sender's messages are due.
type timing interface {
	Next() time.Duration
	Advance(last bool)
	SetRate(rate unit.Rate)
	Stop()
}

var _, _ timing = (*sender.Arrivals)(nil), (*timetable)(nil)

// timetable is traffic with a calendar. It lists all stretches of the run in which the
// rate does not change, and counts through them for every message.
type timetable struct {
	sim.Traffic
	begin, end time.Duration
	gaps       rng.Stream
	stretches  []stretch
	next       time.Duration
	base       time.Duration // the moment from which messages are counted
	k          int64         // messages since base
	campaign   int64
}

// stretch is a time in which the rate does not change.
type stretch struct {
	from, to   time.Duration
	millionths int64
}

// newTimetable returns the traffic of a sender with a calendar.
func newTimetable(t sim.Traffic, begin, end time.Duration, gaps rng.Key) *timetable {
	x := &timetable{Traffic: t, begin: begin, end: end, gaps: gaps.Stream(), stretches: stretches(t.Calendar, end), base: begin}
	switch t.Kind {
	case sim.Poisson, sim.Diurnal:
		x.next = begin
		x.draw()
	default:
		x.next = x.after(begin, 0)
	}
	return x
}

// Next implements timing.
func (x *timetable) Next() time.Duration { return x.next }

// Stop implements timing.
func (x *timetable) Stop() { x.next = never }

// SetRate implements timing: the message that is due next stays.
func (x *timetable) SetRate(rate unit.Rate) {
	x.Rate = rate
	if x.next != never {
		x.base, x.k = x.next, 0
	}
}

// Advance implements timing.
func (x *timetable) Advance(last bool) {
	switch {
	case x.Kind == sim.Poisson || x.Kind == sim.Diurnal:
		x.draw()
	case x.Kind == sim.Campaign && last && x.Every == 0:
		x.next = never
	case x.Kind == sim.Campaign && last:
		x.campaign++
		due := x.begin + time.Duration(x.campaign)*x.Every
		if x.Every%day == 0 {
			due = whenShown(x.Calendar, shown(x.Calendar, x.begin)+time.Duration(x.campaign)*x.Every)
		}
		x.base, x.k = max(due, x.after(x.base, x.Rate.At(x.k+1))), 0
		x.next = x.after(x.base, 0)
	default:
		x.k++
		x.next = x.after(x.base, x.Rate.At(x.k))
	}
}

// draw moves on to the next message of random traffic.
func (x *timetable) draw() {
	mean, whole := rng.MeanOf(x.Rate), int64(unit.Whole)
	for {
		gap := x.gaps.Gap(mean)
		if x.Kind == sim.Diurnal {
			gap = time.Duration(fixed.MulDiv(uint64(gap), uint64(whole), uint64(whole+int64(x.Depth))))
		}
		x.next = x.after(x.next, gap)
		if x.Kind == sim.Poisson || x.next == never {
			return
		}
		highest := whole + int64(x.Depth)
		if int64(x.gaps.Below(uint64(highest))) < whole+int64(x.Depth)*swing(shown(x.Calendar, x.next)-x.Calendar.Clock-x.Peak)/whole {
			return
		}
	}
}

// swing is a cosine of a day in billionths, after Bhaskara: 16 x (π-x) / (5 π² - 4 x (π-x))
// for the sine of x, with half a day for π.
func swing(at time.Duration) int64 {
	const half = 43_200
	second := (int64(at/time.Second)%86_400 + 86_400 + 21_600) % 86_400
	x := second % half
	v := 16 * x * (half - x) * 1_000_000_000 / (5*half*half - 4*x*(half-x))
	if second >= half {
		return -v
	}
	return v
}

// after returns when so much operating time has passed since a moment, or never if that is
// not before the end.
func (x *timetable) after(at, operating time.Duration) time.Duration {
	left := new(big.Int).Mul(big.NewInt(int64(operating)), big.NewInt(1_000_000))
	for _, s := range x.stretches {
		from := max(s.from, at)
		if from >= s.to {
			continue
		}
		rate := big.NewInt(s.millionths)
		all := new(big.Int).Mul(big.NewInt(int64(s.to-from)), rate)
		if left.Cmp(all) < 0 {
			due := from + time.Duration(new(big.Int).Quo(left, rate).Int64())
			if due >= x.end {
				return never
			}
			return due
		}
		left.Sub(left, all)
	}
	return never
}

// stretches lists the stretches of a calendar up to the end.
func stretches(c *sim.Calendar, end time.Duration) []stretch {
	edges := []time.Duration{0, end}
	for d := int64(-2); time.Duration(d)*day < end+3*day; d++ {
		from, to := window(c, d)
		edges = append(edges, from, to)
		for at := time.Duration(0); at < day && c.Profile != nil; at += 30 * time.Minute { // zones differ from UTC by half hours
			edges = append(edges, time.Duration(d)*day+at-c.Clock%(30*time.Minute))
		}
	}
	for _, s := range slices.Concat(c.Peaks, c.Ramp) {
		edges = append(edges, s.From)
	}
	slices.Sort(edges)
	var list []stretch
	for i, from := range edges[1:] {
		if before := edges[i]; before >= 0 && before < from && from <= end {
			list = append(list, stretch{before, from, rateAt(c, before)})
		}
	}
	return list
}

// rateAt is by how many millionths the rate is multiplied at a moment.
func rateAt(c *sim.Calendar, at time.Duration) int64 {
	today := int64((shown(c, at)+3*day)/day) - 3
	for d := today - 2; d <= today+2; d++ {
		from, to := window(c, d)
		weekday := time.Unix((c.Day+d)*86_400, 0).UTC().Weekday()
		if from <= at && at < to && c.Weekdays[(int(weekday)+6)%7] {
			return factors(c, at)
		}
	}
	return 0
}

// factors is by how many millionths the rate is multiplied at a moment that is open.
func factors(c *sim.Calendar, at time.Duration) int64 {
	list := []uint64{}
	if p := c.Profile; p != nil {
		now := time.Unix(c.Day*86_400, 0).Add(shown(c, at)).UTC()
		list = append(list, p.Weekday[(now.Weekday()+6)%7], p.Hour[now.Hour()], p.Month[now.Month()-1])
	}
	for _, steps := range [][]sim.Step{c.Peaks, c.Ramp} {
		times := uint64(1_000_000)
		for _, s := range steps {
			if s.From <= at {
				times = s.Times
			}
		}
		list = append(list, times)
	}
	whole := big.NewInt(1_000_000)
	rate := big.NewInt(1_000_000)
	for _, times := range list {
		rate.Mul(rate, new(big.Int).SetUint64(times))
		rate.Quo(rate, whole)
	}
	return rate.Int64()
}

// window is when the window of a day opens and closes, whether or not it is one of the
// weekdays.
func window(c *sim.Calendar, d int64) (from, to time.Duration) {
	return whenShown(c, time.Duration(d)*day+c.Open), whenShown(c, time.Duration(d)*day+c.Close)
}

// east is how far clocks are ahead of UTC.
func east(c *sim.Calendar, at time.Duration) time.Duration {
	offsets := c.Zone.Offsets
	i, _ := slices.BinarySearchFunc(offsets, at+1, func(o sim.Offset, at time.Duration) int { return cmp.Compare(o.From, at) })
	return offsets[max(i-1, 0)].East
}

// shown is what clocks show, since midnight UTC of the epoch's day.
func shown(c *sim.Calendar, at time.Duration) time.Duration { return c.Clock + at + east(c, at) }

// whenShown is the first moment at which clocks show a time, or a later one where they
// skip it.
func whenShown(c *sim.Calendar, local time.Duration) time.Duration {
	first := never
	for i, o := range c.Zone.Offsets {
		if at := local - c.Clock - o.East; east(c, at) == o.East {
			first = min(first, at)
		}
		if i > 0 && shown(c, o.From-1) < local && local < shown(c, o.From) {
			first = min(first, o.From)
		}
	}
	return first
}
