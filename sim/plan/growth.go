package plan

import (
	"math/bits"
	"slices"
	"time"

	"sesim/sim"
	"sesim/sim/unit"
)

// Growth is how the mail of a scenario grows from its start on: by a share of the
// mail by then, again and again.
type Growth struct {
	Share unit.Share    // positive; 0: it does not grow
	Every time.Duration // positive where Share is
	Over  time.Duration // how far to look ahead; at most MaxSteps times Every
}

// MaxSteps limits the steps of a growth, maxGrowth the growth itself, as a factor.
const (
	MaxSteps  = 1000
	maxGrowth = 100
)

// DefaultOver is how far a growth is followed by default.
const DefaultOver = 52 * 7 * unit.Day

// lasting is how long the values of an increase have to last.
const lasting = 26 * 7 * unit.Day

// ladder are the growths of the mail that an answer is tested with.
var ladder = [...]unit.Share{5 * unit.Percent, 10 * unit.Percent, 25 * unit.Percent, 50 * unit.Percent}

// Headroom is the answer with more mail.
type Headroom struct {
	Growth unit.Share
	Point  *Point
}

// Increase is what to ask for because the mail grows.
type Increase struct {
	By     time.Duration // when the values before it no longer keep the promises
	Mail   unit.Share    // the mail by Until, relative to the scenario's
	Values []int64       // nil: no values that were tested keep them
	Until  time.Duration // how long the values last at least: to the end of a step
}

// largest reports whether the highest value of some choice is wanted. Mail that is
// chosen does not grow.
func (q *Question) largest() bool {
	return slices.ContainsFunc(q.Choices, func(c Choice) bool { return c.Largest })
}

// grown are the candidates with more mail.
type grown struct {
	Candidates
	factor unit.Share // of the mail; Whole is that of the scenario
}

// Candidate returns a candidate with its mail multiplied: the rates of steady
// traffic, and the audiences of campaigns. Recorded traffic stays as it is, as do
// audiences whose addresses are listed.
func (g grown) Candidate(values []int64) (*sim.Config, error) {
	cfg, err := g.Candidates.Candidate(values)
	if err != nil {
		return nil, err
	}
	c := *cfg
	c.Senders, c.Audiences, c.Actions = slices.Clone(c.Senders), slices.Clone(c.Audiences), slices.Clone(c.Actions)
	bigger := make([]bool, len(c.Audiences))
	for i := range c.Senders {
		switch s := &c.Senders[i]; s.Traffic.Kind {
		case sim.Campaign:
			bigger[s.Audience] = true
		case sim.Recorded:
		default:
			s.Traffic.Rate = g.rate(s.Traffic.Rate)
		}
	}
	for i := range c.Audiences {
		if a := &c.Audiences[i]; bigger[i] && len(a.Addresses) == 0 {
			a.Size = g.times(a.Size)
		}
	}
	c.Uncertain = slices.Clone(c.Uncertain)
	for i := range c.Uncertain {
		if u := &c.Uncertain[i]; u.Of == sim.TrafficRate {
			u.Times = g.factor
		}
	}
	for i := range c.Actions {
		of := &c.Actions[i].Change
		if c.Actions[i].Do == sim.DoSet && of.Key == sim.KeySenderRate && c.Senders[of.Index].Traffic.Kind != sim.Campaign {
			of.Rate = g.rate(of.Rate)
		}
	}
	return &c, nil
}

// finer is the factor by which the period of a rate is longer once it has grown, so
// that low rates grow too.
const finer = 1000

func (g grown) rate(r unit.Rate) unit.Rate {
	return unit.Rate{N: g.times(finer * r.N), Per: finer * r.Per}
}

// times returns n times the factor, rounded up.
func (g grown) times(n int64) int64 {
	hi, lo := bits.Mul64(uint64(n), uint64(g.factor))
	q, rest := bits.Div64(hi, lo, uint64(unit.Whole))
	if rest > 0 {
		q++
	}
	return int64(q)
}

// grow returns a search among the candidates with more mail. What it runs counts
// for s once it is joined.
func (s *search) grow(factor unit.Share) *search {
	q := *s.q
	q.Confirm = 0
	return &search{
		ctx: s.ctx, q: &q, of: grown{s.of, factor}, workers: s.workers, tick: s.tick,
		known: map[string]*candidate{}, depth: q.Replications, aside: slices.Clone(s.aside), progress: s.progress,
	}
}

// join counts the runs of a search that has grown.
func (s *search) join(of *search) { s.progress.Runs = of.progress.Runs }

// headroom tests the answer with more mail.
func (s *search) headroom(a *Answer) error {
	s.progress.Doing = "looking for headroom"
	for _, growth := range ladder {
		sub := s.grow(unit.Whole + growth)
		c, err := sub.look(a.Values)
		s.join(sub)
		if err != nil {
			return err
		}
		a.Headroom = append(a.Headroom, Headroom{growth, c.point()})
	}
	return nil
}

// follow follows the growth of the mail: it finds the steps at which an increase is
// needed, and which.
func (s *search) follow(a *Answer) error {
	s.progress.Doing = "following the growth"
	factors := s.q.Growth.factors()
	values, last := a.Values, len(factors)-1
	for step := 0; step < last; {
		stands, err := s.standsUntil(values, factors, step)
		if err != nil || stands == last {
			return err
		}
		step = min(last, stands+1+int(lasting/s.q.Growth.Every))
		increase := Increase{By: s.q.Growth.at(stands + 1), Mail: factors[step], Until: s.q.Growth.at(step + 1)}
		sub := s.grow(factors[step])
		found := &Answer{Question: sub.q}
		_, ok, err := sub.settle(found)
		s.join(sub)
		if err != nil {
			return err
		}
		if ok {
			increase.Values = found.Values
		}
		a.Increases = append(a.Increases, increase)
		if !ok {
			return nil
		}
		values = found.Values
	}
	return nil
}

// at returns when a step begins.
func (g *Growth) at(step int) time.Duration { return time.Duration(step) * g.Every }

// factors returns the mail by step, from Whole on, as far as it is followed.
func (g *Growth) factors() []unit.Share {
	list := []unit.Share{unit.Whole}
	for step := 1; g.at(step) <= g.Over && step <= MaxSteps; step++ {
		next := unit.Share(grown{factor: list[step-1]}.times(int64(unit.Whole + g.Share)))
		if next > maxGrowth*unit.Whole {
			break
		}
		list = append(list, next)
	}
	return list
}

// standsUntil returns the last step from a given one on at which values keep the
// promises. The given one they keep.
func (s *search) standsUntil(values []int64, factors []unit.Share, from int) (int, error) {
	low, high := from, len(factors)
	for high-low > 1 {
		middle := low + (high-low)/2
		sub := s.grow(factors[middle])
		c, err := sub.look(values)
		s.join(sub)
		if err != nil {
			return 0, err
		}
		if c.kept() {
			low = middle
		} else {
			high = middle
		}
	}
	return low, nil
}
