package calibrate

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"sesim/scenarios/history"
	"sesim/sim/estimate"
	"sesim/sim/unit"
)

// Limits that accounts with production access have at least.
const (
	usualQuota = 50_000
	usualRate  = 14
)

// mostCampaigns limits the campaigns to new lists that the scenario has.
const mostCampaigns = 52

// writer writes a scenario, line by line.
type writer struct{ strings.Builder }

// key writes a key, with a comment if there is one.
func (w *writer) key(name, value, comment string) {
	line := name + " = " + value
	if comment != "" {
		line += " # " + comment
	}
	w.line(line)
}

func (w *writer) line(text string) { w.WriteString(text + "\n") }

func quoted(text string) string { return strconv.Quote(text) }

// scenario writes scenario.toml.
func (r *result) scenario() []byte {
	w := new(writer)
	w.line("# Calibrated by sesim from the log of an account. Comments have the estimate, its")
	w.line(fmt.Sprintf("# %s interval, and what it rests on. calibration.json has more.", percent(r.confidence)))
	w.key("version", "1", "")
	w.key("name", quoted(r.Name), "")
	w.key("question", quoted("How does the account go on as it is?"), "")
	w.key("start", utc(r.start), "where the log ends")
	w.key("horizon", quoted(unit.FormatDuration(r.horizon)), "")
	r.writeRules(w)
	r.writeAccount(w)
	for i := range r.account.Senders {
		r.writeSender(w, i)
	}
	for i := range r.aside {
		r.writeAside(w, &r.aside[i])
	}
	return []byte(w.String())
}

func (r *result) writeRules(w *writer) {
	if r.volume.Identifiable() {
		w.line("\n[rules.rep]")
		w.key("window_eligible", strconv.FormatFloat(r.volume.Value, 'f', 0, 64), numberText(r.volume))
	}
}

// need returns the recipients a day and a second that the mail needs.
func (r *result) need() (day, second float64) {
	for _, s := range slices.Concat(r.account.Senders, r.aside) {
		t := &s.Traffic
		most := int64(0)
		for _, c := range t.Campaigns {
			most = max(most, c.Messages)
		}
		day += float64(most) + float64(24*t.Rate.Value)
		second += max(t.Pace, 1)
	}
	return day, second
}

func (r *result) writeAccount(w *writer) {
	w.line("\n[[account]]")
	w.key("name", quoted(r.Name), "")
	if r.region != "" {
		w.key("region", quoted(r.region), "")
	}
	w.key("access", quoted("production"), "")
	day, second := r.need()
	quota, rate, quotaNote, rateNote := r.known.Quota, r.known.Rate, "get-account", "get-account"
	if r.sends != nil { // what was accepted then is accepted
		quota, rate, quotaNote, rateNote = -1, 1e6, "accepted then", "accepted then"
	} else if quota < 0 {
		quota, quotaNote = max(usualQuota, math.Ceil(2*day)), "assumed"
	}
	if rate < 1 {
		rate, rateNote = max(usualRate, math.Ceil(second)), "assumed"
	}
	w.key("quota", strconv.FormatFloat(min(quota, 1e9), 'f', 0, 64), quotaNote)
	w.key("rate", strconv.FormatFloat(min(rate, 1e6), 'f', 0, 64), rateNote)
	w.key("identities", "["+quoted(r.domain())+"]", "")
	w.line("\n[account.history]")
	if len(r.points) > 0 {
		w.key("file", quoted("history.csv"), "")
	}
	if r.known.Used >= 0 {
		w.key("used_24h", strconv.FormatFloat(r.known.Used, 'f', 0, 64), "get-account")
	}
	if status := r.known.Status(); status != "" && status != "healthy" {
		w.key("status", quoted(status), "since and cause are not known: assumed to begin now, for bounces")
	}
	if l := r.known.Listed; r.known.Suppressed != nil {
		w.key("listed", fmt.Sprintf("{ bounce = %d, complaint = %d }", l.Bounce, l.Complaint), "list-suppressed-destinations")
	}
}

// domain is the one that stands for those of the senders.
func (r *result) domain() string { return r.Name + ".example" }

// writeSender writes a sender with its audience; one for each campaign where most mail of
// campaigns goes to addresses that have had none.
func (r *result) writeSender(w *writer, i int) {
	s := &r.account.Senders[i]
	if r.sends != nil {
		for n, rows := range r.sends[i] {
			if len(rows) == 0 {
				continue
			}
			r.writePair(w, s, pair{name: pairName(i, n), rows: rows, fresh: s.Fresh || n > 0})
		}
		return
	}
	first, every := r.calendar(s)
	if !s.Fresh {
		r.writePair(w, s, pair{name: senderName(i), first: first, every: every})
		return
	}
	for n := 0; n < mostCampaigns && first < r.horizon; n++ {
		r.writePair(w, s, pair{name: pairName(i, n), first: first, fresh: true})
		first += every
	}
}

// pair is an audience and its sender.
type pair struct {
	name         string
	fresh        bool            // the audience has had no mail so far
	first, every time.Duration   // of campaigns
	rows         []time.Duration // when messages were sent, since the start; nil: as estimated
}

// pairName names a list of a sender that has several.
func pairName(sender, list int) string { return fmt.Sprintf("%s-%d", senderName(sender), list+1) }

// file names the trace of a pair.
func (p *pair) file() string { return p.name + ".csv" }

// calendar returns when the next campaign starts, after the start, and the time from one
// to the next; 0 for none.
func (r *result) calendar(s *estimate.Sender) (first, every time.Duration) {
	list := s.Traffic.Campaigns
	if len(list) < 2 {
		return 0, 0
	}
	every = s.Traffic.Every
	if every == 0 {
		every = (list[len(list)-1].Start - list[0].Start) / time.Duration(len(list)-1)
	}
	every = max(every.Round(time.Minute), time.Hour)
	first = list[len(list)-1].Start + every - r.start
	for first < 0 {
		first += every
	}
	return first.Round(time.Second), every
}

// writePair writes an audience and its sender; two audiences for steady mail, if addresses
// of the list have had none so far.
func (r *result) writePair(w *writer, s *estimate.Sender, p pair) {
	list := strings.Replace(p.name, "sender", "list", 1)
	r.writeList(w, s, list, p.fresh, int64(len(p.rows)))
	audience := quoted(list)
	if share := unwrittenShare(s); !p.fresh && p.rows == nil && share > 0 {
		r.writeList(w, s, list+"-new", true, 0)
		audience = fmt.Sprintf(`{ %s = "%s", %[1]s-new = "%[3]s" }`, list, percent4(1-share), percent4(share))
	}
	w.line("\n[[sender]]")
	w.key("name", quoted(p.name), "")
	w.key("account", quoted(r.Name), "")
	w.key("from", quoted(p.name+"@"+r.domain()), "")
	w.key("audience", audience, "")
	r.writeTraffic(w, s, &p)
}

// writeList writes an audience, to which so many messages are sent; 0 for as estimated.
func (r *result) writeList(w *writer, s *estimate.Sender, name string, fresh bool, sent int64) {
	w.line("\n[[audience]]")
	w.key("name", quoted(name), "")
	r.writeSize(w, s, fresh, sent)
	r.writeAudience(w, s, fresh)
}

// percent4 writes a share with four decimals at most.
func percent4(x float64) string {
	return strconv.FormatFloat(math.Round(1e6*x)/1e4, 'f', -1, 64) + "%"
}

// unwritten returns how many addresses of the list have had no mail so far.
func unwritten(s *estimate.Sender) int64 {
	if !s.Size.Identifiable() {
		return 0
	}
	return max(0, int64(s.Size.Value)-s.Addresses)
}

// kept returns how many addresses of the list had mail and go on getting it: they have
// neither bounced nor complained.
func kept(s *estimate.Sender) int64 { return max(1, s.Addresses-s.Gone-s.Complaint.K) }

// unwrittenShare is that of the addresses without mail so far, of those that go on
// getting it, to a ten thousandth of a percent.
func unwrittenShare(s *estimate.Sender) float64 {
	n := float64(unwritten(s))
	return math.Round(1e6*n/(n+float64(kept(s)))) / 1e6
}

// writeTraffic writes when a sender's messages are due.
func (r *result) writeTraffic(w *writer, s *estimate.Sender, p *pair) {
	t := &s.Traffic
	if p.rows != nil {
		if len(t.Campaigns) == 0 {
			w.key("pick", quoted("uniform"), "")
		}
		w.key("traffic", `{ kind = "trace", file = `+quoted(p.file())+" }", "")
		return
	}
	if len(t.Campaigns) == 0 {
		if s.Size.Identifiable() {
			w.key("pick", quoted("uniform"), "")
		} else {
			w.key("pick", quoted("uniform"), "assumed")
		}
		rate := max(1, int64(math.Round(float64(24*t.Rate.Value)*(1-s.OnList))))
		comment := numberText(t.Rate) + " an hour"
		if s.OnList > 0 {
			comment += ", " + percent(s.OnList) + " of the last week's to addresses on the account's list"
		}
		w.key("traffic", fmt.Sprintf(`{ kind = "poisson", rate = "%d/d", profile = { weekday = %s, hour = %s } }`,
			rate, list(t.Weekday[:]), list(t.Hour[:])), comment)
		return
	}
	w.key("begin", quoted(unit.FormatDuration(p.first)), "")
	traffic := `{ kind = "campaign"`
	if p.every > 0 {
		traffic += ", every = " + quoted(unit.FormatDuration(p.every))
	}
	if t.Pace > 0 {
		traffic += fmt.Sprintf(`, pace = "%d/h"`, max(1, int64(math.Round(3600*t.Pace))))
	}
	comment := unit.Plural(int64(len(t.Campaigns)), "campaign", "campaigns")
	if t.Every == 0 && p.every > 0 {
		comment += ", at different distances: their mean is assumed"
	}
	w.key("traffic", traffic+" }", comment)
}

func list(weights []float64) string {
	parts := make([]string, len(weights))
	for i, x := range weights {
		parts[i] = strconv.FormatFloat(three(x), 'f', -1, 64)
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

// writeAudience writes the keys of an audience, estimated ones with their distribution.
func (r *result) writeAudience(w *writer, s *estimate.Sender, fresh bool) {
	r.writeInvalid(w, s, fresh)
	if d := s.Decay; d.Identifiable() {
		w.key("decay", strings.Replace(gamma(d.K, float64(d.N)/30), " }", `, per = "30d" }`, 1), shareText(d))
	}
	if h := s.HardBounce; h.Identifiable() && (h.K > 0 || !s.Invalid.Identifiable() && !s.Decay.Identifiable()) {
		w.key("hard_bounce", counts(&h), shareText(h))
	}
	for i := range s.Soft {
		key, e := softKeys[s.Soft[i].Bounce], &s.Soft[i].Estimate
		if key != "" && e.Identifiable() && e.K > 0 {
			w.key(key, counts(e), shareText(*e))
		}
	}
	loop, note := r.feedbackLoop()
	w.key("feedback_loop", quoted(percent4(loop)), note)
	if c := s.Complaint; c.Identifiable() {
		w.key("complaint", gamma(c.K, float64(float64(c.N)*loop)),
			fmt.Sprintf("reported: %s; the others are assumed to be as many for each address", shareText(c)))
	}
}

// feedbackLoop returns the share of the addresses that are at providers which report
// complaints, and where it is from.
func (r *result) feedbackLoop() (share float64, note string) {
	if r.loop.Identifiable() {
		return r.loop.Value, shareText(r.loop)
	}
	return history.AssumedLoop, "assumed; plausible are 20% to 60%"
}

// writeInvalid writes the share of a list that gets its first mail. On one that has had
// mail, the invalid addresses are gone already.
func (r *result) writeInvalid(w *writer, s *estimate.Sender, fresh bool) {
	invalid := named{"invalid", s.Invalid, &s.InvalidSpread, true}
	if !s.Invalid.Identifiable() {
		w.line("# invalid: " + invalid.text())
		if s.Later.Identifiable() {
			w.line("# hard bounces of later contacts: " + (&named{"", s.Later, &s.LaterSpread, true}).text())
		}
		return
	}
	value := counts(&s.Invalid)
	if s.InvalidSpread.Differs() {
		value = beta(s.InvalidSpread.A, s.InvalidSpread.B)
	}
	if !fresh {
		w.line("# of a list without mail so far:")
		w.WriteString("# ")
	}
	w.key("invalid", value, invalid.text())
}

// writeSize writes the size of a list. Sent is how many messages go to one that is new and
// whose sends are known; otherwise 0. Addresses that bounced or complained get no more mail.
func (r *result) writeSize(w *writer, s *estimate.Sender, fresh bool, sent int64) {
	switch n := len(s.Traffic.Campaigns); {
	case s.Fresh && sent > 0:
		w.key("size", strconv.FormatInt(sent, 10), "its messages")
		return
	case s.Fresh:
		sum := int64(0)
		for _, c := range s.Traffic.Campaigns {
			sum += c.Messages
		}
		w.key("size", strconv.FormatInt(max(1, sum/int64(n)), 10), "the mean of "+unit.Plural(int64(n), "campaign", "campaigns"))
		return
	case fresh:
		w.key("size", strconv.FormatInt(unwritten(s), 10), fmt.Sprintf("without mail so far, of a list of %s", numberText(s.Size)))
		return
	}
	left, comment := kept(s), ""
	if left < s.Addresses {
		comment = fmt.Sprintf("%s had mail; %s bounced, and %s complained",
			unit.Plural(s.Addresses, "address", "addresses"), unit.Grouped(s.Gone), unit.Grouped(s.Complaint.K))
	}
	if !s.Size.Identifiable() {
		comment = strings.TrimPrefix(comment+"; assumed: "+s.Size.Unknown, "; ")
	}
	w.key("size", strconv.FormatInt(left, 10), comment)
	if wait := r.start - r.account.Cut + s.Waited; s.Addresses > 0 {
		w.key("contacted", quoted(unit.FormatDuration(max(wait.Round(time.Minute), time.Minute))), "the mean of its addresses")
	}
}

// gamma writes the distribution of a rate that was counted, of a mean of a half at most.
func gamma(k int64, exposure float64) string {
	return fmt.Sprintf("{ gamma = [%d.5, %s] }", k, number(max(exposure, float64(2*k+1))))
}

// counts writes the beta distribution of a share that was counted.
func counts(e *estimate.Estimate) string { return beta(float64(e.K)+0.5, float64(e.N-e.K)+0.5) }

func beta(a, b float64) string { return fmt.Sprintf("{ beta = [%s, %s] }", number(a), number(b)) }

// number writes a parameter of a distribution.
func number(x float64) string { return strconv.FormatFloat(six(x), 'f', -1, 64) }
