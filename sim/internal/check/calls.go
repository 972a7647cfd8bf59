package check

import (
	"slices"
	"time"

	"sesim/sim"
	"sesim/sim/ses"
)

// calls checks how senders call: messages come numbered and in order of their
// due times, a refused call is repeated only where the sender's retry says so
// and only so often, a message that is accepted or given up is not sent again, and
// connections time out at a throttled port only.
type calls struct {
	cfg     *sim.Config
	found   *findings
	senders []caller
	open    map[call]tried // refused, and to be tried again
	people  map[from]*people
	via     map[call]int  // the account of messages of senders that divide them among several
	called  map[call]bool // messages of clients, those given up without a call too
}

// call is one message of a sender.
type call struct {
	sender  int
	message int64
}

// from is a sender and one of its accounts.
type from struct{ sender, account int }

// tried is the last call of a message that SES has not accepted.
type tried struct {
	due, at    time.Duration
	account    int
	attempt    int
	last       bool // the client must give it up
	recipients []sim.Address
}

// caller counts one sender's messages and their recipients, and keeps the
// connections of its last minute where they pass a throttled port.
type caller struct {
	messages, timedOut int64
	connections        []time.Duration
}

// people are recipients, however many calls were made for each: of those messages of a
// sender for which an account was called last. Calls are the accepted ones.
type people struct{ due, accepted, givenUp, waiting, late, calls int64 }

func newCalls(cfg *sim.Config, found *findings) *calls {
	return &calls{cfg: cfg, found: found, senders: make([]caller, len(cfg.Senders)), open: map[call]tried{}, called: map[call]bool{},
		people: map[from]*people{}, via: map[call]int{},
	}
}

func (c *calls) observe(r *sim.Record) {
	switch r.Kind {
	case sim.Sent, sim.Refused, sim.TimedOut:
	case sim.GaveUp:
		c.giveUp(r)
		return
	case sim.SessionClosed:
		if c.closes(r) {
			return
		}
	default:
		return
	}
	if r.Sender < 0 || r.Sender >= len(c.senders) {
		c.bad(r, "a call of no sender")
		return
	}
	sender := &c.cfg.Senders[r.Sender]
	if !sender.SendsFrom(r.Account) {
		c.bad(r, "a call of sender %s, which does not send from the account", sender.Name)
	}
	if n := len(r.Recipients); n < 1 || n > 50 && sender.Traffic.Kind != sim.Recorded {
		c.bad(r, "a call with %d recipients; 1 to 50 are allowed where no trace says otherwise", n)
	}
	if r.Attempt == 0 {
		c.first(r)
	} else {
		c.retry(r)
	}
	if sender.Throttled25 && r.Kind != sim.SessionClosed {
		c.connect(r)
	} else if r.Kind == sim.TimedOut {
		c.bad(r, "a connection of sender %s timed out, which does not use a throttled port", sender.Name)
	}
	c.settle(r)
}

// closes checks a call on a closed session, and reports whether the client makes it again
// on a new one.
func (c *calls) closes(r *sim.Record) bool {
	s := &c.cfg.Senders[r.Sender]
	limits := &c.cfg.Rules.Session
	if s.Client == 0 || s.Interface != ses.SMTP || limits.Idle == 0 && limits.MaxMessages == 0 {
		c.bad(r, "a session of sender %s was closed, which has none that SES limits", s.Name)
		return true
	}
	return c.cfg.Clients[s.Client-1].Connection.Reconnect
}

// connect checks the throttled port: it lets Port25PerMinute connections a minute
// pass, and a minute's worth at once. In no minute can twice as many pass, and
// none times out before a minute's worth has.
func (c *calls) connect(r *sim.Record) {
	s, most := &c.senders[r.Sender], c.cfg.Rules.Mail.Port25PerMinute
	for len(s.connections) > 0 && s.connections[0] <= r.At-time.Minute {
		s.connections = s.connections[1:]
	}
	passed := int64(len(s.connections))
	if r.Kind == sim.TimedOut {
		if passed < most {
			c.bad(r, "a connection timed out after %d in a minute, and %d may pass", passed, most)
		}
		return
	}
	if passed >= 2*most {
		c.bad(r, "a connection passed after %d in a minute, and no more than %d can", passed, 2*most)
	}
	s.connections = append(s.connections, r.At)
}

// first checks the first call of a message.
func (c *calls) first(r *sim.Record) {
	s, sender := &c.senders[r.Sender], &c.cfg.Senders[r.Sender]
	key := call{r.Sender, r.Message}
	switch {
	case sender.Client > 0 && c.called[key]:
		c.bad(r, "message %d of sender %s is called for anew", r.Message, sender.Name)
	case sender.Client > 0: // whose queue may have another order
		c.called[key] = true
	case r.Message != s.messages:
		c.bad(r, "message %d of sender %s, after %d messages", r.Message, sender.Name, s.messages)
	}
	s.messages = max(s.messages, r.Message+1)
	c.of(r.Sender, r.Account).due += int64(len(r.Recipients))
	if r.At < sender.Begin || sender.Client == 0 && sender.End > 0 && r.At >= sender.End {
		c.bad(r, "message %d of sender %s is not due now: it begins at %v and ends at %v", r.Message, sender.Name, sender.Begin, sender.End)
	}
}

// retry checks a further call of a refused message.
func (c *calls) retry(r *sim.Record) {
	sender := &c.cfg.Senders[r.Sender]
	last, known := c.open[call{r.Sender, r.Message}]
	switch {
	case !known || last.last:
		c.bad(r, "retry %d of message %d of sender %s, which was not refused or was given up", r.Attempt, r.Message, sender.Name)
	case r.Attempt != last.attempt+1:
		c.bad(r, "retry %d of message %d of sender %s, after retry %d", r.Attempt, r.Message, sender.Name, last.attempt)
	case r.At-last.at > sender.Retry.Cap && sender.Retry.Cap > 0:
		c.bad(r, "retry %d of message %d of sender %s after %v; no wait is longer than %v",
			r.Attempt, r.Message, sender.Name, r.At-last.at, sender.Retry.Cap)
	case !slices.Equal(r.Recipients, last.recipients):
		c.bad(r, "retry %d of message %d of sender %s goes to other recipients", r.Attempt, r.Message, sender.Name)
	}
}

// of returns the people of a sender's messages at an account.
func (c *calls) of(sender, account int) *people {
	key := from{sender, account}
	if c.people[key] == nil {
		c.people[key] = &people{}
	}
	return c.people[key]
}

// settle notes what the answer to the call means for the message.
func (c *calls) settle(r *sim.Record) {
	s, people, key := &c.senders[r.Sender], c.of(r.Sender, r.Account), call{r.Sender, r.Message}
	of := c.cfg.Senders[r.Sender].Client
	n, due := int64(len(r.Recipients)), r.At
	if of > 0 { // which may call later
		due = r.Due
	}
	if last, again := c.open[key]; again {
		due = last.due
		before := c.of(r.Sender, last.account)
		before.waiting -= n
		before.due -= n
		people.due += n
		delete(c.open, key)
	}
	if of := c.cfg.Senders[r.Sender].Accounts; of != nil && of.Check == 0 {
		if account, known := c.via[key]; known && account != r.Account {
			c.bad(r, "a call for message %d of sender %s, for which account %s was called", r.Message, c.cfg.Senders[r.Sender].Name,
				c.cfg.Accounts[account].Name)
		}
		c.via[key] = r.Account
	}
	if r.Kind == sim.Sent {
		people.calls++
		people.accepted += n
		if r.At > due {
			people.late += n
		}
		return
	}
	retry := &c.cfg.Senders[r.Sender].Retry
	most := retry.Attempts
	wanted := r.Kind != sim.Refused // a lost connection is always made again
	if r.Kind == sim.TimedOut {
		s.timedOut++
	}
	wanted = wanted || retry.On[r.Reason]
	if of > 0 {
		wanted, most = mayCallAgain(&c.cfg.Clients[of-1], r)
	}
	again := wanted && r.Attempt < most
	if again || of > 0 {
		c.open[key] = tried{due, r.At, r.Account, r.Attempt, !again, slices.Clone(r.Recipients)}
		people.waiting += n
		return
	}
	people.givenUp += n
}

// giveUp checks that a client gives up a message that waits for its first call or the
// next, and names the calls for it.
func (c *calls) giveUp(r *sim.Record) {
	if r.Sender < 0 || r.Sender >= len(c.senders) || c.cfg.Senders[r.Sender].Client == 0 {
		c.bad(r, "message %d of a sender without a client is given up", r.Message)
		return
	}
	s, people, key := &c.senders[r.Sender], c.of(r.Sender, r.Account), call{r.Sender, r.Message}
	n, calls := int64(len(r.Recipients)), 0
	last, open := c.open[key]
	switch {
	case open:
		calls = last.attempt + 1
		people.waiting -= n
		delete(c.open, key)
	case c.called[key]:
		c.bad(r, "message %d of sender %s is given up, which was accepted or given up before", r.Message, c.cfg.Senders[r.Sender].Name)
	default:
		people.due += n
		s.messages = max(s.messages, r.Message+1)
	}
	if r.Attempt != calls {
		c.bad(r, "message %d of sender %s is given up after %d calls, of which the records tell %d",
			r.Message, c.cfg.Senders[r.Sender].Name, r.Attempt, calls)
	}
	c.called[key] = true
	people.givenUp += n
}

// mayCallAgain reports whether a client may call again after a refusal, and how many
// retries it makes at most.
func mayCallAgain(k *sim.Client, r *sim.Record) (may bool, retries int) {
	calls := 1
	for i := range k.Retry {
		calls *= k.Retry[i].Attempts
		may = may || r.Kind != sim.Refused || k.Retry[i].On>>r.Reason&1 != 0
	}
	return may, calls - 1
}

func (c *calls) finish(res *sim.Result) {
	for i := range min(len(res.Senders), len(c.senders)) {
		got, want := &res.Senders[i], &c.senders[i]
		messages := want.messages
		if c.cfg.Senders[i].Client > 0 {
			messages = max(messages, got.Messages) // some may wait
		}
		if got.Messages != messages || got.TimedOut != want.timedOut {
			c.found.add("calls", res.End, c.cfg.Senders[i].Account, "",
				"the result counts %d messages of sender %s, %d timed out; the records tell %d, %d",
				got.Messages, c.cfg.Senders[i].Name, got.TimedOut, want.messages, want.timedOut)
		}
	}
}

func (c *calls) bad(r *sim.Record, format string, args ...any) {
	c.found.add("calls", r.At, r.Account, "", format, args...)
}
