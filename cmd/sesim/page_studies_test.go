package main

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sesim/reports/html"
	"sesim/reports/plot"
)

// cellsKnown wants every figure of a table in the document; its first column has names.
func (c *compared) cellsKnown(name string, table [][]string) {
	c.t.Helper()
	for _, row := range table[1:] {
		for i, text := range row {
			if i == 0 {
				continue
			}
			c.seen += len(quantities(text))
			for _, q := range c.all.missing(text) {
				c.t.Errorf("%s: %s of %q is %q, where --json does not have %q", name, table[0][i], row[0], text, q.text)
			}
		}
	}
}

// enough wants some figures compared, and a table with these lines.
func (c *compared) enough(fewest int) {
	c.t.Helper()
	if c.seen < fewest {
		c.t.Errorf("%d figures are compared, want %d or more", c.seen, fewest)
	}
}

// estimates returns the figures of a metric as the table of replications has them.
func estimates(metric any, parts ...string) (values [][]float64) {
	for _, part := range parts {
		var list []float64
		if of, ok := at(metric, part).(map[string]any); ok {
			for _, key := range []string{"value", "low", "high"} {
				if v, ok := of[key].(float64); ok {
					list = append(list, v)
				}
			}
		} else if v, ok := at(metric, part).(float64); ok {
			list = append(list, v)
		}
		if len(list) == 3 && list[1] == list[0] && list[2] == list[0] {
			list = list[:1] // the same in all
		}
		values = append(values, list)
	}
	return values
}

// TestPagesFiguresOfReplications compares each metric with its mean, median and extremes.
func TestPagesFiguresOfReplications(t *testing.T) {
	c := pageOf(t, "run", "stale-list", "--replications", "5", "--quiet")
	c.run()
	for _, row := range c.table("Table: Metrics")[1:] {
		metric := c.named("replications.metrics", "metric", row[0])
		for i, want := range estimates(metric, "mean", "median", "min", "max", "data") {
			c.cell(row[0]+": "+c.table("Table: Metrics")[0][i+1], row[i+1], want...)
		}
	}
	c.enough(300)
}

// TestPagesFiguresOfAssumptions compares what the verdicts rest on, and where they turn.
func TestPagesFiguresOfAssumptions(t *testing.T) {
	c := pageOf(t, "run", "repeat-bouncer", "--assumptions", "--quiet")
	c.run()
	table := c.table("Parameters with which a verdict differs")
	for _, row := range table[1:] {
		parameter := c.named("assumptions.parameters", "name", strings.Fields(row[0])[0])
		for i, text := range row[1:] {
			for _, q := range figuresOf(c.start, parameter).missing(text) {
				t.Errorf("%s: %s is %q, where --json does not have %q", row[0], table[0][i+1], text, q.text)
			}
		}
	}
	c.enough(50)
}

// TestPagesFiguresOfSweeps compares the cells.
func TestPagesFiguresOfSweeps(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "s.toml", swept(`"acme.accepted > 1", "acme.quota_use.max < 50%"`, twoKeys))
	c := pageOf(t, "run", "s.toml", "--replications", "4", "--quiet")
	c.prose(slices.Concat(c.page.sentences, c.page.titles)...)
	table := c.table("Table: Cells")
	if cells := list(c.doc, "cells"); len(table) != len(cells)+1 {
		t.Fatalf("%d cells, want %d", len(table)-1, len(cells))
	}
	for n, cell := range list(c.doc, "cells") {
		for i, name := range table[0] {
			text := table[n+1][i]
			if k := slices.IndexFunc(list(c.doc, "keys"), func(key any) bool { return key == name }); k >= 0 {
				if got, want := strings.ReplaceAll(text, ",", ""), list(cell, "values")[k]; got != want {
					t.Errorf("cell %d: %s is %q, want %q", n, name, got, want)
				}
				continue
			}
			for _, m := range list(cell, "metrics") {
				if at(m, "metric") == name {
					c.cell(name, text, estimates(m, "mean")[0]...)
				}
			}
		}
	}
	c.enough(20)
}

// TestPagesFiguresOfComparisons compares the figures that changed.
func TestPagesFiguresOfComparisons(t *testing.T) {
	c := pageOf(t, "compare", "stale-list", "--vs", "audience.customers.invalid=3%", "--replications", "4", "--progress", "none")
	c.prose(c.page.sentences...) // titles are about the curves, which --json does not have
	for _, row := range c.table("Table: Figures that changed")[1:] {
		figure := c.named("figures", "metric", row[0])
		values, _ := at(figure, "values").([]any)
		for i, v := range values {
			v, _ := v.(float64)
			c.cell(row[0], row[min(2*i+1, 1+i)], v)
		}
		change := list(figure, "changes")[0].(map[string]any)
		var want []float64
		for _, key := range []string{"difference", "low", "high"} {
			if v, ok := change[key].(float64); ok {
				want = append(want, v)
			}
		}
		shown, _, interval := strings.Cut(row[3], "), ") // the change in percent follows
		if !interval {
			shown, _, _ = strings.Cut(row[3], ", ")
		}
		c.cell(row[0]+": the change", shown, want...)
	}
	c.cellsKnown("verdicts", c.table("Table: Verdicts"))
	c.enough(40)
}

// TestPagesFiguresOfPlans compares promises and candidates.
func TestPagesFiguresOfPlans(t *testing.T) {
	inside(t)
	write(t, "goal.toml", planned(quotaPromise+quotaChoice))
	c := pageOf(t, "plan", "goal.toml", "--quiet")
	c.prose(slices.Concat(c.page.sentences, c.page.titles)...)
	for _, v := range c.page.verdicts {
		promise := c.named("promises", "expression", v[1])
		if v[2] != at(promise, "fresh.sentence") && v[2] != at(promise, "search.sentence") {
			t.Errorf("%s is said to be %q", v[1], v[2])
		}
	}
	table := c.table("Table: Candidates that were tested")
	for i, candidate := range list(c.doc, "candidates") {
		if got, want := strings.ReplaceAll(table[i+1][0], ",", ""), list(candidate, "values")[0]; got != want {
			t.Errorf("candidate %d is %q, want %v", i, got, want)
		}
		if kept := strings.HasPrefix(table[i+1][1], "keeps all promises"); kept != (at(candidate, "kept") == true) {
			t.Errorf("candidate %s: %s", table[i+1][0], table[i+1][1])
		}
	}
	c.cellsKnown("candidates", table)
	c.enough(20)
}

// TestPagesFiguresOfBench compares the page of the recorded measurement with its record.
func TestPagesFiguresOfBench(t *testing.T) {
	record := filepath.Join("..", "..", "reports", "gallery", "bench.json")
	r := measurement(t, record)
	charts, err := plot.Benchmarks(r)
	if err != nil {
		t.Fatal(err)
	}
	var page bytes.Buffer
	if err := html.WriteBenchmark(&page, r, charts); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(record)
	if err != nil {
		t.Fatal(err)
	}
	c := besides(t, page.String(), string(text))
	c.prose(slices.Concat(c.page.sentences, c.page.titles)...)
	for name, table := range c.page.tables {
		c.cellsKnown(name, table)
	}
	c.enough(100)
}

// wilson returns the 95% confidence interval of a probability of which a share is seen in n.
func wilson(share, n float64) (low, high float64) {
	const z = 1.959963984540054
	middle, half := share+z*z/(2*n), z*math.Sqrt(share*(1-share)/n+z*z/(4*n*n))
	return (middle - half) / (1 + z*z/n), (middle + half) / (1 + z*z/n)
}

// TestPagesFiguresOfLogs compares what is estimated and predicted from a log.
func TestPagesFiguresOfLogs(t *testing.T) {
	if testing.Short() {
		t.Skip("predicts 200 times")
	}
	log := mustAbs(t, filepath.Join("..", "internal", "calibrate", "testdata", "newsletter.jsonl.gz"))
	for _, args := range [][]string{{"calibrate"}, {"backtest", "--holdout", "7d", "--folds", "1"}} {
		c := pageOf(t, append(args, log, "--name", "acme", "--quiet")...)
		c.all.numbers = append(c.all.numbers, 0.05) // the bounce rate of a review
		draws, _ := c.doc["draws"].(float64)
		for _, fold := range list(c.doc, "folds") {
			for _, way := range []string{"review_with_real_sends", "review_with_predicted_sends"} {
				p, err := sum(fold, way)
				if err != nil {
					t.Fatal(err)
				}
				low, high := wilson(p, draws)
				c.all.numbers = append(c.all.numbers, low, high)
			}
		}
		c.prose(slices.Concat(c.page.sentences, c.page.titles)...)
		for name, table := range c.page.tables {
			c.cellsKnown(name, table)
		}
		c.enough(20)
	}
}
