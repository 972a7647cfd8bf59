package engine_test

import (
	"fmt"
	"runtime"
	"syscall"
	"testing"
	"time"

	"sesim/sim"
	"sesim/sim/client"
	"sesim/sim/engine"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// The benchmarks of this file compare what runs cost. They do so in processor time,
// which depends less than wall time on what else the machine does.

// costOf returns the processor time of a run for each recipient, in nanoseconds.
func costOf(b *testing.B, cfg sim.Config) float64 {
	b.Helper()
	runtime.GC()
	start := processorTime(b)
	r, err := engine.Run(cfg, sim.Hooks{})
	if err != nil {
		b.Fatal(err)
	}
	return float64(processorTime(b)-start) / float64(r.Accounts[0].Recipients)
}

func processorTime(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// variant is a scenario to compare with others.
type variant struct {
	name string
	cfg  sim.Config
}

// compareCosts runs the variants in alternating rounds. It reports the median cost of the
// first one for each recipient, and the ratios of the others to it.
func compareCosts(b *testing.B, variants ...variant) {
	b.Helper()
	costs := make([][]float64, len(variants))
	for b.Loop() {
		for i := range variants {
			costs[i] = append(costs[i], costOf(b, variants[i].cfg))
		}
	}
	first := median(costs[0])
	b.ReportMetric(first, variants[0].name+"-ns/recipient")
	for i := 1; i < len(variants); i++ {
		b.ReportMetric(median(costs[i])/first, variants[i].name+"/"+variants[0].name)
	}
}

// BenchmarkCampaign compares campaigns that follow one another with constant traffic to
// the same audience.
//
//	go test ./sim/engine -run '^$' -bench Campaign -benchtime 9x
func BenchmarkCampaign(b *testing.B) {
	for _, senders := range []int64{1, 3, 10, 100} {
		b.Run(fmt.Sprintf("senders=%d", senders), func(b *testing.B) {
			constant := steadyMail(b, senders)
			campaign := constant
			campaign.Senders = append([]sim.Sender(nil), constant.Senders...)
			for i := range campaign.Senders {
				t := &campaign.Senders[i].Traffic
				t.Kind, t.Every = sim.Campaign, time.Minute
			}
			compareCosts(b, variant{"constant", constant}, variant{"campaign", campaign})
		})
	}
}

// steadyMail is constant traffic that nothing refuses: in all a million recipients a day,
// for three days, to a list of a hundred thousand in its order. The senders begin a
// moment after one another.
func steadyMail(b *testing.B, senders int64) sim.Config {
	b.Helper()
	cfg := shared(traffic(b, 3, 1_000_000, 100_000), senders)
	for i := range cfg.Senders {
		s := &cfg.Senders[i]
		s.Traffic.Kind, s.Pick, s.Begin = sim.Constant, sim.Sequential, time.Duration(i)*unit.Day/1_000_000
	}
	return cfg
}

// BenchmarkClient says what each part of a client costs: a call of mail through it, as a
// ratio to the same mail without a client, in one run. Where calls are refused the mail is
// due at random times, and the account's rate is an eighth higher than its mean.
//
//	go test ./sim/engine -run '^$' -bench Client -benchtime 9x
func BenchmarkClient(b *testing.B) {
	mail := steadyMail(b, 1)
	refused := steadyMail(b, 1)
	refused.Senders[0].Traffic.Kind, refused.Accounts[0].Rate = sim.Poisson, 13
	smtp, two := steadyMail(b, 1), steadyMail(b, 2)
	smtp.Senders[0].Interface = sim.SMTP
	for _, p := range []struct {
		name string
		base sim.Config
		of   func(c *client.Config)
	}{
		{"nothing", mail, func(*client.Config) {}},
		{"latency", mail, func(c *client.Config) { c.Latency = fixed(100 * time.Millisecond) }},
		{"latency-drawn", mail, func(c *client.Config) {
			c.Latency = client.Latency{Spread: unit.Spread{Median: 100 * time.Millisecond, Upper: 300 * time.Millisecond, Tail: 99}}
		}},
		{"workers", mail, busy},
		{"workers-10000", mail, func(c *client.Config) { c.Workers.N, c.Latency = 10_000, fixed(10*time.Minute) }},
		{"processes-10000", mail, func(c *client.Config) { c.Workers.N, c.Processes, c.Latency = 1, 10_000, fixed(10*time.Minute) }},
		{"connection", mail, func(c *client.Config) {
			busy(c)
			c.Connection = client.Connection{Setup: 50 * time.Millisecond, Max: 20, MaxMessages: 100, Idle: 15 * time.Second, Wait: 5 * time.Second}
		}},
		{"sessions", smtp, func(c *client.Config) { busy(c); c.Connection.Setup = 50 * time.Millisecond }},
		{"priority", two, busy},
		{"rest", mail, func(c *client.Config) { busy(c); c.Rest = client.Rest{After: client.Count{N: 10}, Rest: time.Second} }},
		{"limiter-bucket", mail, limited(client.Limiter{Kind: client.Bucket, Burst: client.Count{N: 10}})},
		{"limiter-window", mail, limited(client.Limiter{Kind: client.Window})},
		{"limiter-log", mail, limited(client.Limiter{Kind: client.Log})},
		{"limiters-3", mail, limited(client.Limiter{Name: "a", Kind: client.Bucket, Burst: client.Count{N: 10}},
			client.Limiter{Name: "b", Kind: client.Window}, client.Limiter{Name: "c", Kind: client.Log})},
		{"no-retry", refused, busy},
		{"retry-hold", refused, retried(client.Layer{Hold: true})},
		{"retry-queue", refused, retried(client.Layer{})},
		{"retry-quota", refused, retried(client.Layer{Hold: true, Quota: client.Quota{Size: 500, Throttle: 5, Other: 14, Success: 1}})},
		{"adaptive", refused, func(c *client.Config) { retried(client.Layer{Hold: true})(c); c.Adaptive = true }},
	} {
		b.Run(p.name, func(b *testing.B) {
			through := p.base
			through.Senders = append([]sim.Sender(nil), p.base.Senders...)
			of := client.Default()
			p.of(&of)
			through.Clients = []sim.Client{{Name: "program", Config: of}}
			for i := range through.Senders {
				through.Senders[i].Client, through.Senders[i].Priority = 1, i
			}
			compareCosts(b, variant{"none", p.base}, variant{"client", through})
		})
	}
}

// busy is a client with eleven or twelve of twenty workers busy.
func busy(c *client.Config) { c.Workers.N, c.Latency = 20, fixed(time.Second) }

// limited returns what adds limiters to a client, which grant more calls than there are.
func limited(limiters ...client.Limiter) func(*client.Config) {
	return func(c *client.Config) {
		busy(c)
		for _, l := range limiters {
			l.N, l.Per, l.Retries = client.Count{N: 20}, time.Second, true
			c.Limiters = append(c.Limiters, l)
		}
	}
}

// retried returns what adds retries after refusals by the rate to a client.
func retried(l client.Layer) func(*client.Config) {
	return func(c *client.Config) {
		busy(c)
		l.On, l.Attempts, l.Jitter.Kind = 1<<ses.RefusedRate, 3, client.FullJitter
		l.Waits = []time.Duration{time.Second, 2 * time.Second}
		c.Retry = []client.Layer{l}
	}
}

// BenchmarkRefusals says what a call costs where nearly all calls are retries that a full
// quota refuses: 700,000 messages in a week under a quota of a tenth of that, which are
// tried again after 10 minutes, 20, 40 and then every hour. The ratio is that of a run that
// decides every call, one by one.
//
//	go test ./sim/engine -run '^$' -bench Refusals -benchtime 5x
func BenchmarkRefusals(b *testing.B) {
	for _, senders := range []int64{1, 100} {
		b.Run(fmt.Sprintf("senders=%d", senders), func(b *testing.B) {
			cfg := shared(traffic(b, 7, 100_000, 100_000), senders)
			cfg.Accounts[0].Quota = 10_000
			for i := range cfg.Senders {
				retry := &cfg.Senders[i].Retry
				*retry = sim.Retry{First: 10 * time.Minute, Factor: 2000, Cap: time.Hour, Attempts: 65}
				retry.On[ses.RefusedQuota], retry.On[ses.RefusedRate] = true, true
			}
			var costs, ratios []float64
			calls := int64(0)
			for b.Loop() {
				together, n := costOfCalls(b, cfg, sim.Hooks{})
				each, _ := costOfCalls(b, cfg, sim.Hooks{Undivided: true})
				costs, ratios, calls = append(costs, together), append(ratios, each/together), n
			}
			b.ReportMetric(float64(calls), "calls")
			b.ReportMetric(median(costs), "ns/call")
			b.ReportMetric(median(ratios), "one-by-one/together")
		})
	}
}

// costOfCalls returns the processor time of a run for each call, in nanoseconds, and how
// many calls there were.
func costOfCalls(b *testing.B, cfg sim.Config, hooks sim.Hooks) (ns float64, calls int64) {
	b.Helper()
	runtime.GC()
	start := processorTime(b)
	r, err := engine.Run(cfg, hooks)
	if err != nil {
		b.Fatal(err)
	}
	took := processorTime(b) - start
	for i := range r.Senders {
		calls += r.Senders[i].Requests
	}
	return float64(took) / float64(calls), calls
}

// BenchmarkAudiences reports what it takes to set up a hundred thousand audiences of ten
// addresses each, with their senders, and to send each address a message: milliseconds of
// processor time and megabytes allocated.
//
//	go test ./sim/engine -run '^$' -bench Audiences -benchtime 3x
func BenchmarkAudiences(b *testing.B) {
	cfg := traffic(b, 1, 1_000_000, 10)
	people, mail := cfg.Audiences[0], cfg.Senders[0]
	mail.Traffic.Rate.N = 10
	cfg.Audiences, cfg.Senders = nil, nil
	for i := range 100_000 {
		people.Name = fmt.Sprint("people", i)
		mail.Name, mail.Audience = fmt.Sprint("mail", i), i
		cfg.Audiences, cfg.Senders = append(cfg.Audiences, people), append(cfg.Senders, mail)
	}
	alone := cfg
	alone.Senders, alone.Horizon = cfg.Senders[:1], time.Second
	for _, v := range []variant{{"audiences", alone}, {"with-senders", cfg}} {
		b.Run(v.name, func(b *testing.B) {
			var took, allocated []float64
			for b.Loop() {
				var before, after runtime.MemStats
				runtime.GC()
				runtime.ReadMemStats(&before)
				start := processorTime(b)
				if _, err := engine.Run(v.cfg, sim.Hooks{}); err != nil {
					b.Fatal(err)
				}
				took = append(took, float64(processorTime(b)-start)/1e6)
				runtime.ReadMemStats(&after)
				allocated = append(allocated, float64(after.TotalAlloc-before.TotalAlloc)/1e6)
			}
			b.ReportMetric(median(took), "cpu-ms")
			b.ReportMetric(median(allocated), "MB")
		})
	}
}
