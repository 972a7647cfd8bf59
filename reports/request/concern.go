package request

import (
	"fmt"
	"math"
	"net/url"
	"strings"

	"sesim/reports"
	"sesim/reports/wording"
	"sesim/sim"
	"sesim/sim/replicate"
	"sesim/sim/rules"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// Concern is a concern that a reviewer at AWS may have about a request.
type Concern struct {
	Matter   string `json:"matter"`
	Evidence string `json:"evidence"`
	Advice   string `json:"advice"`
	URL      string `json:"url,omitempty"` // AWS's page about it, if any
}

// AWS's pages that concerns refer to.
const (
	enforcement = "https://docs.aws.amazon.com/ses/latest/dg/faqs-enforcement.html"
	production  = "https://docs.aws.amazon.com/ses/latest/dg/request-production-access.html"
	simulator   = "https://docs.aws.amazon.com/ses/latest/dg/send-an-email-from-console.html"
	identities  = "https://docs.aws.amazon.com/ses/latest/dg/creating-identities.html"
	quotas      = "https://docs.aws.amazon.com/ses/latest/dg/manage-sending-quotas.html"
	increase    = "https://docs.aws.amazon.com/ses/latest/dg/manage-sending-quotas-request-increase.html"
)

// AWS's FAQ on enforcement recommends a bounce rate below 2% and a complaint
// rate below 0.1%.
const (
	goodBounceRate    = 0.02
	goodComplaintRate = 0.001
)

// roomy is the ratio of the requested quota to the need above which a reviewer
// may ask why: our assumption, AWS publishes none.
const roomy = 2

// terse is the length in characters below which a use case says too little: our
// assumption.
const terse = 80

// concerns returns the concerns that a reviewer may have, the most serious
// first.
func concerns(in *Input, d *Draft) []Concern {
	var list []Concern
	for _, look := range []func(*Input, *Draft) *Concern{
		alreadyThere, enforced, bounces, complaints, unverified,
		noHygiene, noSuppression, keepsComplaints,
		noPlan, quotaTooSmall, rateTooSmall, noPacing, quotaTooLarge, rateTooLarge, quotaBeyondPlan, rateBeyondPlan,
		untested, noContacts, mailType, tooTerse, noDomain, otherDomain,
	} {
		if s := look(in, d); s != nil {
			list = append(list, *s)
		}
	}
	return list
}

func enforced(in *Input, _ *Draft) *Concern {
	e := in.Evidence
	if e.Review.Value == 0 && e.Pause.Value == 0 {
		return nil
	}
	evidence := fmt.Sprintf("under review in %s of %d runs, paused in %s", chance(e.Review.Value, e.Review.Low, e.Review.High, e.Review.OK()), e.Runs,
		chance(e.Pause.Value, e.Pause.Low, e.Pause.High, e.Pause.OK()))
	if list := reports.Unpublished(reports.ReadsOf(in.Config, e.Reads)); len(list) > 0 {
		evidence += "; this rests on values that AWS does not publish: " + wording.Reads(list)
	}
	return &Concern{
		"in the model the planned mail puts the account under review or pauses it", evidence,
		"clean the list before the first campaign, and start with recipients who opened mail recently", enforcement,
	}
}

func chance(v, low, high float64, ok bool) string {
	if !ok || low == high {
		return wording.Percent(v)
	}
	return fmt.Sprintf("%s [%s to %s]", wording.Percent(v), wording.Percent(low), wording.Percent(high))
}

func bounces(in *Input, _ *Draft) *Concern {
	return in.Evidence.above("bounce", in.Evidence.Bounce, in.Evidence.Bounced, goodBounceRate, in.Config.Rules.Review.BounceRate.Float(),
		"check addresses on sign-up, and remove old ones before the first send")
}

func complaints(in *Input, _ *Draft) *Concern {
	return in.Evidence.above("complaint", in.Evidence.Complaint, in.Evidence.Complained, goodComplaintRate, in.Config.Rules.Review.ComplaintRate.Float(),
		"send only to people who opted in, and make opting out one click")
}

// above compares a rate with a good one: the highest of a run or, if that would
// rest on a handful of events, their share of all mail.
func (e *Evidence) above(what string, f Figure, events int64, good, review float64, advice string) *Concern {
	if f.Most < good {
		return nil
	}
	if e.few(events) {
		if e.share(events) < good {
			return nil
		}
		f = Figure{Most: e.share(events), Interval: replicate.Interval{Low: math.NaN(), High: math.NaN()}}
	}
	return &Concern{
		fmt.Sprintf("the predicted %s rate is not below %s", what, wording.Percent(good)),
		fmt.Sprintf("highest simulated %s rate %s%s; a review begins at %s",
			what, wording.Percent(f.Most), between(f, wording.Percent), wording.Percent(review)),
		advice, enforcement,
	}
}

func unverified(in *Input, _ *Draft) *Concern {
	if in.Evidence.Unverified == "" {
		return nil
	}
	return &Concern{
		"mail is sent from an identity that is not verified", wording.Clean(in.Evidence.Unverified),
		"verify the domain of every From address first", identities,
	}
}

func noHygiene(in *Input, _ *Draft) *Concern {
	d := split(in.senders(), func(s *sim.Sender) bool { return s.RemoveBounced })
	if len(d.dont) == 0 {
		return nil
	}
	return &Concern{
		"bounced addresses stay on the list", `on_bounce = "keep": ` + names(d.dont),
		"remove an address at its first hard bounce", enforcement,
	}
}

func noSuppression(in *Input, _ *Draft) *Concern {
	if in.Config.Accounts[in.Account].Suppression == ses.ListBounce|ses.ListComplaint {
		return nil
	}
	return &Concern{
		"the account-level suppression list is not enabled for bounces and complaints",
		fmt.Sprintf("suppression = [%s]", strings.Join(reasonWords(in.Config.Accounts[in.Account].Suppression), ", ")),
		"enable it for both", rules.Of(rules.AccountSuppressed).URL,
	}
}

func reasonWords(r ses.ListReasons) []string {
	var list []string
	if r&ses.ListBounce != 0 {
		list = append(list, `"BOUNCE"`)
	}
	if r&ses.ListComplaint != 0 {
		list = append(list, `"COMPLAINT"`)
	}
	return list
}

func keepsComplaints(in *Input, _ *Draft) *Concern {
	d := split(in.senders(), func(s *sim.Sender) bool { return s.RemoveComplained })
	if len(d.dont) == 0 {
		return nil
	}
	return &Concern{
		"recipients who complained stay on the list", `on_complaint is "keep": ` + names(d.dont),
		"remove recipients who complain at once", enforcement,
	}
}

func quotaTooSmall(in *Input, d *Draft) *Concern {
	e, of := in.Evidence, d.Quota
	if said := in.Form.Quota; said > 0 && float64(said) < e.Due24h.Most {
		of.Value = said
	} else if e.UnderQuota.Most == 0 {
		return nil
	}
	matter := "the quota is too small for the mail"
	if of.Value < d.Quota.Value {
		matter = "the scenario's quota is too small for the mail: this draft asks for " + asked(d.Quota)
	}
	return &Concern{
		matter,
		fmt.Sprintf("%s: %s; due within 24 hours: up to %s; refused for the quota: up to %s in a run",
			of.called(), asked(of), wording.Count(int64(e.Due24h.Most)), recipients(e.UnderQuota)),
		"request more, or spread campaigns over several days", quotas,
	}
}

func rateTooSmall(in *Input, d *Draft) *Concern {
	if in.Evidence.UnderRate.Most == 0 {
		return nil
	}
	return &Concern{
		"calls are refused for the send rate",
		fmt.Sprintf("%s: %s a second; due within a second: up to %s; refused: up to %s in a run",
			d.Rate.called(), asked(d.Rate), wording.Count(int64(in.Evidence.DueSecond.Most)), recipients(in.Evidence.UnderRate)),
		"pace mail below the rate, and retry refused calls later", quotas,
	}
}

// noPacing looks for senders that do not retry calls refused for the rate.
func noPacing(in *Input, d *Draft) *Concern {
	if in.Evidence.UnderRate.Most == 0 {
		return nil
	}
	does := split(in.senders(), func(s *sim.Sender) bool { return s.Retry.Attempts > 0 && s.Retry.On[ses.RefusedRate] })
	if len(does.dont) == 0 {
		return nil
	}
	return &Concern{
		"mail is not paced to the rate, and refused calls are not retried",
		fmt.Sprintf("due within a second: up to %s, at a rate of %s; no retry on \"rate\": %s",
			wording.Count(int64(in.Evidence.DueSecond.Most)), asked(d.Rate), names(does.dont)),
		"give campaigns a pace below the rate, and senders a retry", quotas,
	}
}

func quotaTooLarge(in *Input, d *Draft) *Concern {
	if d.Quota.Value == -1 && d.Quota.requested() {
		return &Concern{"an unlimited quota is requested", "quota = -1", "request what the mail needs", increase}
	}
	return tooLarge(in, "quota", d.Quota, in.Evidence.Due24h, "due within 24 hours", in.Config.Rules.Prod.Quota, rules.ParamProdQuota)
}

func rateTooLarge(in *Input, d *Draft) *Concern {
	return tooLarge(in, "rate", d.Rate, in.Evidence.DueSecond, "due within a second", in.Config.Rules.Prod.Rate, rules.ParamProdRate)
}

// tooLarge compares the requested amount with the need. An amount up to the usual one,
// which the model grants to whoever names none, raises no concern.
func tooLarge(in *Input, what string, a Asked, need Figure, due string, usual int64, parameter rules.ParameterID) *Concern {
	if !a.requested() || a.Value <= usual || float64(a.Value) <= roomy*need.Most {
		return nil
	}
	evidence := fmt.Sprintf("requested: %s; %s: up to %s; granted where a request names none: %s",
		asked(a), due, wording.Count(int64(need.Most)), wording.Reads(reports.ReadsOf(in.Config, rules.NewReads(parameter))))
	if in.Plan != nil && a.Source == planSource {
		evidence += "; a promise of the plan requires it"
	}
	return &Concern{
		"the " + what + " is more than the mail needs", evidence,
		"request less now, and an increase when the mail grows", increase,
	}
}

func quotaBeyondPlan(in *Input, _ *Draft) *Concern {
	return beyondPlan("quota", in.Form.Quota, in.Plan, func(p *Plan) int64 { return p.Quota })
}

func rateBeyondPlan(in *Input, _ *Draft) *Concern {
	return beyondPlan("rate", in.Form.Rate, in.Plan, func(p *Plan) int64 { return p.Rate })
}

// beyondPlan compares the scenario's request with what its plan needs.
func beyondPlan(what string, said int64, plan *Plan, of func(*Plan) int64) *Concern {
	if plan == nil || !plan.Found || of(plan) == 0 || said != -1 && said <= of(plan) {
		return nil
	}
	return &Concern{
		"the scenario requests a larger " + what + " than its plan needs",
		fmt.Sprintf("the scenario requests %s; the plan keeps all promises with %s", wording.Quota(said), wording.Quota(of(plan))),
		"request what the plan needs, as this draft does", increase,
	}
}

// noPlan reports promises that no candidate keeps.
func noPlan(in *Input, _ *Draft) *Concern {
	if in.Plan == nil || in.Plan.Found {
		return nil
	}
	return &Concern{
		"no quota and rate were found that keep the promises", in.Plan.Statement + " Promises: " + strings.Join(in.Plan.Promises, "; "),
		"promise less, or widen the searched ranges: sesim plan names the nearest miss", increase,
	}
}

// recipients writes the most of a figure.
func recipients(f Figure) string { return unit.Plural(int64(f.Most), "recipient", "recipients") }

// called says whether an amount is requested or there already.
func (a Asked) called() string {
	if a.requested() {
		return "requested"
	}
	return a.Source
}

func asked(a Asked) string {
	if a.Value == 0 {
		return "not specified"
	}
	return wording.Quota(a.Value)
}

func untested(in *Input, _ *Draft) *Concern {
	if in.Evidence.Tested > 0 {
		return nil
	}
	return &Concern{
		"nothing shows that bounces and complaints were tested in the sandbox",
		"no mail to " + ses.SimulatorDomain + " before the request",
		"send to the simulator's bounce and complaint addresses, and say that the addresses were removed from the list", simulator,
	}
}

func noContacts(in *Input, _ *Draft) *Concern {
	if len(in.Form.Contacts) > 0 {
		return nil
	}
	return &Concern{
		"there is no additional contact", in.Key + ".contacts is not set",
		"name up to 4 addresses that are read: AWS sends its questions there", production,
	}
}

func mailType(in *Input, _ *Draft) *Concern {
	var campaigns []string
	for _, s := range in.senders() {
		if s.Traffic.Kind == sim.Campaign {
			campaigns = append(campaigns, s.Name)
		}
	}
	if in.Form.MailType != "TRANSACTIONAL" || len(campaigns) == 0 {
		return nil
	}
	return &Concern{
		"the mail type is transactional, but mail goes to whole lists", "campaigns: " + names(campaigns),
		"request MARKETING if most of the mail is marketing", production,
	}
}

func tooTerse(in *Input, _ *Draft) *Concern {
	if n := len([]rune(in.Form.UseCase)); n == 0 || n >= terse {
		return nil
	}
	return &Concern{
		"the use case says little", plural(len([]rune(in.Form.UseCase)), "character", "characters"),
		"say who receives which mail, how often, and why they want it", production,
	}
}

func noDomain(in *Input, _ *Draft) *Concern {
	list := in.Config.Accounts[in.Account].Identities
	for _, id := range list {
		if !strings.Contains(id, "@") {
			return nil
		}
	}
	return &Concern{
		"no domain is verified", fmt.Sprintf("identities: %s, no domain", plural(len(list), "address", "addresses")),
		"verify the domain of the From addresses", identities,
	}
}

// otherDomain looks for From addresses outside the website's domain.
func otherDomain(in *Input, _ *Draft) *Concern {
	site, err := url.Parse(in.Form.Website)
	if err != nil || site.Hostname() == "" {
		return nil
	}
	host := strings.ToLower(site.Hostname())
	for _, s := range in.senders() {
		_, domain, _ := strings.Cut(strings.ToLower(s.From), "@")
		if !related(host, domain) {
			return &Concern{
				"the website and the mail have different domains", host + ", but mail from " + s.From,
				"name the website that recipients know the mail from, or explain how the two are related", production,
			}
		}
	}
	return nil
}

// related reports whether the last two labels of two domains agree, which tells
// subdomains of one domain apart from others as far as is possible without a
// list of public suffixes.
func related(a, b string) bool { return tail(a) == tail(b) }

func tail(domain string) string {
	labels := strings.Split(domain, ".")
	return strings.Join(labels[max(0, len(labels)-2):], ".")
}

func alreadyThere(in *Input, _ *Draft) *Concern {
	a := &in.Config.Accounts[in.Account]
	if a.Access != ses.Production {
		return nil
	}
	return &Concern{
		"the account has production access from the start", `access = "production"`,
		"request a larger quota through Service Quotas; this request is for accounts in the sandbox", increase,
	}
}
