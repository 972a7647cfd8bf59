package scenarios

import (
	"time"

	"sesim/scenarios/internal/tree"
	"sesim/sim"
	"sesim/sim/unit"
)

// traffic reads when a sender's messages are due.
type traffic struct{ to *sim.Traffic }

var kinds = []choice[sim.TrafficKind]{
	{"constant", sim.Constant}, {"poisson", sim.Poisson}, {"campaign", sim.Campaign}, {"diurnal", sim.Diurnal}, {"trace", sim.Recorded},
}

func (t traffic) read(l *loader, n *tree.Node, path string) {
	if n.Kind != tree.Table {
		l.Wrong(n, path, "", `%s is not a table: write one such as { kind = "poisson", rate = "60/h" }`, n.Show())
		return
	}
	read := sim.Traffic{}
	keys := schema{
		fields: []field{must("kind", word[sim.TrafficKind]{&read.Kind, kinds, nil})},
		others: []string{"rate", "pace", "every", "peak", "depth", "file"},
	}
	if kind, known := trafficKind(n); known {
		keys.fields = append(keys.fields, l.trafficKeys(kind.is, &read)...)
		keys.of = "kind = " + tree.Quote(kind.word)
	}
	l.table(n, path, keys)
	*t.to = read
}

// Defaults of diurnal traffic: most mail early in the afternoon, and nine
// times as much as in the dead of night.
const (
	defaultPeak  = 14 * time.Hour // since midnight, UTC
	defaultDepth = 80 * unit.Percent
)

// trafficKeys are the keys of one kind of traffic beside kind itself.
func (l *loader) trafficKeys(kind sim.TrafficKind, t *sim.Traffic) []field {
	switch kind {
	case sim.Campaign:
		return []field{may("pace", rate{&t.Rate}), may("every", duration{&t.Every, 1, unit.MaxDuration})}
	case sim.Diurnal:
		t.Peak, t.Depth = nextTimeOfDay(l.cfg.Start, defaultPeak), defaultDepth
		return []field{must("rate", rate{&t.Rate}), may("peak", timeOfDay{&t.Peak}), may("depth", share{&t.Depth})}
	case sim.Recorded:
		return []field{must("file", traceFile{&t.Trace})}
	}
	return []field{must("rate", rate{&t.Rate})}
}

// trafficKind returns the kind as written, if there is one of that name.
func trafficKind(n *tree.Node) (choice[sim.TrafficKind], bool) {
	if n.Table["kind"] == nil {
		return choice[sim.TrafficKind]{}, false
	}
	text, _ := n.Table["kind"].Value.(string)
	for _, k := range kinds {
		if k.word == text {
			return k, true
		}
	}
	return choice[sim.TrafficKind]{}, false
}
