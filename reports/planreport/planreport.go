package planreport

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"sesim/reports"
	"sesim/reports/wording"
	"sesim/sim"
	"sesim/sim/criteria"
	"sesim/sim/plan"
	"sesim/sim/unit"
)

// Version is the version of a plan as JSON.
const Version = 1

// Plan is the answer of a plan. Its JSON keys are a contract with the programs
// that read it: keys may be added, never renamed or removed.
type Plan struct {
	Version    int                 `json:"version"`
	Scenario   string              `json:"scenario"`
	Question   string              `json:"question,omitempty"`
	Seed       uint64              `json:"seed"`
	Edition    string              `json:"edition"`
	Status     string              `json:"status"`               // found, none or interrupted
	Unfinished bool                `json:"unfinished,omitempty"` // found, but interrupted before neighbours, headroom and growth were complete
	Statement  string              `json:"statement"`
	Confidence float64             `json:"confidence"` // of intervals
	Choices    []Choice            `json:"choices"`    // in the order in which they were chosen
	Promises   []Promise           `json:"promises"`
	Apart      []Apart             `json:"apart"`    // promises that the keys do not move; they have no part in the answer
	CostUSD    float64             `json:"cost_usd"` // of all accounts in the scenario's horizon, on average over the runs of the answer
	Horizon    float64             `json:"horizon_seconds"`
	Before     []reports.Before    `json:"before,omitempty"`    // what accounts bring along
	Uncertain  []reports.Uncertain `json:"uncertain,omitempty"` // what each run draws; the values are the means
	Lost       []Loss              `json:"lost"`                // mail given up under the answer, by sender; senders without loss are left out
	// Nearest is the closest candidate, if there is no answer.
	Nearest   *Point    `json:"nearest,omitempty"`
	NoOrder   []NoOrder `json:"no_order"`
	Witnesses []Witness `json:"witnesses"`
	// Headroom is the answer with more mail, Increases what to ask for as the mail
	// grows as the goal says; empty if the answer lasts.
	Headroom []Headroom `json:"headroom"`
	Growth   *Growth    `json:"growth,omitempty"`
	// Without is the answer without automatic quota increases, which AWS might give,
	// if the scenario has them.
	Without *Without `json:"without_auto_increase,omitempty"`
	// Assumptions is set if the answer was judged in other settings.
	Assumptions *Assumptions `json:"assumptions,omitempty"`
	Runs        Runs         `json:"runs"`
	Candidates  []Point      `json:"candidates"` // all candidates tested, in the order of their values
}

// Choice is a key with the value chosen for it.
type Choice struct {
	Key    string   `json:"key"`
	Wanted string   `json:"wanted"` // smallest or largest
	From   string   `json:"from"`
	To     string   `json:"to"`
	Step   string   `json:"step,omitempty"`
	Values []string `json:"values,omitempty"` // if there is no step
	// Value is the answer's, in the syntax of --set; empty without an answer.
	Value string `json:"value,omitempty"`
	// Next is one step closer to the wanted end, nil if Value is that end. Binds
	// are the promises that Next breaks or, if it breaks none, leaves open.
	Next   *Point   `json:"next,omitempty"`
	Binds  []string `json:"binds,omitempty"`
	Half   *Point   `json:"half,omitempty"`
	Double *Point   `json:"double,omitempty"`
}

// Promise is a promise with its figures at the answer.
type Promise struct {
	Expression string  `json:"expression"`
	Search     *Figure `json:"search,omitempty"` // in the runs of the search
	Fresh      *Figure `json:"fresh,omitempty"`  // in runs that had no part in choosing
}

// Figure summarizes the runs of a candidate for one promise.
type Figure struct {
	Verdict  string   `json:"verdict"`         // kept, broken or open
	Aside    bool     `json:"aside,omitempty"` // the promise is set apart: the keys do not move it
	Runs     int      `json:"runs"`
	Met      int      `json:"met"`     // runs that met the criterion; for a mean, runs with data
	NoData   int      `json:"no_data"` // runs without data
	Value    *float64 `json:"value"`   // share of the runs that met it, or the mean; shares from 0 to 1, durations in seconds
	Low      *float64 `json:"low"`
	High     *float64 `json:"high"`
	Method   string   `json:"method"`
	Worst    *float64 `json:"worst"`           // the value of the metric closest to breaking the promise, or furthest beyond it
	Never    bool     `json:"never,omitempty"` // the worst is null because it never happens: a campaign lost mail
	Sentence string   `json:"sentence"`
}

// Apart is a promise that the keys do not move: the same seeds break it whatever is
// chosen.
type Apart struct {
	Promise string `json:"promise"`
	Figure  Figure `json:"figure"`
	// Undecided: there are too few runs to say whether it is kept.
	Undecided bool   `json:"undecided,omitempty"`
	Cause     string `json:"cause,omitempty"` // of the reviews or pauses that it is about: bounces, complaints, or both
}

// Without is the answer to the same question with another setting.
type Without struct {
	Setting   string   `json:"setting"` // as --set takes it
	Status    string   `json:"status"`
	Statement string   `json:"statement"`
	Values    []string `json:"values,omitempty"` // by choice; none without an answer
	Runs      Runs     `json:"runs"`
}

// AddWithout adds the answer of the same question without automatic quota
// increases.
func (p *Plan) AddWithout(setting string, other *Plan) {
	p.Without = &Without{Setting: setting, Status: other.Status, Statement: other.Statement, Runs: other.Runs}
	for _, c := range other.Choices {
		if c.Value != "" {
			p.Without.Values = append(p.Without.Values, c.Value)
		}
	}
}

// Headroom is the answer with more mail.
type Headroom struct {
	Growth float64 `json:"growth"` // 0.05: 5% more mail than in the scenario
	Point
}

// Growth is what to ask for as the mail grows.
type Growth struct {
	Share        float64    `json:"share"` // in each period
	EverySeconds float64    `json:"every_seconds"`
	OverSeconds  float64    `json:"over_seconds"` // how far it was followed
	Increases    []Increase `json:"increases"`    // none: the answer lasts
}

// Increase is what to ask for.
type Increase struct {
	By     time.Time `json:"by"`               // when the values before it no longer keep the promises
	Values []string  `json:"values,omitempty"` // by choice; none: no values that were tested keep them
	Until  time.Time `json:"until"`            // how long they last at least
	Mail   float64   `json:"mail"`             // by then, relative to the scenario's
}

// Loss is the mail that a sender gives up in the runs of a candidate. Lost mail is
// never done: no promise about a time counts it as if it were.
type Loss struct {
	Sender string  `json:"sender"`
	Unit   string  `json:"unit"`
	Runs   int     `json:"runs"`
	Lossy  int     `json:"runs_with_loss"`
	Mean   float64 `json:"mean"`
	Most   int64   `json:"most"`
	Share  float64 `json:"share"` // of the mail that was due in these runs
}

// Point is a candidate: values for all keys, in their order.
type Point struct {
	Values     []string `json:"values"`
	Kept       bool     `json:"kept"`
	Figures    []Figure `json:"figures"`              // by promise
	Lost       []Loss   `json:"lost,omitempty"`       // mail given up in its runs, by sender; senders without loss are left out
	Impossible string   `json:"impossible,omitempty"` // why these values are not valid in the scenario
}

// NoOrder is a promise that is not monotone along a key: it is kept in several
// separate ranges.
type NoOrder struct {
	Key     string `json:"key"`
	Promise string `json:"promise"`
	Turns   []Turn `json:"turns"`
}

// Turn is a value, among those tested, at which the verdict on a promise
// changes.
type Turn struct {
	Value   string `json:"value"`
	Verdict string `json:"verdict"`
}

// Witness is a run that refuted an answer.
type Witness struct {
	Values  []string `json:"values"`
	Promise string   `json:"promise"`
	Seed    uint64   `json:"seed"`
}

// Runs counts simulated runs.
type Runs struct {
	Total      int `json:"total"`
	Confirming int `json:"confirming"`
	Further    int `json:"further"` // after search and confirmation: neighbours, headroom, growth
	Candidates int `json:"candidates"`
}

// New returns the plan of an answer to a question about a scenario.
func New(cfg *sim.Config, a *plan.Answer) *Plan {
	b := builder{cfg, a.Question}
	p := &Plan{
		Version: Version, Scenario: cfg.Name, Question: cfg.Question, Seed: cfg.Seed, Edition: cfg.Edition, Status: a.Status.String(), Confidence: a.Question.Confidence,
		CostUSD: a.Cost.USD(), Horizon: cfg.Horizon.Seconds(), Unfinished: a.Unfinished,
		Before: reports.BeforeOf(cfg), Uncertain: reports.UncertainOf(cfg),
		Nearest: b.point(a.Nearest), Apart: []Apart{}, Lost: []Loss{}, NoOrder: []NoOrder{}, Witnesses: []Witness{}, Candidates: []Point{},
		Runs: Runs{a.Runs, a.ConfirmRuns, a.FurtherRuns, len(a.Points)},
	}
	for j := range a.Question.Choices {
		p.Choices = append(p.Choices, b.choice(a, j))
	}
	for i := range a.Question.Promises {
		promise := Promise{Expression: a.Question.Promises[i].Expression}
		if a.Status == plan.Found {
			promise.Search = b.figure(i, &a.Figures[i])
			if a.Fresh != nil {
				promise.Fresh = b.figure(i, &a.Fresh[i])
			}
		}
		p.Promises = append(p.Promises, promise)
	}
	for i := range a.Apart {
		p.Apart = append(p.Apart, b.apart(&a.Apart[i]))
	}
	p.Lost = append(p.Lost, b.losses(a.Lost)...)
	for _, m := range a.Mixed {
		p.NoOrder = append(p.NoOrder, b.noOrder(m))
	}
	for _, w := range a.Witnesses {
		p.Witnesses = append(p.Witnesses, Witness{b.texts(w.Values), a.Question.Promises[w.Promise].Expression, w.Seed})
	}
	for i := range a.Points {
		p.Candidates = append(p.Candidates, *b.point(&a.Points[i]))
	}
	p.addGrowth(&b, a)
	p.Statement = b.statement(p, a)
	return p
}

// addGrowth adds the answer with more mail.
func (p *Plan) addGrowth(b *builder, a *plan.Answer) {
	p.Headroom = []Headroom{}
	for _, h := range a.Headroom {
		p.Headroom = append(p.Headroom, Headroom{h.Growth.Float(), *b.point(h.Point)})
	}
	g := &a.Question.Growth
	if g.Share == 0 || len(a.Headroom) == 0 {
		return
	}
	p.Growth = &Growth{g.Share.Float(), g.Every.Seconds(), g.Over.Seconds(), []Increase{}}
	for _, i := range a.Increases {
		out := Increase{By: b.cfg.Start.Add(i.By).UTC(), Until: b.cfg.Start.Add(i.Until).UTC(), Mail: i.Mail.Float()}
		if i.Values != nil {
			out.Values = b.texts(i.Values)
		}
		p.Growth.Increases = append(p.Growth.Increases, out)
	}
}

// Settings returns the arguments of --set that run the answer.
func (p *Plan) Settings() []string {
	var list []string
	for _, c := range p.Choices {
		list = append(list, c.Key+"="+c.Value)
	}
	return list
}

// builder converts the parts of an answer.
type builder struct {
	cfg *sim.Config
	q   *plan.Question
}

func (b *builder) texts(values []int64) []string {
	list := make([]string, len(values))
	for j := range values {
		list[j] = b.q.Choices[j].Text(values[j])
	}
	return list
}

func (b *builder) choice(a *plan.Answer, j int) Choice {
	c := &b.q.Choices[j]
	out := Choice{Key: c.Key, Wanted: c.Wanted(), From: c.Text(c.From), To: c.Text(c.To)}
	if c.Step > 0 {
		out.Step = c.Text(c.Step)
	}
	for _, v := range c.Values {
		out.Values = append(out.Values, c.Text(v))
	}
	if a.Status != plan.Found {
		return out
	}
	out.Value = c.Text(a.Values[j])
	if j < len(a.Neighbours) {
		n := &a.Neighbours[j]
		out.Next, out.Half, out.Double = b.point(n.Next), b.point(n.Half), b.point(n.Double)
		out.Binds = b.binding(n.Next)
	}
	return out
}

// binding returns the promises that a point breaks or, if it breaks none, those
// that it leaves open.
func (b *builder) binding(p *plan.Point) []string {
	if p == nil {
		return nil
	}
	for _, verdict := range []plan.Verdict{plan.Broken, plan.Open} {
		var list []string
		for i := range p.Figures {
			if p.Figures[i].Verdict == verdict && !p.Figures[i].Aside {
				list = append(list, b.q.Promises[i].Expression)
			}
		}
		if len(list) > 0 {
			return list
		}
	}
	return nil
}

func (b *builder) point(p *plan.Point) *Point {
	if p == nil {
		return nil
	}
	out := &Point{Values: b.texts(p.Values), Kept: p.Kept(), Figures: []Figure{}, Impossible: p.Impossible}
	for i := range p.Figures {
		out.Figures = append(out.Figures, *b.figure(i, &p.Figures[i]))
	}
	out.Lost = b.losses(p.Lost)
	return out
}

func (b *builder) apart(a *plan.Apart) Apart {
	out := Apart{Promise: b.q.Promises[a.Promise].Expression, Figure: *b.figure(a.Promise, &a.Figure), Undecided: a.Undecided}
	switch c := a.Causes; {
	case c.Bounces > 0 && c.Complaints > 0:
		out.Cause = "bounces and complaints"
	case c.Bounces > 0:
		out.Cause = "bounces"
	case c.Complaints > 0:
		out.Cause = "complaints"
	}
	return out
}

func (b *builder) losses(losses []plan.Loss) []Loss {
	rows := b.cfg.Figures.Rows().Sender
	row := slices.IndexFunc(rows, func(f sim.Figure[sim.SenderResult]) bool { return f.Name == givenUp })
	var out []Loss
	for _, l := range losses {
		out = append(out, Loss{
			Sender: b.cfg.Senders[l.Sender].Name, Unit: rows[row].Unit, Runs: l.Runs, Lossy: l.Lossy,
			Mean: float64(l.Sum) / float64(l.Runs), Most: l.Most, Share: float64(l.Sum) / float64(l.Due),
		})
	}
	return out
}

// givenUp is the figure of senders that counts lost mail.
const givenUp = "given_up"

func (b *builder) noOrder(m plan.Mixed) NoOrder {
	out := NoOrder{Key: b.q.Choices[m.Choice].Key, Promise: b.q.Promises[m.Promise].Expression}
	for _, t := range m.Turns {
		out.Turns = append(out.Turns, Turn{b.q.Choices[m.Choice].Text(t.Value), t.Verdict.String()})
	}
	return out
}

func (b *builder) figure(promise int, f *plan.Figure) *Figure {
	p := &b.q.Promises[promise]
	return &Figure{
		Verdict: f.Verdict.String(), Aside: f.Aside, Runs: f.Runs, Met: f.Met, NoData: f.NoData,
		Value: finite(f.Interval.Value), Low: finite(f.Interval.Low), High: finite(f.Interval.High), Method: f.Interval.Method,
		Worst: finite(f.Worst), Never: math.IsInf(f.Worst, 1), Sentence: b.sentence(p, f),
	}
}

// finite returns nil for NaN and infinities, which JSON cannot represent.
func finite(v float64) *float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil
	}
	return &v
}

// sentence puts the figure of a promise into words.
func (b *builder) sentence(p *criteria.Promise, f *plan.Figure) string {
	kind, _ := b.cfg.Metric(p.Of.Metric)
	text := ""
	switch {
	case p.Kind == criteria.Mean:
		mean := func(v float64) string { return value(kind, v) }
		text = fmt.Sprintf("mean %s%s over %s", mean(f.Interval.Value), span(f, mean), runs(f.Runs))
	case p.Kind == criteria.Chance:
		text = fmt.Sprintf("%s%s of %s", wording.Percent(f.Interval.Value), span(f, wording.Percent), runs(f.Runs))
	case f.Met == f.Runs && f.Runs == 1:
		text = "holds in 1 run"
	case f.Met == f.Runs:
		text = "holds in all " + runs(f.Runs)
	default:
		text = fmt.Sprintf("fails in %s of %s", wording.Count(int64(f.Runs-f.Met)), runs(f.Runs))
	}
	if f.NoData > 0 {
		text += fmt.Sprintf(", %s without data", wording.Count(int64(f.NoData)))
	}
	if p.Kind == criteria.Always && !math.IsNaN(f.Worst) {
		text += " (worst: " + value(kind, f.Worst) + ")"
	}
	return text
}

func runs(n int) string { return unit.Plural(int64(n), "run", "runs") }

// span writes an interval in brackets.
func span(f *plan.Figure, write func(float64) string) string {
	if !f.Interval.OK() {
		return ""
	}
	return fmt.Sprintf(" [%s to %s]", write(f.Interval.Low), write(f.Interval.High))
}

// value writes the value of a metric.
func value(kind criteria.Kind, v float64) string {
	switch {
	case math.IsNaN(v):
		return "no data"
	case math.IsInf(v, 1):
		return "never"
	}
	return wording.Figure(kind, v)
}

// none states that no candidate keeps all promises, and how many were tested.
func none(seen int64, q *plan.Question) string {
	all := int64(1)
	for i := range q.Choices {
		if n := q.Choices[i].Last() + 1; all > math.MaxInt64/n {
			all = math.MaxInt64
		} else {
			all *= n
		}
	}
	if seen >= all {
		return fmt.Sprintf("None of the %s candidates keeps all promises.", wording.Count(all))
	}
	return fmt.Sprintf("None of the %s candidates tested keeps all promises; there are %s in total.", wording.Count(seen), wording.Count(all))
}

// statement states in a sentence how well the answer is confirmed.
func (b *builder) statement(p *Plan, a *plan.Answer) string {
	switch {
	case a.Status == plan.Interrupted:
		return "The search was interrupted; the results so far are not confirmed."
	case a.GaveUp:
		return "Fresh runs refuted every answer found, and the search gave up; more replications may find one."
	case a.Status == plan.None && undecided(a.Nearest):
		return fmt.Sprintf("No candidate is known to keep all promises, but %s for each are too few to decide: the nearest breaks none. "+
			"Allow more with --replications.", runs(a.Question.Replications))
	case a.Status == plan.None && len(a.Apart) == len(a.Question.Promises):
		return "The keys move no promise, and none is kept whatever is chosen."
	case a.Status == plan.None:
		return none(int64(p.Runs.Candidates), a.Question) + b.shortfall(a.Nearest)
	case a.Fresh == nil:
		return fmt.Sprintf("All promises are kept in %s of the search, with %s confidence; no fresh runs confirmed the answer.",
			runs(a.Figures[0].Runs), wording.Percent(p.Confidence))
	}
	kept, which := true, "all promises"
	for _, f := range a.Fresh {
		kept = kept && (f.Aside || f.Verdict == plan.Kept)
	}
	if len(a.Apart) > 0 {
		which = "the other " + unit.Plural(int64(len(a.Fresh)-len(a.Apart)), "promise", "promises")
	}
	fresh := fmt.Sprintf("%s fresh %s, which had no part in the search,", wording.Count(int64(a.Fresh[0].Runs)), plural(a.Fresh[0].Runs))
	if kept {
		return fmt.Sprintf("%s confirm %s with %s confidence.", fresh, which, wording.Percent(p.Confidence))
	}
	return fmt.Sprintf("%s contradict no promise, but are too few to confirm all of them with %s confidence.",
		fresh, wording.Percent(p.Confidence))
}

// shortfall names the promises that the nearest candidate does not keep, and by how
// much.
func (b *builder) shortfall(p *plan.Point) string {
	var parts []string
	for i := range p.Figures {
		if f := &p.Figures[i]; f.Verdict != plan.Kept && !f.Aside {
			parts = append(parts, b.missed(i, f))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return " At the nearest, " + strings.Join(parts, "; ") + "."
}

// missed says by how much a figure misses a promise.
func (b *builder) missed(i int, f *plan.Figure) string {
	promise := &b.q.Promises[i]
	v, limit := f.Held(promise)
	kind := criteria.Share
	if promise.Kind != criteria.Chance {
		kind, _ = b.cfg.Metric(promise.Of.Metric)
	}
	return fmt.Sprintf("%s cannot be kept: it is %s where the limit is %s", promise.Expression, value(kind, v), value(kind, limit))
}

// undecided reports whether a point breaks no promise in its runs so far.
func undecided(p *plan.Point) bool {
	return p != nil && !slices.ContainsFunc(p.Figures, func(f plan.Figure) bool { return f.Verdict == plan.Broken })
}

func plural(n int) string {
	if n == 1 {
		return "run"
	}
	return "runs"
}
