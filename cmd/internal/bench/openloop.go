package bench

import (
	"fmt"
	"time"

	"sesim/reports/benchmark"
	"sesim/sim/measure"
)

// openLoopMost is the most addresses on which the open loop runs.
const openLoopMost = 1e7

// openLoopSize returns the number of addresses on which the open loop runs: the
// largest up to openLoopMost, or the smallest of all.
func (s *session) openLoopSize() int64 {
	best := s.Addresses[0]
	for _, n := range s.Addresses {
		if n <= openLoopMost && (n > best || best > openLoopMost) || best > openLoopMost && n < best {
			best = n
		}
	}
	return best
}

// openLoop makes the model and the reference decide at a fixed rate: each
// decision has its own due time, however late the earlier ones are.
func (s *session) openLoop(list *sides) error {
	for _, subject := range list.by[layout{1, true}] {
		if name := subject.name(); name != benchmark.Model && name != benchmark.Reference {
			continue
		}
		if s.ctx.Err() != nil {
			return s.ctx.Err()
		}
		if err := s.openLoopOf(list, subject); err != nil {
			return err
		}
	}
	return nil
}

// due is what an open loop measured of a batch.
type due struct{ service, response time.Duration }

// dueTogether returns the number of decisions that are due at the same moment:
// one, unless the clock is too slow to separate the moments.
func (s *session) dueTogether() int {
	batch := 1
	for float64(batch)*1e9/s.Rate < 2*float64(s.clock.cost) {
		batch *= 2
	}
	return batch
}

func (s *session) openLoopOf(list *sides, subject subject) error {
	o := benchmark.OpenLoop{Subject: subject.name(), Addresses: list.addresses, Rate: s.Rate, Batch: s.dueTogether()}
	name := fmt.Sprintf("%s-%s-open", fileName(subject.name()), short(list.addresses))
	title := fmt.Sprintf("%s, %s addresses, %s decisions a second, ", subject.name(), short(list.addresses), shortRate(s.Rate))
	service := Trace{Name: name + "-service", Addresses: list.addresses, Title: title + "service time of " + batchTitle(o.Batch)}
	response := Trace{Name: name + "-response", Addresses: list.addresses, Title: title + "response time of " + batchTitle(o.Batch)}
	var control measure.Histogram
	var wall time.Duration
	late := int64(0)
	for range s.Rounds {
		start := s.clock.now()
		times, took := s.keepUp(list, subject, o.Batch)
		end := s.clock.now()
		wall += took
		if err := service.add(start, end, pick(times, func(d due) time.Duration { return d.service })); err != nil {
			return err
		}
		if err := response.add(start, end, pick(times, func(d due) time.Duration { return d.response })); err != nil {
			return err
		}
		late += s.late(times)
		idle := make([]time.Duration, len(times))
		s.idle(spinFor(service.Times.Quantile(0.5)), idle)
		if err := record(&control, idle); err != nil {
			return err
		}
	}
	o.Samples = service.Times.Count()
	o.Achieved = float64(o.Samples) * float64(o.Batch) / wall.Seconds()
	o.Late = float64(late) / float64(o.Samples)
	o.Service, o.Response = s.quantiles(&service, &control, 1), s.quantiles(&response, &control, 1)
	o.ServiceSpectrum, o.ResponseSpectrum = spectrum(&service.Times, 1), spectrum(&response.Times, 1)
	s.traces = append(s.traces, service, response)
	s.report.OpenLoop = append(s.report.OpenLoop, o)
	return nil
}

// keepUp sends batches at the moments at which they are due, or as soon after
// as it can. It ends when all that was due in the time is done, or after twice
// that time.
func (s *session) keepUp(list *sides, subject subject, batch int) ([]due, time.Duration) {
	c := comparison{list.addresses, benchmark.Uniform, 1, true}
	gap := float64(batch) * 1e9 / s.Rate // ns between two batches
	times := make([]due, max(int(float64(s.RateFor)/gap), 1))
	var numbers []uint32
	paused := time.Duration(0) // for new recipients, which the schedule does not see
	begin := s.clock.now()
	now := begin
	for i := range times {
		if len(numbers) < batch {
			numbers = s.recipients(list, c)[0]
			subject.prepare(len(numbers))
			fresh := s.clock.now()
			paused += fresh - now
			now = fresh
		}
		intended := begin + paused + time.Duration(float64(i)*gap)
		for now < intended {
			now = s.clock.now()
		}
		start := now
		subject.decide(0, numbers[:batch])
		numbers = numbers[batch:]
		now = s.clock.now()
		times[i] = due{now - start, now - intended}
		if now-begin-paused > 2*s.RateFor {
			times = times[:i+1]
			break
		}
	}
	return times, now - begin - paused
}

// late counts the decisions that began later than due by more than two readings
// of the clock.
func (s *session) late(times []due) int64 {
	n := int64(0)
	for _, d := range times {
		if d.response-d.service > 2*s.clock.cost {
			n++
		}
	}
	return n
}

func pick(times []due, what func(due) time.Duration) []time.Duration {
	list := make([]time.Duration, len(times))
	for i, d := range times {
		list[i] = what(d)
	}
	return list
}
