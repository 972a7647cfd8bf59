package check

import (
	"fmt"
	"reflect"
	"time"

	"sesim/sim"
	"sesim/sim/measure"
	"sesim/sim/ses"
)

// conservation follows every accepted recipient to its fate and counts all
// over again what the Result says, of each sender and of each account as the sum
// of its senders.
//
//	sent -> delivered -> hard bounced after all
//	     |           `-> complained
//	     `-> hard bounced | soft bounced | suppressed | simulated | rejected
type conservation struct {
	cfg    *sim.Config
	found  *findings
	calls  *calls
	counts map[from]*sim.Counts // what calls counts and InFlight are left to the end
	nobody sim.Counts           // of records that name no sender, which other checks find fault with
	fates  map[mail]*fate
	// bounced are the addresses at which a sender's mail bounced hard.
	bounced map[recipient]bool
	after   []int64 // by sender: recipients accepted after such a bounce, published or not
}

// recipient is an address that a sender writes to.
type recipient struct {
	sender  int
	address sim.Address
}

// mail is one message to one recipient.
type mail struct {
	sender  int
	message int64
	address sim.Address
}

// fate is what became of a mail. A message may name an address twice, so each
// stage is a number.
type fate struct {
	account                           int
	sentAt                            time.Duration
	sent, ended, delivered, bouncedBy int // bouncedBy: bounces after a delivery
	complained                        int
}

func newConservation(cfg *sim.Config, found *findings, calls *calls) *conservation {
	return &conservation{cfg: cfg, found: found, calls: calls, counts: map[from]*sim.Counts{}, fates: map[mail]*fate{},
		bounced: map[recipient]bool{}, after: make([]int64, len(cfg.Senders)),
	}
}

// of returns the counts of a record's sender.
func (c *conservation) of(r *sim.Record) *sim.Counts {
	if r.Sender < 0 || r.Sender >= len(c.cfg.Senders) {
		return &c.nobody
	}
	return c.at(r.Sender, r.Account)
}

// at returns the counts of a sender's mail at an account.
func (c *conservation) at(sender, account int) *sim.Counts {
	key := from{sender, account}
	if c.counts[key] == nil {
		c.counts[key] = &sim.Counts{}
	}
	return c.counts[key]
}

func (c *conservation) observe(r *sim.Record) {
	switch r.Kind {
	case sim.Refused:
		c.call(r).Refused[r.Reason] += int64(len(r.Recipients))
	case sim.Sent:
		c.call(r)
		c.send(r)
	case sim.SuppressedAccount, sim.SuppressedGlobal, sim.Simulated, sim.Rejected, sim.Delivered, sim.HardBounced, sim.SoftBounced:
		c.outcome(r)
	case sim.Complained:
		c.complaint(r)
	case sim.AutoReplied:
		if f := c.fate(r); f != nil && f.delivered == 0 {
			c.bad(r, "automatic reply to a mail that was not delivered")
		}
	case sim.Delayed:
		if f := c.fate(r); f != nil && f.ended >= f.sent {
			c.bad(r, "delayed after its final outcome")
		}
	}
}

// call counts a send call and returns the counts of its sender.
func (c *conservation) call(r *sim.Record) *sim.Counts {
	n := c.of(r)
	n.Requests++
	n.Recipients += int64(len(r.Recipients))
	return n
}

// send notes the recipients of an accepted call.
func (c *conservation) send(r *sim.Record) {
	for _, a := range r.Recipients {
		if c.bounced[recipient{r.Sender, a}] {
			c.after[r.Sender]++
		}
		key := mail{r.Sender, r.Message, a}
		f := c.fates[key]
		if f == nil {
			f = &fate{account: r.Account, sentAt: r.At}
			c.fates[key] = f
		}
		f.sent++
	}
}

// fate returns the mail that a record about one recipient belongs to. A
// record of a mail that was never sent is a violation, and has none.
func (c *conservation) fate(r *sim.Record) *fate {
	f := c.fates[mail{r.Sender, r.Message, r.Address}]
	switch {
	case f == nil:
		c.bad(r, "record of kind %d for a mail that was not sent", r.Kind)
	case f.account != r.Account:
		c.bad(r, "outcome of a mail that account %s sent", c.cfg.Accounts[f.account].Name)
	case f.sentAt != r.SentAt:
		c.bad(r, "outcome names %v as the time of sending, which was %v", r.SentAt, f.sentAt)
	}
	return f
}

// outcome counts a final outcome: the first of each mail, or the bounce that
// takes the place of a delivery.
func (c *conservation) outcome(r *sim.Record) {
	f := c.fate(r)
	if f == nil {
		return
	}
	n := c.of(r)
	if r.Kind == sim.HardBounced && n != &c.nobody {
		c.bounced[recipient{r.Sender, r.Address}] = true
	}
	if r.Kind == sim.HardBounced && r.Async {
		f.bouncedBy++
		n.HardBounced++
		n.Delivered--
		if f.bouncedBy > f.delivered {
			c.bad(r, "bounce after a delivery, of which there are %d", f.delivered)
		}
		return
	}
	if f.ended++; f.ended > f.sent {
		c.bad(r, "outcome number %d of a mail sent %d times", f.ended, f.sent)
	}
	switch r.Kind {
	case sim.SuppressedAccount:
		n.SuppressedAccount++
	case sim.SuppressedGlobal:
		n.SuppressedGlobal++
	case sim.Simulated:
		n.Simulator++
	case sim.Rejected:
		n.Rejected++
	case sim.Delivered:
		f.delivered++
		n.Delivered++
	case sim.HardBounced:
		n.HardBounced++
	case sim.SoftBounced:
		n.SoftBounced++
	}
}

// complaint counts a complaint, which needs a delivery of its own.
func (c *conservation) complaint(r *sim.Record) {
	f := c.fate(r)
	if f == nil {
		return
	}
	c.of(r).Complaints++
	if f.complained++; f.complained > f.delivered {
		c.bad(r, "complaint number %d about a mail delivered %d times", f.complained, f.delivered)
	}
}

func (c *conservation) finish(res *sim.Result) {
	if len(res.Accounts) != len(c.cfg.Accounts) || len(res.Senders) != len(c.cfg.Senders) {
		c.found.add("conservation", res.End, -1, "", "accounts and senders: %d and %d in the result, %d and %d in the scenario",
			len(res.Accounts), len(res.Senders), len(c.cfg.Accounts), len(c.cfg.Senders))
		return
	}
	sums := make([]sim.Counts, len(c.cfg.Accounts))
	delays := make([]int64, len(c.cfg.Accounts))
	shares := res.Shares
	for i := range c.cfg.Senders {
		s, got := &c.cfg.Senders[i], &res.Senders[i]
		who, all, calls := "sender "+s.Name+": ", sim.Counts{}, int64(0)
		// When a bounce is published the records do not tell; that it comes first they do.
		if n := got.SentAfterBounce; n < 0 || n > c.after[i] {
			c.found.add("conservation", res.End, s.Account, "", who+"%d sent after a bounce, which %d are", n, c.after[i])
		}
		for _, of := range s.AccountsOf() {
			at := &got.Counts
			if s.Accounts != nil {
				if len(shares) == 0 || shares[0].Sender != i || shares[0].Account != of.Account {
					c.found.add("conservation", res.End, of.Account, "", "%sthe result does not tell its mail from there", who)
					return
				}
				at, shares = &shares[0].Counts, shares[1:]
			}
			n, people := c.at(i, of.Account), c.calls.of(i, of.Account)
			n.Due, n.Accepted, n.GivenUp, n.Waiting, n.Late = people.due, people.accepted, people.givenUp, people.waiting, people.late
			if s.Client > 0 {
				c.ofClient(res, i, n, at)
			}
			n.InFlight, n.SentAfterBounce = n.Accepted-ended(n), at.SentAfterBounce
			c.compare(res, of.Account, who, at, n)
			add(&sums[of.Account], n)
			add(&all, n)
			delays[of.Account] += people.calls
			calls += people.calls
		}
		c.compare(res, s.Account, who, &got.Counts, &all)
		c.delays(res, s.Account, who, got.Delay, calls)
	}
	for i := range sums {
		c.compare(res, i, "", &res.Accounts[i].Counts, &sums[i])
		c.delays(res, i, "", res.Accounts[i].Delay, delays[i])
	}
	c.alone(res)
}

// ofClient takes from the result what the records do not tell of a client's mail: what is
// due and waits for its first call.
func (c *conservation) ofClient(res *sim.Result, sender int, n, got *sim.Counts) {
	if got.Due < n.Due || got.Waiting < n.Waiting {
		c.found.add("conservation", res.End, c.cfg.Senders[sender].Account, "",
			"sender %s: %d due and %d waiting; its client called for %d or gave them up, and at least %d wait",
			c.cfg.Senders[sender].Name, got.Due, got.Waiting, n.Due, n.Waiting)
	}
	n.Due, n.Waiting = got.Due, got.Waiting
}

// delays checks that there is an admission delay of each accepted call.
func (c *conservation) delays(res *sim.Result, account int, who string, got *measure.Histogram, want int64) {
	n := int64(0)
	if got != nil {
		n = got.Count()
	}
	if n != want {
		c.found.add("conservation", res.End, account, "", who+"%d admission delays of %d accepted calls", n, want)
	}
}

// alone checks that the rates of a sender that is alone on its account are the account's.
func (c *conservation) alone(res *sim.Result) {
	of := make([][]int, len(c.cfg.Accounts))
	for i := range c.cfg.Senders {
		for _, from := range c.cfg.Senders[i].AccountsOf() {
			of[from.Account] = append(of[from.Account], i)
		}
	}
	for account, senders := range of {
		if len(senders) != 1 || c.cfg.Senders[senders[0]].Accounts != nil || c.cfg.Accounts[account].History != nil {
			continue
		}
		a, r := &res.Accounts[account], res.Senders[senders[0]].Rates
		if r == nil || r.Bounce != a.Bounce || r.Complaint != a.Complaint {
			c.found.add("conservation", res.End, account, "", "its only sender has rates of its own: %+v", r)
		}
	}
}

// add adds counts, each to its like.
func add(to, more *sim.Counts) {
	sum, of := reflect.ValueOf(to).Elem(), reflect.ValueOf(more).Elem()
	for i := range sum.NumField() {
		if field := sum.Field(i); field.Kind() == reflect.Int64 {
			field.SetInt(field.Int() + of.Field(i).Int())
		}
	}
	for reason, n := range more.Refused {
		to.Refused[reason] += n
	}
}

// ended is how many accepted recipients have a final outcome.
func ended(n *sim.Counts) int64 {
	return n.Delivered + n.HardBounced + n.SoftBounced + n.SuppressedAccount + n.SuppressedGlobal + n.Simulator + n.Rejected
}

// compare checks the sums within the counts of the Result, and the counts
// themselves.
func (c *conservation) compare(res *sim.Result, account int, who string, got, want *sim.Counts) {
	bad := func(format string, args ...any) {
		c.found.add("conservation", res.End, account, "", who+format, args...)
	}
	refused := int64(0)
	for _, k := range got.Refused {
		refused += k
	}
	if got.Due != got.Accepted+got.GivenUp+got.Waiting {
		bad("%d due, but %d accepted, %d given up and %d waiting", got.Due, got.Accepted, got.GivenUp, got.Waiting)
	}
	if got.Recipients != got.Accepted+refused {
		bad("%d recipients, but %d accepted and %d refused", got.Recipients, got.Accepted, refused)
	}
	if got.Accepted != ended(got)+got.InFlight {
		bad("%d accepted, but %d with an outcome and %d in flight", got.Accepted, ended(got), got.InFlight)
	}
	if got.Late > got.Accepted {
		bad("%d late of %d accepted", got.Late, got.Accepted)
	}
	for _, d := range differences(got, want) {
		bad("%s", d)
	}
}

// differences names the counts that differ from what the records tell.
func differences(got, want *sim.Counts) []string {
	var list []string
	compare := func(name string, got, want int64) {
		if got != want {
			list = append(list, fmt.Sprintf("the result counts %d %s, the records tell %d", got, name, want))
		}
	}
	compare("due", got.Due, want.Due)
	compare("given up", got.GivenUp, want.GivenUp)
	compare("waiting", got.Waiting, want.Waiting)
	compare("late", got.Late, want.Late)
	compare("requests", got.Requests, want.Requests)
	compare("recipients", got.Recipients, want.Recipients)
	compare("accepted", got.Accepted, want.Accepted)
	for reason := range got.Refused {
		compare("refused ("+ses.Reason(reason).String()+")", got.Refused[reason], want.Refused[reason])
	}
	compare("delivered", got.Delivered, want.Delivered)
	compare("hard bounced", got.HardBounced, want.HardBounced)
	compare("soft bounced", got.SoftBounced, want.SoftBounced)
	compare("suppressed by the account's list", got.SuppressedAccount, want.SuppressedAccount)
	compare("suppressed by the global list", got.SuppressedGlobal, want.SuppressedGlobal)
	compare("to the simulator", got.Simulator, want.Simulator)
	compare("rejected by the content scan", got.Rejected, want.Rejected)
	compare("complaints", got.Complaints, want.Complaints)
	compare("in flight", got.InFlight, want.InFlight)
	compare("sent after a bounce", got.SentAfterBounce, want.SentAfterBounce)
	return list
}

func (c *conservation) bad(r *sim.Record, format string, args ...any) {
	c.found.add("conservation", r.At, r.Account, addressOf(c.cfg, r.Address), format, args...)
}
