package request

import (
	"strings"
	"testing"
	"time"

	"sesim/sim"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// Each stumble appears where there is reason for it, with its evidence; a
// draft without reason has none, which TestCompleteDraft shows.
func TestStumbles(t *testing.T) {
	crowd := func(c *sim.Config) { // enough mail for rates to count
		c.Audiences[0].Size = 20_000
		c.Senders[0].Traffic.Rate = unit.Rate{N: 10, Per: time.Second}
		c.Accounts[0].Requests[0].Quota, c.Accounts[0].Requests[0].Rate = 50_000, 14
	}
	for _, c := range []struct {
		matter   string
		change   func(*sim.Config, *Form)
		evidence string
	}{
		{"puts the account under review or pauses it", func(c *sim.Config, _ *Form) { crowd(c); c.Audiences[0].Invalid = 9 * unit.Percent }, "this rests on values that AWS does not publish: rep.eval_interval 15m (assumed, 15m to 1d);"},
		{"predicted bounce rate is not below 2%", func(c *sim.Config, _ *Form) { crowd(c); c.Audiences[0].Invalid = 3 * unit.Percent }, "a review begins at 5%"},
		{"predicted complaint rate is not below 0.1%", func(c *sim.Config, _ *Form) {
			crowd(c)
			c.Audiences[0].FeedbackLoop, c.Audiences[0].Complaint = unit.Whole, unit.Percent
		}, "a review begins at 0.1%"},
		{"not verified", func(c *sim.Config, _ *Form) { c.Senders[0].From = "news@other.example" }, "400 MessageRejected: Email address is not verified."},
		{"bounced addresses stay", func(c *sim.Config, _ *Form) { c.Senders[0].RemoveBounced = false }, `on_bounce = "keep": news`},
		{"suppression list is not enabled", func(c *sim.Config, _ *Form) { c.Accounts[0].Suppression = ses.ListComplaint }, `suppression = ["COMPLAINT"]`},
		{"suppression list is not enabled", func(c *sim.Config, _ *Form) { c.Accounts[0].Suppression = 0 }, `suppression = []`},
		{"recipients who complained stay", func(c *sim.Config, _ *Form) { c.Senders[0].RemoveComplained = false }, "news"},
		{"quota is too small", func(_ *sim.Config, f *Form) { f.Quota = 99 }, "requested: 99; due within 24 hours: up to 100"},
		{"quota is too small", func(c *sim.Config, _ *Form) { c.Accounts[0].Requests[0].Quota = 60 }, "refused for the quota: up to 80 recipients"},
		{"calls are refused for the send rate", func(c *sim.Config, _ *Form) {
			c.Senders[0].Traffic.Rate = unit.Rate{N: 20, Per: time.Second}
			c.Accounts[0].Requests[0].Quota, c.Accounts[0].Requests[0].Rate = 300, 10
		}, "due within a second: up to 20"},
		{"not paced", func(c *sim.Config, f *Form) {
			c.Senders[0].Traffic.Rate, f.Rate = unit.Rate{N: 20, Per: time.Second}, 10
		}, `no retry on "rate": news`},
		{"unlimited quota is requested", func(_ *sim.Config, f *Form) { f.Quota = -1 }, "quota = -1"},
		{"the quota is more than the mail needs", func(_ *sim.Config, f *Form) { f.Quota = 60_000 }, "requested: 60,000; due within 24 hours: up to 100"},
		{"the rate is more than the mail needs", func(_ *sim.Config, f *Form) { f.Rate = 100 }, "requested: 100; due within a second: up to 1; granted where a request names none: prod.rate 14 (observed, 5 to 50)"},
		{"tested in the sandbox", func(c *sim.Config, _ *Form) { c.Senders = c.Senders[:1] }, "no mail to simulator.amazonses.com"},
		{"no additional contact", func(_ *sim.Config, f *Form) { f.Contacts = nil }, "account.acme.request[0].contacts"},
		{"mail type is transactional", func(_ *sim.Config, f *Form) { f.MailType = "TRANSACTIONAL" }, "campaigns: news"},
		{"use case says little", func(_ *sim.Config, f *Form) { f.UseCase = "News." }, "5 characters"},
		{"no domain is verified", func(c *sim.Config, _ *Form) { c.Accounts[0].Identities = []string{"news@acme.example"} }, "1 address, no domain"},
		{"different domains", func(_ *sim.Config, f *Form) { f.Website = "https://www.other.example/" }, "www.other.example, but mail from news@acme.example"},
		{"production access from the start", func(c *sim.Config, _ *Form) { c.Accounts[0].Access = ses.Production }, `access = "production"`},
	} {
		cfg, form := config(t), full()
		c.change(cfg, &form)
		d := draft(t, cfg, form)
		found := false
		for _, s := range d.Concerns {
			if strings.Contains(s.Matter, c.matter) && strings.Contains(s.Evidence, c.evidence) && s.Advice != "" {
				found = true
			}
		}
		if !found {
			t.Errorf("nothing says %q with %q: %+v", c.matter, c.evidence, d.Concerns)
		}
	}
}

// A website at a subdomain of the mail's domain, or the other way round, is
// no concerns.
func TestRelatedDomains(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"acme.example", "acme.example", true}, {"www.acme.example", "mail.acme.example", true},
		{"acme.example", "other.example", false}, {"localhost", "acme.example", false},
	} {
		if got := related(c.a, c.b); got != c.want {
			t.Errorf("related(%q, %q) = %v", c.a, c.b, got)
		}
	}
}
