package scenarios

import (
	"net/url"
	"regexp"
	"slices"
	"time"

	"sesim/scenarios/internal/tree"
	"sesim/sim"
	"sesim/sim/ses"
)

// Limits of the service, and on what a run computes with.
const (
	maxQuota      = 1_000_000_000 // recipients in 24 hours
	maxSendRate   = 1_000_000     // recipients a second
	maxIdentities = 10_000        // of an account in a Region
	maxContacts   = 4             // of a production-access request
	maxRequests   = 1000
	maxAnswer     = 1000 // characters of an answer in a request
)

// account reads one [[account]].
func (l *loader) account(n *tree.Node, path string) {
	a := defaultAccount()
	count := l.accounts.add(l, n, path)
	l.table(n, path, schema{fields: []field{
		must("name", name{&a.Name}),
		may("count", countOf{&l.accounts}),
		may("region", region{&a.Region}),
		may("access", word[ses.Access]{&a.Access, accesses, nil}),
		may("quota", whole[int64]{&a.Quota, -1, maxQuota}),
		may("rate", whole[int64]{&a.Rate, 1, maxSendRate}),
		may("identities", texts{&a.Identities, maxIdentities, mailIdentity}),
		may("suppression", reasons{&a.Suppression}),
		may("customer", text{&a.Customer, 1, 64, false}),
		may("delegates", afterwards{delegates{}}),
		may("configuration_set", setsOf{&a.Sets}),
		may("request", afterwards{requestsOf{}}),
	}})
	l.completeAccount(&a, n)
	if requests := n.Table["request"]; requests != nil {
		requestsOf{&a}.read(l, requests, tree.Join(path, "request"))
	}
	l.cfg.Accounts = append(l.cfg.Accounts, a)
	if _, isGroup := l.accounts.counted(n); isGroup {
		l.accountGroup(n, path, count)
	}
}

// accountGroup makes of the last account so many, each with requests of its
// own.
func (l *loader) accountGroup(n *tree.Node, path string, count int) {
	l.without(n, path, count, map[string]string{
		"customer":  "a customer has one account in a Region",
		"delegates": "name who may send in a table of its own",
	})
	first := len(l.cfg.Accounts) - 1
	l.cfg.Accounts = expand(l.cfg.Accounts, count, func(a *sim.Account, i int) { a.Name = l.accounts.list[first+i] })
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

var accesses = []choice[ses.Access]{{ses.Sandbox.String(), ses.Sandbox}, {ses.Production.String(), ses.Production}}

func defaultAccount() sim.Account {
	return sim.Account{Region: "us-east-1", Suppression: ses.ListBounce | ses.ListComplaint}
}

// The sandbox's quota and rate.
const (
	sandboxQuota = 200
	sandboxRate  = 1
)

// completeAccount sets the defaults that depend on the account's access.
func (l *loader) completeAccount(a *sim.Account, n *tree.Node) {
	quota, rate := int64(sandboxQuota), int64(sandboxRate)
	if a.Access == ses.Production {
		quota, rate = l.cfg.Rules.Prod.Quota, l.cfg.Rules.Prod.Rate
	}
	if !n.Has("quota") {
		a.Quota = quota
	}
	if !n.Has("rate") {
		a.Rate = rate
	}
}

// region reads the name of an AWS Region.
type region struct{ to *string }

const regionPattern = `[a-z]{2}(-[a-z]{1,16}){1,2}-[0-9]{1,2}`

var regionForm = regexp.MustCompile(`^` + regionPattern + `$`)

func (r region) read(l *loader, n *tree.Node, path string) {
	v, _ := n.Value.(string)
	if !regionForm.MatchString(v) {
		l.Wrong(n, path, "", `%s is not a Region: write its name, such as "us-east-1"`, n.Show())
		return
	}
	*r.to = v
}

// regions reads a list of AWS Regions.
type regions struct{ to *[]string }

// maxRegions is the most Regions that one request names.
const maxRegions = 100

func (r regions) read(l *loader, n *tree.Node, path string) {
	items, ok := l.items(n, path, maxRegions)
	if !ok {
		return
	}
	for _, item := range items {
		name := ""
		region{&name}.read(l, item.Node, item.path)
		*r.to = append(*r.to, name)
	}
}

// requestsOf reads the production-access requests of an account, which stand
// in order of time.
type requestsOf struct{ to *sim.Account }

func (r requestsOf) read(l *loader, n *tree.Node, path string) {
	r.section().read(l, n, path)
}

func (r requestsOf) section() section { return section{0, maxRequests, r.request} }

// request reads one [[account.request]].
func (r requestsOf) request(l *loader, n *tree.Node, path string) {
	q := sim.Request{
		MailType: "TRANSACTIONAL", Website: "https://" + r.to.Name + ".example", Language: "EN",
		Outcome: ses.Granted, After: -1,
	}
	acknowledged := true
	var said Form
	l.table(n, path, schema{fields: []field{
		may("at", moment{&q.At}),
		may("mail_type", word[string]{&q.MailType, mailTypes, mailTypeHints}),
		may("website", website{&q.Website}),
		may("use_case", text{&q.UseCase, 0, 5000, true}),
		may("list_source", text{&said.ListSource, 1, maxAnswer, true}),
		may("bounce_handling", text{&said.BounceHandling, 1, maxAnswer, true}),
		may("opt_out", text{&said.OptOut, 1, maxAnswer, true}),
		may("contacts", texts{&q.Contacts, maxContacts, mailAddress}),
		may("language", word[string]{&q.Language, languages, languageHints}),
		may("acknowledge", flag{&acknowledged}),
		may("outcome", word[ses.Outcome]{&q.Outcome, outcomes, nil}),
		may("after", duration{&q.After, 0, maxWait}),
		may("quota", whole[int64]{&q.Quota, -1, maxQuota}),
		may("rate", whole[int64]{&q.Rate, 1, maxSendRate}),
		may("regions", regions{&q.Regions}),
	}})
	if !acknowledged {
		l.Wrong(n.Table["acknowledge"], tree.Join(path, "acknowledge"), "", "AWS's form does not submit without the acknowledgement")
	}
	if n.Has("quota") && q.Quota == 0 {
		l.Wrong(n.Table["quota"], tree.Join(path, "quota"), "", "a granted quota is not 0: write at least 1, or -1 for unlimited")
	}
	if last := len(r.to.Requests) - 1; last >= 0 && q.At < r.to.Requests[last].At {
		l.WrongKey(n, path, "", "it comes before the request above it; requests stand in order of time")
	}
	r.to.Requests = append(r.to.Requests, q)
	f := formSaid(len(l.cfg.Accounts), &q, n)
	f.ListSource, f.BounceHandling, f.OptOut = said.ListSource, said.BounceHandling, said.OptOut
	l.forms = append(l.forms, f)
}

// maxWait is the longest that an answer of AWS may take.
const maxWait = 365 * 24 * time.Hour

var (
	mailTypes     = []choice[string]{{"TRANSACTIONAL", "TRANSACTIONAL"}, {"MARKETING", "MARKETING"}}
	mailTypeHints = map[string]string{"PROMOTIONAL": `AWS's page says PROMOTIONAL, but its API has MARKETING`}
	languages     = []choice[string]{{"EN", "EN"}, {"JA", "JA"}}
	languageHints = map[string]string{"JP": `AWS's page says JP, but its API has JA`}
	outcomes      = []choice[ses.Outcome]{
		{ses.Granted.String(), ses.Granted}, {ses.Denied.String(), ses.Denied},
		{ses.Failed.String(), ses.Failed}, {ses.MoreInfo.String(), ses.MoreInfo},
	}
)

// website reads an address on the web.
type website struct{ to *string }

func (w website) read(l *loader, n *tree.Node, path string) {
	var v string
	text{&v, 1, 1000, false}.read(l, n, path)
	if v == "" {
		return
	}
	u, err := url.Parse(v)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		l.Wrong(n, path, "", `%s is not the address of a website: write one such as "https://acme.example"`, n.Show())
		return
	}
	*w.to = v
}
