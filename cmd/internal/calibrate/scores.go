package calibrate

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"sesim/cmd/internal/study"
	"sesim/reports/rundir"
	"sesim/sim/estimate"
	"sesim/sim/replicate"
	"sesim/sim/unit"
)

// levels are the shares of the predictive intervals; scores are of the second.
var levels = [...]float64{0.5, 0.8, 0.95}

const (
	scored = 1 // of levels
	widest = len(levels) - 1
)

// prediction is a figure that was predicted, beside the one that came.
type prediction struct {
	fold, week int
	measure    estimate.Measure
	intervals  [len(levels)]estimate.Range
	median     float64
	came       float64
	below      float64 // probability integral transform
	rivals     [estimate.Rivals]*estimate.Range
}

// judged is what one way to predict is worth.
type judged struct {
	list   []prediction
	hits   [len(levels)]int // of figures other than mail
	mail   [len(levels)]int // of mail
	scores [estimate.Measures]score
	pit    [10]int64 // without mail
}

// score is the mean interval score of a measure, beside those of the rivals on the same
// weeks; n weeks have all of them.
type score struct {
	own    float64
	rivals [estimate.Rivals]float64
	n      int
}

// judge compares what was predicted with what came. With the real sends, Given, the mail is
// known to the rivals and no prediction.
func (b *backtest) judge(given bool) *judged {
	j := new(judged)
	var all []float64
	for i, f := range b.folds {
		list := f.all.weeks
		if given {
			list = f.given.weeks
		}
		for week := range list {
			for m := estimate.Mail; m < estimate.Measures; m++ {
				if given && m == estimate.Mail {
					continue
				}
				p := predictionOf(f, &list[week], week, m, given)
				p.fold = i
				j.add(&p)
				if m != estimate.Mail {
					all = append(all, p.below)
				}
			}
		}
	}
	for m := range j.scores {
		j.scores[m].mean()
	}
	j.pit = estimate.Histogram(all)
	return j
}

func predictionOf(f *fold, of *forecast, week int, m estimate.Measure, given bool) prediction {
	p := prediction{week: week, measure: m, came: f.came[week][m], below: of[m].Below(f.came[week][m]), median: of[m].Central(0).Low}
	for l, share := range levels {
		p.intervals[l] = of[m].Central(share)
	}
	mail := -1.0
	if given {
		mail = f.came[week][estimate.Mail]
	}
	for r := range p.rivals {
		if x, ok := estimate.Rival(r).Predict(f.past, m, mail, levels[scored]); ok {
			p.rivals[r] = &x
		}
	}
	return p
}

// add counts a prediction.
func (j *judged) add(p *prediction) {
	j.list = append(j.list, *p)
	hits := &j.hits
	if p.measure == estimate.Mail {
		hits = &j.mail
	}
	for l := range levels {
		if p.intervals[l].Holds(p.came) {
			hits[l]++
		}
	}
	s := &j.scores[p.measure]
	for _, r := range p.rivals {
		if r == nil {
			return
		}
	}
	s.n++
	s.own += p.intervals[scored].Score(p.came, levels[scored])
	for i, r := range p.rivals {
		s.rivals[i] += r.Score(p.came, levels[scored])
	}
}

// mean turns sums into means.
func (s *score) mean() {
	if s.n > 0 {
		s.own /= float64(s.n)
		for i := range s.rivals {
			s.rivals[i] /= float64(s.n)
		}
	}
}

// better reports which rivals had the smaller score.
func (s *score) better() (names []string) {
	for i, r := range s.rivals {
		if s.n > 0 && r < s.own {
			names = append(names, estimate.Rival(i).String())
		}
	}
	return names
}

// weeks is how many weeks were predicted, all folds together.
func (b *backtest) weeks() int { return len(b.folds) * len(b.folds[0].came) }

// figures is how many figures of a week count towards coverage.
const figures = int(estimate.Measures) - 1

// coverage returns the share of hits, of all figures but the mail, with Wilson's interval in
// which folds count: figures of a week depend on one another, and weeks overlap in the
// volume of the rates.
func (b *backtest) coverage(hits int) replicate.Interval {
	return replicate.Wilson(float64(hits)/float64(figures*b.weeks()), len(b.folds), 0.95)
}

// mailCoverage is coverage of the mail.
func (b *backtest) mailCoverage(hits int) replicate.Interval {
	return replicate.Wilson(float64(hits)/float64(b.weeks()), len(b.folds), 0.95)
}

// missed reports whether less was covered than chance explains.
func missed(c replicate.Interval, level int) bool { return c.High < levels[level] }

// verdict says which missed, sends or outcomes, and what that rests on, without full stops.
func (b *backtest) verdict(given, all *judged) (answer, facts string) {
	outcomes, sends := b.coverage(given.hits[scored]), b.mailCoverage(all.mail[scored])
	facts = fmt.Sprintf("with the real sends %s of the outcomes lie in their 80%% intervals, and %s of the weeks' mail in its own",
		probability(outcomes), probability(sends))
	switch {
	case missed(outcomes, scored) && missed(sends, scored):
		return "Sends and outcomes missed", facts
	case missed(outcomes, scored):
		return "The outcomes missed, the sends did not", facts
	case missed(sends, scored):
		return "The sends missed, the outcomes did not", facts
	}
	return "Neither sends nor outcomes missed by more than chance explains", facts
}

// limit is a condition that fails a back-test.
type limit struct {
	text    string
	all     bool    // of coverage with predicted sends
	atLeast float64 // the share that the coverage must not be below
}

// limitNames are what a limit may be about: coverage of the 95 % intervals with the real
// sends, and with predicted ones.
var limitNames = [...]string{"coverage", "coverage_all"}

// name is what the limit is about.
func (l *limit) name() string {
	if l.all {
		return limitNames[1]
	}
	return limitNames[0]
}

// parseLimit reads a limit, such as "coverage < 80%".
func parseLimit(text string) (limit, error) {
	fields := strings.Fields(strings.Replace(text, "<", " < ", 1))
	if len(fields) == 3 && fields[1] == "<" && (fields[0] == limitNames[0] || fields[0] == limitNames[1]) {
		number, ok := strings.CutSuffix(fields[2], "%")
		x, err := strconv.ParseFloat(number, 64)
		if ok && err == nil && x > 0 && x <= 100 {
			return limit{text, fields[0] == limitNames[1], x / 100}, nil
		}
	}
	return limit{}, fmt.Errorf("%q is not a limit such as \"coverage < 80%%\"; it may be about %s",
		unit.Visible(text), strings.Join(limitNames[:], ", "))
}

// checked is a limit beside the coverage that it is about.
type checked struct {
	limit
	coverage float64
}

// met reports whether the limit fails the back-test.
func (c *checked) met() bool { return c.coverage < c.atLeast }

// checks compares the limits with what came of it.
func (b *backtest) checks(given, all *judged) []checked {
	var list []checked
	for _, l := range b.limits {
		of := given
		if l.all {
			of = all
		}
		list = append(list, checked{l, b.coverage(of.hits[widest]).Value})
	}
	return list
}

// failures says which limits are met.
func failures(list []checked) (texts []string) {
	for i := range list {
		if c := &list[i]; c.met() {
			texts = append(texts, fmt.Sprintf("%s: it is %s", c.text, percent(c.coverage)))
		}
	}
	return texts
}

// deliver writes the outputs, and says whether a limit is met.
func (b *backtest) deliver(s *study.System) error {
	o := &outcome{backtest: b, given: b.judge(true), all: b.judge(false)}
	o.checks = b.checks(o.given, o.all)
	data, err := o.json()
	if err != nil {
		return err
	}
	page, err := o.page()
	if err != nil {
		return err
	}
	files := []rundir.File{{Name: "report.html", Data: page}, {Name: "backtest.json", Data: data}}
	err = b.Options.deliver(s, "back-test", files, o.text)
	switch {
	case err != nil:
		return err
	case b.interrupted:
		return &study.Error{Outcome: study.Interrupted, Err: errors.New("interrupted; the report has the complete cuts")}
	}
	if failed := failures(o.checks); len(failed) > 0 {
		return &study.Error{Outcome: study.Unmet, Err: fmt.Errorf("--fail-on: %s", strings.Join(failed, "; "))}
	}
	return nil
}
