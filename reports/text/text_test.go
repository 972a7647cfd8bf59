package text_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"sesim/reports"
	"sesim/reports/internal/reporttest"
	"sesim/reports/text"
	"sesim/sim/ses"
)

func render(t *testing.T, r *reports.Report, colour bool) string {
	t.Helper()
	var b bytes.Buffer
	if err := text.Write(&b, r, text.Style{Colour: colour}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func markdown(t *testing.T, r *reports.Report) string {
	t.Helper()
	var b bytes.Buffer
	if err := text.WriteMarkdown(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// open returns a report with one verdict of each kind.
func open(t *testing.T, accounts int) *reports.Report {
	r := reporttest.New(t, accounts)
	r.Summary.Thresholds = append(r.Summary.Thresholds,
		reports.Threshold{Expression: "acme.time_to.denied > 2d", Verdict: "inconclusive", Kind: "duration"},
		reports.Threshold{Expression: "global_list.dwell.p50 <= 1d", Value: new(86400.0), Verdict: "pass", Kind: "duration"})
	return r
}

func TestGolden(t *testing.T) {
	interrupted := open(t, 1)
	end := reports.Seconds(11*24*time.Hour + 90*time.Minute)
	interrupted.Summary.Status, interrupted.Summary.EndSeconds = reports.Interrupted, &end
	for name, got := range map[string]string{
		"one.txt":         render(t, open(t, 1), false),
		"one-colour.txt":  render(t, open(t, 1), true),
		"two.txt":         render(t, open(t, 2), false),
		"many.txt":        render(t, open(t, 40), false),
		"interrupted.txt": render(t, interrupted, false),
		"summary.md":      markdown(t, open(t, 2)),
	} {
		reporttest.Golden(t, name, got)
	}
}

// TestScreen fills everything that can be long, and still wants one screen of
// 40 lines and 100 columns for one and for two accounts.
func TestScreen(t *testing.T) {
	for accounts := 1; accounts <= 2; accounts++ {
		r := reporttest.New(t, accounts)
		s := &r.Summary
		s.Scenario = strings.Repeat("scenario", 20)
		s.Question = strings.Repeat("why is it so long ", 30)
		for i := range 20 {
			s.Thresholds = append(s.Thresholds, reports.Threshold{Expression: fmt.Sprintf("account.%d.%s < 5%%", i, strings.Repeat("metric", 12)), Verdict: "pass", Kind: "share", Value: new(0.0123)})
		}
		for i := range s.Accounts {
			a := &s.Accounts[i]
			rename(r, a, strings.Repeat("n", 80)+fmt.Sprint(i))
			a.Refused = reports.Refused{Rate: 1_234_567, Quota: 1_234_567, Unverified: 1_234_567, Paused: 1_234_567, Invalid: 1_234_567}
			a.Recipients, a.Accepted, a.Simulator, a.InFlight, a.SuppressedAccount = 1_234_567_890, 1_034_567_890, 123_456_789, 123_456_789, 123_456_789
			for len(a.Timeline) < 30 {
				a.Timeline = append(a.Timeline, reports.Transition{At: s.Start.Add(29 * 24 * time.Hour), Event: ses.EventUnderReview, Rule: "rep.review", Why: strings.Repeat("bounce rate 5.03% over 10,012 eligible; ", 5)})
			}
		}
		got := render(t, r, false)
		list := strings.Split(strings.TrimSuffix(got, "\n"), "\n")
		if len(list) > 40 {
			t.Errorf("%d accounts take %d lines:\n%s", accounts, len(list), got)
		}
		for _, line := range list {
			if n := len([]rune(line)); n > 100 {
				t.Errorf("%d columns: %s", n, line)
			}
		}
	}
}

// rename gives an account another name, and refusals of every kind on the
// last day.
func rename(r *reports.Report, a *reports.Account, name string) {
	for i := range r.Series.Columns {
		if c := &r.Series.Columns[i]; c.Account == a.Name {
			c.Account = name
		}
	}
	for _, reason := range []string{"unverified", "invalid"} {
		a.Refusals = append(a.Refusals, reports.Refusal{
			At: r.Summary.Start.Add(29 * 24 * time.Hour), Reason: reason, Status: 400, Code: "MessageRejected",
			Message: strings.Repeat("Email address is not verified. ", 5),
		})
	}
	a.Name = name
}

// TestColourRepeatsWords checks that colours add nothing but escape codes.
func TestColourRepeatsWords(t *testing.T) {
	r := open(t, 2)
	plain, coloured := render(t, r, false), render(t, r, true)
	if strings.Contains(plain, "\x1b") {
		t.Error("there are escape codes without colour")
	}
	for _, code := range []string{"\x1b[0m", "\x1b[1m", "\x1b[2m", "\x1b[31m", "\x1b[32m", "\x1b[33m"} {
		coloured = strings.ReplaceAll(coloured, code, "")
	}
	if diff := cmp.Diff(plain, coloured); diff != "" {
		t.Errorf("without its escape codes the coloured text differs:\n%s", diff)
	}
}

// TestHostileNames puts control characters, and characters with a meaning in
// Markdown, wherever a scenario can.
func TestHostileNames(t *testing.T) {
	const hostile = "a\x1b[31m\r\n<b>|`x`\u202e[l](http://x)"
	r := reporttest.New(t, 1)
	s := &r.Summary
	s.Scenario, s.Question, s.Edition = hostile, hostile, hostile
	s.Accounts[0].Name, s.Accounts[0].Region = hostile, hostile
	s.Accounts[0].Timeline[0].Why = hostile
	s.Thresholds[0].Expression = hostile
	r.Overrides = []string{hostile}
	for _, got := range []string{render(t, r, false), markdown(t, r)} {
		for _, c := range got {
			if c != '\n' && !unicode.IsPrint(c) {
				t.Errorf("the character %U came through in\n%s", c, got)
				break
			}
		}
	}
	prose, _, _ := strings.Cut(markdown(t, r), "\n    sesim run")
	for _, bad := range []string{"<b>", "](", "`x`"} {
		if strings.Contains(strings.ReplaceAll(prose, "\\", "\\\\"), bad) && !strings.Contains(prose, "\\"+bad) {
			t.Errorf("Markdown keeps %q alive in\n%s", bad, prose)
		}
	}
}

// TestBrokenOutput wants the writer's error back.
func TestBrokenOutput(t *testing.T) {
	r := reporttest.New(t, 1)
	if err := text.Write(broken{}, r, text.Style{}); err != errBroken {
		t.Errorf("Write returns %v", err)
	}
	if err := text.WriteMarkdown(broken{}, r); err != errBroken {
		t.Errorf("WriteMarkdown returns %v", err)
	}
}

type broken struct{}

var errBroken = fmt.Errorf("the pipe is closed")

func (broken) Write([]byte) (int, error) { return 0, errBroken }
