package plot

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"sesim/reports"
	"sesim/reports/wording"
)

// compose selects the charts of a report.
func compose(r *reports.Report) []picture {
	chosen := slices.DeleteFunc(wording.Ranked(r), func(i int) bool {
		name := r.Summary.Accounts[i].Name
		return r.Series.Find(name, bounces.metric()) == nil || r.Bands != nil && findBand(r.Bands, name, bounces.metric()) == nil
	})
	omitted := ""
	chosen = chosen[:min(len(chosen), maxAccounts)]
	if more := len(r.Summary.Accounts) - len(chosen); more > 0 {
		omitted = fmt.Sprintf(" Accounts without charts of their own: %s; their figures are in summary.json.", wording.Count(int64(more)))
	}
	var accounts []picture
	names := namer{}
	if len(chosen) >= manyAccounts && r.Bands == nil {
		accounts = multiplePictures(r, chosen)
		for i := range accounts {
			accounts[i].Name = names.of("accounts", accounts[i].Name)
		}
		chosen = slices.DeleteFunc(chosen, func(i int) bool { return !decidedBy(&r.Summary.Accounts[i]) })
		chosen = chosen[:min(len(chosen), maxSingled)]
		omitted = ""
	}
	for _, i := range chosen {
		a := &r.Summary.Accounts[i]
		for _, p := range picturesOf(r, a) {
			p.Name = names.of(a.Name, p.Name)
			p.Caption += omitted
			accounts = append(accounts, p)
		}
	}
	list := inOrder(r, accounts)
	if len(r.Dwell.Steps) > 0 {
		list = append(list, survivalPicture(r))
	}
	if len(r.Delays) > 0 {
		list = append(list, delayPicture(r))
	}
	list = append(list, clientPictures(r, names)...)
	return append(list, assumptionPictures(r)...)
}

// maxSingled is how many of many accounts have charts of their own.
const maxSingled = 2

// decidedBy reports whether AWS decided about an account.
func decidedBy(a *reports.Account) bool {
	return slices.ContainsFunc(a.Timeline, func(t reports.Transition) bool { return reports.Decides(t.Event) })
}

// inOrder puts the chart that shows the answer first: the states of replications, the
// rate that decided, the comparison of accounts, or the flow of recipients.
func inOrder(r *reports.Report, accounts []picture) []picture {
	flow, states, diagram := flowPicture(r), statesPicture(r), diagramPicture(r)
	switch topic := wording.TopicOf(r); {
	case topic == wording.Decided && r.Bands != nil:
		return slices.Concat(states, accounts, flow, diagram)
	case topic == wording.Lost || topic == wording.Held:
		return slices.Concat(flow, states, accounts, diagram)
	case len(accounts) > 0:
		at := leading(r, accounts)
		return slices.Concat(accounts[at:at+1], flow, states, accounts[:at], accounts[at+1:], diagram)
	}
	return slices.Concat(flow, states, accounts, diagram)
}

// leading returns the index of the chart to begin with: the first that a decision names
// as its cause, or that a threshold is about.
func leading(r *reports.Report, list []picture) int {
	first := func(word string) int {
		return max(0, slices.IndexFunc(list, func(p picture) bool { return strings.HasSuffix(p.Name, word) && p.draw != nil }))
	}
	for i := range r.Summary.Accounts {
		for _, t := range r.Summary.Accounts[i].Timeline {
			if reports.Decides(t.Event) && strings.Contains(t.Why, complaints.word) && !strings.Contains(t.Why, bounces.word) {
				return first("complaint-rate")
			}
		}
	}
	quotaOnly := wording.Asked(r, "refused.quota") && !wording.Asked(r, "bounce_rate")
	if quotaOnly && wording.TopicOf(r) == wording.Uneventful {
		return first("quota")
	}
	return first("bounce-rate")
}

// picturesOf returns the charts of one account over time, of one run or of all
// replications.
func picturesOf(r *reports.Report, a *reports.Account) []picture {
	if r.Bands != nil {
		return bandPictures(r, a)
	}
	return []picture{ratePicture(r, a, bounces), ratePicture(r, a, complaints), quotaPicture(r, a)}
}

// namer makes unique file names from account names.
type namer map[string]bool

func (n namer) of(account, kind string) string {
	slug := strings.Trim(strings.Map(func(c rune) rune {
		switch {
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9':
			return c
		case c >= 'A' && c <= 'Z':
			return c - 'A' + 'a'
		}
		return '-'
	}, account), "-")
	slug = slug[:min(len(slug), 40)]
	name := strings.TrimLeft(slug+"-"+kind, "-")
	for i := 2; n[name]; i++ {
		name = strings.TrimLeft(slug+"-"+strconv.Itoa(i)+"-"+kind, "-")
	}
	n[name] = true
	return name
}

// subtitle names the run of a chart and describes one point.
func subtitle(r *reports.Report, point string) string {
	s := &r.Summary
	parts := []string{wording.Clean(s.Scenario), fmt.Sprintf("seed %d", s.Seed), point}
	if of := s.Replications; of != nil {
		parts[1] = wording.Count(int64(of.Count)) + " replications from " + parts[1]
	}
	if s.Status == reports.Interrupted {
		parts = append(parts, "interrupted after "+wording.Span(r.End()))
	}
	return strings.Join(parts, "  ·  ")
}

// sampled adds the distance of the samples.
func sampled(r *reports.Report, what string) string {
	t := r.Series.Times
	if len(t) < 2 {
		return what
	}
	every := wording.Span(t[1] - t[0])
	if unit, one := strings.CutPrefix(every, "1 "); one {
		every = map[string]string{"h": "hour", "d": "day", "min": "minute", "s": "second"}[unit]
	}
	return what + " every " + every
}

// maxRows is the maximum number of rows of the table under a chart.
const maxRows = 40

// rowsOf picks the indices of at most a number of n rows, which is above 2: the first, the
// last, keep, and others at even distances.
func rowsOf(n, keep, most int) []int {
	if n <= most {
		list := make([]int, n)
		for i := range list {
			list[i] = i
		}
		return list
	}
	var list []int
	for i := range most - 1 {
		at := i * (n - 1) / (most - 2)
		if len(list) > 0 && list[len(list)-1] < keep && keep < at {
			list = append(list, keep)
		}
		list = append(list, at)
	}
	return list
}
