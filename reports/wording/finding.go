package wording

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"sesim/reports"
	"sesim/sim/ses"
)

// maxClauses bounds how many changes of state a sentence tells.
const maxClauses = 4

// Finding says in one sentence what became of an account: when its state
// changed and why, and how much of its mail was refused.
func Finding(r *reports.Report, a *reports.Account) string {
	return Clean(a.Name) + " " + strings.Join(Clauses(r, a), "; ")
}

// Clauses returns the parts of the sentence behind the name, what was refused
// last.
func Clauses(r *reports.Report, a *reports.Account) []string {
	if a.Recipients == 0 && len(a.Timeline) == 0 {
		return []string{"sends nothing"}
	}
	return append(changes(r, a), refusals(a))
}

// changes returns a clause for each change of state that matters to somebody
// who sends, or one that says there was none.
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
		list = append(list, "stays "+string(Enforcement(a.Enforcement))+rates(a))
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

// Decision says what a review or a pause does to an account; it is empty for
// other events.
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
	return fmt.Sprintf(" (bounce rate at most %s, complaint rate at most %s)", Percent(a.BounceRate.Max), Percent(a.ComplaintRate.Max))
}

func refusals(a *reports.Account) string {
	total := a.Refused.Total()
	if total == 0 {
		return "nothing is refused"
	}
	return fmt.Sprintf("%s of %s recipients are refused (%s)", Count(total), Count(a.Recipients), Reasons(a.Refused))
}

// Ordered returns the reasons that refused somebody, the most frequent first.
func Ordered(f reports.Refused) []reports.Reason {
	list := slices.DeleteFunc(f.Reasons(), func(r reports.Reason) bool { return r.Count == 0 })
	slices.SortStableFunc(list, func(a, b reports.Reason) int { return cmp.Compare(b.Count, a.Count) })
	return list
}

// Reasons lists the reasons for which recipients were refused: "quota 300,
// rate 45".
func Reasons(f reports.Refused) string {
	list := Ordered(f)
	parts := make([]string, len(list))
	for i, r := range list {
		parts[i] = r.Word + " " + Count(r.Count)
	}
	return strings.Join(parts, ", ")
}

// GlobalList says in one sentence how long addresses stayed on the global
// suppression list.
func GlobalList(g *reports.GlobalList) string {
	d := &g.Dwell
	if g.Added == 0 {
		return "no address comes onto the global list"
	}
	s := fmt.Sprintf("%s; half the stays end within %s, 90%% within %s", plural(g.Added, "stay on the global list", "stays on the global list"),
		AtLeast(d, "p50", d.P50), AtLeast(d, "p90", d.P90))
	if d.Censored > 0 {
		s += fmt.Sprintf("; %s still going on at the end", Count(d.Censored))
	}
	return s
}

func plural(n int64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return Count(n) + " " + many
}
