package sim_test

import (
	"slices"
	"testing"

	"sesim/sim"
	"sesim/sim/ses"
)

// This file tests what a run does to configuration sets, quotas and bills.

// lines returns the timeline of account acme, each line as its event and why.
func lines(res *sim.Result) []string {
	var list []string
	for _, t := range res.Accounts[0].Timeline {
		list = append(list, t.Event+" "+t.Why)
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

func TestSetRules(t *testing.T) {
	t.Run("configuration-set.operations", func(t *testing.T) {
		const gone = "not-found NotFoundException: Configuration set <news> does not exist."
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
				"set-suppression-changed news: BOUNCE", "throttled set: TooManyRequestsException; tried again in a second", "suppression-changed BOUNCE",
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
