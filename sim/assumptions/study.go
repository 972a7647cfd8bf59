package assumptions

import (
	"runtime/debug"
	"sync/atomic"

	"sesim/sim"
	"sesim/sim/criteria"
	"sesim/sim/replicate"
	"sesim/sim/ses"
	"sesim/sim/workers"
)

// Limits of a study.
const (
	MaxSeeds = 20     // of each setting: the first replications of the scenario
	MaxJoint = 10_000 // combinations
	// MaxFactor is how many times the calls of the scenario's own run a run may make.
	// Beyond that it is stopped.
	MaxFactor = 4
)

// Study is a scenario whose verdicts are examined. Its own setting is added first, by
// AddOwn.
type Study struct {
	Config *sim.Config
	// Parameters are those that are varied, by name.
	Parameters []Parameter
	// Account is the index of the account whose track is kept.
	Account int

	confidence float64
	frame      replicate.Frame
	own        *replicate.Sample
	calls      []int64              // of the own runs, by replication
	verdicts   [][]criteria.Verdict // of each of them alone
}

// New returns the study of a scenario. The confidence is that of its thresholds over
// replications.
func New(cfg *sim.Config, confidence float64) *Study {
	s := &Study{Config: cfg, Parameters: Vary(cfg), confidence: confidence}
	s.frame = replicate.Frame{Name: cfg.Name, Thresholds: cfg.Thresholds}
	known := map[string]bool{}
	for _, t := range cfg.Thresholds {
		if kind, ok := cfg.Metric(t.Metric); ok && !known[t.Metric] {
			known[t.Metric] = true
			s.frame.Metrics = append(s.frame.Metrics, replicate.Metric{Name: t.Metric, Kind: kind})
		}
	}
	s.own = replicate.NewSample(s.frame)
	return s
}

// AddOwn adds the next replication of the scenario as it is. Those beyond MaxSeeds
// are ignored.
func (s *Study) AddOwn(replication int, r *sim.Result) error {
	if replication >= MaxSeeds {
		return nil
	}
	Mark(s.Parameters, s.Config, r)
	record := s.frame.Record(s.Config, replication, r)
	s.calls = append(s.calls, r.Admissions)
	var verdicts []criteria.Verdict
	for _, j := range r.Judge(s.Config) {
		verdicts = append(verdicts, j.Verdict)
	}
	s.verdicts = append(s.verdicts, verdicts)
	return s.own.Add(&record)
}

// Settings returns the number of settings of the design each.
func (s *Study) Settings() int { return len(Each(s.Parameters)) }

// MostSettings returns the number of settings of the design each if all parameters can
// matter.
func (s *Study) MostSettings() int { return Most(s.Parameters) }

// Setting is the scenario with other values of some parameters.
type Setting struct {
	Choices []Choice
	// Verdicts are those on the thresholds; nil if the setting was not tried to the
	// end.
	Verdicts []criteria.Verdict
	Track    Track
}

// Track is what became of an account in the first replication of a setting.
type Track struct {
	Timeline []ses.Transition
	Refused  int64 // recipients
}

// Options are the options of a study.
type Options struct {
	Run     sim.Runner
	Workers int
	Joint   int  // combinations; 0: no joint design
	Turns   bool // find the values at which a verdict turns
	// Stopped is asked, concurrently, whether the study is to be stopped; nil: it is
	// not.
	Stopped func() bool
	// Progress is told how many runs of those known to come are done; nil: nobody is.
	Progress func(done, of int)
}

// Outcome is what a study has found out.
type Outcome struct {
	Own   []criteria.Verdict // on the thresholds, in the scenario's own setting
	Seeds int                // replications of each setting
	// SeedsHold counts for each threshold the seeds with the same verdict as the
	// scenario's own seed, in its own setting.
	SeedsHold []int
	Each      []Setting // by parameter, then by value
	Joint     []Setting
	Turns     []Turn // by parameter, then by threshold
	// Incomplete: some setting was not tried to the end.
	Incomplete bool
	Runs       int
}

// Run tries all settings. After an error, and if it is stopped, the outcome has what
// was tried until then.
func (s *Study) Run(o Options) (*Outcome, error) {
	out := &Outcome{Seeds: s.own.N(), Own: words(s.own.Judge(s.confidence)), SeedsHold: s.seedsHold()}
	t := &trial{study: s, options: o, outcome: out}
	out.Each, out.Joint = Each(s.Parameters), Joint(s.Config.Seed, s.Parameters, o.Joint)
	batch := make([]*Setting, 0, len(out.Each)+len(out.Joint))
	for i := range out.Each {
		batch = append(batch, &out.Each[i])
	}
	for i := range out.Joint {
		batch = append(batch, &out.Joint[i])
	}
	err := t.try(batch)
	if err == nil && o.Turns {
		err = t.turns()
	}
	out.Incomplete = out.Incomplete || err != nil
	return out, err
}

// seedsHold counts the seeds with the verdict of the first one.
func (s *Study) seedsHold() []int {
	list := make([]int, len(s.frame.Thresholds))
	for k := range list {
		for _, verdicts := range s.verdicts {
			if verdicts[k] == s.verdicts[0][k] {
				list[k]++
			}
		}
	}
	return list
}

// words returns the verdicts of judgements.
func words(list []replicate.Judgement) []criteria.Verdict {
	verdicts := make([]criteria.Verdict, len(list))
	for i := range list {
		verdicts[i] = list[i].Verdict
	}
	return verdicts
}

// trial is a study that is being run.
type trial struct {
	study   *Study
	options Options
	outcome *Outcome
	done    atomic.Int64 // runs
	known   int          // runs that are done or to come
}

func (t *trial) stopped() bool { return t.options.Stopped != nil && t.options.Stopped() }

// attempt is one run of a setting.
type attempt struct {
	record replicate.Record
	track  Track
	ended  bool // by the horizon
	err    error
}

// try runs settings on all workers, each with all seeds. The error is that of the
// first one, in their order.
func (t *trial) try(batch []*Setting) error {
	seeds := t.outcome.Seeds
	attempts := make([]attempt, len(batch)*seeds)
	t.known += len(attempts)
	news := make(chan struct{}, 1)
	workers.EachWithNews(t.options.Workers, len(attempts), func(i int) {
		if t.stopped() {
			return
		}
		attempts[i] = t.study.attempt(batch[i/seeds], i%seeds, t.options.Run, t.stopped)
		t.done.Add(1)
		select {
		case news <- struct{}{}:
		default:
		}
		if t.options.Workers <= 1 {
			t.tell()
		}
	}, news, t.tell)
	t.tell()
	t.outcome.Runs = int(t.done.Load())
	for i, setting := range batch {
		if err := t.study.judge(setting, attempts[i*seeds:(i+1)*seeds]); err != nil {
			return err
		}
		t.outcome.Incomplete = t.outcome.Incomplete || setting.Verdicts == nil
	}
	return nil
}

func (t *trial) tell() {
	if t.options.Progress != nil {
		t.options.Progress(int(t.done.Load()), t.known)
	}
}

// attempt runs a setting with one seed. A broken invariant is a *replicate.Defect.
func (s *Study) attempt(of *Setting, replication int, run sim.Runner, stopped func() bool) (a attempt) {
	cfg := replicate.Config(s.Config, replication)
	defer func() {
		if broken := recover(); broken != nil {
			a.err = &replicate.Defect{Seed: cfg.Seed, Broken: broken, Stack: debug.Stack()}
		}
	}()
	if a.err = of.Apply(s.Parameters, &cfg.Rules); a.err != nil {
		return a
	}
	most := MaxFactor * s.calls[replication]
	r, err := run(cfg, sim.Hooks{
		Workers: 1, // the other cores are busy with other runs
		Tick:    func(p sim.Progress) bool { return p.Admissions <= most && !stopped() },
	})
	if err != nil {
		a.err = err
		return a
	}
	a.ended = !r.Interrupted && r.Admissions <= most
	a.record = s.frame.Record(&cfg, replication, r)
	if s.Account < len(r.Accounts) {
		account := &r.Accounts[s.Account]
		a.track = Track{account.Timeline, account.Recipients - account.Accepted}
	}
	return a
}

// judge enters the verdicts over a setting's attempts, if all came to the end.
func (s *Study) judge(of *Setting, attempts []attempt) error {
	sample := replicate.NewSample(s.frame)
	for i := range attempts {
		a := &attempts[i]
		if a.err != nil || !a.ended {
			return a.err
		}
		if err := sample.Add(&a.record); err != nil {
			return err
		}
	}
	of.Verdicts, of.Track = words(sample.Judge(s.confidence)), attempts[0].track
	return nil
}
