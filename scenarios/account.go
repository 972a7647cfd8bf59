package scenarios

import (
	"fmt"
	"slices"

	"sesim/scenarios/internal/keys"
	"sesim/scenarios/internal/tree"
	"sesim/sim"
	"sesim/sim/rules"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// Limits of the service, and of the values that a run computes with.
const (
	maxQuota      = 1_000_000_000 // recipients in 24 hours
	maxSendRate   = 1_000_000     // recipients per second
	maxIdentities = 10_000        // of an account in a Region
	maxContacts   = 4             // of a production-access request
	maxRequests   = 1000
	maxAnswer     = 1000 // characters of an answer in a request
)

// accountTable binds the keys of an [[account]].
func (l *loader) accountTable(a *sim.Account) keys.Table {
	return keys.Table{Fields: []keys.Field{
		keys.Required("name", keys.Name{To: &a.Name}, "unique name"),
		keys.Optional("count", keys.Count{Of: &l.accounts},
			"stands for as many accounts; not with customer and delegates").Or("one without a number"),
		keys.Optional("region", keys.Region{To: &a.Region}, "AWS Region of the account"),
		keys.Optional("access", keys.Word[ses.Access]{To: &a.Access, Choices: accesses}, "whether the account has production access"),
		keys.Optional("quota", keys.Whole[int64]{To: &a.Quota, Least: -1, Most: maxQuota},
			"sending quota: recipients in a rolling 24 hours; -1: unlimited").
			Or(fmt.Sprintf("%d, in production rules.prod.quota", ses.SandboxQuota)),
		keys.Optional("rate", keys.Whole[int64]{To: &a.Rate, Least: 1, Most: maxSendRate}, "maximum send rate: recipients per second").
			Or(fmt.Sprintf("%d, in production rules.prod.rate", ses.SandboxRate)),
		keys.Optional("identities", keys.Texts{To: &a.Identities, Most: maxIdentities, Check: keys.Identity}, "verified domains and addresses"),
		keys.Optional("suppression", keys.Reasons{To: &a.Suppression}, "reasons of the account-level suppression list; [] turns it off"),
		keys.Optional("customer", keys.Text{To: &a.Customer, Least: 1, Most: 64},
			"the AWS account; a customer has one account in a Region, and its accounts in several Regions can share a request"),
		keys.Optional("delegates", keys.Afterwards{Value: delegates{l, 0}},
			"accounts in the same Region that may send for this account's identities"),
		keys.Optional("configuration_set", l.sets(&a.Sets), "a configuration set of the account"),
		keys.Optional("price", price{&a.Price}, "what AWS charges, in US dollars without tax; by default what it publishes for sending "+
			"a la carte in us-east-1 (price list of "+sim.PriceRead+")"),
		keys.Optional("history", past{l, &a.History}, "what the account brings along from before the start").Or("none: it is new").With(pastNote),
		keys.Optional("request", keys.Afterwards{Value: l.requests(a)}, "a request for production access, in order of time"),
	}}
}

// account reads one [[account]].
func (l *loader) account(n *tree.Node, path string) {
	a := defaultAccount()
	count := l.accounts.Add(l.Reporter, n, path)
	l.accountTable(&a).Read(l.Reporter, n, path)
	l.completeAccount(&a, n, path)
	if requests := n.Table["request"]; requests != nil {
		l.requests(&a).Read(l.Reporter, requests, tree.Join(path, "request"))
	}
	l.cfg.Accounts = append(l.cfg.Accounts, a)
	if _, isGroup := l.accounts.Counted(n); isGroup {
		l.accountGroup(n, path, count)
	}
}

// accountGroup expands the last account into count accounts, each with its own
// requests.
func (l *loader) accountGroup(n *tree.Node, path string, count int) {
	l.without(n, path, count, map[string]string{
		"customer":  "a customer has one account in a Region",
		"delegates": "write an account with delegates as a table of its own",
	})
	first := len(l.cfg.Accounts) - 1
	l.cfg.Accounts = expand(l.cfg.Accounts, count, func(a *sim.Account, i int) { a.Name = l.accounts.List[first+i] })
	of := slices.IndexFunc(l.forms, func(f Form) bool { return f.Account == first })
	if of < 0 {
		return
	}
	said := l.forms[of:]
	for i := 1; i < count; i++ {
		for _, f := range said {
			f.Account = first + i
			l.forms = append(l.forms, f)
		}
	}
}

var accesses = []keys.Choice[ses.Access]{{Word: ses.Sandbox.String(), Is: ses.Sandbox}, {Word: ses.Production.String(), Is: ses.Production}}

func defaultAccount() sim.Account {
	a := sim.NewAccount()
	a.Region = "us-east-1"
	return a
}

// completeAccount sets the defaults that depend on the account's access.
func (l *loader) completeAccount(a *sim.Account, n *tree.Node, path string) {
	quota, rate := int64(ses.SandboxQuota), int64(ses.SandboxRate)
	if a.Access == ses.Production {
		quota, rate = l.cfg.Rules.Prod.Quota, l.cfg.Rules.Prod.Rate
	}
	if !n.Has("quota") {
		a.Quota = quota
	}
	if !n.Has("rate") {
		a.Rate = rate
	}
	values := map[string]int64{"quota": a.Quota, "rate": a.Rate}
	for _, p := range rules.Parameters() {
		if key := p.FillsIn; key != "" && a.Access == ses.Production && !n.Has(key) {
			l.cfg.Filled = append(l.cfg.Filled, sim.Filled{Key: tree.Join(path, key), Value: values[key], Parameter: p.Name})
		}
	}
}

// requests reads the production-access requests of an account, which are in
// order of time.
func (l *loader) requests(a *sim.Account) keys.Section {
	return keys.Section{
		Most:   maxRequests,
		Entity: func(n *tree.Node, path string) { l.request(a, n, path) },
		Sorts:  func() []keys.Variant { return l.requestTable(newRequestReader(a)).Variants() },
	}
}

// requestReader is a request being read.
type requestReader struct {
	request      sim.Request
	acknowledged bool
	form         Form // what only the form has
}

func newRequestReader(a *sim.Account) *requestReader {
	return &requestReader{acknowledged: true, request: sim.Request{
		MailType: "TRANSACTIONAL", Website: "https://" + a.Name + ".example", Language: "EN", Outcome: ses.Granted, After: -1,
	}}
}

// requestTable binds the keys of an [[account.request]].
func (l *loader) requestTable(r *requestReader) keys.Table {
	const fillIn = `left to fill in by "sesim request"`
	q, f := &r.request, &r.form
	answer := func(to *string) keys.Text { return keys.Text{To: to, Least: 1, Most: maxAnswer, Lines: true} }
	return keys.Table{Fields: []keys.Field{
		keys.Optional("at", keys.Moment{To: &q.At, Run: &l.cfg}, "when the request is made"),
		keys.Optional("mail_type", keys.Word[string]{To: &q.MailType, Choices: mailTypes, Hints: mailTypeHints}, "type of the mail"),
		keys.Optional("website", keys.Website{To: &q.Website}, "address on the web").Or(`"https://" + the account's name + ".example"`),
		keys.Optional("use_case", keys.Text{To: &q.UseCase, Most: 5000, Lines: true}, "description of the use case"),
		keys.Optional("list_source", answer(&f.ListSource), "how the list of recipients is built").Or(fillIn),
		keys.Optional("bounce_handling", answer(&f.BounceHandling), "what happens on bounces and complaints besides what the senders do"),
		keys.Optional("opt_out", answer(&f.OptOut), "how people get off the list").Or(fillIn),
		keys.Optional("contacts", keys.Texts{To: &q.Contacts, Most: maxContacts, Check: keys.Address}, "addresses to which AWS answers"),
		keys.Optional("language", keys.Word[string]{To: &q.Language, Choices: languages, Hints: languageHints}, "language of AWS's answer"),
		keys.Optional("acknowledge", keys.Flag{To: &r.acknowledged}, "the acknowledgement, without which AWS's form does not submit"),
		keys.Optional("outcome", keys.Word[ses.Outcome]{To: &q.Outcome, Choices: outcomes}, "AWS's answer"),
		keys.Optional("after", keys.Duration{To: &q.After, Most: maxWait}, "how long the review takes").Or("drawn by rules.prod"),
		keys.Optional("quota", keys.Whole[int64]{To: &q.Quota, Least: -1, Most: maxQuota},
			"sending quota that is granted; -1: unlimited").Or("rules.prod.quota"),
		keys.Optional("rate", keys.Whole[int64]{To: &q.Rate, Least: 1, Most: maxSendRate},
			"maximum send rate that is granted").Or("rules.prod.rate"),
		keys.Optional("regions", keys.Regions{To: &q.Regions}, "further Regions that the request is for; the customer has an account in each"),
	}}
}

// request reads one [[account.request]].
func (l *loader) request(a *sim.Account, n *tree.Node, path string) {
	r := newRequestReader(a)
	l.requestTable(r).Read(l.Reporter, n, path)
	q := &r.request
	if !r.acknowledged {
		l.Wrong(n.Table["acknowledge"], tree.Join(path, "acknowledge"), "", "AWS's form does not submit without the acknowledgement")
	}
	if n.Has("quota") && q.Quota == 0 {
		l.Wrong(n.Table["quota"], tree.Join(path, "quota"), "", "a granted quota is not 0: write at least 1, or -1 for unlimited")
	}
	if last := len(a.Requests) - 1; last >= 0 && q.At < a.Requests[last].At {
		l.WrongKey(n, path, "", "it comes before the request above it; requests must be in order of time")
	}
	a.Requests = append(a.Requests, *q)
	f := formSaid(len(l.cfg.Accounts), q, n)
	f.ListSource, f.BounceHandling, f.OptOut = r.form.ListSource, r.form.BounceHandling, r.form.OptOut
	l.forms = append(l.forms, f)
}

// maxWait is the maximum time for an answer of AWS.
const maxWait = 365 * unit.Day

var (
	mailTypes     = keys.Literal("TRANSACTIONAL", "MARKETING")
	mailTypeHints = map[string]string{"PROMOTIONAL": `AWS's page says PROMOTIONAL, but its API has MARKETING`}
	languages     = keys.Literal("EN", "JA")
	languageHints = map[string]string{"JP": `AWS's page says JP, but its API has JA`}
	outcomes      = []keys.Choice[ses.Outcome]{
		{Word: ses.Granted.String(), Is: ses.Granted}, {Word: ses.Denied.String(), Is: ses.Denied},
		{Word: ses.Failed.String(), Is: ses.Failed}, {Word: ses.MoreInfo.String(), Is: ses.MoreInfo},
	}
)
