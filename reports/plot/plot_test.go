package plot_test

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"sesim/reports"
	"sesim/reports/internal/reporttest"
	"sesim/reports/plot"
	"sesim/sim/ses"
)

func draw(t testing.TB, r *reports.Report) []plot.Chart {
	t.Helper()
	charts, err := plot.Charts(r)
	if err != nil {
		t.Fatal(err)
	}
	return charts
}

// TestSameBytes draws the same report on all processors and on one.
func TestSameBytes(t *testing.T) {
	one := draw(t, reporttest.Coarse(t, 1))
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	two := draw(t, reporttest.Coarse(t, 1))
	for i := range one {
		if !bytes.Equal(one[i].SVG, two[i].SVG) || !bytes.Equal(one[i].PNG, two[i].PNG) {
			t.Errorf("%s is drawn differently the second time", one[i].Name)
		}
	}
}

// TestWhole checks what every chart must have.
func TestWhole(t *testing.T) {
	charts := draw(t, reporttest.New(t, 1))
	var names []string
	for _, c := range charts {
		names = append(names, c.Name)
		if c.Title == "" || c.Caption == "" || !strings.Contains(c.Alt, c.Title) {
			t.Errorf("%s lacks words: %q, %q, %q", c.Name, c.Title, c.Caption, c.Alt)
		}
		if len(c.Rows) == 0 || len(c.Rows) > 40 {
			t.Errorf("the table of %s has %d rows", c.Name, len(c.Rows))
		}
		for _, row := range c.Rows {
			if len(row) != len(c.Columns) {
				t.Errorf("%s: the row %q does not fit the columns %q", c.Name, row, c.Columns)
			}
		}
		img, err := png.Decode(bytes.NewReader(c.PNG))
		if err != nil || img.Bounds().Dx() != 1320 {
			t.Errorf("%s: the PNG is %v wide: %v", c.Name, img.Bounds().Dx(), err)
		}
		checkSVG(t, c.Name, c.SVG)
		checkSVG(t, c.Name+" inline", []byte(c.Inline()))
	}
	want := []string{"acme-bounce-rate", "flow", "states", "acme-complaint-rate", "acme-quota", "enforcement", "global-list-dwell", "admission-delay"}
	if !slices.Equal(names, want) {
		t.Errorf("charts are %q, want %q", names, want)
	}
}

// checkSVG wants well-formed XML, fonts that everybody has, an alternative
// text, and few enough points.
func checkSVG(t *testing.T, name string, svg []byte) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(svg))
	for {
		token, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatalf("%s is not well-formed: %v", name, err)
		}
		e, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		for _, a := range e.Attr {
			if a.Name.Local == "d" && strings.Count(a.Value, "L") > 4*2000 {
				t.Errorf("%s: a line of %d points", name, strings.Count(a.Value, "L"))
			}
		}
	}
	text := string(svg)
	if strings.Contains(text, "font-family:Liberation") || !strings.Contains(text, "sans-serif") {
		t.Errorf("%s names a font that not everybody has", name)
	}
	if !strings.Contains(text, `role="img" aria-label="`) {
		t.Errorf("%s has no alternative text", name)
	}
}

// TestInline checks that a page can set the colours, and the size.
func TestInline(t *testing.T) {
	chart := draw(t, reporttest.Coarse(t, 1))[0]
	for _, svg := range strings.SplitAfter(chart.Inline(), `<div class="slim">`) {
		_, svg, _ = strings.Cut(svg, "<svg")
		head, _, _ := strings.Cut(svg, ">")
		if strings.Contains(head, "width=") || !strings.Contains(head, `viewBox="14 48 `) || !strings.Contains(head, ` data-axes="`) {
			t.Errorf("it begins with %s", head)
		}
		for _, want := range []string{"var(--chart-ink,", "var(--chart-blue,", `<svg class="area" `, `<g class="fixed">`} {
			if !strings.Contains(svg, want) {
				t.Errorf("%s is not in it", want)
			}
		}
		if strings.Contains(svg, chart.Title+"<") || strings.Contains(svg, "#FFFFFF") {
			t.Error("the title or the paper is in it")
		}
	}
	lines := strings.Split(chart.Readings(), "\n")
	if lines[0] != strings.Join(chart.Columns[1:], "\t") || lines[len(lines)-1] != "2592000\t"+strings.Join(chart.Rows[len(chart.Rows)-1][1:], "\t") {
		t.Errorf("the readings begin with %q and end with %q", lines[0], lines[len(lines)-1])
	}
}

// TestOneSample draws a run that ended with its first sample.
func TestOneSample(t *testing.T) {
	r := reporttest.Coarse(t, 1)
	r.Series.Times = r.Series.Times[:1]
	for i := range r.Series.Columns {
		r.Series.Columns[i].Values = r.Series.Columns[i].Values[:1]
	}
	end := reports.Seconds(0)
	r.Summary.Status, r.Summary.EndSeconds = reports.Interrupted, &end
	for _, c := range draw(t, r) {
		if c.Drawn() {
			checkSVG(t, c.Name, c.SVG)
		}
	}
}

// TestHostileNames puts what XML and file systems do not like into the name
// of an account, and two names that differ in such characters only.
func TestHostileNames(t *testing.T) {
	cfg, res := reporttest.Run(2)
	for i, name := range []string{"../<b>&\"'\x01\u202e", "../<b>&\"'\x02\u202e"} {
		old := cfg.Accounts[i].Name
		cfg.Accounts[i].Name = name
		for k := range res.Series.Columns {
			if c := &res.Series.Columns[k]; c.Account == old {
				c.Account = name
			}
		}
	}
	cfg.Name = "</svg><script>alert(1)</script>"
	seen := map[string]bool{}
	for _, c := range draw(t, reporttest.Of(t, cfg, res)) {
		checkSVG(t, c.Name, c.SVG)
		if strings.Contains(string(c.SVG), "<script") || strings.Contains(string(c.SVG), "<b>") {
			t.Errorf("%s: a name became markup", c.Name)
		}
		if seen[c.Name] || strings.Trim(c.Name, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
			t.Errorf("the file name %q is taken or not plain", c.Name)
		}
		seen[c.Name] = true
	}
}

// TestStates draws each state of an account as a labelled background.
func TestStates(t *testing.T) {
	cfg, res := reporttest.Run(1)
	cfg.Accounts[0].Access = ses.Sandbox
	for i, event := range []ses.Event{ses.EventGranted, ses.EventUnderReview, ses.EventPaused, ses.EventHealthy, ses.EventCustomerPaused} {
		res.Accounts[0].Timeline = append(res.Accounts[0].Timeline[:i:i], ses.Transition{At: time.Duration(i+1) * 5 * 24 * time.Hour, Event: event, Why: "bounce rate"})
	}
	charts := draw(t, reporttest.Of(t, cfg, res))
	svg := string(charts[slices.IndexFunc(charts, func(c plot.Chart) bool { return c.Name == "acme-bounce-rate" })].SVG)
	for _, state := range []string{"sandbox", "under review", "paused", "paused by customer"} {
		if strings.Count(svg, ">"+state+"<") != 2 {
			t.Errorf("%q stands %d times in the chart, not once in the band and once in the legend", state, strings.Count(svg, ">"+state+"<"))
		}
	}
}

// TestLook writes the charts to the folder that SESIM_CHARTS names, to be
// looked at.
func TestLook(t *testing.T) {
	dir := os.Getenv("SESIM_CHARTS")
	if dir == "" {
		t.Skip("SESIM_CHARTS names no folder")
	}
	for _, c := range draw(t, reporttest.New(t, 3)) {
		for name, b := range map[string][]byte{c.Name + ".svg": c.SVG, c.Name + ".png": c.PNG} {
			if err := os.WriteFile(filepath.Join(dir, name), b, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func BenchmarkCharts(b *testing.B) {
	for _, accounts := range []int{1, 12} {
		r := reporttest.New(b, accounts)
		b.Run(fmt.Sprintf("accounts=%d", accounts), func(b *testing.B) {
			for b.Loop() {
				draw(b, r)
			}
		})
	}
}
