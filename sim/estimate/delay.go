package estimate

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// Late is an event that comes some time after its message: it is in the log only if the
// message was that old at the cut.
type Late struct {
	Delay time.Duration // not negative
	Age   time.Duration // of the message at the cut; at least Delay
}

// Delays is the distribution of the delays of Late events, from which those of younger
// messages are missing.
type Delays struct {
	// Mu and Sigma are the mean and the standard deviation of the logarithm of the delay in
	// seconds; Sigma is 0 with fewer than 50 events.
	Mu, Sigma float64
	steps     []delayStep // product-limit estimate where there is no log-normal one
	N         int
}

// delayStep: Share of the events that come at all come within At.
type delayStep struct {
	At    time.Duration
	Share float64
}

// logNormalFrom is the smallest sample to which a log-normal distribution is fitted.
const logNormalFrom = 50

// DelaysOf estimates the distribution: from 50 events on a log-normal one by maximum
// likelihood, which knows that delays end at the age of the message. With fewer it is the
// product-limit estimate for truncated samples (Lynden-Bell 1971, Woodroofe 1985), in
// which no delay exceeds the longest.
func DelaysOf(list []Late) Delays {
	list = slices.Clone(list)
	slices.SortFunc(list, func(a, b Late) int { return cmp.Or(cmp.Compare(a.Delay, b.Delay), cmp.Compare(a.Age, b.Age)) })
	d := Delays{N: len(list)}
	if len(list) >= logNormalFrom {
		d.fit(list)
	} else {
		d.product(list)
	}
	return d
}

// fit finds the log-normal distribution.
func (d *Delays) fit(list []Late) {
	logs := make([]float64, len(list))
	mean, squares := 0.0, 0.0
	for i, l := range list {
		logs[i] = math.Log(max(l.Delay.Seconds(), 1))
		mean += logs[i] / float64(len(list))
	}
	for _, x := range logs {
		squares += float64((x - mean) * (x - mean))
	}
	spread := max(math.Sqrt(squares/float64(len(list))), 0.05)
	at := climb([2]float64{mean, math.Log(spread)}, func(x [2]float64) float64 {
		mu, sigma := x[0], math.Exp(x[1])
		if sigma < 0.05 || sigma > 3 || mu > mean+5 {
			return math.Inf(-1) // delays of years are none that a log shows
		}
		sum := 0.0
		for i, l := range list {
			z := (logs[i] - mu) / sigma
			sum -= float64(float64(z*z)/2) + x[1] + math.Log(max(normalBelow((math.Log(max(l.Age.Seconds(), 1))-mu)/sigma), 1e-300))
		}
		return sum
	})
	d.Mu, d.Sigma = Significant(at[0], 5), Significant(math.Exp(at[1]), 4)
}

// product finds the product-limit estimate, from the longest delay down.
func (d *Delays) product(list []Late) {
	share := 1.0
	for i := len(list) - 1; i >= 0; {
		at, first := list[i].Delay, i
		for first > 0 && list[first-1].Delay == at {
			first--
		}
		d.steps = append(d.steps, delayStep{at, share})
		risk := 0 // delays up to this one that would have been seen if they were this long
		for _, l := range list[:i+1] {
			if l.Age >= at {
				risk++
			}
		}
		share *= 1 - float64(i+1-first)/float64(risk)
		i = first - 1
	}
	slices.Reverse(d.steps)
}

// Within returns the share of the events that come within a time of the message.
func (d *Delays) Within(age time.Duration) float64 {
	if age <= 0 {
		return 0
	}
	if d.Sigma > 0 {
		return normalBelow((math.Log(max(age.Seconds(), 1)) - d.Mu) / d.Sigma)
	}
	share := 0.0
	for _, s := range d.steps {
		if s.At > age {
			break
		}
		share = s.Share
	}
	return share
}

// Median returns the delay within which half of the events come; 0 without events.
func (d *Delays) Median() time.Duration {
	if d.Sigma > 0 {
		return time.Duration(Significant(math.Exp(d.Mu), 3) * float64(time.Second))
	}
	for _, s := range d.steps {
		if s.Share >= 0.5 {
			return s.At
		}
	}
	return 0
}

// normalBelow is the distribution function of the normal distribution.
func normalBelow(z float64) float64 { return math.Erfc(-z/math.Sqrt2) / 2 }
