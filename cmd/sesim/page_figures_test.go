package main

import (
	"bytes"
	"encoding/csv"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// compared is a page beside the document that --json prints.
type compared struct {
	t     *testing.T
	page  *shown
	doc   map[string]any
	start time.Time
	all   *known
	seen  int // figures that were compared
}

// pageOf runs a command with -o and --json and returns the page and the document.
func pageOf(t *testing.T, args ...string) *compared {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "out")
	got := call(t, append(args, "-o", dir, "--json")...)
	if got.code != int(exitPassed) && got.code != int(exitThreshold) {
		t.Fatalf("%v: exit status %d: %s", args, got.code, got.stderr)
	}
	page, err := os.ReadFile(filepath.Join(dir, "report.html"))
	if err != nil {
		t.Fatal(err)
	}
	c := besides(t, string(page), got.stdout)
	if table, err := os.ReadFile(filepath.Join(dir, "series.csv")); err == nil {
		c.series(string(table))
	}
	return c
}

func besides(t *testing.T, page, printed string) *compared {
	t.Helper()
	c := &compared{t: t, page: readPage(page), doc: document(t, printed)}
	if text, ok := c.doc["start"].(string); ok {
		c.start, _ = time.Parse(time.RFC3339, text) // the zero time is as good where there is none
	}
	c.all = figuresOf(c.start, c.doc)
	return c
}

// prose wants every figure of sentences in the document.
func (c *compared) prose(sentences ...string) {
	c.t.Helper()
	for _, text := range sentences {
		c.seen += len(quantities(text))
		for _, q := range c.all.missing(text) {
			c.t.Errorf("%q has the figure %q, which --json does not have", text, q.text)
		}
	}
}

// cell wants a cell to show these values, and no others.
func (c *compared) cell(where, text string, want ...float64) {
	c.t.Helper()
	got := quantities(text)
	c.seen += len(got)
	if len(got) == 0 && (text == "–" || text == "no data") {
		return
	}
	if len(got) == 1 && len(want) > 0 && want[0] == 0 {
		want = want[:1] // a count of 0 has no share beside it
	}
	if len(got) == 1 && !slices.ContainsFunc(want, func(v float64) bool { return !got[0].is(v) }) {
		return // an interval that is narrower than the last digit
	}
	if len(got) != len(want) {
		c.t.Errorf("%s is %q, want the figures %v", where, text, want)
		return
	}
	for i, q := range got {
		if !q.is(want[i]) {
			c.t.Errorf("%s is %q, where %q should be %v", where, text, q.text, want[i])
		}
	}
}

// table returns a table of the page, of which there must be one.
func (c *compared) table(name string) [][]string {
	c.t.Helper()
	table := c.page.tables[name]
	if len(table) < 2 {
		c.t.Errorf("the page has no table %q", name)
		return [][]string{nil}
	}
	return table
}

// accountFigures are the figures of the table of accounts, as paths of accounts.
var accountFigures = map[string]string{
	"sending quota": "quota", "peak quota use": "quota_use.max", "max send rate": "rate", "recipients due": "due",
	"accepted": "accepted accepted/due", "given up": "given_up given_up/due",
	"waiting for a retry at the end": "waiting waiting/due", "accepted later than due": "late late/accepted",
	"send calls": "requests", "attempts: recipients of all calls": "recipients", "attempts refused": "refused refused/recipients",
	"delivered": "delivered delivered/accepted", "hard bounces": "hard_bounced hard_bounced/accepted",
	"soft bounces":                     "soft_bounced soft_bounced/accepted",
	"suppressed by the account's list": "suppressed_account suppressed_account/accepted",
	"suppressed by the global list":    "suppressed_global suppressed_global/accepted",
	"to the mailbox simulator":         "simulator simulator/accepted",
	"rejected by the content scan":     "rejected rejected/accepted", "in flight at the end": "in_flight in_flight/accepted",
	"complaints": "complaints", "accepted after a published bounce": "sent_after_bounce sent_after_bounce/accepted",
	"peak bounce rate": "bounce_rate.max", "bounce rate at the end": "bounce_rate.final bounce_rate.events bounce_rate.eligible",
	"peak complaint rate":       "complaint_rate.max",
	"complaint rate at the end": "complaint_rate.final complaint_rate.events complaint_rate.eligible",
	"added":                     "added", "listed at the end": "listed", // of the lists of accounts
}

// senderFigures are those of the table of senders.
var senderFigures = map[string]string{
	"recipients due": "due", "accepted": "accepted", "given up": "given_up", "waiting at the end": "waiting", "accepted late": "late",
	"messages": "messages", "send calls": "requests", "attempts refused": "refused", "delivered": "delivered", "hard bounces": "hard_bounced",
	"soft bounces": "soft_bounced", "on the account's list": "suppressed_account", "on the global list": "suppressed_global",
	"complaints": "complaints", "after a published bounce": "sent_after_bounce", "addresses removed": "removed",
	"peak bounce rate": "bounce_rate.max", "peak complaint rate": "complaint_rate.max", "99% of delays within": "delay_seconds.p99",
}

// globalFigures are those of the global list.
var globalFigures = map[string]string{
	"times an address was added": "added", "addresses listed at the end": "listed", "median stay": "dwell_seconds.p50",
	"90th percentile of stays": "dwell_seconds.p90", "longest stay": "dwell_seconds.max",
	"stays still running at the end (censored)": "dwell_seconds.censored", "removed with the form of the classic console": "removed",
}

// figure compares the cell of an object. A figure without a path, which has a definition of
// its own, must be one of the object's.
func (c *compared) figure(where, text string, object any, paths string) {
	c.t.Helper()
	if paths == "" {
		for _, q := range figuresOf(c.start, object, c.doc["reputation"]).missing(text) {
			c.t.Errorf("%s is %q, where %q is none of its figures", where, text, q.text)
		}
		return
	}
	want, err := exact(object, paths)
	if err != nil {
		c.t.Errorf("%s: %v", where, err)
		return
	}
	c.cell(where, text, want...)
}

// named returns the entry of a list of the document with a name.
func (c *compared) named(path, key, name string) any {
	c.t.Helper()
	for _, e := range list(c.doc, path) {
		if at(e, key) == name {
			return e
		}
	}
	c.t.Errorf("%s has no entry with %s %q", path, key, name)
	return nil
}

// run compares the parts of a report.
func (c *compared) run() {
	c.t.Helper()
	c.prose(slices.Concat(c.page.sentences, c.page.titles)...)
	accounts := c.table("Table: Accounts")
	if across := accounts[0]; at(c.doc, "accounts") != nil && len(accounts[0]) <= 5 { // the accounts are columns
		for _, row := range accounts[1:] {
			for i, name := range across[1:] {
				c.figure(name+": "+row[0], row[i+1], c.named("accounts", "name", name), accountFigures[row[0]])
			}
		}
	} else {
		c.lines(accounts, "accounts", "name", accountFigures)
	}
	c.lines(c.table("Lists of the accounts"), "account_list", "account", accountFigures)
	c.lines(c.table("Table: Senders"), "senders", "name", senderFigures)
	for _, row := range c.table("Global list") {
		c.figure("global list: "+row[0], row[1], c.doc["global_list"], globalFigures[row[0]])
	}
	for i, m := range c.page.moments {
		at, event, why := strconv.Quote(m[0]), m[1], m[2]
		found := false
		for _, a := range list(c.doc, "accounts") {
			for _, e := range list(a, "timeline") {
				e, _ := e.(map[string]any)
				when, _ := time.Parse(time.RFC3339, e["at"].(string))
				found = found || strconv.Quote(strconv.FormatInt(int64(when.Sub(c.start).Seconds()), 10)) == at &&
					e["event"] == event && strings.TrimSpace(e["why"].(string)) == why
			}
		}
		c.seen++
		if !found {
			c.t.Errorf("line %d of the timelines, %q, is not in --json", i, m)
		}
	}
	c.verdicts()
}

// lines compares a table with an entry of a list in each row.
func (c *compared) lines(table [][]string, path, key string, paths map[string]string) {
	c.t.Helper()
	for _, row := range table[1:] {
		entry := c.named(path, key, row[0])
		for i, name := range table[0][1:] {
			c.figure(row[0]+": "+name, row[i+1], entry, paths[name])
		}
	}
}

// verdicts compares the lines about thresholds.
func (c *compared) verdicts() {
	c.t.Helper()
	words := map[string]string{"as expected": "pass", "surprise": "fail"}
	for _, v := range c.page.verdicts {
		threshold := c.named("thresholds", "expression", v[1])
		word := v[0]
		if other := words[word]; other != "" {
			word = other
		}
		if at(threshold, "verdict") != word {
			c.t.Errorf("%s is shown as %q, and is %v", v[1], v[0], at(threshold, "verdict"))
		}
		value, single := at(threshold, "value").(float64)
		if at(threshold, "replications") != nil || !single {
			c.figure(v[1], v[2], threshold, "")
			continue
		}
		c.cell(v[1], v[2], value)
	}
	if len(c.page.verdicts) != len(list(c.doc, "thresholds")) {
		c.t.Errorf("the page has %d verdicts, --json %d", len(c.page.verdicts), len(list(c.doc, "thresholds")))
	}
}

// curves are the names that charts have for columns of series.csv.
var curves = map[string]string{
	"bounce rate": "bounce_rate", "complaint rate": "complaint_rate", "recipients in 24 h": "quota_used", "quota": "quota",
}

// series compares what the charts of one account say under the pointer with series.csv.
func (c *compared) series(table string) {
	c.t.Helper()
	records, err := csv.NewReader(bytes.NewReader([]byte(table))).ReadAll()
	if err != nil {
		c.t.Fatal(err)
	}
	values := make(map[[3]string]float64)
	for _, r := range records[1:] {
		at, _ := time.Parse(time.RFC3339, r[0])
		values[[3]string{strconv.FormatInt(int64(at.Sub(c.start).Seconds()), 10), r[1], r[2]}], _ = strconv.ParseFloat(r[3], 64)
	}
	for title, lines := range c.page.readings {
		account := c.accountOf(title)
		for _, line := range lines[1:] {
			for i, name := range lines[0] {
				metric := curves[name]
				if name == "eligible emails" {
					metric = strings.Replace(curves[lines[0][0]], "_rate", "_eligible", 1)
				}
				if metric == "" || account == "" || line[i+1] == "" {
					continue
				}
				want, ok := values[[3]string{line[0], account, metric}]
				if !ok {
					continue // before the start, or between samples
				}
				c.cell(title+": "+name+" after "+line[0]+" s", line[i+1], want)
			}
		}
	}
}

// accountOf returns the account that a title names, if it is one only.
func (c *compared) accountOf(title string) string {
	found := ""
	for _, a := range list(c.doc, "accounts") {
		name, _ := at(a, "name").(string)
		if regexp.MustCompile(`(^|[^\w-])` + regexp.QuoteMeta(name) + `($|[^\w-])`).MatchString(title) {
			if found != "" {
				return ""
			}
			found = name
		}
	}
	return found
}

// TestPagesFigures compares the figures of reports with --json, and those under the
// pointer with series.csv.
func TestPagesFigures(t *testing.T) {
	if testing.Short() {
		t.Skip("runs shipped scenarios")
	}
	tried, found := 0, 0
	for scenario, fewest := range map[string]int{
		"industry-2016": 1000, "which-quota": 500, "workers-and-limiters": 200, "under-review-now": 500,
	} {
		t.Run(scenario, func(t *testing.T) {
			c := pageOf(t, "run", scenario, "--quiet")
			c.run()
			if c.seen < fewest {
				t.Errorf("%d figures are compared, want %d or more", c.seen, fewest)
			}
			n, of := c.strict()
			tried, found = tried+n, found+of
		})
	}
	if tried < 50 || found*5 < tried*4 {
		t.Errorf("of %d figures that are changed by a fiftieth, the comparison finds %d", tried, found)
	}
}

// strict changes each figure of the sentences that has three digits or more by a fiftieth,
// and returns how many there are and how many of them the document does not have then: the
// comparison finds those.
func (c *compared) strict() (tried, found int) {
	for _, text := range slices.Concat(c.page.sentences, c.page.titles) {
		for _, q := range quantities(text) {
			if math.Abs(q.value) < 100*max(q.half, 1e-9) || math.Abs(q.value) < 100 && q.half == 0 {
				continue
			}
			tried++
			q.value *= 1.02
			if !c.all.has(q) {
				found++
			}
		}
	}
	return tried, found
}
