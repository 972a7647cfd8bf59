package engine

import (
	"time"

	"sesim/sim"
	"sesim/sim/client"
	"sesim/sim/measure"
	"sesim/sim/rng"
	"sesim/sim/rules"
	"sesim/sim/ses"
)

// runningClient is a client with the senders whose messages it calls for. Its next
// event is in the world's merge, behind all senders.
type runningClient struct {
	*client.Client         // nil until the first message is due
	senders        []int32 // the world's numbers
	streams        []client.Sender
	gaveUp         []measure.Histogram // delays of lost messages, of each sender
	deciding       *client.Event       // the call that is being decided
	answered       bool                // the call that is being decided was refused, and the client was told
	verdict        client.Verdict      // on such a refusal
}

func (w *world) addClients() {
	if n := len(w.cfg.Clients); n > 0 {
		w.clients, w.inClient = make([]runningClient, n), make([]int32, len(w.senders))
	}
}

// join makes a sender one of its client's.
func (w *world) join(a *senderState, key func(purpose string) rng.Key) {
	k := &w.clients[a.spec.Client-1]
	w.inClient[a.index] = int32(len(k.senders))
	k.senders = append(k.senders, a.index)
	k.streams = append(k.streams, client.Sender{
		Latency: key("latency"), Jitter: key("jitter"), Requeue: key("requeue"), Priority: uint8(a.spec.Priority),
	})
}

// offer puts messages of a sender into its client's queue. The client begins with its
// first message: multiples of the maximum send rate are of that moment.
func (w *world) offer(a *senderState, first, count int64, ref uint32) {
	number := a.spec.Client - 1
	k := &w.clients[number]
	if k.Client == nil {
		spec := &w.cfg.Clients[number]
		k.Client = client.New(&spec.Config, k.streams, client.Setting{
			Rate: a.account.MaxRate(), Begin: w.now, Epoch: time.Duration(w.cfg.Start.UnixNano()),
			Draws: rng.Of(w.cfg.Seed, "client", spec.Name), Session: w.cfg.Session(number),
		})
		k.gaveUp = make([]measure.Histogram, len(k.senders))
	}
	k.Offer(w.now, w.inClient[a.index], first, count, ref)
	w.awaitClient(number)
}

// awaitClient puts the client's next event into the merge.
func (w *world) awaitClient(number int) {
	w.merge.Set(len(w.arrivals)+number, w.clients[number].Next())
}

// queue hands a message of a route that is due to the client of the sender, whose lead is a.
// Until it is called for it waits, and counts no call.
func (w *world) queue(a, route *senderState, c *call) {
	w.leaveWaiting(route, int64(len(c.recipients)), 1)
	w.offer(a, c.message, 1, w.calls.put(*c)+1)
}

// leaveWaiting counts recipients of messages that are due and for which nobody has
// called yet. Messages count as called for once; see senderState.result.
func (w *world) leaveWaiting(a *senderState, recipients, messages int64) {
	a.tally.Waiting += recipients
	a.tally.Requests -= messages
	a.tally.Recipients -= recipients
}

// arriveWhole makes all messages of a campaign due. Their recipients are taken off the
// list one message after the other, when the first call for it starts.
func (w *world) arriveWhole(a *senderState) {
	left := a.list.Left()
	campaign := a.openCampaign(w.now)
	number := campaign.number
	first := a.messages
	count := w.messagesFor(a, left)
	a.messages += count
	a.tally.Due += left - count
	campaign.open += count
	campaign.first, campaign.left = first, left
	a.arrivals.Advance(true)
	if a.ends() {
		a.arrivals.Stop()
	}
	w.merge.Set(int(a.index), a.arrivals.Next())
	if count > 0 {
		w.leaveWaiting(a, left, count)
		w.offer(a, first, count, 0)
	}
	a.exhaust(w.now, number)
	w.reportRarely(1)
}

// messagesFor returns how many messages it takes to write to so many addresses, from
// the next message on.
func (w *world) messagesFor(a *senderState, left int64) (count int64) {
	if each := int64(a.spec.Recipients); a.spec.OneMore == 0 {
		return (left + each - 1) / each
	}
	for ; left > 0; count++ {
		left -= int64(a.recipientsOf(w.cfg.Seed, a.messages+count))
	}
	return count
}

// takeOf fills the buffer with the recipients of a message of a campaign that was due
// as a whole. It is empty if the list has become shorter meanwhile, and ends earlier.
func (w *world) takeOf(a *senderState, number int64) (campaign int64) {
	a.buffer = a.buffer[:0]
	c := a.campaignOf(number)
	if c.left == 0 {
		return c.number
	}
	end := false
	n := min(int64(a.recipientsOf(w.cfg.Seed, number)), c.left) // the list may have grown
	a.buffer, end = a.list.TakeFrom(&c.cursor, a.buffer, int(n))
	c.left -= int64(len(a.buffer))
	if end || len(a.buffer) == 0 { // what is missing is not due any more
		a.tally.Due -= c.left
		a.tally.Waiting -= c.left
		a.tally.Recipients += c.left
		c.left = 0
	}
	return c.number
}

// campaignOf returns the open campaign that a message belongs to: the last one that
// begins with it or before.
func (a *senderState) campaignOf(message int64) *campaign {
	i := len(a.campaigns) - 1
	for a.campaigns[i].first > message {
		i--
	}
	return &a.campaigns[i]
}

// runClient handles what a client does at this moment, up to where a call schedules
// something for the same moment, which comes first.
func (w *world) runClient(number int) {
	k := &w.clients[number]
	for !w.stopped && w.events.Next() > w.now {
		e, ok := k.Step(w.now)
		if !ok {
			break
		}
		a := &w.senders[k.senders[e.Sender]]
		switch e.Kind {
		case client.Begun:
			w.beginCall(k, a, e)
		case client.Lost:
			w.loseCalls(k, a, e)
		default:
			w.decide(k, e)
		}
		w.counted.events++
		w.reportRarely(1)
	}
	w.awaitClient(number)
}

// beginCall takes the recipients of a message whose first call starts.
func (w *world) beginCall(k *runningClient, a *senderState, e *client.Event) {
	number := w.takeOf(a, e.Number)
	k.Begin(w.calls.put(call{message: e.Number, due: e.Due, campaign: number, route: a.index, recipients: a.buffer}) + 1)
}

// decide makes the call that SES decides now, and tells the client.
func (w *world) decide(k *runningClient, e *client.Event) {
	ref := e.Ref - 1
	c := w.calls.at(ref)
	a := &w.senders[c.route]
	n := int64(len(c.recipients))
	if n == 0 {
		k.Answer(client.Answer{Void: true})
		a.settle(w.now, c.campaign, false)
		w.calls.free(ref)
		return
	}
	c.attempt = int(e.Attempt)
	a = w.reroute(c)
	a.tally.Waiting -= n
	k.answered, k.deciding = false, e
	if e.Closed != client.NotClosed {
		w.meetClosed(a, c, e.Closed)
	}
	if e.Closed == client.NotClosed || w.cfg.Clients[a.spec.Client-1].Connection.Reconnect {
		a.tally.Requests++
		a.tally.Recipients += n
		if n > 1 || w.pathNow(a.hotState, int(a.index)) == slowPath { // n is 1 but for a trace's messages
			w.send(a, c)
		} else {
			w.callFast(a, c)
		}
	} else {
		w.tryAgain(a, c, ses.Accepted)
	}
	if !k.answered {
		k.Answer(client.Answer{Accepted: true})
	}
	if !k.answered || k.verdict != client.Again {
		w.calls.free(ref)
	}
}

// meetClosed counts a call on a session that SES has closed.
func (w *world) meetClosed(a *senderState, c *call, why client.Closing) {
	rule, word := rules.SessionIdle, ses.SessionIdle()
	if why == client.ClosedFull {
		rule, word = rules.SessionFull, ses.SessionFull()
	}
	w.closed[why]++
	a.account.print.add(w.now, uint64(c.message), fpSessionClosed)
	if w.records.takesCall(sim.SessionClosed, a, c.recipients) {
		w.records.observeCall(a, c, sim.Record{Kind: sim.SessionClosed, Rule: rule, Error: word, Reads: a.listReads().And(rule.Reads())})
	}
}

// refused tells the client of a call that was refused, or did not reach SES, and counts what it does about it.
func (k *runningClient) refused(w *world, a *senderState, c *call, reason ses.Reason) {
	n := int64(len(c.recipients))
	k.answered = true
	var why client.Reason
	k.verdict, why = k.Answer(client.Answer{
		Throttled: reason == ses.RefusedRate || reason == ses.RefusedQuota, Reason: uint8(reason), Unreached: reason == ses.Accepted,
	})
	if k.verdict == client.Again {
		a.tally.Waiting += n
		return
	}
	k.loses(w.now, w.inClient[a.index], c.due, 1)
	w.records.noteLoss(a, c, c.attempt+1, why)
	a.tally.GivenUp += n
	a.settle(w.now, c.campaign, true)
}

// loses records how long messages of a sender were due before they were given up.
func (k *runningClient) loses(now time.Duration, sender int32, due time.Duration, messages int64) {
	_ = k.gaveUp[sender].Record(now-due, messages) // the histogram takes what is not negative
}

// loseCalls counts messages that the client has given up between their calls.
func (w *world) loseCalls(k *runningClient, a *senderState, e *client.Event) {
	k.loses(w.now, e.Sender, e.Due, e.Count)
	for i := range e.Count {
		c := call{message: e.Number + i, due: e.Due, route: a.index}
		if e.Ref == 0 {
			c.campaign = w.takeOf(a, c.message)
			c.recipients = a.buffer
		} else {
			c = *w.calls.at(e.Ref - 1)
			w.calls.free(e.Ref - 1)
		}
		n, to := int64(len(c.recipients)), &w.senders[c.route]
		w.records.noteLoss(to, &c, int(e.Attempt), e.Reason)
		to.tally.Waiting -= n
		to.tally.GivenUp += n
		to.settle(w.now, c.campaign, n > 0)
	}
}

// resumeClient ends the pause of a client that has met too many errors.
func (w *world) resumeClient(number int) {
	if k := &w.clients[number]; k.Client != nil {
		k.Resume(w.now)
		w.awaitClient(number)
	}
}

// result is what became of the client's messages, given the results of all senders.
func (k *runningClient) result(w *world, senders []sim.SenderResult) (r sim.ClientResult) {
	if k.Client == nil {
		return r
	}
	r.Counts = k.Counts()
	r.Active, r.MostCalls, r.OldestEnd = k.Active(w.now), k.MostCalls(), k.OldestOpen(w.now)
	r.OldestMax = max(r.Oldest, r.OldestEnd)
	for i, sender := range k.senders {
		_ = r.GaveUp.Merge(&k.gaveUp[i]) // all have the same buckets
		delay := senders[w.partition.senders[sender]].Delay
		if delay == nil {
			continue
		}
		if r.Delay == nil {
			r.Delay = &measure.Histogram{}
		}
		_ = r.Delay.Merge(delay)
	}
	return r
}

// clientCalls are the figures of a sender's messages at its client; nil: it has none.
func (w *world) clientCalls(a *senderState) *sim.ClientCalls {
	if a.spec.Client == 0 {
		return nil
	}
	k := &w.clients[a.spec.Client-1]
	if k.Client == nil {
		return &sim.ClientCalls{}
	}
	i := w.inClient[a.index]
	return &sim.ClientCalls{Counts: k.SenderCounts(int(i)), GaveUp: k.gaveUp[i]}
}
