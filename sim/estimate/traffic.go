package estimate

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"sort"
	"time"
)

// Burst is mail without a gap of an hour, or that of a campaign which the log names.
type Burst struct {
	Start, End         time.Duration // since 1970; to a slot
	Messages, attempts int64
	first, last        slot
}

// Traffic is when a sender's messages are due.
type Traffic struct {
	// Campaigns are the bursts of a sender that sends in campaigns; empty for steady mail.
	Campaigns []Burst
	// Every is the time between the starts of campaigns, 0 where it varies by more than an
	// hour and 5 %.
	Every time.Duration
	Pace  float64 // messages a second within campaigns; 0: not known

	// Rate is messages an hour of steady mail.
	Rate Estimate
	// Weekday and Hour are weights with a mean of one, from Monday and from midnight, UTC.
	Weekday [7]float64
	Hour    [24]float64
	// Cells are messages an hour by hour of the week, shrunk to the product of day and hour.
	Cells [168]float64
	// Trend is the growth of the messages from one week to the next, 0.01 for 1 %; 0 with
	// fewer than four weeks.
	Trend float64
}

// Limits of bursts that are campaigns.
const (
	campaignMessages = 100 // or a twentieth of the list
	quietSlots       = slot(time.Hour / slotLength)
)

// findBursts returns the campaigns of a sender whose mail is in bursts: in a quarter of
// the time of the log at most, and nine tenths of its mail; those that the log names take
// as long as they do. nil for steady mail.
func (x *analysis) findBursts() []Burst {
	spans := x.named()
	if spans == nil {
		spans = x.dense()
	}
	var list []Burst
	for _, s := range spans {
		list = append(list, x.burst(s))
	}
	least := min(int64(campaignMessages), max(1, x.s.Addresses/20))
	var in, slots int64
	list = slices.DeleteFunc(list, func(b Burst) bool {
		if b.Messages < least {
			return true
		}
		in, slots = in+b.Messages, slots+int64(b.last-b.first+1)
		return false
	})
	if in*10 < x.s.Messages*9 || x.spans == nil && slots*4 > int64(x.cut-x.from)+4*int64(quietSlots) {
		return nil
	}
	return list
}

// named returns the times of the campaigns that the log names, in their order; those that
// overlap are one. nil: it names none.
func (x *analysis) named() (list []span) {
	for _, s := range slices.SortedFunc(maps.Values(x.spans), func(a, b span) int { return cmp.Compare(a.first, b.first) }) {
		if n := len(list); n > 0 && s.first <= list[n-1].last {
			list[n-1].last = max(list[n-1].last, s.last)
		} else {
			list = append(list, s)
		}
	}
	return list
}

// dense returns the times of mail without a gap of an hour, in their order.
func (x *analysis) dense() (list []span) {
	for _, at := range x.order {
		if t := x.slots[at]; t.sent == 0 && t.attempts(x.sends) == 0 {
			continue
		}
		if n := len(list); n == 0 || at-list[n-1].last > quietSlots {
			list = append(list, span{at, at})
		}
		list[len(list)-1].last = at
	}
	return list
}

// burst returns the mail of a span.
func (x *analysis) burst(s span) Burst {
	b := Burst{first: s.first, last: s.last}
	from, _ := slices.BinarySearch(x.order, s.first)
	for _, at := range x.order[from:] {
		if at > s.last {
			break
		}
		t := x.slots[at]
		if t.sent == 0 && t.attempts(x.sends) == 0 {
			continue
		}
		if b.Start == 0 {
			b.Start = at.start() + time.Duration(t.begin)*time.Millisecond
		}
		b.End = at.start() + time.Duration(t.end)*time.Millisecond
		b.Messages += t.messages(x.sends)
		b.attempts += t.attempts(x.sends)
	}
	return b
}

// burstOf returns the number of the burst with a slot; how many there are for none.
func (x *analysis) burstOf(at slot) int {
	i := sort.Search(len(x.bursts), func(i int) bool { return x.bursts[i].last >= at })
	if i < len(x.bursts) && x.bursts[i].first <= at {
		return i
	}
	return len(x.bursts)
}

// size estimates how many addresses the list has. A campaign reaches all; of steady mail
// to addresses drawn evenly, how many messages met how many different ones tells.
func (x *analysis) size(c *contactSums) Estimate {
	distinct := int64(len(x.people))
	if distinct == 0 {
		return unknown("the log does not name addresses")
	}
	if x.bursts != nil {
		d := float64(distinct)
		return Estimate{Value: d, Low: d, High: d, K: distinct, N: x.s.Messages, Method: MethodCounted}
	}
	d, n := float64(distinct), float64(c.messages)
	if c.messages <= distinct || n/d > 20 {
		if c.messages <= distinct {
			return unknown("no address was written to twice: there are at least %d", distinct)
		}
		return Estimate{Value: d, Low: d, High: d, K: distinct, N: c.messages, Method: MethodCounted}
	}
	pool := poolOf(d, n)
	mean := n / pool
	dispersion := (float64(c.square)/pool - float64(mean*mean)) / mean
	if math.Abs(dispersion-1)*math.Sqrt(pool/2) > 5 {
		return unknown("addresses are not drawn evenly: there are at least %d", distinct)
	}
	// The variance of the number of different addresses, from occupancy.
	empty := math.Exp(-mean)
	deviation := math.Sqrt(pool * empty * (1 - float64((1+mean)*empty)))
	half := float64(c.firstHalf)
	expected := float64(-pool * math.Expm1(-half/pool))
	if math.Abs(float64(c.halfPoint)-expected) > float64(5*math.Sqrt(pool*math.Exp(-half/pool)))+1 {
		return unknown("the list grows or shrinks: there are at least %d", distinct)
	}
	low, high := tails(x.o.Confidence)
	z := math.Sqrt2 * math.Erfinv(math.Ldexp(float64(high-low), -64))
	return Estimate{
		Value: math.Round(pool), Low: math.Round(poolOf(max(d-float64(z*deviation), 1), n)),
		High: math.Round(poolOf(min(d+float64(z*deviation), n-0.5), n)), K: distinct, N: c.messages, Method: MethodPool,
	}
}

// poolOf returns how many addresses there are if n even draws find d different ones.
func poolOf(d, n float64) float64 {
	low, high := d, d
	for -high*math.Expm1(-n/high) < d && high < 1e15 {
		high *= 2
	}
	for range 100 {
		middle := (low + high) / 2
		if -middle*math.Expm1(-n/middle) < d {
			low = middle
		} else {
			high = middle
		}
	}
	return Significant(high, 8)
}

// traffic estimates when messages are due.
func (x *analysis) traffic() {
	if x.bursts != nil {
		x.campaigns()
		return
	}
	t := &x.s.Traffic
	if x.cut <= x.from || len(x.order) == 0 {
		t.Rate = unknown("the log is too short")
		return
	}
	first := x.order[0].start()
	hours := (x.a.Cut - first).Hours()
	t.Rate = Rate(x.s.Messages, max(hours, 1), x.o.Confidence)
	var counts [168]int64
	var exposure [168]float64
	for _, at := range x.order {
		counts[hourOf(at.start())] += x.slots[at].messages(x.sends)
	}
	for at := first; at < x.a.Cut; at += slotLength {
		exposure[hourOf(at)] += slotLength.Hours()
	}
	t.week(&counts, &exposure)
	t.Trend = x.trend(first)
}

// hourOf returns the hour of the week, from Monday.
func hourOf(t time.Duration) int { return int((t/time.Hour + 3*24) % 168) } // 1970 began on a Thursday

// week finds the weights of days and hours, and the cells.
func (t *Traffic) week(counts *[168]int64, exposure *[168]float64) {
	var ofDay, ofHour, forDay, forHour [24]float64
	all, hours, days := 0.0, 0.0, 0
	for i, n := range counts {
		day, hour := i/24, i%24
		ofDay[day], ofHour[hour], all = ofDay[day]+float64(n), ofHour[hour]+float64(n), all+float64(n)
		forDay[day], forHour[hour], hours = forDay[day]+exposure[i], forHour[hour]+exposure[i], hours+exposure[i]
	}
	for _, e := range forDay[:7] {
		if e > 23 {
			days++
		}
	}
	weight := func(n, e float64) float64 {
		if e == 0 || all == 0 || days < 7 {
			return 1 // a week tells all days apart; a shorter log none
		}
		return Significant(n/e*hours/all, 4)
	}
	for i := range t.Weekday {
		t.Weekday[i] = weight(ofDay[i], forDay[i])
	}
	for i := range t.Hour {
		t.Hour[i] = weight(ofHour[i], forHour[i])
	}
	var expected [168]float64
	chi := 0.0
	for i, n := range counts {
		expected[i] = float64(all / max(hours, 1) * t.Weekday[i/24] * t.Hour[i%24] * exposure[i])
		if expected[i] > 0 {
			d := float64(n) - expected[i]
			chi += float64(d*d) / expected[i]
		}
	}
	const freedom = 168 - 7 - 24 + 1
	kept := max(0, 1-freedom/max(chi, 1)) // James and Stein: what chance explains goes
	for i, n := range counts {
		if exposure[i] > 0 {
			t.Cells[i] = Significant((expected[i]+float64(kept*(float64(n)-expected[i])))/exposure[i], 4)
		}
	}
}

// trend compares the two halves of the full weeks.
func (x *analysis) trend(first time.Duration) float64 {
	const week = 7 * 24 * time.Hour
	weeks := int64((x.a.Cut - first) / week)
	if weeks < 4 {
		return 0
	}
	half := weeks / 2
	var halves [2]int64
	for _, at := range x.order {
		n := x.slots[at].messages(x.sends)
		switch w := int64((at.start() - first) / week); {
		case w < half:
			halves[0] += n
		case w >= weeks-half && w < weeks:
			halves[1] += n
		}
	}
	if halves[0] == 0 || halves[1] == 0 {
		return 0
	}
	return Significant(math.Pow(float64(halves[1])/float64(halves[0]), 1/float64(weeks-half))-1, 3)
}

// campaigns describes the calendar of campaigns.
func (x *analysis) campaigns() {
	t := &x.s.Traffic
	t.Campaigns = x.bursts
	t.Rate = unknown("the mail is sent in campaigns")
	var gaps []time.Duration
	for i := 1; i < len(x.bursts); i++ {
		gaps = append(gaps, x.bursts[i].Start-x.bursts[i-1].Start)
	}
	if len(gaps) > 0 {
		least, most := slices.Min(gaps), slices.Max(gaps)
		if most-least <= max(time.Hour, most/20) {
			slices.Sort(gaps)
			t.Every = gaps[len(gaps)/2].Round(15 * time.Minute)
		}
	}
	var paces []float64
	for _, b := range x.bursts {
		if b.End > b.Start {
			paces = append(paces, float64(b.Messages-1)/(b.End-b.Start).Seconds())
		}
	}
	if len(paces) > 0 {
		slices.Sort(paces)
		t.Pace = Significant(paces[len(paces)/2], 3)
	}
}
