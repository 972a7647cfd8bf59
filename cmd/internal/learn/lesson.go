package learn

import (
	"sync"

	"sesim/reports"
	"sesim/scenarios"
)

// Lesson is one lesson. Its words stand in web/text under its ID.
type Lesson struct {
	ID       string `json:"id"`
	Scenario string `json:"base"`    // name that its scenario ships under
	Account  string `json:"account"` // the one on the stage
	// Horizon is how long its run lasts, as its scenario has it.
	Horizon reports.Seconds `json:"horizon"`
	// First is the chart at the top: the one to watch.
	First    Chart     `json:"first"`
	Controls []Control `json:"controls"`
	// Options are the answers to the prediction, in the order in which they
	// are offered. The right one is the first whose criterion the run meets.
	Options []Option `json:"options"`
	// Variants are the scenario with some keys set otherwise; "" is as it is.
	Variants map[string][]scenarios.Override `json:"-"`
	// Figures are what the texts name in braces.
	Figures []Figure `json:"-"`
	// Holds are what the texts say without a figure.
	Holds []Claim `json:"-"`
	// Turns are values that AWS does not publish with which the answer is another.
	Turns []Turn `json:"turns"`
}

// Turn is a plausible value of a parameter that gives another answer.
type Turn struct {
	Parameter string `json:"parameter"`
	Value     string `json:"value"` // as --set takes it
	To        string `json:"to"`    // ID of the option that is right then
}

// Control is a slider or a choice.
type Control struct {
	ID      string   `json:"id"`      // names its words in web/text
	Kind    Kind     `json:"kind"`    // how its values are written
	Keys    []string `json:"keys"`    // keys of the scenario that it sets
	Values  []string `json:"values"`  // as --set takes them
	Default int      `json:"default"` // index of the value that the scenario has
	More    bool     `json:"more"`    // it stands behind "more"
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

// Kind is what the values of a control are.
type Kind string

// The kinds of controls.
const (
	PerDay Kind = "rate"     // "5000/d"
	Share  Kind = "share"    // "5%"
	Count  Kind = "count"    // 5000
	Span   Kind = "duration" // "21d"
	Choice Kind = "choice"   // a word, which web/text translates
)

// Option is one answer to a prediction.
type Option struct {
	ID string `json:"id"`
	If string `json:"-"` // criterion; empty: otherwise
}

// Figure is a figure of a text: a metric of a variant's run, or the value of a parameter
// of the rules, "rules.review.length". "rules.global.durations[0]" is one of a list.
type Figure struct {
	Name    string
	Variant string
	Metric  string
}

// Claim is a criterion that a variant's run meets.
type Claim struct {
	Variant   string
	Criterion string
}

// Lessons returns the seven lessons in their order.
func Lessons() []Lesson { return lessons() }

var lessons = sync.OnceValue(func() []Lesson {
	list := []Lesson{sandbox(), quota(), production(), bounce(), comeback(), review(), neighbour()}
	for i := range list {
		src, _ := scenarios.Source(list[i].Scenario)
		if cfg, err := scenarios.Load(list[i].Scenario, src); err == nil {
			list[i].Horizon = reports.Seconds(cfg.Horizon)
		}
	}
	return list
})

// find returns the lesson whose scenario has that name.
func find(base string) (Lesson, bool) {
	for _, l := range Lessons() {
		if l.Scenario == base {
			return l, true
		}
	}
	return Lesson{}, false
}

// set makes an override.
func set(key, value string) scenarios.Override { return scenarios.Override{Key: key, Value: value} }

// at makes the value with that text the default.
func (c Control) at(value string) Control {
	for i, v := range c.Values {
		if v == value {
			c.Default = i
		}
	}
	return c
}

// The controls that most lessons share. The first five stand in sight.

func volume(sender string) Control {
	return Control{ID: "volume", Kind: PerDay, Keys: []string{"sender." + sender + ".traffic.rate"},
		Values: []string{"50/d", "100/d", "200/d", "300/d", "500/d", "1000/d", "2000/d", "3000/d", "5000/d", "7500/d", "10000/d", "15000/d",
			"20000/d", "30000/d", "50000/d"}}
}

func dead(audience string) Control {
	return Control{ID: "dead", Kind: Share, Keys: []string{"audience." + audience + ".invalid"},
		Values: []string{"0%", "0.2%", "0.5%", "1%", "1.5%", "2%", "3%", "4%", "5%", "6%", "8%", "10%", "12%", "15%",
			"20%", "25%", "30%", "50%", "100%"}}
}

func complaints(audience string) Control {
	return Control{ID: "complaint", Kind: Share, Keys: []string{"audience." + audience + ".complaint"},
		Values: []string{"0%", "0.01%", "0.02%", "0.05%", "0.08%", "0.1%", "0.15%", "0.2%", "0.3%", "0.5%", "0.8%", "1%", "2%"}}
}

func hygiene(senders ...string) Control {
	c := Control{ID: "hygiene", Kind: Choice, Values: []string{"remove", "keep"}}
	for _, s := range senders {
		c.Keys = append(c.Keys, "sender."+s+".on_bounce")
	}
	return c
}

func quotaOf(account string) Control {
	return Control{ID: "quota", Kind: Count, Keys: []string{"account." + account + ".quota"},
		Values: []string{"200", "500", "1_000", "2_000", "5_000", "10_000", "20_000", "50_000", "100_000", "-1"}}
}

func listing(account string) Control {
	return Control{ID: "suppression", Kind: Choice, Keys: []string{"account." + account + ".suppression"}, More: true,
		Values: []string{`["BOUNCE", "COMPLAINT"]`, `["BOUNCE"]`, `["COMPLAINT"]`, `[]`}}
}

func decay(audience string) Control {
	return Control{ID: "decay", Kind: Choice, Keys: []string{"audience." + audience + ".decay"}, More: true,
		Values: []string{"0%/30d", "1%/30d", "2.1%/30d", "5%/30d", "10%/30d"}}
}

func size(audience string) Control {
	return Control{ID: "size", Kind: Count, Keys: []string{"audience." + audience + ".size"}, More: true,
		Values: []string{"5_000", "10_000", "12_000", "20_000", "50_000", "100_000"}}
}

func loop(audience string) Control {
	return Control{ID: "loop", Kind: Share, Keys: []string{"audience." + audience + ".feedback_loop"}, More: true,
		Values: []string{"0%", "20%", "40%", "60%", "80%", "100%"}}
}
