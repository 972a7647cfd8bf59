package engine_test

import (
	"fmt"
	"slices"
	"testing"

	"sesim/sim"
	"sesim/sim/engine"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// This file tests what a run does to configuration sets, quotas and bills.

// lines returns the timeline of account acme, each line as its event and why.
func lines(res *sim.Result) []string {
	var list []string
	for _, t := range res.Accounts[0].Timeline {
		list = append(list, t.Event.String()+" "+t.Why)
	}
	return list
}

// timelineCase is a scenario, and the lines that it must leave.
type timelineCase struct {
	name, scenario string
	want           []string
}

func timelines(t *testing.T, cases []timelineCase) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if _, res := play(t, stage+c.scenario); !slices.Equal(lines(res), c.want) {
				t.Errorf("got  %q\nwant %q", lines(res), c.want)
			}
		})
	}
}

func TestAcceptanceRules(t *testing.T) {
	t.Run("call.configuration-set", func(t *testing.T) {
		const refused, sent = "1 refused by invalid; bounces 0/0", "1 accepted, 1 delivered; bounces 0/1"
		const news = "set news of=acme\nsend by=acme at=1m set=news to=people:1\n"
		const missing = "set news of=acme missing\nsend by=acme at=1m set=news to=people:1\n"
		outcomes(t, []outcomeCase{
			{"it exists", news, sent},
			{"it never did", missing, refused},
			{"created a nanosecond before", missing + "do create-set acme at=59.999999999s set=news", sent},
			{"created a nanosecond later", missing + "do create-set acme at=1m0.000000001s set=news", refused},
			{"deleted a nanosecond before", news + "do delete-set acme at=59.999999999s set=news", refused},
			{"deleted a nanosecond later", news + "do delete-set acme at=1m0.000000001s set=news", sent},
			{"deleted and created again", news + "do delete-set acme at=10s set=news\ndo create-set acme at=20s set=news", sent},
			{"another one is deleted", news + "set other of=acme\ndo delete-set acme at=1s set=other", sent},
			{"a paused one that does not exist pauses nothing", "set news of=acme paused missing\nsend by=acme set=news to=people:1", refused},
			{"a pause of the account comes first", missing + "do pause acme at=1s", "1 refused by paused; bounces 0/0"},
			{"the identities come later", missing + "do unverify acme at=1s identity=acme.example", refused},
		})
		for via, want := range map[string]ses.Error{
			"v1":   {Status: 400, Code: "ConfigurationSetDoesNotExist", Message: "Configuration set <news> does not exist."},
			"v2":   {Status: 404, Code: "NotFoundException", Message: "Configuration set <news> does not exist."},
			"smtp": {Status: 554, Message: "Configuration Set does not exist: Configuration set <news> does not exist."},
		} {
			_, res := play(t, stage+"set news of=acme missing\nsend by=acme set=news to=people:1 via="+via)
			if got := res.Accounts[0].Refusals[0].Error; got != want {
				t.Errorf("%s: got %v, want %v", via, got, want)
			}
		}
	})
	t.Run("call.billed", func(t *testing.T) {
		for _, c := range []struct {
			name, scenario string
			want           int64
		}{
			{"delivered", "send by=acme to=people:1-3", 3},
			{"bounced", "send by=acme to=gone:1", 1},
			{"suppressed by the account's list", "send by=acme at=0s every=1m times=2 to=gone:1", 2},
			{"the simulator's", "audience simulator addresses=success@simulator.amazonses.com\nsend by=acme to=simulator:1", 1},
			{"rejected by the content scan", "send by=acme rejected=100% to=people:1", 1},
			{"refused for the rate", "send by=acme times=15 to=people:1", 14},
			{"refused for its form", "send by=acme to=people:1-51", 0},
			{"refused for an identity", "send by=acme from=x@other.example to=people:1", 0},
		} {
			if _, res := play(t, stage+c.scenario); res.Accounts[0].Billed() != c.want {
				t.Errorf("%s: %d billed, want %d", c.name, res.Accounts[0].Billed(), c.want)
			}
		}
	})
}

// expired checks what the record of a soft bounce says: at the end of the
// set's time what the attempts met beside the rule, otherwise the bounce alone.
func expired(t *testing.T) {
	const set = "set news of=acme max_delivery=15m\n"
	for _, c := range []struct {
		name, scenario string
		want           string
	}{
		{"a full mailbox", set + "audience to size=1 domain=to.example mailbox_full=100%", "at 16m, Transient/CustomTimeoutExceeded after Transient/MailboxFull [bounce.max-delivery]"},
		{"a dead domain", set + "audience to size=1 domain=to.example dead_domain=100%", "at 16m, Transient/CustomTimeoutExceeded after Transient/General [bounce.max-delivery]"},
		{"the rules', of the same length", set + "rules retry.horizon=15m\naudience to size=1 domain=to.example mailbox_full=100%", "at 16m, Transient/MailboxFull after none [bounce.soft]"},
		{"the rules', shorter", set + "rules retry.horizon=14m\naudience to size=1 domain=to.example mailbox_full=100%", "at 15m, Transient/MailboxFull after none [bounce.soft]"},
		{"a kind that is not retried", set + "audience to size=1 domain=to.example too_large=100%", "at 1m, Transient/MessageTooLarge after none [bounce.soft]"},
	} {
		told := softBounces{}
		cfg, err := readScript(stage + c.scenario + "\nsend by=acme at=1m set=news to=to:1")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := engine.Run(cfg, sim.Hooks{Observer: &told}); err != nil {
			t.Fatal(err)
		}
		if want := []string{c.want}; !slices.Equal(told, want) {
			t.Errorf("%s: got %q, want %q", c.name, told, want)
		}
	}
}

// softBounces keeps the soft bounces of a run.
type softBounces []string

func (list *softBounces) Observe(r *sim.Record) {
	if r.Kind == sim.SoftBounced {
		*list = append(*list, fmt.Sprintf("at %s, %s after %s [%s]", unit.FormatDuration(r.At), r.Bounce, r.Met, r.Rule))
	}
}

func TestSetRules(t *testing.T) {
	t.Run("configuration-set.operations", func(t *testing.T) {
		const gone = "not-found 404 NotFoundException: Configuration set <news> does not exist."
		timelines(t, []timelineCase{
			{"deleted twice", "set news of=acme\ndo delete-set acme set=news\ndo delete-set acme at=1s set=news", []string{"set-deleted news", gone}},
			{"created twice", "set news of=acme missing\ndo create-set acme set=news\ndo create-set acme at=1s set=news",
				[]string{"set-created news", "set-exists AlreadyExistsException: Configuration set <news> already exists."}},
			{"what does not exist cannot be paused", "set news of=acme missing\ndo pause acme set=news", []string{gone}},
			{"nor has it options", "set news of=acme missing\ndo set acme set=news suppression=BOUNCE", []string{gone}},
			{"reasons change", "set news of=acme\ndo set acme set=news suppression=COMPLAINT", []string{"set-suppression-changed news: COMPLAINT"}},
			{"reasons go", "set news of=acme\ndo set acme set=news suppression=none", []string{"set-suppression-changed news: none"}},
			{"in the sandbox as well", "set news of=acme\ndo set acme at=1s suppression=BOUNCE", []string{"suppression-changed BOUNCE"}},
			{"one call a second", "set news of=acme\ndo set acme at=0s set=news suppression=BOUNCE\ndo set acme at=999ms suppression=BOUNCE", []string{
				"set-suppression-changed news: BOUNCE", "throttled set: 429 TooManyRequestsException; tried again in a second", "suppression-changed BOUNCE",
			}},
		})
		// The address is listed for a bounce; acme's reasons are both.
		const listed = "set news of=acme\nsend by=acme to=gone:1\nsend by=acme at=1m set=news to=gone:1\n"
		const held, sent = "2 accepted, 1 bounced hard, 1 suppressed by the account's list; bounces 1/1", "2 accepted, 2 bounced hard; bounces 2/2"
		const past = "rules global.durations=1s;1s\n"
		outcomes(t, []outcomeCase{
			{"the account's reasons", listed + past, held},
			{"no reasons", listed + past + "do set acme at=59s set=news suppression=none", sent},
			{"no reasons, too late", listed + past + "do set acme at=1m1s set=news suppression=none", held},
			{"another reason", listed + past + "do set acme at=59s set=news suppression=COMPLAINT", sent},
			{"its reason", listed + past + "do set acme at=58s suppression=COMPLAINT\ndo set acme at=59s set=news suppression=BOUNCE", held},
			{"created anew, the account's reasons again", listed + past +
				"do set acme at=10s set=news suppression=none\ndo delete-set acme at=20s set=news\ndo create-set acme at=30s set=news", held},
		})
	})
	t.Run("bounce.max-delivery", func(t *testing.T) {
		// Attempts are made at once, after 5 and after 15 minutes.
		const full = "audience full size=1 domain=full.example mailbox_full=100% full_for=15m\n"
		const dead = "audience dead size=1 domain=dead.example dead_domain=100%\nset news of=acme max_delivery=15m\nsend by=acme set=news to=dead:1\n"
		const sent = "send by=acme set=news to=full:1\n"
		const short, long = "set news of=acme max_delivery=14m59s\n" + full + sent, "set news of=acme max_delivery=15m\n" + full + sent
		const delivered, bounced, under = "1 accepted, 1 delivered; bounces 0/1", "1 accepted, 1 bounced softly; bounces 0/1", "1 accepted, 1 under way; bounces 0/1"
		outcomes(t, []outcomeCase{
			{"the last attempt a second too late", short, bounced},
			{"the last attempt exactly at the end", long, delivered},
			{"the last attempt before the end", "set news of=acme max_delivery=15m1s\n" + full + sent, delivered},
			{"room a nanosecond after the last attempt",
				"set news of=acme max_delivery=15m\naudience full size=1 domain=full.example mailbox_full=100% full_for=15m0.000000001s\n" + sent, bounced},
			{"no verdict a nanosecond before the end", short + "run horizon=14m59s", under},
			{"a verdict at the end", short + "run horizon=14m59.000000001s", bounced},
			{"the rules stop SES before", long + "rules retry.horizon=14m59s", bounced},
			{"the rules stop SES later", short + "rules retry.horizon=15m", bounced},
			{"the same in both", "set news of=acme max_delivery=15m\n" + full + sent + "rules retry.horizon=15m", delivered},
			{"a set that does not say", "set news of=acme\n" + full + sent, delivered},
			{"another set", "set news of=acme\nset other of=acme max_delivery=5m\n" + full + sent, delivered},
			{"mail without a set", "set news of=acme max_delivery=5m\n" + full + "send by=acme to=full:1", delivered},
			{"deleted meanwhile", short + "do delete-set acme at=1m set=news", bounced},
			{"deleted and created anew meanwhile", short + "do delete-set acme at=1m set=news\ndo create-set acme at=2m set=news", bounced},
			{"paused meanwhile", short + "do pause acme at=1m set=news", bounced},
			{"created before", "set news of=acme missing max_delivery=14m59s\n" + full + "do create-set acme set=news\nsend by=acme at=1m set=news to=full:1", bounced},
			{"a dead domain, before the end", dead + "run horizon=15m", under},
			{"a dead domain, at the end", dead + "run horizon=15m0.000000001s", bounced},
			{"a dead domain that is permanent", dead + "rules bounce.dead_domain=permanent", bounced},
			{"a dead domain that is permanent, by the rules", dead + "rules bounce.dead_domain=permanent retry.horizon=15m", "1 accepted, 1 bounced hard; bounces 1/1"},
			{"a kind that is not retried", "set news of=acme max_delivery=5m\naudience big size=1 domain=big.example too_large=100%\nsend by=acme set=news to=big:1\nrun horizon=1s", bounced},
		})
		expired(t)
	})
	t.Run("quota.request", func(t *testing.T) {
		timelines(t, []timelineCase{
			{"a quota", "do set acme quota=100000", []string{"quota-changed quota 100000"}},
			{"no limit", "do set acme quota=-1", []string{"quota-changed quota unlimited"}},
			{"a rate", "do set acme rate=100", []string{"quota-changed max send rate 100"}},
		})
		const two = "send by=acme to=people:1\nsend by=acme at=1m to=people:1\ndo set acme at=0s quota=1\n"
		outcomes(t, []outcomeCase{
			{"not asked", two, "1 accepted, 1 refused by quota, 1 delivered; bounces 0/1"},
			{"raised just in time", two + "do set acme at=59s quota=2", "2 accepted, 2 delivered; bounces 0/2"},
			{"raised too late", two + "do set acme at=61s quota=2", "1 accepted, 1 refused by quota, 1 delivered; bounces 0/1"},
		})
	})
}
