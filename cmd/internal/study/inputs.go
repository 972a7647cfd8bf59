package study

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"sesim/scenarios"
	"sesim/scenarios/study"
	"sesim/sim"
)

// input is the text of a scenario, not yet parsed.
type input struct {
	File  string          // its name in messages
	src   []byte          // truncated at readLimit
	files scenarios.Files // that it may name, pinned; nil for none
}

// Scenario is an input that the loader has accepted.
type Scenario struct {
	input
	Study  *study.Study
	Config *sim.Config // of the study
}

// readLimit is the most that is read of a scenario, in bytes. It is more than the
// loader accepts, so that the loader can reject what is too long.
const readLimit = 2 << 20

// stdinName is the argument that stands for standard input.
const stdinName = "-"

// stdinPath identifies standard input that is not a file.
const stdinPath = "/dev/stdin"

// readInput reads what an argument names: standard input, a file or, if there is
// no such file, a shipped scenario.
func (s *System) readInput(ctx context.Context, name string) (input, error) {
	if name == stdinName {
		if err := s.claimStream("standard input", toRead, s.In, stdinPath); err != nil {
			return input{}, err
		}
		src, err := readAll(ctx, s.In)
		return input{"<stdin>", src, scenarios.Pin(beside{s, "."})}, err
	}
	shipped, isShipped := scenarios.Source(name)
	info, err := os.Stat(name)
	switch {
	case err == nil && !info.IsDir():
		if err := s.claim("the scenario "+name, toRead, name); err != nil {
			return input{}, err
		}
		src, err := readFile(ctx, name)
		return input{name, src, scenarios.Pin(beside{s, filepath.Dir(name)})}, err
	case isShipped:
		return input{name, shipped, nil}, nil
	case err == nil:
		return input{}, errors.New("a folder, not a scenario")
	case errors.Is(err, fs.ErrNotExist):
		return input{}, errors.New(WithHint("no such file, and no shipped scenario of that name", s.Suggest(name, KnownNames())))
	}
	return input{}, cause(err)
}

func readFile(ctx context.Context, name string) ([]byte, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, cause(err)
	}
	defer file.Close()
	return readAll(ctx, file)
}

// beside opens the files that a scenario names. Relative paths start at the
// folder of the scenario.
type beside struct {
	system *System
	folder string
}

// Open opens a regular file. Others are rejected: a pipe cannot be read twice,
// and opening one may block forever.
func (f beside) Open(name string) (io.ReadCloser, error) {
	if !filepath.IsAbs(name) {
		name = filepath.Join(f.folder, name)
	}
	info, err := os.Stat(name)
	if err != nil {
		return nil, cause(err)
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("not a regular file")
	}
	if err := f.system.claim("the file "+name, toRead, name); err != nil {
		return nil, err
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, cause(err)
	}
	return file, nil
}

// cause strips the operation and the path from an error of a file, for messages
// that name the file themselves.
func cause(err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Err
	}
	return err
}

// readAll reads to the end or to readLimit. It stops waiting for input when ctx
// ends.
func readAll(ctx context.Context, r io.Reader) ([]byte, error) {
	return io.ReadAll(io.LimitReader(waiting(ctx, r), readLimit))
}

// Load reads and checks every named scenario, and prints their warnings. Its error is
// Interrupted, or a *scenarios.Errors with the problems of all of them; the list holds
// the valid ones.
func (s *System) Load(ctx context.Context, names []string, overrides []scenarios.Override) ([]Scenario, error) {
	list, warnings, err := s.Check(ctx, names, overrides)
	s.warn(warnings)
	return list, err
}

// warn prints warnings, each once.
func (s *System) warn(list []scenarios.Problem) {
	for _, w := range list {
		if line := w.String(); !s.warned[line] {
			if s.warned == nil {
				s.warned = map[string]bool{}
			}
			s.warned[line] = true
			fmt.Fprintf(s.Err, "sesim: warning: %s\n", line)
		}
	}
}

// Check is Load, but returns the warnings of all scenarios.
func (s *System) Check(
	ctx context.Context, names []string, overrides []scenarios.Override,
) (list []Scenario, warnings []scenarios.Problem, err error) {
	var all scenarios.Errors
	for _, name := range names {
		sc, err := s.loadOne(ctx, name, overrides)
		if ctx.Err() != nil {
			return nil, nil, ErrInterrupted
		}
		if errors.Is(err, sim.ErrTrace) {
			return nil, warnings, fmt.Errorf("%s: %w", name, err) // a file failed; the scenario may be valid
		}
		if problems, ok := errors.AsType[*scenarios.Errors](err); ok {
			warnings = append(warnings, problems.Warnings...)
			all.Problems = append(all.Problems, problems.Problems...)
			all.More = all.More || problems.More
			continue
		}
		if err != nil {
			all.Problems = append(all.Problems, scenarios.Problem{File: name, Message: err.Error()})
			continue
		}
		list, warnings = append(list, sc), append(warnings, sc.Study.Warnings...)
	}
	if len(all.Problems) > 0 {
		return list, warnings, &all
	}
	return list, warnings, nil
}

func (s *System) loadOne(ctx context.Context, name string, overrides []scenarios.Override) (Scenario, error) {
	in, err := s.readInput(ctx, name)
	if err != nil {
		return Scenario{}, err
	}
	return in.load(overrides)
}

// load passes an input to the loader.
func (in input) load(overrides []scenarios.Override) (Scenario, error) {
	study, err := scenarios.LoadStudy(in.files, in.File, in.src, overrides...)
	if err != nil {
		return Scenario{}, err
	}
	return Scenario{in, study, study.Config}, nil
}

// LoadSession is Load for scenarios that are driven from outside. If none is named it loads
// scenarios.Served.
func (s *System) LoadSession(ctx context.Context, names []string, overrides []scenarios.Override) ([]Scenario, error) {
	if len(names) > 0 {
		return s.Load(ctx, names, overrides)
	}
	src, _ := scenarios.Template(scenarios.Served)
	sc, err := input{File: scenarios.Served + ".toml", src: src}.load(overrides)
	return []Scenario{sc}, err
}

// baseName returns the last part of the path of a file: reports do not name the
// folders of a machine.
func baseName(file string) string { return file[strings.LastIndexAny(file, `/\`)+1:] }

// Settings are what the command line says of a scenario's keys.
type Settings struct {
	Set    []string // KEY=VALUE
	Seed   string   // left to the loader, as all values are
	Seeded bool     // Seed is given
}

// Overrides reads the settings; the seed comes last and so wins.
func (s *Settings) Overrides() ([]scenarios.Override, error) {
	list, err := parseOverrides("--set", s.Set)
	return append(list, s.seed()...), err
}

// seed returns what --seed says, if anything.
func (s *Settings) seed() []scenarios.Override {
	if !s.Seeded {
		return nil
	}
	return []scenarios.Override{{Flag: "--seed", Key: "seed", Value: s.Seed}}
}

// texts returns the settings, each as --set takes it.
func (s *Settings) texts() []string {
	list := slices.Clone(s.Set)
	if s.Seeded {
		list = append(list, "seed="+s.Seed)
	}
	return list
}

// parseOverrides reads the values of a flag.
func parseOverrides(flag string, set []string) ([]scenarios.Override, error) {
	var list []scenarios.Override
	for _, text := range set {
		key, value, found := strings.Cut(text, "=")
		if !found || strings.TrimSpace(key) == "" {
			return nil, Usagef("%s %s: write KEY=VALUE, such as %s account.acme.quota=1000", flag, text, flag)
		}
		list = append(list, scenarios.Override{Flag: flag, Key: strings.TrimSpace(key), Value: strings.TrimSpace(value)})
	}
	return list, nil
}

// ShippedNames returns the names of the shipped scenarios.
func ShippedNames() []string {
	var names []string
	for _, e := range scenarios.Shipped() {
		names = append(names, e.Name)
	}
	return names
}

func overrideText(list []scenarios.Override) []string {
	var texts []string
	for _, o := range list {
		texts = append(texts, fmt.Sprintf("%s=%s", o.Key, o.Value))
	}
	return texts
}

// KnownNames returns the names of all scenarios that can be run by name: the
// shipped ones, including those of the classroom.
func KnownNames() []string {
	names := ShippedNames()
	for _, e := range scenarios.Lessons() {
		names = append(names, e.Name)
	}
	return names
}

// waiting returns a reader of r that stops waiting for input when ctx ends.
func waiting(ctx context.Context, r io.Reader) io.Reader { return &waiter{ctx: ctx, r: r} }

type waiter struct {
	ctx    context.Context
	r      io.Reader
	buffer []byte // of the reading goroutine while it reads
	rest   []byte // read and not yet passed on
}

func (w *waiter) Read(b []byte) (int, error) {
	if len(w.rest) > 0 {
		n := copy(b, w.rest)
		w.rest = w.rest[n:]
		return n, nil
	}
	if w.buffer == nil {
		w.buffer = make([]byte, 64<<10)
	}
	type answer struct {
		n   int
		err error
	}
	done := make(chan answer, 1)
	go func() {
		n, err := w.r.Read(w.buffer)
		done <- answer{n, err}
	}()
	select {
	case a := <-done:
		n := copy(b, w.buffer[:a.n])
		w.rest = w.buffer[n:a.n]
		return n, cause(a.err)
	case <-w.ctx.Done():
		return 0, w.ctx.Err()
	}
}
