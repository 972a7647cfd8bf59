package simtest

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"sesim/sim"
	"sesim/sim/client"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// WithClients gives some senders of a scenario clients, of their own or shared. It is
// apart from Config because a client replaces a sender's own retries.
func WithClients(s Source, cfg *sim.Config) {
	n := s.Int("clients", 1, 3)
	for i := range n {
		cfg.Clients = append(cfg.Clients, sim.Client{Name: fmt.Sprintf("k%d", i), Config: drawnClient(s, fmt.Sprintf("k%d", i))})
	}
	for i := range cfg.Senders {
		x := &cfg.Senders[i]
		if x.Client = int(s.Int(x.Name+" client", 0, n)); x.Client == 0 {
			continue
		}
		x.Retry, x.Priority = sim.Retry{}, int(s.Int(x.Name+" priority", 0, client.Priorities-1))
		if x.Traffic.Kind == sim.Campaign && x.Traffic.Calendar == nil && chance(s, x.Name+" is due whole", 60) {
			x.Traffic.Whole = true
			cfg.Uncertain = slices.DeleteFunc(cfg.Uncertain, func(u sim.Uncertain) bool { return u.Of == sim.Pace && u.Index == i })
			x.Traffic.Rate = unit.Rate{N: cfg.Accounts[x.Account].Rate, Per: time.Duration(x.MeanRecipients()) * time.Millisecond}
		}
	}
	if chance(s, "clients use SMTP", 40) {
		overSMTP(s, cfg)
	}
	for i := range cfg.Actions {
		if c := &cfg.Actions[i].Change; cfg.Actions[i].Do == sim.DoSet && c.Key == sim.KeySenderRate && cfg.Senders[c.Index].Traffic.Whole {
			*c = sim.Change{Key: sim.KeySenderOnBounce, Index: c.Index} // it has no pace
		}
	}
	if chance(s, "a client is resumed", 50) {
		cfg.Actions = append(cfg.Actions, sim.Action{
			At: length(s, "client resumed at", cfg.Horizon-1), Do: sim.DoResume, Client: int(s.Int("resumed client", 1, n)),
		})
	}
}

// overSMTP lets all senders of clients use SMTP, whose sessions SES limits.
func overSMTP(s Source, cfg *sim.Config) {
	for i := range cfg.Senders {
		if x := &cfg.Senders[i]; x.Client > 0 {
			x.Interface, x.Size = ses.SMTP, 0
			nameBare(x)
		}
	}
	cfg.Rules.Session.MaxMessages = s.Int("messages of a session", 0, 4)
	cfg.OwnRules = differing(cfg.Edition, cfg.Rules)
}

// drawnClient draws a client, which calls at least once a second if SES lets it.
func drawnClient(s Source, name string) client.Config {
	c := client.Default()
	c.Workers = oneOf(s, name+" workers",
		client.Count{}, client.Count{N: 1}, client.Count{N: 5}, client.Count{Rate: client.Million / 2, Plus: 1})
	if c.Workers != (client.Count{}) {
		c.Processes = int(s.Int(name+" processes", 1, 3))
	}
	fixed := func(d time.Duration) client.Latency {
		return client.Latency{Spread: unit.Spread{Median: d, Upper: d, Tail: 99}}
	}
	c.Latency = oneOf(s, name+" latency", fixed(0), fixed(50*time.Millisecond), fixed(900*time.Millisecond),
		client.Latency{Mean: 300 * time.Millisecond, Floor: 30 * time.Millisecond, Sigma: 500},
		client.Latency{Spread: unit.Spread{Median: 80 * time.Millisecond, Upper: 400 * time.Millisecond, Tail: 95}})
	if chance(s, name+" has connections", 30) {
		c.Connection = client.Connection{
			Setup: 90 * time.Millisecond, Max: s.Int(name+" connections", 0, 3), MaxMessages: s.Int(name+" messages of one", 0, 4),
			Idle: oneOf(s, name+" idle", 0, 10*time.Second), Wait: oneOf(s, name+" wait", 0, 5*time.Second, 100*time.Millisecond),
			Reconnect: chance(s, name+" reconnects", 60), CloseOnRefusal: chance(s, name+" closes", 30),
		}
	}
	for i := range s.Int(name+" limiters", 0, 2) {
		c.Limiters = append(c.Limiters, drawnLimiter(s, fmt.Sprintf("l%d", i), i == 0))
	}
	if c.Workers != (client.Count{}) && chance(s, name+" rests", 30) {
		c.Rest = client.Rest{After: count(s, name+" after", 20), Rest: time.Second, All: chance(s, name+" rests whole", 50)}
		c.Rest.Barrier = c.Rest.All && chance(s, name+" barrier", 50)
	}
	for i := range s.Int(name+" layers", 0, 2) {
		c.Retry = append(c.Retry, layer(s, fmt.Sprintf("%s layer %d", name, i)))
	}
	c.Adaptive = chance(s, name+" adapts", 20)
	if chance(s, name+" stops", 20) {
		c.Stop = client.Stop{Errors: s.Int(name+" errors", 1, 20), Abort: chance(s, name+" aborts", 50)}
	}
	return c
}

// count draws a number up to most, or one that follows the account's rate.
func count(s Source, name string, most int64) client.Count {
	if chance(s, name+" follows the rate", 20) {
		return client.Count{Rate: client.Million / 2, Plus: s.Int(name+" more", 1, 3)}
	}
	return client.Count{N: s.Int(name, 1, most)}
}

func drawnLimiter(s Source, name string, mayBeRandom bool) client.Limiter {
	l := client.Limiter{
		Name: name, Kind: oneOf(s, name+" kind", client.Bucket, client.Window, client.Log), N: count(s, name+" n", 20),
		Per: time.Second, Burst: client.Count{N: 1}, Shared: chance(s, name+" is shared", 50), Retries: chance(s, name+" counts retries", 50),
		Full: oneOf(s, name+" full", client.Full{}, client.Full{Policy: client.Drop},
			client.Full{Policy: client.Requeue, Least: time.Second, Most: 20 * time.Second},
			client.Full{Policy: client.RequeueReset, Plus: 3 * time.Second}),
	}
	switch l.Kind {
	case client.Bucket:
		l.Burst, l.Empty = count(s, name+" burst", 30), chance(s, name+" starts empty", 30)
	case client.Window:
		l.Clock = chance(s, name+" is of the clock", 50)
		l.Random = l.Clock && mayBeRandom && chance(s, name+" is random", 50)
		l.Spacing = oneOf(s, name+" spacing", 0, 20*time.Millisecond)
	}
	return l
}

func layer(s Source, name string) client.Layer {
	l := client.Layer{
		On: uint32(s.Int(name+" on", 1, 1<<ses.Reasons-1)), Attempts: int(s.Int(name+" attempts", 1, 4)),
		Waits: []time.Duration{500 * time.Millisecond, 2 * time.Second, time.Minute}, Hold: chance(s, name+" holds", 60),
		Jitter: oneOf(s, name+" jitter", client.Jitter{}, client.Jitter{Kind: client.FullJitter}, client.Jitter{Kind: client.EqualJitter},
			client.Jitter{Kind: client.PlusJitter, Plus: 15 * unit.Percent},
			client.Jitter{Kind: client.AddJitter, Most: 10 * time.Second, Grows: true},
			client.Jitter{Kind: client.AddJitter, Least: time.Second, Most: 3 * time.Second}),
	}
	if chance(s, name+" has a quota", 50) {
		l.Quota = client.Quota{Size: 50, Throttle: 5, Other: 14, Success: 1}
	}
	if !l.Hold && chance(s, name+" polls", 40) {
		l.Poll = client.Poll{Least: 2 * time.Second, Most: 7 * time.Second}
	}
	return l
}

// client writes a [[client]] with every key that its values need.
func (p *page) client(c *sim.Client) {
	p.section("[[client]]")
	p.key("name", quoted(c.Name))
	if c.Workers != (client.Count{}) {
		p.key("workers", calls(c.Workers))
	}
	p.key("processes", number(int64(c.Processes)))
	p.key("latency", latency(&c.Latency))
	p.key("connection", connection(&c.Connection))
	if len(c.Limiters) > 0 {
		p.key("limiter", tables(c.Limiters, limiter))
	}
	if r := &c.Rest; *r != (client.Rest{}) {
		p.key("rest", fmt.Sprintf("{ after = %s, rest = %s, scope = %q, barrier = %v }",
			calls(r.After), duration(r.Rest), word(r.All, "worker", "all"), r.Barrier))
	}
	if len(c.Retry) > 0 {
		p.key("retry", tables(c.Retry, layerText))
	}
	p.key("adaptive", fmt.Sprint(c.Adaptive))
	if c.Stop.Errors > 0 {
		p.key("stop", fmt.Sprintf("{ errors = %d, then = %q }", c.Stop.Errors, word(c.Stop.Abort, "pause", "abort")))
	}
}

// tables writes tables as a list on one line.
func tables[T any](of []T, one func(*T) string) string {
	texts := make([]string, len(of))
	for i := range of {
		texts[i] = one(&of[i])
	}
	return "[" + strings.Join(texts, ", ") + "]"
}

func word(is bool, no, yes string) string {
	if is {
		return yes
	}
	return no
}

// calls writes a number of calls.
func calls(c client.Count) string {
	if c.Rate == 0 {
		return number(c.N)
	}
	return fmt.Sprintf("{ rate = %s, plus = %d }", thousandths(c.Rate/1000), c.Plus)
}

func latency(l *client.Latency) string {
	switch {
	case l.Mean > 0:
		return fmt.Sprintf("{ mean = %s, floor = %s, sigma = %s }", duration(l.Mean), duration(l.Floor), thousandths(l.Sigma))
	case l.Spread.Median == l.Spread.Upper:
		return duration(l.Spread.Median)
	}
	return fmt.Sprintf("{ median = %s, p%d = %s }", duration(l.Spread.Median), l.Spread.Tail, duration(l.Spread.Upper))
}

func connection(c *client.Connection) string {
	text := fmt.Sprintf("{ setup = %s, reconnect = %v, close_on_refusal = %v", duration(c.Setup), c.Reconnect, c.CloseOnRefusal)
	for _, limit := range []struct {
		key string
		n   int64
	}{{"max", c.Max}, {"max_messages", c.MaxMessages}} {
		if limit.n > 0 {
			text += fmt.Sprintf(", %s = %d", limit.key, limit.n)
		}
	}
	for _, limit := range []struct {
		key string
		d   time.Duration
	}{{"idle", c.Idle}, {"wait", c.Wait}} {
		if limit.d > 0 {
			text += fmt.Sprintf(", %s = %s", limit.key, duration(limit.d))
		}
	}
	return text + " }"
}

func limiter(l *client.Limiter) string {
	text := fmt.Sprintf("{ name = %q, kind = %q, n = %s, per = %s, burst = %s, starts = %q, anchor = %q, place = %q, spacing = %s, scope = %q",
		l.Name, [...]string{"bucket", "window", "log"}[l.Kind], calls(l.N), duration(l.Per), calls(l.Burst), word(l.Empty, "full", "empty"),
		word(l.Clock, "first", "clock"), word(l.Random, "start", "random"), duration(l.Spacing), word(l.Shared, "process", "shared"))
	full := quoted("wait")
	switch f := &l.Full; f.Policy {
	case client.Drop:
		full = quoted("drop")
	case client.Requeue:
		full = fmt.Sprintf("{ requeue = [%s, %s] }", duration(f.Least), duration(f.Most))
	case client.RequeueReset:
		full = fmt.Sprintf("{ requeue = \"reset\", plus = %s }", duration(f.Plus))
	}
	return fmt.Sprintf("%s, full = %s, counts_retries = %v }", text, full, l.Retries)
}

func layerText(l *client.Layer) string {
	var on, waits []string
	for reason := range ses.Reason(ses.Reasons) {
		if l.On>>reason&1 != 0 {
			on = append(on, reason.String())
		}
	}
	for _, wait := range l.Waits {
		waits = append(waits, unit.FormatDuration(wait))
	}
	jitter := [...]string{`"none"`, `"full"`, `"equal"`, "", ""}[l.Jitter.Kind]
	switch l.Jitter.Kind {
	case client.PlusJitter:
		jitter = fmt.Sprintf("{ plus = %q }", l.Jitter.Plus)
	case client.AddJitter:
		jitter = fmt.Sprintf("{ add = [%s, %s], grows = %v }", duration(l.Jitter.Least), duration(l.Jitter.Most), l.Jitter.Grows)
	}
	text := fmt.Sprintf("{ on = %s, max_attempts = %d, waits = %s, jitter = %s, hold = %v",
		texts(on), l.Attempts, texts(waits), jitter, l.Hold)
	if q := &l.Quota; q.Size > 0 {
		text += fmt.Sprintf(", quota = { size = %d, throttle = %d, other = %d, success = %d }", q.Size, q.Throttle, q.Other, q.Success)
	}
	if l.Poll.Most > 0 {
		text += fmt.Sprintf(", poll = [%s, %s]", duration(l.Poll.Least), duration(l.Poll.Most))
	}
	return text + " }"
}
