package openmetrics_test

import (
	"bytes"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"sesim/reports"
	"sesim/reports/internal/reporttest"
	"sesim/reports/openmetrics"
)

func written(t *testing.T, r *reports.Report) string {
	t.Helper()
	var b bytes.Buffer
	if err := openmetrics.Write(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// odd is a report whose texts need escapes, with a missing sample, a start
// within a second, and a threshold that stands there twice.
func odd(t *testing.T) *reports.Report {
	r := reporttest.Coarse(t, 2)
	r.Summary.Scenario = "a \"b\" \\ c\nd\xff"
	r.Summary.Start = r.Summary.Start.Add(1500 * time.Millisecond)
	r.Series.Columns[0].Values[3] = math.NaN()
	r.Summary.Thresholds = append(r.Summary.Thresholds, r.Summary.Thresholds[0])
	return r
}

var (
	metadata = regexp.MustCompile(`^# (TYPE|UNIT|HELP) (sesim_[a-z0-9_]+) ([^"\\]+)$`) // the older form has no escape for a quote, the newer demands one
	sample   = regexp.MustCompile(`^(sesim_[a-z0-9_]+)(\{(?:[a-z]+="(?:[^"\\]|\\[\\"n])*",?)+\}) (-?[0-9.]+) ([0-9]+(?:\.[0-9]+)?)$`)
)

// TestForm reads the text by the grammar of OpenMetrics: families one after
// the other, each with its type before its samples; in a family the samples of
// one series together, in order of time, and none twice.
func TestForm(t *testing.T) {
	text := written(t, odd(t))
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	if lines[len(lines)-1] != "# EOF" {
		t.Fatalf("the last line is %q", lines[len(lines)-1])
	}
	families, series := map[string]bool{}, map[string]bool{}
	family, current, last := "", "", 0.0
	for _, line := range lines[:len(lines)-1] {
		if m := metadata.FindStringSubmatch(line); m != nil {
			if m[1] == "TYPE" {
				if families[m[2]] {
					t.Errorf("the family %s begins twice", m[2])
				}
				family, families[m[2]] = m[2], true
			}
			if m[2] != family || m[1] == "UNIT" && !strings.HasSuffix(m[2], "_"+m[3]) || m[1] == "TYPE" && m[3] != "gauge" {
				t.Errorf("%q stands in the family %s", line, family)
			}
			continue
		}
		m := sample.FindStringSubmatch(line)
		if m == nil || m[1] != family {
			t.Fatalf("%q is no sample of the family %s", line, family)
		}
		at, _ := strconv.ParseFloat(m[4], 64)
		if name := m[1] + m[2]; name != current {
			if series[name] {
				t.Errorf("the series %s stands in two places", name)
			}
			current, series[name], last = name, true, 0
		}
		if at <= last {
			t.Errorf("%q does not come after %v", line, last)
		}
		last = at
	}
	if len(families) < 20 || strings.Contains(text, "NaN") {
		t.Errorf("there are %d families", len(families))
	}
}

// TestValues looks up figures of the report in the text.
func TestValues(t *testing.T) {
	r := reporttest.Coarse(t, 2)
	text := written(t, r)
	run := `{scenario="stale-list",seed="1"`
	column := r.Series.Find("tenant-1", "refused_quota")
	last := len(r.Series.Times) - 1
	number := func(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
	at := func(offset time.Duration) string {
		return strconv.FormatInt(r.Summary.Start.Add(offset).Unix(), 10)
	}
	for _, want := range []string{
		"sesim_refused_recipients" + run + `,account="tenant-1",reason="quota"} ` + number(column.Values[last]) + " " + at(r.Series.Times[last]),
		"sesim_global_list_addresses" + run + "} " + number(r.Series.Find("", "global_listed").Values[1]) + " " + at(r.Series.Times[1]),
		"sesim_requests_calls" + run + `,account="acme"} ` + strconv.FormatInt(r.Summary.Accounts[0].Requests, 10) + " " + at(r.End()),
		"sesim_sender_given_up_recipients" + run + `,account="acme",sender="acme-news"} ` + strconv.FormatInt(r.Summary.Senders[0].GivenUp, 10) + " " + at(r.End()),
		"sesim_threshold_passed" + run + `,threshold="acme.bounce_rate.max < 5%"} 0 ` + at(r.End()),
	} {
		if !strings.Contains(text, "\n"+want+"\n") {
			t.Errorf("there is no line %q", want)
		}
	}
}

// TestPromtool has Prometheus's own tool check the text and take it in, where
// it is installed.
func TestPromtool(t *testing.T) {
	promtool, err := exec.LookPath("promtool")
	if err != nil {
		t.Skip("promtool is not installed")
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "metrics.om")
	for _, r := range []*reports.Report{reporttest.Coarse(t, 2), odd(t), reporttest.Bare(t)} {
		text := written(t, r)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		blocks := filepath.Join(dir, "blocks")
		if out, err := exec.Command(promtool, "tsdb", "create-blocks-from", "openmetrics", file, blocks).CombinedOutput(); err != nil {
			t.Errorf("promtool tsdb: %v\n%s", err, out)
		}
		if r.Summary.Start.Nanosecond() > 0 {
			continue // the check reads an older form, which knows whole times only
		}
		check := exec.Command(promtool, "check", "metrics")
		check.Stdin = strings.NewReader(text)
		if out, err := check.CombinedOutput(); err != nil {
			t.Errorf("promtool check: %v\n%s", err, out)
		}
	}
}
