package calibrate

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"sesim/cmd/internal/study"
	"sesim/reports/rundir"
	"sesim/scenarios"
	"sesim/scenarios/history"
	"sesim/sim/estimate"
	"sesim/sim/rules"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// Options are what the command line says.
type Options struct {
	study.LogOptions
	study.Delivery // Dir: "" for one of the name
	Name           string
	From, Until    string // times or days; "" for all
	By             string // what separates senders
	Campaign       string // what makes a campaign: burst, or tag:NAME
	Birth          bool   // the log begins with the account's first mail
	KeepSenders    bool
	Horizon        string
	Confidence     string
}

// settings are the options, checked.
type settings struct {
	*Options
	from, until history.Moment // until: 0 for all
	horizon     time.Duration
	confidence  float64
	separate    func(*history.Record) string
	campaign    func(*history.Record) string // its name; nil: it has none
}

// Run reads logs and writes the folder.
func Run(ctx context.Context, s *study.System, names []string, o *Options) error {
	set, err := check(o)
	if err != nil {
		return study.Usage(err)
	}
	if err := o.reserve(s, "calibration"); err != nil {
		return err
	}
	logs, err := s.FindLogs(ctx, names, &o.LogOptions)
	if err != nil {
		return err
	}
	logs.Options.Tags = o.tags()
	g := gatherer{set: set, log: estimate.NewLog()}
	known, counts, err := s.Read(ctx, logs, o.Progress, g.add)
	if err != nil {
		return err
	}
	if !o.Quiet {
		s.TellRead(logs, &counts, known)
	}
	r, err := g.result(known, &counts)
	if err != nil {
		return study.Usage(err)
	}
	r.inputs = inputsOf(logs, &counts)
	files, err := r.files()
	if err != nil {
		return err
	}
	return o.deliver(s, "calibration", files, r.text)
}

// reserve reserves the folder, which has the name of what is in it where the command line
// gives none. Quiet commands show no progress.
func (o *Options) reserve(s *study.System, what string) error {
	o.Dir, o.Progress = cmp.Or(o.Dir, what+"-"+o.Name), o.Mode(o.Progress)
	return s.Reserve(o.Dir, what+".json", o.Force)
}

// deliver writes the folder, and prints the result, each even if the other fails: as JSON the
// last file, or the text, which depends on whether there is a folder.
func (o *Options) deliver(s *study.System, what string, files []rundir.File, text func(written bool) string) error {
	failed := rundir.WritePrivate(filepath.Clean(o.Dir), files, o.Force)
	if failed != nil {
		failed = fmt.Errorf("cannot write the %s: %w", what, failed)
	}
	var printed error
	switch {
	case o.JSON:
		_, printed = s.Out.Write(files[len(files)-1].Data)
	case !o.Quiet:
		_, printed = io.WriteString(s.Text, text(failed == nil))
	}
	return errors.Join(failed, printed)
}

// tags returns the message tags that the options name, each once.
func (o *Options) tags() (list []string) {
	for _, key := range []string{o.By, o.Campaign} {
		if tag, is := strings.CutPrefix(key, "tag:"); is && !slices.Contains(list, tag) {
			list = append(list, tag)
		}
	}
	return list
}

// tagged returns the function for the value of one of these tags.
func (o *Options) tagged(tag string) func(*history.Record) string {
	i := slices.Index(o.tags(), tag)
	return func(r *history.Record) string { return r.Tags[i] }
}

// isName is the form of names that domains may begin with.
var isName = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$`)

// Limits of the confidence of intervals.
const (
	leastConfidence = unit.Whole / 2
	mostConfidence  = unit.Whole / 1000 * 999
)

// check checks the options.
func check(o *Options) (*settings, error) {
	set := &settings{Options: o}
	var errs []error
	if !isName.MatchString(o.Name) {
		errs = append(errs, fmt.Errorf("--name: %q is not a name of small letters, digits and hyphens, at most 40", o.Name))
	}
	var err error
	if set.from, err = moment("--from", o.From); err != nil {
		errs = append(errs, err)
	}
	if set.until, err = moment("--until", o.Until); err != nil {
		errs = append(errs, err)
	}
	if set.horizon, err = unit.ParseDuration(o.Horizon); err != nil || set.horizon < unit.Day {
		errs = append(errs, fmt.Errorf("--horizon: %q is not a duration of a day or more, such as \"90d\"", o.Horizon))
	}
	confidence, err := unit.ParseShare(o.Confidence)
	if err != nil || confidence < leastConfidence || confidence > mostConfidence {
		errs = append(errs, fmt.Errorf("--confidence: %q is not a percentage from %v to %v", o.Confidence, leastConfidence, mostConfidence))
	}
	set.confidence = confidence.Float()
	switch kind, tag, _ := strings.Cut(o.By, ":"); {
	case o.By == "source":
		set.separate = func(r *history.Record) string { return r.Source }
	case o.By == "configuration-set":
		set.separate = func(r *history.Record) string { return r.Set }
	case o.By == "caller":
		set.separate = func(r *history.Record) string { return r.Caller }
	case kind == "tag" && tag != "":
		set.separate = o.tagged(tag)
	default:
		errs = append(errs, fmt.Errorf("--by: %q is none of source, configuration-set, caller, tag:NAME", o.By))
	}
	switch tag, is := strings.CutPrefix(o.Campaign, "tag:"); {
	case is && tag != "":
		set.campaign = o.tagged(tag)
	case o.Campaign != "burst":
		errs = append(errs, fmt.Errorf("--campaign: %q is neither burst nor tag:NAME", o.Campaign))
	}
	return set, errors.Join(errs...)
}

// moment reads a time or a day.
func moment(flag, text string) (history.Moment, error) {
	if text == "" {
		return 0, nil
	}
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if t, err := time.Parse(layout, text); err == nil {
			return history.Moment(t.UnixNano()), nil
		}
	}
	return 0, fmt.Errorf("%s: %q is not a time such as 2026-03-02T09:00:00Z or a day such as 2026-03-02", flag, text)
}

// gatherer turns records into events.
type gatherer struct {
	set     *settings
	log     *estimate.Log
	aside   *estimate.Log // of own domains and the mailbox simulator; nil: there is none
	leftOut int64         // its events
	early   int64         // records before --from
	mail    bool          // there were deliveries or sends
}

var kinds = map[history.Type]estimate.Kind{
	history.Send: estimate.Sent, history.Reject: estimate.Refused, history.RenderingFailure: estimate.Refused,
	history.Delivery: estimate.Delivered, history.Bounce: estimate.Bounced, history.Complaint: estimate.Complained,
}

// add passes on a record.
func (g *gatherer) add(r *history.Record) error {
	kind, wanted := kinds[r.Type]
	switch {
	case !wanted || g.set.until > 0 && r.Time > g.set.until:
		return nil
	case r.Time < g.set.from:
		g.early++
		return nil
	}
	if r.OnList && r.Type == history.Complaint { // no attempt, and nobody complained
		kind = estimate.Bounced
	}
	g.mail = g.mail || kind == estimate.Sent || kind == estimate.Delivered
	e := estimate.Event{
		Kind: kind, Bounce: r.Bounce, OnList: r.OnList, Sender: g.set.separate(r),
		Time: time.Duration(r.Time), Mail: time.Duration(r.MailTime), Arrived: time.Duration(r.Arrived),
	}
	if g.set.campaign != nil {
		e.Campaign = g.set.campaign(r)
	}
	if len(r.Recipients) == 0 {
		g.log.Add(&e)
	}
	for i := range r.Recipients {
		to := &r.Recipients[i]
		e.Address, e.Class = to.Hash, uint8(to.Class)
		if to.Elsewhere {
			e.Address = 0
		}
		switch {
		case to.Simulator:
			g.addAside(e, simulatorMail)
			continue
		case to.Own:
			g.addAside(e, ownDomains)
			continue
		}
		g.log.Add(&e)
		if kind == estimate.Complained {
			break // one complaint of the message, whoever complained
		}
	}
	return nil
}

// result estimates.
func (g *gatherer) result(known *history.Known, counts *history.Counts) (*result, error) {
	r := &result{settings: g.set, known: known, leftOut: g.leftOut, region: counts.Region}
	r.points = slices.DeleteFunc(slices.Clone(known.Points), func(p ses.HistoryPoint) bool {
		return p.At < time.Duration(g.set.from) || g.set.until > 0 && p.End()-1 > time.Duration(g.set.until)
	})
	switch {
	case g.log.Events() && !g.mail && (known.OutcomesOnly || len(r.points) == 0):
		return nil, errors.New("the log has bounces and complaints only: without deliveries or sends nothing says how much mail there was; " +
			"give the answer to get-send-statistics or CloudWatch's metrics as well")
	case g.log.Events() && !g.mail:
		r.account = estimate.OfPoints(r.points, g.log, g.set.confidence)
	case g.log.Events():
		r.account = g.log.Estimate(estimate.Options{Confidence: g.set.confidence, Birth: g.set.Birth, Cut: time.Duration(g.set.until)})
	case g.early > 0:
		return nil, fmt.Errorf("--from: all %s are earlier", unit.Plural(g.early, "event", "events"))
	case len(r.points) > 0:
		r.account = estimate.OfPoints(r.points, nil, g.set.confidence)
	default:
		return nil, errors.New("the inputs have no mail: neither events nor statistics")
	}
	if span := r.account.Cut - r.account.First; span < unit.Day {
		return nil, fmt.Errorf("the log covers %s, which is less than a day", unit.FormatDuration(span.Round(time.Second)))
	}
	r.aside = g.asideMail(r.account)
	r.start = (r.account.Cut + quarter - 1) / quarter * quarter
	if n := len(r.points); n > 0 {
		r.start = max(r.start, r.points[n-1].End())
	}
	r.volume = estimate.Volume(r.points, g.readings(known, func(x *history.Rates) float64 { return x.Bounce }))
	r.loop = g.loop(known, r)
	if r.loop.Identifiable() && known.LoopAssumed {
		history.SetLoop(r.points, r.loop.Value)
	}
	return r, nil
}

// readings returns those of a metric of reputation until the cut.
func (g *gatherer) readings(known *history.Known, of func(*history.Rates) float64) (list []estimate.Reading) {
	for i := range known.Rates {
		x := &known.Rates[i]
		if rate := of(x); rate >= 0 && (g.set.until == 0 || x.At <= g.set.until) {
			list = append(list, estimate.Reading{At: time.Duration(x.At), Rate: rate})
		}
	}
	return list
}

// loop returns which share of the mail goes to providers with a feedback loop: as history.csv
// says, or as the metrics of reputation tell.
func (g *gatherer) loop(known *history.Known, r *result) estimate.Estimate {
	if !known.LoopAssumed {
		var eligible, loop int64
		for _, p := range r.points {
			eligible, loop = eligible+p.Eligible, loop+p.ComplaintEligible
		}
		return estimate.Counted(loop, eligible)
	}
	volume := r.volume.Value
	if !r.volume.Identifiable() {
		set, _ := rules.Edition("current") // which there is
		volume = float64(set.Rep.WindowEligible)
	}
	return estimate.Loop(r.points, g.readings(known, func(x *history.Rates) float64 { return x.Complaint }), volume)
}

// files returns what the folder has, what marks it last. The scenario has been read and runs.
func (r *result) files() ([]rundir.File, error) {
	var points bytes.Buffer
	if err := history.Write(&points, r.points); err != nil {
		return nil, err
	}
	scenario := r.scenario()
	data, err := r.json()
	if err != nil {
		return nil, err
	}
	list := []rundir.File{{Name: "scenario.toml", Data: scenario}, {Name: "history.csv", Data: points.Bytes()}}
	c, err := scenarios.LoadWith(folder(list), "scenario.toml", scenario)
	if err != nil {
		return nil, fmt.Errorf("the scenario cannot be read again: %w", err)
	}
	page, err := r.page(c.Rules.Review.BounceRate.Float())
	if err != nil {
		return nil, err
	}
	return append(list, rundir.File{Name: "report.html", Data: page}, rundir.File{Name: "calibration.json", Data: data}), nil
}

// folder opens files before they are written.
type folder []rundir.File

func (f folder) Open(name string) (io.ReadCloser, error) {
	for _, o := range f {
		if o.Name == name {
			return io.NopCloser(bytes.NewReader(o.Data)), nil
		}
	}
	return nil, fs.ErrNotExist
}
