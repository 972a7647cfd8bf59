package engine_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"

	"sesim/sim/des"
	"sesim/sim/rng"
	"sesim/sim/unit"
)

// This file drives the event list and the merge of arrivals with a queue whose
// waiting times are known in closed form. It stands beside the code that wires
// the engine to its random numbers, because the engine itself knows neither.

// service is the mean service time of the queues; its unit of time.
const service = time.Second

// queue is a single server with first-come-first-served discipline. Customers
// arrive in several Poisson streams that a des.Merge superposes; departures
// are entries of a des.List.
type queue struct {
	now      time.Duration
	arrivals *des.Merge
	events   des.List[int] // the number of the customer that departs
	gaps     []rng.Stream
	mean     rng.Mean // time between arrivals in each stream
	serve    func() time.Duration

	waiting []int // customers in the system, in order of arrival
	arrived []time.Duration
	waits   []float64     // before service, in units of service
	sojourn time.Duration // over all customers that have departed
	area    time.Duration // number in the system, integrated over time
}

// streams is how many arrival streams a queue has.
const streams = 8

// newQueue returns a queue at a load in tenths.
func newQueue(load int64, name string, serve func() time.Duration) *queue {
	q := &queue{mean: rng.MeanOf(unit.Rate{N: load, Per: 10 * streams * service}), serve: serve}
	times := make([]time.Duration, streams)
	for i := range times {
		q.gaps = append(q.gaps, rng.Derive(1, "queue", name, fmt.Sprintf("arrivals %d", i)).Stream())
		times[i] = q.gaps[i].Gap(q.mean)
	}
	q.arrivals = des.NewMerge(times)
	return q
}

// run lets so many customers arrive, and the system run empty after them.
func (q *queue) run(customers int) {
	for len(q.arrived) < customers || q.events.Len() > 0 {
		at, stream := q.arrivals.Next()
		if len(q.arrived) == customers {
			at = des.Never
		}
		next := min(at, q.events.Next())
		q.area += time.Duration(len(q.waiting)) * (next - q.now)
		q.now = next
		if next == at {
			q.arrivals.Set(stream, at+q.gaps[stream].Gap(q.mean))
			q.arrive()
		} else {
			q.depart()
		}
	}
}

func (q *queue) arrive() {
	customer := len(q.arrived)
	q.arrived = append(q.arrived, q.now)
	q.waiting = append(q.waiting, customer)
	if len(q.waiting) == 1 {
		q.begin(customer)
	}
}

func (q *queue) depart() {
	_, customer := q.events.Pop()
	q.sojourn += q.now - q.arrived[customer]
	q.waiting = q.waiting[1:]
	if len(q.waiting) > 0 {
		q.begin(q.waiting[0])
	}
}

// begin starts the service of a customer.
func (q *queue) begin(customer int) {
	q.waits = append(q.waits, float64(q.now-q.arrived[customer])/float64(service))
	q.events.Push(q.now+q.serve(), customer)
}

// TestQueues compares mean waiting times with the Pollaczek-Khinchine formula:
// load/(1-load) services before one's own with exponential service (M/M/1),
// half of that with constant service (M/D/1). The interval comes from batch
// means; the first batch, which begins with an empty system, is left out.
// Little's law must hold to the nanosecond, because the system ends empty.
func TestQueues(t *testing.T) {
	long(t)
	const batches, batch = 40, 50_000
	for _, load := range []int64{5, 8, 9} {
		rho := float64(load) / 10
		for _, c := range []struct {
			name  string
			serve func() time.Duration
			want  float64
		}{
			{"M/M/1", exponential(load), rho / (1 - rho)},
			{"M/D/1", func() time.Duration { return service }, rho / (1 - rho) / 2},
		} {
			t.Run(fmt.Sprintf("%s/%.1f", c.name, rho), func(t *testing.T) {
				t.Parallel()
				q := newQueue(load, c.name, c.serve)
				q.run((batches + 1) * batch)
				var means []float64
				for i := 1; i <= batches; i++ {
					means = append(means, stat.Mean(q.waits[i*batch:(i+1)*batch], nil))
				}
				inInterval(t, "mean wait", means, c.want, 0.08)
				if q.area != q.sojourn {
					t.Errorf("number in the system over time is %v, the sum of all stays %v: Little's law does not hold", q.area, q.sojourn)
				}
			})
		}
	}
}

// exponential returns draws of exponential service times.
func exponential(load int64) func() time.Duration {
	s := rng.Derive(1, "queue", fmt.Sprint(load), "service").Stream()
	mean := rng.MeanOf(unit.Rate{N: 1, Per: service})
	return func() time.Duration { return s.Gap(mean) }
}

// inInterval checks that want lies in the 99.9 % confidence interval for the
// mean of independent samples, and that the interval is narrow enough to show
// anything: at most so large a part of want on each side.
func inInterval(t *testing.T, what string, samples []float64, want, narrow float64) {
	t.Helper()
	mean, sd := stat.MeanStdDev(samples, nil)
	n := float64(len(samples))
	half := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: n - 1}.Quantile(0.9995) * sd / math.Sqrt(n)
	if math.Abs(mean-want) > half {
		t.Errorf("%s is %.5f ± %.5f, want %.5f", what, mean, half, want)
	}
	if half > narrow*want {
		t.Errorf("%s: the interval %.5f ± %.5f is too wide to show anything about %.5f", what, mean, half, want)
	}
	t.Logf("%s %.5f ± %.5f, closed form %.5f", what, mean, half, want)
}
