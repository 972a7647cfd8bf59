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

// answer drafts the answers, and notes their blanks.
func (d *Draft) answer(in *Input) {
	f := &in.Form
	d.Answers = []Answer{
		{"What we send", "What is sent, and to whom?",
			d.need(f.UseCase, "what is sent, and to whom", in.Key+".use_case")},
		{"How our list is built", "How is the mailing list built?",
			d.need(f.ListSource, "how people come onto the list, and how they agree to that", in.Key+".list_source")},
		{"Bounces and complaints", "How are bounces and complaints handled?", sentences(append(in.hygiene(), f.BounceHandling)...)},
		{"Opting out", "How do people opt out?",
			d.need(f.OptOut, "how people get off the list, and how soon", in.Key+".opt_out")},
		{"Quota and rate", "How were the sending rate and the quota arrived at?", sentences(d.sizing(in)...)},
	}
}

// sentences joins what is not empty.
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
		if s := &in.Config.Senders[i]; s.Account == in.Account {
			list = append(list, s)
		}
	}
	return list
}

// hygiene says how the account's senders treat bounces and complaints, and
// what its suppression list is for.
func (in *Input) hygiene() []string {
	bounce := split(in.senders(), func(s *sim.Sender) bool { return s.RemoveBounced })
	complaint := split(in.senders(), func(s *sim.Sender) bool { return s.RemoveComplained })
	return []string{
		bounce.say("An address that bounces permanently is taken off the list as soon as SES reports the bounce"),
		complaint.say("An address that complains is taken off the list as soon as SES reports the complaint"),
		suppression(in.Config.Accounts[in.Account].Suppression),
	}
}

// division is which senders do something, by name.
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

// say says what is done, and of whose mail where it is not all of it. What
// nobody does is not said.
func (d division) say(what string) string {
	switch {
	case len(d.do) == 0:
		return ""
	case len(d.dont) == 0:
		return what + "."
	}
	return what + " (" + names(d.do) + ")."
}

// names lists names; of many it names the first.
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
		return "SES's account-level suppression list is on for bounces and complaints."
	case ses.ListBounce:
		return "SES's account-level suppression list is on for bounces."
	case ses.ListComplaint:
		return "SES's account-level suppression list is on for complaints."
	}
	return ""
}

// sizing says what is asked for, what is sent, and what runs of the scenario
// say about that.
func (d *Draft) sizing(in *Input) []string {
	e := in.Evidence
	quota, rate := d.amount(d.Quota, "the sending quota to ask for", in.Key+".quota"), d.amount(d.Rate, "the send rate to ask for", in.Key+".rate")
	list := []string{fmt.Sprintf("We ask for %s recipients in 24 hours and %s a second.", quota, rate)}
	if mail := in.mail(); mail != "" {
		list = append(list, "Our mail: "+mail+".")
	}
	list = append(list,
		fmt.Sprintf("We simulated %s of this mail %s with other random numbers (%.0f%% confidence intervals in brackets).",
			wording.Span(e.Horizon), times(e.Runs), 100*e.Confidence),
		fmt.Sprintf("Mail to at most %s recipients is due within 24 hours%s, and to %s within a second.",
			wording.Count(int64(e.Due24h.Most)), between(e.Due24h, count), wording.Count(int64(e.DueSecond.Most))),
		fmt.Sprintf("The highest bounce rate is %s%s, the highest complaint rate %s%s.",
			wording.Percent(e.Bounce.Most), between(e.Bounce, wording.Percent), wording.Percent(e.Complaint.Most), between(e.Complaint, wording.Percent)))
	if p := in.Plan; p != nil && p.Found && (p.Quota != 0 || p.Rate != 0) {
		list = append(list, fmt.Sprintf("These are the smallest figures that keep our targets: %s. %s", strings.Join(p.Promises, "; "), p.Statement))
	}
	return list
}

// amount writes a quota or a rate, or a blank.
func (d *Draft) amount(a Asked, what, key string) string {
	text := ""
	if a.Value != 0 {
		text = wording.Quota(a.Value)
	}
	return d.need(text, what, key)
}

func count(v float64) string { return wording.Decimal(v, 1) }

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return wording.Count(int64(n)) + " times"
}

// between writes the mean of a figure and its interval in brackets; nothing
// where there is no interval, or no spread.
func between(f Figure, write func(float64) string) string {
	if !f.OK() || f.Low == f.High {
		return ""
	}
	i := f.Clip(0, f.High)
	return fmt.Sprintf(" (on average %s [%s to %s])", write(i.Value), write(i.Low), write(i.High))
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

// traffic describes what a sender sends.
func traffic(cfg *sim.Config, s *sim.Sender) string {
	t, size := &s.Traffic, wording.Count(cfg.Audiences[s.Audience].Size)
	to := " to a list of " + size
	each := ""
	if s.Recipients > 1 {
		each = fmt.Sprintf(" of %d recipients each", s.Recipients)
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
		return "as in recorded traffic" + to
	case sim.Constant:
		return "evenly " + rate(t.Rate) + each + to
	}
	return "on average " + rate(t.Rate) + each + to
}

// rate writes a rate of messages over the largest unit of time that leaves
// less than a thousand of them, or a second.
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
