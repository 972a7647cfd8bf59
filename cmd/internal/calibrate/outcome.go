package calibrate

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"time"

	"sesim/reports/html"
	"sesim/reports/jsontext"
	"sesim/reports/plot"
	"sesim/scenarios/history"
	"sesim/sim/estimate"
	"sesim/sim/replicate"
	"sesim/sim/unit"
)

// outcome is what the outputs of a back-test are written from.
type outcome struct {
	*backtest
	given, all *judged
	checks     []checked
}

type jsonPrediction struct {
	Fold      int                `json:"fold"`
	Week      int                `json:"week"`
	Measure   string             `json:"measure"`
	Came      num                `json:"came"`
	Median    num                `json:"median"`
	Intervals map[string][2]num  `json:"intervals"`
	Below     num                `json:"pit"`
	Rivals    map[string]*[2]num `json:"rivals"`
}

type jsonCoverage struct {
	Value num    `json:"value"`
	Low   num    `json:"low"`
	High  num    `json:"high"`
	K     int    `json:"k"`
	N     int    `json:"n"`
	Folds int    `json:"folds"`
	Level string `json:"level"`
}

type jsonScore struct {
	Own    num            `json:"own"`
	Rivals map[string]num `json:"rivals"`
	N      int            `json:"n"`
}

type jsonJudged struct {
	Coverage     []jsonCoverage       `json:"coverage"`
	MailCoverage []jsonCoverage       `json:"mail_coverage,omitempty"`
	Scores       map[string]jsonScore `json:"interval_scores"`
	PIT          [10]int64            `json:"pit_histogram"`
	Predictions  []jsonPrediction     `json:"predictions"`
}

type jsonFold struct {
	Cut     string `json:"cut"`
	End     string `json:"end"`
	Past    int    `json:"weeks_before"`
	Unknown int64  `json:"messages_of_new_senders"`
	// Probability that the bounce rate reaches that of a review, and whether it did.
	Given   num  `json:"review_with_real_sends"`
	All     num  `json:"review_with_predicted_sends"`
	Reached bool `json:"review_rate_reached"`
}

func levelName(l int) string { return percent(levels[l]) }

func (o *outcome) judgedJSON(j *judged) jsonJudged {
	out := jsonJudged{PIT: j.pit, Scores: make(map[string]jsonScore)}
	add := func(to *[]jsonCoverage, l, k, n int, c replicate.Interval) {
		*to = append(*to, jsonCoverage{num(c.Value), num(c.Low), num(c.High), k, n, len(o.folds), levelName(l)})
	}
	for l := range levels {
		add(&out.Coverage, l, j.hits[l], figures*o.weeks(), o.coverage(j.hits[l]))
		if j == o.all {
			add(&out.MailCoverage, l, j.mail[l], o.weeks(), o.mailCoverage(j.mail[l]))
		}
	}
	for m, s := range j.scores {
		if s.n == 0 {
			continue
		}
		score := jsonScore{num(s.own), make(map[string]num), s.n}
		for r, x := range s.rivals {
			score.Rivals[estimate.Rival(r).String()] = num(x)
		}
		out.Scores[estimate.Measure(m).String()] = score
	}
	for i := range j.list {
		out.Predictions = append(out.Predictions, j.list[i].json())
	}
	return out
}

func (p *prediction) json() jsonPrediction {
	pair := func(r estimate.Range) [2]num { return [2]num{num(r.Low), num(r.High)} }
	j := jsonPrediction{
		Fold: p.fold + 1, Week: p.week + 1, Measure: p.measure.String(), Came: num(p.came), Median: num(p.median), Below: num(p.below),
		Intervals: make(map[string][2]num), Rivals: make(map[string]*[2]num),
	}
	for l := range levels {
		j.Intervals[levelName(l)] = pair(p.intervals[l])
	}
	for i, r := range p.rivals {
		if r != nil {
			x := pair(*r)
			j.Rivals[estimate.Rival(i).String()] = &x
		}
	}
	return j
}

// json writes backtest.json.
func (o *outcome) json() ([]byte, error) {
	var folds []jsonFold
	for _, f := range o.folds {
		folds = append(folds, jsonFold{
			utc(f.cut), utc(f.end), len(f.past), f.unknown, num(f.given.review.Value), num(f.all.review.Value), reached(f.came, f.limit),
		})
	}
	var b bytes.Buffer
	err := jsontext.WriteIndented(&b, struct {
		Version int        `json:"version"`
		Name    string     `json:"name"`
		Status  string     `json:"status"`
		Holdout string     `json:"holdout"`
		Draws   int        `json:"draws"`
		Folds   []jsonFold `json:"folds"`
		Verdict string     `json:"verdict"`
		Given   jsonJudged `json:"with_real_sends"`
		All     jsonJudged `json:"with_predicted_sends"`
		Failed  []string   `json:"failed"`
	}{
		1, o.Name, o.status(), unit.FormatDuration(o.holdout), draws, folds, o.answer(), o.judgedJSON(o.given), o.judgedJSON(o.all),
		append([]string{}, failures(o.checks)...),
	})
	return b.Bytes(), err
}

// status says whether all cuts are there.
func (o *outcome) status() string {
	if o.interrupted {
		return "interrupted"
	}
	return "complete"
}

// figureOf writes a figure of a measure.
func figureOf(m estimate.Measure, x float64) string {
	if m.IsRate() {
		return percent(x)
	}
	return figure(x)
}

func rangeOf(m estimate.Measure, r *estimate.Range) string {
	if r == nil {
		return "too few weeks"
	}
	return figureOf(m, r.Low) + " to " + figureOf(m, r.High)
}

// notes say what readers must know besides the figures.
func (o *outcome) notes() []string {
	list := []string{
		"What is known of the account now, its quota, its status and its list, is not known at a cut, and not used.",
		"In the intervals of coverage folds count, not weeks: the weeks of a fold share one fit and one past.",
	}
	for i, f := range o.folds {
		if f.unknown > 0 {
			list = append(list, fmt.Sprintf("Fold %d: %s of senders without mail before the cut, for which nothing was predicted.",
				i+1, unit.Plural(f.unknown, "message", "messages")))
		}
	}
	for i, f := range o.folds {
		if len(f.ageless) > 0 {
			list = append(list, fmt.Sprintf("Fold %d: no second mail to an address before the cut tells how addresses of %s stop existing; "+
				"in the predictions none does.", i+1, strings.Join(f.ageless, ", ")))
		}
	}
	for m, s := range o.given.scores {
		for _, name := range s.better() {
			list = append(list, fmt.Sprintf("With the real sends, the rival %q predicts %s better.", name, estimate.Measure(m)))
		}
	}
	return list
}

// ways are the two ways to predict, with their headings.
func (o *outcome) ways() []struct {
	id, title string
	*judged
} {
	return []struct {
		id, title string
		*judged
	}{{"given", "With the real sends", o.given}, {"all", "With predicted sends", o.all}}
}

// answer is the verdict in a sentence.
func (o *outcome) answer() string {
	answer, facts := o.verdict(o.given, o.all)
	return answer + ": " + facts + "."
}

// lastReview says how probable the rate of a review was at the last cut.
func (o *outcome) lastReview() string {
	f := o.folds[len(o.folds)-1]
	return fmt.Sprintf("At the last cut a bounce rate of %s within %s had the probability %s; the highest was %s",
		percent(f.limit), unit.FormatDuration(o.holdout), probability(f.all.review), percent(f.highest()))
}

// missing says that cuts are missing.
func (o *outcome) missing() string {
	return fmt.Sprintf("Interrupted: %d of %s are complete.", len(o.folds), unit.Plural(int64(o.Folds), "cut", "cuts"))
}

// verdicts are the limits of the command line.
func (o *outcome) verdicts() []html.Verdict {
	var list []html.Verdict
	for i := range o.checks {
		c, word := &o.checks[i], "pass"
		if c.met() {
			word = "fail"
		}
		list = append(list, html.Verdict{Word: word, Text: c.name() + " >= " + percent(c.atLeast), Value: percent(c.coverage)})
	}
	return list
}

// chart shows the highest bounce rate of each week, with the real sends.
func (o *outcome) chart() *plot.Intervals {
	v := &plot.Intervals{
		Name:     "peaks",
		Subtitle: fmt.Sprintf("%s  ·  with the real sends, %d draws  ·  one bar for each week, by its first day", o.Name, draws),
		Of:       "week from",
		Axis:     "highest bounce rate of the week, % of eligible emails", Value: "what came",
		Line: o.folds[0].limit, LineName: percent(o.folds[0].limit) + " review",
		Caption: "A bar is where the draws lie: half of them in its darkest part. " +
			"The sends are those that came, so that only outcomes are predicted.",
	}
	for l := range slices.Backward(levels[:]) {
		v.Widths = append(v.Widths, levelName(l)+" of the draws")
	}
	held := 0
	for i := range o.given.list {
		p := &o.given.list[i]
		if p.measure != estimate.Peak {
			continue
		}
		if p.intervals[widest].Holds(p.came) {
			held++
		}
		from := history.Moment(o.folds[p.fold].cut + time.Duration(p.week)*estimate.WeekLength).Time()
		item := plot.Interval{Label: from.Format("Jan 2"), Value: p.came}
		for _, r := range slices.Backward(p.intervals[:]) {
			item.Ranges = append(item.Ranges, [2]float64{r.Low, r.High})
		}
		v.Items = append(v.Items, item)
	}
	weeks := unit.Plural(int64(len(v.Items)), "week", "weeks")
	v.Title = fmt.Sprintf("The highest bounce rate lies in its 95%% interval in %d of %s", held, weeks)
	return v
}

// page writes report.html.
func (o *outcome) page() ([]byte, error) {
	chart, err := o.chart().Chart()
	if err != nil {
		return nil, err
	}
	answer, facts := o.verdict(o.given, o.all)
	sheet := &html.Sheet{Front: html.Front{
		Eyebrow: "sesim back-test", Title: o.Name, Question: "Do predictions from the log before a cut agree with the mail after it?",
		Answer: []string{answer, unit.Capital(facts), o.lastReview()}, Chart: &chart, Verdicts: o.verdicts(), Rests: html.Sentences(o.notes()),
		Facts: []string{
			unit.Plural(int64(len(o.folds)), "fold", "folds") + " of " + unit.FormatDuration(o.holdout),
			"from " + utc(o.folds[0].cut), "until " + utc(o.folds[len(o.folds)-1].end), fmt.Sprintf("%d draws", draws),
		},
	}}
	sheet.Sections = append(sheet.Sections, o.foldSection())
	for _, w := range o.ways() {
		sheet.Sections = append(sheet.Sections, o.coverageSection(w.id, w.title, w.judged), scoreSection(w.id, w.title, w.judged),
			pitSection(w.id, w.title, w.judged), weekSection(w.id, w.title, w.judged))
	}
	if o.interrupted {
		sheet.Warnings = []string{o.missing()}
	}
	var b bytes.Buffer
	err = html.WriteSheet(&b, sheet)
	return b.Bytes(), err
}

// foldSection shows the cuts, and how probable the rate of a review was.
func (o *outcome) foldSection() html.Section {
	s := html.Section{
		ID: "folds", Title: "Cuts", Note: "The probability that the bounce rate reaches that of a review within the holdout, and whether it did.",
		Head: []string{"cut", "weeks before", "with the real sends", "with predicted sends", "reached"},
	}
	for _, f := range o.folds {
		did := "no"
		if reached(f.came, f.limit) {
			did = "yes"
		}
		s.Rows = append(s.Rows, []string{utc(f.cut), fmt.Sprint(len(f.past)), probability(f.given.review), probability(f.all.review), did})
	}
	return s
}

// probability writes a share of draws with its interval.
func probability(p replicate.Interval) string {
	return fmt.Sprintf("%s [%s, %s]", percent(p.Value), percent(p.Low), percent(p.High))
}

func (o *outcome) coverageSection(id, title string, j *judged) html.Section {
	s := html.Section{
		ID: id + "-coverage", Title: title + ": coverage", Note: "The share of figures within their intervals, with a 95% interval.",
		Head: []string{"interval", "coverage", "interval of coverage"},
	}
	for l := range levels {
		c := o.coverage(j.hits[l])
		s.Rows = append(s.Rows, []string{levelName(l), percent(c.Value), percent(c.Low) + " to " + percent(c.High)})
	}
	return s
}

func scoreSection(id, title string, j *judged) html.Section {
	s := html.Section{
		ID: id + "-scores", Title: title + ": interval scores",
		Note: "The mean score of the 80% intervals, in the unit of the figure; smaller is better. " +
			"Only weeks for which the rivals know their errors count.",
		Head: []string{"figure", "sesim"},
	}
	for r := range estimate.Rivals {
		s.Head = append(s.Head, r.String())
	}
	for m, x := range j.scores {
		if x.n > 0 {
			row := []string{estimate.Measure(m).String(), figureOf(estimate.Measure(m), x.own)}
			for _, r := range x.rivals {
				row = append(row, figureOf(estimate.Measure(m), r))
			}
			s.Rows = append(s.Rows, row)
		}
	}
	return s
}

func pitSection(id, title string, j *judged) html.Section {
	s := html.Section{
		ID: id + "-pit", Title: title + ": where the real figures lie among the draws",
		Note: "Even where predictions are right; many at both ends where the intervals are too narrow.",
		Head: []string{"share of draws below", "figures"},
	}
	for i, n := range j.pit {
		s.Rows = append(s.Rows, []string{fmt.Sprintf("%d%% to %d%%", 10*i, 10*i+10), unit.Grouped(n)})
	}
	return s
}

func weekSection(id, title string, j *judged) html.Section {
	s := html.Section{ID: id + "-weeks", Title: title + ": week by week", Head: strings.Fields("week figure came median")}
	for l := range levels {
		s.Head = append(s.Head, levelName(l))
	}
	for r := range estimate.Rivals {
		s.Head = append(s.Head, r.String()+", 80%")
	}
	for i := range j.list {
		p := &j.list[i]
		row := []string{fmt.Sprintf("%d.%d", p.fold+1, p.week+1), p.measure.String(), figureOf(p.measure, p.came), figureOf(p.measure, p.median)}
		for l := range levels {
			row = append(row, rangeOf(p.measure, &p.intervals[l]))
		}
		for _, r := range p.rivals {
			row = append(row, rangeOf(p.measure, r))
		}
		s.Rows = append(s.Rows, row)
	}
	return s
}

// text says what came of it, for standard output: the answer first.
func (o *outcome) text(written bool) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", o.answer())
	if o.interrupted {
		fmt.Fprintf(&b, "%s\n", o.missing())
	}
	row := func(cells ...string) {
		line := ""
		for _, cell := range cells {
			line += fmt.Sprintf("%-23s ", cell)
		}
		fmt.Fprintf(&b, "%s\n", strings.TrimRight(line, " "))
	}
	fmt.Fprintln(&b)
	row("coverage of intervals", "with the real sends", "with predicted sends")
	for l := range levels {
		row("  "+levelName(l), probability(o.coverage(o.given.hits[l])), probability(o.coverage(o.all.hits[l])))
	}
	fmt.Fprintln(&b)
	row(fmt.Sprintf("P(bounce rate >= %s)", percent(o.folds[0].limit)), "with the real sends", "with predicted sends", "highest")
	for _, f := range o.folds {
		row("  "+utc(f.cut), probability(f.given.review), probability(f.all.review), percent(f.highest()))
	}
	fmt.Fprintln(&b)
	for _, n := range o.notes() {
		fmt.Fprintf(&b, "%s\n", n)
	}
	if written {
		fmt.Fprintf(&b, "\nReport: %s/report.html\n", unit.Visible(o.Dir))
	}
	return b.String()
}
