package engine_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"sesim/sim"
	"sesim/sim/engine"
	"sesim/sim/rules"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// This file tests the rules that no package decides alone, through whole
// runs: on both sides of each boundary and exactly on it. The scenarios are
// written in the language of the transcripts.

// outcomeCase is what a scenario must do to account acme.
type outcomeCase struct {
	name, scenario string
	want           string // as counts writes it, with the bounce rate
}

// outcomes runs the cases, each on the stage.
func outcomes(t *testing.T, cases []outcomeCase) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			told, res := play(t, stage+c.scenario)
			a := res.Accounts[0]
			if got := fmt.Sprintf("%s; bounces %d/%d", counts(&a.Counts), a.Bounce.Events, a.Bounce.Eligible); got != c.want {
				t.Errorf("got  %s\nwant %s\n%v", got, c.want, told)
			}
		})
	}
}

func TestBounceRules(t *testing.T) {
	t.Run("bounce.hard", func(t *testing.T) {
		outcomes(t, []outcomeCase{
			{"somebody else's domain", `send by=acme to=gone:1`, "1 accepted, 1 bounced hard; bounces 1/1"},
			{"the account's own domain", "do verify acme at=0s identity=gone.example\nsend by=acme at=1s to=gone:1",
				"1 accepted, 1 bounced hard; bounces 0/0"},
			{"a subdomain of its own", "do verify acme at=0s identity=example\nsend by=acme at=1s to=gone:1",
				"1 accepted, 1 bounced hard; bounces 0/0"},
			{"a verified address", "do verify acme at=0s identity=gone-1@gone.example\nsend by=acme at=1s to=gone:1",
				"1 accepted, 1 bounced hard; bounces 0/0"},
			{"a verified address is no verified domain", "do verify acme at=0s identity=gone-1@gone.example\nsend by=acme at=1s to=gone:2",
				"1 accepted, 1 bounced hard; bounces 1/1"},
			{"a verified address that counts", "rules rep.verified_addresses_count=true\ndo verify acme at=0s identity=gone-1@gone.example\nsend by=acme at=1s to=gone:1",
				"1 accepted, 1 bounced hard; bounces 1/1"},
			{"labels of a verified address", "audience labels size=2 domain=other.example local=me+ invalid=100%\ndo verify acme at=0s identity=me@other.example\nsend by=acme at=1s to=labels:1-2",
				"2 accepted, 2 bounced hard; bounces 0/0"},
			{"an address that is verified no more", "do verify acme at=0s identity=gone-1@gone.example\ndo unverify acme at=2s identity=gone-1@gone.example\nsend by=acme at=3s to=gone:1",
				"1 accepted, 1 bounced hard; bounces 1/1"},
			{"a named address", "audience named addresses=ann@other.example,bob@other.example invalid=100%\ndo verify acme at=0s identity=ann@other.example\nsend by=acme at=1s to=named:1-2",
				"2 accepted, 2 bounced hard; bounces 1/1"},
			{"exactly the share that does not exist", "audience half size=10 domain=half.example invalid=50%\nsend by=acme to=half:1-10",
				"10 accepted, 5 delivered, 5 bounced hard; bounces 5/10"},
			{"refused for another reason than the address", "audience strict size=1 domain=strict.example hard_bounce=100%\nsend by=acme to=strict:1",
				"1 accepted, 1 bounced hard; bounces 1/1"},
			{"after a delivery", "rules bounce.async_share=100% bounce.async_delay=1h\nsend by=acme to=gone:1\nrun horizon=1h0.000000001s",
				"1 accepted, 1 bounced hard; bounces 1/1"},
			{"after a delivery, and after the end", "rules bounce.async_share=100% bounce.async_delay=1h\nsend by=acme to=gone:1\nrun horizon=1h",
				"1 accepted, 1 delivered; bounces 0/1"},
		})
		freshStart(t)
	})
	t.Run("bounce.soft", func(t *testing.T) {
		const full = "audience full size=1 domain=full.example mailbox_full=100% full_for=15m\nsend by=acme to=full:1\n"
		const dead = "audience dead size=1 domain=dead.example dead_domain=100%\nsend by=acme to=dead:1\n"
		outcomes(t, []outcomeCase{
			{"the last attempt a second too late", full + "rules retry.horizon=14m59s", "1 accepted, 1 bounced softly; bounces 0/1"},
			{"the last attempt exactly at the horizon", full + "rules retry.horizon=15m", "1 accepted, 1 delivered; bounces 0/1"},
			{"the last attempt before the horizon", full + "rules retry.horizon=15m1s", "1 accepted, 1 delivered; bounces 0/1"},
			{"room a nanosecond after the last attempt",
				"audience full size=1 domain=full.example mailbox_full=100% full_for=15m0.000000001s\nsend by=acme to=full:1\nrules retry.horizon=15m",
				"1 accepted, 1 bounced softly; bounces 0/1"},
			{"blocked for longer than SES tries", "audience strict size=1 domain=strict.example blocked_ip=100%\nsend by=acme to=strict:1",
				"1 accepted, 1 bounced softly; bounces 0/1"},
			{"blocked until the third attempt", "audience strict size=1 domain=strict.example blocked_ip=100% deferred_for=15m\nsend by=acme to=strict:1\nrun horizon=15m0.000000001s",
				"1 accepted, 1 delivered; bounces 0/1"},
			{"blocked a nanosecond longer", "audience strict size=1 domain=strict.example blocked_ip=100% deferred_for=15m0.000000001s\nsend by=acme to=strict:1\nrun horizon=15m0.000000001s",
				"1 accepted, 1 under way; bounces 0/1"},
			{"put off for good, which is no dead domain", "rules bounce.dead_domain=permanent\naudience strict size=1 domain=strict.example deferred=100%\nsend by=acme to=strict:1",
				"1 accepted, 1 bounced softly; bounces 0/1"},
			{"no verdict a nanosecond before the horizon", dead + "run horizon=14h", "1 accepted, 1 under way; bounces 0/1"},
			{"a verdict at the horizon", dead + "run horizon=14h0.000000001s", "1 accepted, 1 bounced softly; bounces 0/1"},
			{"a dead domain as a hard bounce", dead + "rules bounce.dead_domain=permanent", "1 accepted, 1 bounced hard; bounces 1/1"},
			{"a kind that is not retried", "audience big size=1 domain=big.example too_large=100%\nsend by=acme to=big:1\nrun horizon=1s",
				"1 accepted, 1 bounced softly; bounces 0/1"},
		})
	})
	t.Run("bounce.out-of-office", func(t *testing.T) {
		outcomes(t, []outcomeCase{
			{"everybody replies", "audience away size=20 domain=away.example out_of_office=100%\nsend by=acme to=away:1-20", "20 accepted, 20 delivered; bounces 0/20"},
		})
		replies(t)
	})
}

// freshStart checks which bounces and complaints count after an accepted
// appeal, answered at 1 h: those of mail accepted at that moment and later.
// They arrive after the appeal in every case.
func freshStart(t *testing.T) {
	const appeal = `
		rules bounce.delay=2h complaint.delay=2h
		do trigger acme at=1s cause=spamtrap pauses
		do appeal acme at=30m accepted after=30m
	`
	outcomes(t, []outcomeCase{
		{"mail of before the fresh start", appeal + "send by=acme at=0s to=gone:1", "1 accepted, 1 bounced hard; bounces 0/0"},
		{"mail of the moment of the fresh start", appeal + "send by=acme at=1h to=gone:1", "1 accepted, 1 bounced hard; bounces 1/1"},
		{"mail of after the fresh start", appeal + "send by=acme at=1h0.000000001s to=gone:1", "1 accepted, 1 bounced hard; bounces 1/1"},
	})
	for at, want := range map[string]int64{"0s": 0, "1h": 1, "1h0.000000001s": 1} {
		_, res := play(t, stage+appeal+"send by=acme to=loop:1 at="+at)
		if a := res.Accounts[0]; a.Complaints != 1 || a.Complaint.Events != want {
			t.Errorf("mail accepted at %s: %d complaints, of which %d count, want 1 and %d", at, a.Complaints, a.Complaint.Events, want)
		}
	}
}

// replies checks that an automatic reply follows a delivery, is published as
// a transient bounce, and comes from nobody whom no mail reached.
func replies(t *testing.T) {
	for share, want := range map[string]int{"0%": 0, "100%": 20} {
		told, res := play(t, stage+"audience away size=20 domain=away.example out_of_office="+share+"\nsend by=acme to=away:1-20")
		text := told.String()
		if got := told.rules[rules.OutOfOffice]; got != want || res.Accounts[0].Listed != 0 {
			t.Errorf("%s: %d replies and %d listed, want %d and 0", share, got, res.Accounts[0].Listed, want)
		}
		delivered, replied := strings.Index(text, "delivered"), strings.Index(text, "replied automatically, Transient/General")
		if want > 0 && (delivered < 0 || replied < delivered) {
			t.Errorf("%s: no reply after the delivery\n%s", share, text)
		}
	}
	told, _ := play(t, stage+"audience away size=20 domain=away.example out_of_office=100% mailbox_full=100%\nsend by=acme to=away:1-20")
	if strings.Contains(told.String(), "replied") {
		t.Errorf("a reply from a full mailbox\n%v", told)
	}
}

func TestMailRules(t *testing.T) {
	t.Run("mail.delivered", func(t *testing.T) {
		const late = "rules delivery.delay=10s\nsend by=acme to=people:1-50\nrun horizon="
		outcomes(t, []outcomeCase{
			{"the end before the delivery", late + "9.999999999s", "50 accepted, 50 under way; bounces 0/50"},
			{"the end at the delivery", late + "10s", "50 accepted, 50 under way; bounces 0/50"},
			{"the end just after the delivery", late + "10.000000001s", "50 accepted, 50 delivered; bounces 0/50"},
		})
	})
	t.Run("content.rejected", func(t *testing.T) {
		const small = "do set acme at=0s quota=1\n"
		outcomes(t, []outcomeCase{
			{"nothing", `send by=acme to=people:1-10 rejected=0%`, "10 accepted, 10 delivered; bounces 0/10"},
			{"everything", `send by=acme to=people:1-10 rejected=100%`, "10 accepted, 10 rejected; bounces 0/0"},
			{"it takes from the quota", small + "send by=acme at=1s every=1s times=2 to=people:1 rejected=100%",
				"1 accepted, 1 refused by quota, 1 rejected; bounces 0/0"},
			{"no attempt, no bounce", `send by=acme to=gone:1 rejected=100%`, "1 accepted, 1 rejected; bounces 0/0"},
		})
		_, res := play(t, stage+"do set acme at=0s rate=50\nsend by=acme at=2s every=1s to=people:1-1000/1 rejected=50%")
		// 1000 messages at a half have a standard deviation of 16.
		if n := res.Accounts[0].Rejected; n < 428 || n > 572 {
			t.Errorf("a half of 1000 messages: %d rejected", n)
		}
	})
	t.Run("ec2.port25", func(t *testing.T) {
		const three = "send by=acme port25 at=0s times=3 to=people:1\n"
		for _, c := range []struct {
			name, scenario     string
			accepted, timedOut int64
		}{
			{"a minute's worth at once", three, 3, 0},
			{"one more", three + "send by=acme port25 at=0s to=people:1", 3, 1},
			{"a nanosecond before the port recovers", three + "send by=acme port25 at=19.999999999s to=people:1", 3, 1},
			{"when the port recovers", three + "send by=acme port25 at=20s to=people:1", 4, 0},
			{"one more then", three + "send by=acme port25 at=20s times=2 to=people:1", 4, 1},
			{"a nanosecond later", three + "send by=acme port25 at=20.000000001s to=people:1", 4, 0},
			{"another rate", three + "rules ec2.port25_rate=2", 2, 1},
			{"through another port", "send by=acme times=14 to=people:1", 14, 0},
		} {
			_, res := play(t, stage+c.scenario)
			if a, s := res.Accounts[0], res.Senders[0]; a.Accepted != c.accepted || s.TimedOut != c.timedOut || a.Requests != c.accepted {
				t.Errorf("%s: %d accepted, %d timed out, %d calls; want %d, %d, %[5]d", c.name, a.Accepted, s.TimedOut, a.Requests, c.accepted, c.timedOut)
			}
		}
	})
}

func TestSessionRules(t *testing.T) {
	t.Run("session.idle", func(t *testing.T) {
		sessions(t, []sessionCase{
			{"a nanosecond less", "send by=acme via=smtp client=gives-up every=9.999999999s times=3 to=people:1", 3, 0},
			{"exactly as long, and again at once", "send by=acme via=smtp client=reconnects every=10s times=3 to=people:1", 3, 2},
			{"exactly as long, and given up", "send by=acme via=smtp client=gives-up every=10s times=3 to=people:1", 2, 1},
			{"another time", "rules session.idle=1s\nsend by=acme via=smtp client=reconnects every=1s times=3 to=people:1", 3, 2},
			{"never", "rules session.idle=never\nsend by=acme via=smtp client=gives-up every=1h times=3 to=people:1", 3, 0},
			{"the API has no sessions", "send by=acme client=gives-up every=1h times=3 to=people:1", 3, 0},
			{"a call that SES does not get takes no token", "account slow us-east-1 production identities=slow.example rate=1\n" +
				"send by=slow via=smtp client=gives-up every=10s times=2 to=people:1\nsend by=slow at=10s to=people:2", 2, 1},
		})
	})
	t.Run("session.max-messages", func(t *testing.T) {
		const five = "send by=acme via=smtp every=1s times=5 to=people:1 client="
		sessions(t, []sessionCase{
			{"no limit", five + "gives-up", 5, 0},
			{"as many as it may", "rules session.max_messages=5\n" + five + "gives-up", 5, 0},
			{"one more, again at once", "rules session.max_messages=4\n" + five + "reconnects", 5, 1},
			{"one more, given up", "rules session.max_messages=4\n" + five + "gives-up", 4, 1},
			{"one a session", "rules session.max_messages=1\n" + five + "reconnects", 5, 4},
		})
	})
}

// sessionCase is a scenario with a client, and how many recipients SES accepts and how many
// calls meet a session that it has closed.
type sessionCase struct {
	name, scenario   string
	accepted, closed int64
}

func sessions(t *testing.T, cases []sessionCase) {
	t.Helper()
	for _, c := range cases {
		_, res := play(t, stage+mailers+c.scenario)
		var accepted, requests, closed int64
		for i := range res.Accounts {
			accepted, requests = accepted+res.Accounts[i].Accepted, requests+res.Accounts[i].Requests
		}
		for i := range res.Clients {
			closed += res.Clients[i].Closed
		}
		if accepted != c.accepted || closed != c.closed || requests != c.accepted {
			t.Errorf("%s: %d accepted, %d on closed sessions, %d calls; want %d, %d, %[5]d", c.name, accepted, closed, requests, c.accepted, c.closed)
		}
	}
}

func TestIdentityRules(t *testing.T) {
	t.Run("identity.delegate", func(t *testing.T) {
		const (
			owner  = "account owner us-east-1 production identities=owner.example\n"
			far    = "account owner eu-west-1 production identities=owner.example\n"
			boxed  = "account owner us-east-1 sandbox identities=owner.example\n"
			third  = "account third us-east-1 production identities=third.example\n"
			lets   = "authorize owner acme\n"
			send   = "send by=acme owner=owner from=x@owner.example to=people:1\n"
			passes = "1 accepted, 1 delivered; bounces 0/1"
			fails  = "1 refused by unverified; bounces 0/0"
		)
		outcomes(t, []outcomeCase{
			{"authorized", owner + lets + send, passes},
			{"not authorized", owner + send, fails},
			{"another one is authorized", owner + third + "authorize owner third\n" + send, fails},
			{"the authorization goes the other way", owner + "authorize acme owner\n" + send, fails},
			{"the owner is in another Region", far + lets + send, fails},
			{"not the owner's identity", owner + lets + "send by=acme owner=owner from=x@third.example to=people:1", fails},
			{"the owner drops the identity", owner + lets + "do unverify owner at=0s identity=owner.example\nsend by=acme owner=owner from=x@owner.example at=1s to=people:1", fails},
			{"the owner is in the sandbox", boxed + lets + send, fails},
			{"its quota is the sender's", owner + lets + "do set owner at=0s quota=0\n" + send, passes},
			{"its bounces are the sender's", owner + lets + "send by=acme owner=owner from=x@owner.example to=gone:1", "1 accepted, 1 bounced hard; bounces 1/1"},
		})
		_, res := play(t, stage+owner+lets+send)
		if o := res.Accounts[1]; o.Counts != (sim.Counts{}) || o.QuotaUseMax != 0 {
			t.Errorf("mail of a delegate counts for the owner: %+v", o.Counts)
		}
		_, res = play(t, stage+owner+send)
		want := "Email address is not verified. The following identities failed the check in region US-EAST-1: x@owner.example"
		if got := res.Accounts[0].Refusals[0].Error.Message; got != want {
			t.Errorf("a delegate without authorization is told %q, want %q", got, want)
		}
	})
}

// TestCallRules checks what a call may look like, and what an interface says
// of one that does not.
func TestCallRules(t *testing.T) {
	t.Run("call.size", func(t *testing.T) {
		outcomes(t, []outcomeCase{
			{"version 1, the most", "send by=acme via=v1 size=10485760 to=people:1", "1 accepted, 1 delivered; bounces 0/1"},
			{"version 1, one more", "send by=acme via=v1 size=10485761 to=people:1", "1 refused by invalid; bounces 0/0"},
			{"version 2, the most", "send by=acme via=v2 size=41943040 to=people:1", "1 accepted, 1 delivered; bounces 0/1"},
			{"version 2, one more", "send by=acme via=v2 size=41943041 to=people:1", "1 refused by invalid; bounces 0/0"},
			{"SMTP, the most", "send by=acme via=smtp size=41943040 to=people:1", "1 accepted, 1 delivered; bounces 0/1"},
			{"SMTP, one more", "send by=acme via=smtp size=41943041 to=people:1", "1 refused by invalid; bounces 0/0"},
		})
	})
	t.Run("call.address", func(t *testing.T) {
		outcomes(t, []outcomeCase{
			{"none", "send by=acme malformed=0% to=people:1-50", "50 accepted, 50 delivered; bounces 0/50"},
			{"one fails the whole call", "send by=acme malformed=100% to=people:1-50", "50 refused by invalid; bounces 0/0"},
			{"it is looked at before identities", "send by=acme malformed=100% from=x@other.example to=people:1", "1 refused by invalid; bounces 0/0"},
		})
		_, res := play(t, stage+"do set acme at=0s rate=50\nsend by=acme at=2s every=1s to=people:1-1000/1 malformed=50%")
		// 1000 messages at a half have a standard deviation of 16.
		if n := res.Accounts[0].Refused[ses.RefusedInvalid]; n < 428 || n > 572 {
			t.Errorf("a half of 1000 messages: %d refused", n)
		}
		saying(t, "send by=acme via=smtp malformed=100% to=people:7", "553 <people-7> Invalid email address")
		saying(t, "send by=acme via=smtp malformed=100% size=41943041 to=people:7", "553 <people-7> Invalid email address")
		saying(t, "send by=acme via=smtp malformed=100% to=people:1-51", "554 Transaction failed: Recipient count exceeds 50.")
	})
	t.Run("quota.rolling", func(t *testing.T) {
		const one = "run horizon=26h\ndo set acme at=0s quota=1\nsend by=acme at=44m59.999999999s to=people:1\nsend by=acme to=people:2 at="
		const both, refused = "2 accepted, 2 delivered; bounces 0/2", "1 accepted, 1 refused by quota, 1 delivered; bounces 0/1"
		outcomes(t, []outcomeCase{
			{"a nanosecond too early", one + "24h44m59.999999998s", refused},
			{"after 24 hours", one + "24h44m59.999999999s", both},
			{"too early for steps of a minute", one + "24h43m59.999999999s\nrules quota.granularity=1m", refused},
			{"steps of a minute", one + "24h44m\nrules quota.granularity=1m", both},
			{"too early for steps of 15 minutes", one + "24h29m59.999999999s\nrules quota.granularity=15m", refused},
			{"steps of 15 minutes", one + "24h30m\nrules quota.granularity=15m", both},
			{"within a fixed day", one + "23h59m59.999999999s\nrules quota.granularity=24h", refused},
			{"on the next day", one + "24h\nrules quota.granularity=24h", both},
		})
	})
	t.Run("rate.bucket", func(t *testing.T) {
		saying(t, "send by=acme via=smtp sigv2 times=15 to=people:1", "454 Throttling failure: Maximum SigV2 SMTP sending rate exceeded")
		saying(t, "do set acme at=0s quota=1\nsend by=acme via=smtp sigv2 at=1s times=2 to=people:1", "454 Throttling failure: Daily message quota exceeded")
	})
	t.Run("identity.from", func(t *testing.T) {
		const failed = "400 MessageRejected: Email address is not verified. The following identities failed the check in region US-EAST-1: "
		saying(t, "send by=acme from=X<x@other.example> checked=x@other.example,x@other.example,a@acme.example to=people:1", failed+"X<x@other.example>, x@other.example")
		outcomes(t, []outcomeCase{{"with a name", "send by=acme from=X<x@acme.example> to=people:1", "1 accepted, 1 delivered; bounces 0/1"}})
		saying(t, "rules identity.listed_text=100\nsend by=acme from="+strings.Repeat("x", 60)+"@other.example checked=a@b.example,abc@other.example,abcde@other.example to=people:1",
			failed+strings.Repeat("x", 60)+"@other.example, a@b.example, ...")
	})
}

// saying checks how the first refusal of account acme is worded.
func saying(t *testing.T, scenario, want string) {
	t.Helper()
	_, res := play(t, stage+scenario)
	if list := res.Accounts[0].Refusals; len(list) == 0 || list[0].Error.String() != want {
		t.Errorf("%s\ngot  %v\nwant %s", scenario, list, want)
	}
}

// TestVerificationRules checks when a verification that an action begins ends,
// and how: at the action's time, or when AWS no longer waits.
func TestVerificationRules(t *testing.T) {
	lines := func(t *testing.T, scenario, want string) {
		t.Helper()
		timelineIs(t, "account box us-east-1 sandbox\n"+scenario, want)
	}
	t.Run("identity.verify", func(t *testing.T) {
		const address, domain = "do verify box identity=a@x.example ", "do verify box identity=x.example "
		lines(t, address, "0s verified")
		lines(t, address+"after=24h", "0s verification-pending, 24h0m0s verified")
		lines(t, address+"after=24h0.000000001s", "0s verification-pending, 24h0m0s verification-failed")
		lines(t, address+"fails after=1h", "0s verification-pending, 1h0m0s verification-failed")
		lines(t, address+"fails", "0s verification-pending, 24h0m0s verification-failed")
		lines(t, domain+"after=72h", "0s verification-pending, 72h0m0s verified")
		lines(t, domain+"after=72h0.000000001s", "0s verification-pending, 72h0m0s verification-failed")
		lines(t, domain+"fails", "0s verification-pending, 72h0m0s verification-failed")
		lines(t, domain+"after=2h\ndo unverify box at=1h identity=x.example", "0s verification-pending, 1h0m0s unverified")
		lines(t, domain+"after=2h\ndo unverify box at=1h identity=x.example\ndo verify box at=90m identity=x.example after=2h",
			"0s verification-pending, 1h0m0s unverified, 1h30m0s verification-pending, 3h30m0s verified")
		lines(t, "do unverify box identity=x.example", "0s not-found")
	})
	t.Run("identity.template", func(t *testing.T) {
		const custom = "do verify box identity=a@x.example template"
		lines(t, custom, "0s blocked")
		lines(t, "request by=box outcome=granted after=1h\n"+custom+" at=59m59.999999999s", "0s requested, 59m59.999999999s blocked, 1h0m0s granted")
		lines(t, "request by=box outcome=granted after=1h\n"+custom+" at=1h0.000000001s", "0s requested, 1h0m0s granted, 1h0m0.000000001s verified")
	})
}

func TestListRules(t *testing.T) {
	t.Run("account.operations", func(t *testing.T) {
		timelines(t, []timelineCase{
			{"addresses that nobody writes to", "audience rest addresses=ann@elsewhere.example,bob@other.example\n" +
				"do suppress acme address=rest:2 reason=BOUNCE\ndo get acme at=2s address=rest:2\ndo import acme at=4s audience=rest count=2 reason=COMPLAINT\n" +
				"do list acme at=6s\ndo unsuppress acme at=8s address=rest:1\ndo list acme at=10s\ndo trigger acme at=12s cause=spamtrap pauses\nrun horizon=91d",
				[]string{
					"found bob@other.example is listed for BOUNCE", "imported 2 addresses put on the account's list", "listed 2 entries", "listed 1 entry",
					"paused spamtrap", "list-emptied paused for 90d; 1 entry",
				}},
		})
		timelines(t, []timelineCase{
			{"a domain with capitals", "audience rest addresses=Ann@Elsewhere.example\ndo get acme address=rest:1\ndo suppress acme at=2s address=rest:1 reason=BOUNCE\ndo get acme at=4s address=rest:1",
				[]string{
					"not-found 404 NotFoundException: Email address Ann@elsewhere.example does not exist on your suppression list.",
					"found Ann@elsewhere.example is listed for BOUNCE",
				}},
		})
		const crowd = "audience crowd size=100001 domain=crowd.example\n"
		for _, c := range []struct {
			name, scenario string
			listed         int64
			last           string // the last line of the timeline
		}{
			{"put", "do suppress acme address=people:7 reason=BOUNCE", 1, ""},
			{"delete", "do suppress acme address=people:7 reason=BOUNCE\ndo unsuppress acme at=1s address=people:7", 0, ""},
			{"delete what is not there", "do suppress acme address=people:7 reason=BOUNCE\ndo unsuppress acme at=1s address=people:8", 1,
				"not-found: 404 NotFoundException: Email address people-8@people.example does not exist on your suppression list."},
			{"get", "do suppress acme address=people:7 reason=COMPLAINT\ndo get acme at=1s address=people:7", 1,
				"found: people-7@people.example is listed for COMPLAINT"},
			{"put overwrites", "do suppress acme address=people:7 reason=COMPLAINT\ndo suppress acme at=1s address=people:7 reason=BOUNCE\ndo get acme at=2s address=people:7", 1,
				"found: people-7@people.example is listed for BOUNCE"},
			{"get what is not there", "do get acme at=1s address=people:7", 0,
				"not-found: 404 NotFoundException: Email address people-7@people.example does not exist on your suppression list."},
			{"list", "do suppress acme address=people:7 reason=BOUNCE\ndo list acme at=1s", 1, "listed: 1 entry"},
			{"import one less than the most", crowd + "do import acme audience=crowd count=99999 reason=BOUNCE", 99_999, "imported: 99,999 addresses put on the account's list"},
			{"import the most", crowd + "do import acme audience=crowd count=100000 reason=BOUNCE", 100_000, "imported: 100,000 addresses put on the account's list"},
			{"import one too many", crowd + "do import acme audience=crowd count=100001 reason=BOUNCE", 0, "import-failed: 100001 addresses: at most 100000 can be put on the list at once"},
			{"delete the most", crowd + "do import acme audience=crowd count=100000 reason=BOUNCE\ndo import acme at=1s audience=crowd count=10000 delete", 90_000,
				"imported: 10,000 addresses deleted from the account's list"},
			{"delete one too many", crowd + "do import acme audience=crowd count=100000 reason=BOUNCE\ndo import acme at=1s audience=crowd count=10001 delete", 100_000,
				"import-failed: 10001 addresses: at most 10000 can be deleted from the list at once"},
		} {
			cfg, err := readScript(stage + c.scenario)
			if err != nil {
				t.Fatal(err)
			}
			res, err := engine.Run(cfg, sim.Hooks{})
			if err != nil {
				t.Fatal(err)
			}
			if a := res.Accounts[0]; a.Listed != c.listed || lastLine(a.Timeline) != c.last {
				t.Errorf("%s: %d listed, %q; want %d, %q", c.name, a.Listed, lastLine(a.Timeline), c.listed, c.last)
			}
		}
	})
	t.Run("event.published", func(t *testing.T) {
		published(t, "hygiene", "invalid=100%", "")
		published(t, "hygiene", "invalid=100%", `
			account beta us-east-1 production identities=beta.example
			send by=beta to=one:1`) // the global list suppresses the mail
		published(t, "hygiene", "", "do suppress acme address=one:1 reason=BOUNCE")
		published(t, "hygiene-complaints", "", "do suppress acme address=one:1 reason=COMPLAINT")
		published(t, "hygiene-complaints", "complaint=100% feedback_loop=100%", "")
	})
}

func lastLine(timeline []ses.Transition) string {
	if len(timeline) == 0 {
		return ""
	}
	last := timeline[len(timeline)-1]
	return last.Event.String() + ": " + last.Why
}

// published checks when a sender takes an address off its list: one message
// every 30 seconds to one address, which bounces or complains at once. The
// first event reaches the sender a minute later, or a nanosecond before or after
// that; what it learns at the moment of a message keeps that message back.
func published(t *testing.T, hygiene, properties, others string) {
	t.Helper()
	for _, c := range []struct {
		delay, hygiene    string
		messages, removed int64
	}{
		{"59.999999999s", hygiene, 2, 1},
		{"1m", hygiene, 2, 1},
		{"1m0.000000001s", hygiene, 3, 1},
		{"1m", "", 9, 0},
	} {
		cfg, err := readScript(stage + fmt.Sprintf(`
			run horizon=5m
			rules event.publish_delay=%s pause.immediate_factor=never
			audience one size=1 domain=one.example %s
			send by=acme to=one:1 %s
			%s`, c.delay, properties, c.hygiene, others))
		if err != nil {
			t.Fatal(err)
		}
		cfg.Senders[0].Begin = 30 * time.Second
		cfg.Senders[0].Traffic = sim.Traffic{Kind: sim.Constant, Rate: unit.Rate{N: 2, Per: time.Minute}}
		res, err := engine.Run(cfg, sim.Hooks{})
		if err != nil {
			t.Fatal(err)
		}
		if s := res.Senders[0]; s.Messages != c.messages || s.Removed != c.removed {
			t.Errorf("%s after %s: %d messages, %d removed; want %d, %d", c.hygiene, c.delay, s.Messages, s.Removed, c.messages, c.removed)
		}
	}
}
