package html_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"sesim/reports"
	"sesim/reports/html"
	"sesim/reports/internal/reporttest"
	"sesim/reports/plot"
	"sesim/sim/ses"
)

func render(t *testing.T, r *reports.Report, charts []plot.Chart) string {
	t.Helper()
	var b bytes.Buffer
	if err := html.Write(&b, r, charts); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// page renders a run with its charts.
func page(t *testing.T) (string, *reports.Report) {
	t.Helper()
	r := reporttest.Coarse(t, 1)
	charts, err := plot.Charts(r)
	if err != nil {
		t.Fatal(err)
	}
	return render(t, r, charts), r
}

// oneScript returns a page without its script, which must be the only one and that of its
// policy.
func oneScript(t *testing.T, text string) string {
	t.Helper()
	before, after, _ := strings.Cut(text, "<script>")
	script, after, found := strings.Cut(after, "</script>")
	sum := sha256.Sum256([]byte(script))
	policy := `content="default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;; script-src &#39;sha256-` +
		strings.ReplaceAll(base64.StdEncoding.EncodeToString(sum[:]), "+", "&#43;") + `&#39;; base-uri &#39;none&#39;; form-action &#39;none&#39;"`
	if !found || !strings.Contains(before, policy) {
		t.Errorf("the page's policy does not allow its script alone: %s is missing", policy)
	}
	return before + after
}

// TestSelfContained checks that the page asks nobody for anything: links are
// the only addresses in it.
func TestSelfContained(t *testing.T) {
	text, _ := page(t)
	text = oneScript(t, text)
	for _, bad := range []string{"<script", "<link", "<img", "<iframe", " src=", "url(", "@import", "<?xml"} {
		if strings.Contains(text, bad) {
			t.Errorf("%q is in the page", bad)
		}
	}
	for _, address := range regexp.MustCompile(`.{0,8}https?:`).FindAllString(text, -1) {
		if !strings.HasPrefix(address, `<a href="`) && !strings.HasSuffix(address, `xmlns="http:`) && !strings.Contains(address, `href="http`) {
			t.Errorf("the page has an address that is no link: %q", address)
		}
	}
}

// TestContents checks that each part of the report is there, in order.
func TestContents(t *testing.T) {
	text, r := page(t)
	rest := text
	for _, part := range []string{
		"<title>stale-list", "When does a two-year-old list",
		`<p class="answer">acme comes under review on day 10 and is paused on day 24.</p>`,
		"acme comes under review on day 10.2 and is paused on day 24.6</h3>", `<svg viewBox=`, `role="img"`, "<figcaption>", "<details>", "day 30, 00:00",
		`id="verdicts"`, `<span class="tally">`, `class="fail"`, "acme.bounce_rate.max &lt; 5%", "11.7%", `id="rests"`,
		`id="charts"`, "acme: mail is delivered to",
		`id="answer"`, "comes under review on day 10",
		`id="timeline"`, `<tr data-at="881280">`, "day 10, 04:48", "2026-03-12 13:48:00 UTC", "under-review", "rep.review", "documented",
		`id="accounts"`, "413,700 (98.6%)",
		"Global list", "median stay", "1 d",
		`id="senders"`, "acme-news",
		`id="rules"`, "quota.rolling", `<a href="https://docs.aws.amazon.com/`,
		`id="scenario"`, "two-year-old list", "account.acme.quota=20000",
		"sesim run scenario.toml --seed 1", r.Summary.Fingerprint, "not affiliated with AWS",
	} {
		_, after, found := strings.Cut(rest, part)
		if !found {
			t.Fatalf("%q is missing, or not in its place", part)
		}
		rest = after
	}
}

// TestEscaping puts markup wherever a scenario can put a text.
func TestEscaping(t *testing.T) {
	const hostile = `x"'><script>alert(1)</script><a href="javascript:alert(2)">&amp;`
	r := reporttest.New(t, 2)
	s := &r.Summary
	s.Scenario, s.Question, s.Edition, s.Status, s.Fingerprint = hostile, hostile, hostile, hostile, hostile
	s.Accounts[0].Name, s.Accounts[0].Region, s.Accounts[0].Access = hostile, hostile, hostile
	s.Accounts[0].Timeline[0] = reports.Transition{At: s.Start, Event: ses.EventPaused, Rule: hostile, Why: hostile}
	s.AccountList[0].Account, s.Senders[0].Name, s.Senders[0].Account = hostile, hostile, hostile
	s.Thresholds[0].Expression = hostile
	s.Rules[0] = reports.Rule{ID: hostile, Standing: hostile, Source: hostile, URL: "javascript:alert(3)", Read: hostile, About: hostile}
	s.Parameters = []reports.Parameter{{Name: hostile, Value: hostile, Default: hostile, Standing: hostile, About: hostile}}
	r.Scenario, r.File, r.Tool, r.Overrides = hostile, hostile, hostile, []string{hostile}
	chart := plot.Chart{Title: hostile, Caption: hostile, Columns: []string{hostile}, Rows: [][]string{{hostile}}, SVG: []byte("<svg></svg>")}
	text := oneScript(t, render(t, r, []plot.Chart{chart, {Title: hostile}}))
	for _, bad := range []string{"<script", `"javascript:`, "'javascript:"} {
		if strings.Contains(text, bad) {
			t.Errorf("%q is in the page", bad)
		}
	}
	if strings.Count(text, "&lt;script&gt;alert(1)") < 20 {
		t.Error("the texts are not all in the page")
	}
}

// A chart without variation is a sentence.
func TestFlatChart(t *testing.T) {
	r := reporttest.Coarse(t, 1)
	text := render(t, r, []plot.Chart{{Title: "No accepted call was delayed", Caption: "caption", Columns: []string{"calls"}}})
	if !strings.Contains(text, `<p class="finding">No accepted call was delayed.</p>`) || strings.Contains(text, "<figure") || strings.Contains(text, "<svg") {
		t.Error("a chart without variation is not a sentence")
	}
}

// TestBare renders a run in which nothing happened and nothing was asked.
func TestBare(t *testing.T) {
	cfg, res := reporttest.Run(1)
	cfg.Thresholds, cfg.Senders, res.Senders, res.Rules, res.Accounts[0].Timeline = nil, nil, nil, nil, nil
	res.Accounts[0].Refusals = nil
	res.Interrupted, res.End = true, time.Hour
	text := render(t, reporttest.Of(t, cfg, res), nil)
	for _, want := range []string{"None: every call was accepted", "The run was interrupted"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing", want)
		}
	}
	for _, bad := range []string{`id="verdicts"`, `id="charts"`, `id="timeline"`, `id="senders"`, "<no value>", "%!"} {
		if strings.Contains(text, bad) {
			t.Errorf("%q is in the page", bad)
		}
	}
}

// TestManyAccounts: the page stays of a bearable size and says what it leaves
// out.
func TestManyAccounts(t *testing.T) {
	r := reporttest.New(t, 1)
	for i := range 5000 {
		a := r.Summary.Accounts[0]
		a.Name = fmt.Sprintf("tenant-%d", i)
		r.Summary.Accounts = append(r.Summary.Accounts, a)
	}
	text := render(t, r, nil)
	if len(text) > 1<<20 {
		t.Errorf("the page has %d bytes", len(text))
	}
	if !strings.Contains(text, "4,801 more accounts are in summary.json") {
		t.Error("the page does not say what it leaves out")
	}
}

// TestRests checks that a decision shows what it rests on and AWS does not publish, and
// nothing else.
func TestRests(t *testing.T) {
	text, _ := page(t)
	const want = `rests on 1 value that AWS does not publish</summary><ul><li><code>rep.min_eligible</code> 1,000 ` +
		`<span class="tag assumed">assumed</span>, 0 to 10,000</li>`
	if strings.Count(text, want) != 1 || strings.Contains(text, "<code>review.bounce_rate</code> 5%") {
		t.Errorf("the page does not show %q once", want)
	}
}

// TestClasses: each style of the charts is a class that the style sheet has once.
func TestClasses(t *testing.T) {
	text, _ := page(t)
	if strings.Contains(text, " style=") {
		t.Error("an element has a style of its own")
	}
	rules := make(map[string]string)
	for _, m := range regexp.MustCompile(`(?m)^\.(c\d+) (\{ .+ \})$`).FindAllStringSubmatch(text, -1) {
		if rules[m[1]] != "" || m[2] == rules["c0"] {
			t.Errorf("%s is there twice", m[0])
		}
		rules[m[1]] = m[2]
	}
	used := regexp.MustCompile(`class="(c\d+)"`).FindAllStringSubmatch(text, -1)
	for _, m := range used {
		if rules[m[1]] == "" {
			t.Errorf("the style sheet has no rule for %s", m[1])
		}
	}
	if len(rules) < 10 || len(used) < 10*len(rules) {
		t.Errorf("%d rules for %d elements", len(rules), len(used))
	}
}
