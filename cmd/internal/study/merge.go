package study

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"sesim/reports"
	"sesim/reports/data"
	"sesim/reports/rundir"
	"sesim/sim/replicate"
)

// Merge reads the shards in the folders, merges them, and delivers the result as
// Run does. Of the options it uses only Delivery and NoColour.
func (s *System) Merge(dirs []string, o *RunOptions) error {
	if o.Dir == "" && !o.JSON {
		return Usagef("name a folder for the report with -o DIR, or print only the summary with --json")
	}
	for _, dir := range dirs {
		if err := s.claim("the shard "+dir, toRead, dir); err != nil {
			return err
		}
	}
	parts, err := loadParts(dirs)
	if errors.Is(err, data.ErrDamaged) {
		return err // of the disk, not of the command line
	}
	if err != nil {
		return Usage(err)
	}
	r := &runner{System: s, RunOptions: o, forms: &forms{}}
	if o.Dir != "" {
		r.folder = filepath.Clean(o.Dir)
		if err := s.checkFolder(r.folder, o.Force); err != nil {
			return err
		}
	}
	if parts[0].Sweep != nil {
		return r.mergeSweep(parts)
	}
	return r.mergeReplications(parts)
}

// loadParts reads the parts, checks that they make up one run, and returns them
// in order. Its error names all problems.
func loadParts(dirs []string) ([]*rundir.Part, error) {
	var parts []*rundir.Part
	var problems []error
	for _, dir := range dirs {
		p, err := rundir.LoadPart(dir)
		if err != nil {
			problems = append(problems, err)
			continue
		}
		parts = append(parts, p)
	}
	if len(parts) == 0 {
		return nil, errors.Join(problems...)
	}
	run := most(parts)
	shards := make([]*rundir.Part, run.Of)
	for _, p := range parts {
		switch {
		case !p.Same(run):
			problems = append(problems, fmt.Errorf("%s: %s", p.Dir(), foreign(p, run)))
		case shards[p.Shard-1] != nil:
			problems = append(problems, fmt.Errorf("%s and %s are both shard %d of %d", shards[p.Shard-1].Dir(), p.Dir(), p.Shard, p.Of))
		default:
			shards[p.Shard-1] = p
		}
	}
	if err := missingShards(shards); err != nil {
		problems = append(problems, err)
	}
	return shards, errors.Join(problems...)
}

// most returns a part of the run that most parts belong to, the first if several
// runs tie.
func most(parts []*rundir.Part) *rundir.Part {
	belong := func(run *rundir.Part) int {
		n := 0
		for _, p := range parts {
			if p.Same(run) {
				n++
			}
		}
		return n
	}
	return slices.MaxFunc(parts, func(a, b *rundir.Part) int { return cmp.Compare(belong(a), belong(b)) })
}

// foreign explains why a part does not belong to a run.
func foreign(p, run *rundir.Part) string {
	switch {
	case p.Scenario != run.Scenario:
		return fmt.Sprintf("a shard of %s, but the others are of %s", p.Scenario, run.Scenario)
	case p.Inputs != run.Inputs:
		return fmt.Sprintf("a shard of another run of %s: scenario, overrides, files or version differ", p.Scenario)
	case p.Of != run.Of:
		return fmt.Sprintf("it is shard %d of %d, and the others are of %d", p.Shard, p.Of, run.Of)
	}
	return fmt.Sprintf("it was made by another build, %s, and the others by %s", p.Build, run.Build)
}

// missingShards names the shards that are missing.
func missingShards(shards []*rundir.Part) error {
	var missing []string
	for i, p := range shards {
		if p == nil {
			missing = append(missing, fmt.Sprint(i+1))
		}
	}
	switch n := len(missing); {
	case n == 0:
		return nil
	case n == 1:
		return fmt.Errorf("shard %s of %d is missing", missing[0], len(shards))
	case n > 20:
		missing = append(missing[:20], "…")
	}
	return fmt.Errorf("shards %s of %d are missing", strings.Join(missing, ", "), len(shards))
}

// mergeSweep merges the cells of a sweep.
func (r *runner) mergeSweep(parts []*rundir.Part) error {
	of := parts[0].Whole()
	for _, p := range parts {
		of.Cells = append(of.Cells, p.Sweep.Cells...)
		if p.Sweep.Status != reports.Complete {
			of.Status = p.Sweep.Status
		}
	}
	slices.SortFunc(of.Cells, func(a, b reports.Cell) int { return cmp.Compare(a.Number, b.Number) })
	if err := of.Check(); err != nil {
		return Usagef("the shards do not fit together: %w", err)
	}
	if len(of.Cells) != of.CellCount {
		return fmt.Errorf("the shards hold %d of %d cells: %w", len(of.Cells), of.CellCount, data.ErrDamaged)
	}
	return r.deliverSweep(of, nil, nil)
}

// mergeReplications merges replications in the order of their numbers, with the
// result of a run without shards.
func (r *runner) mergeReplications(parts []*rundir.Part) error {
	first := parts[0] // which holds replication 0
	report, err := first.Report()
	if err != nil {
		return err
	}
	sample, err := mergedSample(parts)
	if err != nil {
		return err
	}
	if err := report.Replicate(sample, *first.Rule); err != nil {
		return err
	}
	if err := r.deliver(report, nil); err != nil {
		return err
	}
	return r.verdict(report)
}

// mergedSample adds the records of all parts, one of each in turn, until the rule
// is met.
func mergedSample(parts []*rundir.Part) (*replicate.Sample, error) {
	rule := *parts[0].Rule
	sample := replicate.NewSample(*parts[0].Frame)
	open := make([]*rundir.Records, len(parts))
	for i, p := range parts {
		records, err := p.OpenRecords()
		if err != nil {
			return nil, err
		}
		defer records.Close() // again, after an error
		open[i] = records
	}
	for i := 0; !sample.Enough(rule); i++ {
		record, err := open[i%len(open)].Next()
		if errors.Is(err, io.EOF) {
			err = fmt.Errorf("replication %d is missing: %w", i, data.ErrDamaged)
		}
		if err == nil {
			err = sample.Add(record)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", parts[i%len(parts)].Dir(), err)
		}
	}
	for _, records := range open {
		if err := records.Close(); err != nil {
			return nil, err
		}
	}
	return sample, nil
}
