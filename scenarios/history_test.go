package scenarios

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sesim/sim"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// withPast returns the scenario of most tests whose account is in production and brings
// along what the keys say.
func withPast(keys string) string {
	return strings.Replace(base, "[[audience]]", "[account.history]\n"+keys+"\n[[audience]]", 1)
}

// TestHistory reads what accounts bring along.
func TestHistory(t *testing.T) {
	const figures = "eligible = 10_000\nbounces = 800\ncomplaint_eligible = 4_000\ncomplaints = 3\nover = \"75d\"\n"
	before := sim.HistoryPoint{
		At: -75 * unit.Day, For: 75 * unit.Day, Eligible: 10_000, Bounces: 800, ComplaintEligible: 4_000, Complaints: 3,
	}
	for _, c := range []struct {
		keys string
		want sim.History
	}{
		{"", sim.History{}},
		{figures, sim.History{Before: before}},
		{figures + `order = "newest"`, sim.History{Before: before, Order: ses.OrderNewest}},
		{"used_24h = 143", sim.History{Used: 143}},
		{"status = \"under-review\"\nsince = \"5d\"", sim.History{Status: ses.Probation, Since: 5 * unit.Day, Reviews: 1}},
		{"status = \"under-review\"\ncause = \"complaints\"\nreviews = 2",
			sim.History{Status: ses.Probation, Cause: ses.CauseComplaints, Reviews: 2}},
		{"status = \"paused\"\ncause = \"a spam trap\"", sim.History{Status: ses.Shutdown, Cause: ses.CauseOther, Why: "a spam trap"}},
		{"status = \"paused\"\npaused_by = \"customer\"\nsince = \"1h\"", sim.History{CustomerPaused: true, Since: time.Hour}},
		{"cause = \"complaints\"\nreviews = 1", sim.History{Cause: ses.CauseComplaints, Reviews: 1}},
		{"listed = { bounce = 1_292, complaint = 27 }", sim.History{Listed: sim.HistoryListed{Bounce: 1_292, Complaint: 27}}},
	} {
		cfg, err := Load("x.toml", []byte(withPast(c.keys)))
		if err != nil {
			t.Errorf("%q: %v", c.keys, err)
			continue
		}
		if diff := cmp.Diff(&c.want, cfg.Accounts[0].History); diff != "" {
			t.Errorf("%q (- want, + got):\n%s", c.keys, diff)
		}
		if err := cfg.Check(); err != nil {
			t.Errorf("%q: %v", c.keys, err)
		}
	}
}

// TestWrongHistory covers what an account cannot bring along. Every message says where and
// what would be right.
func TestWrongHistory(t *testing.T) {
	for keys, want := range map[string]string{
		"eligible = 100": "account.acme.history: the key over is missing",
		"over = \"75d\"": "account.acme.history.over: there is no eligible mail",
		"eligible = 100\nbounces = 101\nover = \"1d\"":                            "history.bounces: 101 are more than the eligible mail, 100",
		"eligible = 100\ncomplaint_eligible = 101\nover = \"1d\"":                 "history.complaint_eligible: 101 are more than the eligible mail, 100",
		"eligible = 100\ncomplaints = 1\nover = \"1d\"":                           "history.complaints: 1 are more than the mail to providers that report complaints",
		"eligible = -1\nover = \"1d\"":                                            "history.eligible: -1 is not at least 0",
		"eligible = 100\nover = \"0s\"":                                           "history.over: \"0s\" is not longer than 0s",
		"eligible = 100\nover = \"1d\"\norder = \"oldest\"":                       "history.order: there are no bounces and no complaints",
		"order = \"worst\"":                                                       "history.order: \"worst\" is not",
		"used_24h = \"many\"":                                                     "history.used_24h: \"many\" is not a whole number",
		"status = \"probation\"":                                                  "history.status: \"probation\" is not",
		"since = \"5d\"":                                                          "history.since: it goes with status",
		"paused_by = \"aws\"":                                                     "history.paused_by: it goes with status = \"paused\" only",
		"cause = \"bounces\"":                                                     "history.cause: it goes with status",
		"cause = \"a spam trap\"\nreviews = 1":                                    "history.cause: it goes with status",
		"status = \"under-review\"\nreviews = 0":                                  "history.reviews: 0 while a review is under way",
		"listed = 5":                                                              "history.listed: 5 is not a table",
		"listed = { bounces = 5 }":                                                "history.listed.bounces: ",
		"eligable = 5":                                                            "history.eligable: ",
		"[account.history.listed]\ncomplaint = 0.5":                               "history.listed.complaint: ",
		"status = \"paused\"\npaused_by = \"customer\"\ncause = \"bounces\"":      "history.cause: a pause by the customer has none",
		"status = \"under-review\"\ncause = \"a spam trap\"\nreviews = 1":         "history.reviews: they are counted for a rate",
		"status = \"under-review\"\nsince = \"5d\"\nsince_when = 1\ncause = \"\"": "history.cause: ",
	} {
		if _, err := Load("x.toml", []byte(withPast(keys))); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", keys, err, want)
		}
	}
	if _, err := Load("x.toml", []byte(strings.Replace(base, "[[account.request]]", "history = 5\n[[account.request]]", 1))); err == nil ||
		!strings.Contains(err.Error(), "account.acme.history: 5 is not a table") {
		t.Errorf("a history that is a number: %v", err)
	}
}

// TestDoubtfulHistory covers the warnings about histories.
func TestDoubtfulHistory(t *testing.T) {
	const figures = "eligible = 10_000\nbounces = 800\nover = \"75d\"\n"
	for keys, want := range map[string]string{
		figures + "status = \"under-review\"\norder = \"even\"":         "",
		figures + "order = \"oldest\"":                                  "account.acme.history: the bounce rate at the start is 8% over 10000 mails, at or above 5%",
		figures + "order = \"oldest\"\nstatus = \"healthy\"":            "account.acme.history.status: the bounce rate at the start is 8%",
		"eligible = 400\nbounces = 40\nover = \"9d\"\norder = \"even\"": "",
		"used_24h = 60_000":                             "account.acme.history.used_24h: 60000 are more than the sending quota, 50000",
		"status = \"under-review\"\nsince = \"21d\"":    "account.acme.history.since: a review lasts 21d",
		"status = \"under-review\"\nsince = \"20d23h\"": "",
		"eligible = 9_000\ncomplaint_eligible = 9_000\ncomplaints = 9\nover = \"9d\"\norder = \"even\"": "the complaint rate at the start is 0.1%",
	} {
		doc, err := Read(nil, "x.toml", []byte(withPast(keys)))
		if err != nil {
			t.Errorf("%q: %v", keys, err)
			continue
		}
		var got []string
		for _, w := range doc.Warnings {
			got = append(got, w.String())
		}
		if all := strings.Join(got, "\n"); want == "" && all != "" || !strings.Contains(all, want) {
			t.Errorf("%q: %q, want %q", keys, all, want)
		}
	}
}

// TestContacted reads when an audience had its last mail.
func TestContacted(t *testing.T) {
	load := func(keys string) (*Document, error) {
		return Read(nil, "x.toml", []byte(strings.Replace(base, "[[sender]]", keys+"\n[[sender]]", 1)))
	}
	for keys, want := range map[string]sim.Audience{
		"":                      {},
		"contacted = \"7d\"":    {Contacted: 7 * unit.Day, NotFirst: true},
		"first_contact = true":  {},
		"first_contact = false": {NotFirst: true},
		"contacted = \"7d\"\nfirst_contact = false": {Contacted: 7 * unit.Day, NotFirst: true},
	} {
		doc, err := load(keys)
		if err != nil || doc.Config.Audiences[0].Contacted != want.Contacted || doc.Config.Audiences[0].NotFirst != want.NotFirst {
			t.Errorf("%q: %v, %+v", keys, err, doc)
		}
	}
	for keys, want := range map[string]string{
		"contacted = \"7d\"\nfirst_contact = true": "first_contact: contacted says that there was mail before the start",
		"contacted = \"0s\"":                       "contacted: \"0s\" is not longer than 0s",
		"contacted = 7":                            "contacted: 7 is not a duration",
		"first_contact = \"no\"":                   "first_contact: \"no\" is not true or false",
	} {
		if _, err := load(keys); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", keys, err, want)
		}
	}
	warned, err := load("contacted = \"7d\"\ninvalid = \"3%\"")
	if err != nil || len(warned.Warnings) != 1 || !strings.Contains(warned.Warnings[0].String(), "this share is not drawn") {
		t.Errorf("a share that is not drawn: %v, %+v", err, warned)
	}
	grows, err := load("contacted = \"7d\"\ninvalid = \"3%\"\ngrowth = { rate = \"1/d\" }")
	if err != nil || len(grows.Warnings) != 0 {
		t.Errorf("a share of new addresses: %v, %+v", err, grows)
	}
}

// TestHistoryFiles reads the past from files, alone and with totals.
func TestHistoryFiles(t *testing.T) {
	past := files{
		"a.csv": "time,eligible,bounces,complaint_eligible,complaints\n" +
			"2025-12-30T00:00:00Z,3000,30,1200,1\n2025-12-31T23:50:00Z,600,9,240,0\n2026-01-01T00:00:00Z,7,7,7,7\n",
		"account.json": `{"EnforcementStatus": "PROBATION", "SendQuota": {"Max24HourSend": 50000, "MaxSendRate": 14, "SentLast24Hours": 777}}`,
		"list.csv":     "EmailAddress,Reason\na@b.example,BOUNCE\nc@b.example,COMPLAINT\n",
		"two.csv":      "account,timestamp,delivery_attempts,bounces,complaints,rejects\na,2025-12-31T09:00:00Z,1,0,0,0\nb,2025-12-31T09:00:00Z,1,0,0,0\n",
		"broken.csv":   "time,eligible,bounces,complaint_eligible,complaints\nyesterday,1,1,1,1\n",
	}
	points := []sim.HistoryPoint{
		{At: -2 * unit.Day, For: 10 * time.Minute, Eligible: 3000, Bounces: 30, ComplaintEligible: 1200, Complaints: 1},
		{At: -10 * time.Minute, For: 10 * time.Minute, Eligible: 600, Bounces: 9, ComplaintEligible: 240},
	}
	points[0].For = 15 * time.Minute
	for _, c := range []struct {
		keys     string
		want     sim.History
		warnings []string
	}{
		{`file = "a.csv"`, sim.History{Points: points}, []string{
			"left out, since it is not before the start, 2026-01-01T00:00:00Z: 1 point of 3",
			"the points hold 3600 eligible mails of the 10000 that a rate stands on",
		}},
		{"file = [\"a.csv\", \"account.json\", \"list.csv\"]\neligible = 4_600\nbounces = 89\ncomplaint_eligible = 1_840\ncomplaints = 1\nover = \"8d\"",
			sim.History{
				Points: points, Before: sim.HistoryPoint{At: -10 * unit.Day, For: 8 * unit.Day, Eligible: 1000, Bounces: 50, ComplaintEligible: 400},
				Used: 777, Status: ses.Probation, Reviews: 1, Listed: sim.HistoryListed{Bounce: 1, Complaint: 1},
			}, []string{"not before the start", "EnforcementStatus PROBATION and not since when"}},
		{"file = \"a.csv\"\neligible = 3_700\nover = \"1d\"",
			sim.History{Points: points, Before: sim.HistoryPoint{At: -3 * unit.Day, For: unit.Day, Eligible: 100}},
			[]string{"not before the start"}},
		{"file = [\"account.json\"]\nused_24h = 9\nstatus = \"healthy\"", sim.History{Used: 9}, nil},
	} {
		doc, err := Read(past, "x.toml", []byte(withPast(c.keys)))
		if err != nil {
			t.Errorf("%q: %v", c.keys, err)
			continue
		}
		if diff := cmp.Diff(&c.want, doc.Config.Accounts[0].History); diff != "" {
			t.Errorf("%q (- want, + got):\n%s", c.keys, diff)
		}
		if len(doc.Warnings) != len(c.warnings) {
			t.Errorf("%q: warnings %v", c.keys, doc.Warnings)
			continue
		}
		for i, w := range doc.Warnings {
			if !strings.Contains(w.String(), c.warnings[i]) {
				t.Errorf("%q: %s, want %q", c.keys, w, c.warnings[i])
			}
		}
	}
	for keys, want := range map[string]string{
		`file = "missing.csv"`: "account.acme.history.file: ",
		`file = "broken.csv"`:  "account.acme.history.file: ",
		`file = "two.csv"`:     "account.acme.history.file: the records are of several accounts, a and b; choose one with --account NAME of \"sesim history\", and name here what it prints",
		`file = []`:            "history.file: the list is empty",
		`file = 5`:             "history.file: 5 is not a text",
		`file = ["a.csv", 5]`:  "history.file[1]: 5 is not a text",
		"file = \"a.csv\"\neligible = 3_000\nover = \"8d\"":                                                            "history.eligible: 3000 are fewer than the 3600 of the points",
		"file = \"a.csv\"\neligible = 3_700\nbounces = 140\nover = \"8d\"":                                             "less the points in file, there are more bounces",
		"file = \"a.csv\"\neligible = 3_700\nbounces = 200\ncomplaint_eligible = 1_500\ncomplaints = 1\nover = \"8d\"": "less the points in file, there are more bounces",
	} {
		if _, err := Read(past, "x.toml", []byte(withPast(keys))); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", keys, err, want)
		}
	}
	if _, err := Load("x.toml", []byte(withPast(`file = "a.csv"`))); err == nil || !strings.Contains(err.Error(), "comes without files") {
		t.Errorf("without files: %v", err)
	}
}
