package scenarios

import (
	"time"

	"sesim/scenarios/internal/keys"
	"sesim/scenarios/internal/tree"
	"sesim/sim"
	"sesim/sim/client"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// senderReader is a sender being read.
type senderReader struct {
	sender sim.Sender
	via    via
	peaks  []peak
	// groups that its accounts and audiences may be taken from in turn; nil:
	// the sender has no count
	accounts, audiences *keys.Group
	client              *client.Config // of its own; nil: none
}

func newSenderReader() *senderReader {
	return &senderReader{sender: defaultSender(), via: defaultVia()}
}

// senderTable binds the keys of a [[sender]].
func (l *loader) senderTable(r *senderReader) keys.Table {
	s := &r.sender
	account := mailAccount{keys.Member{Entity: keys.Entity{To: &s.Account, Of: &l.accounts}, Group: r.accounts}, s}
	audience := mailAudience{keys.Member{Entity: keys.Entity{To: &s.Audience, Of: &l.audiences}, Group: r.audiences}, s}
	return keys.Table{Fields: append([]keys.Field{
		keys.Required("name", keys.Name{To: &s.Name}, "unique name"),
		keys.Optional("count", keys.Count{Of: &l.senders}, "stands for as many senders").Or("one without a number"),
		keys.Required("account", account, "the account it sends from; with a count also the name of accounts with a count, taken in turn; "+
			"or a table of several accounts, each of which needs the identities").With(accountsNote),
		keys.Required("from", keys.Mail{To: &s.From, Check: keys.NamedAddress}, "address of the sender"),
		keys.Required("audience", audience, "the audience it sends to; with a count also the name of audiences with a count, taken in turn; "+
			`or { readers = "80%", leads = "20%" }: several with the shares of its messages that go to each, not with a campaign or a trace`),
		keys.Required("traffic", traffic{l, &s.Traffic},
			"when its messages are due; rates and paces count messages, whatever the number of recipients"),
		keys.Optional("begin", keys.Moment{To: &s.Begin, Run: &l.cfg}, "when it starts"),
		keys.Optional("end", keys.End{Moment: keys.Moment{To: &s.End, Run: &l.cfg}},
			"no message is due from then on; after begin").Or("the horizon"),
		keys.Optional("peak", l.peaks(&r.peaks), "a time in which its rate or pace is another").Or("none"),
		keys.Optional("pick", keys.Word[sim.Pick]{To: &s.Pick, Choices: picks}, "how it picks recipients; a campaign is sequential"),
		keys.Optional("recipients", recipientCount{s},
			"recipients of a message, no more than the audience has; of 1.2 one message in five has one more; a trace has its own"),
		keys.Optional("interface", keys.Word[sim.Interface]{To: &s.Interface, Choices: interfaces},
			"API or SMTP: how a refusal is reported; rules.session limits the sessions of a client whose senders all use SMTP"),
		keys.Optional("retry", retry{&s.Retry}, "what it does about refused calls").Or("no retries"),
		keys.Optional("client", senderClient{l, &s.Client, &r.client},
			"the program that calls SES: the name of a [[client]] or of a preset, or a table with the keys of a [[client]]").
			Or("each message is called for when it is due"),
		keys.Optional("priority", keys.Whole[int]{To: &s.Priority, Least: 0, Most: client.Priorities - 1},
			"of its messages in the client's queue; lower ones first"),
		keys.Optional("on_bounce", keys.Word[bool]{To: &s.RemoveBounced, Choices: hygiene}, "what it does with addresses that bounced"),
		keys.Optional("on_complaint", keys.Word[bool]{To: &s.RemoveComplained, Choices: hygiene}, "what it does with addresses that complained"),
		keys.Optional("configuration_set", setName{l, &s.Set, &s.Account}, "a configuration set of the account"),
		keys.Optional("size", keys.Size{To: &s.Size}, "size of a message after encoding").Or("not checked"),
		keys.Optional("rejected", keys.Share{To: &s.Rejected}, "share of the messages that the content scan rejects"),
		keys.Optional("malformed", keys.Share{To: &s.Malformed}, "share of the messages whose first recipient is written without its domain"),
	}, l.viaFields(&r.via)...)}
}

// sender reads one [[sender]].
func (l *loader) sender(n *tree.Node, path string) {
	r := newSenderReader()
	l.uncertain = nil
	count := l.senders.Add(l.Reporter, n, path)
	_, isGroup := l.senders.Counted(n)
	if isGroup {
		r.accounts, r.audiences = &keys.Group{}, &keys.Group{}
	}
	l.senderTable(r).Read(l.Reporter, n, path)
	s := &r.sender
	s.Traffic.Whole = s.Traffic.Kind == sim.Campaign && n.Has("client") && s.Traffic.Rate.N == 0
	l.completeSender(s)
	l.addPeaks(s, r.peaks, n, path)
	l.checkSender(s, n, path)
	l.checkMixture(s, n, path)
	l.setsOf(s, n, path)
	l.checkVia(&r.via, s, n, path)
	l.checkClient(s, r.client != nil, n, path)
	if r.client != nil && !isGroup {
		l.addClient(s, r.client, n, path)
	}
	l.addUncertain(len(l.cfg.Senders), count, n, path)
	l.cfg.Senders = append(l.cfg.Senders, *s)
	if isGroup {
		l.senderGroup(n, path, count, r)
	}
	if l.routes += count * len(s.Routes()); l.routes > sim.MaxSenders {
		l.WrongKey(n, path, "", "with this sender there are %d accounts and audiences of all senders, and a scenario holds at most %d",
			l.routes, sim.MaxSenders)
	}
}

// senderGroup expands the last sender into count senders, which take their
// accounts and audiences from groups in turn.
func (l *loader) senderGroup(n *tree.Node, path string, count int, r *senderReader) {
	first := len(l.cfg.Senders) - 1
	l.cfg.Senders = expand(l.cfg.Senders, count, func(s *sim.Sender, i int) {
		s.Name = l.senders.List[first+i]
		if r.accounts.Count > 0 {
			s.Account = r.accounts.At(i)
		}
		if r.audiences.Count > 0 {
			s.Audience = r.audiences.At(i)
		}
		if r.client != nil {
			l.addClient(s, r.client, n, path)
		}
		if s.Delegated && s.Owner == s.Account && i > 0 {
			l.Wrong(n.Table["on_behalf_of"], tree.Join(path, "on_behalf_of"), "", "it is the account of sender %s: leave the key out", s.Name)
		}
	})
}

// recipientCount reads the mean number of recipients of a message.
type recipientCount struct{ s *sim.Sender }

func (c recipientCount) milli(to *int64) keys.Milli {
	return keys.Milli{To: to, Least: 1000, Most: 1000 * ses.MaxRecipients}
}

func (c recipientCount) Read(r *tree.Reporter, n *tree.Node, path string) {
	if _, isWhole := n.Value.(int64); isWhole {
		keys.Whole[int]{To: &c.s.Recipients, Least: 1, Most: ses.MaxRecipients}.Read(r, n, path)
		return
	}
	mean := c.s.MeanRecipients()
	c.milli(&mean).Read(r, n, path)
	c.s.Recipients, c.s.OneMore = int(mean/1000), unit.Share(mean%1000)*unit.Whole/1000
}

func (c recipientCount) Shape() keys.Shape { return c.milli(new(int64)).Shape() }

func (c recipientCount) Default() string {
	mean := c.s.MeanRecipients()
	return c.milli(&mean).Default()
}

var (
	picks = []keys.Choice[sim.Pick]{{Word: "sequential", Is: sim.Sequential}, {Word: "uniform", Is: sim.Uniform}, {Word: "zipf",
		Is: sim.Zipf}}
	interfaces = []keys.Choice[sim.Interface]{{Word: "v2", Is: sim.V2}, {Word: "v1", Is: sim.V1}, {Word: "smtp", Is: sim.SMTP}}
	hygiene    = []keys.Choice[bool]{{Word: "remove", Is: true}, {Word: "keep", Is: false}}
)

func defaultSender() sim.Sender {
	return sim.Sender{Account: -1, Audience: -1, Recipients: 1, RemoveBounced: true}
}

// checkClient reports keys of a sender that do not go with its client, or need one.
func (l *loader) checkClient(s *sim.Sender, own bool, n *tree.Node, path string) {
	given := n.Table["client"]
	if retry := n.Table["retry"]; retry != nil && given != nil {
		l.WrongKey(retry, tree.Join(path, "retry"), "", "the sender has a client%s, whose retry says what follows a refusal: keep one of the two",
			l.Where(given))
	}
	if priority := n.Table["priority"]; priority != nil && given == nil {
		l.WrongKey(priority, tree.Join(path, "priority"), "", "it orders the queue of a client: the sender has none")
	}
	if i, taken := l.clients.Index[s.Name]; own && taken {
		l.WrongKey(given, tree.Join(path, "client"), "", "the client of a sender bears the sender's name, and there is a [[client]] named so%s",
			l.Where(l.clients.Tables[i]))
	}
}

// completeSender begins a ramp, and sets the pace of a campaign to the account's max
// send rate. The rate counts recipients and the pace messages.
func (l *loader) completeSender(s *sim.Sender) {
	beginRamp(s)
	if s.Traffic.Kind == sim.Campaign && s.Traffic.Rate.N == 0 && s.Account >= 0 {
		s.Traffic.Rate = unit.Rate{N: l.cfg.Accounts[s.Account].Rate, Per: time.Duration(s.MeanRecipients()) * time.Millisecond}
	}
}

// checkSender reports conflicts between keys.
func (l *loader) checkSender(s *sim.Sender, n *tree.Node, path string) {
	if s.End > 0 && s.End <= s.Begin {
		l.Wrong(n.Table["end"], tree.Join(path, "end"), "", "%s is not after begin, %s", unit.FormatDuration(s.End), unit.FormatDuration(s.Begin))
	}
	if s.Traffic.Kind == sim.Campaign && s.Pick != sim.Sequential {
		l.Wrong(n.Table["pick"], tree.Join(path, "pick"), "",
			"a campaign goes through its audience in order: leave pick out, or write \"sequential\"")
	}
	if s.Audience < 0 {
		return
	}
	if s.Traffic.Kind == sim.Recorded {
		l.checkTrace(s, n, path)
		return
	}
	for _, route := range s.Routes() {
		if a := &l.cfg.Audiences[route.Audience]; s.MeanRecipients() > 1000*a.Size {
			l.Wrong(n.Table["recipients"], tree.Join(path, "recipients"), "",
				"%g is more than the %s of audience %s", float64(s.MeanRecipients())/1000, unit.Plural(a.Size, "address", "addresses"), a.Name)
		}
	}
}

// retry reads how a sender retries refused calls. All keys of the table have
// defaults.
type retry struct{ to *sim.Retry }

// retryTable binds the keys of a retry table.
func retryTable(to *sim.Retry) keys.Table {
	wait := func(to *time.Duration) keys.Duration {
		return keys.Duration{To: to, Least: time.Millisecond, Most: unit.MaxDuration}
	}
	return keys.Table{Fields: []keys.Field{
		keys.Optional("on", keys.Refusals{To: &to.On}, "reasons of refusals after which it calls again"),
		keys.Optional("first", wait(&to.First), "wait before the first retry"),
		keys.Optional("factor", keys.Milli{To: &to.Factor, Least: 1000, Most: 100_000}, "ratio of each wait to the one before"),
		keys.Optional("cap", wait(&to.Cap), "longest wait, not below first"),
		keys.Optional("attempts", keys.Whole[int]{To: &to.Attempts, Least: 1, Most: maxAttempts}, "retries of a call"),
	}}
}

func (t retry) Shape() keys.Shape { return keys.OneOfTables(t.Variants()) }

func (t retry) Variants() []keys.Variant {
	usual := defaultRetry()
	return retryTable(&usual).Variants()
}

func (t retry) Read(r *tree.Reporter, n *tree.Node, path string) {
	if n.Kind != tree.Table {
		r.Wrong(n, path, "", `%s is not a table: write one such as { first = "1s", factor = 2, cap = "10m", attempts = 8 }`, n.Show())
		return
	}
	read := defaultRetry()
	retryTable(&read).Read(r, n, path)
	if read.Cap < read.First {
		blamed, key := n.Table["cap"], "cap"
		if blamed == nil {
			blamed, key = n.Table["first"], "first"
		}
		r.Wrong(blamed, tree.Join(path, key), "",
			"cap, %s, is shorter than first, %s", unit.FormatDuration(read.Cap), unit.FormatDuration(read.First))
	}
	*t.to = read
}

// maxAttempts is the maximum number of retries of a call.
const maxAttempts = 1000

func defaultRetry() sim.Retry {
	r := sim.Retry{First: time.Second, Factor: 2000, Cap: 10 * time.Minute, Attempts: 8}
	r.On[ses.RefusedRate], r.On[ses.RefusedQuota] = true, true
	return r
}
