package scenarios

import (
	"fmt"
	"io"

	"sesim/scenarios/internal/keys"
	"sesim/scenarios/internal/tree"
	"sesim/scenarios/study"
	"sesim/sim"
	"sesim/sim/replicate"
)

// Files opens the files that a scenario names: recorded traffic. A file is read
// once to check the scenario, and again by each run, possibly concurrently. It
// must not change in the meantime: see Pin.
type Files interface {
	Open(name string) (io.ReadCloser, error)
}

// Load reads a scenario that names no files. File is its name in messages,
// src its text. The overrides are applied in order, as if they were in the file.
// The error is an *Errors with all problems, or wraps
// sim.ErrTrace if a file of pinned files has changed.
func Load(file string, src []byte, overrides ...Override) (*sim.Config, error) {
	return configOf((&source{nil, file, src, overrides}).document())
}

// LoadWith reads a scenario as Load does, and the files that it names through
// files; nil for none. For a scenario with a sweep it returns the configuration
// without the sweep; LoadStudy returns its cells, and the replications.
func LoadWith(files Files, file string, src []byte, overrides ...Override) (*sim.Config, error) {
	return configOf(Read(files, file, src, overrides...))
}

func configOf(d *Document, err error) (*sim.Config, error) {
	if err != nil {
		return nil, err
	}
	return d.Config, nil
}

// loader turns one file into a Config.
type loader struct {
	*tree.Reporter
	files *pinned // nil: none
	root  *tree.Node
	cfg   sim.Config
	forms []Form
	rule  replicate.Rule // of the replications
	sweep *study.Sweep   // nil: none
	goal  *study.Goal    // the question for a plan; nil for none

	assumptions study.Assumptions

	accounts, audiences, senders, clients keys.Names

	uncertain   []sim.Uncertain         // of the audience or the sender that is being read
	perCampaign []campaignDraw          // of all audiences
	used        map[int]bool            // clients that a sender names
	processes   int                     // of all clients so far
	routes      int                     // of all senders so far
	matchesAll  string                  // the first audience that every address matches
	domains     map[string][]int        // audiences by domain, in lower case; "" where an audience's addresses are not known
	recipients  map[string]namedAddress // addresses that audiences name, in lower case
	customers   map[customerRegion]int  // the first account of each
}

// LoadStudy reads a scenario with its replications and its sweep, and loads every
// cell to check it, so that all errors show before the first run. Arguments and
// error are those of LoadWith.
func LoadStudy(files Files, file string, src []byte, overrides ...Override) (*study.Study, error) {
	return study.New(&source{pin(files), file, src, overrides})
}

// source is a scenario that can be loaded repeatedly.
type source struct {
	files     *pinned // nil: none
	file      string
	src       []byte
	overrides []Override
}

var _ study.Source = (*source)(nil)

// Load reads the scenario, after change has set values in its tree.
func (s *source) Load(change func(*tree.Reporter, *tree.Node)) *study.Loaded {
	l := s.read(change)
	return &study.Loaded{
		Reporter: l.Reporter, Root: l.root, Config: &l.cfg, Rule: l.rule, Sweep: l.sweep, Goal: l.goal, Assumptions: l.assumptions,
		Lost: l.lost(),
	}
}

// lost returns an error that wraps sim.ErrTrace for the first of the scenario's files
// that has changed since it was first read; nil if none has.
func (l *loader) lost() error {
	for i := range l.cfg.Senders {
		if t, ok := l.cfg.Senders[i].Traffic.Trace.(*trace); ok {
			if err := t.files.loss(t.name); err != nil {
				return fmt.Errorf("%w: %w", sim.ErrTrace, err)
			}
		}
	}
	return nil
}

// complete returns the error of a scenario that cannot be run: that of a lost file,
// and otherwise its problems.
func (l *loader) complete() error {
	if err := l.lost(); err != nil {
		return err
	}
	return l.Err()
}

// asked returns the metrics that are read of every run besides those of thresholds.
func asked(rule replicate.Rule, goal *study.Goal) []string {
	var list []string
	if rule.Metric != "" {
		list = append(list, rule.Metric)
	}
	if goal != nil {
		for i := range goal.Question.Promises {
			list = append(list, goal.Question.Promises[i].Of.Metric)
		}
	}
	return list
}

// read returns a loader that has read the scenario.
func (s *source) read(change func(*tree.Reporter, *tree.Node)) *loader {
	l := &loader{Reporter: tree.NewReporter(s.file), files: s.files}
	l.Instead = clientTableFor
	if !l.parse(s.src) {
		return l
	}
	for _, o := range s.overrides {
		tree.Apply(l.Reporter, l.root, o)
	}
	l.inspect(l.root, "")
	if change != nil {
		change(l.Reporter, l.root)
	}
	l.scenario()
	l.cfg.Asked = asked(l.rule, l.goal)
	if l.sweep != nil {
		l.sweep.CheckOverrides(l.Reporter, s.overrides)
	}
	return l
}

// parse reads the text into l.root, or reports why it cannot.
func (l *loader) parse(src []byte) bool {
	root, ok := tree.Parse(l.Reporter, src)
	if ok && len(root.Table) == 0 {
		l.Add(tree.Finding{At: -1, Message: `there is no scenario in this file: it needs name, horizon and an [[account]]`})
		return false
	}
	l.root = root
	return ok
}
