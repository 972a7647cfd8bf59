package simtest

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"sesim/sim"
	"sesim/sim/rules"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// Page writes a scenario as Render does, and after it the files that it
// names, each under a line with its name.
func Page(cfg *sim.Config) string {
	text, files := Render(cfg), Traces(cfg)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		text += "\n-- " + name + " --\n" + files[name]
	}
	return text
}

// Render writes a scenario in the scenario language, with every key that its
// values need, so that a counter-example can be saved and run again. Recorded
// traffic is named there, and Traces has it.
func Render(cfg *sim.Config) string {
	p := &page{cfg: cfg}
	p.header()
	p.rules()
	p.serve()
	for i := range cfg.Accounts {
		p.account(&cfg.Accounts[i])
	}
	for i := range cfg.Audiences {
		p.audience(&cfg.Audiences[i])
	}
	for i := range cfg.Clients {
		p.client(&cfg.Clients[i])
	}
	for i := range cfg.Senders {
		p.sender(&cfg.Senders[i])
	}
	for i := range cfg.Actions {
		p.action(&cfg.Actions[i])
	}
	return p.text.String()
}

// page is a scenario while it is written.
type page struct {
	cfg  *sim.Config
	text strings.Builder
}

// section begins a table.
func (p *page) section(header string) { fmt.Fprintf(&p.text, "\n%s\n", header) }

// key writes a key and its value, which is TOML already.
func (p *page) key(name, value string) { fmt.Fprintf(&p.text, "%s = %s\n", name, value) }

func (p *page) header() {
	c := p.cfg
	p.key("version", "1")
	p.key("name", quoted(c.Name))
	p.key("question", quoted(c.Question))
	p.key("edition", quoted(c.Edition))
	p.key("start", c.Start.UTC().Format(time.RFC3339Nano))
	p.key("horizon", duration(c.Horizon))
	p.key("seed", number(int64(c.Seed)))
	if c.Drawn {
		p.key("draw", "true")
	}
	if len(c.Thresholds) > 0 {
		expressions := make([]string, len(c.Thresholds))
		for i, t := range c.Thresholds {
			expressions[i] = t.Expression
		}
		p.key("thresholds", texts(expressions))
	}
}

// rules writes the parameters that differ from the edition.
func (p *page) rules() {
	edition, err := rules.Edition(p.cfg.Edition)
	if err != nil {
		edition = rules.Set{} // then every parameter differs
	}
	begun := false
	for _, parameter := range rules.Parameters() {
		value := parameter.Get(&p.cfg.Rules)
		if value == parameter.Get(&edition) {
			continue
		}
		if !begun {
			p.section("[rules]")
			begun = true
		}
		p.key(parameter.Name, ruleValue(value))
	}
}

// serve writes how a Session behaves.
func (p *page) serve() {
	s := &p.cfg.Serve
	p.section("[serve]")
	p.key("addresses", number(s.Addresses))
	p.key("events", number(s.Events))
	p.key("queue", number(s.Queue))
	p.key("magic", strconv.FormatBool(s.Magic))
	after := "never"
	if s.VerifyAfter >= 0 {
		after = unit.FormatDuration(s.VerifyAfter)
	}
	p.key("verify_after", quoted(after))
	for _, t := range s.Topics {
		p.section("[[serve.topic]]")
		p.key("arn", quoted(t.ARN))
		if t.URL != "" {
			p.key("url", quoted(t.URL))
		} else {
			p.key("queue", quoted(t.Queue))
		}
		p.key("raw", strconv.FormatBool(t.Raw))
	}
}

// ruleValue writes the value of a parameter as TOML. Texts come without
// quotes; numbers, switches, lists and tables are TOML already.
func ruleValue(value string) string {
	if _, err := strconv.ParseFloat(value, 64); err == nil || value == "true" || value == "false" || strings.ContainsAny(value[:1], "[{") {
		return value
	}
	return quoted(value)
}

func (p *page) account(a *sim.Account) {
	p.section("[[account]]")
	p.key("name", quoted(a.Name))
	p.key("region", quoted(a.Region))
	p.key("access", quoted(a.Access.String()))
	p.key("quota", number(a.Quota))
	p.key("rate", number(a.Rate))
	p.key("identities", texts(a.Identities))
	p.key("suppression", reasons(a.Suppression))
	if a.Customer != "" {
		p.key("customer", quoted(a.Customer))
	}
	if len(a.Delegates) > 0 {
		p.key("delegates", texts(p.accounts(a.Delegates)))
	}
	p.key("price", fmt.Sprintf("{ per_thousand = %s, plan_month = %s, dedicated_month = %s }",
		milli(a.Price.PerThousand), milli(a.Price.PlanMonth), milli(a.Price.DedicatedMonth)))
	p.history(a.History)
	for i := range a.Sets {
		p.configurationSet(&a.Sets[i])
	}
	for i := range a.Requests {
		p.request(&a.Requests[i])
	}
}

// history writes what an account brings along, which has no points.
func (p *page) history(h *sim.History) {
	if h == nil {
		return
	}
	p.section("[account.history]")
	if b := &h.Before; b.For > 0 {
		p.key("eligible", number(b.Eligible))
		p.key("bounces", number(b.Bounces))
		p.key("complaint_eligible", number(b.ComplaintEligible))
		p.key("complaints", number(b.Complaints))
		p.key("over", duration(b.For))
	}
	if h.Order != ses.OrderUnsaid {
		p.key("order", quoted(h.Order.String()))
	}
	p.key("used_24h", number(h.Used))
	p.key("listed", fmt.Sprintf("{ bounce = %d, complaint = %d }", h.Listed.Bounce, h.Listed.Complaint))
	switch {
	case h.CustomerPaused:
		p.key("status", quoted("paused"))
		p.key("paused_by", quoted("customer"))
	default:
		p.key("status", quoted([...]string{"healthy", "under-review", "paused"}[h.Status]))
	}
	if h.Since > 0 {
		p.key("since", duration(h.Since))
	}
	switch {
	case h.Cause == ses.CauseOther:
		p.key("cause", quoted(h.Why))
	case !h.CustomerPaused && (h.Status != ses.Healthy || h.Reviews > 0):
		p.key("cause", quoted([...]string{"bounces", "complaints"}[h.Cause]))
		p.key("reviews", number(h.Reviews))
	}
}

// milli renders thousandths.
func milli(n int64) string { return fmt.Sprintf("%d.%03d", n/1000, n%1000) }

// accounts returns the names of accounts.
func (p *page) accounts(indices []int) []string {
	names := make([]string, len(indices))
	for i, index := range indices {
		names[i] = p.cfg.Accounts[index].Name
	}
	return names
}

func (p *page) configurationSet(c *sim.ConfigurationSet) {
	p.section("[[account.configuration_set]]")
	p.key("name", quoted(c.Name))
	if c.Overrides {
		p.key("suppression", reasons(c.Suppression))
	}
	p.key("sending", strconv.FormatBool(!c.Paused))
	p.key("exists", strconv.FormatBool(!c.Missing))
	if c.MaxDelivery > 0 {
		p.key("max_delivery", duration(c.MaxDelivery))
	}
}

func (p *page) request(r *sim.Request) {
	p.section("[[account.request]]")
	p.key("at", duration(r.At))
	p.key("mail_type", quoted(r.MailType))
	p.key("website", quoted(r.Website))
	p.key("use_case", quoted(r.UseCase))
	p.key("contacts", texts(r.Contacts))
	p.key("language", quoted(r.Language))
	p.key("outcome", quoted(r.Outcome.String()))
	if r.After >= 0 {
		p.key("after", duration(r.After))
	}
	if r.Quota != 0 {
		p.key("quota", number(r.Quota))
	}
	if r.Rate != 0 {
		p.key("rate", number(r.Rate))
	}
	if len(r.Regions) > 0 {
		p.key("regions", texts(r.Regions))
	}
}

// audience writes a population. Its size and its domain are those of the
// addresses where it names them.
func (p *page) audience(a *sim.Audience) {
	p.section("[[audience]]")
	p.key("name", quoted(a.Name))
	if len(a.Addresses) > 0 {
		p.key("addresses", texts(a.Addresses))
	} else {
		p.key("size", number(a.Size))
		p.key("domain", quoted(a.Domain))
		p.key("local", quoted(a.Local))
	}
	if len(a.Match) > 0 {
		p.key("match", texts(a.Match))
	}
	if a.Contacted > 0 {
		p.key("contacted", duration(a.Contacted))
	} else {
		p.key("first_contact", strconv.FormatBool(!a.NotFirst))
	}
	if a.FullFor > 0 {
		p.key("full_for", duration(a.FullFor))
	}
	if a.DeferredFor > 0 {
		p.key("deferred_for", duration(a.DeferredFor))
	}
	if a.Deferral != "" {
		p.key("deferral", quoted(a.Deferral))
	}
	if a.ChurnPer > 0 {
		p.key("churn", quoted(a.Churn.String()+"/"+unit.FormatDuration(a.ChurnPer)))
	}
	switch g := &a.Growth; {
	case g.Rate.N > 0:
		p.key("growth", fmt.Sprintf("{ rate = %s, limit = %d }", quoted(g.Rate.String()), g.Limit))
	case g.Share > 0:
		p.key("growth", fmt.Sprintf("{ share = %s, limit = %d }", quoted(g.Share.String()+"/"+unit.FormatDuration(g.Per)), g.Limit))
	}
	if a.RevivePer > 0 {
		p.key("revive", quoted(a.Revive.String()+"/"+unit.FormatDuration(a.RevivePer)))
	}
	if a.DecayPer > 0 {
		p.key("decay", p.value("audience."+a.Name+".decay", quoted(a.Decay.String()+"/"+unit.FormatDuration(a.DecayPer))))
	}
	for _, share := range []struct {
		key string
		of  unit.Share
	}{
		{"invalid", a.Invalid}, {"dead_domain", a.DeadDomain}, {"feedback_loop", a.FeedbackLoop},
		{"hard_bounce", a.HardBounce}, {"mailbox_full", a.MailboxFull}, {"message_too_large", a.TooLarge},
		{"content_rejected", a.ContentRejected}, {"attachment_rejected", a.AttachmentRejected}, {"undetermined", a.Undetermined},
		{"blocked_ip", a.BlockedIP}, {"deferred", a.Deferred},
		{"complaint", a.Complaint}, {"out_of_office", a.OutOfOffice},
	} {
		p.key(share.key, p.value("audience."+a.Name+"."+share.key, quoted(share.of.String())))
	}
}

// value writes a value that may be uncertain.
func (p *page) value(path, plain string) string {
	for i := range p.cfg.Uncertain {
		if u := &p.cfg.Uncertain[i]; p.cfg.Path(u) == path {
			return "{ " + u.Text() + " }"
		}
	}
	return plain
}

// The words of TOML.

func quoted(text string) string { return strconv.Quote(text) }

func number(n int64) string { return strconv.FormatInt(n, 10) }

func duration(d time.Duration) string { return quoted(unit.FormatDuration(d)) }

func thousandths(n int64) string { return strconv.FormatFloat(float64(n)/1000, 'f', -1, 64) }

func isPeriod(d time.Duration) bool {
	for _, p := range periods {
		if d == p {
			return true
		}
	}
	return false
}

func texts(list []string) string {
	quotes := make([]string, len(list))
	for i, text := range list {
		quotes[i] = quoted(text)
	}
	return "[" + strings.Join(quotes, ", ") + "]"
}

func reasons(r ses.ListReasons) string {
	if r == 0 {
		return "[]"
	}
	return texts(strings.Split(r.String(), ","))
}
