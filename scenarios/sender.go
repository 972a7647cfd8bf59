package scenarios

import (
	"time"

	"sesim/scenarios/internal/tree"
	"sesim/sim"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// sender reads one [[sender]].
func (l *loader) sender(n *tree.Node, path string) {
	s := defaultSender()
	v := defaultVia()
	count := l.senders.add(l, n, path)
	_, isGroup := l.senders.counted(n)
	var accounts, audiences *group // that its accounts and audiences may be taken from in turn
	if isGroup {
		accounts, audiences = &group{}, &group{}
	}
	l.table(n, path, schema{fields: append([]field{
		must("name", name{&s.Name}),
		may("count", countOf{&l.senders}),
		must("account", member{reference{&s.Account, &l.accounts}, accounts}),
		must("from", mail{&s.From, mailNamed}),
		must("audience", member{reference{&s.Audience, &l.audiences}, audiences}),
		must("traffic", traffic{&s.Traffic}),
		may("begin", moment{&s.Begin}),
		may("end", duration{&s.End, 1, unit.MaxDuration}),
		may("pick", word[sim.Pick]{&s.Pick, picks, nil}),
		may("recipients", whole[int]{&s.Recipients, 1, ses.MaxRecipients}),
		may("interface", word[sim.Interface]{&s.Interface, interfaces, nil}),
		may("retry", retry{&s.Retry}),
		may("on_bounce", word[bool]{&s.RemoveBounced, hygiene, nil}),
		may("on_complaint", word[bool]{&s.RemoveComplained, hygiene, nil}),
		may("configuration_set", setOf{&s.Set, &s.Account}),
		may("size", size{&s.Size}),
		may("rejected", share{&s.Rejected}),
		may("malformed", share{&s.Malformed}),
	}, v.keys(l)...)})
	l.completeSender(&s)
	l.checkSender(&s, n, path)
	l.checkVia(&v, &s, n, path)
	l.cfg.Senders = append(l.cfg.Senders, s)
	if isGroup {
		l.senderGroup(n, path, count, accounts, audiences)
	}
}

// senderGroup makes of the last sender so many, whose accounts and audiences
// are those of groups in turn.
func (l *loader) senderGroup(n *tree.Node, path string, count int, accounts, audiences *group) {
	first := len(l.cfg.Senders) - 1
	l.cfg.Senders = expand(l.cfg.Senders, count, func(s *sim.Sender, i int) {
		s.Name = l.senders.list[first+i]
		if accounts.count > 0 {
			s.Account = accounts.at(i)
		}
		if audiences.count > 0 {
			s.Audience = audiences.at(i)
		}
		if s.Delegated && s.Owner == s.Account && i > 0 {
			l.Wrong(n.Table["on_behalf_of"], tree.Join(path, "on_behalf_of"), "", "it is the account of sender %s: leave the key out", s.Name)
		}
	})
}

var (
	picks      = []choice[sim.Pick]{{"sequential", sim.Sequential}, {"uniform", sim.Uniform}, {"zipf", sim.Zipf}}
	interfaces = []choice[sim.Interface]{{"v2", sim.V2}, {"v1", sim.V1}, {"smtp", sim.SMTP}}
	hygiene    = []choice[bool]{{"remove", true}, {"keep", false}}
)

func defaultSender() sim.Sender {
	return sim.Sender{Account: -1, Audience: -1, Recipients: 1, RemoveBounced: true}
}

// completeSender sets the pace of a campaign to the account's max send rate.
// The rate counts recipients and the pace messages.
func (l *loader) completeSender(s *sim.Sender) {
	if s.Traffic.Kind == sim.Campaign && s.Traffic.Rate.N == 0 && s.Account >= 0 {
		s.Traffic.Rate = unit.Rate{N: l.cfg.Accounts[s.Account].Rate, Per: time.Duration(s.Recipients) * time.Second}
	}
}

// checkSender reports what single keys cannot show.
func (l *loader) checkSender(s *sim.Sender, n *tree.Node, path string) {
	if s.End > 0 && s.End <= s.Begin {
		l.Wrong(n.Table["end"], tree.Join(path, "end"), "", "%s is not after begin, %s", unit.FormatDuration(s.End), unit.FormatDuration(s.Begin))
	}
	if s.Traffic.Kind == sim.Campaign && s.Pick != sim.Sequential {
		l.Wrong(n.Table["pick"], tree.Join(path, "pick"), "", "a campaign goes through its audience in order: leave pick out, or write \"sequential\"")
	}
	if s.Audience < 0 {
		return
	}
	if s.Traffic.Kind == sim.Recorded {
		l.checkTrace(s, n, path)
		return
	}
	if a := &l.cfg.Audiences[s.Audience]; int64(s.Recipients) > a.Size {
		l.Wrong(n.Table["recipients"], tree.Join(path, "recipients"), "", "%d is more than the %d addresses of audience %s", s.Recipients, a.Size, a.Name)
	}
}

// retry reads what a sender does about refused calls. With the table there,
// every key of it has a default.
type retry struct{ to *sim.Retry }

func (r retry) read(l *loader, n *tree.Node, path string) {
	if n.Kind != tree.Table {
		l.Wrong(n, path, "", `%s is not a table: write one such as { first = "1s", factor = 2, cap = "10m", attempts = 8 }`, n.Show())
		return
	}
	read := defaultRetry()
	l.table(n, path, schema{fields: []field{
		may("on", refusals{&read.On}),
		may("first", duration{&read.First, time.Millisecond, unit.MaxDuration}),
		may("factor", milli{&read.Factor, 1000, 100_000}),
		may("cap", duration{&read.Cap, time.Millisecond, unit.MaxDuration}),
		may("attempts", whole[int]{&read.Attempts, 1, maxAttempts}),
	}})
	if read.Cap < read.First {
		blamed, key := n.Table["cap"], "cap"
		if blamed == nil {
			blamed, key = n.Table["first"], "first"
		}
		l.Wrong(blamed, tree.Join(path, key), "", "cap, %s, is shorter than first, %s", unit.FormatDuration(read.Cap), unit.FormatDuration(read.First))
	}
	*r.to = read
}

// maxAttempts is the most retries of a call.
const maxAttempts = 1000

func defaultRetry() sim.Retry {
	r := sim.Retry{First: time.Second, Factor: 2000, Cap: 10 * time.Minute, Attempts: 8}
	r.On[ses.RefusedRate], r.On[ses.RefusedQuota] = true, true
	return r
}
