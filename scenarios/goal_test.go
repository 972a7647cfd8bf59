package scenarios

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sesim/sim/criteria"
	"sesim/sim/plan"
)

// goalOf puts a goal behind the scenario base.
func goalOf(text string) []byte { return []byte(base + "\n[goal]\n" + text) }

func TestGoal(t *testing.T) {
	doc, err := Read(nil, "x.toml", goalOf(`
promise = ["news.campaign_time.p95 < 4h", "P(acme.under-review) <= 5%", "acme.refused.quota == 0"]
choose = { "account.acme.rate" = { from = 1, to = 200 }, "account.acme.quota" = { from = 1_000, to = 200_000, step = 50 }, "audience.customers.invalid" = { from = "1%", to = "20%" } }
hold = "99%"
`))
	if err != nil {
		t.Fatal(err)
	}
	want := []plan.Choice{
		{Key: "account.acme.rate", From: 1, To: 200, Step: 1},
		{Key: "account.acme.quota", From: 1000, To: 200_000, Step: 50},
		{Key: "audience.customers.invalid", Unit: "%", Places: 1, From: 10, To: 200, Step: 1, Largest: true},
	}
	if diff := cmp.Diff(want, doc.Goal.Choices); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	p := doc.Goal.Promises
	if len(p) != 3 || p[0].Kind != criteria.Chance || p[0].Share != 0.99 || p[1].Op != criteria.LessEqual || p[2].Op != criteria.GreaterEqual {
		t.Errorf("promises %+v", p)
	}
	cfg, err := doc.Candidate([]int64{7, 1234, 25})
	if err != nil {
		t.Fatal(err)
	}
	if a := cfg.Accounts[0]; a.Rate != 7 || a.Quota != 1234 || cfg.Audiences[0].Invalid.String() != "2.5%" {
		t.Errorf("the candidate has rate %d, quota %d, invalid %v", a.Rate, a.Quota, cfg.Audiences[0].Invalid)
	}
}

// Each notation of a key's values can be a range or a list.
func TestGoalNotations(t *testing.T) {
	for text, want := range map[string]plan.Choice{
		`"audience.customers.size" = { from = 10, to = 500 }`:                              {Key: "audience.customers.size", From: 10, To: 500, Step: 1, Largest: true},
		`"audience.customers.complaint" = { from = 0.01, to = 0.2 }`:                       {Key: "audience.customers.complaint", Places: 3, From: 10, To: 200, Step: 1, Largest: true},
		`"audience.customers.complaint" = { from = "0.05%", to = "1%", step = "0.05%" }`:   {Key: "audience.customers.complaint", Unit: "%", Places: 2, From: 5, To: 100, Step: 5, Largest: true},
		`"sender.news.traffic.rate" = { from = "10/h", to = "90/h" }`:                      {Key: "sender.news.traffic.rate", Unit: "/h", From: 10, To: 90, Step: 1, Largest: true},
		`"sender.news.begin" = { from = "1h", to = "9h", wanted = "smallest" }`:            {Key: "sender.news.begin", Unit: "h", From: 1, To: 9, Step: 1},
		`"account.acme.quota" = [100, 500]`:                                                {Key: "account.acme.quota", From: 100, To: 500, Values: []int64{100, 500}},
		`"account.acme.quota" = { values = [100, 500], wanted = "largest" }`:               {Key: "account.acme.quota", From: 100, To: 500, Values: []int64{100, 500}, Largest: true},
		`"account.acme.request[0].quota" = { from = 100, to = 500 }`:                       {Key: "account.acme.request[0].quota", From: 100, To: 500, Step: 1},
		`"rules.rep.min_eligible" = { from = 100, to = 500, step = 7, wanted="smallest" }`: {Key: "rules.rep.min_eligible", From: 100, To: 500, Step: 7},
	} {
		doc, err := Read(nil, "x.toml", goalOf("promise = [\"acme.refused.quota == 0\"]\nchoose = { "+text+" }\n"))
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if diff := cmp.Diff([]plan.Choice{want}, doc.Goal.Choices); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
}

// Of a client the fastest limiter is wanted, and the fewest workers, processes and
// attempts.
func TestGoalOfClient(t *testing.T) {
	for key, largest := range map[string]bool{
		"limiter.n": true, "limiter.burst": true, "rest.after": true, "workers": false, "processes": false, "retry.max_attempts": false,
	} {
		key = "sender.news.client." + key
		doc, err := Read(nil, "x.toml", []byte(base+"\n[sender.client]\nworkers = 2\nlimiter = { n = 5 }\n[goal]\n"+
			"promise = [\"acme.refused.rate == 0\"]\nchoose = { \""+key+"\" = { from = 2, to = 9 } }\n"))
		if err != nil {
			t.Errorf("%s: %v", key, err)
			continue
		}
		if diff := cmp.Diff([]plan.Choice{{Key: key, From: 2, To: 9, Step: 1, Largest: largest}}, doc.Goal.Choices); diff != "" {
			t.Errorf("%s (-want +got):\n%s", key, diff)
		}
	}
}

func TestGoalRefuses(t *testing.T) {
	const promise = "promise = [\"acme.refused.quota == 0\"]\n"
	for _, c := range []struct{ text, says string }{
		{`choose = { "account.acme.quota" = [1] }`, "goal: the key promise is missing"},
		{promise, "goal: the key choose is missing"},
		{`promise = []` + "\n" + `choose = { "account.acme.quota" = [1] }`, "goal.promise: nothing is promised"},
		{`promise = ["acme.refused.quta == 0"]` + "\n" + `choose = { "account.acme.quota" = [1] }`, `goal.promise[0]: there is no metric "acme.refused.quta" (did you mean "acme.refused.quota"?)`},
		{`promise = ["P(acme.under-reviw) <= 5%"]` + "\n" + `choose = { "account.acme.quota" = [1] }`, `there is no metric "acme.count.under-reviw" (did you mean "acme.count.under-review"?)`},
		{`promise = ["P(acme.paused) <= 5"]` + "\n" + `choose = { "account.acme.quota" = [1] }`, "goal.promise[0]: not a limit"},
		{promise + "choose = 5", "goal.choose: 5 is not a table"},
		{promise + "choose = {}", "there are 0 keys, and 1 to 8 can be chosen"},
		{promise + "choose.account.acme.quota = { from = 1, to = 2 }", `write one in quotes, such as "account.acme.quota"`},
		{promise + `choose = { "seed[" = [1] }`, "this is not a key"},
		{promise + `choose = { "name" = [1] }`, "this key cannot be chosen"},
		{promise + `choose = { "horizon" = ["1d", "2d"] }`, `add wanted = "smallest" or wanted = "largest"`},
		{promise + `choose = { "sender.news.client.latency" = ["1s"] }`, `add wanted = "smallest" or wanted = "largest"`},
		{promise + `choose = { "sender.news.client.workers" = { from = 0, to = 9 } }`, "sender.news.client.workers: 0 is not at least 1"},
		{promise + `choose = { "account.acme.quota" = 5 }`, "is not a list of values or { from, to, step }"},
		{promise + `choose = { "account.acme.quota" = { from = 5 } }`, "the key to is missing"},
		{promise + `choose = { "account.acme.quota" = { from = 5, to = 9, stop = 2 } }`, "unknown key"},
		{promise + `choose = { "account.acme.quota" = { from = 5, to = 4 } }`, "4 is less than from"},
		{promise + `choose = { "account.acme.quota" = { from = 5, to = 9, step = 0 } }`, "0 is not positive"},
		{promise + `choose = { "audience.customers.invalid" = { from = "5%", to = 0.1 } }`, "differ in their unit"},
		{promise + `choose = { "account.acme.quota" = [5, 5] }`, "5 is not more than the value before it"},
		{promise + `choose = { "account.acme.quota" = [5, true] }`, "true does not begin with a number"},
		{promise + `choose = { "account.acme.quota" = { values = [1], wanted = "best" } }`, `"best" is not one of "smallest", "largest"`},
		{promise + `choose = { "account.acme.rate" = { from = 0, to = 9 } }`, "account.acme.rate: 0 is not at least 1"},
		{promise + `choose = { "account.acme.qota" = { from = 1, to = 9 } }`, `add wanted = "smallest" or wanted = "largest" (did you mean "quota"?)`},
		{promise + `choose = { "account.acme.qota" = { from = 1, to = 9, wanted = "smallest" } }`, `unknown key (did you mean "quota"?)`},
		{promise + `choose = { "account.acne.quota" = { from = 1, to = 9 } }`, `no account is named "acne" (did you mean "acme"?)`},
		{promise + `choose = { "account.acme.quota" = [1] }` + "\ngrowth = \"5%\"", `goal.growth: "5%" is not a growth: write a share and a duration of at least 1d, such as "5%/30d"`},
		{promise + `choose = { "account.acme.quota" = [1] }` + "\ngrowth = \"0%/30d\"", `goal.growth: "0%/30d" is not a growth`},
		{promise + `choose = { "account.acme.quota" = [1] }` + "\ngrowth = \"5%/1h\"", `goal.growth: "5%/1h" is not a growth`},
		{promise + `choose = { "audience.customers.size" = [1] }` + "\ngrowth = \"5%/30d\"", `goal.growth: the goal wants the largest "audience.customers.size": mail that is chosen does not grow`},
		{promise + `choose = { "account.acme.quota" = [1] }` + "\nconfirm = -1", "goal.confirm: -1 is not at least 0"},
		{promise + `choose = { "account.acme.quota" = [1] }` + "\nreplication = 9", `goal.replication: unknown key (did you mean "replications"?)`},
	} {
		_, err := Read(nil, "x.toml", goalOf(c.text))
		if err == nil || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "--set") {
			t.Errorf("%s: %v, want %q", c.text, err, c.says)
		}
	}
}
