package ses_test

import (
	"slices"
	"testing"
	"time"

	"sesim/sim/rules"
	"sesim/sim/ses"
)

// brings is released with a history.
func brings(h ses.History) ses.Spec {
	spec := released
	spec.History = &h
	return spec
}

// eightPercent is a rate of 8 % over 10,000 mails of 75 days.
func eightPercent(order ses.Order) ses.History {
	return ses.History{Before: ses.HistoryPoint{At: -75 * day, For: 75 * day, Eligible: 10_000, Bounces: 800}, Order: order}
}

// TestOrderOfThePast follows the bounce rate of an account with 8 % over 10,000 mails
// that sends 300 mails a day, and counts its mails until the rate stays below 5 %: the
// bad mails leave the volume early or late.
func TestOrderOfThePast(t *testing.T) {
	for _, c := range []struct {
		order       ses.Order
		each        int64 // so many mails have one bounce; 0: none bounces
		least, most int64
	}{
		{ses.OrderOldest, 0, 376, 380},
		{ses.OrderEven, 0, 3_750, 3_754},
		{ses.OrderNewest, 0, 9_376, 9_380},
		{ses.OrderOldest, 333, 377 * 99 / 100, 377 * 101 / 100},
		{ses.OrderEven, 333, 3_897 * 99 / 100, 3_897 * 101 / 100},
		{ses.OrderNewest, 333, 9_411 * 99 / 100, 9_411 * 101 / 100},
	} {
		a := newAccount(t, brings(eightPercent(c.order)))
		start, _ := a.Rates(0)
		if start.Eligible != 10_000 || start.Events != 800 || start.Final != 0.08 || start.Max != 0.08 || start.Span != 75*day || start.Below.Is {
			t.Errorf("%v: at the start %+v", c.order, start)
		}
		const every = 15 * time.Minute
		sent, now := int64(0), time.Duration(0)
		for range 32 * day / every {
			for ; time.Duration(sent)*day/300 < now+every; sent++ {
				a.CountEligible(true)
				if c.each > 0 && sent%c.each == c.each/2 {
					a.CountBounce()
				}
			}
			now += every
			a.Evaluate(now)
		}
		end, _ := a.Rates(now)
		if got := end.Below; !got.Is || got.Mails < c.least || got.Mails > c.most || got.Mails != (int64(got.After)*300+int64(day)-1)/int64(day) {
			t.Errorf("%v, a bounce in %d mails: below after %+v, want %d to %d mails", c.order, c.each, got, c.least, c.most)
		}
	}
}

// TestRateBelowAgain covers when a rate counts as below its threshold: at every
// evaluation from one on.
func TestRateBelowAgain(t *testing.T) {
	a := newAccount(t, released)
	want := func(now time.Duration, want ses.Below) {
		t.Helper()
		a.CloseRates(now)
		if bounce, _ := a.Rates(now); bounce.Below != want {
			t.Errorf("at %v: %+v, want %+v", now, bounce.Below, want)
		}
	}
	want(0, ses.Below{})
	mail(a, 100, 4, 0)
	want(time.Hour, ses.Below{Is: true})
	mail(a, 0, 1, 0)
	want(2*time.Hour, ses.Below{After: 2 * time.Hour, Mails: 100})
	mail(a, 1, 0, 0)
	want(3*time.Hour, ses.Below{After: 3 * time.Hour, Mails: 101, Is: true})
	want(4*time.Hour, ses.Below{After: 3 * time.Hour, Mails: 101, Is: true})
	mail(a, 9, 1, 0)
	want(5*time.Hour, ses.Below{After: 5 * time.Hour, Mails: 110})
	mail(a, 50, 0, 0)
	want(6*time.Hour, ses.Below{After: 6 * time.Hour, Mails: 160, Is: true})
}

// TestReviewBeforeTheStart covers an account under review since before the start: a
// review begun 5 d ago ends 16 d after the start, once.
func TestReviewBeforeTheStart(t *testing.T) {
	h := eightPercent(ses.OrderEven)
	h.Status, h.Since, h.Reviews = ses.Probation, 5*day, 1
	a := newAccount(t, brings(h))
	status(t, a, ses.Probation)
	if bounce, complaint := a.RateStatus(); a.Status() != ses.StatusUnderReview || bounce != ses.StatusUnderReview || complaint != ses.StatusHealthy {
		t.Errorf("%s, rates %s and %s", a.Status(), bounce, complaint)
	}
	for now := 15 * time.Minute; now < 16*day; now += 15 * time.Minute {
		a.Evaluate(now)
	}
	if len(a.Timeline()) != 0 {
		t.Errorf("before the review ends: %v", a.Timeline())
	}
	for range 20_000 {
		a.CountEligible(true)
	}
	a.Evaluate(16 * day)
	if line := latest(t, a); line.At != 16*day || line.Event != ses.EventHealthy || line.Rule != rules.ReviewEnd {
		t.Errorf("at the end of the review: %v", line)
	}
}

// TestStatusBeforeTheStart covers the other statuses that an account may bring along.
func TestStatusBeforeTheStart(t *testing.T) {
	t.Run("paused by AWS, until the list is emptied", func(t *testing.T) {
		h := ses.History{Status: ses.Shutdown, Since: 30 * day, Listed: ses.HistoryListed{Bounce: 1_292, Complaint: 27}}
		a := newAccount(t, brings(h))
		admit(t, a, 0, to(1), ses.RefusedPaused)
		after, _ := a.WipeAfter()
		if number, stopped := a.Stop(); number != 1 || !stopped || a.Status() != ses.StatusPaused || a.Listed() != 1_319 || a.Added() != 0 {
			t.Errorf("stop %d, %v, %s, %d listed, %d added", number, stopped, a.Status(), a.Listed(), a.Added())
		}
		if _, rule := a.Wipe(after-30*day, 1); rule != rules.AccountWiped || a.Listed() != 0 {
			t.Errorf("emptied by rule %v, %d left", rule, a.Listed())
		}
	})
	t.Run("paused by the customer", func(t *testing.T) {
		a := newAccount(t, brings(ses.History{CustomerPaused: true}))
		admit(t, a, 0, to(1), ses.RefusedPaused)
		a.Resume(time.Hour)
		admit(t, a, time.Hour, to(1), ses.Accepted)
	})
	t.Run("one review more is one too many", func(t *testing.T) {
		h := eightPercent(ses.OrderEven)
		h.Reviews = 2
		a := newAccount(t, brings(h), func(s *rules.Set) { s.Pause.RepeatReviews = 3 })
		a.Evaluate(15 * time.Minute)
		if line := latest(t, a); line.Rule != rules.PauseRepeated {
			t.Errorf("%v", line)
		}
	})
	t.Run("another cause", func(t *testing.T) {
		a := newAccount(t, brings(ses.History{Status: ses.Probation, Cause: ses.CauseOther, Why: "a spam trap", Since: day}))
		a.Appeal(0)
		a.Answer(day, true, rules.Reads{})
		if line := latest(t, a); line.Event != ses.EventReviewExtended {
			t.Errorf("%v", line)
		}
	})
}

// TestWindowBeforeTheStart covers the recipients of the last 24 hours: the eligible mail
// of these hours is part of them, and they leave the window within the first day.
func TestWindowBeforeTheStart(t *testing.T) {
	spec := brings(ses.History{
		Points: []ses.HistoryPoint{
			{At: -30 * time.Hour, For: time.Hour, Eligible: 7_000}, {At: -12 * time.Hour, For: time.Hour, Eligible: 600},
		},
		Used: 1_000,
	})
	spec.Quota = 1_200
	a := newAccount(t, spec)
	for _, c := range []struct {
		at   time.Duration
		used int64
	}{{0, 1_000}, {6 * time.Hour, 900}, {12 * time.Hour, 800}, {12*time.Hour + 30*time.Minute, 492}, {13 * time.Hour, 183}, {day - time.Nanosecond, 0}} {
		if got := a.QuotaUsed(c.at); max(got-c.used, c.used-got) > 1 {
			t.Errorf("at %v: %d used, want %d", c.at, got, c.used)
		}
	}
	if _, highest := a.QuotaUse(day); highest != 1_000.0/1_200 {
		t.Errorf("highest use %v", highest)
	}
	a = newAccount(t, brings(ses.History{Points: []ses.HistoryPoint{{At: -time.Hour, For: time.Hour, Eligible: 50_000}}}))
	admit(t, a, 0, to(1), ses.RefusedQuota)
	if got := a.Meters(0).Used; got != 50_000 {
		t.Errorf("%d used by the points alone", got)
	}
}

// TestBucketsAreExact checks that no mail is lost where a history is divided, and that
// no bucket of what is known in sum has more bounces than mail.
func TestBucketsAreExact(t *testing.T) {
	for _, order := range []ses.Order{ses.OrderUnsaid, ses.OrderEven, ses.OrderOldest, ses.OrderNewest} {
		for _, p := range []ses.HistoryPoint{
			{At: -75 * day, For: 75 * day, Eligible: 10_000, Bounces: 800, ComplaintEligible: 4_000, Complaints: 3},
			{At: -7 * day, For: day, Eligible: 3, Bounces: 3, ComplaintEligible: 1, Complaints: 1},
			{At: -3 * year, For: 2 * year, Eligible: 1_000_000_007, Bounces: 900_000_001, ComplaintEligible: 333_333_333, Complaints: 1_000_003},
			{At: -time.Minute, For: time.Minute, Eligible: 5, Bounces: 1},
			{At: -day, For: day},
		} {
			h := ses.History{Before: p, Order: order}
			sum, end := ses.HistoryPoint{At: p.At}, p.At
			for b := range h.Buckets(15 * time.Minute) {
				if b.At < end || b.For <= 0 || b.Bounces > b.Eligible || b.Complaints > b.ComplaintEligible || min(b.Bounces, b.Complaints) < 0 {
					t.Fatalf("%v, %+v: bucket %+v", order, p, b)
				}
				end = b.End()
				sum.Eligible += b.Eligible
				sum.Bounces += b.Bounces
				sum.ComplaintEligible += b.ComplaintEligible
				sum.Complaints += b.Complaints
			}
			if sum.For = p.For; sum != p || end > p.End() {
				t.Errorf("%v: %+v in all, want %+v", order, sum, p)
			}
		}
	}
	late := ses.History{Points: []ses.HistoryPoint{{At: -day, For: time.Hour, Bounces: 4, Complaints: 1}}}
	var bounces []int64
	for b := range late.Buckets(15 * time.Minute) {
		bounces = append(bounces, b.Bounces)
	}
	if !slices.Equal(bounces, []int64{1, 1, 1, 1}) {
		t.Errorf("bounces without mail: %v", bounces)
	}
}

// TestHistoryCheck covers histories that cannot be taken over.
func TestHistoryCheck(t *testing.T) {
	point := func(at, length time.Duration) ses.HistoryPoint { return ses.HistoryPoint{At: at, For: length} }
	for name, h := range map[string]ses.History{
		"no length":                {Points: []ses.HistoryPoint{point(-day, 0)}},
		"after the start":          {Points: []ses.HistoryPoint{point(-day, day+1)}},
		"overlap":                  {Points: []ses.HistoryPoint{point(-day, 2), point(-day+1, 1)}},
		"overlap with before":      {Points: []ses.HistoryPoint{point(-day, 2)}, Before: ses.HistoryPoint{At: -2 * day, For: day + 1, Eligible: 1}},
		"less than nothing":        {Points: []ses.HistoryPoint{{At: -day, For: 1, Bounces: -1}}},
		"more bounces than mail":   {Before: ses.HistoryPoint{At: -day, For: 1, Eligible: 1, Bounces: 2}},
		"used less than nothing":   {Used: -1},
		"a status that is none":    {Status: ses.Shutdown + 1},
		"an order that is none":    {Order: ses.OrderNewest + 1},
		"a review to come":         {Since: -1},
		"less than no list":        {Listed: ses.HistoryListed{Bounce: -1}},
		"a cause that is none":     {Cause: ses.CauseOther + 1},
		"more points than allowed": {Points: make([]ses.HistoryPoint, ses.MaxHistory+1)},
	} {
		if h.Check() == nil {
			t.Errorf("%s: no error", name)
		}
	}
	h := eightPercent(ses.OrderNewest)
	h.Points = []ses.HistoryPoint{{At: -time.Hour, For: time.Hour, Bounces: 1}}
	h.Before.At -= time.Hour
	if err := h.Check(); err != nil {
		t.Error(err)
	}
}

// TestRatesBefore compares the rates that a history had with those at the start of an
// account whose history ends there.
func TestRatesBefore(t *testing.T) {
	set := ruleSet(t)
	h := eightPercent(ses.OrderNewest)
	h.Points = []ses.HistoryPoint{{At: -3 * day, For: 15 * time.Minute, Eligible: 9_000, Bounces: 10, ComplaintEligible: 9_000, Complaints: 4}}
	h.Before.At -= 3 * day
	times := []time.Duration{-80 * day, -40 * day, -2 * day, 0}
	got := h.RatesAt(set, times)
	if got[0].Bounce.Data || got[1].Bounce.Eligible < 5_000 || got[1].Bounce.Events != 0 || h.Reach() != 78*day {
		t.Errorf("%+v, reach %v", got, h.Reach())
	}
	late := h
	late.Points = []ses.HistoryPoint{h.Points[0]}
	late.Points[0].At += 2 * day
	late.Before.At += 2 * day
	bounce, complaint := ses.NewAccount(ses.Spec{History: &late}, set, nil).Rates(0)
	for i, r := range got[2:] {
		if r.Bounce.Final != bounce.Final || r.Bounce.Eligible != bounce.Eligible || r.Complaint.Final != complaint.Final {
			t.Errorf("at %v: %+v, want %+v and %+v", times[2+i], r, bounce, complaint)
		}
	}
	if sum := h.Sum(); sum.Eligible != 19_000 || sum.Bounces != 810 || sum.Complaints != 4 || sum.At != -78*day || sum.For != 78*day {
		t.Errorf("%+v", sum)
	}
}
