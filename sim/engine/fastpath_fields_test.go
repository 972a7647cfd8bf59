package engine

import (
	"reflect"
	"testing"
	"time"

	"sesim/sim"
	"sesim/sim/client"
	"sesim/sim/fixed"
	"sesim/sim/rules"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// This file sets every field of what the fast path could depend on and compares
// it with the slow path. A field that the table does not know is an error: whoever
// adds one says here how it is set so that it matters, and the comparison shows
// whether the fast path handles it.

// fieldCase is how a field is set, and what else the scenario needs for it to
// matter.
type fieldCase struct {
	values []any
	with   func(*sim.Config)
	inert  string // why no value changes what a run leaves; empty: each must
}

// flip is the value of a bool that it does not have.
type flip struct{}

func set(values ...any) fieldCase { return fieldCase{values: values} }

func setWith(with func(*sim.Config), values ...any) fieldCase {
	return fieldCase{values: values, with: with}
}

func inert(why string, values ...any) fieldCase { return fieldCase{values: values, inert: why} }

// fieldConfig is a scenario in which nearly everything happens within two days: of
// one account that sends through senders which all take the fast path, and of one
// in the sandbox. Both have what the loader gives every account, so that a default
// that takes all mail off the fast path shows.
func fieldConfig(t *testing.T, senders int) sim.Config {
	t.Helper()
	set, err := rules.Edition("current")
	if err != nil {
		t.Fatal(err)
	}
	set.Rep.MinEligible, set.Rep.MinBounces, set.Rep.WindowEligible = 50, 1, 300
	set.Review.Length, set.Review.DecisionTime, set.Pause.Notice = 3*time.Hour, time.Hour, time.Hour
	c := sim.Config{
		Name: "fields", Horizon: 2 * unit.Day, Seed: 7, Rules: set,
		Accounts: []sim.Account{
			{
				Name: "acme", Region: "us-east-1", Access: ses.Production, Quota: 800, Rate: 1,
				Identities: []string{"acme.example"}, Suppression: ses.ListBounce | ses.ListComplaint, Price: sim.ListPrice,
			},
			{
				Name: "box", Region: "eu-west-1", Access: ses.Sandbox, Quota: 200, Rate: 1, Identities: []string{"box.example"},
				Price: sim.ListPrice, Requests: []sim.Request{{At: time.Hour, MailType: "MARKETING", After: -1, Outcome: ses.Granted}},
			},
		},
		Audiences: []sim.Audience{
			{
				Name: "people", Size: 300, Domain: "people.example", Local: "p-", Invalid: 8 * unit.Percent, HardBounce: unit.Percent,
				MailboxFull: 4 * unit.Percent, FullFor: 2 * time.Hour, Complaint: 5 * unit.Percent, FeedbackLoop: unit.Whole / 2, DeadDomain: 2 * unit.Percent,
			},
			{Name: "others", Size: 40, Domain: "box.example", Local: "o-"},
		},
		Actions: []sim.Action{
			{At: 2 * time.Hour, Do: sim.DoSuppress, Address: sim.Address{Number: 1}, Reason: ses.ListBounce},
			{At: 3 * time.Hour, Do: sim.DoRemoveGlobal, Address: sim.Address{Number: 2}, Region: "us-east-1", Characters: "k7tm2"},
			{At: 4 * time.Hour, Do: sim.DoUnverify, Identity: "acme.example"},
			{At: 5 * time.Hour, Do: sim.DoVerify, Identity: "acme.example"},
			{At: 30 * time.Hour, Do: sim.DoTrigger, Cause: "spamtrap", Pauses: true},
			{At: 31 * time.Hour, Do: sim.DoAppeal, After: -1, Accepted: true},
		},
	}
	one := sim.Sender{
		From: "news@acme.example", Traffic: sim.Traffic{Kind: sim.Poisson, Rate: unit.Rate{N: 1000 / int64(senders), Per: unit.Day}},
		Pick: sim.Uniform, Recipients: 1, RemoveComplained: true, Retry: sim.Retry{First: time.Second, Factor: 2000, Cap: time.Minute, Attempts: 2},
	}
	one.Retry.On[ses.RefusedRate], one.Retry.On[ses.RefusedQuota] = true, true
	for i := range senders {
		one.Name = string(rune('a' + i))
		c.Senders = append(c.Senders, one)
	}
	return c
}

// fields are the cases of each struct, by the field's path. Those of Sender,
// Audience and Account are set on the first of each.
var senderFields = map[string]fieldCase{
	"Name":     set("another"),
	"Account":  set(1),
	"From":     set("news@other.example"),
	"Audience": set(1),
	"Accounts": setWith(func(c *sim.Config) { c.Accounts[1].Access = ses.Production },
		&sim.Accounts{Of: []sim.SenderAccount{{Account: 0, Share: unit.Whole / 2}, {Account: 1, Share: unit.Whole / 2}}}),
	"Mixture": setWith(func(c *sim.Config) {
		c.Senders[0].Traffic = sim.Traffic{Kind: sim.Constant, Rate: unit.Rate{N: 1000, Per: unit.Day}}
	},
		[]sim.AudienceShare{{Audience: 0, Share: unit.Whole / 2}, {Audience: 1, Share: unit.Whole / 2}}),
	"Traffic.Kind":  {values: []any{sim.Constant, sim.Diurnal, sim.Campaign, sim.Recorded}, with: recorded},
	"Traffic.Rate":  set(unit.Rate{N: 3000, Per: unit.Day}, unit.Rate{N: 1, Per: time.Hour}),
	"Traffic.Every": setWith(func(c *sim.Config) { c.Senders[0].Traffic.Kind = sim.Campaign }, 3*time.Hour),
	"Traffic.Peak":  setWith(diurnal, 5*time.Hour),
	"Traffic.Depth": setWith(diurnal, 90*unit.Percent),
	"Traffic.Calendar": setWith(unrecorded, &sim.Calendar{
		Weekdays: [7]bool{3: true, 4: true}, Open: 5 * time.Hour, Close: 11 * time.Hour, Zone: sim.Zone{Offsets: []sim.Offset{{}}},
	}),
	"Traffic.Trace":           setWith(func(c *sim.Config) { recorded(c); c.Senders[0].Traffic.Kind = sim.Recorded }, sim.Trace(rows{2, 20})),
	"Traffic.File.Name":       inert("it says where the trace comes from", "sends.csv"),
	"Traffic.File.Bytes":      inert("it says where the trace comes from", int64(7)),
	"Traffic.File.SHA256":     inert("it says where the trace comes from", "ab"),
	"Traffic.File.Rows":       inert("it counts what the trace has", int64(7)),
	"Traffic.File.Recipients": inert("it counts what the trace has", int64(7)),
	"Traffic.File.First":      inert("it counts what the trace has", time.Hour),
	"Traffic.File.Last":       inert("it counts what the trace has", time.Hour),
	"Traffic.Whole":           setWith(func(c *sim.Config) { withClient(c); c.Senders[0].Client, c.Senders[0].Traffic.Kind = 1, sim.Campaign }, true),
	"Client":                  setWith(withClient, 1),
	"Priority": setWith(func(c *sim.Config) {
		withClient(c)
		more := c.Senders[0]
		more.Name, more.Client, c.Senders[0].Client = "more", 1, 1
		c.Senders = append(c.Senders, more)
	}, 3),
	"Begin":            set(7 * time.Hour),
	"End":              set(9 * time.Hour),
	"Pick":             set(sim.Sequential, sim.Zipf),
	"Recipients":       set(2, 50),
	"OneMore":          set(unit.Whole / 3),
	"Interface":        setWith(aboveRate, sim.V1, sim.SMTP),
	"Retry.On":         set([ses.Reasons]bool{}),
	"Retry.First":      set(time.Hour),
	"Retry.Factor":     setWith(aboveRate, int64(9000)),
	"Retry.Cap":        setWith(aboveRate, 1500*time.Millisecond),
	"Retry.Attempts":   setWith(aboveRate, 0, 20),
	"RemoveBounced":    setWith(func(c *sim.Config) { c.Audiences[0].Size, c.Audiences[0].Invalid = 20, unit.Whole }, true),
	"RemoveComplained": set(false),
	"Checked":          set([]string{"bounces@other.example"}),
	"Delegated":        set(true),
	"Owner": setWith(func(c *sim.Config) {
		c.Senders[0].Delegated, c.Senders[0].From, c.Senders[0].Owner = true, "news@box.example", 0
		c.Accounts[1].Region, c.Accounts[1].Delegates = "us-east-1", []int{0}
	}, 1),
	"Set":         setWith(func(c *sim.Config) { c.Accounts[0].Sets = []sim.ConfigurationSet{{Name: "news", Overrides: true}} }, 1),
	"Size":        set(int64(50 << 20)),
	"Rejected":    set(unit.Whole / 3),
	"Malformed":   set(unit.Whole / 3),
	"SigV2":       setWith(func(c *sim.Config) { aboveRate(c); c.Senders[0].Interface = sim.SMTP }, true),
	"Throttled25": setWith(func(c *sim.Config) { c.Senders[0].Traffic.Rate.N *= 100 }, true),
}

func diurnal(c *sim.Config) {
	t := &c.Senders[0].Traffic
	t.Kind, t.Depth = sim.Diurnal, unit.Whole/2
}

// unrecorded has no trace, which cannot have a calendar.
func unrecorded(c *sim.Config) {
	if t := &c.Senders[0].Traffic; t.Kind == sim.Recorded {
		t.Kind = sim.Poisson
	}
}

func recorded(c *sim.Config) { c.Senders[0].Traffic.Trace = rows{1, 30} }

// aboveRate lets the first sender send so much that the max send rate refuses it.
func aboveRate(c *sim.Config) {
	s := &c.Senders[0]
	s.Traffic.Rate, s.End, c.Accounts[0].Quota = unit.Rate{N: 3, Per: time.Second}, 20*time.Minute, -1
}

// sandboxed puts the first account into the sandbox.
func sandboxed(c *sim.Config) { c.Accounts[0].Access = ses.Sandbox }

// rows is a trace of so many messages, an hour apart, of Count recipients each.
type rows struct{ Count, n int }

// Open implements sim.Trace.
func (r rows) Open() sim.TraceRows { return &openRows{r, 0} }

type openRows struct {
	rows
	at int
}

// Next implements sim.TraceRows.
func (o *openRows) Next(row *sim.TraceRow) bool {
	o.at++
	*row = sim.TraceRow{At: time.Duration(o.at) * time.Hour, Count: o.Count}
	return o.at <= o.n
}

// Err implements sim.TraceRows.
func (o *openRows) Err() error { return nil }

// oneEach is a trace of so many messages, a minute apart, every fifth to two recipients,
// the others to one. Every second message says whom it is to.
type oneEach int

// Open implements sim.Trace.
func (n oneEach) Open() sim.TraceRows { return &openOnes{n: int(n)} }

type openOnes struct{ n, at int }

// Next implements sim.TraceRows.
func (o *openOnes) Next(row *sim.TraceRow) bool {
	o.at++
	row.At, row.Count, row.Numbers = time.Duration(o.at)*time.Minute, 1, row.Numbers[:0]
	switch {
	case o.at%2 == 0:
		row.Count, row.Numbers = 0, append(row.Numbers, uint32(o.at/2)%2) // the smallest audience has two addresses
	case o.at%5 == 0:
		row.Count = 2
	}
	return o.at <= o.n
}

// Err implements sim.TraceRows.
func (o *openOnes) Err() error { return nil }

var audienceFields = map[string]fieldCase{
	"Name":         set("readers"),
	"Size":         set(int64(50)),
	"Domain":       set("acme.example", ses.SimulatorDomain),
	"Local":        setWith(sandboxed, "x"),
	"Invalid":      set(unit.Whole/2, unit.Whole),
	"HardBounce":   set(unit.Whole / 3),
	"MailboxFull":  set(unit.Whole / 3),
	"FullFor":      set(time.Duration(0), 20*time.Minute),
	"Complaint":    set(unit.Whole / 3),
	"FeedbackLoop": set(unit.Whole),
	"Decay":        setWith(func(c *sim.Config) { c.Audiences[0].DecayPer = unit.Day }, unit.Whole/2),
	"Revive":       setWith(func(c *sim.Config) { c.Audiences[0].Invalid, c.Audiences[0].RevivePer = unit.Whole/2, unit.Day }, unit.Whole/2),
	"RevivePer": setWith(func(c *sim.Config) {
		c.Audiences[0].Invalid, c.Audiences[0].Revive, c.Audiences[0].RevivePer = unit.Whole/2, unit.Whole/2, unit.Day
	}, 5*time.Hour),
	"DecayPer": setWith(func(c *sim.Config) { c.Audiences[0].Decay, c.Audiences[0].DecayPer = unit.Whole/2, unit.Day }, 5*time.Hour),
	"Churn":    setWith(func(c *sim.Config) { c.Audiences[0].ChurnPer = unit.Day }, unit.Whole/2),
	"ChurnPer": setWith(func(c *sim.Config) { c.Audiences[0].Churn, c.Audiences[0].ChurnPer = unit.Whole/2, unit.Day }, 5*time.Hour),
	"Growth": set(
		sim.Growth{Rate: unit.Rate{N: 30, Per: time.Hour}, Limit: 400},
		sim.Growth{Share: unit.Whole / 5, Per: time.Hour, Limit: 500},
	),
	"Contacted":          setWith(func(c *sim.Config) { c.Audiences[0].Decay, c.Audiences[0].DecayPer = unit.Whole/2, unit.Day }, 5*time.Hour),
	"NotFirst":           setWith(func(c *sim.Config) { c.Audiences[0].Invalid = unit.Whole / 2 }, true),
	"Addresses":          setWith(func(c *sim.Config) { c.Audiences[0].Size = 3 }, []string{"a@people.example", "b@acme.example", "success@" + ses.SimulatorDomain}),
	"DeadDomain":         set(unit.Whole / 3),
	"TooLarge":           set(unit.Whole / 3),
	"ContentRejected":    set(unit.Whole / 3),
	"AttachmentRejected": set(unit.Whole / 3),
	"Undetermined":       set(unit.Whole / 3),
	"BlockedIP":          set(unit.Whole / 3),
	"Deferred":           set(unit.Whole / 3),
	"DeferredFor":        setWith(func(c *sim.Config) { c.Audiences[0].Deferred = unit.Whole / 3 }, 3*time.Hour),
	"Deferral":           inert("it is a word in records", "InternalFailure"),
	"OutOfOffice":        set(unit.Whole / 3),
	"Redraws": setWith(func(c *sim.Config) { c.Senders[0].Traffic.Kind, c.Senders[0].Traffic.Every = sim.Campaign, 5*time.Hour },
		[]sim.Redraw{{Of: sim.MailboxFull, Distribution: sim.NewDistribution(sim.Beta, fixed.ParameterOne, fixed.ParameterOne), Key: 5}}),
	"Match": inert("no call comes from outside", []string{"*"}),
	"Seen":  inert("only an audience that a Session makes has one"),
}

var accountFields = map[string]fieldCase{
	"Name":   set("other"),
	"Region": setWith(sandboxed, "eu-central-1"),
	"Access": set(ses.Sandbox),
	"Quota":  set(int64(0), int64(100), int64(-1)),
	"Rate": setWith(func(c *sim.Config) {
		c.Senders[0].Traffic.Rate, c.Accounts[0].Quota = unit.Rate{N: 20000, Per: unit.Day}, -1
	}, int64(5)),
	"Identities":  set([]string{"acme.example", "people.example"}, []string{"news@acme.example"}, []string(nil)),
	"Suppression": set(ses.ListReasons(0), ses.ListComplaint),
	"Requests":    set([]sim.Request{{At: time.Hour, After: time.Hour, Outcome: ses.Granted, Quota: 5000}}),
	"Customer": setWith(func(c *sim.Config) {
		c.Accounts[1].Customer, c.Accounts[1].Requests[0].Regions = "twins", []string{"us-east-1"}
	}, "twins"),
	"Delegates": setWith(func(c *sim.Config) {
		c.Accounts[1].Region, c.Accounts[1].Access = "us-east-1", ses.Production
		c.Senders[0].Account, c.Senders[0].Delegated, c.Senders[0].Owner = 1, true, 0
	}, []int{1}),
	"Sets": set([]sim.ConfigurationSet{{Name: "news"}}),
	"History": set(
		&sim.History{Before: sim.HistoryPoint{At: -unit.Day, For: unit.Day, Eligible: 800, Bounces: 70}},
		&sim.History{Status: ses.Probation, Since: time.Hour}, &sim.History{CustomerPaused: true}, &sim.History{Used: 700},
		&sim.History{Listed: sim.HistoryListed{Bounce: 3}},
	),
	"Price.PerThousand":    set(int64(160)),
	"Price.PlanMonth":      set(int64(15_000)),
	"Price.DedicatedMonth": set(int64(24_950)),
}

// withClient adds a client that is busy most of the time.
func withClient(c *sim.Config) {
	c.Senders[0].Retry = sim.Retry{}
	busy := client.Default()
	busy.Workers.N, busy.Latency.Spread = 1, unit.Spread{Median: time.Minute, Upper: time.Minute, Tail: 99}
	c.Clients = []sim.Client{{Name: "program", Config: busy}}
}

// withSet lets the first sender use a configuration set.
func withSet(c *sim.Config) {
	c.Accounts[0].Sets, c.Senders[0].Set = []sim.ConfigurationSet{{Name: "news"}}, 1
}

var setFields = map[string]fieldCase{
	"Name":        setWith(func(c *sim.Config) { withSet(c); c.Accounts[0].Sets[0].Missing = true }, "more"),
	"Overrides":   setWith(withSet, true),
	"Suppression": setWith(func(c *sim.Config) { withSet(c); c.Accounts[0].Sets[0].Overrides = true }, ses.ListBounce),
	"Paused":      setWith(withSet, true),
	"Missing":     setWith(withSet, true),
	"MaxDelivery": setWith(withSet, 5*time.Minute),
}

// TestFastPathFields compares the two paths with each field set, of one sender and
// of five, whose arrivals come in batches, and of campaigns and traces.
func TestFastPathFields(t *testing.T) {
	if testing.Short() {
		t.Skip("hundreds of runs, each undivided")
	}
	for _, base := range []struct {
		senders int
		kind    sim.TrafficKind
		path    mailPath
	}{
		{1, sim.Poisson, fastPath}, {5, sim.Poisson, fastUniform | rated},
		{1, sim.Campaign, fastPath | inPasses}, {5, sim.Campaign, fastPath | inPasses | rated},
		{1, sim.Recorded, fastPath | fromTrace}, {5, sim.Recorded, fastPath | fromTrace | rated},
	} {
		c := fieldConfig(t, base.senders)
		for i := range c.Senders {
			of := &c.Senders[i].Traffic
			switch of.Kind = base.kind; base.kind {
			case sim.Campaign:
				of.Every = 2 * time.Hour
			case sim.Recorded:
				of.Trace = oneEach(1500)
			}
		}
		if got := pathAtStart(c); got != base.path {
			t.Fatalf("the mail of %d senders takes path %d, want %d: nothing would be compared", base.senders, got, base.path)
		}
		for _, part := range []struct {
			name  string
			cases map[string]fieldCase
			of    func(*sim.Config) any
		}{
			{"Sender", senderFields, func(c *sim.Config) any { return &c.Senders[0] }},
			{"Audience", audienceFields, func(c *sim.Config) any { return &c.Audiences[0] }},
			{"Account", accountFields, func(c *sim.Config) any { return &c.Accounts[0] }},
			{"ConfigurationSet", setFields, func(c *sim.Config) any { return &c.Accounts[0].Sets[0] }},
			{"rules.Set", ruleFields, func(c *sim.Config) any { return &c.Rules }},
		} {
			compareFields(t, c, base.kind == sim.Poisson, part.name, part.cases, part.of)
		}
	}
}

// TestFastPathOfCalls checks that the calls of a client take the fast path where those of
// the same sender without one do, so that TestFastPath compares something.
func TestFastPathOfCalls(t *testing.T) {
	c := fieldConfig(t, 1)
	withClient(&c)
	c.Senders[0].Client = 1
	if got := pathAtStart(c); got != fastCalls {
		t.Errorf("calls take path %d, want %d", got, fastCalls)
	}
	c.Senders[0].Recipients = 2
	if got := pathAtStart(c); got != slowPath {
		t.Errorf("calls to two recipients take path %d, want the slow one", got)
	}
}

// compareFields sets each field of a struct in turn. If matters, each must change what a
// run leaves: the cases are made for Poisson traffic.
func compareFields(t *testing.T, base sim.Config, matters bool, name string, cases map[string]fieldCase, of func(*sim.Config) any) {
	t.Helper()
	base = *copyOf(base)
	if name == "ConfigurationSet" {
		withSet(&base)
	}
	paths := fieldPaths(reflect.TypeOf(of(copyOf(base))).Elem(), "")
	for _, path := range paths {
		if _, known := cases[path]; !known {
			t.Errorf("%s.%s is not known here: add how to set it so that it matters, and see whether the fast path handles it", name, path)
		}
	}
	if len(cases) > len(paths) {
		t.Errorf("%s: %d cases for %d fields", name, len(cases), len(paths))
	}
	for path, f := range cases {
		before := copyOf(base)
		if f.with != nil {
			f.with(before)
		}
		unset := slowResult(t, *before)
		for _, value := range f.values {
			c := copyOf(*before)
			field := fieldAt(reflect.ValueOf(of(c)).Elem(), path)
			if _, flips := value.(flip); flips {
				value = !field.Bool()
			}
			field.Set(reflect.ValueOf(value))
			slow := slowResult(t, *c)
			if changed := !reflect.DeepEqual(slow, unset); matters && changed != (f.inert == "") {
				t.Errorf("%s.%s = %v, %d senders: the result changes: %v", name, path, value, len(c.Senders), changed)
			}
			for _, hooks := range []sim.Hooks{{}, {Undivided: true}} {
				if fast := result(t, *c, hooks); !reflect.DeepEqual(fast, slow) {
					t.Errorf("%s.%s = %v, %d senders: the fast path leaves another result", name, path, value, len(c.Senders))
				}
			}
		}
	}
}

// fieldPaths lists the fields of a struct, and instead of those that are structs of
// package sim or rules their fields.
func fieldPaths(t reflect.Type, prefix string) (list []string) {
	for i := range t.NumField() {
		f := t.Field(i)
		home := f.Type.PkgPath()
		if f.Type.Kind() == reflect.Struct && (home == "sesim/sim" || home == "sesim/sim/rules") {
			list = append(list, fieldPaths(f.Type, prefix+f.Name+".")...)
			continue
		}
		list = append(list, prefix+f.Name)
	}
	return list
}

// fieldAt returns the field with that path.
func fieldAt(v reflect.Value, path string) reflect.Value {
	for i := range path {
		if path[i] == '.' {
			return fieldAt(v.FieldByName(path[:i]), path[i+1:])
		}
	}
	return v.FieldByName(path)
}

// copyOf copies a Config as deep as the cases above change it.
func copyOf(c sim.Config) *sim.Config {
	for _, list := range []any{&c.Accounts, &c.Audiences, &c.Senders, &c.Actions} {
		v := reflect.ValueOf(list).Elem()
		own := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		reflect.Copy(own, v)
		v.Set(own)
	}
	for i := range c.Accounts {
		c.Accounts[i].Sets = append([]sim.ConfigurationSet(nil), c.Accounts[i].Sets...)
		c.Accounts[i].Requests = append([]sim.Request(nil), c.Accounts[i].Requests...)
	}
	return &c
}

// pathAtStart returns the path of the first sender's mail before anything happens.
func pathAtStart(c sim.Config) mailPath {
	p := unpartitioned(&c)
	w := newWorld(&p, newShared(&c), sim.Hooks{})
	return w.pathOf(&w.senders[0])
}

// blind is an observer that looks at nothing. With an observer, all mail takes the
// slow path.
type blind struct{}

// Observe implements sim.Observer.
func (blind) Observe(*sim.Record) {}

func slowResult(t *testing.T, c sim.Config) *sim.Result {
	t.Helper()
	return result(t, c, sim.Hooks{Undivided: true, Observer: blind{}})
}

func result(t *testing.T, c sim.Config, hooks sim.Hooks) *sim.Result {
	t.Helper()
	r, err := Run(c, hooks)
	if err != nil {
		t.Fatal(err)
	}
	return r
}
