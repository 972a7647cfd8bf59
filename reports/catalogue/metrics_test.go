package catalogue

import (
	"regexp"
	"strings"
	"testing"

	"sesim/sim"
	"sesim/sim/criteria"
)

// Every metric that a scenario has is in the list, with its kind; so is the
// figure of a table with a row more.
func TestEveryMetricIsPrinted(t *testing.T) {
	table := *(*sim.FigureTable)(nil).Rows()
	further := sim.FigureInfo{Name: "further.figure", Kind: criteria.Number, Unit: "furlongs", Help: "how far it is"}
	table.Sender = append(table.Sender[:len(table.Sender):len(table.Sender)], sim.Figure[sim.SenderResult]{FigureInfo: further})
	var b strings.Builder
	if err := WriteMetrics(&b, &table); err != nil {
		t.Fatal(err)
	}
	text := b.String()
	cfg := sim.Config{Figures: &table, Accounts: []sim.Account{{Name: anyAccount}}, Senders: []sim.Sender{{Name: anySender}}}
	metrics := 0
	for _, name := range cfg.Metrics() {
		kind, _ := cfg.Metric(name)
		owner, _, event, of := sim.EventMetric(name)
		if of {
			metric, _, _ := strings.Cut(strings.TrimPrefix(name, owner+"."), ".")
			name = owner + "." + metric + ".EVENT"
			if !regexp.MustCompile(`[ ,\n]` + event.String() + `[,\n]`).MatchString(text) {
				t.Errorf("the event %s is not listed", event)
			}
		}
		if !regexp.MustCompile(`(?m)^  ` + regexp.QuoteMeta(name) + ` +` + kind.String() + ` `).MatchString(text) {
			t.Errorf("%s, a %v, is not listed", name, kind)
		}
		metrics++
	}
	if metrics < 100 {
		t.Errorf("%d metrics, want 100 or more: the test looks for the wrong thing", metrics)
	}
	if !regexp.MustCompile(`SENDER\.further\.figure +number +furlongs +how far it is\n`).MatchString(text) {
		t.Errorf("a further figure is not listed:\n%s", text)
	}
}

// All rules are printed with all of their parameters.
func TestEveryRuleIsExplained(t *testing.T) {
	var b strings.Builder
	if err := WriteAll(&b); err != nil {
		t.Fatal(err)
	}
	for _, r := range Rules() {
		if !strings.Contains(b.String(), "\n"+r.ID+": "+r.About+"\n") {
			t.Errorf("%s is not explained", r.ID)
		}
		for _, p := range r.Parameters {
			if !strings.Contains(b.String(), "\n"+p.Name+" = "+p.Default+"\n") {
				t.Errorf("%s is not explained", p.Name)
			}
		}
	}
}
