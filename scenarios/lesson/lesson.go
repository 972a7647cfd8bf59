package lesson

import (
	"cmp"
	"io/fs"
	"maps"
	"slices"
	"time"

	"sesim/scenarios"
	"sesim/scenarios/internal/tree"
	"sesim/sim"
)

// Texts are the same words in several languages, by their codes.
type Texts map[string]string

// Lesson is one lesson.
type Lesson struct {
	ID       string `json:"id"`       // name of its folder without the number
	Scenario string `json:"scenario"` // name that its scenario ships under, or of its file: scenario.toml
	Account  string `json:"account"`  // the one on the stage
	First    Chart  `json:"first"`    // the chart at the top: the one to watch
	// Draw is the chart into which a curve is drawn before the run, and Top the end of its scale:
	// recipients or addresses. That of the rate has a scale of its own.
	Draw Chart `json:"draw"`
	Top  int64 `json:"top"`
	// Text has the words of the lesson by language and key: title, short, intro, watch, ask,
	// answer, learned, and demo for the teacher.
	Text     map[string]map[string]string `json:"text"`
	Controls []Control                    `json:"controls"`
	// Options are the answers to the prediction, in the order in which they are offered. The
	// right one is the first whose criterion the run meets.
	Options []Option      `json:"options"`
	Labs    []Lab         `json:"labs"`
	Figures []Figure      `json:"-"`
	Turns   []Turn        `json:"turns"`
	Start   time.Time     `json:"start"` // of its run
	Horizon time.Duration `json:"-"`     // how long its run lasts

	variants []variant // the first is the scenario as it is, without a name
	src      []byte    // the scenario
	moves    map[string][]string
	from     *file
}

// Control is a slider or a choice.
type Control struct {
	ID      string   `json:"id"`
	Kind    Kind     `json:"kind"`
	Keys    []string `json:"keys"`    // keys of the scenario that it sets
	Values  []string `json:"values"`  // as --set takes them
	Words   []Texts  `json:"words"`   // of the values of a choice
	Default int      `json:"default"` // index of the value that the scenario has
	More    bool     `json:"more"`    // it stands behind "more"
	Name    Texts    `json:"name"`
}

// Option is one answer to a prediction.
type Option struct {
	ID   string `json:"id"`
	If   string `json:"-"` // criterion; empty: otherwise
	Text Texts  `json:"text"`
}

// Lab is a task for students, and what solves it.
type Lab struct {
	Goal []string `json:"goal"` // criteria that a run must meet, all of them; none: nobody can tell
	// Others are runs that must have been drawn beside it, "" for none: twenty other seeds, or
	// twenty other settings of what AWS does not publish.
	Others   Others `json:"others,omitempty"`
	Text     Texts  `json:"text"`
	Solution Texts  `json:"solution"` // for the teacher; nil: none
}

// Figure is a figure of a text: a metric of a variant's run, or the value of a parameter
// of the rules, "rules.review.length". "rules.global.durations[0]" is one of a list.
type Figure struct {
	Name    string
	Of      string
	Variant string // "": the scenario as it is
}

// Turn is a plausible value of a parameter that gives another answer.
type Turn struct {
	Parameter string `json:"parameter"`
	Value     string `json:"value"` // as --set takes it
	To        string `json:"to"`    // ID of the option that is right then
}

// variant is the scenario with some keys set otherwise.
type variant struct {
	name  string
	set   []scenarios.Override
	holds []string // criteria that its run meets: what the texts say without a figure
	path  string   // of its table, "" for the lesson itself
}

// Chart is one of the charts on the page.
type Chart string

// The charts, in their order on the page after a lesson's first one.
const (
	RateChart   Chart = "rate"
	QuotaChart  Chart = "quota"
	ListedChart Chart = "listed"
	StaysChart  Chart = "stays"
)

// Others are twenty other runs beside one.
type Others string

// The kinds of others.
const (
	Seeds       Others = "seeds"
	Assumptions Others = "assumptions"
)

// Kind is what the values of a control are.
type Kind string

// The kinds of controls.
const (
	PerDay Kind = "rate"     // "5000/d"
	Share  Kind = "share"    // "5%"
	Count  Kind = "count"    // 5000
	Span   Kind = "duration" // "21d"
	Choice Kind = "choice"   // one of several, each with words
)

// Languages returns the codes of the languages that a lesson has words in, sorted.
func (l *Lesson) Languages() []string { return slices.Sorted(maps.Keys(l.Text)) }

// Source returns the text of the lesson's scenario.
func (l *Lesson) Source() []byte { return l.src }

// Variants returns the names of the variants, that of the scenario as it is, "", first.
func (l *Lesson) Variants() []string {
	names := make([]string, len(l.variants))
	for i, v := range l.variants {
		names[i] = v.name
	}
	return names
}

// Load returns the scenario of a variant with some more keys set. A variant that there is
// none of has those alone.
func (l *Lesson) Load(name string, set ...scenarios.Override) (*sim.Config, error) {
	return scenarios.Load(l.scenarioName(), l.src, slices.Concat(l.variant(name).set, set)...)
}

// Holds returns the criteria that a variant's run meets.
func (l *Lesson) Holds(variant string) []string { return l.variant(variant).holds }

// Moves returns the parameters that AWS does not publish with which a figure changes.
func (l *Lesson) Moves(figure string) []string { return l.moves[figure] }

// MovesKnown reports whether somebody has looked for what Moves returns.
func (l *Lesson) MovesKnown() bool { return l.moves != nil }

func (l *Lesson) variant(name string) variant {
	i := slices.IndexFunc(l.variants, func(v variant) bool { return v.name == name })
	if i < 0 {
		return variant{}
	}
	return l.variants[i]
}

// file is where a lesson was read.
type file struct {
	*tree.Reporter
	root  *tree.Node
	files fs.FS  // of its folder
	name  string // of its folder, in messages
}

// scenarioName is the name of the scenario in messages.
func (l *Lesson) scenarioName() string {
	if isFile(l.Scenario) {
		return l.from.name + "/" + l.Scenario
	}
	return l.Scenario
}

// Wrong adds a problem with the value of a key, such as "option[2].if", to those of the file.
func (l *Lesson) Wrong(key, format string, args ...any) {
	l.from.Wrong(cmp.Or(tree.Find(l.from.root, key), l.from.root), key, "", format, args...)
}
