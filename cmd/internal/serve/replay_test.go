package serve_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sesim/cmd/internal/journal"
	"sesim/reports"
	"sesim/reports/events"
	"sesim/scenarios"
	"sesim/scenarios/study"
	"sesim/sim"
	"sesim/sim/engine"
)

// recording is the journal of a session that a test serves, and what the session published.
// Each test's is driven again.
type recording struct {
	text      string // of the scenario
	study     *study.Study
	header    journal.Header
	journal   *bytes.Buffer
	writer    *journal.Writer
	published []string // the events of the stream, each a line
}

// record loads a scenario and begins the journal of its session.
func record(t *testing.T, text string) *recording {
	t.Helper()
	r := &recording{text: text, journal: &bytes.Buffer{}}
	var err error
	if r.study, err = scenarios.LoadStudy(nil, "served.toml", []byte(text)); err != nil {
		t.Fatal(err)
	}
	inputs, err := r.study.Inputs(0)
	if err != nil {
		t.Fatal(err)
	}
	r.header = journal.Header{Version: "test", Name: r.study.Config.Name, Inputs: inputs}
	if r.writer, err = journal.NewWriter(r.journal, r.header); err != nil {
		t.Fatal(err)
	}
	return r
}

// part begins a part of the journal, which is driven again in place of those before.
func (r *recording) part(int) (*journal.Writer, error) {
	r.journal = &bytes.Buffer{}
	return journal.NewWriter(r.journal, r.header)
}

// hold freezes the clock of a server that is about to end, and keeps what it has published.
func (r *recording) hold(from *running) {
	from.t.Helper()
	from.admin(http.MethodPut, "clock", `{"speed":0}`, nil)
	for _, e := range from.stream() {
		r.published = append(r.published, string(e.Event)+"\n")
	}
}

// summary returns the report of a session in bytes.
func summary(t *testing.T, cfg *sim.Config, result *sim.Result) string {
	t.Helper()
	report, err := reports.New(cfg, result, reports.Input{File: "served.toml"})
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.MarshalIndent(report.Summary, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// check drives the session again by its journal, on one core and on two: the answers are
// those recorded, the events those published, and the report is the same.
func (r *recording) check(t *testing.T, cfg *sim.Config, result *sim.Result) {
	t.Helper()
	want := summary(t, cfg, result)
	before := runtime.GOMAXPROCS(0)
	defer runtime.GOMAXPROCS(before)
	for cores := 1; cores <= 2; cores++ {
		runtime.GOMAXPROCS(cores)
		var published bytes.Buffer
		late := &publisher{}
		s, err := engine.Open(*r.study.Config, sim.Hooks{Observer: late})
		if err != nil {
			t.Fatal(err)
		}
		late.Writer = events.New(&published, s.Config(), events.EventPublishing)
		_, err = journal.Replay(bytes.NewReader(r.journal.Bytes()), r.header, s)
		again, closed := s.Close()
		if err := errors.Join(err, closed, late.Flush()); err != nil {
			t.Fatalf("driven again on %d cores: %v", cores, err)
		}
		own := *s.Config()
		own.Audiences, own.Horizon = r.study.Config.Audiences, s.Now()
		if diff := cmp.Diff(want, summary(t, &own, again)); diff != "" {
			t.Errorf("the report, - of the session, + driven again on %d cores:\n%s", cores, diff)
		}
		if diff := cmp.Diff(strings.Join(r.published, ""), last(published.String(), len(r.published))); diff != "" {
			t.Errorf("events, - of the session, + driven again on %d cores:\n%s", cores, diff)
		}
	}
	r.keep(t)
}

// publisher writes the events of mail that came from outside.
type publisher struct{ *events.Writer }

// Observe takes one record.
func (p *publisher) Observe(r *sim.Record) {
	if r.Live {
		p.Writer.Observe(r)
	}
}

// last returns the last n lines of a text.
func last(text string, n int) string {
	lines := strings.SplitAfter(text, "\n")
	lines = lines[:len(lines)-1]
	return strings.Join(lines[max(0, len(lines)-n):], "")
}

// keep keeps a journal with its scenario for .ci/clients, which drives it again with other
// programs than this one.
func (r *recording) keep(t *testing.T) {
	t.Helper()
	folder := os.Getenv("SESIM_JOURNALS")
	if folder == "" {
		return
	}
	folder = filepath.Join(folder, strings.ReplaceAll(t.Name(), "/", "-"))
	for i := 0; ; i++ {
		own := folder + "-" + strconv.Itoa(i)
		if err := os.Mkdir(own, 0o755); errors.Is(err, os.ErrExist) {
			continue
		} else if err != nil {
			t.Fatal(err)
		}
		err := errors.Join(os.WriteFile(filepath.Join(own, "served.toml"), []byte(r.text), 0o644),
			os.WriteFile(filepath.Join(own, "journal.jsonl"), r.journal.Bytes(), 0o644))
		if err != nil {
			t.Fatal(err)
		}
		return
	}
}
