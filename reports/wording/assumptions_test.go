package wording_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sesim/reports"
	"sesim/reports/wording"
)

// examined is a report with two thresholds, of which one turns.
func examined() *reports.Report {
	return &reports.Report{Summary: reports.Summary{
		Thresholds: []reports.Threshold{
			{Expression: "a.count.paused == 0", Verdict: "pass", Held: &reports.Held{
				HoldsIn: 2, Of: 4, JointHoldsIn: 121, JointOf: 128, TurnsWith: []string{"rep.min_eligible", "review.length"},
			}},
			{Expression: "a.accepted > 5", Verdict: "pass", Held: &reports.Held{HoldsIn: 4, Of: 4, JointHoldsIn: 128, JointOf: 128, TurnsWith: []string{}}},
		},
		Assumptions: &reports.Assumptions{
			Asked: true, Settings: 4, HoldsIn: 2, Joint: 128, JointHoldsIn: 121, Seeds: 1,
			Parameters: []reports.Assumption{
				{Name: "rep.min_eligible", Standing: "assumed", Value: "1000", From: "0", To: "10000", Settings: []reports.Setting{
					{Value: "464", Verdicts: []string{"pass", "pass"}}, {Value: "10000", Verdicts: []string{"fail", "pass"}},
				}, Turns: []reports.Turn{{Threshold: 0, At: "2600", Before: "2590", Tried: "10000", Way: "above"}}},
				{Name: "review.length", Standing: "assumed", Value: "21d", From: "7d", To: "30d", Settings: []reports.Setting{
					{Value: "7d", Verdicts: []string{"pass", "pass"}}, {Value: "30d", Verdicts: []string{"fail", "pass"}},
				}, Turns: []reports.Turn{{Threshold: 0, At: "22.1d", Before: "22d", Tried: "30d", Way: "above", Beyond: true}}},
				{Name: "global.scope", Standing: "assumed", Value: "worldwide", Settings: []reports.Setting{}, Turns: []reports.Turn{}},
			},
		},
	}}
}

func TestAssumptions(t *testing.T) {
	const first = "What AWS does not publish: holds in 2 of 4 settings and 121 of 128 combinations; " +
		"turns at rep.min_eligible 2,600, review.length 22.1d and above"
	for _, c := range []struct {
		name   string
		change func(r *reports.Report, a *reports.Assumptions)
		want   []string
	}{
		{"asked", func(*reports.Report, *reports.Assumptions) {}, []string{first,
			"a.count.paused == 0 holds in 2 of 4 settings and 121 of 128 combinations; turns at rep.min_eligible 2,600, review.length 22.1d and above"}},
		{"one threshold", func(r *reports.Report, _ *reports.Assumptions) { r.Summary.Thresholds = r.Summary.Thresholds[:1] }, []string{first}},
		{"robust", func(r *reports.Report, a *reports.Assumptions) {
			a.Robust, r.Summary.Thresholds = true, r.Summary.Thresholds[:1]
			r.Summary.Thresholds[0].Verdict, r.Summary.Thresholds[0].Own = "fail", "pass"
		}, []string{first, "a.count.paused == 0: fail, because it must pass in every setting; as the scenario is: pass"}},
		{"replications", func(r *reports.Report, a *reports.Assumptions) {
			r.Summary.Thresholds = r.Summary.Thresholds[:1]
			r.Summary.Thresholds[0].SeedsHoldIn, r.Summary.Thresholds[0].SeedsOf = 17, 20
		}, []string{first, "a.count.paused == 0 holds in 2 of 4 settings and 121 of 128 combinations, and in 17 of 20 seeds as the scenario is; " +
			"turns at rep.min_eligible 2,600, review.length 22.1d and above"}},
		{"unasked", func(_ *reports.Report, a *reports.Assumptions) { a.Asked = false },
			[]string{"The verdicts rest on 2 of 3 numbers that AWS does not publish: rep.min_eligible, review.length (--assumptions says where they turn)"}},
		{"unasked, none", func(r *reports.Report, a *reports.Assumptions) {
			a.Asked, r.Summary.Thresholds[0].TurnsWith = false, nil
		},
			[]string{"No verdict changes with another plausible value of any of 3 numbers that AWS does not publish"}},
		{"too much", func(_ *reports.Report, a *reports.Assumptions) { a.Asked, a.Settings = false, 0 },
			[]string{"The verdicts may rest on 3 numbers that AWS does not publish: --assumptions varies them"}},
		{"cut", func(r *reports.Report, a *reports.Assumptions) {
			r.Summary.Thresholds, a.Incomplete, a.Parameters[1].Settings[1].Verdicts = r.Summary.Thresholds[:1], true, nil
		}, []string{first, "Not tried to the end: review.length 30d"}},
		{"cut early", func(r *reports.Report, a *reports.Assumptions) {
			r.Summary.Thresholds, a.Incomplete, a.JointAsked = r.Summary.Thresholds[:1], true, 5000
		}, []string{first, "Not everything was tried to the end", "128 of 5,000 combinations were tried to the end"}},
		{"given", func(r *reports.Report, a *reports.Assumptions) {
			r.Summary.Thresholds, a.Given = r.Summary.Thresholds[:1], []string{"pause.notice"}
		}, []string{first, "Set by the scenario and so not varied: pause.notice"}},
		{"not examined", func(r *reports.Report, _ *reports.Assumptions) { r.Summary.Assumptions = nil }, nil},
	} {
		r := examined()
		c.change(r, r.Summary.Assumptions)
		if diff := cmp.Diff(c.want, wording.Assumptions(r)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

// TestVaried lists the parameters that turn a verdict, with and without the search for
// the values at which they do.
func TestVaried(t *testing.T) {
	for searched, want := range map[bool]string{true: "2,600|22.1d and above", false: "10,000|30d"} {
		r := examined()
		for i := range r.Summary.Assumptions.Parameters {
			if !searched {
				r.Summary.Assumptions.Parameters[i].Turns = nil
			}
		}
		var turns []string
		for _, v := range wording.Varied(r) {
			turns = append(turns, v.Turns)
		}
		if got := strings.Join(turns, "|"); got != want {
			t.Errorf("searched %v: %s, want %s", searched, got, want)
		}
	}
}
