package simtest

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"sesim/sim"
	"sesim/sim/rules"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// Render writes a scenario in the scenario language, with every key that its
// values need, so that a counter-example can be saved and run again. What the
// language has no word for stands in comments.
func Render(cfg *sim.Config) string {
	p := &page{cfg: cfg}
	p.header()
	p.rules()
	for i := range cfg.Accounts {
		p.account(&cfg.Accounts[i])
	}
	for i := range cfg.Audiences {
		p.audience(&cfg.Audiences[i])
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

// unsaid writes what the language has no key for, unless it is nothing.
func (p *page) unsaid(name string, value any, nothing bool) {
	if !nothing {
		fmt.Fprintf(&p.text, "# %s = %v\n", name, value)
	}
}

func (p *page) header() {
	c := p.cfg
	p.key("version", "1")
	p.key("name", quoted(c.Name))
	p.key("question", quoted(c.Question))
	p.key("edition", quoted(c.Edition))
	p.key("start", c.Start.UTC().Format(time.RFC3339Nano))
	p.key("horizon", duration(c.Horizon))
	p.key("seed", number(int64(c.Seed)))
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
	p.unsaid("customer", a.Customer, a.Customer == "")
	p.unsaid("delegates", a.Delegates, len(a.Delegates) == 0)
	p.unsaid("sets", a.Sets, len(a.Sets) == 0)
	for i := range a.Requests {
		p.request(&a.Requests[i])
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
	p.unsaid("regions", r.Regions, len(r.Regions) == 0)
}

func (p *page) audience(a *sim.Audience) {
	p.section("[[audience]]")
	p.key("name", quoted(a.Name))
	p.key("size", number(a.Size))
	if len(a.Addresses) == 0 {
		p.key("domain", quoted(a.Domain))
		p.key("local", quoted(a.Local))
	}
	p.key("invalid", quoted(a.Invalid.String()))
	p.key("hard_bounce", quoted(a.HardBounce.String()))
	p.key("mailbox_full", quoted(a.MailboxFull.String()))
	if a.FullFor > 0 {
		p.key("full_for", duration(a.FullFor))
	}
	p.key("complaint", quoted(a.Complaint.String()))
	p.key("feedback_loop", quoted(a.FeedbackLoop.String()))
	if a.DecayPer > 0 {
		p.key("decay", quoted(a.Decay.String()+"/"+unit.FormatDuration(a.DecayPer)))
	}
	p.unsaid("addresses", a.Addresses, len(a.Addresses) == 0)
	for _, share := range []struct {
		name string
		of   unit.Share
	}{
		{"dead domain", a.DeadDomain}, {"too large", a.TooLarge}, {"content rejected", a.ContentRejected},
		{"attachment rejected", a.AttachmentRejected}, {"undetermined", a.Undetermined}, {"out of office", a.OutOfOffice},
	} {
		p.unsaid(share.name, share.of, share.of == 0)
	}
}

func (p *page) sender(s *sim.Sender) {
	p.section("[[sender]]")
	p.key("name", quoted(s.Name))
	p.key("account", quoted(p.cfg.Accounts[s.Account].Name))
	p.key("from", quoted(s.From))
	p.key("audience", quoted(p.cfg.Audiences[s.Audience].Name))
	p.key("traffic", p.traffic(&s.Traffic))
	p.key("begin", duration(s.Begin))
	if s.End > 0 {
		p.key("end", duration(s.End))
	}
	p.key("pick", quoted(pickWords[s.Pick]))
	p.key("recipients", number(int64(s.Recipients)))
	p.key("interface", quoted(s.Interface.String()))
	if s.Retry.Attempts > 0 {
		p.key("retry", retries(&s.Retry))
	}
	p.key("on_bounce", quoted(hygiene(s.RemoveBounced)))
	p.key("on_complaint", quoted(hygiene(s.RemoveComplained)))
	p.unsaid("checked", s.Checked, len(s.Checked) == 0)
	p.unsaid("owner", s.Owner, !s.Delegated)
	p.unsaid("set", s.Set, s.Set == 0)
	p.unsaid("size", s.Size, s.Size == 0)
	p.unsaid("rejected", s.Rejected, s.Rejected == 0)
	p.unsaid("throttled port 25", s.Throttled25, !s.Throttled25)
}

var (
	pickWords    = [...]string{"sequential", "uniform", "zipf"}
	trafficWords = [...]string{"constant", "poisson", "campaign", "diurnal"}
)

// traffic writes when a sender's messages are due. The peak of diurnal traffic
// is a time of the day.
func (p *page) traffic(t *sim.Traffic) string {
	kind := fmt.Sprintf("{ kind = %q", trafficWords[t.Kind])
	switch {
	case t.Kind == sim.Diurnal:
		peak := p.cfg.Start.UTC().Add(t.Peak).Format("15:04")
		return fmt.Sprintf("%s, rate = %s, peak = %q, depth = %q }", kind, rateText(t.Rate), peak, t.Depth)
	case t.Kind != sim.Campaign:
		return fmt.Sprintf("%s, rate = %s }", kind, rateText(t.Rate))
	case t.Every == 0:
		return fmt.Sprintf("%s, pace = %s }", kind, rateText(t.Rate))
	}
	return fmt.Sprintf("%s, pace = %s, every = %s }", kind, rateText(t.Rate), duration(t.Every))
}

func retries(r *sim.Retry) string {
	var on []string
	for reason, again := range r.On {
		if again {
			on = append(on, ses.Reason(reason).String())
		}
	}
	return fmt.Sprintf("{ on = %s, first = %s, factor = %s, cap = %s, attempts = %d }",
		texts(on), duration(r.First), thousandths(r.Factor), duration(r.Cap), r.Attempts)
}

func hygiene(remove bool) string {
	if remove {
		return "remove"
	}
	return "keep"
}

// The words of TOML.

func quoted(text string) string { return strconv.Quote(text) }

func number(n int64) string { return strconv.FormatInt(n, 10) }

func duration(d time.Duration) string { return quoted(unit.FormatDuration(d)) }

func thousandths(n int64) string { return strconv.FormatFloat(float64(n)/1000, 'f', -1, 64) }

// rateText writes a rate whose period is a unit or a thousand of them.
func rateText(r unit.Rate) string {
	if whole := (unit.Rate{N: 1, Per: r.Per / 1000}).String(); r.N%1000 != 0 && r.Per%1000 == 0 && isPeriod(r.Per/1000) {
		return quoted(thousandths(r.N) + whole[1:])
	}
	return quoted(r.String())
}

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
