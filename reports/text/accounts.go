package text

import (
	"fmt"
	"strings"
	"time"

	"sesim/reports"
	"sesim/reports/wording"
)

// account writes the figures of an account, within a budget of lines.
func (p *printer) account(a *reports.Account, b budget) {
	p.println()
	before := "  " + wording.Shorten(wording.Clean(a.Region), 24) + ", " + a.Access + ", "
	after := "; " + quota(a)
	name := wording.Shorten(wording.Clean(a.Name), columns-len([]rune(before+string(wording.Enforcement(a.Enforcement))+after)))
	p.println(p.paint(bold, name), before, p.state(a), after)
	if a.History != nil {
		p.figure("before", "%s", wording.Past(a.History))
	}
	p.figure("mail", "%s; peak quota use %s", wording.People(&a.Mail), wording.Percent(a.QuotaUse.Max))
	if a.Refused.Total() > 0 {
		p.figure("refused", "%s of the attempts: %s", wording.Part(a.Refused.Total(), a.Recipients), p.refusals(a))
	}
	for i := range a.Refusals[:min(len(a.Refusals), b.refusals)] {
		p.println(wording.Shorten("              "+wording.Clean(a.Refusals[i].Error()), columns))
	}
	p.figure("outcome", "%s", outcome(a))
	rep := &p.r.Summary.Reputation
	p.figure("bounces", "%s", rate(&a.BounceRate, rep.BounceRate))
	p.figure("complaints", "%s", rate(&a.ComplaintRate, rep.ComplaintRate))
	if a.Cost.USD > 0 {
		p.figure("cost", "%s", wording.Cost(&a.Cost))
	}
	p.timeline(a, b.timeline)
}

func (p *printer) figure(name, format string, args ...any) {
	p.wrap("  "+pad(name, 11)+" ", strings.Repeat(" ", 14), fmt.Sprintf(format, args...))
}

func (p *printer) state(a *reports.Account) string {
	state := wording.Enforcement(a.Enforcement)
	words := string(state)
	switch state {
	case reports.StatePaused:
		return p.paint(red, words)
	case reports.StateReview:
		return p.paint(yellow, words)
	}
	return p.paint(green, words)
}

// outcome lists the outcomes of accepted mail.
func outcome(a *reports.Account) string {
	if a.Accepted == 0 {
		return "nothing accepted"
	}
	list := []string{wording.Part(a.Delivered, a.Accepted) + " delivered", wording.Part(a.HardBounced, a.Accepted) + " hard bounced"}
	for _, o := range []struct {
		n    int64
		name string
	}{
		{a.SoftBounced, "soft bounced"},
		{a.SuppressedAccount, "on the account's list"}, {a.SuppressedGlobal, "on the global list"},
		{a.Simulator, "to the simulator"}, {a.Rejected, "rejected by the content scan"}, {a.InFlight, "in flight"},
	} {
		if o.n > 0 {
			list = append(list, wording.Count(o.n)+" "+o.name)
		}
	}
	return strings.Join(list, ", ")
}

func rate(r *reports.Rate, lines reports.Lines) string {
	if r.Eligible == 0 && r.Max == 0 {
		return "no eligible mail"
	}
	return fmt.Sprintf("peak %s; at the end %s, %s of %s over %s (review %s, pause %s)",
		wording.Percent(r.Max), wording.Percent(r.Final), wording.Count(r.Events), wording.Count(r.Eligible),
		wording.Span(time.Duration(r.SpanSeconds)), wording.Percent(lines.Review), wording.Percent(lines.Pause))
}

func quota(a *reports.Account) string {
	return fmt.Sprintf("%s in 24 hours, %s a second", wording.Quota(a.Quota), wording.Count(a.Rate))
}

// refusals lists the reasons with their counts and the time of the first
// refusal.
func (p *printer) refusals(a *reports.Account) string {
	var list []string
	for _, reason := range wording.Ordered(a.Refused) {
		s := reason.Word + " " + wording.Count(reason.Count)
		if at, ok := p.r.FirstRefusal(a, reason.Word); ok {
			s += ", first " + wording.OnTenth(at)
		}
		list = append(list, s)
	}
	return strings.Join(list, "; ")
}

// timeline writes an account's timeline in at most the given number of lines.
func (p *printer) timeline(a *reports.Account, lines int) {
	shown := len(a.Timeline)
	if shown > lines {
		shown = lines - 1 // the last one says how many are left out
	}
	for _, t := range a.Timeline[:shown] {
		why := wording.Clean(t.Why)
		if t.Rule != "" {
			why += " [" + t.Rule + "]"
		}
		head := "  " + pad(wording.Clock(p.r.Offset(t.At)), 16) + " " + pad(t.Event.String(), 16) + " "
		p.println(wording.Shorten(head+strings.TrimSpace(why), columns))
	}
	if more := len(a.Timeline) - shown; more > 0 {
		p.println("  … ", wording.Count(int64(more)), " more lines in report.html")
	}
}

// reads lists the parameters on which changes of state, refusals and stays on the global
// list rest and that AWS does not publish, at most so many; the page and the summary list all.
func (p *printer) reads(most int) {
	list := reports.Unpublished(p.r.Summary.Reads)
	if len(list) == 0 || most == 0 {
		return
	}
	text := wording.Reads(list[:min(len(list), most)])
	if more := len(list) - most; more > 0 {
		text += "; and " + wording.Count(int64(more)) + " more in report.html"
	}
	p.println()
	p.wrap("", "  ", "The decisions rest on values that AWS does not publish: "+wording.Clean(text))
}

// table writes one line for each account, in the order of wording.Ranked.
func (p *printer) table() {
	p.println()
	ranked := wording.Ranked(p.r)
	shown := ranked[:min(len(ranked), maxRows)]
	width := len("account")
	for _, i := range shown {
		width = max(width, min(len([]rune(p.r.Summary.Accounts[i].Name)), 28))
	}
	p.println(p.paint(dim, pad("account", width)+"  "+pad("state", 12)+numbers("accepted", "given up", "bounce", "complaint", "quota")))
	for _, i := range shown {
		a := &p.r.Summary.Accounts[i]
		state := p.state(a) + strings.Repeat(" ", max(0, 12-len(wording.Enforcement(a.Enforcement))))
		p.println(pad(wording.Shorten(wording.Clean(a.Name), 28), width), "  ", state,
			numbers(wording.Count(a.Accepted), wording.Count(a.GivenUp), wording.Percent(a.BounceRate.Max),
				wording.Percent(a.ComplaintRate.Max), wording.Percent(a.QuotaUse.Max)))
	}
	if more := len(ranked) - len(shown); more > 0 {
		p.println("… ", wording.Count(int64(more)), " more accounts in summary.json")
	}
}

// numbers aligns the columns of numbers in a row of the table.
func numbers(accepted, givenUp, bounce, complaint, quota string) string {
	return padLeft(accepted, 13) + padLeft(givenUp, 13) + padLeft(bounce, 9) + padLeft(complaint, 11) + padLeft(quota, 8)
}
