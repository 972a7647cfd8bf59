package plot

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sesim/reports"
	"sesim/reports/internal/reporttest"
	"sesim/sim/ses"
)

// TestAssumptionCharts draws the settings of a study: those in which a verdict differs
// first, then those in which the account's state does.
func TestAssumptionCharts(t *testing.T) {
	r := reporttest.New(t, 1)
	a := &r.Summary.Accounts[0]
	a.Began, a.Timeline = ses.Production.String(), nil
	r.Summary.Thresholds = []reports.Threshold{{Expression: "x", Verdict: "pass", Held: &reports.Held{HoldsIn: 2, Of: 4}}}
	reviewed := []reports.Change{{At: reports.Seconds(time.Hour), Event: ses.EventUnderReview}}
	r.Summary.Assumptions = &reports.Assumptions{
		Settings: 4, HoldsIn: 2, Account: a.Name, Parameters: []reports.Assumption{
			{Name: "rep.min_eligible", Value: "1000", Below: 1, Settings: []reports.Setting{
				{Value: "0", Verdicts: []string{"pass"}, Changes: reviewed}, {Value: "10000", Verdicts: []string{"fail"}, Refused: 1234},
			}, Turns: []reports.Turn{{At: "2600", Tried: "10000", Way: "above", Beyond: true}}},
			{Name: "pause.notice", Value: "0s", Settings: []reports.Setting{{Value: "7d", Verdicts: []string{"pass"}}}},
			{Name: "review.length", Value: "21d", Settings: []reports.Setting{
				{Value: "30d", Verdicts: []string{"fail"}, Changes: append(reviewed, reports.Change{At: reports.Seconds(50 * time.Hour), Event: ses.EventPaused})},
				{Value: "40d"},
			}},
		},
	}
	charts, err := Charts(r)
	if err != nil {
		t.Fatal(err)
	}
	strips, turns := charts[len(charts)-2], charts[len(charts)-1]
	if strips.Name != "assumptions-settings" || turns.Name != "assumptions-turns" || !strips.Drawn() || !turns.Drawn() {
		t.Fatalf("the last charts are %q and %q", strips.Name, turns.Name)
	}
	refused := strips.Rows[0][1]
	want := [][]string{
		{"as the scenario is", refused, "no"},
		{"rep.min_eligible 10,000", "no review, no pause, 1,234 refused", "yes"},
		{"review.length 30d", "paused on day 2", "yes"},
		{"rep.min_eligible 0", "under review after 1 h", "no"},
	}
	if diff := cmp.Diff(want, strips.Rows); diff != "" {
		t.Errorf("settings (-want +got):\n%s", diff)
	}
	want = [][]string{
		{"rep.min_eligible", "0", "hold"}, {"rep.min_eligible", "1,000", "the scenario's own"}, {"rep.min_eligible", "10,000", "differ"},
		{"review.length", "21d", "the scenario's own"}, {"review.length", "30d", "differ"}, {"review.length", "40d", "not tried to the end"},
	}
	if diff := cmp.Diff(want, turns.Rows); diff != "" {
		t.Errorf("values (-want +got):\n%s", diff)
	}
	// Where nothing turns there is nothing to draw.
	for i := range r.Summary.Assumptions.Parameters {
		for k := range r.Summary.Assumptions.Parameters[i].Settings {
			r.Summary.Assumptions.Parameters[i].Settings[k].Verdicts = []string{"pass"}
		}
	}
	if charts, err = Charts(r); err != nil || charts[0].Name == "assumptions-settings" {
		t.Errorf("nothing turns: the first chart is %q, %v", charts[0].Name, err)
	}
}
