package request

import (
	"fmt"
	"strings"

	"sesim/reports/wording"
	"sesim/sim"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// Answer is the answer to a question of the form.
type Answer struct {
	Label    string `json:"label"`
	Question string `json:"question"`
	Text     string `json:"text"`
}

// answer drafts the answers and records their blanks.
func (d *Draft) answer(in *Input) {
	f := &in.Form
	d.Answers = []Answer{
		{"What we send", "What is sent, and to whom?",
			d.need(f.UseCase, "what is sent, and to whom", in.Key+".use_case")},
		{"How our list is built", "How is the mailing list built?",
			d.need(f.ListSource, "how people join the list, and how they give consent", in.Key+".list_source")},
		{"Bounces and complaints", "How are bounces and complaints handled?", sentences(append(in.hygiene(), f.BounceHandling)...)},
		{"Opting out", "How do people opt out?",
			d.need(f.OptOut, "how people unsubscribe, and how soon it takes effect", in.Key+".opt_out")},
		{"Quota and rate", "How were the sending rate and the quota determined?", sentences(d.sizing(in)...)},
	}
}

// sentences joins the parts that are not empty.
func sentences(parts ...string) string {
	var list []string
	for _, p := range parts {
		if p != "" {
			list = append(list, p)
		}
	}
	return strings.Join(list, " ")
}

// senders returns the account's senders.
func (in *Input) senders() []*sim.Sender {
	var list []*sim.Sender
	for i := range in.Config.Senders {
		if s := &in.Config.Senders[i]; s.SendsFrom(in.Account) {
			list = append(list, s)
		}
	}
	return list
}

// hygiene describes how the account's senders handle bounces and complaints, and
// the reasons of its suppression list.
func (in *Input) hygiene() []string {
	bounce := split(in.senders(), func(s *sim.Sender) bool { return s.RemoveBounced })
	complaint := split(in.senders(), func(s *sim.Sender) bool { return s.RemoveComplained })
	return []string{
		bounce.say("An address that hard bounces is removed from the list as soon as SES reports the bounce"),
		complaint.say("An address that complains is removed from the list as soon as SES reports the complaint"),
		suppression(in.Config.Accounts[in.Account].Suppression),
	}
}

// division divides senders, by name, into those that do something and those that
// do not.
type division struct{ do, dont []string }

func split(senders []*sim.Sender, does func(*sim.Sender) bool) division {
	var d division
	for _, s := range senders {
		if does(s) {
			d.do = append(d.do, s.Name)
		} else {
			d.dont = append(d.dont, s.Name)
		}
	}
	return d
}

// say returns a sentence about what is done, with the senders that do it if not
// all do; "" if none does.
func (d division) say(what string) string {
	switch {
	case len(d.do) == 0:
		return ""
	case len(d.dont) == 0:
		return what + "."
	}
	return what + " (" + names(d.do) + ")."
}

// names lists names, shortened to the first few.
func names(list []string) string {
	const most = 5
	if len(list) > most {
		return strings.Join(list[:most], ", ") + fmt.Sprintf(" and %s more", wording.Count(int64(len(list)-most)))
	}
	return strings.Join(list, ", ")
}

func suppression(r ses.ListReasons) string {
	switch r {
	case ses.ListBounce | ses.ListComplaint:
		return "The account-level suppression list is enabled for bounces and complaints."
	case ses.ListBounce:
		return "The account-level suppression list is enabled for bounces."
	case ses.ListComplaint:
		return "The account-level suppression list is enabled for complaints."
	}
	return ""
}

// sizing states the requested quota and rate, describes the mail, and gives
// figures of runs of the scenario.
func (d *Draft) sizing(in *Input) []string {
	e := in.Evidence
	list := []string{d.requested(in)}
	if mail := in.mail(); mail != "" {
		list = append(list, "Our mail: "+mail+".")
	}
	list = append(list, past(in.Config.Accounts[in.Account].History)...)
	list = append(list,
		fmt.Sprintf("We simulated %s of this mail %s (%.0f%% confidence intervals in brackets).",
			wording.Span(e.Horizon), times(e.Runs), 100*e.Confidence),
		fmt.Sprintf("At most %s recipients are due within 24 hours%s, and %s within a second.",
			wording.Count(int64(e.Due24h.Most)), between(e.Due24h, count), wording.Count(int64(e.DueSecond.Most))),
		e.rate("bounce", e.Bounce, e.Bounced), e.rate("complaint", e.Complaint, e.Complained))
	if p := in.Plan; p != nil && p.Found && (p.Quota != 0 || p.Rate != 0) && d.asPlanned(p) {
		targets := strings.Join(p.Promises, "; ")
		list = append(list, fmt.Sprintf("In the simulation these are the smallest figures that meet our targets: %s. %s", targets, p.Statement))
	}
	return list
}

// past states what the account's mail before the start of the runs met: not simulated.
func past(h *sim.History) []string {
	if h == nil {
		return nil
	}
	var list []string
	sum := h.Sum()
	for _, s := range []struct {
		met    string
		of, in int64
	}{{"bounced", sum.Bounces, sum.Eligible}, {"complained", sum.Complaints, sum.ComplaintEligible}} {
		if s.in > 0 {
			share := wording.Percent(float64(s.of) / float64(s.in))
			list = append(list, fmt.Sprintf("%s of %s %s (%s)", wording.Count(s.of), wording.Count(s.in), s.met, share))
		}
	}
	if len(list) == 0 {
		return nil
	}
	return []string{fmt.Sprintf("Of our recipients of the last %s, as counted and not simulated, %s.",
		wording.Span(sum.For), strings.Join(list, ", and "))}
}

// asPlanned reports whether the requested quota and rate are those of a plan, and what
// it does not choose is the scenario's.
func (d *Draft) asPlanned(p *Plan) bool {
	as := func(planned int64, a Asked) bool {
		return a.Source == planSource || planned == 0 && a.Source != dueSource
	}
	return as(p.Quota, d.Quota) && as(p.Rate, d.Rate)
}

// requested states the requested quota and rate. Of an account in production, it is what
// the account has unless the request is for more.
func (d *Draft) requested(in *Input) string {
	key := "account." + d.Account
	if !d.Production {
		quota := d.amount(d.Quota.Value, "the sending quota to request", in.Key+".quota")
		rate := d.amount(d.Rate.Value, "the maximum send rate to request", in.Key+".rate")
		return fmt.Sprintf("We request %s recipients in 24 hours and %s a second.", quota, rate)
	}
	var more, same []string
	for _, l := range []struct {
		of       Asked
		today    int64
		key      string
		what, in string
	}{
		{d.Quota, in.Today.Quota, key + ".quota", "sending quota", "recipients in 24 hours"},
		{d.Rate, in.Today.Rate, key + ".rate", "maximum send rate", "a second"},
	} {
		today := d.amount(l.today, "the account's "+l.what, l.key)
		if !l.of.requested() {
			same = append(same, fmt.Sprintf("our %s is %s %s", l.what, today, l.in))
		} else {
			more = append(more, fmt.Sprintf("a %s of %s %s (today: %s)", l.what, wording.Quota(l.of.Value), l.in, today))
		}
	}
	switch known := in.Today.Quota != 0 && in.Today.Rate != 0; {
	case len(more) == 0 && known:
		return "We request no increase: " + strings.Join(same, ", ") + "."
	case len(more) == 0:
		return unit.Capital(strings.Join(same, ", ")) + "."
	}
	text := "We request " + strings.Join(more, " and ") + "."
	for _, s := range same {
		text += " " + unit.Capital(s) + "."
	}
	return text
}

// handful is the number of bounces or complaints in a run, on average, below which
// the highest rate of a run says nothing: one more or less decides it. Our
// assumption.
const handful = 10

// few reports whether there were too few events for a highest rate.
func (e *Evidence) few(events int64) bool { return events < handful*int64(e.Runs) }

// share returns the share of the accepted recipients that events are.
func (e *Evidence) share(events int64) float64 { return float64(events) / float64(max(e.Accepted, 1)) }

// rate states a rate: the highest of a run or, if that would rest on a handful of
// events, their share of the mail of all runs; "" if SES accepts no mail.
func (e *Evidence) rate(what string, highest Figure, events int64) string {
	if e.Accepted == 0 {
		return ""
	}
	if !e.few(events) {
		return fmt.Sprintf("The highest simulated %s rate is %s%s.", what, wording.Percent(highest.Most), between(highest, wording.Percent))
	}
	were := "were"
	if events == 1 {
		were = "was"
	}
	return fmt.Sprintf("In all runs together there %s %s for %s recipients (%s).", were,
		unit.Plural(events, what, what+"s"), wording.Count(e.Accepted), wording.Percent(e.share(events)))
}

// amount returns a quota or a rate as text, or a blank if it is 0.
func (d *Draft) amount(value int64, what, key string) string {
	text := ""
	if value != 0 {
		text = wording.Quota(value)
	}
	return d.need(text, what, key)
}

func count(v float64) string { return wording.Decimal(v, 1) }

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return wording.Count(int64(n)) + " times, each with different random numbers"
}

// between returns the mean of a figure and its interval in brackets; "" without
// an interval or without spread.
func between(f Figure, write func(float64) string) string {
	if !f.OK() || f.Low == f.High {
		return ""
	}
	i := f.Clip(0, f.High)
	return fmt.Sprintf(" (mean %s [%s to %s])", write(i.Value), write(i.Low), write(i.High))
}

// mail describes the account's senders.
func (in *Input) mail() string {
	const most = 8
	senders := in.senders()
	var parts []string
	for _, s := range senders[:min(len(senders), most)] {
		parts = append(parts, s.Name+", "+traffic(in.Config, s))
	}
	if more := len(senders) - most; more > 0 {
		parts = append(parts, fmt.Sprintf("and %s more senders", wording.Count(int64(more))))
	}
	return strings.Join(parts, "; ")
}

// traffic describes the traffic of a sender.
func traffic(cfg *sim.Config, s *sim.Sender) string {
	text := volume(cfg, s)
	if c := s.Traffic.Calendar; c != nil {
		text += ", while open: " + c.String()
	}
	return text
}

// volume describes how much a sender sends.
func volume(cfg *sim.Config, s *sim.Sender) string {
	t, size := &s.Traffic, wording.Count(cfg.Audiences[s.Audience].Size)
	to := " to a list of " + size
	if s.Mixture != nil {
		to = " to " + lists(cfg, s)
	}
	each := ""
	if mean := s.MeanRecipients(); mean > 1000 {
		each = fmt.Sprintf(" of %g recipients each", float64(mean)/1000)
	}
	switch t.Kind {
	case sim.Campaign:
		text := "the whole list of " + size
		if t.Every > 0 {
			text += " every " + wording.Span(t.Every)
		} else {
			text += " once"
		}
		return text + ", paced at " + rate(t.Rate) + each
	case sim.Recorded:
		return "recorded traffic" + to
	case sim.Constant:
		return "a constant " + rate(t.Rate) + each + to
	}
	return "on average " + rate(t.Rate) + each + to
}

// lists describes the audiences of a sender that has several.
func lists(cfg *sim.Config, s *sim.Sender) string {
	var parts []string
	for _, to := range s.Mixture {
		parts = append(parts, to.Share.String()+" to a list of "+wording.Count(cfg.Audiences[to.Audience].Size))
	}
	return "several lists: " + strings.Join(parts, ", ")
}

// rate returns a rate of messages per day if it is below 1,000, else per hour
// if that is, else per second.
func rate(r unit.Rate) string {
	v, per := r.PerSecond(), "a second"
	switch {
	case v*3600 >= 1000:
	case v*24*3600 >= 1000:
		v, per = v*3600, "an hour"
	default:
		v, per = v*24*3600, "a day"
	}
	number, what := wording.Decimal(v, 2), "messages"
	if number == "1" {
		what = "message"
	}
	return number + " " + what + " " + per
}
