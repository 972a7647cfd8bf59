package calibrate

import (
	"bytes"
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"sesim/cmd/internal/study"
	"sesim/reports/html"
	"sesim/reports/jsontext"
	"sesim/reports/plot"
	"sesim/scenarios/history"
	"sesim/sim/estimate"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// result is what the outputs are written from.
type result struct {
	*settings
	account *estimate.Account
	aside   []estimate.Sender // mail that counts towards no rate, in order of their names
	known   *history.Known
	points  []ses.HistoryPoint // within the span, since 1970
	start   time.Duration      // of the scenario, since 1970
	volume  estimate.Estimate
	loop    estimate.Estimate // share of the mail that goes to providers with a feedback loop
	leftOut int64
	region  string
	inputs  inputs
	// sends are when messages were sent after the start, by sender and list; nil: as
	// estimated.
	sends [][][]time.Duration
}

// inputs is what depends on the form in which events came.
type inputs struct {
	Files              int              `json:"files"`
	RepeatedFiles      int              `json:"repeated_files"`
	Forms              map[string]int64 `json:"forms"`
	Records            int64            `json:"records"`
	Repeats            int64            `json:"repeats"`
	RepeatedRecipients int64            `json:"repeated_recipients"`
	Foreign            int64            `json:"foreign"`
	Unreadable         int64            `json:"unreadable"`
	Truncated          int64            `json:"truncated"`
	Findings           map[string]int64 `json:"findings"`
	UnknownKeys        map[string]int64 `json:"unknown_keys"`
	UnknownTypes       map[string]int64 `json:"unknown_types"`
}

func inputsOf(l *study.Logs, c *history.Counts) inputs {
	return inputs{
		len(l.Inputs) + len(l.Repeated), len(l.Repeated), c.Forms, c.Records, c.Repeats, c.RepeatedRecipients, c.Foreign, c.Unreadable,
		c.Truncated, c.Findings, c.Keys, c.Types,
	}
}

// named is an estimate of a parameter.
type named struct {
	name string
	estimate.Estimate
	spread *estimate.Spread // between campaigns; nil: none
	share  bool             // shown as a percentage
}

// softKeys are the keys of an audience by the bounce that they cause. Other bounces are of
// the customer's making: the time limit of a configuration set.
var softKeys = map[ses.Bounce]string{
	ses.TransientGeneral: "deferred", ses.TransientMailboxFull: "mailbox_full", ses.TransientMessageTooLarge: "message_too_large",
	ses.TransientContentRejected: "content_rejected", ses.TransientAttachmentRejected: "attachment_rejected",
	ses.UndeterminedBounce: "undetermined",
}

// parametersOf returns the estimates of a sender.
func parametersOf(s *estimate.Sender) []named {
	list := []named{
		{"size", s.Size, nil, false},
		{"invalid", s.Invalid, &s.InvalidSpread, true},
		{"later_hard_bounces", s.Later, &s.LaterSpread, true},
		{"decay_30d", s.Decay, nil, true},
		{"hard_bounce", s.HardBounce, nil, true},
	}
	for i := range s.Soft {
		if key := softKeys[s.Soft[i].Bounce]; key != "" {
			list = append(list, named{key, s.Soft[i].Estimate, nil, true})
		}
	}
	return append(list,
		named{"complaint_reported", s.Complaint, nil, true},
		named{"async_hard_bounces", s.Async, nil, true},
		named{"mailed_after_hard_bounce", s.Hygiene, nil, true},
		named{"messages_per_hour", s.Traffic.Rate, nil, false})
}

// text writes an estimate as comments and tables have it.
func (n *named) text() string {
	if !n.Identifiable() {
		return "not identifiable: " + n.Unknown
	}
	text := fmt.Sprintf("%s [%s, %s]", n.figure(n.Value), n.figure(n.Low), n.figure(n.High))
	if n.spread != nil && n.spread.Groups > 1 {
		text += fmt.Sprintf(", %d campaigns, phi %.3g", n.spread.Groups, n.spread.Phi)
	}
	return text
}

// shareText and numberText write an estimate without what differs between campaigns.
func shareText(e estimate.Estimate) string  { return (&named{Estimate: e, share: true}).text() }
func numberText(e estimate.Estimate) string { return (&named{Estimate: e}).text() }

func (n *named) figure(x float64) string {
	if n.share {
		return percent(x)
	}
	return figure(x)
}

// figure writes a number with three digits, and whole thousands as they are.
func figure(x float64) string {
	if x >= 1000 {
		return unit.Grouped(int64(math.Round(x)))
	}
	return strconv.FormatFloat(three(x), 'f', -1, 64)
}

func percent(x float64) string { return strconv.FormatFloat(three(100*x), 'f', -1, 64) + "%" }

// three and six round to as many significant digits.
func three(x float64) float64 { return estimate.Significant(x, 3) }
func six(x float64) float64   { return estimate.Significant(x, 6) }

// parameter is an estimate in calibration.json. What is not identifiable has no numbers.
type parameter struct {
	Value        *float64 `json:"value,omitempty"`
	Low          *float64 `json:"low,omitempty"`
	High         *float64 `json:"high,omitempty"`
	K            int64    `json:"k"`
	N            int64    `json:"n"`
	Method       string   `json:"method"`
	Identifiable bool     `json:"identifiable"`
	Note         string   `json:"note,omitempty"`
	Phi          float64  `json:"phi,omitempty"`
	Campaigns    int      `json:"campaigns,omitempty"`
	Beta         []num    `json:"beta,omitempty"`
}

// num is a number with six digits, the last bits of which depend on no processor.
type num float64

func (n num) MarshalJSON() ([]byte, error) {
	return strconv.AppendFloat(nil, six(float64(n)), 'g', -1, 64), nil
}

func parameterOf(n *named) parameter {
	p := parameter{K: n.K, N: n.N, Method: n.Method, Identifiable: n.Identifiable(), Note: n.Note}
	if !p.Identifiable {
		p.Note, p.Method = n.Unknown, "none"
		return p
	}
	value, low, high := six(n.Value), six(n.Low), six(n.High)
	p.Value, p.Low, p.High = &value, &low, &high
	if s := n.spread; s != nil && s.Groups > 1 {
		p.Phi, p.Campaigns = s.Phi, s.Groups
		if s.Differs() {
			p.Beta = []num{num(s.A), num(s.B)}
		}
	}
	return p
}

type jsonDelay struct {
	Median   string `json:"median"`
	High     string `json:"high,omitempty"`
	Quantile num    `json:"quantile,omitempty"`
	N        int64  `json:"n"`
}

func delayOf(d estimate.Delay) *jsonDelay {
	if d.N == 0 {
		return nil
	}
	j := &jsonDelay{Median: seconds(d.Median), N: d.N, Quantile: num(d.Quantile)}
	if d.Quantile > 0 {
		j.High = seconds(d.High)
	}
	return j
}

// seconds writes a delay with three digits.
func seconds(d time.Duration) string {
	return unit.FormatDuration(time.Duration(three(d.Seconds()) * float64(time.Second)).Round(time.Millisecond))
}

type jsonCampaign struct {
	Start    string `json:"start"`
	Messages int64  `json:"messages"`
}

type jsonSender struct {
	Name       string               `json:"name"`
	Key        string               `json:"key,omitempty"`
	Messages   int64                `json:"messages"`
	Attempts   int64                `json:"attempts"`
	Delivered  int64                `json:"delivered"`
	Addresses  int64                `json:"addresses"`
	Listed     int64                `json:"on_account_list"`
	Suppressed int64                `json:"on_global_list"`
	Parameters map[string]parameter `json:"parameters"`
	Delivery   *jsonDelay           `json:"delivery_delay,omitempty"`
	Hard       *jsonDelay           `json:"hard_bounce_delay,omitempty"`
	Campaigns  []jsonCampaign       `json:"campaigns,omitempty"`
	Every      string               `json:"every,omitempty"`
	Pace       num                  `json:"messages_per_second,omitempty"`
	Cells      []num                `json:"messages_by_hour_of_week,omitempty"`
	Trend      num                  `json:"growth_per_week,omitempty"`
}

// utc writes a time since 1970.
func utc(t time.Duration) string { return history.Moment(t).Time().Format(time.RFC3339) }

// json writes calibration.json.
func (r *result) json() ([]byte, error) {
	var senders, aside []jsonSender
	for i := range r.account.Senders {
		s := &r.account.Senders[i]
		j := jsonSenderOf(senderName(i), s, parametersOf(s))
		if r.KeepSenders {
			j.Key = s.Name
		}
		senders = append(senders, j)
	}
	for i := range r.aside {
		s := &r.aside[i]
		aside = append(aside, jsonSenderOf(s.Name, s, asideParameters(s)))
	}
	volume, loop := parameterOf(&named{"", r.volume, nil, false}), parameterOf(&named{"", r.loop, nil, true})
	classes := map[string]int64{}
	for i, n := range r.account.Classes {
		if n >= 20 {
			classes[history.Class(i).String()] = n
		}
	}
	complaints := map[string]any{"n": r.account.Delays.N}
	if d := &r.account.Delays; d.N > 0 {
		complaints["median"] = unit.FormatDuration(d.Median().Round(time.Second))
		if d.Sigma > 0 {
			complaints["lognormal"] = []num{num(d.Mu), num(d.Sigma)}
		}
	}
	var b bytes.Buffer
	err := jsontext.WriteIndented(&b, struct {
		Version    int              `json:"version"`
		Name       string           `json:"name"`
		From       string           `json:"from"`
		Until      string           `json:"until"`
		Start      string           `json:"start"`
		Confidence num              `json:"confidence"`
		LeftOut    int64            `json:"own_domains_and_simulator"`
		Senders    []jsonSender     `json:"senders"`
		Aside      []jsonSender     `json:"towards_no_rate,omitempty"`
		Window     parameter        `json:"rules.rep.window_eligible"`
		Loop       parameter        `json:"feedback_loop"`
		Complaints map[string]any   `json:"complaint_delay"`
		Classes    map[string]int64 `json:"addresses_by_provider"`
		Points     int              `json:"history_points"`
		Assumed    []string         `json:"assumed"`
		Inputs     inputs           `json:"inputs"`
	}{
		1, r.Name, utc(r.account.First), utc(r.account.Cut), utc(r.start), num(r.confidence), r.leftOut, senders, aside, volume, loop,
		complaints, classes, len(r.points), r.assumed(), r.inputs,
	})
	return b.Bytes(), err
}

func jsonSenderOf(name string, s *estimate.Sender, parameters []named) jsonSender {
	j := jsonSender{
		Name: name, Messages: s.Messages, Attempts: s.Attempts, Delivered: s.Delivered, Addresses: s.Addresses, Listed: s.Listed,
		Suppressed: s.Suppressed, Parameters: map[string]parameter{}, Delivery: delayOf(s.Delivery), Hard: delayOf(s.Hard),
		Pace: num(s.Traffic.Pace), Trend: num(s.Traffic.Trend),
	}
	for k := range parameters {
		j.Parameters[parameters[k].name] = parameterOf(&parameters[k])
	}
	for _, c := range s.Traffic.Campaigns {
		j.Campaigns = append(j.Campaigns, jsonCampaign{utc(c.Start), c.Messages})
	}
	if s.Traffic.Every > 0 {
		j.Every = unit.FormatDuration(s.Traffic.Every)
	}
	if len(s.Traffic.Campaigns) == 0 {
		for _, x := range s.Traffic.Cells {
			j.Cells = append(j.Cells, num(x))
		}
	}
	return j
}

func senderName(i int) string { return fmt.Sprintf("sender-%d", i+1) }

// assumed says what no log of the account told.
func (r *result) assumed() []string {
	var list []string
	if !r.loop.Identifiable() {
		const loop = "feedback_loop: %s of the addresses are at providers that report complaints; plausible are 20%% to 60%%"
		list = append(list, fmt.Sprintf(loop, percent(history.AssumedLoop)))
	}
	if r.known.Quota < 0 {
		list = append(list, "quota: at least what the mail needs; the answer to get-account has it")
	}
	if r.known.Rate < 0 {
		list = append(list, "rate: at least what the mail needs; the answer to get-account has it")
	}
	if r.known.Enforcement == "" {
		list = append(list, "status: healthy; the answer to get-account has it")
	}
	if r.region == "" {
		list = append(list, "region: us-east-1")
	}
	for i := range r.account.Senders {
		s := &r.account.Senders[i]
		if !s.Size.Identifiable() {
			list = append(list, senderName(i)+": the size of the list, at least the addresses of the log: "+s.Size.Unknown)
		}
		if n := len(s.Traffic.Campaigns); n > 1 && s.Traffic.Every == 0 {
			list = append(list, senderName(i)+": campaigns at their mean distance, from the mean distance after the last on")
		}
		if s.Complaint.K < 5 {
			list = append(list, senderName(i)+": fewer than five complaints, so that a review for complaints cannot be excluded")
		}
	}
	return list
}

// answer says what the log tells of the senders with the most mail, in sentences without a
// full stop. The first one leaves intervals and complaints to the others.
func (r *result) answer() []string {
	senders := make([]int, len(r.account.Senders))
	for i := range senders {
		senders[i] = i
	}
	slices.SortStableFunc(senders, func(a, b int) int {
		return cmp.Compare(r.account.Senders[b].Messages, r.account.Senders[a].Messages)
	})
	list := []string{unit.Capital(tells(&r.account.Senders[senders[0]], "of "+senderName(senders[0])+"'s ", false))}
	for _, i := range senders[:min(len(senders), 3)] {
		s := &r.account.Senders[i]
		list = append(list, fmt.Sprintf("%s, %s: %s", senderName(i), unit.Plural(s.Messages, "message", "messages"), tells(s, "of the ", true)))
	}
	return list
}

// tells says what is known of the mail of a sender.
func tells(s *estimate.Sender, of string, all bool) string {
	var parts []string
	add := func(e *estimate.Estimate, words string) {
		if !e.Identifiable() {
			return
		}
		share := percent(e.Value)
		if all {
			share = shareText(*e)
		}
		parts = append(parts, share+" "+of+words)
		if !all {
			of = "of its "
		}
	}
	if s.Addresses > 0 {
		add(&s.Invalid, "new addresses do not exist")
		add(&s.Later, "later mail bounces hard")
		if !s.Invalid.Identifiable() {
			parts = append(parts, "how many "+of+"new addresses do not exist is not known")
		}
	} else {
		add(&s.HardBounce, "mail bounces hard")
	}
	if all {
		add(&s.Complaint, "delivered mail draws a complaint that is reported")
	}
	return strings.Join(parts, "; ")
}

// chart shows the shares of hard bounces, beside the rate from when on there is a review.
func (r *result) chart(limit float64) *plot.Intervals {
	v := &plot.Intervals{
		Name: "hard-bounces", Subtitle: r.Name + "  ·  " + percent(r.confidence) + " intervals", Of: "share", Axis: "hard bounces, %", Value: "estimate",
		Widths: []string{percent(r.confidence) + " interval"}, Line: limit, LineName: percent(limit) + " review",
		Caption: "New addresses are those that get their first mail. Where campaigns differ by more than chance, the interval is the one in " +
			"which the next campaign lies. The bounce rate is a mean over the mail to new and to other addresses.",
	}
	most := ""
	add := func(label, what string, e *estimate.Estimate) {
		if !e.Identifiable() {
			return
		}
		highest := true
		for _, i := range v.Items {
			highest = highest && i.Value < e.Value
		}
		if highest {
			most = what + " bounces hard most often: " + shareText(*e)
		}
		v.Items = append(v.Items, plot.Interval{Label: label, Value: e.Value, Ranges: [][2]float64{{e.Low, e.High}}})
	}
	for i := range r.account.Senders {
		s, name := &r.account.Senders[i], senderName(i)
		if s.Addresses > 0 {
			add(name+", new", "Mail of "+name+" to new addresses", &s.Invalid)
			add(name+", later", "Later mail of "+name, &s.Later)
		} else {
			add(name, "All mail", &s.HardBounce)
		}
	}
	v.Title = most
	return v
}

// page writes report.html. From the limit on, a bounce rate brings a review.
func (r *result) page(limit float64) ([]byte, error) {
	chart, err := r.chart(limit).Chart()
	if err != nil {
		return nil, err
	}
	sheet := &html.Sheet{Front: html.Front{
		Eyebrow: "sesim calibration", Title: r.Name,
		Question: "What does the account's log tell about its lists, its mail and its rates, and what can it not tell?",
		Facts:    []string{"from " + utc(r.account.First), "until " + utc(r.account.Cut), percent(r.confidence) + " intervals"},
		Answer:   r.answer(),
		Rests:    r.assumed(),
	}}
	sheet.Add([]plot.Chart{chart})
	for i := range r.account.Senders {
		s := &r.account.Senders[i]
		id := senderName(i)
		note := fmt.Sprintf("%s messages, %s delivered, %s addresses",
			unit.Grouped(s.Messages), unit.Grouped(s.Delivered), unit.Grouped(s.Addresses))
		section := html.Section{ID: id, Title: id, Note: note, Head: []string{"parameter", "estimate", "k", "n", "method", "note"}}
		list := parametersOf(s)
		for k := range list {
			n := &list[k]
			section.Rows = append(section.Rows, []string{n.name, n.text(), unit.Grouped(n.K), unit.Grouped(n.N), n.Method, n.Note})
		}
		sheet.Sections = append(sheet.Sections, section)
		sheet.Sections = append(sheet.Sections, calendar(id, s))
	}
	for i := range r.aside {
		sheet.Sections = append(sheet.Sections, calendar(r.aside[i].Name, &r.aside[i]))
	}
	sheet.Sections = append(sheet.Sections, delays(r.account))
	var b bytes.Buffer
	err = html.WriteSheet(&b, sheet)
	return b.Bytes(), err
}

// calendar shows when a sender's mail goes out.
func calendar(id string, s *estimate.Sender) html.Section {
	section := html.Section{ID: id + "-traffic", Title: id + ": traffic"}
	if len(s.Traffic.Campaigns) > 0 {
		section.Head = []string{"campaign", "messages"}
		for _, c := range s.Traffic.Campaigns {
			section.Rows = append(section.Rows, []string{utc(c.Start), unit.Grouped(c.Messages)})
		}
		return section
	}
	section.Note = "Messages an hour, UTC, shrunk to the product of day and hour."
	section.Head = strings.Fields("hour Mon Tue Wed Thu Fri Sat Sun")
	for hour := range 24 {
		row := []string{fmt.Sprintf("%02d:00", hour)}
		for day := range 7 {
			row = append(row, figure(s.Traffic.Cells[24*day+hour]))
		}
		section.Rows = append(section.Rows, row)
	}
	return section
}

// delays shows how late events come.
func delays(a *estimate.Account) html.Section {
	section := html.Section{ID: "delays", Title: "Delays", Head: []string{"event", "median", "high quantile", "events"}}
	add := func(what string, d estimate.Delay) {
		if d.N > 0 {
			high := "too few"
			if d.Quantile > 0 {
				high = fmt.Sprintf("%s at %.4g%%", seconds(d.High), 100*d.Quantile)
			}
			section.Rows = append(section.Rows, []string{what, seconds(d.Median), high, unit.Grouped(d.N)})
		}
	}
	for i := range a.Senders {
		add(senderName(i)+": delivery", a.Senders[i].Delivery)
		add(senderName(i)+": hard bounce", a.Senders[i].Hard)
	}
	if a.Delays.N > 0 {
		median := unit.FormatDuration(a.Delays.Median().Round(time.Second))
		section.Rows = append(section.Rows, []string{"complaint, after delivery", median, "", unit.Grouped(int64(a.Delays.N))})
	}
	return section
}

// text says what was found, for standard output.
func (r *result) text(written bool) string {
	var b strings.Builder
	write := func(name string, list []named) {
		fmt.Fprintf(&b, "%s\n", name)
		for k := range list {
			fmt.Fprintf(&b, "  %-26s %s\n", list[k].name, list[k].text())
		}
	}
	for i := range r.account.Senders {
		write(senderName(i), parametersOf(&r.account.Senders[i]))
	}
	for i := range r.aside {
		write(r.aside[i].Name, asideParameters(&r.aside[i]))
	}
	if r.volume.Identifiable() {
		fmt.Fprintf(&b, "representative volume        %s\n", numberText(r.volume))
	}
	if r.loop.Identifiable() {
		fmt.Fprintf(&b, "feedback_loop                %s\n", shareText(r.loop))
	}
	fmt.Fprintln(&b)
	for _, a := range r.assumed() {
		fmt.Fprintf(&b, "assumed: %s\n", a)
	}
	if written {
		fmt.Fprintf(&b, "\nTo run it: sesim run %s\n", unit.Visible(r.Dir)+"/scenario.toml")
	}
	return b.String()
}
