package assumptions_test

import (
	"math"
	"slices"
	"testing"
	"time"

	"sesim/sim"
	"sesim/sim/assumptions"
	"sesim/sim/criteria"
	"sesim/sim/rules"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// verdicts runs a scenario with another value of a parameter and judges it.
func verdicts(t *testing.T, cfg *sim.Config, name string, value any) []criteria.Verdict {
	t.Helper()
	changed := *cfg
	if err := rules.Assign(&changed.Rules, name, value); err != nil {
		t.Fatal(err)
	}
	var list []criteria.Verdict
	for _, j := range own(t, &changed).Judge(&changed) {
		list = append(list, j.Verdict)
	}
	return list
}

// wantTurn checks the turns of the only parameter of a study, and runs the scenario
// with the value at which the first threshold turns and with the one before.
func wantTurn(t *testing.T, cfg *sim.Config, parameter, want string, before, at any) {
	t.Helper()
	s := study(t, cfg, parameter)
	got := turnsOf(s, tried(t, s, assumptions.Options{Turns: true}))
	if !slices.Equal(got, []string{parameter + " " + want + " turns 0"}) {
		t.Fatalf("turns at %q, want %q", got, want)
	}
	as := own(t, cfg).Judge(cfg)[0].Verdict
	if got := verdicts(t, cfg, parameter, before)[0]; got != as {
		t.Errorf("%s: %v is %v, want %v as in the scenario's own setting", parameter, before, got, as)
	}
	if got := verdicts(t, cfg, parameter, at)[0]; got == as {
		t.Errorf("%s: %v is %v too", parameter, at, got)
	}
}

// A review that begins at the first evaluation with enough mail ends in a pause, if
// that is before the horizon.
func TestReviewLengthTurnsAtHorizon(t *testing.T) {
	cfg := list(t, 5000, 15*unit.Percent, 20*day, "acme.count.paused == 0")
	began := own(t, cfg).Accounts[0].Timeline[0]
	if began.Event != ses.EventUnderReview || began.At > time.Hour {
		t.Fatalf("first: %v at %v", began.Event, began.At)
	}
	wantTurn(t, cfg, "review.length", "19.9d and below", "20d", "19.9d") // 20 d less an hour at most
}

// Nothing is decided about fewer emails than rep.min_eligible: of 2,600 all are
// eligible.
func TestMinEligibleTurnsAtMail(t *testing.T) {
	cfg := list(t, 2600, 8*unit.Percent, 5*day, "acme.count.under-review == 1")
	if got := own(t, cfg).Accounts[0].Bounce.Eligible; got != 2600 {
		t.Fatalf("%d emails are eligible", got)
	}
	wantTurn(t, cfg, "rep.min_eligible", "2610 and above", int64(2600), int64(2610))
}

// The factor of an immediate pause turns above the highest rate at which something
// was decided, over the pause threshold of 10 %.
func TestImmediateFactorTurnsAtHighestRate(t *testing.T) {
	cfg := list(t, 5000, 27*unit.Percent, 5*day, "acme.count.paused == 1")
	never := *cfg
	never.Rules.Pause.ImmediateFactor = 0
	highest := own(t, &never).Accounts[0].Bounce.Max
	keeps := math.Floor(highest*1000) / 100
	at := math.Round(keeps*100+1) / 100
	s := study(t, cfg, "pause.immediate_factor")
	got := turnsOf(s, tried(t, s, assumptions.Options{Turns: true}))
	want := []string{"pause.immediate_factor " + text(at) + " and above turns 0", "pause.immediate_factor never turns 0"}
	if !slices.Equal(got, want) {
		t.Fatalf("turns at %q, want %q for a rate of %v", got, want, highest)
	}
	if pass, fail := verdicts(t, cfg, "pause.immediate_factor", keeps)[0], verdicts(t, cfg, "pause.immediate_factor", at)[0]; pass != criteria.Pass || fail != criteria.Fail {
		t.Errorf("%v is %v, %v is %v", keeps, pass, at, fail)
	}
}

// text writes a factor as a scenario does.
func text(factor float64) string {
	s := rules.Set{}
	s.Pause.ImmediateFactor = int64(math.Round(factor * 1000))
	return rules.Find("pause.immediate_factor").Get(&s)
}

// A volume of so many days reaches back to the bounces of the first hour, which the
// 10,000 emails that it has at least have left long ago.
func TestWindowDaysTurnsAtAge(t *testing.T) {
	cfg := list(t, 2000, 3*unit.Percent, 9*day+6*time.Hour, "acme.bounce_rate.final == 0%")
	cfg.Audiences = append(cfg.Audiences, sim.Audience{Name: "others", Size: 50_000, Domain: "others.example", Local: "o-"})
	cfg.Senders = append(cfg.Senders, sim.Sender{
		Name: "more", From: "b@acme.example", Audience: 1, Recipients: 1,
		Traffic: sim.Traffic{Kind: sim.Constant, Rate: unit.Rate{N: 20_000, Per: day}},
	})
	wantTurn(t, cfg, "rep.window_days", "10 and above", int64(9), int64(10))
}

// The first evaluation of a review is at a multiple of the interval.
func TestIntervalTurnsAtTime(t *testing.T) {
	cfg := list(t, 5000, 15*unit.Percent, 20*day, "acme.time_to.under-review < 30m")
	wantTurn(t, cfg, "rep.eval_interval", "30m and above", "29.9m", "30m")
}

// A decision that any time to decide makes too late turns at the least step of
// durations, a second.
func TestDecisionTimeTurnsAtASecond(t *testing.T) {
	cfg := list(t, 5000, 15*unit.Percent, 25*day, "acme.time_to.paused < 30d")
	timeline := own(t, cfg).Accounts[0].Timeline
	paused := timeline[len(timeline)-1]
	if paused.Event != ses.EventPaused {
		t.Fatalf("last: %v", paused.Event)
	}
	cfg.Thresholds = nil
	judgedBy(t, cfg, "acme.time_to.paused <= "+unit.FormatDuration(paused.At))
	wantTurn(t, cfg, "review.decision_time", "1s and above", "0s", "1s")
}

// A verdict that another value farther out keeps does not turn above.
func TestTurnsBack(t *testing.T) {
	cfg := list(t, 5000, 15*unit.Percent, 20*day, "acme.time_to.under-review != 47m")
	wantTurn(t, cfg, "rep.eval_interval", "47m", "46.9m", "47m")
}

// What cannot matter does not turn.
func TestNothingElseTurns(t *testing.T) {
	cfg := list(t, 5000, 15*unit.Percent, 20*day, "acme.count.under-review == 1")
	s := study(t, cfg, "rep.min_eligible", "rep.window_eligible", "global.scope", "prod.after_denied")
	want := []string{"rep.min_eligible 5010 and above turns 0"}
	if got := turnsOf(s, tried(t, s, assumptions.Options{Turns: true})); !slices.Equal(got, want) {
		t.Errorf("turns %q, want %q", got, want)
	}
}
