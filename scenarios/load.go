package scenarios

import (
	"io"
	"strings"

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
	findings
	files Files // nil: none
	root  *node
	cfg   sim.Config
	forms []Form
	rule  replicate.Rule // of the replications
	grid  *grid          // the sweep; nil: none
	goal  *goal          // what a plan is to answer; nil: nothing

	accounts, audiences, senders names
	domains                      map[string][]int        // audiences by domain, in lower case; "" where an audience's addresses are not known
	recipients                   map[string]namedAddress // addresses that audiences name, in lower case
	customers                    map[customerRegion]int  // the first account of each

	asked *schema // where the keys of a table are wanted, and nothing is to be read; otherwise nil
}

// parse reads the text into l.root, or reports why it cannot.
func (l *loader) parse(src []byte) bool {
	if len(src) > maxSource {
		l.add(finding{at: -1, message: "a scenario is at most 1 MiB long"})
		return false
	}
	l.text = strings.TrimPrefix(string(src), "\uFEFF")
	root, bad := parse(l.text)
	if bad != nil {
		l.add(finding{at: bad.at, message: bad.why})
		return false
	}
	if len(root.table) == 0 {
		l.add(finding{at: -1, message: `there is no scenario in this file: it needs name, horizon and an [[account]]`})
		return false
	}
	l.root = root
	return true
}
