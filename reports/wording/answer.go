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

// Topic is what the answer of a run begins with.
type Topic int

// The topics, the weightiest first: a run is about the first that applies.
const (
	Decided Topic = iota // an account came under review, was paused, or left either
	Lost                 // recipients were given up
	Held                 // recipients got no mail because they were on the global list
	Uneventful
)

// TopicOf returns what the answer of a run begins with.
func TopicOf(r *reports.Report) Topic {
	accounts := r.Summary.Accounts
	switch {
	case slices.ContainsFunc(accounts, decided) || slices.ContainsFunc(hits(r), func(e reports.Event) bool { return e.Hits > 0 }):
		return Decided
	case slices.ContainsFunc(accounts, func(a reports.Account) bool { return a.GivenUp > 0 && a.Began == a.Access }):
		return Lost
	case asksHeld(r) && slices.ContainsFunc(accounts, func(a reports.Account) bool { return a.SuppressedGlobal > 0 }):
		return Held
	}
	return Uneventful
}

// decided reports whether AWS decided about an account's standing.
func decided(a reports.Account) bool {
	return slices.ContainsFunc(a.Timeline, func(t reports.Transition) bool {
		return reports.Decides(t.Event) || t.Event == ses.EventHealthy
	})
}

// hits returns the reviews and pauses of replications.
func hits(r *reports.Report) (list []reports.Event) { return events(r, reports.Decides) }

// events returns the events of replications with a name that is wanted.
func events(r *reports.Report, wanted func(ses.Event) bool) (list []reports.Event) {
	if of := r.Summary.Replications; of != nil {
		list = slices.DeleteFunc(slices.Clone(of.Events), func(e reports.Event) bool { return !wanted(e.Name) })
	}
	return list
}

// Asked reports whether a threshold is about a figure, by the beginning of its name
// without the owner: what the scenario's question is about.
func Asked(r *reports.Report, figure string) bool {
	return slices.ContainsFunc(r.Summary.Thresholds, func(t reports.Threshold) bool {
		_, name, _ := strings.Cut(t.Metric(), ".")
		return strings.HasPrefix(name, figure)
	})
}

// asksHeld reports whether a threshold is about what the global list holds back, or about
// its additions.
func asksHeld(r *reports.Report) bool {
	return Asked(r, "suppressed_global") || slices.ContainsFunc(r.Summary.Thresholds, func(t reports.Threshold) bool {
		return t.Metric() == "global_list.added"
	})
}

// maxNamed limits the accounts or senders that a sentence names.
const maxNamed = 6

// headline is how long a first sentence of two parts may be, in bytes.
const headline = 60

// Answer answers the question of a run as far as its figures do: what happened, to whom
// and when. Its sentences have no full stop, and the first one can stand alone.
func Answer(r *reports.Report) []string {
	var list []string
	if r.Summary.Replications != nil {
		return slices.Concat(chances(r), recoveries(r), means(r))
	}
	switch TopicOf(r) {
	case Decided:
		list = append(list, fates(r), losses(r), held(r))
	case Lost:
		list = append(list, losses(r), fates(r), held(r))
	case Held:
		list = append(list, held(r), fates(r), losses(r))
	default:
		list = append(list, fates(r), losses(r))
		a := &r.Summary.Accounts[0]
		if quotaUse(r) != "" && a.Began != a.Access && !Asked(r, "time_to.granted") && !Asked(r, "count.granted") {
			slices.Reverse(list) // nobody asked when it leaves the sandbox
		}
		if short := strings.Join(list, "; "); list[1] != "" && len(short) < headline {
			list = []string{short}
		}
	}
	list = append(list, peaks(r), durations(r))
	if Asked(r, "dwell") {
		list = append(list, GlobalList(r))
	}
	list = slices.DeleteFunc(list, func(s string) bool { return s == "" })
	for i, s := range list {
		if !ownerFirst(r, s) {
			list[i] = unit.Capital(s)
		}
	}
	return list
}

// ownerFirst reports whether a sentence begins with the name of an account or a sender,
// which is not capitalized.
func ownerFirst(r *reports.Report, sentence string) bool {
	begins := func(name string) bool { return strings.HasPrefix(sentence, Clean(name)+" ") }
	return slices.ContainsFunc(r.Summary.Accounts, func(a reports.Account) bool { return begins(a.Name) }) ||
		slices.ContainsFunc(r.Summary.Senders, func(s reports.Sender) bool { return begins(s.Name) })
}

// fates says what became of the accounts: of one all that was decided, of several those
// on which a decision fell.
func fates(r *reports.Report) string {
	accounts := r.Summary.Accounts
	if len(accounts) == 1 {
		return Clean(accounts[0].Name) + " " + fate(r, &accounts[0])
	}
	var named []string
	hit := int64(0)
	for _, i := range Ranked(r) {
		if a := &accounts[i]; decided(*a) {
			hit++
			if len(named) < maxNamed {
				named = append(named, Clean(a.Name)+" "+fate(r, a))
			}
		}
	}
	all := "all " + Count(int64(len(accounts))) + " accounts"
	if len(accounts) == 2 {
		all = "both accounts"
	}
	rest := slices.DeleteFunc(slices.Clone(accounts), decided)
	switch {
	case hit == 0:
		return all + " " + stay(rest)
	case hit > int64(len(named)):
		named = append(named, "AWS decides about "+Count(hit)+" in all")
	case len(rest) == 1:
		named = append(named, Clean(rest[0].Name)+" "+fate(r, &rest[0]))
	case len(rest) > 1:
		named = append(named, "the others "+stay(rest))
	}
	return "of " + Count(int64(len(accounts))) + " accounts, " + strings.Join(named, "; ")
}

// stay says in which state accounts stay about which nothing was decided.
func stay(accounts []reports.Account) string {
	for i := range accounts {
		if accounts[i].Enforcement != accounts[0].Enforcement {
			return "keep the state that they had"
		}
	}
	return "stay " + string(Enforcement(accounts[0].Enforcement))
}

// fate says what was decided about an account, and when.
func fate(r *reports.Report, a *reports.Account) string {
	var list []string
	judged := false
	for i := range a.Timeline {
		t := &a.Timeline[i]
		words := change(a, t.Event)
		if t.Event == ses.EventAppealRejected {
			words = "has its appeal rejected"
		}
		if words != "" {
			judged = judged || reports.Decides(t.Event) || t.Event == ses.EventHealthy
			list = append(list, words+" "+On(r.Offset(t.At)))
		}
	}
	if !judged {
		state := string(Enforcement(a.Enforcement))
		if a.Access == ses.Sandbox.String() && state == string(reports.StateHealthy) {
			state = "in the sandbox"
		}
		list = append(list, "stays "+state)
	}
	if more := len(list) - maxClauses; more > 0 {
		list = append(list[:maxClauses:maxClauses], fmt.Sprintf("changes %s more", unit.Plural(int64(more), "time", "times")))
	}
	return series(list)
}

// losses says which senders gave recipients up, the worst first, and which none; "" if
// nobody did and nobody asked.
func losses(r *reports.Report) string {
	senders := slices.Clone(r.Summary.Senders)
	slices.SortStableFunc(senders, func(a, b reports.Sender) int { return cmp.Compare(b.GivenUp, a.GivenUp) })
	var lossy, reasons, spared []string
	for i := range senders {
		s := &senders[i]
		switch {
		case s.GivenUp == 0 && s.Due > 0:
			spared = append(spared, Clean(s.Name))
		case s.GivenUp > 0:
			lossy, reasons = append(lossy, loss(s, len(lossy) == 0)), append(reasons, mainReason(s.Refused))
		}
	}
	if len(lossy) == 0 {
		if Asked(r, "refused") || Asked(r, "given_up") {
			return unrefused(r)
		}
		return ""
	}
	one := len(slices.Compact(slices.Clone(reasons))) == 1
	for i := range lossy {
		if !one && reasons[i] != "" {
			lossy[i] += " (" + reasons[i] + ")"
		}
	}
	text := listed(lossy)
	if one && reasons[0] != "" {
		text += " (" + reasons[0] + ")"
	}
	if len(spared) > 0 && len(spared) <= maxNamed {
		text += "; " + series(spared) + " none"
	}
	return text
}

// loss says how many of a sender's recipients it gave up; the first one with a verb.
func loss(s *reports.Sender, first bool) string {
	if first {
		return fmt.Sprintf("%s gives up %s of %s", Clean(s.Name), Count(s.GivenUp), unit.Plural(s.Due, "recipient", "recipients"))
	}
	return fmt.Sprintf("%s %s of %s", Clean(s.Name), Count(s.GivenUp), Count(s.Due))
}

// mainReason says why most calls were refused; "" if none was.
func mainReason(f reports.Refused) string {
	if list := Ordered(f); len(list) > 0 {
		return reasonWords[list[0].Word]
	}
	return ""
}

// reasonWords say why calls were refused.
var reasonWords = map[string]string{
	"quota": "the sending quota is used up", "rate": "calls come faster than the maximum send rate",
	"unverified": "in the sandbox recipients must be verified", "paused": "sending is paused", "invalid": "the calls are invalid",
}

// unrefused says that nobody was given up, and how many attempts were refused in spite of
// that.
func unrefused(r *reports.Report) string {
	refused, late := int64(0), int64(0)
	for i := range r.Summary.Accounts {
		refused, late = refused+r.Summary.Accounts[i].Refused.Total(), late+r.Summary.Accounts[i].Late
	}
	if refused == 0 {
		return "nothing is refused" + quotaUse(r)
	}
	text := fmt.Sprintf("no recipient is given up; %s refused and tried again", unit.Plural(refused, "attempt is", "attempts are"))
	if late > 0 {
		text += fmt.Sprintf(", %s accepted late", unit.Plural(late, "recipient is", "recipients are"))
	}
	return text
}

// quotaUse says how much of which sending quota a single account used, if that is asked.
func quotaUse(r *reports.Report) string {
	a := &r.Summary.Accounts[0]
	if len(r.Summary.Accounts) > 1 || a.Quota <= 0 || !Asked(r, "refused.quota") {
		return ""
	}
	return fmt.Sprintf(": at most %s of a sending quota of %s is used, at a maximum send rate of %s a second",
		Percent(a.QuotaUse.Max), Count(a.Quota), Count(a.Rate))
}

// held says how many accepted recipients got no mail because they were on the global
// list, if that is asked: of each account or, of many, of all together; "" otherwise.
func held(r *reports.Report) string {
	if !asksHeld(r) {
		return ""
	}
	var list []string
	if len(r.Summary.Accounts) > crowd {
		suppressed, accepted := int64(0), int64(0)
		for i := range r.Summary.Accounts {
			suppressed, accepted = suppressed+r.Summary.Accounts[i].SuppressedGlobal, accepted+r.Summary.Accounts[i].Accepted
		}
		return fmt.Sprintf("%s of the %s of all accounts (%s) get no mail because they are on the global list", Count(suppressed),
			unit.Plural(accepted, "accepted recipient", "accepted recipients"), Percent(float64(suppressed)/float64(max(accepted, 1))))
	}
	for _, i := range Ranked(r) {
		if a := &r.Summary.Accounts[i]; a.SuppressedGlobal > 0 && len(list) < maxNamed {
			text := fmt.Sprintf("%s of the %s of %s get no mail because they are on the global list",
				Count(a.SuppressedGlobal), unit.Plural(a.Accepted, "accepted recipient", "accepted recipients"), Clean(a.Name))
			if a.BounceRate.Max > 0 {
				text += fmt.Sprintf("; its bounce rate peaks at %s, with %s of its own", Percent(a.BounceRate.Max),
					unit.Plural(a.HardBounced, "hard bounce", "hard bounces"))
			}
			list = append(list, text)
		}
	}
	return strings.Join(list, "; ")
}

// peaks says how high the rates went, if that is asked or decided something.
func peaks(r *reports.Report) string {
	bounce, complaint := highestRate(r, "bounce"), highestRate(r, "complaint")
	topic := TopicOf(r)
	told := topic == Held && len(r.Summary.Accounts) <= crowd // with what a list held back
	switch b, c := Asked(r, "bounce_rate") && !told || topic == Decided, Asked(r, "complaint_rate"); {
	case b && c && bounce != "" && complaint != "":
		return "the bounce rate peaks at " + bounce + ", the complaint rate at " + complaint
	case b && bounce != "":
		return "the bounce rate peaks at " + bounce
	case c && complaint != "":
		return "the complaint rate peaks at " + complaint
	}
	return ""
}

// highestRate writes the highest of a rate over all accounts, and of several accounts
// whose it is; if AWS decided about that one, also the highest of those about which it did
// not. It is "" without data.
func highestRate(r *reports.Report, word string) string {
	best, most := highestOf(r, word, func(*reports.Account) bool { return true })
	switch {
	case best == nil:
		return ""
	case len(r.Summary.Accounts) == 1:
		return Percent(most)
	}
	text := Percent(most) + " (" + Clean(best.Name)
	if decided(*best) {
		if other, rate := highestOf(r, word, func(a *reports.Account) bool { return !decided(*a) }); other != nil {
			text += "; of the others at " + Percent(rate) + ", " + Clean(other.Name)
		}
	}
	return text + ")"
}

// highestOf returns the account with the highest of a rate among those that are wanted, and
// that rate; nil without data.
func highestOf(r *reports.Report, word string, wanted func(*reports.Account) bool) (best *reports.Account, most float64) {
	for i := range r.Summary.Accounts {
		a := &r.Summary.Accounts[i]
		rate := &a.BounceRate
		if word == "complaint" {
			rate = &a.ComplaintRate
		}
		if (rate.Eligible > 0 || rate.Max > 0) && (best == nil || rate.Max > most) && wanted(a) {
			best, most = a, rate.Max
		}
	}
	return best, most
}

// durations says how long campaigns took, and when a rate fell below the review
// threshold, if that is asked.
func durations(r *reports.Report) string {
	var list []string
	for i := range r.Summary.Thresholds {
		t := &r.Summary.Thresholds[i]
		owner, name, _ := strings.Cut(t.Metric(), ".")
		if t.Value == nil || t.Kind != "duration" {
			continue
		}
		length, text := Span(time.Duration(*t.Value*float64(time.Second))), ""
		switch name {
		case "campaign_time.max":
			text = "the longest campaign of " + Clean(owner) + " takes " + length
		case "delay.max":
			text = "the longest delay of " + Clean(owner) + " is " + length
		case "bounce_rate.time_below", "complaint_rate.time_below":
			rate, _, _ := strings.Cut(name, "_")
			text = "the " + rate + " rate of " + Clean(owner) + " is below the review threshold for good after " + length
		}
		if text != "" && !slices.Contains(list, text) {
			list = append(list, text)
		}
	}
	return strings.Join(list, "; ")
}

// chances says how probable reviews and pauses are over replications.
func chances(r *reports.Report) []string {
	of := r.Summary.Replications
	var list []string
	none := true
	for _, e := range hits(r) {
		if e.Hits == 0 {
			continue
		}
		none = false
		if len(list) < maxNamed {
			list = append(list, fmt.Sprintf("%s %s in %s", Clean(e.Account), Decision(e.Name), Happens(&e, of.Count)))
		}
	}
	if none {
		bound := ""
		if all := hits(r); len(all) > 0 && all[0].Probability.High != nil {
			bound = "; of each, the probability is at most " + Percent(*all[0].Probability.High)
		}
		list = append(list, fmt.Sprintf("No account comes under review or is paused in %s replications%s", Count(int64(of.Count)), bound))
	}
	return list
}

// recoveries says how probable it is that an account is healthy again, if that is asked.
func recoveries(r *reports.Report) []string {
	if !Asked(r, "time_to.healthy") && !Asked(r, "count.healthy") {
		return nil
	}
	var list []string
	for _, e := range events(r, func(name ses.Event) bool { return name == ses.EventHealthy }) {
		if len(list) < maxNamed {
			list = append(list, fmt.Sprintf("%s is healthy again in %s", Clean(e.Account), Happens(&e, r.Summary.Replications.Count)))
		}
	}
	return list
}

// means gives the means of what is lost, with their intervals.
func means(r *reports.Report) []string {
	var list []string
	for i := range r.Summary.Replications.Metrics {
		m := &r.Summary.Replications.Metrics[i]
		owner, name, _ := strings.Cut(m.Name, ".")
		isAccount := slices.ContainsFunc(r.Summary.Accounts, func(a reports.Account) bool { return a.Name == owner })
		if name == "given_up" && isAccount && m.Mean.Value != nil && *m.Mean.Value > 0 && len(list) < maxNamed {
			list = append(list, fmt.Sprintf("%s gives up %s recipients on average", Clean(owner), Estimate(reports.Kind(m.Kind), &m.Mean)))
		}
	}
	return list
}

// Verdict writes the word for the verdict of a threshold: of one that describes what is
// expected, "as expected" or "surprise".
func Verdict(t *reports.Threshold, describes bool) string {
	switch {
	case describes && t.Verdict == "pass":
		return "as expected"
	case describes && t.Verdict == "fail":
		return "surprise"
	}
	return t.Verdict
}

// Facts says what was run.
func Facts(r *reports.Report) []string {
	s := &r.Summary
	list := []string{Span(r.End()) + " from " + s.Start.Format("Mon 2 Jan 2006, 15:04 UTC")}
	if of := s.Replications; of != nil {
		list = append(list, unit.Plural(int64(of.Count), "replication", "replications"))
	}
	return append(list, fmt.Sprintf("seed %d", s.Seed), "edition "+Clean(s.Edition), s.Status)
}
