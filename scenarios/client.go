package scenarios

import (
	"fmt"
	"maps"
	"strings"
	"time"

	"sesim/scenarios/internal/keys"
	"sesim/scenarios/internal/tree"
	"sesim/sim"
	"sesim/sim/client"
	"sesim/sim/sender"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// clientReader is a client being read.
type clientReader struct {
	*tree.Reporter
	cfg client.Config
	// A call takes trips round trips and the service time, and a new connection
	// setupTrips more, where the latency is not given.
	trip, service     time.Duration
	trips, setupTrips int64
}

// unlimited is the word for no limit.
const unlimited = "unlimited"

// maxTrips is the maximum number of round trips of a call or a set-up.
const maxTrips = 100

// clientAbout is what a client is, in the reference.
const clientAbout = "a program that calls SES for all senders that name it: one queue with workers"

// clientList reads the clients that several senders may share.
func (l *loader) clientList() keys.Section {
	return keys.Section{Most: sim.MaxSenders, Entity: l.client, Sorts: func() []keys.Variant {
		return clientTable(newClientReader(l.Reporter), l.clientName(new(string))).Variants()
	}}
}

// clientName is the key that only a [[client]] has.
func (l *loader) clientName(to *string) keys.Field {
	return keys.Required("name", keys.Name{To: to}, "unique name, other than that of a preset")
}

// clientTable binds the keys of a client, and further ones before them.
func clientTable(r *clientReader, further ...keys.Field) keys.Table {
	return keys.Table{Fields: append(append(further, presetField(new(string))), r.table().Fields...)}
}

// presetField is the key of the preset that a client begins with.
func presetField(to *string) keys.Field {
	return keys.Optional("preset", keys.Text{To: to, Least: 1, Most: 64},
		`a preset ("sesim clients" lists them), whose keys hold where they are not given; lists are replaced as a whole`).Or("none")
}

// client reads one [[client]].
func (l *loader) client(n *tree.Node, path string) {
	c := sim.Client{}
	l.clients.Add(l.Reporter, n, path)
	if name := n.Table["name"]; name == nil {
		keys.Missing(l.Reporter, n, path, "name")
	} else {
		l.clientName(&c.Name).Value.Read(l.Reporter, name, tree.Join(path, "name"))
		if _, taken := PresetNamed(c.Name); taken {
			l.Wrong(name, tree.Join(path, "name"), "", "%s is the name of a preset: choose another, and write preset = %s",
				tree.Quote(c.Name), tree.Quote(c.Name))
		}
	}
	c.Config, _ = l.ownClient(n, path, "name")
	l.cfg.Clients = append(l.cfg.Clients, c)
	l.checkProcesses(n, path)
}

// checkProcesses reports the client with which there are too many processes.
func (l *loader) checkProcesses(n *tree.Node, path string) {
	last := l.cfg.Clients[len(l.cfg.Clients)-1].Processes
	if l.processes += last; l.processes > sim.MaxProcesses && l.processes-last <= sim.MaxProcesses {
		l.WrongKey(n, path, "", "with this the clients have more than %d processes together", sim.MaxProcesses)
	}
}

// ownClient returns the client that a table describes, whose preset's keys hold where
// they are not given. Keys that are read elsewhere are left out.
func (l *loader) ownClient(n *tree.Node, path string, elsewhere ...string) (client.Config, bool) {
	given := *n
	given.Table = maps.Clone(n.Table)
	for _, key := range elsewhere {
		delete(given.Table, key)
	}
	at := given.Table["preset"]
	if at == nil {
		return readClient(l.Reporter, &given, path)
	}
	name := ""
	before := len(l.Findings())
	if presetField(&name).Value.Read(l.Reporter, at, tree.Join(path, "preset")); len(l.Findings()) > before {
		return client.Default(), false
	}
	p, ok := PresetNamed(name)
	if !ok {
		l.Wrong(at, tree.Join(path, "preset"), tree.DidYouMean(name, presetNames()),
			`no preset is named %s: "sesim clients" lists them`, tree.Quote(name))
		return client.Default(), false
	}
	delete(given.Table, "preset")
	return readClient(l.Reporter, tree.Under(&given, p.node, at), path)
}

// senderClient reads the client of a sender: the name of a [[client]] or of a preset,
// or a table.
type senderClient struct {
	l   *loader
	to  *int            // number, from 1, of a [[client]]
	own **client.Config // of the sender alone
}

func (c senderClient) Read(r *tree.Reporter, n *tree.Node, path string) {
	l := c.l
	if n.Kind == tree.Table {
		if cfg, ok := l.ownClient(n, path); ok {
			*c.own = &cfg
		}
		return
	}
	name, isText := n.Value.(string)
	if !isText {
		r.Wrong(n, path, "", `%s is neither the name of a client nor a table: write one such as "listmonk" or { workers = 3 }`, n.Show())
		return
	}
	if i, known := l.clients.Index[name]; known {
		*c.to = i + 1
		l.used[i] = true
		return
	}
	p, ok := PresetNamed(name)
	if !ok {
		r.Wrong(n, path, tree.DidYouMean(name, append(presetNames(), l.clients.List...)),
			`no [[client]] and no preset is named %s: "sesim clients" lists the presets`, tree.Quote(name))
		return
	}
	*c.own = &p.Client
}

// clientTableFor says how to set a key of a sender's client that is given by name.
func clientTableFor(path, name, key string) string {
	if !strings.HasPrefix(path, "sender.") || !strings.HasSuffix(path, ".client") {
		return ""
	}
	if _, preset := PresetNamed(name); preset {
		return fmt.Sprintf("write client = { preset = %s } in place of the name", tree.Quote(name))
	}
	return fmt.Sprintf("it names a [[client]], of which the key is client.%s.%s", name, key)
}

func (c senderClient) Shape() keys.Shape {
	return keys.AnyOf([]keys.Shape{{"type": "string"}, clientTable(newClientReader(c.l.Reporter)).Shape()})
}

// clientName reads the name of a client of the Config; it becomes its number, from 1.
type clientName struct {
	l  *loader
	to *int
}

func (clientName) Shape() keys.Shape { return keys.Entity{}.Shape() }

func (c clientName) Read(r *tree.Reporter, n *tree.Node, path string) {
	var names []string
	for i := range c.l.cfg.Clients {
		name := c.l.cfg.Clients[i].Name
		if name == n.Value && name != "" {
			*c.to = i + 1
			return
		}
		names = append(names, name)
	}
	name, _ := n.Value.(string)
	r.Wrong(n, path, tree.DidYouMean(name, names), "no client is named %s", n.Show())
}

// addClient gives a sender the client that is its own.
func (l *loader) addClient(s *sim.Sender, own *client.Config, n *tree.Node, path string) {
	l.cfg.Clients = append(l.cfg.Clients, sim.Client{Name: s.Name, Config: *own})
	s.Client = len(l.cfg.Clients)
	l.checkProcesses(n.Table["client"], tree.Join(path, "client"))
}

func newClientReader(r *tree.Reporter) *clientReader {
	return &clientReader{Reporter: r, cfg: client.Default(), trip: 30 * time.Millisecond, service: 80 * time.Millisecond}
}

// readClient returns the client that a table describes, and false if there is a
// problem with it.
func readClient(rep *tree.Reporter, n *tree.Node, path string) (client.Config, bool) {
	r := newClientReader(rep)
	before := len(rep.Findings())
	r.table().Read(rep, n, path)
	if len(rep.Findings()) > before {
		return r.cfg, false
	}
	r.addTrips(n)
	for _, err := range separate(r.cfg.Check()) {
		key, what, _ := strings.Cut(err.Error(), ": ")
		at, found := nodeAt(n, key)
		if !found {
			at = n
		}
		rep.WrongKey(at, path+"."+key, "", "%s", what)
	}
	return r.cfg, len(rep.Findings()) == before
}

// separate returns the errors that were joined into one.
func separate(err error) (list []error) {
	joined, ok := err.(interface{ Unwrap() []error })
	switch {
	case err == nil:
		return nil
	case !ok:
		return []error{err}
	}
	for _, one := range joined.Unwrap() {
		list = append(list, separate(one)...)
	}
	return list
}

// nodeAt returns the node of a key such as "limiter.n", or of the deepest table on the
// way to it.
func nodeAt(n *tree.Node, key string) (*tree.Node, bool) {
	found := false
	for step := range strings.SplitSeq(key, ".") {
		child := n.Table[step]
		if child == nil {
			break
		}
		n, found = child, true
	}
	return n, found
}

// addTrips sets latency and set-up by round trips, unless the latency is given.
func (r *clientReader) addTrips(n *tree.Node) {
	if n.Has("latency") {
		return
	}
	if r.trips > 0 {
		all := time.Duration(r.trips)*r.trip + r.service
		r.cfg.Latency.Spread = unit.Spread{Median: all, Upper: all, Tail: 99}
	}
	if c := n.Table["connection"]; r.setupTrips > 0 && !c.Has("setup") {
		r.cfg.Connection.Setup = time.Duration(r.setupTrips) * r.trip
	}
}

// table binds the keys of a client.
func (r *clientReader) table() keys.Table {
	c := &r.cfg
	latency := func(to *time.Duration) keys.Duration { return keys.Duration{To: to, Most: time.Hour} }
	return keys.Table{Fields: []keys.Field{
		keys.Optional("workers", r.count(&c.Workers, client.MaxWorkers, unlimited), "calls that a process makes at a time"),
		keys.Optional("processes", keys.Whole[int]{To: &c.Processes, Least: 1, Most: client.MaxProcesses},
			"copies of the program; each has its own of everything but the queue and shared limiters"),
		keys.Optional("latency", r.latency(), "time from the start of a call to its answer").Or("none, or the round trips"),
		keys.Optional("round_trips", keys.Whole[int64]{To: &r.trips, Least: 0, Most: maxTrips},
			"round trips of a call; with service they are its latency"),
		keys.Optional("round_trip", latency(&r.trip), "time of a round trip to SES"),
		keys.Optional("service", latency(&r.service), "time that SES takes for a call"),
		keys.Optional("connection", sub{r.connectionTable()}, "its connections to SES").Or("unlimited, without set-up"),
		keys.Optional("limiter", r.limiters(), "limits on the starts of calls, whatever the number of recipients").Or("none"),
		keys.Optional("rest", sub{r.restTable()}, "a pause after so many messages").Or("none"),
		keys.Optional("retry", r.layers(), "what it does about refusals; of a list the first is the innermost").Or("no retries"),
		keys.Optional("adaptive", keys.Flag{To: &c.Adaptive}, "the adaptive mode of the AWS SDKs"),
		keys.Optional("stop", keys.Either{
			Plain: keys.Word[client.Stop]{To: &c.Stop, Choices: []keys.Choice[client.Stop]{{Word: "never"}}}, Keys: r.stopTable()},
			"when it stops"),
	}}
}

// sub reads a table of keys.
type sub struct{ keys.Table }

func (s sub) Read(r *tree.Reporter, n *tree.Node, path string) {
	if n.Kind != tree.Table {
		r.Wrong(n, path, "", "%s is not a table: write its keys between { and }", n.Show())
		return
	}
	s.Table.Read(r, n, path)
}

// count reads a number of calls: a whole number, a word for none, or a multiple of the
// account's maximum send rate.
func (r *clientReader) count(to *client.Count, most int64, none string) keys.Value {
	var plain keys.Value = keys.Whole[int64]{To: &to.N, Least: 1, Most: most}
	if none != "" {
		plain = numberOr{keys.Whole[int64]{To: &to.N, Least: 1, Most: most}, none}
	}
	factor := millionths{&to.Rate}
	return keys.Either{Plain: plain, Keys: keys.Table{Fields: []keys.Field{
		keys.Required("rate", factor, "so many times the account's maximum send rate when the sender begins; fractions are dropped"),
		keys.Optional("plus", keys.Whole[int64]{To: &to.Plus, Least: -most, Most: most}, "added to it"),
	}}}
}

// numberOr reads a number, or a word for no limit.
type numberOr struct {
	keys.Whole[int64]
	word string
}

func (v numberOr) Read(r *tree.Reporter, n *tree.Node, path string) {
	if n.Value == v.word {
		*v.To = 0
		return
	}
	if _, ok := n.Value.(string); ok {
		r.Wrong(n, path, tree.DidYouMean(n.Value.(string), []string{v.word}), "%s is not a whole number, nor %q", n.Show(), v.word)
		return
	}
	v.Whole.Read(r, n, path)
}

func (v numberOr) Shape() keys.Shape {
	return keys.AnyOf([]keys.Shape{v.Whole.Shape(), keys.OneOf(v.word)})
}

func (v numberOr) Default() string { return `"` + v.word + `"` }

// millionths reads a factor with at most three decimal places as millionths.
type millionths struct{ to *int64 }

func (m millionths) milli(to *int64) keys.Milli {
	return keys.Milli{To: to, Least: 1, Most: 1000 * 1000}
}

func (m millionths) Read(r *tree.Reporter, n *tree.Node, path string) {
	v := int64(0)
	if m.milli(&v).Read(r, n, path); v > 0 {
		*m.to = v * client.Million / 1000
	}
}

func (m millionths) Shape() keys.Shape { return m.milli(new(int64)).Shape() }

// latency reads a duration, or one of two distributions.
func (r *clientReader) latency() keys.Value {
	l := &r.cfg.Latency
	some := func(to *time.Duration) keys.Duration { return keys.Duration{To: to, Most: time.Hour} }
	return latencyValue{r, keys.Either{Plain: some(&l.Spread.Median), Keys: keys.Table{Fields: []keys.Field{
		keys.Optional("median", some(&l.Spread.Median), "half of the calls take longer; with p95 or p99").Or("none"),
		keys.Optional("p95", some(&l.Spread.Upper), "95 of 100 calls take less").Or("none"),
		keys.Optional("p99", some(&l.Spread.Upper), "99 of 100 calls take less").Or("none"),
		keys.Optional("mean", some(&l.Mean), "mean of a floor and a log-normal time, with sigma and floor").Or("none"),
		keys.Optional("sigma", keys.Milli{To: &l.Sigma, Least: 0, Most: 3000}, "standard deviation of the logarithm of that time"),
		keys.Optional("floor", some(&l.Floor), "least latency"),
	}}}}
}

// latencyValue checks that the keys of a latency go together.
type latencyValue struct {
	r *clientReader
	keys.Either
}

func (v latencyValue) Read(r *tree.Reporter, n *tree.Node, path string) {
	v.Either.Read(r, n, path)
	s := &v.r.cfg.Latency.Spread
	if n.Kind != tree.Table {
		s.Upper, s.Tail = s.Median, 99
		return
	}
	tails := 0
	for tail, key := range map[int64]string{95: "p95", 99: "p99"} {
		if n.Has(key) {
			tails, s.Tail = tails+1, tail
		}
	}
	mean := n.Has("mean") || n.Has("sigma") || n.Has("floor")
	switch {
	case mean && (n.Has("median") || tails > 0), mean && !n.Has("mean"), !mean && (tails != 1 || !n.Has("median")):
		r.Wrong(n, path, "",
			`write a duration, { median = "80ms", p99 = "300ms" } with p95 or p99, or { mean = "0.25s", sigma = 0.5, floor = "30ms" }`)
	case !mean && s.Upper < s.Median:
		r.Wrong(n, path, "", "the upper quantile, %s, is below the median, %s", unit.FormatDuration(s.Upper), unit.FormatDuration(s.Median))
	}
}

// Default is none.
func (latencyValue) Default() string { return "" }

// connectionTable binds the keys of a client's connections.
func (r *clientReader) connectionTable() keys.Table {
	c := &r.cfg.Connection
	const most = 1_000_000
	return keys.Table{Fields: []keys.Field{
		keys.Optional("setup", keys.Duration{To: &c.Setup, Most: time.Hour},
			"time that a new connection adds to its first call").Or("0s, or the round trips"),
		keys.Optional("round_trips", keys.Whole[int64]{To: &r.setupTrips, Least: 0, Most: maxTrips}, "round trips of a new connection"),
		keys.Optional("max", keys.Whole[int64]{To: &c.Max, Least: 1, Most: most}, "connections of a process").Or("unlimited"),
		keys.Optional("max_messages", keys.Whole[int64]{To: &c.MaxMessages, Least: 1, Most: most},
			"messages of a connection").Or("unlimited"),
		keys.Optional("idle", keys.Duration{To: &c.Idle, Least: 1, Most: unit.MaxDuration},
			"how long one stays open without a call").Or("unlimited"),
		keys.Optional("wait", keys.Duration{To: &c.Wait, Least: 1, Most: unit.MaxDuration},
			"how long a call waits for a free one before the message is given up").Or("unlimited"),
		keys.Optional("reconnect", keys.Flag{To: &c.Reconnect},
			"a call on an SMTP session that SES has closed is made again at once, on a new connection, without spending an attempt"),
		keys.Optional("close_on_refusal", keys.Flag{To: &c.CloseOnRefusal}, "a refused call ends its connection"),
	}}
}

// restTable binds the keys of a client's rests.
func (r *clientReader) restTable() keys.Table {
	rest := &r.cfg.Rest
	return keys.Table{Fields: []keys.Field{
		keys.Required("after", r.count(&rest.After, 1_000_000, ""), "messages from one rest to the next; retries do not count"),
		keys.Optional("rest", keys.Duration{To: &rest.Rest, Most: unit.MaxDuration}, "how long it rests"),
		keys.Optional("scope", either(&rest.All, "worker", "all"),
			"what counts its messages and rests: each worker, or all workers of a process together"),
		keys.Optional("barrier", keys.Flag{To: &rest.Barrier}, "the rest begins when all messages before it are settled; with scope all"),
	}}
}

// either reads one of two words.
func either(to *bool, no, yes string) keys.Word[bool] {
	return keys.Word[bool]{To: to, Choices: []keys.Choice[bool]{{Word: no, Is: false}, {Word: yes, Is: true}}}
}

// stopTable binds the keys of when a client stops.
func (r *clientReader) stopTable() keys.Table {
	s := &r.cfg.Stop
	return keys.Table{Fields: []keys.Field{
		keys.Required("errors", keys.Whole[int64]{To: &s.Errors, Least: 1, Most: 1_000_000}, "messages given up at which it stops"),
		keys.Optional("then", either(&s.Abort, "pause", "abort"),
			"it pauses until an action resumes it, or gives up what has not started"),
	}}
}

// limiters reads a limiter or several, which have names.
func (r *clientReader) limiters() keys.Several {
	return keys.Several{
		Most: client.MaxLimiters,
		One: func(n *tree.Node, path string) {
			l := newLimiter()
			r.limiterTable(&l).Read(r.Reporter, n, path)
			if l.N != (client.Count{}) { // presets have limiters that are off
				r.cfg.Limiters = append(r.cfg.Limiters, l)
			}
		},
		Keys: func() keys.Table { l := newLimiter(); return r.limiterTable(&l) },
	}
}

func newLimiter() client.Limiter {
	return client.Limiter{Per: time.Second, Burst: client.Count{N: 1}, Retries: true}
}

var (
	limiterKinds = []keys.Choice[client.LimiterKind]{
		{Word: "bucket", Is: client.Bucket}, {Word: "window", Is: client.Window}, {Word: "log", Is: client.Log},
	}
	fullWords = []keys.Choice[client.Full]{{Word: "wait"}, {Word: "drop", Is: client.Full{Policy: client.Drop}}}
)

// limiterTable binds the keys of a limiter.
func (r *clientReader) limiterTable(l *client.Limiter) keys.Table {
	const most = 1_000_000
	return keys.Table{Fields: []keys.Field{
		keys.Optional("name", keys.Name{To: &l.Name}, "name, unique among the client's limiters; several need one").Or("none"),
		keys.Optional("kind", keys.Word[client.LimiterKind]{To: &l.Kind, Choices: limiterKinds},
			"bucket: a token every per/n, burst of which are kept; window: n in each window; log: n in any interval of per"),
		keys.Required("n", r.count(&l.N, most, unlimited), "starts in each per"),
		keys.Optional("per", keys.Duration{To: &l.Per, Least: time.Millisecond, Most: 31 * unit.Day}, "its period"),
		keys.Optional("burst", r.count(&l.Burst, most, ""), "tokens that a bucket holds"),
		keys.Optional("starts", either(&l.Empty, "full", "empty"), "a bucket's tokens at the begin"),
		keys.Optional("anchor", either(&l.Clock, "first", "clock"),
			"a window begins with its first start, or at multiples of per since 1970 UTC"),
		keys.Optional("place", either(&l.Random, "start", "random"),
			"where in a window of the clock the starts begin: with it, or at a place drawn for each"),
		keys.Optional("spacing", keys.Duration{To: &l.Spacing, Most: 31 * unit.Day}, "time between the starts of a window"),
		keys.Optional("scope", either(&l.Shared, "process", "shared"), "each process has one, or all share one"),
		keys.Optional("full", r.full(&l.Full), "what becomes of a call that it does not grant at once"),
		keys.Optional("counts_retries", keys.Flag{To: &l.Retries}, "retries count too"),
	}}
}

// full reads what becomes of a call that a limiter does not grant.
func (r *clientReader) full(to *client.Full) keys.Value {
	back := requeue{to}
	return keys.Either{Plain: keys.Word[client.Full]{To: to, Choices: fullWords}, Keys: keys.Table{Fields: []keys.Field{
		keys.Required("requeue", back, `back to the queue for a time drawn between two, or until the limiter grants again ("reset")`),
		keys.Optional("plus", keys.Duration{To: &to.Plus, Most: unit.MaxDuration}, "added to the reset"),
	}}}
}

// requeue reads for how long a message goes back to the queue.
type requeue struct{ to *client.Full }

func (q requeue) span() keys.Span {
	return keys.Span{Least: &q.to.Least, Most: &q.to.Most, Longest: unit.MaxDuration}
}

func (q requeue) Read(r *tree.Reporter, n *tree.Node, path string) {
	if n.Value == "reset" {
		q.to.Policy = client.RequeueReset
		return
	}
	if n.Kind != tree.List {
		r.Wrong(n, path, "", `%s is neither "reset" nor a list of two durations such as ["1s", "5s"]`, n.Show())
		return
	}
	q.to.Policy = client.Requeue
	q.span().Read(r, n, path)
}

func (q requeue) Shape() keys.Shape {
	return keys.AnyOf([]keys.Shape{keys.OneOf("reset"), q.span().Shape()})
}

// layerReader is a layer of retries being read.
type layerReader struct {
	layer      client.Layer
	on         [ses.Reasons]bool
	first, cap time.Duration
	factor     int64
}

func newLayerReader() *layerReader {
	usual := defaultRetry()
	return &layerReader{
		layer: client.Layer{Attempts: 3, Hold: true}, on: usual.On, first: usual.First, factor: usual.Factor, cap: 20 * time.Second,
	}
}

// layers reads a layer of retries or several.
func (r *clientReader) layers() keys.Several {
	return keys.Several{
		Most: client.MaxLayers,
		One: func(n *tree.Node, path string) {
			l := newLayerReader()
			layerTable(l).Read(r.Reporter, n, path)
			l.complete(r.Reporter, n, path)
			r.cfg.Retry = append(r.cfg.Retry, l.layer)
		},
		Keys: func() keys.Table { return layerTable(newLayerReader()) },
	}
}

// layerTable binds the keys of a layer of retries.
func layerTable(r *layerReader) keys.Table {
	l := &r.layer
	token := func(to *int64) keys.Whole[int64] { return keys.Whole[int64]{To: to, Least: 0, Most: 1_000_000} }
	quota := client.Quota{Size: 500, Throttle: 5, Other: 14, Success: 1}
	wait := func(to *time.Duration) keys.Duration {
		return keys.Duration{To: to, Least: time.Millisecond, Most: unit.MaxDuration}
	}
	return keys.Table{Fields: []keys.Field{
		keys.Optional("on", keys.Refusals{To: &r.on}, "reasons of refusals after which it calls again"),
		keys.Optional("max_attempts", keys.Whole[int]{To: &l.Attempts, Least: 1, Most: client.MaxAttempts},
			"calls for a message, with the first"),
		keys.Optional("waits", keys.Durations{To: &l.Waits, Most: client.MaxAttempts - 1, Longest: unit.MaxDuration},
			"waits before the first, second, ... retry; the last one holds for all further ones").Or("by first, factor and cap"),
		keys.Optional("first", wait(&r.first), "wait before the first retry"),
		keys.Optional("factor", keys.Milli{To: &r.factor, Least: 1000, Most: 100_000}, "ratio of each wait to the one before"),
		keys.Optional("cap", wait(&r.cap), "longest wait"),
		keys.Optional("jitter", jitterValue(&l.Jitter),
			"how a wait of w is made random: none, 0 to w (full), w/2 to w (equal), or more by a share or a time"),
		keys.Optional("hold", keys.Flag{To: &l.Hold}, "the worker sleeps until the retry; false: the message goes back to the queue"),
		keys.Optional("quota", quotaValue{&l.Quota, sub{keys.Table{Fields: []keys.Field{
			keys.Optional("size", token(&quota.Size), "tokens at first, and at most"),
			keys.Optional("throttle", token(&quota.Throttle), "cost of a retry after a refusal by rate or quota"),
			keys.Optional("other", token(&quota.Other), "cost of any other retry"),
			keys.Optional("success", token(&quota.Success), "what a success without a retry gives back"),
		}}}, &quota}, "the retry quota of an AWS SDK in standard mode").Or("none"),
		keys.Optional("poll", pollValue{&l.Poll},
			"how often the queue is looked at for messages that are due again: a duration, or two to draw from").Or("at once"),
	}}
}

// complete sets what follows from several keys, and reports keys that exclude each
// other.
func (r *layerReader) complete(rep *tree.Reporter, n *tree.Node, path string) {
	for reason, on := range r.on {
		if on {
			r.layer.On |= 1 << reason
		}
	}
	if n.Has("waits") {
		for _, key := range []string{"first", "factor", "cap"} {
			if child := n.Table[key]; child != nil {
				rep.WrongKey(child, tree.Join(path, key), "", "this key does not go with waits, which says it already")
			}
		}
		return
	}
	b := sender.Backoff{First: r.first, Factor: r.factor, Cap: r.cap}
	for i := range r.layer.Attempts - 1 {
		r.layer.Waits = append(r.layer.Waits, b.Wait(i+1))
	}
}

// jitterValue reads how waits are made random.
func jitterValue(to *client.Jitter) keys.Value {
	return jitter{to, keys.Either{
		Plain: keys.Word[client.Jitter]{To: to, Choices: []keys.Choice[client.Jitter]{
			{Word: "none"}, {Word: "full", Is: client.Jitter{Kind: client.FullJitter}},
			{Word: "equal", Is: client.Jitter{Kind: client.EqualJitter}},
		}},
		Keys: keys.Table{Fields: []keys.Field{
			keys.Optional("plus", keys.Share{To: &to.Plus}, "up to so much of the wait more").Or("none"),
			keys.Optional("add", keys.Span{Least: &to.Least, Most: &to.Most, Longest: unit.Day}, "a time more, drawn between two").Or("none"),
			keys.Optional("grows", keys.Flag{To: &to.Grows}, "add counts as often as there were retries, with this one"),
		}},
	}}
}

// jitter checks that a table has one of its keys.
type jitter struct {
	to *client.Jitter
	keys.Either
}

func (j jitter) Read(r *tree.Reporter, n *tree.Node, path string) {
	j.Either.Read(r, n, path)
	switch {
	case n.Kind != tree.Table:
	case n.Has("plus") == n.Has("add") || n.Has("grows") && !n.Has("add"):
		r.Wrong(n, path, "", `write { plus = "15%%" }, or { add = ["0s", "10s"] } with or without grows`)
	case n.Has("plus"):
		j.to.Kind = client.PlusJitter
	default:
		j.to.Kind = client.AddJitter
	}
}

// quotaValue reads a retry quota, whose keys have defaults.
type quotaValue struct {
	to *client.Quota
	sub
	read *client.Quota
}

func (q quotaValue) Read(r *tree.Reporter, n *tree.Node, path string) {
	q.sub.Read(r, n, path)
	*q.to = *q.read
}

// pollValue reads an interval of polls, or two to draw from.
type pollValue struct{ to *client.Poll }

func (p pollValue) plain() keys.Duration {
	return keys.Duration{To: &p.to.Least, Least: time.Millisecond, Most: unit.MaxDuration}
}

func (p pollValue) span() keys.Span {
	return keys.Span{Least: &p.to.Least, Most: &p.to.Most, Longest: unit.MaxDuration}
}

func (p pollValue) Read(r *tree.Reporter, n *tree.Node, path string) {
	if n.Kind == tree.List {
		p.span().Read(r, n, path)
		return
	}
	p.plain().Read(r, n, path)
	p.to.Most = p.to.Least
}

func (p pollValue) Shape() keys.Shape {
	return keys.AnyOf([]keys.Shape{p.plain().Shape(), p.span().Shape()})
}
