package estimate_test

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"gonum.org/v1/gonum/stat/distuv"

	"sesim/sim/estimate"
	"sesim/sim/ses"
)

func near(a, b, share float64) bool { return math.Abs(a-b) <= share*math.Abs(b)+1e-12 }

// TestIntervals compares intervals with the quantiles of a library.
func TestIntervals(t *testing.T) {
	for _, c := range []estimate.Trials{{K: 0, N: 1}, {K: 1, N: 1}, {K: 3, N: 40}, {K: 296, N: 10_000}, {K: 20, N: 1_000_000}, {K: 0, N: 5000}} {
		got := estimate.Share(c.K, c.N, 0.95)
		beta := distuv.Beta{Alpha: float64(c.K) + 0.5, Beta: float64(c.N-c.K) + 0.5}
		low, high := beta.Quantile(0.025), beta.Quantile(0.975)
		if c.K == 0 {
			low = 0
		}
		if c.K == c.N {
			high = 1
		}
		if !near(got.Low, low, 1e-3) || !near(got.High, high, 1e-3) {
			t.Errorf("%v: %v to %v, want %v to %v", c, got.Low, got.High, low, high)
		}
	}
	gamma := distuv.Gamma{Alpha: 12.5, Beta: 2000}
	if got := estimate.Rate(12, 2000, 0.8); !near(got.Low, gamma.Quantile(0.1), 1e-3) || !near(got.High, gamma.Quantile(0.9), 1e-3) {
		t.Errorf("%+v", got)
	}
	for _, e := range []estimate.Estimate{estimate.Share(0, 0, 0.95), estimate.Share(2, 1, 0.95), estimate.Rate(1, 0, 0.95)} {
		if e.Identifiable() {
			t.Errorf("%+v", e)
		}
	}
}

// TestBetween recovers a beta distribution from its draws, and none from equal groups.
func TestBetween(t *testing.T) {
	src := rand.NewPCG(5, 6)
	var differing, equal []estimate.Trials
	for range 400 {
		p := distuv.Beta{Alpha: 1.37, Beta: 44.9, Src: src}.Rand()
		differing = append(differing, estimate.Trials{K: int64(distuv.Binomial{N: 4000, P: p, Src: src}.Rand()), N: 4000})
		equal = append(equal, estimate.Trials{K: int64(distuv.Binomial{N: 4000, P: 0.03, Src: src}.Rand()), N: 4000})
	}
	s := estimate.Between(differing)
	if !near(s.A, 1.37, 0.15) || !near(s.B, 44.9, 0.2) || s.Phi < 40 {
		t.Errorf("%+v", s)
	}
	if s := estimate.Between(equal); s.Phi < 0.8 || s.Phi > 1.2 || s.Differs() {
		t.Errorf("equal groups: %+v", s)
	}
	if s := estimate.Between(differing[:4]); s.Differs() {
		t.Errorf("four groups: %+v", s)
	}
}

// TestDelays compares fits to delays of which the long ones are cut off.
func TestDelays(t *testing.T) {
	src := rand.NewPCG(7, 8)
	draw := distuv.LogNormal{Mu: 10, Sigma: 1, Src: src}
	sample := func(n int, age time.Duration) (list []estimate.Late) {
		for len(list) < n {
			if d := time.Duration(draw.Rand() * float64(time.Second)); d <= age {
				list = append(list, estimate.Late{Delay: d, Age: age})
			}
		}
		return list
	}
	for _, n := range []int{40, 4000} {
		d := estimate.DelaysOf(sample(n, 100*time.Hour))
		got, want := d.Within(6*time.Hour), distuv.LogNormal{Mu: 10, Sigma: 1}.CDF(6*3600)
		if math.Abs(got-want) > 2/math.Sqrt(float64(n)) {
			t.Errorf("%d delays: %v within 6 h, want %v", n, got, want)
		}
		if m := d.Median().Seconds(); !near(m, math.Exp(10), 1/math.Sqrt(float64(n))*4) {
			t.Errorf("%d delays: median %v s", n, m)
		}
	}
	if d := estimate.DelaysOf(sample(4000, 8*time.Hour)); !near(d.Mu, 10, 0.05) || !near(d.Sigma, 1, 0.15) {
		t.Errorf("cut at 8 h: %v %v", d.Mu, d.Sigma)
	}
	// Of two messages an hour old and two ten hours old, complaints after 30 min, 30 min
	// and 5 h: a third comes later than an hour among the older, where one of two does.
	d := estimate.DelaysOf([]estimate.Late{{Delay: 30 * time.Minute, Age: time.Hour}, {Delay: 30 * time.Minute, Age: 10 * time.Hour}, {Delay: 5 * time.Hour, Age: 10 * time.Hour}})
	if got := d.Within(time.Hour); got != 0.5 {
		t.Errorf("product limit %v", got)
	}
}

// TestVolume finds the representative volume from readings of the rate.
func TestVolume(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var points []ses.HistoryPoint
	var mails []bool // that bounced
	var readings []estimate.Reading
	for i := range 2000 {
		p := ses.HistoryPoint{At: time.Duration(i) * time.Hour, For: time.Hour, Eligible: 100}
		share := 0.02 + 0.06*float64(i/200%2)
		for range 100 {
			bad := r.Float64() < share
			if mails = append(mails, bad); bad {
				p.Bounces++
			}
		}
		points = append(points, p)
		bad := 0
		last := mails[max(0, len(mails)-25_000):]
		for _, b := range last {
			if b {
				bad++
			}
		}
		readings = append(readings, estimate.Reading{At: p.End(), Rate: float64(bad) / float64(len(last))})
	}
	if got := estimate.Volume(points, readings); got.Value != 25_000 || got.Low < 24_000 || got.High > 26_000 {
		t.Errorf("%+v", got)
	}
	if got := estimate.Volume(points[:5], readings[:5]); got.Identifiable() {
		t.Errorf("%+v", got)
	}
}

// TestLoop finds the share of mail with a feedback loop from readings of the complaint rate,
// both while all mail counts and when the volume is full.
func TestLoop(t *testing.T) {
	const volume, share = 10_000, 0.3
	r := rand.New(rand.NewPCG(3, 4))
	var points []ses.HistoryPoint
	var loop []bool // messages with a feedback loop: whether there was a complaint
	var readings []estimate.Reading
	for i := range 1000 {
		p := ses.HistoryPoint{At: time.Duration(i) * time.Hour, For: time.Hour, Eligible: 100}
		for range 100 {
			if r.Float64() < share {
				bad := r.Float64() < 0.004
				if loop = append(loop, bad); bad {
					p.Complaints++
				}
			}
		}
		points = append(points, p)
		bad := 0
		last := loop[max(0, len(loop)-volume):]
		for _, b := range last {
			if b {
				bad++
			}
		}
		readings = append(readings, estimate.Reading{At: p.End(), Rate: float64(bad) / float64(len(last))})
	}
	for _, n := range []int{300, 1000} {
		if got := estimate.Loop(points[:n], readings[n-200:n], volume); !(got.Low <= share && share <= got.High) || got.High-got.Low > 0.06 {
			t.Errorf("%d points: %+v", n, got)
		}
	}
	if got := estimate.Loop(points[:5], readings[:5], volume); got.Identifiable() {
		t.Errorf("too few: %+v", got)
	}
	for i := range readings {
		readings[i].Rate = 0
	}
	if got := estimate.Loop(points, readings, volume); got.Identifiable() {
		t.Errorf("without complaints by the rate: %+v", got)
	}
}
