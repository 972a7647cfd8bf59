package engine_test

import (
	"testing"
	"time"

	"sesim/sim"
	"sesim/sim/engine"
	"sesim/sim/internal/simtest"
)

func TestGlobalListRules(t *testing.T) {
	t.Run("global.escalation", func(t *testing.T) {
		const complained = `
			account beta us-east-1 production identities=beta.example
			send by=beta to=loop:1
			send by=acme at=1s to=loop:1
			rules global.add_on_complaint=`
		outcomes(t, []outcomeCase{
			{"a complaint lists nobody", complained + "false", "1 accepted, 1 delivered, 1 complaints; bounces 0/1"},
			{"a complaint lists the address", complained + "true", "1 accepted, 1 suppressed by the global list; bounces 1/1"},
		})
	})
	t.Run("global.removal", func(t *testing.T) {
		const listed = `
			rules global.removal_form=true
			account beta us-east-1 production identities=beta.example
			send by=beta to=gone:1
			send by=acme at=2s to=gone:1
			`
		const still, free = "1 accepted, 1 suppressed by the global list; bounces 1/1", "1 accepted, 1 bounced hard; bounces 1/1"
		const form = listed + "do remove-global acme at=1s address=gone:1 characters=k7tm2 region="
		outcomes(t, []outcomeCase{
			{"nobody asks", listed, still},
			{"in us-east-1", form + "us-east-1", free},
			{"in us-west-2", form + "us-west-2", free},
			{"in eu-west-1", form + "eu-west-1", free},
			{"where the form is not offered", form + "eu-central-1", still},
			{"without the characters", listed + "do remove-global acme at=1s address=gone:1 region=us-east-1", still},
			{"there is no form", form + "us-east-1\nrules global.removal_form=false", still},
			{"another address", listed + "do remove-global acme at=1s address=gone:2 characters=k7tm2 region=us-east-1", still},
			{"after the mail", listed + "do remove-global acme at=3s address=gone:1 characters=k7tm2 region=us-east-1", still},
		})
	})
	t.Run("global.suppressed", func(t *testing.T) {
		// Beta's mail lists the address, acme's meets the list a second later.
		const met = `
			account beta us-east-1 production identities=beta.example
			send by=beta to=gone:1
			send by=acme at=1s to=gone:1
			`
		const overrides, off = met + "rules account.overrides_global=true\n", "do set acme at=0s suppression=none\n"
		outcomes(t, []outcomeCase{
			{"it suppresses", met, "1 accepted, 1 suppressed by the global list; bounces 1/1"},
			{"the account's list is on and overrides it", overrides, "1 accepted, 1 bounced hard; bounces 1/1"},
			{"the account's list is off and overrides nothing", overrides + off, "1 accepted, 1 suppressed by the global list; bounces 1/1"},
		})
		const again = met + "send by=acme at=2s to=gone:1\nrules account.add_on_suppressed_bounce="
		outcomes(t, []outcomeCase{
			{"its bounce lists the address for the account", again + "true",
				"2 accepted, 1 suppressed by the account's list, 1 suppressed by the global list; bounces 1/1"},
			{"its bounce lists nothing", again + "false", "2 accepted, 2 suppressed by the global list; bounces 2/2"},
		})
	})
	t.Run("account.listed", func(t *testing.T) {
		// The global list has forgotten the address when the second mail comes.
		const twice = "rules global.durations=1s;1s\nsend by=acme at=0s every=1m times=2 to=gone:1\n"
		const general, noEmail = twice + "rules bounce.no_email_share=0%\n", twice + "rules bounce.no_email_share=100%\n"
		const listed, sent = "2 accepted, 1 bounced hard, 1 suppressed by the account's list; bounces 1/1", "2 accepted, 2 bounced hard; bounces 2/2"
		outcomes(t, []outcomeCase{
			{"a bounce for another reason lists the address", general + "rules account.add_on_general=true", listed},
			{"and it does not", general + "rules account.add_on_general=false", sent},
			{"an address that does not exist is listed always", noEmail + "rules account.add_on_general=false", listed},
			{"the entry a nanosecond before the next mail", twice + "rules account.add_delay=59.999999999s", listed},
			{"the entry a nanosecond after the next mail", twice + "rules account.add_delay=1m0.000000001s", sent},
			{"the reasons at the bounce decide", twice + "rules account.add_delay=30s\ndo set acme at=20s suppression=none\ndo set acme at=40s suppression=BOUNCE", listed},
			{"not those at the entry", twice + "rules account.add_delay=30s\ndo set acme at=0s suppression=none\ndo set acme at=20s suppression=BOUNCE",
				"2 accepted, 2 bounced hard; bounces 2/2"},
		})
	})
}

func TestComplaintRules(t *testing.T) {
	t.Run("complaint.feedback-loop", func(t *testing.T) {
		const relayed = "rules complaint.delay=1h complaint.relay=10m\nsend by=acme to=loop:1\nrun horizon="
		outcomes(t, []outcomeCase{
			{"the end when the relay has it", relayed + "1h10m", "1 accepted, 1 delivered; bounces 0/1"},
			{"the end just after", relayed + "1h10m0.000000001s", "1 accepted, 1 delivered, 1 complaints; bounces 0/1"},
		})
	})
}

// TestSetsKeepTheirRates checks that a fresh start is the account's alone: AWS
// takes no action on the rates of a configuration set, which its customers
// reset themselves (API, ReputationOptions.LastFreshStart).
func TestSetsKeepTheirRates(t *testing.T) {
	_, res := play(t, stage+`
		rules bounce.delay=2h complaint.delay=2h
		set news of=acme
		do trigger acme at=1s cause=spamtrap pauses
		do appeal acme at=30m accepted after=30m
		send by=acme set=news to=gone:1
		send by=acme set=news to=loop:1`)
	a := res.Accounts[0]
	if a.Bounce.Events != 0 || a.Bounce.Eligible != 0 || a.Complaint.Events != 0 {
		t.Errorf("the account counts %+v and %+v, want nothing", a.Bounce, a.Complaint)
	}
	if set := a.Sets[0]; set.Bounce.Events != 1 || set.Bounce.Eligible != 2 || set.Complaint.Events != 1 || set.Complaint.Eligible != 1 {
		t.Errorf("the set counts %+v and %+v, want one of two and one of one", set.Bounce, set.Complaint)
	}
}

// TestRetriesAreASecondApart draws waits from half a second to one and a half:
// those below a second take a second.
func TestRetriesAreASecondApart(t *testing.T) {
	cfg, err := readScript(stage + `
		rules retry.schedule={first=1s;factor=1;cap=1s;jitter=50%} retry.horizon=5m
		audience full size=20 domain=full.example mailbox_full=100%
		send by=acme to=full:1-20`)
	if err != nil {
		t.Fatal(err)
	}
	var tape simtest.Tape
	if _, err := engine.Run(cfg, sim.Hooks{Observer: &tape}); err != nil {
		t.Fatal(err)
	}
	exact, longer := 0, 0
	for _, r := range tape.Records {
		switch wait := r.Until - r.At; {
		case r.Kind != sim.Delayed:
		case wait < time.Second || wait > 1500*time.Millisecond:
			t.Errorf("at %v a wait of %v", r.At, wait)
		case wait == time.Second:
			exact++
		default:
			longer++
		}
	}
	if exact < 1000 || longer < 1000 {
		t.Errorf("%d waits of a second and %d longer ones, want about as many of each", exact, longer)
	}
}
