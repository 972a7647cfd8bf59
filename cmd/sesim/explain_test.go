package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sesim/reports/catalogue"
	"sesim/reports/explain"
)

// told has of each thing that can be explained one: a refusal by the rate and
// one by the identity check, a bounce, what either list suppresses, and
// changes of state. Nothing in it is left to chance.
const told = `name = "told"
start = 2026-03-02T00:00:00Z
horizon = "6h"
[rules]
bounce.delay = "0s"
bounce.async_share = 0
bounce.no_email_share = 0
[[account]]
name = "gazette"
access = "production"
identities = ["gazette.example"]
[[account]]
name = "bakery"
region = "eu-west-1"
rate = 1
identities = ["bakery.example", "town.example"]
[[account.request]]
at = "2h30m"
after = "1h"
[[audience]]
name = "town"
size = 1
invalid = "100%"
[[audience]]
name = "others"
[[sender]]
name = "news"
account = "gazette"
from = "news@gazette.example"
audience = "town"
on_bounce = "keep"
traffic = { kind = "constant", rate = "1/h" }
[[sender]]
name = "offers"
account = "bakery"
from = "hello@bakery.example"
audience = "town"
begin = "30m"
on_bounce = "keep"
traffic = { kind = "constant", rate = "1/h" }
[[sender]]
name = "letters"
account = "bakery"
from = "hello@bakery.example"
audience = "others"
recipients = 50
begin = "4h"
end = "4h1s"
traffic = { kind = "constant", rate = "2/s" }
[[sender]]
name = "strangers"
account = "bakery"
from = "hello@bakery.example"
audience = "others"
begin = "1h"
end = "1h1s"
traffic = { kind = "constant", rate = "1/h" }
[[action]]
at = "5h"
do = "pause"
account = "gazette"
`

// TestExplain asks for each sort of decision: the answer holds the rule, the
// figures that decided, and the source.
func TestExplain(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "told.toml", told)
	for _, c := range []struct {
		name string
		args []string
		want []string
	}{
		{"bounced", []string{"--at", "0s"}, []string{"hard bounce (Permanent/General)", "bounce.hard: ", "documented: "}},
		{"suppressed for all", []string{"--at", "1h", "--account", "bakery", "--address", "town-1@town.example"},
			[]string{"on the global list (Permanent/Suppressed)", "strike 1; on the list until day 1, 00:00", "global.suppressed: ", "account.listed: "}},
		{"suppressed by the account", []string{"--at", "2h", "--account", "gazette", "--sender", "news", "--message", "2"},
			[]string{"message 2, town-1@town.example", "listed for BOUNCE since day 0, 00:00", "counts towards the quota, but not towards a rate", "account.suppressed: "}},
		{"refused in the sandbox", []string{"--at", "1h", "--sender", "strangers"},
			[]string{"400 MessageRejected: Email address is not verified. The following identities failed the check in region EU-WEST-1: others-1@others.example", "sandbox.recipients: "}},
		{"refused by the rate", []string{"--at", "4h1s", "--sender", "letters"},
			[]string{"429 TooManyRequestsException: Maximum sending rate exceeded.", "54 of 50,000 recipients", "token bucket at -29, refilled with 14 a second", "rate.bucket: "}},
		{"granted", []string{"--at", "3h30m", "--account", "bakery"}, []string{"bakery: production", "prod.granted: ", "prod.request: "}},
		{"paused", []string{"--at", "6h", "--account", "gazette"}, []string{"SendingEnabled false", "SendingPausedException", "since day 0, 05:00: by the customer", "pause.customer: "}},
		{"at a date, nothing yet", []string{"--at", "2026-03-02T01:20:00+01:00", "--account", "bakery"}, []string{"Nothing to explain up to this moment."}},
	} {
		got := expect(t, exitPassed, append([]string{"explain", "told.toml"}, c.args...)...).stdout
		for _, want := range c.want {
			if !strings.Contains(got, want) {
				t.Errorf("%s: the answer to %v does not hold %q:\n%s", c.name, c.args, want, got)
			}
		}
	}
	var e explain.Explanation
	got := expect(t, exitPassed, "explain", "told.toml", "--at", "6h", "--account", "gazette", "--json").stdout
	if err := json.Unmarshal([]byte(got), &e); err != nil || len(e.Entries) == 0 || len(e.Accounts) != 1 {
		t.Errorf("as JSON: %v\n%s", err, got)
	}
}

// What is alike is one entry, with its count and the first and last of it; with
// --each every decision is one.
func TestExplainTogether(t *testing.T) {
	ask := func(args ...string) (e explain.Explanation) {
		t.Helper()
		got := expect(t, exitPassed, append([]string{"explain", "stale-list", "--at", "9d", "--json"}, args...)...).stdout
		if err := json.Unmarshal([]byte(got), &e); err != nil {
			t.Fatal(err)
		}
		return e
	}
	type outcome struct{ sender, what, rule string }
	of := func(e *explain.Entry) outcome { return outcome{e.Sender, e.What, e.Rule} }
	count, first, last := map[outcome]int64{}, map[outcome]explain.Moment{}, map[outcome]explain.Moment{}
	each := ask("--each", "--most", "100000")
	for i := range each.Entries {
		e := &each.Entries[i]
		if count[of(e)]++; count[of(e)] == 1 {
			first[of(e)] = e.Moment
		}
		last[of(e)] = e.Moment
	}
	together := ask()
	if together.Matched != each.Matched || int(together.Of) != len(count) || len(together.Entries) != len(count) {
		t.Errorf("%d entries of %d decisions, want %d of %d", together.Of, together.Matched, len(count), each.Matched)
	}
	for i := range together.Entries {
		e := &together.Entries[i]
		want := explain.Entry{Moment: last[of(e)]}
		if n, f := count[of(e)], first[of(e)]; n > 1 {
			want.Count, want.First = n, &f
		}
		if diff := cmp.Diff(want, explain.Entry{Moment: e.Moment, Count: e.Count, First: e.First}); diff != "" {
			t.Errorf("%s (-want +got):\n%s", e.What, diff)
		}
	}
	if text := expect(t, exitPassed, "explain", "stale-list", "--at", "9d").stdout; strings.Count(text, "bounce.soft: ") != 1 {
		t.Errorf("bounce.soft is not told once:\n%s", text)
	}
}

func TestExplainRefuses(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "told.toml", told)
	for _, c := range []struct {
		args []string
		want string
	}{
		{nil, "--at is missing"},
		{[]string{"--at", "soon"}, `"soon" is not a duration`},
		{[]string{"--at", "6h1s"}, "is outside the run, which lasts 6 h"},
		{[]string{"--at", "2026-03-01T23:59:59Z"}, "is outside the run"},
		{[]string{"--at", "1h", "--account", "butcher"}, `there is no account "butcher"`},
		{[]string{"--at", "1h", "--sender", "butcher"}, `there is no sender "butcher"`},
		{[]string{"--at", "1h", "--address", "a@b.example"}, `"a@b.example" is in no audience; they hold addresses such as "town-1@town.example"`},
		{[]string{"--at", "1h", "--message", "0"}, "--message counts from 1"},
		{[]string{"--at", "1h", "--message", "-1"}, "--message counts from 1"},
		{[]string{"--at", "1h", "--most", "0"}, "--most must be between 1 and 100000"},
	} {
		got := expect(t, exitUsage, append([]string{"explain", "told.toml"}, c.args...)...)
		if got.stdout != "" || !strings.Contains(got.stderr, c.want) {
			t.Errorf("%v: want %q, got\n%s%s", c.args, c.want, got.stdout, got.stderr)
		}
	}
}

func TestRulesCommand(t *testing.T) {
	var d catalogue.Diff
	if err := json.Unmarshal([]byte(expect(t, exitPassed, "rules", "--diff", "classic", "current", "--json").stdout), &d); err != nil || len(d.Parameters) != 1 {
		t.Errorf("the comparison as JSON: %v, %+v", err, d)
	}
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"global.escalatoin"}, "did you mean global.escalation?"},
		{[]string{"--diff"}, "--diff compares two editions"},
		{[]string{"--diff", "classic"}, "--diff compares two editions"},
		{[]string{"--diff", "classic", "curent"}, "did you mean current?"},
		{[]string{"rep.review", "--json"}, "rules takes one id, or --json alone"},
		{[]string{"rep.review", "review.end"}, "rules takes one id"},
	} {
		if got := expect(t, exitUsage, append([]string{"rules"}, c.args...)...); !strings.Contains(got.stderr, c.want) {
			t.Errorf("%v: want %q, got %q", c.args, c.want, got.stderr)
		}
	}
}
