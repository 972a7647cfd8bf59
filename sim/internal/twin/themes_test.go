package twin_test

import (
	"fmt"
	"io"
	"io/fs"
	"strings"
	"time"

	"sesim/scenarios"
	"sesim/sim"
	"sesim/sim/internal/simtest"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// theme is a family of scenarios on which the models are compared. It takes a
// scenario of simtest and bends it towards what it is about.
type theme struct {
	name  string
	bend  func(simtest.Source, *sim.Config)
	about []string // names of the rules that its scenarios must meet
}

var themes = []theme{
	{"anything", func(simtest.Source, *sim.Config) {}, []string{"call.recipients", "mail.delivered"}},
	{"admission", admission, []string{
		"rate.bucket", "quota.rolling", "quota.auto-increase", "call.recipients", "prod.request", "prod.conflict", "prod.granted",
		"prod.denied", "prod.failed", "prod.more-info", "prod.after-denied", "prod.reply", "ec2.port25",
	}},
	{"identities", identities, []string{
		"sandbox.recipients", "identity.from", "identity.delegate", "identity.verify", "identity.template", "api.rate",
	}},
	{"lists", lists, []string{
		"account.suppressed", "account.listed", "account.operations", "account.sandbox-blocked", "global.suppressed", "global.escalation",
		"global.removal", "api.rate",
	}},
	{"reputation", reputation, []string{
		"rep.review", "rep.trigger", "review.end", "review.extended", "review.pending", "pause.immediate", "pause.repeated", "pause.pending",
		"pause.permanent", "pause.refuses", "pause.customer", "pause.configuration-set", "appeal.fresh-start", "account.pause-wipe",
		"account.customer-pause-wipe",
	}},
	{"bounces", bounces, []string{
		"bounce.hard", "bounce.soft", "bounce.max-delivery", "bounce.out-of-office", "complaint.feedback-loop", "content.rejected", "simulator.free", "event.published",
	}},
	{"moments", moments, []string{"prod.conflict", "prod.granted", "quota.rolling", "account.suppressed", "rep.review", "identity.verify", "api.rate"}},
	{"traffic", traffic, []string{"mail.delivered", "rate.bucket", "quota.rolling", "call.recipients"}},
	{"clients", clients, []string{"mail.delivered", "rate.bucket", "quota.rolling", "call.recipients", "ec2.port25", "session.idle", "session.max-messages"}},
}

// draw returns a scenario of the theme.
func (t theme) draw(s simtest.Source) sim.Config {
	cfg := simtest.Config(s)
	t.bend(s, &cfg)
	bound(&cfg)
	consistent(&cfg)
	simtest.FitShares(&cfg)
	return cfg
}

// rulesOf returns the rules of those names.
func rulesOf(names []string) map[string]bool {
	set := map[string]bool{}
	for _, name := range names {
		set[name] = true
	}
	return set
}

// inMemory are files by their names.
type inMemory map[string]string

func (files inMemory) Open(name string) (io.ReadCloser, error) {
	text, ok := files[name]
	if !ok {
		return nil, fs.ErrNotExist
	}
	return io.NopCloser(strings.NewReader(text)), nil
}

// load renders a scenario and reads it again.
func load(cfg *sim.Config) (*sim.Config, error) {
	return scenarios.LoadWith(inMemory(simtest.Traces(cfg)), "drawn.toml", []byte(simtest.Render(cfg)))
}

// able gives most of the scenario's accounts what they need to send.
func able(s simtest.Source, cfg *sim.Config) {
	for i := range cfg.Accounts {
		a := &cfg.Accounts[i]
		if chance(s, "able access", 85) {
			a.Access = ses.Production
		}
		a.Quota = pick(s, "able quota", int64(10_000), 300, 100, 40, -1)
		a.Rate = pick(s, "able rate", int64(100), 50, 14)
		own := []string{fmt.Sprintf("a%d.example", i)}
		for _, id := range a.Identities {
			if chance(s, "able identity", 10) {
				own = append(own, id)
			}
		}
		a.Identities = own
		for j := range a.Sets {
			a.Sets[j].Paused = false
		}
	}
	for i := range cfg.Senders {
		plain(cfg, &cfg.Senders[i])
	}
}

// plain takes off a sender what would have most of its calls refused.
func plain(cfg *sim.Config, x *sim.Sender) {
	x.Checked, x.Size, x.Throttled25 = nil, 0, false
	if x.Rejected > 50*unit.Percent {
		x.Rejected = 0
	}
	x.From = fmt.Sprintf("news@a%d.example", x.Account)
	if x.Delegated {
		x.From = fmt.Sprintf("news@a%d.example", x.Owner)
		cfg.Accounts[x.Owner].Delegates = []int{x.Account}
		cfg.Accounts[x.Owner].Region = cfg.Accounts[x.Account].Region
	}
}

// within moves all of a scenario into a drawn horizon, with a few dozen
// messages of each sender, some of them recorded.
func within(s simtest.Source, cfg *sim.Config, horizons ...time.Duration) {
	cfg.Horizon = pick(s, "scene horizon", horizons...)
	for i := range cfg.Actions {
		cfg.Actions[i].At %= cfg.Horizon
	}
	for i := range cfg.Senders {
		x := &cfg.Senders[i]
		x.Begin, x.End = x.Begin%(cfg.Horizon/4), 0
		x.Traffic = steady(s, cfg, x)
		if c := x.Traffic.Calendar; c != nil {
			c.Peaks, c.Ramp = nil, nil // they were drawn for another horizon
		}
		if x.Traffic.Kind == sim.Recorded {
			x.Recipients = 1
		}
	}
}

// steady draws traffic of a few dozen messages, spread over the horizon.
func steady(s simtest.Source, cfg *sim.Config, x *sim.Sender) sim.Traffic {
	if chance(s, "scene recorded", 20) {
		return sim.Traffic{Kind: sim.Recorded, Trace: recording(s, cfg, x)}
	}
	t := x.Traffic
	t.Rate = rateOf(s.Int("scene messages", 20, 80), cfg.Horizon)
	if t.Kind == sim.Campaign || t.Kind == sim.Recorded {
		t = sim.Traffic{Kind: sim.Constant, Rate: t.Rate}
	}
	return t
}

// rateOf is a rate of about so many messages within the horizon, as the
// language writes it.
func rateOf(messages int64, horizon time.Duration) unit.Rate {
	for _, per := range []time.Duration{time.Minute, time.Hour, day} {
		switch n := messages * 1000 * int64(per/time.Second) / int64(horizon/time.Second); {
		case n < 1000:
		case n%1000 == 0:
			return unit.Rate{N: n / 1000, Per: per}
		default:
			return unit.Rate{N: n, Per: per * 1000}
		}
	}
	return unit.Rate{N: 1, Per: day}
}

// recording draws messages to some of the audience by name, or to so many.
func recording(s simtest.Source, cfg *sim.Config, x *sim.Sender) sim.Trace {
	rows, at := simtest.Recording{}, time.Duration(0)
	size := cfg.Audiences[x.Audience].Size
	for range s.Int("trace rows", 0, 30) {
		if at += time.Duration(s.Int("trace gap", 0, 20)) * (cfg.Horizon / 300); at >= cfg.Horizon {
			break
		}
		row := sim.TraceRow{At: at, Count: int(min(pick(s, "trace count", int64(1), 2, 5, 50, 51), size))}
		if chance(s, "trace names", 50) {
			row = sim.TraceRow{At: at, Numbers: inTurn(s.Int("trace number", 0, size-1), int64(row.Count), size)}
		}
		rows = append(rows, row)
	}
	return rows
}

// inTurn returns so many numbers of an audience from the first on, with its
// first after its last.
func inTurn(first, count, size int64) []uint32 {
	numbers := make([]uint32, count)
	for i := range numbers {
		numbers[i] = uint32((first + int64(i)) % size)
	}
	return numbers
}

// mild gives the audiences shares at which mail both arrives and bounces.
func mild(s simtest.Source, cfg *sim.Config, invalid, hard, complaint int64) {
	percent := func(what string, least, most int64) unit.Share {
		return unit.Share(s.Int("mild "+what, least, most)) * unit.Percent
	}
	for i := range cfg.Audiences {
		a := &cfg.Audiences[i]
		a.Invalid, a.HardBounce, a.MailboxFull = percent("invalid", 0, invalid), percent("hard", 0, hard), percent("full", 0, 10)
		a.TooLarge, a.ContentRejected, a.AttachmentRejected, a.Undetermined, a.DeadDomain = 0, 0, 0, 0, 0
		a.BlockedIP, a.Deferred = 0, 0
		a.Complaint, a.FeedbackLoop = percent("complaint", 0, complaint), percent("loop", 20, 100)
	}
}

// account draws one of the accounts.
func account(s simtest.Source, cfg *sim.Config) int {
	return int(s.Int("scene account", 0, int64(len(cfg.Accounts)-1)))
}
