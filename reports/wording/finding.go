package wording

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"sesim/reports"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// maxClauses limits the changes of state in a sentence.
const maxClauses = 4

// Finding sums up an account in one sentence: when and why its state changed,
// and how much of its mail was refused.
func Finding(r *reports.Report, a *reports.Account) string {
	return Clean(a.Name) + " " + strings.Join(Clauses(r, a), "; ")
}

// Clauses returns the parts of the sentence that follow the name. The last one
// is about people and refusals.
func Clauses(r *reports.Report, a *reports.Account) []string {
	if a.Due == 0 && len(a.Timeline) == 0 {
		return []string{"sends nothing"}
	}
	return append(changes(r, a), refusals(a))
}

// changes returns a clause for each change of state that matters to a sender,
// and one with the state if there was no review or pause.
func changes(r *reports.Report, a *reports.Account) []string {
	var list []string
	judged := false
	for i := range a.Timeline {
		t := &a.Timeline[i]
		clause := change(a, t.Event)
		if clause == "" {
			continue
		}
		judged = judged || reports.Decides(t.Event)
		clause += " " + On(r.Offset(t.At))
		if t.Why != "" && reports.Decides(t.Event) {
			clause += " (" + Clean(t.Why) + ")"
		}
		list = append(list, clause)
	}
	if !judged {
		list = append(list, "stays "+string(Enforcement(a.Enforcement))+rates(a)+unjudged(&r.Summary, a))
	}
	if more := len(list) - maxClauses; more > 0 {
		list = append(list[:maxClauses:maxClauses], fmt.Sprintf("changes %d more times", more))
	}
	return list
}

func change(a *reports.Account, event ses.Event) string {
	switch event {
	case ses.EventUnderReview, ses.EventPaused:
		return Decision(event)
	case ses.EventCustomerPaused:
		return "pauses its own sending"
	case ses.EventCustomerResumed:
		return "resumes it"
	case ses.EventHealthy:
		return "is healthy again"
	case ses.EventGranted:
		if a.Began != ses.Sandbox.String() {
			return "has its request granted"
		}
		return "leaves the sandbox"
	case ses.EventDenied:
		return "is denied production access"
	}
	return ""
}

// Happening returns the clause for an event of an account.
func Happening(event ses.Event) string {
	if text := change(&reports.Account{Began: ses.Sandbox.String()}, event); text != "" {
		return text
	}
	return "has " + event.String()
}

// Decision returns the clause for a review or a pause; "" for other events.
func Decision(event ses.Event) string {
	switch event {
	case ses.EventUnderReview:
		return "comes under review"
	case ses.EventPaused:
		return "is paused"
	}
	return ""
}

func rates(a *reports.Account) string {
	if a.BounceRate.Max == 0 && a.ComplaintRate.Max == 0 {
		return ""
	}
	return fmt.Sprintf(" (peak bounce rate %s, peak complaint rate %s)", Percent(a.BounceRate.Max), Percent(a.ComplaintRate.Max))
}

// unjudged says what the model does not judge, where a rate would begin a review.
func unjudged(s *reports.Summary, a *reports.Account) string {
	var parts []string
	for _, rate := range []struct {
		reached bool
		lines   *reports.Lines
		word    string
	}{
		{a.BounceRate.Max >= s.Reputation.BounceRate.Review, &s.Reputation.BounceRate, "bounce"},
		{a.ComplaintRate.Max >= s.Reputation.ComplaintRate.Review, &s.Reputation.ComplaintRate, "complaint"},
	} {
		if rate.reached { // without any there is no rate to judge
			parts = append(parts, unit.Plural(max(1, rate.lines.MinEvents), rate.word, rate.word+"s"))
		}
	}
	reads := reports.Unpublished(s.ReadsNamed([]string{"rep.min_eligible", "rep.min_events"}))
	if len(parts) == 0 || len(reads) == 0 {
		return ""
	}
	return fmt.Sprintf("; the model judges nothing below %s eligible emails or %s, AWS does not say",
		Count(s.Reputation.MinEligible), strings.Join(parts, " or "))
}

// refusals says how many recipients were given up, and how many attempts refused.
func refusals(a *reports.Account) string {
	total := a.Refused.Total()
	if total == 0 && a.GivenUp == 0 {
		return "nothing is refused"
	}
	s := "no recipient is given up"
	switch {
	case total == a.GivenUp && a.Recipients == a.Due: // nothing was tried again
		return fmt.Sprintf("%s of %s %s refused and given up (%s)",
			Count(total), unit.Plural(a.Due, "recipient", "recipients"), are(total), Reasons(a.Refused))
	case a.GivenUp > 0:
		s = fmt.Sprintf("%s of %s %s given up", Count(a.GivenUp), unit.Plural(a.Due, "recipient", "recipients"), are(a.GivenUp))
	}
	if total > 0 {
		s += fmt.Sprintf(", %s of %s %s refused (%s)",
			Count(total), unit.Plural(a.Recipients, "attempt", "attempts"), are(total), Reasons(a.Refused))
	}
	return s
}

func are(n int64) string {
	if n == 1 {
		return "is"
	}
	return "are"
}

// People says what became of the recipients that mail was due for, and how many
// attempts it took: an attempt is one recipient of one call.
func People(m *reports.Mail) string {
	s := unit.Plural(m.Due, "recipient", "recipients") + " due, " + Part(m.Accepted, m.Due) + " accepted"
	for _, of := range []struct {
		n    int64
		name string
	}{{m.Late, "of them late"}, {m.GivenUp, "given up"}, {m.Waiting, "waiting for a retry"}} {
		if of.n > 0 {
			s += ", " + Count(of.n) + " " + of.name
		}
	}
	if m.Recipients != m.Due {
		s += "; " + unit.Plural(m.Recipients, "attempt", "attempts")
	}
	return s
}

// Part writes a part of a whole, with its percentage where it is neither nothing
// nor all.
func Part(n, of int64) string {
	if n == 0 || n == of {
		return Count(n)
	}
	return Count(n) + " (" + Ratio(n, of) + ")"
}

// Ordered returns the reasons for which recipients were refused, the most
// frequent first.
func Ordered(f reports.Refused) []reports.Reason {
	list := slices.DeleteFunc(f.Reasons(), func(r reports.Reason) bool { return r.Count == 0 })
	slices.SortStableFunc(list, func(a, b reports.Reason) int { return cmp.Compare(b.Count, a.Count) })
	return list
}

// Reasons lists the reasons with their counts: "quota 300, rate 45".
func Reasons(f reports.Refused) string {
	list := Ordered(f)
	parts := make([]string, len(list))
	for i, r := range list {
		parts[i] = r.Word + " " + Count(r.Count)
	}
	return strings.Join(parts, ", ")
}

// GlobalList says in one sentence how often addresses were put on the global
// suppression list, and for how long. An address may be put there repeatedly.
func GlobalList(r *reports.Report) string {
	g := &r.Summary.GlobalList
	if g.Added == 0 {
		return "no address was put on the global list"
	}
	s, each := "1 address was put on the global list", ", for "
	if g.Added > 1 {
		s, each = "addresses were put on the global list "+Count(g.Added)+" times", ", each time for "
	}
	d := &g.Dwell
	length, same := sameLength(r)
	switch ended := g.Added - d.Censored; {
	case same && d.Censored == 0:
		return s + each + length + assumedStays(&r.Summary)
	case same && ended > 0:
		s += "; " + unit.Plural(ended, "stay", "stays") + " lasted " + length
	case slices.Contains(d.LowerBounds, "p50"): // and then the others are no longer
		s += "; median stay " + Stay(d, "p50", d.P50)
	default:
		s += "; median stay " + Stay(d, "p50", d.P50) + ", 90th percentile " + Stay(d, "p90", d.P90)
	}
	if d.Censored > 0 {
		s += fmt.Sprintf("; %s still on the list at the end", Count(d.Censored))
	}
	return s + assumedStays(&r.Summary)
}

// assumedStays says that the length of the stays is the model's, unless the scenario
// gives it.
func assumedStays(s *reports.Summary) string {
	if len(reports.Unpublished(s.ReadsNamed([]string{"global.durations"}))) == 0 {
		return ""
	}
	return "; how long is the model's assumption (global.durations)"
}

// sameLength returns the length of the stays that ended; false if it is not
// the same for all.
func sameLength(r *reports.Report) (string, bool) {
	var length time.Duration
	lengths := 0
	for i := range r.Dwell.Steps {
		if step := &r.Dwell.Steps[i]; step.Ended > 0 {
			length = step.At
			lengths++
		}
	}
	switch {
	case lengths != 1:
		return "", false
	case length%unit.Day == 0:
		return unit.Plural(int64(length/unit.Day), "day", "days"), true
	}
	return Span(length), true
}
