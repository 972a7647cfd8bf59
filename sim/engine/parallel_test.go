package engine_test

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"sesim/sim"
	"sesim/sim/engine"
	"sesim/sim/internal/simtest"
	"sesim/sim/measure"
	"sesim/sim/proptest"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// beside returns a scenario in which two others happen that share nothing,
// under the rules and over the horizon of the shorter one. Accounts and senders of
// the two alternate as far as their order among themselves allows it, so that
// neither's numbers are those of the whole.
func beside(a, b sim.Config) sim.Config {
	if b.Horizon < a.Horizon {
		a, b = b, a
	}
	c := a
	c.Thresholds = nil
	merge := func(n, m int) (ofA, ofB []int) { // places in the whole
		for i := range max(n, m) {
			if i < n {
				ofA = append(ofA, len(ofA)+len(ofB))
			}
			if i < m {
				ofB = append(ofB, len(ofA)+len(ofB))
			}
		}
		return ofA, ofB
	}
	accA, accB := merge(len(a.Accounts), len(b.Accounts))
	audA, audB := merge(len(a.Audiences), len(b.Audiences))
	senA, senB := merge(len(a.Senders), len(b.Senders))
	c.Accounts = make([]sim.Account, len(accA)+len(accB))
	c.Audiences = make([]sim.Audience, len(audA)+len(audB))
	c.Senders = make([]sim.Sender, len(senA)+len(senB))
	c.Actions = nil
	place := func(from *sim.Config, mark string, accounts, audiences, senders []int) {
		for i, x := range from.Accounts {
			x.Name += mark
			if x.Customer != "" {
				x.Customer += mark
			}
			given := x.Delegates
			x.Delegates = nil
			for _, d := range given {
				x.Delegates = append(x.Delegates, accounts[d])
			}
			c.Accounts[accounts[i]] = x
		}
		for i, x := range from.Audiences {
			x.Name += mark
			c.Audiences[audiences[i]] = x
		}
		for i, x := range from.Senders {
			x.Name += mark
			x.Account, x.Audience = accounts[x.Account], audiences[x.Audience]
			if of := x.Accounts; of != nil {
				own := *of
				own.Of = slices.Clone(of.Of)
				for k := range own.Of {
					own.Of[k].Account = accounts[own.Of[k].Account]
				}
				x.Accounts = &own
			}
			x.Mixture = slices.Clone(x.Mixture)
			for k := range x.Mixture {
				x.Mixture[k].Audience = audiences[x.Mixture[k].Audience]
			}
			if x.Delegated {
				x.Owner = accounts[x.Owner]
			}
			c.Senders[senders[i]] = x
		}
		for _, x := range from.Actions {
			if x.Account >= 0 {
				x.Account = accounts[x.Account]
			} else if x.Do != sim.DoSet {
				x.Account = accounts[0]
			}
			switch x.Do {
			case sim.DoSuppress, sim.DoUnsuppress, sim.DoGet, sim.DoRemoveGlobal:
				x.Address.Audience = audiences[x.Address.Audience]
			case sim.DoImport:
				x.Audience = audiences[x.Audience]
			case sim.DoSet:
				x.Change.Index = changed(x.Change.Key, accounts, audiences, senders)[x.Change.Index]
			}
			c.Actions = append(c.Actions, x)
		}
	}
	place(&a, "", accA, audA, senA)
	place(&b, "-b", accB, audB, senB)
	return c
}

// changed returns the list that a key's entities are in.
func changed(key sim.Key, accounts, audiences, senders []int) []int {
	switch key {
	case sim.KeyAccountQuota, sim.KeyAccountRate, sim.KeyAccountSuppression, sim.KeySetSuppression:
		return accounts
	case sim.KeySenderOnBounce, sim.KeySenderRate:
		return senders
	}
	return audiences
}

// partitionsDiffer runs a scenario in partitions, on one, two and eight goroutines,
// observed, and undivided, and reports how results or records differ.
func partitionsDiffer(t rapid.TB, cfg sim.Config) string {
	t.Helper()
	run := func(h sim.Hooks) *sim.Result {
		r, err := engine.Run(cfg, h)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	all := cmp.Exporter(func(reflect.Type) bool { return true })
	var want simtest.Tape
	whole := run(sim.Hooks{Undivided: true, Observer: &want})
	var tape simtest.Tape
	if r := run(sim.Hooks{Observer: &tape}); !reflect.DeepEqual(r, whole) {
		return fmt.Sprintf("results with an observer: %s", cmp.Diff(whole, r, cmp.AllowUnexported(measure.Histogram{}), all))
	}
	if !reflect.DeepEqual(tape.Records, want.Records) {
		return "records: " + cmp.Diff(want.Records, tape.Records, all)
	}
	for _, workers := range []int{1, 2, 8} {
		if r := run(sim.Hooks{Workers: workers}); !reflect.DeepEqual(r, whole) {
			return fmt.Sprintf("results of %d workers: %s", workers, cmp.Diff(whole, r, cmp.AllowUnexported(measure.Histogram{}), all))
		}
	}
	return ""
}

func init() { proptest.Checks(40) } // of whole scenarios

// TestPartitionsMatchUndivided puts random scenarios beside each other and compares what
// their partitions leave, on several goroutines, and what an observed run tells,
// with an undivided run.
func TestPartitionsMatchUndivided(t *testing.T) {
	proptest.Check(t, func(t *rapid.T) {
		cfg := simtest.Config(proptest.Draws{T: t})
		for range rapid.IntRange(0, 2).Draw(t, "others beside") {
			cfg = beside(cfg, simtest.Config(proptest.Draws{T: t}))
		}
		if diff := partitionsDiffer(t, cfg); diff != "" {
			t.Fatalf("%s\n%s", diff, simtest.Page(&cfg))
		}
	})
}

// tied is a scenario of several partitions in which everything happens at the same
// moments: constant streams, constant delays, and actions and requests at
// whole hours.
func tied(tb testing.TB, parts int) sim.Config {
	tb.Helper()
	cfg := traffic(tb, 3, 1440, 400)
	one, constant := cfg, unit.Spread{Median: time.Minute, Upper: time.Minute}
	cfg.Rules.Delay.Delivery, cfg.Rules.Delay.Bounce, cfg.Rules.Delay.Async = constant, constant, constant
	cfg.Rules.Delay.Complaint, cfg.Rules.Delay.Publish = constant, constant
	cfg.Accounts, cfg.Audiences, cfg.Senders = nil, nil, nil
	for i := range parts {
		account, audience, sender := one.Accounts[0], one.Audiences[0], one.Senders[0]
		account.Name, audience.Name, sender.Name = fmt.Sprint("acme", i), fmt.Sprint("customers", i), fmt.Sprint("news", i)
		account.Requests = []sim.Request{{At: time.Hour, MailType: "MARKETING", After: time.Hour, Outcome: ses.Granted, Quota: 1000, Rate: 50}}
		account.Access, account.Identities = ses.Sandbox, append([]string{"customers.example"}, account.Identities...)
		audience.Invalid, audience.OutOfOffice = 30*unit.Percent, unit.Whole/3
		sender.Account, sender.Audience, sender.Traffic.Kind = i, i, sim.Constant
		cfg.Accounts, cfg.Audiences, cfg.Senders = append(cfg.Accounts, account), append(cfg.Audiences, audience), append(cfg.Senders, sender)
		for hour := range time.Duration(60) {
			cfg.Actions = append(cfg.Actions, sim.Action{At: hour * time.Hour, Do: sim.DoVerify, Account: parts - 1 - i, Identity: "more.example", After: time.Hour})
		}
	}
	return cfg
}

// TestPartitionsWithTies compares them where nothing but the order of scheduling
// tells which of two events comes first, also with a request for two Regions.
func TestPartitionsWithTies(t *testing.T) {
	cfg := tied(t, 5)
	if diff := partitionsDiffer(t, cfg); diff != "" {
		t.Fatal(diff)
	}
	first, other := &cfg.Accounts[0], &cfg.Accounts[2]
	first.Customer, other.Customer, other.Region = "twins", "twins", "eu-west-1"
	first.Requests[0].Regions = []string{other.Region}
	if diff := partitionsDiffer(t, cfg); diff != "" {
		t.Fatal("with a shared request: ", diff)
	}
}

// TestPartitionsStopTogether interrupts a run of several partitions: they must stop at
// the same sample, as an undivided run would that is interrupted there, observed or
// not, and not before a tenth of the run, where they meet first.
func TestPartitionsStopTogether(t *testing.T) {
	cfg := tied(t, 3)
	for after := range 5 {
		for _, workers := range []int{1, 2, 8} {
			ticks := 0
			divided, err := engine.Run(cfg, sim.Hooks{Workers: workers, Tick: func(p sim.Progress) bool {
				if len(p.States) != len(cfg.Accounts) {
					t.Errorf("%d states of %d accounts", len(p.States), len(cfg.Accounts))
				}
				ticks++
				return ticks <= after
			}})
			if err != nil {
				t.Fatal(err)
			}
			if divided.End < cfg.Horizon/11 || divided.End > time.Duration(after+1)*cfg.Horizon/10 {
				t.Errorf("stopped after %d ticks, at %v: not where they meet", after, divided.End)
			}
			for _, hooks := range []sim.Hooks{{Undivided: true}, {Observer: watcher{}}} {
				hooks.Tick = func(p sim.Progress) bool { return p.Now < divided.End }
				whole, err := engine.Run(cfg, hooks)
				if err != nil {
					t.Fatal(err)
				}
				if !divided.Interrupted || !reflect.DeepEqual(whole, divided) {
					t.Errorf("stopped after %d ticks, at %v and %v: the two are not the same", after, whole.End, divided.End)
				}
			}
		}
	}
}

// TestPartitionsTellProgress wants progress that never goes back and ends, once, with
// the whole run; between meetings as well: on one core that is at every sample of all
// partitions.
func TestPartitionsTellProgress(t *testing.T) {
	cfg := tied(t, 3)
	for _, workers := range []int{1, 2, 8} {
		var told []sim.Progress
		r, err := engine.Run(cfg, sim.Hooks{Workers: workers, Tick: func(p sim.Progress) bool {
			p.States = slices.Clone(p.States)
			told = append(told, p)
			return true
		}})
		if err != nil {
			t.Fatal(err)
		}
		for i := 1; i < len(told); i++ {
			a, b := told[i-1], told[i]
			if a.Now > b.Now || a.Now == cfg.Horizon || a.Events > b.Events || a.Recipients > b.Recipients {
				t.Fatalf("%d workers: after %+v came %+v", workers, a, b)
			}
		}
		want := sim.Progress{Now: cfg.Horizon, Horizon: cfg.Horizon, Events: r.Events, Admissions: r.Admissions}
		for i := range r.Accounts {
			want.Recipients += r.Accounts[i].Recipients
			want.States = append(want.States, r.Accounts[i].Enforcement)
		}
		if last := told[len(told)-1]; !reflect.DeepEqual(last, want) {
			t.Errorf("%d workers: the last progress is %+v, want %+v", workers, last, want)
		}
		if samples := len(r.Series.Times); workers == 1 && len(told) < samples-2 {
			t.Errorf("told %d times of %d samples", len(told), samples)
		}
	}
}

// TestPartitionPanics wants the panic of a partition in the caller, who may know what to
// do about it.
func TestPartitionPanics(t *testing.T) {
	cfg := tied(t, 2)
	cfg.Senders[1].Traffic = sim.Traffic{Kind: sim.Recorded, Trace: brokenTrace{}}
	defer func() {
		if v := recover(); v != "a broken trace" {
			t.Errorf("the panic is %v", v)
		}
	}()
	_, _ = engine.Run(cfg, sim.Hooks{Workers: 2})
	t.Error("no panic")
}

type brokenTrace struct{}

// Open implements sim.Trace.
func (brokenTrace) Open() sim.TraceRows { panic("a broken trace") }

// BenchmarkPartitions runs a scenario of two halves on one goroutine and on two,
// alternately, and reports how many times faster two are: medians over the
// rounds. It needs two cores that nobody else uses.
//
//	go test ./sim/engine -run '^$' -bench Partitions -benchtime 5x
func BenchmarkPartitions(b *testing.B) {
	cfg := beside(traffic(b, 10, 1_000_000, 1_000_000), traffic(b, 10, 1_000_000, 1_000_000))
	var one, two, faster []float64
	for b.Loop() {
		run := func(workers int) float64 {
			s := measured(func() int64 {
				r, err := engine.Run(cfg, sim.Hooks{Workers: workers})
				if err != nil {
					b.Fatal(err)
				}
				return r.Accounts[0].Recipients + r.Accounts[1].Recipients
			})
			return s.nanoseconds()
		}
		one, two = append(one, run(1)), append(two, run(2))
		faster = append(faster, one[len(one)-1]/two[len(two)-1])
	}
	b.ReportMetric(median(one), "ns/recipient-1")
	b.ReportMetric(median(two), "ns/recipient-2")
	b.ReportMetric(median(faster), "x-faster")
}

// BenchmarkProgress runs a scenario whose partitions do not fit into the caches
// together, on one goroutine, without progress and with it, alternately, and reports
// how many times longer the run with progress takes: the median over the rounds.
//
//	go test ./sim/engine -run '^$' -bench Progress -benchtime 5x
func BenchmarkProgress(b *testing.B) {
	const partitions, accounts = 20, 100
	one := traffic(b, 1, 10_000, 100_000)
	cfg := one
	cfg.Accounts, cfg.Audiences, cfg.Senders = nil, nil, nil
	for i := range partitions {
		audience := one.Audiences[0]
		audience.Name = fmt.Sprint("people", i)
		cfg.Audiences = append(cfg.Audiences, audience)
		for range accounts {
			account, sender := one.Accounts[0], one.Senders[0]
			account.Name, sender.Name = fmt.Sprint("acme", len(cfg.Accounts)), fmt.Sprint("news", len(cfg.Senders))
			sender.Account, sender.Audience = len(cfg.Accounts), i
			cfg.Accounts, cfg.Senders = append(cfg.Accounts, account), append(cfg.Senders, sender)
		}
	}
	var longer []float64
	for b.Loop() {
		var took [2]float64
		for i, hooks := range []sim.Hooks{{Workers: 1}, {Workers: 1, Tick: func(sim.Progress) bool { return true }}} {
			took[i] = measured(func() int64 {
				r, err := engine.Run(cfg, hooks)
				if err != nil {
					b.Fatal(err)
				}
				return r.Events
			}).nanoseconds()
		}
		longer = append(longer, took[1]/took[0])
	}
	b.ReportMetric(median(longer), "x-longer")
}
