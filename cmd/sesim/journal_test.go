package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"sesim/cmd/internal/journal"
	"sesim/cmd/internal/study"
	"sesim/scenarios"
	"sesim/scenarios/compression"
	"sesim/sim"
	"sesim/sim/engine"
)

// served is a scenario of a sandbox, judged by what programs do to it.
const served = `name = "served"
horizon = "400d"
thresholds = ["box.refused.rate == 0", "box.accepted == 2", "box.sent_after_bounce == 0"]

[serve]
magic = true

[[account]]
name = "box"
identities = ["box.example"]
configuration_set = [{ name = "first" }]
`

// journalOf makes a session of the scenario: two mails a time apart, and a configuration
// set of its own. It returns its journal.
func journalOf(t *testing.T, text string, apart time.Duration) string {
	t.Helper()
	loaded, err := scenarios.LoadStudy(nil, "served.toml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	inputs, err := loaded.Inputs(0)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w, err := journal.NewWriter(&out, journal.Header{Version: study.Version, Name: loaded.Config.Name, Inputs: inputs})
	if err != nil {
		t.Fatal(err)
	}
	s, err := engine.Open(*loaded.Config, sim.Hooks{})
	if err != nil {
		t.Fatal(err)
	}
	call := &sim.Call{From: "a@box.example", Recipients: []string{"B@box.example"}, Set: "second"}
	create := &sim.Operation{Action: sim.Action{Do: sim.DoCreateSet}, SetName: "second", Create: &sim.ConfigurationSet{}}
	for i, in := range []sim.Input{{Operation: create}, {Call: call}, {Call: call}} {
		s.Advance(time.Duration(i)*apart, nil)
		answer, failed := s.Apply(&in)
		if err := errors.Join(w.Add(s.Now(), fmt.Sprintf("request-%d", i), &in, answer, failed), w.Flush()); err != nil {
			t.Fatal(err)
		}
	}
	s.Advance(48*time.Hour, nil)
	if err := w.End(s.Now()); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// packedAs compresses a text as a file of that name, which is flushed after each line.
func packedAs(t *testing.T, name, text string) string {
	t.Helper()
	var out strings.Builder
	z, err := compression.NewWriter(&out, name)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(text) {
		if _, err := z.Write([]byte(line)); err != nil {
			t.Fatal(err)
		}
		if err := z.Flush(); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// TestRunJournal drives sessions again: their reports are judged by the scenario's
// thresholds, and have their events.
func TestRunJournal(t *testing.T) {
	inside(t)
	write(t, "served.toml", served)
	write(t, "good.jsonl", journalOf(t, served, time.Second))
	got := expect(t, exitPassed, "run", "served.toml", "--journal", "good.jsonl", "--events", "events.jsonl", "-o", "report")
	if !strings.Contains(got.stdout, "box") || got.stderr != "" {
		t.Errorf("stdout %q, stderr %q", got.stdout, got.stderr)
	}
	events, err := os.ReadFile("events.jsonl")
	if err != nil || strings.Count(string(events), `"destination":["B@box.example"]`) != 4 || strings.Count(string(events), `"ses:configuration-set":["second"]`) != 4 {
		t.Errorf("%v: %s", err, events)
	}
	plain := expect(t, exitPassed, "run", "served.toml", "--journal", "good.jsonl", "--json")
	for _, name := range []string{"good.gz", "good.zst"} {
		whole := packedAs(t, name, journalOf(t, served, time.Second))
		write(t, name, whole)
		if got := expect(t, exitPassed, "run", "served.toml", "--journal", name, "--json"); got.stdout != plain.stdout {
			t.Errorf("%s gives another report", name)
		}
		write(t, name, whole[:len(whole)-5]) // the process was killed
		expect(t, exitPassed, "run", "served.toml", "--journal", name, "--json")
		write(t, name, whole[:3]+strings.Repeat("\xff", 40))
		expect(t, exitUsage, "run", "served.toml", "--journal", name, "--json")
	}
	write(t, "hasty.jsonl", journalOf(t, served, time.Millisecond))
	expect(t, exitThreshold, "run", "served.toml", "--journal", "hasty.jsonl", "--quiet")
}

// TestRunJournalErrors: what is not the scenario's journal is bad input, an answer that
// is not the recorded one a failure.
func TestRunJournalErrors(t *testing.T) {
	inside(t)
	write(t, "served.toml", served)
	good := journalOf(t, served, time.Second)
	write(t, "good.jsonl", good)
	write(t, "broken.jsonl", strings.Replace(good, `"message":1`, `"message":7`, 1))
	write(t, "text.jsonl", "hello\n")
	for _, c := range []struct {
		exit exitCode
		says string
		args []string
	}{
		{exitUsage, "the journal is of another scenario", []string{"served.toml", "--journal", "good.jsonl", "--seed", "9"}},
		{exitUsage, "the journal is of another scenario", []string{"--journal", "good.jsonl"}},
		{exitUsage, "line 1: not a journal", []string{"served.toml", "--journal", "text.jsonl"}},
		{exitUsage, "none.jsonl: no such file", []string{"served.toml", "--journal", "none.jsonl"}},
		{exitInternal, "line 4: the answers differ", []string{"served.toml", "--journal", "broken.jsonl"}},
		{exitUsage, "takes one scenario, not 2", []string{"served.toml", "stale-list", "--journal", "good.jsonl"}},
		{exitUsage, "no sweep and no replications", []string{"served.toml", "--journal", "good.jsonl", "--replications", "3"}},
		{exitUsage, "no assumptions", []string{"served.toml", "--journal", "good.jsonl", "--assumptions"}},
	} {
		if got := expect(t, c.exit, append([]string{"run", "--quiet"}, c.args...)...); !strings.Contains(got.stderr, c.says) {
			t.Errorf("%v: stderr is %q", c.args, got.stderr)
		}
	}
}
