package rundir

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"sesim/reports"
	"sesim/reports/data"
	"sesim/sim/replicate"
)

// PartFile is the file that identifies the folder of a part; it is written last.
const PartFile = "part.json"

// recordsFile holds the records of a part's replications, one JSON value per
// line.
const recordsFile = "records.jsonl"

// Part is a shard of a sweep or of replications, to be merged with the other
// shards.
type Part struct {
	Tool        string `json:"tool"`
	ToolVersion string `json:"tool_version"`
	Build       string `json:"build"`
	Version     int    `json:"version"` // of the files
	Shard       int    `json:"shard"`   // from 1
	Of          int    `json:"of"`
	Inputs      string `json:"inputs"` // hash of everything the merged run depends on
	Scenario    string `json:"scenario"`

	// Of replications:
	Rule    *replicate.Rule   `json:"rule,omitempty"`
	Frame   *replicate.Frame  `json:"frame,omitempty"`
	Records string            `json:"records_sha256,omitempty"`
	First   map[string]string `json:"first,omitempty"` // figures of replication 0, by file, if it is in this part
	File    string            `json:"file,omitempty"`
	Set     []string          `json:"overrides,omitempty"`

	// Of a sweep: the part's cells, and what all shards have in common.
	Sweep *reports.Sweep `json:"sweep,omitempty"`
	Text  string         `json:"text,omitempty"` // of the scenario

	dir string
}

// Dir returns the folder that the part was read from.
func (p *Part) Dir() string { return p.dir }

// Same reports whether two parts may be shards of the same run.
func (p *Part) Same(o *Part) bool {
	return p.Inputs == o.Inputs && p.Of == o.Of && p.Build == o.Build && (p.Sweep == nil) == (o.Sweep == nil)
}

// NewPart returns a part with its origin filled in.
func NewPart(shard, of int, inputs, scenario, version, build string) *Part {
	return &Part{
		Tool: tool, ToolVersion: version, Build: build, Version: reports.Version, Shard: shard, Of: of, Inputs: inputs, Scenario: scenario,
	}
}

// SetFirst enters the report of replication 0.
func (p *Part) SetFirst(r *reports.Report) error {
	list, err := figures(r)
	if err != nil {
		return fmt.Errorf("folder: %w", err)
	}
	p.First, p.File, p.Set = map[string]string{}, r.File, r.Overrides
	for _, c := range list {
		p.First[c.Name] = string(c.Data)
	}
	return nil
}

// Report returns the report of replication 0.
func (p *Part) Report() (*reports.Report, error) {
	m := &manifest{ToolVersion: p.ToolVersion, Overrides: p.Set, Scenario: scenario{File: p.File}}
	l := loader{dir: p.dir, manifest: m, texts: p.First}
	r := l.report()
	if l.err != nil {
		return nil, fmt.Errorf("folder: %s: %w", p.dir, l.err)
	}
	return r, nil
}

// SetSweep enters the cells of a part.
func (p *Part) SetSweep(s *reports.Sweep) {
	p.Sweep, p.Text, p.File, p.Set = s, s.Source.Scenario, s.Source.File, s.Source.Overrides
}

// Whole returns the part's sweep without cells, for the cells of all parts.
func (p *Part) Whole() *reports.Sweep {
	of := *p.Sweep
	of.Cells = []reports.Cell{}
	of.Source = reports.SweepInput{Scenario: p.Text, File: p.File, Overrides: p.Set, Tool: p.ToolVersion}
	return &of
}

// WritePart writes a part into the folder dir, which must be missing or empty;
// with force it replaces another part. Records are the lines of its
// replications; nil for a sweep.
func WritePart(dir string, p *Part, records []byte, force bool) error {
	var list []File
	if records != nil {
		p.Records = data.Sum(records)
		list = append(list, File{recordsFile, records})
	}
	last, err := sealed(PartFile, p)
	if err != nil {
		return fmt.Errorf("folder: %w", err)
	}
	return WriteFiles(dir, append(list, last), force)
}

// ErrNoPart is wrapped by the error of LoadPart for a folder that does not hold
// a finished part.
var ErrNoPart = errors.New("not a finished shard")

// LoadPart reads a part, except its records, whose hash it checks.
func LoadPart(dir string) (*Part, error) {
	text, err := os.ReadFile(filepath.Join(dir, PartFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: %w: %s is missing", dir, ErrNoPart, PartFile)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", dir, err)
	}
	p := &Part{dir: dir}
	switch err := json.Unmarshal(text, p); {
	case err != nil:
		return nil, fmt.Errorf("%s: %s: %w: %w", dir, PartFile, data.ErrDamaged, err)
	case p.Tool != tool:
		return nil, fmt.Errorf("%s: %s: %w", dir, PartFile, ErrNoPart)
	case p.Version != reports.Version:
		return nil, fmt.Errorf("%s: %s: version %d is %w: %d", dir, PartFile, p.Version, data.ErrVersion, reports.Version)
	}
	err = data.CheckSeal(text)
	if err == nil {
		err = p.check()
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %s: %w", dir, PartFile, err)
	}
	if p.Sweep == nil {
		return p, p.checkRecords()
	}
	return p, nil
}

// MaxShards limits the parts into which a run may be divided.
const MaxShards = 10_000

// check returns an error that wraps data.ErrDamaged for a part that WritePart cannot
// have written.
func (p *Part) check() error {
	if p.Of < 1 || p.Of > MaxShards || p.Shard < 1 || p.Shard > p.Of {
		return fmt.Errorf("%w: it is shard %d of %d, and there are at most %d", data.ErrDamaged, p.Shard, p.Of, MaxShards)
	}
	var err error
	switch {
	case p.Sweep != nil:
		err = p.Sweep.Check()
		for i := range p.Sweep.Cells {
			if n := p.Sweep.Cells[i].Number; err == nil && n%p.Of != p.Shard-1 {
				err = fmt.Errorf("cell %d does not belong to shard %d of %d", n, p.Shard, p.Of)
			}
		}
	case p.Frame == nil || p.Rule == nil:
		err = errors.New("it holds neither replications nor cells")
	default:
		err = errors.Join(p.Rule.Check(), p.Frame.Check())
	}
	if err != nil {
		return fmt.Errorf("%w: %w", data.ErrDamaged, err)
	}
	return nil
}

// checkRecords reads the records once, and compares them with their hash.
func (p *Part) checkRecords() error {
	r, err := p.OpenRecords()
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s: %s: %w: %w", p.dir, recordsFile, data.ErrDamaged, errMissing)
	}
	if err != nil {
		return err
	}
	return r.Close()
}

// Records reads the replications of a part one by one.
type Records struct {
	part   *Part
	file   *os.File
	read   io.Reader // of the file; what is read goes into the hash too
	hash   hash.Hash
	decode *json.Decoder
}

// OpenRecords opens the records of a part.
func (p *Part) OpenRecords() (*Records, error) {
	file, err := os.Open(filepath.Join(p.dir, recordsFile))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", p.dir, err)
	}
	r := &Records{part: p, file: file, hash: sha256.New()}
	r.read = io.TeeReader(bufio.NewReaderSize(file, 1<<16), r.hash)
	r.decode = json.NewDecoder(r.read)
	return r, nil
}

// Next returns the next record, and io.EOF after the last one. It is not known to
// be right before Close says so.
func (r *Records) Next() (*replicate.Record, error) {
	var of replicate.Record
	if err := r.decode.Decode(&of); err != nil {
		return nil, err
	}
	return &of, nil
}

// Close reads what is left and closes the file. It returns an error that wraps
// data.ErrDamaged if the records are not as they were written.
func (r *Records) Close() error {
	_, err := io.Copy(io.Discard, r.read)
	if err == nil && hex.EncodeToString(r.hash.Sum(nil)) != r.part.Records {
		err = fmt.Errorf("%s: %w", recordsFile, data.ErrDamaged)
	}
	if err = errors.Join(err, r.file.Close()); err != nil {
		return fmt.Errorf("%s: %w", r.part.dir, err)
	}
	return nil
}
