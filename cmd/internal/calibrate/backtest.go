package calibrate

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"runtime"
	"slices"
	"time"

	"sesim/cmd/internal/study"
	"sesim/cmd/internal/terminal"
	"sesim/reports/rundir"
	"sesim/scenarios"
	"sesim/scenarios/history"
	"sesim/sim"
	"sesim/sim/estimate"
	"sesim/sim/measure"
	"sesim/sim/replicate"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// BacktestOptions are what the command line says of a back-test. Of Options, Horizon,
// Confidence and KeepSenders have no meaning.
type BacktestOptions struct {
	Options
	Holdout string
	Folds   int
	FailOn  []string
}

// quarter is the resolution of the points of events.
const quarter = 15 * time.Minute

// Limits of a back-test.
const (
	mostFolds = 50
	mostWeeks = 52
	draws     = 200 // replications of each prediction
)

// backtest is a back-test, checked.
type backtest struct {
	*BacktestOptions
	set     *settings
	holdout time.Duration
	limits  []limit
	folds   []*fold // in order of their cuts

	interrupted bool // the last cuts are missing
}

// fold is a cut: what is before it is fitted, what is after it is compared.
type fold struct {
	gatherer
	cut, end time.Duration // since 1970
	// Attempts are when messages were accepted, since the cut, by what separates senders: of
	// sends, or where there are none, of outcomes.
	sent, outcomes map[string][]time.Duration
	listed         map[string][]time.Duration          // of sent: to addresses on the account's list
	real           map[time.Duration]*ses.HistoryPoint // what came of them, by the quarter of an hour
	unknown        int64                               // messages of senders without mail before the cut
	ageless        []string                            // senders whose addresses are not known to stop existing

	before     []ses.HistoryPoint // the cut
	volume     float64            // representative
	limit      float64            // from when on a bounce rate brings a review
	past, came []estimate.Week
	given, all predicted // with the real sends, and with predicted ones
}

// predicted is what was predicted for a fold.
type predicted struct {
	config *sim.Config
	weeks  []forecast
	review replicate.Interval // probability that the bounce rate reaches the limit
}

// highest returns the highest bounce rate that came.
func (f *fold) highest() (peak float64) {
	for _, w := range f.came {
		peak = max(peak, w[estimate.Peak])
	}
	return peak
}

// reached reports whether a rate reached a limit.
func reached(weeks []estimate.Week, limit float64) bool {
	return slices.ContainsFunc(weeks, func(w estimate.Week) bool { return w[estimate.Peak] >= limit })
}

// forecast is what was predicted for a week of a fold, by measure.
type forecast [estimate.Measures]estimate.Draws

// Backtest fits before cuts, predicts what comes after them, and compares.
func Backtest(ctx context.Context, s *study.System, names []string, o *BacktestOptions) error {
	b, err := checkBacktest(o)
	if err != nil {
		return study.Usage(err)
	}
	if err := o.reserve(s, "backtest"); err != nil {
		return err
	}
	logs, err := s.FindLogs(ctx, names, &o.LogOptions)
	if err != nil {
		return err
	}
	logs.Options.Tags = o.tags()
	until, err := b.until(ctx, s, logs)
	if err != nil {
		return err
	}
	b.cut(until)
	known, counts, err := s.Read(ctx, logs, o.Progress, b.add)
	if err != nil {
		return err
	}
	if !o.Quiet {
		s.TellRead(logs, &counts, known)
	}
	done, err := b.predict(ctx, s, known, &counts)
	if err != nil && done == 0 {
		return err
	}
	b.folds, b.interrupted = b.folds[:done], err != nil
	return b.deliver(s)
}

// checkBacktest checks the options.
func checkBacktest(o *BacktestOptions) (*backtest, error) {
	o.Horizon, o.Confidence = o.Holdout, "95%"
	b := &backtest{BacktestOptions: o}
	var errs []error
	var err error
	b.holdout, err = unit.ParseDuration(o.Holdout)
	if err != nil || b.holdout < estimate.WeekLength || b.holdout%estimate.WeekLength != 0 || b.holdout > mostWeeks*estimate.WeekLength {
		errs = append(errs, fmt.Errorf("--holdout: %q is not a number of whole weeks up to %d, such as \"28d\"", o.Holdout, mostWeeks))
		o.Horizon = "7d" // so that it is told once
	}
	if o.Folds < 1 || o.Folds > mostFolds {
		errs = append(errs, fmt.Errorf("--folds: %d is not a number from 1 to %d", o.Folds, mostFolds))
	}
	for _, text := range o.FailOn {
		l, err := parseLimit(text)
		if err != nil {
			errs = append(errs, fmt.Errorf("--fail-on: %w", err))
		}
		b.limits = append(b.limits, l)
	}
	if b.set, err = check(&o.Options); err != nil {
		errs = append(errs, err)
	}
	return b, errors.Join(errs...)
}

// until returns when the last fold ends, at a quarter of an hour: as the command line says,
// or with the last event, for which the logs are read.
func (b *backtest) until(ctx context.Context, s *study.System, l *study.Logs) (time.Duration, error) {
	last := time.Duration(b.set.until)
	if last == 0 {
		if slices.ContainsFunc(l.Inputs, func(in history.Input) bool { return in.Name == "<stdin>" }) {
			return 0, study.Usagef("standard input can be read once only: say with --until where the last holdout ends")
		}
		_, _, err := s.Read(ctx, l, b.Progress, func(r *history.Record) error {
			if _, wanted := kinds[r.Type]; wanted {
				last = max(last, time.Duration(r.Time))
			}
			return nil
		})
		if err != nil {
			return 0, err
		}
		if last == 0 {
			return 0, study.Usagef("the inputs have no email events, which a back-test needs: statistics do not tell which mail a bounce is about")
		}
	}
	return last / quarter * quarter, nil
}

// cut makes the folds.
func (b *backtest) cut(until time.Duration) {
	for i := range b.Folds {
		f := &fold{
			cut: until - time.Duration(b.Folds-i)*b.holdout, sent: make(map[string][]time.Duration),
			outcomes: make(map[string][]time.Duration), listed: make(map[string][]time.Duration), real: make(map[time.Duration]*ses.HistoryPoint),
		}
		f.end = f.cut + b.holdout
		set := *b.set
		set.until = history.Moment(f.cut) - 1 // a message at the cut is of the holdout
		f.gatherer = gatherer{set: &set, log: estimate.NewLog()}
		b.folds = append(b.folds, f)
	}
}

// add passes a record on to all folds.
func (b *backtest) add(r *history.Record) error {
	for _, f := range b.folds {
		if err := f.add(r); err != nil { // of the gatherer: what is before the cut
			return err
		}
		f.compare(r)
	}
	return nil
}

// compare takes a record about mail of the holdout.
func (f *fold) compare(r *history.Record) {
	kind, wanted := kinds[r.Type]
	at, mail := time.Duration(r.Time), time.Duration(r.MailTime)
	if !wanted || mail < f.cut || at >= f.end || mail >= f.end {
		return
	}
	for i := range r.Recipients {
		if r.Recipients[i].Own || r.Recipients[i].Simulator {
			continue
		}
		f.count(kind, r, at, mail)
		if kind == estimate.Complained && !r.OnList {
			return // one of the message
		}
	}
}

// count counts a recipient of the holdout, as the points of events do.
func (f *fold) count(kind estimate.Kind, r *history.Record, at, mail time.Duration) {
	sender := f.set.separate(r)
	listed := r.OnList || r.Bounce == ses.PermanentOnAccountList
	switch {
	case kind == estimate.Sent:
		f.sent[sender] = append(f.sent[sender], mail-f.cut)
		f.point(mail).Eligible++
		f.outcomes = nil
	case listed:
		f.listed[sender] = append(f.listed[sender], mail-f.cut)
		f.point(mail).Eligible--
	case kind == estimate.Bounced && r.Bounce.Type() == "Permanent":
		f.point(at).Bounces++
	case kind == estimate.Complained:
		f.point(at).Complaints++
	}
	if f.outcomes != nil && !listed && (kind == estimate.Delivered || kind == estimate.Bounced) {
		f.outcomes[sender] = append(f.outcomes[sender], mail-f.cut)
	}
}

// point returns the point of a moment.
func (f *fold) point(at time.Duration) *ses.HistoryPoint {
	at = at / quarter * quarter
	p := f.real[at]
	if p == nil {
		p = &ses.HistoryPoint{At: at, For: quarter}
		f.real[at] = p
	}
	return p
}

// attempts returns when messages were accepted that are eligible, by what separates
// senders, in order. Without events of sends, their outcomes are the eligible mail.
func (f *fold) attempts() map[string][]time.Duration {
	rows := f.outcomes
	if rows == nil {
		rows = f.sent
	} else {
		f.countOutcomes()
		f.listed = nil
	}
	for sender, list := range rows {
		slices.Sort(list)
		rows[sender] = without(list, slices.Sorted(slices.Values(f.listed[sender])))
	}
	return rows
}

// countOutcomes makes the outcomes the eligible mail.
func (f *fold) countOutcomes() {
	for _, p := range f.real {
		p.Eligible = 0
	}
	for _, list := range f.outcomes {
		for _, at := range list {
			f.point(f.cut+at).Eligible++
		}
	}
}

// without takes times out of others, each once; both are in order.
func without(list, out []time.Duration) []time.Duration {
	return slices.DeleteFunc(list, func(at time.Duration) bool {
		for len(out) > 0 && out[0] < at {
			out = out[1:]
		}
		if len(out) == 0 || out[0] != at {
			return false
		}
		out = out[1:]
		return true
	})
}

// points returns what came in the holdout.
func (f *fold) points() []ses.HistoryPoint {
	var list []ses.HistoryPoint
	for _, at := range slices.Sorted(maps.Keys(f.real)) {
		p := *f.real[at]
		p.Eligible = max(p.Eligible, 0)
		list = append(list, p)
	}
	return list
}

// predict fits all folds, and then simulates their holdouts. It returns how many are
// complete: without an error all, and none if it is not an interrupt.
func (b *backtest) predict(ctx context.Context, s *study.System, known *history.Known, counts *history.Counts) (int, error) {
	then := *known // what the account is like now is not known at a cut
	then.Quota, then.Rate, then.Used, then.Enforcement, then.Suppressed, then.Listed = -1, -1, -1, "", nil, sim.HistoryListed{}
	for _, f := range b.folds {
		if err := b.fit(f, &then, counts); err != nil {
			return 0, err
		}
	}
	p := &predicting{of: 2 * draws * len(b.folds), clock: s.Clock, began: s.Clock(), display: terminal.New(b.Progress, s.Err, s.Getenv)}
	defer p.display.Close()
	for i, f := range b.folds {
		for _, way := range []*predicted{&f.given, &f.all} {
			if err := p.run(ctx, way, f); errors.Is(err, study.ErrInterrupted) {
				return i, err
			} else if err != nil {
				return 0, err
			}
		}
	}
	return len(b.folds), nil
}

// fit fits a fold, and finds what came.
func (b *backtest) fit(f *fold, then *history.Known, counts *history.Counts) error {
	if !f.log.Events() {
		return study.Usagef("--holdout %s --folds %d: no event is before the cut at %s; take a shorter holdout or fewer folds",
			b.Holdout, b.Folds, utc(f.cut))
	}
	if !f.mail {
		return study.Usagef("--holdout %s --folds %d: neither a delivery nor a send is before the cut at %s, which a back-test needs "+
			"beside bounces and complaints", b.Holdout, b.Folds, utc(f.cut))
	}
	r, err := f.result(then, counts)
	if err != nil {
		return study.Usage(fmt.Errorf("--holdout %s --folds %d: before the cut at %s: %w", b.Holdout, b.Folds, utc(f.cut), err))
	}
	attempts := f.attempts()
	if len(attempts) == 0 {
		return study.Usagef("--holdout %s --folds %d: no mail was sent from %s to %s", b.Holdout, b.Folds, utc(f.cut), utc(f.end))
	}
	r.start, r.aside = f.cut, nil // the points end there, without mail that counts towards no rate
	for i := range r.account.Senders {
		if s := &r.account.Senders[i]; s.Addresses > 0 && !s.Fresh && !s.Decay.Identifiable() {
			f.ageless = append(f.ageless, senderName(i))
		}
	}
	if f.all.config, err = r.config(); err != nil {
		return err
	}
	sends := *r
	sends.sends = f.replay(r.account, attempts)
	if f.given.config, err = sends.config(); err != nil {
		return err
	}
	rules, step := &f.all.config.Rules, sim.SeriesFrame(b.holdout, 1)
	f.before, f.volume, f.limit = r.points, float64(rules.Rep.WindowEligible), float64(rules.Review.BounceRate)/float64(unit.Whole)
	before := int((f.cut - r.account.First) / estimate.WeekLength)
	f.past = estimate.Weeks(r.points, f.cut-time.Duration(before)*estimate.WeekLength, before, f.volume, step)
	f.came = estimate.Weeks(append(slices.Clone(r.points), f.points()...), f.cut, int(b.holdout/estimate.WeekLength), f.volume, step)
	return nil
}

// config returns the scenario, with what it reads.
func (r *result) config() (*sim.Config, error) {
	var points bytes.Buffer
	if err := history.Write(&points, r.points); err != nil {
		return nil, err
	}
	files := folder{{Name: "history.csv", Data: points.Bytes()}}
	for i := range r.sends {
		for n, rows := range r.sends[i] {
			p := pair{name: pairName(i, n)}
			files = append(files, rundir.File{Name: p.file(), Data: traceOf(r.start, rows)})
		}
	}
	c, err := scenarios.LoadWith(files, "scenario.toml", r.scenario())
	if err != nil {
		return nil, fmt.Errorf("the scenario cannot be read again: %w", err)
	}
	return replicate.Drawing(c, draws), nil
}

// traceOf writes a trace of messages that were sent at times after start.
func traceOf(start time.Duration, rows []time.Duration) []byte {
	b := []byte("time,recipients\n")
	for _, at := range rows {
		b = append(history.Moment(start+at).Time().AppendFormat(b, time.RFC3339Nano), ",1\n"...)
	}
	return b
}

// replay returns the sends of the holdout by sender and list: for campaigns to new lists one
// for each campaign, for steady mail one for the addresses with mail so far and one for the
// others, otherwise one for each sender.
func (f *fold) replay(a *estimate.Account, attempts map[string][]time.Duration) [][][]time.Duration {
	list := make([][][]time.Duration, len(a.Senders))
	f.unknown = 0
	for _, rows := range attempts {
		f.unknown += int64(len(rows))
	}
	for i := range a.Senders {
		s := &a.Senders[i]
		rows := attempts[s.Name]
		f.unknown -= int64(len(rows))
		switch share := unwrittenShare(s); {
		case len(rows) == 0:
		case s.Fresh:
			list[i] = byCampaign(rows)
		case share > 0:
			list[i] = divided(rows, share)
		default:
			list[i] = append(list[i], rows)
		}
	}
	return list
}

// byCampaign divides times where there is a gap of an hour.
func byCampaign(rows []time.Duration) (list [][]time.Duration) {
	first := 0
	for k := range rows {
		if k > 0 && rows[k]-rows[k-1] > time.Hour && len(list) < mostCampaigns-1 {
			list = append(list, rows[first:k])
			first = k
		}
	}
	return append(list, rows[first:])
}

// divided gives a share of times, evenly, to a second list.
func divided(rows []time.Duration, share float64) [][]time.Duration {
	list := make([][]time.Duration, 2)
	for k, at := range rows {
		second := 0
		if math.Floor(share*float64(k+1)) > math.Floor(share*float64(k)) {
			second = 1
		}
		list[second] = append(list[second], at)
	}
	return list
}

// predicting is the progress of a back-test.
type predicting struct {
	done, of int
	clock    func() time.Duration
	began    time.Duration
	display  terminal.Display
}

func (p *predicting) Name() string           { return "predicting" }
func (p *predicting) Elapsed() time.Duration { return p.clock() - p.began }
func (p *predicting) Percent() int           { return 100 * p.done / p.of }
func (p *predicting) Line() string           { return fmt.Sprintf("run %d of %d", p.done, p.of) }

// run draws the weeks of a fold.
func (p *predicting) run(ctx context.Context, of *predicted, f *fold) error {
	c := of.config
	n, step := int(c.Horizon/estimate.WeekLength), sim.SeriesFrame(c.Horizon, 1)
	values := make([][estimate.Measures][]float64, n)
	reviews := 0
	err := replicate.Run(ctx, *c, 1, draws, runtime.GOMAXPROCS(0), func(_ int, r *sim.Result) error {
		points := append(slices.Clone(f.before), seriesPoints(&r.Series, f.cut)...)
		weeks := estimate.Weeks(points, f.cut, n, f.volume, step)
		if reached(weeks, f.limit) {
			reviews++
		}
		for i, week := range weeks {
			for m, v := range week {
				values[i][m] = append(values[i][m], v)
			}
		}
		p.done++
		p.display.Show(p)
		return nil
	})
	if ctx.Err() != nil {
		return study.ErrInterrupted
	}
	of.weeks, of.review = make([]forecast, n), replicate.Proportion(reviews, draws, 0.95)
	for i := range of.weeks {
		for m := range values[i] {
			of.weeks[i][m] = estimate.NewDraws(values[i][m])
		}
	}
	return err
}

// seriesPoints returns what counted in each step of a series.
func seriesPoints(t *measure.Table, start time.Duration) []ses.HistoryPoint {
	column := func(metric string) []float64 { return t.Find(t.Columns[0].Account, metric).Values }
	accepted, listed := column("accepted"), column("suppressed_account")
	hard, global, complaints := column("hard_bounced"), column("suppressed_global"), column("complaints")
	var list []ses.HistoryPoint
	for i := 1; i < len(t.Times); i++ {
		grown := func(values []float64) int64 { return int64(values[i] - values[i-1]) }
		list = append(list, ses.HistoryPoint{
			At: start + t.Times[i-1], For: t.Times[i] - t.Times[i-1], Eligible: max(grown(accepted)-grown(listed), 0),
			Bounces: grown(hard) + grown(global), Complaints: grown(complaints),
		})
	}
	return list
}
