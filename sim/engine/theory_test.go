package engine_test

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"testing"
	"time"

	"gonum.org/v1/gonum/stat/distuv"

	"sesim/sim"
	"sesim/sim/engine"
	"sesim/sim/rules"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// This file compares whole runs with closed forms. Each formula describes one
// mechanism alone, so every test switches off the feedback that would act on
// it, and says why.

const (
	day  = 24 * time.Hour
	week = 7 * day
)

// bare is a scenario with the feedback switched off that none of the formulas
// has:
//
//   - reputation: no rate is ever based on enough mail for a decision, else a
//     review or a pause would stop the traffic;
//   - the account-level list, which would suppress a second send before the
//     global list sees it;
//   - list hygiene, which would take addresses out of the population;
//   - automatic increases, quota and max send rate;
//   - delays: what a send causes happens at the moment of the send, as the
//     formulas assume.
//
// The tests switch on what they are about.
func bare(t *testing.T, seed uint64, horizon time.Duration, addresses int64, sends unit.Rate) sim.Config {
	t.Helper()
	p, err := rules.Edition("current")
	if err != nil {
		t.Fatal(err)
	}
	p.Rep.MinEligible = math.MaxInt64
	p.AutoIncrease.On = false
	p.Delay = rules.Delays{}
	return sim.Config{
		Name: "bare", Start: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), Horizon: horizon, Seed: seed, Rules: p,
		Accounts: []sim.Account{{
			Name: "a", Region: "us-east-1", Access: ses.Production, Quota: -1, Rate: 1_000_000, Identities: []string{"a.example"},
		}},
		Audiences: []sim.Audience{{Name: "b", Size: addresses, Domain: "b.example", Local: "b-"}},
		Senders: []sim.Sender{{
			Name: "s", From: "s@a.example", Traffic: sim.Traffic{Kind: sim.Poisson, Rate: sends}, Pick: sim.Uniform, Recipients: 1,
		}},
	}
}

// long skips a test that needs many events where tests are to be short: under
// the race detector, which finds nothing in a run on one goroutine.
func long(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("needs many events")
	}
}

// run runs a scenario in which nothing must be refused but by the quota.
func run(t *testing.T, cfg sim.Config) *sim.Result {
	t.Helper()
	r, err := engine.Run(cfg, sim.Hooks{})
	if err != nil {
		t.Fatal(err)
	}
	refused := r.Accounts[0].Refused
	refused[ses.RefusedQuota] = 0
	if refused != [ses.Reasons]int64{} {
		t.Fatalf("refused calls, by reason: %v", refused)
	}
	return r
}

// since returns how much a cumulative metric of the account grew after a time,
// which leaves the warm-up out.
func since(t *testing.T, r *sim.Result, metric string, after time.Duration) float64 {
	t.Helper()
	column := r.Series.Find("a", metric)
	if column == nil {
		t.Fatalf("there is no series %s", metric)
	}
	i := 0
	for r.Series.Times[i] < after {
		i++
	}
	return column.Values[len(column.Values)-1] - column.Values[i]
}

// replications is how many independent runs an interval rests on.
const replications = 12

// stays are those of the formulas' table.
var stays = []time.Duration{1 * day, 2 * day, 4 * day, 7 * day, 14 * day}

// TestSuppressedFraction compares the share of attempts that the global list
// suppresses with renewal theory. An address that is mailed as a Poisson
// process of rate l, bounces with probability p whenever a mail goes out, and
// begins anew after a delivery, is suppressed the fraction
//
//	f = D/(D + 1/(l(1-p))), D = p d1 + p² d2 + … + p^K dK/(1-p)
//
// of the time, and by PASTA so is that fraction of its mail; for p = 1, where
// it never begins anew, f = l dK/(1 + l dK).
//
// The formula needs a delivery to reset the stays and no other memory. Uniform
// picks from a Poisson stream are a Poisson stream for each address. Bounces
// come with audience.HardBounce, or for p = 1 with addresses that do not
// exist. The warm-up is long because at p = 1 and a mail a day the addresses
// stay in step for about fifty stays.
func TestSuppressedFraction(t *testing.T) {
	long(t)
	for _, c := range []struct {
		p     unit.Share
		every time.Duration // mean time between mails to an address
		want  float64       // to five digits, computed independently
	}{
		{unit.Whole, day, .93333}, {unit.Whole, week, .66667},
		{50 * unit.Percent, day, .58442}, {50 * unit.Percent, week, .16729},
		{20 * unit.Percent, day, .20826}, {20 * unit.Percent, week, .03622},
	} {
		t.Run(fmt.Sprintf("p=%v every %v", c.p, unit.FormatDuration(c.every)), func(t *testing.T) {
			t.Parallel()
			want := suppressedFraction(c.p.Float(), 1/c.every.Hours())
			if math.Abs(want-c.want) > 5e-6 {
				t.Fatalf("the formula gives %.6f, want %.5f", want, c.want)
			}
			const warmUp = 1050 * day // a multiple of the samples' width
			addresses := int64(150 * c.every / day)
			var fractions []float64
			for seed := uint64(1); seed <= replications; seed++ {
				cfg := bare(t, seed, warmUp+1050*day, addresses, unit.Rate{N: addresses, Per: c.every})
				cfg.Rules.Global = rules.Global{Durations: stays, DeliveryResets: true}
				if c.p == unit.Whole {
					cfg.Audiences[0].Invalid = c.p
				} else {
					cfg.Audiences[0].HardBounce = c.p
				}
				r := run(t, cfg)
				fractions = append(fractions, since(t, r, "suppressed_global", warmUp)/since(t, r, "accepted", warmUp))
			}
			inInterval(t, "suppressed fraction", fractions, want, 0.05)
		})
	}
}

// suppressedFraction is f of TestSuppressedFraction for l mails an hour.
func suppressedFraction(p, l float64) float64 {
	last := stays[len(stays)-1].Hours()
	if p == 1 {
		return l * last / (1 + l*last)
	}
	d, power := 0.0, p
	for _, s := range stays[:len(stays)-1] {
		d += power * s.Hours()
		power *= p
	}
	d += power * last / (1 - p)
	return d / (d + 1/(l*(1-p)))
}

// TestFirstThirtyDays compares the first thirty days of addresses that do not
// exist and are mailed once a day with the exact expectation: the n-th mail
// goes out after n exponential waits and the n-1 stays between them, so the
// mails that go out by a time T number
//
//	sum over n of P(Gamma(n, l) <= T - d1 - … - d(n-1))
//
// on average. No memory resets the stays, and deliveries there are none.
func TestFirstThirtyDays(t *testing.T) {
	long(t)
	const horizon, addresses = 30 * day, 5000
	want, stayed := 0.0, 0.0
	for n := 1; stayed < 30; n++ {
		want += distuv.Gamma{Alpha: float64(n), Beta: 1}.CDF(30 - stayed)
		stayed += stays[min(n, len(stays))-1].Hours() / 24
	}
	if math.Abs(want-5.01616) > 5e-6 || math.Abs(1-want/30-.83279) > 1e-5 {
		t.Fatalf("the sum gives %.6f mails, %.6f suppressed; want 5.01616 and .83279", want, 1-want/30)
	}
	var out, suppressed []float64
	for seed := uint64(1); seed <= replications; seed++ {
		cfg := bare(t, seed, horizon, addresses, unit.Rate{N: addresses, Per: day})
		cfg.Rules.Global = rules.Global{Durations: stays}
		cfg.Audiences[0].Invalid = unit.Whole
		a := &run(t, cfg).Accounts[0]
		out = append(out, float64(a.HardBounced)/addresses)
		suppressed = append(suppressed, float64(a.SuppressedGlobal)/float64(a.Accepted))
	}
	inInterval(t, "mails that go out to an address", out, want, 0.003)
	inInterval(t, "suppressed fraction", suppressed, 1-want/30, 0.001)
}

// TestRollingQuota compares the mail that a rolling quota lets through with
// Erlang's loss formula. Each accepted message holds one of Q slots for
// exactly 24 hours; a refused one is lost, for there are no retries. Loss does
// not depend on the distribution of the holding time, so of L mails a day
// L(1-B(Q, L)) are accepted.
//
// The addresses exist, so that lists and bounces play no part.
func TestRollingQuota(t *testing.T) {
	long(t)
	const quota, weeks, warmUp = 200, 560, 4 * week
	for _, c := range []struct {
		load int64
		want float64
	}{{180, 178.1415}, {200, 189.1295}, {220, 193.8462}, {300, 198.1068}, {400, 199.0192}} {
		t.Run(fmt.Sprint(c.load), func(t *testing.T) {
			want := float64(c.load) * (1 - erlangB(quota, float64(c.load)))
			if math.Abs(want-c.want) > 5e-5 {
				t.Fatalf("the formula gives %.5f, want %.4f", want, c.want)
			}
			cfg := bare(t, 1, weeks*week, 1000, unit.Rate{N: c.load, Per: day})
			cfg.Accounts[0].Quota = quota
			r := run(t, cfg)
			inInterval(t, "accepted a day", dailyMeans(t, r, warmUp, 4*week), want, 0.005)
			if a := &r.Accounts[0]; a.QuotaUseMax != 1 {
				t.Errorf("at most %v of the quota was used, want all of it and no more", a.QuotaUseMax)
			}
		})
	}
}

// dailyMeans returns the accepted mails a day in consecutive batches.
func dailyMeans(t *testing.T, r *sim.Result, warmUp, batch time.Duration) []float64 {
	t.Helper()
	var means []float64
	for from := warmUp; from+batch <= r.End; from += batch {
		grown := since(t, r, "accepted", from) - since(t, r, "accepted", from+batch)
		means = append(means, grown/(batch.Hours()/24))
	}
	return means
}

// erlangB is the share of calls lost by k lines under a load of a.
func erlangB(k int, a float64) float64 {
	b := 1.0
	for i := 1; i <= k; i++ {
		b = a * b / (float64(i) + a*b)
	}
	return b
}

// TestCounts compares counts of rare outcomes with their distribution, which
// is binomial where every address is mailed once: then no list and no hygiene
// come into play. Over many seeds the squares of the standardised counts must
// add up to a chi-square, so both a wrong mean and a wrong spread show.
func TestCounts(t *testing.T) {
	const (
		addresses, seeds      = 20_000, 60
		hard, full, complaint = 3 * unit.Percent, 2 * unit.Percent, unit.Percent / 2
		loop                  = 40 * unit.Percent
	)
	arrives := 1 - hard.Float() - full.Float()
	sums := map[string]float64{}
	add := func(what string, count, n int64, p float64) {
		mean := float64(n) * p
		z := (float64(count) - mean) / math.Sqrt(mean*(1-p))
		sums[what] += z * z
	}
	for seed := uint64(1); seed <= seeds; seed++ {
		cfg := bare(t, seed, 30*day, addresses, unit.Rate{})
		cfg.Senders[0].Pick = sim.Sequential
		cfg.Senders[0].Traffic = sim.Traffic{Kind: sim.Campaign, Rate: unit.Rate{N: 100, Per: time.Second}}
		aud := &cfg.Audiences[0]
		aud.HardBounce, aud.MailboxFull, aud.Complaint, aud.FeedbackLoop = hard, full, complaint, loop
		a := &run(t, cfg).Accounts[0]
		if a.Accepted != addresses || a.InFlight != 0 {
			t.Fatalf("%d accepted, %d in flight at the end; want %d, 0", a.Accepted, a.InFlight, addresses)
		}
		add("hard bounces", a.HardBounced, addresses, hard.Float())
		add("soft bounces", a.SoftBounced, addresses, full.Float())
		add("complaints", a.Complaints, loop.Count(addresses), arrives*complaint.Float())
	}
	for _, what := range slices.Sorted(maps.Keys(sums)) {
		sum := sums[what]
		chi2 := distuv.ChiSquared{K: seeds}
		if low, high := chi2.Quantile(0.0005), chi2.Quantile(0.9995); sum < low || sum > high {
			t.Errorf("%s: chi-square over %d runs is %.1f, want %.1f to %.1f", what, seeds, sum, low, high)
		}
		t.Logf("%s: chi-square %.1f over %d runs", what, sum, seeds)
	}
}

// TestPoissonArrivals compares the number of messages that are due within a
// time with its distribution.
func TestPoissonArrivals(t *testing.T) {
	const mean, seeds = 4000.0, 60
	sum := 0.0
	for seed := uint64(1); seed <= seeds; seed++ {
		cfg := bare(t, seed, 10*day, 100, unit.Rate{N: 400, Per: day})
		z := (float64(run(t, cfg).Senders[0].Messages) - mean) / math.Sqrt(mean)
		sum += z * z
	}
	chi2 := distuv.ChiSquared{K: seeds}
	if low, high := chi2.Quantile(0.0005), chi2.Quantile(0.9995); sum < low || sum > high {
		t.Errorf("chi-square over %d runs is %.1f, want %.1f to %.1f", seeds, sum, low, high)
	}
}
