package scenarios

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sesim/sim"
	"sesim/sim/engine"
	"sesim/sim/replicate"
	"sesim/sim/unit"
)

// Each case replaces a line of base, as those of TestProblems do.
func TestUncertainProblems(t *testing.T) {
	const size, rate, at = `size = 100`, `traffic = { kind = "poisson", rate = "60/h" }`, "at = \"5d\"\ndo = \"appeal\"\naccount = \"acme\""
	const place = `17:1`
	for _, c := range []struct {
		line, instead string
		want          []string
	}{
		{size, `invalid = { beta = [0, 5.1234567] }`, []string{
			`17:21: audience.customers.invalid.beta[0]: 0 is not a parameter: it is a number from 0.01 to 1,000,000,000 with at most six decimal places`}},
		{size, `invalid = { beta = [1] }`, []string{
			`17:20: audience.customers.invalid.beta: a list is not a list of two parameters: write one such as [1.5, 40]`}},
		{size, `invalid = { gamma = [30, 20] }`, []string{
			`17:21: audience.customers.invalid.gamma: its mean, shape divided by rate, is 100% or more`}},
		{size, `invalid = { between = ["3%", "1%"] }`, []string{
			`17:23: audience.customers.invalid.between: the second end, "1%", is below the first, "3%"`}},
		{size, `invalid = { between = ["3%", 5] }`, []string{
			`17:30: audience.customers.invalid.between[1]: 5 is not a share: write a percentage such as "5%" or a fraction such as 0.05`}},
		{size, `invalid = { between = "3%" }`, []string{
			`17:23: audience.customers.invalid.between: "3%" is not a list of two ends, the lower one first: write one such as ["1%", "3%"]`}},
		{size, `invalid = { beta = [1, 2], gamma = [1, 2] }`, []string{
			place + `: audience.customers.invalid: a distribution has one of beta, gamma, between`}},
		{size, `invalid = { alpha = [1, 2] }`, []string{`17:13: audience.customers.invalid.alpha: unknown key ("sesim help scenario" lists the keys)`}},
		{size, `invalid = { beta = [1, 2], per = "h" }`, []string{
			`17:28: audience.customers.invalid.per: unknown key ("sesim help scenario" lists the keys)`}},
		{size, `invalid = { beta = [0.01, 1_000_000_000] }`, []string{place + `: audience.customers.invalid: its mean is less than one in a billion`}},
		{size, `invalid = { beta = [1, 2], each = "campaign" }`, []string{
			`17:35: audience.customers.invalid.each: invalid is a property of addresses, which they keep: write one audience for each campaign`}},
		{size, `complaint = { beta = [1, 2], each = "mail" }`, []string{
			`17:37: audience.customers.complaint.each: "mail" is not one of "replication", "campaign"`}},
		{size, `complaint = { beta = [1, 2], each = "campaign" }`, []string{
			place + `: audience.customers.complaint: it is drawn for each campaign, and no sender has a campaign to audience customers`}},
		{size, "hard_bounce = { beta = [2, 1] }\nmailbox_full = { beta = [2, 1] }", []string{
			`18:16: audience.customers.mailbox_full: hard_bounce, mailbox_full, message_too_large, content_rejected, attachment_rejected, ` +
				`undetermined, blocked_ip and deferred are more than 100% together`}},
		{size, `decay = { beta = [1, 20] }`, []string{place + `: audience.customers.decay: the key per is missing, such as per = "30d"`}},
		{size, `decay = { beta = [1, 20], per = "1m" }`, []string{`17:33: audience.customers.decay.per: "1m" is not at least 1h`}},
		{size, `decay = { between = ["1%/30d", "2%/20d"] }`, []string{
			`17:21: audience.customers.decay.between: the ends have different periods: write both in the same one`}},
		{size, `decay = { between = ["1%/30d", "2%/30d"], per = "30d" }`, []string{
			`17:49: audience.customers.decay.per: the ends of between have their own periods: leave the key out`}},
		{size, `growth = { rate = { gamma = [20, 1] } }`, []string{
			`17:12: audience.customers.growth.rate: the key per is missing, such as per = "h"`}},
		{rate, `traffic = { kind = "poisson", rate = { beta = [1, 2] } }`, []string{
			`24:47: sender.news.traffic.rate.beta: a rate has no beta distribution, which is one of shares: write gamma or between`}},
		{rate, `traffic = { kind = "poisson", rate = { gamma = [1, 2], per = "hour" } }`, []string{
			`24:62: sender.news.traffic.rate.per: "hour" is not a period: write one of "s", "m", "h", "d", "w"`}},
		{rate, `traffic = { kind = "poisson", rate = { gamma = [3_000_000, 1], per = "s" } }`, []string{
			`24:48: sender.news.traffic.rate.gamma: its mean is not at most 1000000/s`}},
		{rate, `traffic = { kind = "poisson", rate = { between = ["1/h", "2/h"], each = "campaign" } }`, []string{
			`24:73: sender.news.traffic.rate.each: only shares of the messages to an audience differ by campaign`}},
		{size, `full_for = { between = ["1h", "2h"] }`, []string{
			`17:12: audience.customers.full_for: this key takes a plain value: only shares and rates of audiences and of traffic may be distributions`}},
		{`access = "production"`, "access = \"production\"\nquota = { gamma = [5, 1] }", []string{
			`10:9: account.acme.quota: this key takes a plain value: only shares and rates of audiences and of traffic may be distributions`}},
		{`rep.min_eligible = 500`, `review.bounce_rate = { beta = [1, 20] }`, []string{
			`5:22: rules.review.bounce_rate: a table is not a share such as "5%" or 0.05`}},
		{at, "at = \"5d\"\ndo = \"set\"\nkey = \"audience.customers.complaint\"\nvalue = { beta = [1, 2] }", []string{
			`30:9: action[0].value: this key takes a plain value: only shares and rates of audiences and of traffic may be distributions`}},
	} {
		if !strings.Contains(base, c.line) {
			t.Fatalf("base has no %q", c.line)
		}
		var got []string
		for _, p := range problemsOf(t, strings.Replace(base, c.line, c.instead, 1)) {
			got = append(got, strings.TrimPrefix(p.String(), "x.toml:"))
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s instead of %s (-want +got):\n%s", c.instead, c.line, diff)
		}
	}
}

// An action cannot set what each campaign draws anew; what each replication draws it can.
func TestUncertainAndSet(t *testing.T) {
	src := strings.NewReplacer(
		`size = 100`, "complaint = { beta = [1, 2], each = \"campaign\" }", `{ kind = "poisson", rate = "60/h" }`, `{ kind = "campaign" }`,
		"at = \"5d\"\ndo = \"appeal\"\naccount = \"acme\"", "at = \"5d\"\ndo = \"set\"\nkey = \"audience.customers.complaint\"\nvalue = \"1%\"",
	).Replace(base)
	var got []string
	for _, p := range problemsOf(t, src) {
		got = append(got, p.String())
	}
	want := []string{`x.toml:29:7: action[0].key: each campaign to audience customers draws complaint anew: leave each = "campaign" out there`}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if _, err := Load("x.toml", []byte(strings.Replace(src, `, each = "campaign"`, "", 1))); err != nil {
		t.Error(err)
	}
}

// uncertainBase is base with distributions, all of which matter.
var uncertainBase = strings.NewReplacer(
	`size = 100`, "count = 2\nsize = 100\ninvalid = { beta = [1.37, 44.9] }\nmailbox_full = { between = [\"1%\", \"9%\"], each = \"campaign\" }\n"+
		"decay = { gamma = [4, 200], per = \"30d\" }\ngrowth = { rate = { between = [\"1/d\", \"2/h\"] } }",
	`audience = "customers"`, "audience = \"customers-2\"",
	`{ kind = "poisson", rate = "60/h" }`, `{ kind = "campaign", every = "2d", pace = { gamma = [30, 0.5], per = "h" } }
[[sender]]
name = "first"
account = "acme"
from = "news@acme.example"
audience = "customers-1"
traffic = { kind = "campaign", every = "3d" }`,
	"name = \"base\"\n", "name = \"base\"\nreplications = 3\n",
).Replace(base)

// A single run has the means: it is that of a scenario that has them as plain values.
func TestUncertainRunsAtMeans(t *testing.T) {
	run := func(src string) (*sim.Config, string) {
		cfg, err := Load("x.toml", []byte(src))
		if err != nil {
			t.Fatal(err)
		}
		r, err := engine.Run(*cfg, sim.Hooks{})
		if err != nil {
			t.Fatal(err)
		}
		return cfg, r.Fingerprint
	}
	cfg, uncertain := run(uncertainBase)
	var got []string
	for i := range cfg.Uncertain {
		u := &cfg.Uncertain[i]
		got = append(got, cfg.Path(u)+" "+cfg.Value(u)+" "+u.Text())
	}
	want := []string{}
	for _, name := range []string{"customers-1", "customers-2"} {
		want = append(want,
			"audience."+name+".invalid 2.9608818% beta = [1.37, 44.9]",
			"audience."+name+`.mailbox_full 5% between = ["1%", "9%"], each = "campaign"`,
			"audience."+name+`.decay 2% gamma = [4, 200], per = "30d"`,
			"audience."+name+`.growth.rate 24.5/d between = ["1/d", "48/d"]`)
	}
	want = append(want, `sender.news.traffic.pace 60/h gamma = [30, 0.5], per = "h"`)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	_, plain := run(strings.NewReplacer(
		`{ beta = [1.37, 44.9] }`, `"2.9608818%"`, `{ between = ["1%", "9%"], each = "campaign" }`, `"5%"`, `{ gamma = [4, 200], per = "30d" }`, `"2%/30d"`,
		`{ between = ["1/d", "2/h"] }`, `"24.5/d"`, `{ gamma = [30, 0.5], per = "h" }`, `"60/h"`,
	).Replace(uncertainBase))
	if plain != uncertain {
		t.Errorf("at the means the fingerprint is %s, that of the plain values %s", uncertain, plain)
	}
}

// Each replication draws, and is the single run with its seed that draws; a plain value in
// place of a distribution, as a sweep or --set writes it, is not drawn.
func TestUncertainReplications(t *testing.T) {
	cfg, err := Load("x.toml", []byte(uncertainBase))
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for i := range 3 {
		r := replicate.Config(cfg, i)
		alone, err := Load("x.toml", []byte(strings.Replace(uncertainBase, "replications = 3", "draw = true", 1)), set("seed", strconv.FormatUint(r.Seed, 10)))
		if err != nil {
			t.Fatal(err)
		}
		a, err := engine.Run(r, sim.Hooks{})
		if err != nil {
			t.Fatal(err)
		}
		b, err := engine.Run(*alone, sim.Hooks{})
		if err != nil {
			t.Fatal(err)
		}
		if a.Fingerprint != b.Fingerprint {
			t.Errorf("replication %d is %s, the run with its seed %s", i, a.Fingerprint, b.Fingerprint)
		}
		known[r.Audiences[0].Invalid.String()], known[r.Audiences[1].Invalid.String()] = true, true
	}
	if len(known) != 6 {
		t.Errorf("three replications of two audiences drew %d shares: %v", len(known), known)
	}
	plain, err := Load("x.toml", []byte(uncertainBase), set("audience.customers.invalid", "3%"))
	if err != nil {
		t.Fatal(err)
	}
	for i := range 3 {
		if r := replicate.Config(plain, i); r.Audiences[0].Invalid.String() != "3%" {
			t.Errorf("replication %d has %v invalid, not the 3%% that --set says", i, r.Audiences[0].Invalid)
		}
		if a, b := replicate.Config(plain, i), replicate.Config(cfg, i); a.Audiences[1].Decay != b.Audiences[1].Decay {
			t.Errorf("replication %d draws another decay because --set says what is invalid", i)
		}
	}
}

// complaintsOf counts the complaints by the campaign, of a day, whose mail draws them.
type complaintsOf []int

// Observe implements sim.Observer.
func (c complaintsOf) Observe(r *sim.Record) {
	if r.Kind == sim.Complained {
		c[r.SentAt/unit.Day]++
	}
}

// A share is the same for all campaigns of a replication, or drawn for each.
func TestUncertainByCampaign(t *testing.T) {
	for _, c := range []struct {
		each string
		ok   func(spread int) bool
	}{
		{"replication", func(spread int) bool { return spread < 120 }},
		{"campaign", func(spread int) bool { return spread > 500 }},
	} {
		cfg, err := Load("x.toml", []byte(strings.NewReplacer(
			`size = 100`, "size = 1000\nfeedback_loop = \"100%\"\ncomplaint = { beta = [1, 1], each = \""+c.each+"\" }",
			`{ kind = "poisson", rate = "60/h" }`, "{ kind = \"campaign\", every = \"1d\" }\non_complaint = \"keep\"",
			`rep.min_eligible = 500`, "rep.min_eligible = 10_000", "horizon = \"30d\"\n", "horizon = \"12d\"\ndraw = true\n",
			"[[account.request]]\nat = \"2d\"", "suppression = []", "[[action]]\nat = \"5d\"\ndo = \"appeal\"\naccount = \"acme\"", "",
		).Replace(base)))
		if err != nil {
			t.Fatal(err)
		}
		counts := make(complaintsOf, 12)
		if _, err := engine.Run(*cfg, sim.Hooks{Observer: counts}); err != nil {
			t.Fatal(err)
		}
		if some := counts[:10]; !c.ok(slices.Max(some) - slices.Min(some)) {
			t.Errorf("each %s: complaints of campaigns to 1000 addresses: %v", c.each, some)
		}
	}
}
