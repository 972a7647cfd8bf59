package scenarios

import (
	"io"

	"sesim/scenarios/internal/keys"
	"sesim/scenarios/internal/tree"
	"sesim/sim"
	"sesim/sim/replicate"
)

// Files opens the files that a scenario names: recorded traffic. A file is
// read through once while the scenario is checked, and again by each run,
// which may be several at the same time.
type Files interface {
	Open(name string) (io.ReadCloser, error)
}

// Load reads a scenario that names no files. File is its name in messages,
// src its text. The overrides are applied in order, as if the file said so.
// The error is an *Errors with everything that is wrong.
func Load(file string, src []byte, overrides ...Override) (*sim.Config, error) {
	return LoadWith(nil, file, src, overrides...)
}

// LoadWith reads a scenario as Load does, and the files that it names through
// files; nil has none. Of a scenario with a sweep it returns the configuration
// without one; LoadStudy has its cells, and the replications.
func LoadWith(files Files, file string, src []byte, overrides ...Override) (*sim.Config, error) {
	d, err := Read(files, file, src, overrides...)
	if err != nil {
		return nil, err
	}
	return d.Config, nil
}

// loader is one file on its way to a Config.
type loader struct {
	*tree.Reporter
	files Files // nil: none
	root  *tree.Node
	cfg   sim.Config
	forms []Form
	rule  replicate.Rule // of the replications
	grid  *grid          // the sweep; nil: none
	goal  *goal          // what a plan is to answer; nil: nothing

	accounts, audiences, senders keys.Names
	domains                      map[string][]int        // audiences by domain, in lower case; "" where an audience's addresses are not known
	recipients                   map[string]namedAddress // addresses that audiences name, in lower case
	customers                    map[customerRegion]int  // the first account of each
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
