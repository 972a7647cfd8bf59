package estimate

import (
	"math"
	"time"

	"sesim/sim/measure"
	"sesim/sim/ses"
)

// Kind is what an Event says happened.
type Kind uint8

// The kinds.
const (
	Sent Kind = iota
	Refused
	Delivered
	Bounced
	Complained
)

// Event is what happened to a message for one recipient. Times are since
// 1970-01-01T00:00:00Z.
type Event struct {
	Kind   Kind
	Bounce ses.Bounce // of Bounced
	OnList bool       // a bounce without an attempt: the address is on the account's list
	// Class is the group of the recipient's domain, less than Classes.
	Class  uint8
	Sender string // what separates senders
	// Campaign is the name of the campaign that the message belongs to, where the log has
	// such names; "" for none.
	Campaign string
	Address  uint64        // hash of the address; 0: not known
	Time     time.Duration // when it happened
	Mail     time.Duration // when the message was accepted
	Arrived  time.Duration // of Complained: when the message was delivered; 0: not known
}

// Classes is how many classes of domains a Log tells apart.
const Classes = 4

// slotLength is the resolution of the times of addresses.
const slotLength = 5 * time.Minute

// slot numbers the intervals of slotLength since 1970, from 1 to 2^24-1: until 2129.
type slot uint32

func slotOf(t time.Duration) slot { return slot(min(max(t/slotLength, 1), 1<<24-1)) }

func (s slot) start() time.Duration { return time.Duration(s) * slotLength }

// subtypes is how many kinds of bounces a tally has.
const subtypes = ses.TransientCustomTimeout + 1

// tally counts the messages of a slot, by when they were accepted.
type tally struct {
	begin, end                           int32 // of its messages, in milliseconds from the start of the slot
	sent, refused, delivered, complaints int32
	bounced                              [subtypes]int32
}

// attempts returns how many messages SES tried to deliver; without events of sends, those
// whose outcome is known.
func (t *tally) attempts(sends bool) int64 {
	if !sends {
		all := int64(t.delivered)
		for _, n := range t.bounced {
			all += int64(n)
		}
		return all - t.listed()
	}
	return max(0, int64(t.sent-t.refused)-t.listed())
}

// messages returns how many messages there were, whether or not their sends are known.
func (t *tally) messages(sends bool) int64 { return max(int64(t.sent), t.attempts(sends)) }

// listed returns how many messages were for addresses on suppression lists.
func (t *tally) listed() int64 {
	return int64(t.bounced[ses.PermanentOnAccountList] + t.bounced[ses.PermanentSuppressed])
}

// person is an address of a sender: times in slots, 0 for never, in 16 bytes.
type person struct {
	times    uint64 // first and last message, 24 bits each; messages sent, 16 bits
	outcomes uint64 // first hard bounce and last delivery, by when the message was accepted; 12 bits of outcomes, class, tried
}

func (p person) first() slot     { return slot(p.times >> 40) }
func (p person) last() slot      { return slot(p.times >> 16 & (1<<24 - 1)) }
func (p person) sent() int64     { return int64(p.times & (1<<16 - 1)) }
func (p person) hard() slot      { return slot(p.outcomes >> 40) }
func (p person) delivered() slot { return slot(p.outcomes >> 16 & (1<<24 - 1)) }
func (p person) results() int64  { return int64(p.outcomes >> 4 & (1<<12 - 1)) }
func (p person) class() uint8    { return uint8(p.outcomes >> 1 & 3) }

// tried reports whether SES tried to deliver a message and the outcome is known.
func (p person) tried() bool { return p.outcomes&1 != 0 }

// exists reports whether the address was delivered to after its hard bounce.
func (p person) exists() bool { return p.delivered() > p.hard() }

// add returns the person after an event: minima, maxima and sums, in any order the same.
func (p person) add(e *Event) person {
	at := slotOf(e.Mail)
	first, last, sent := p.first(), p.last(), p.sent()
	if first == 0 || at < first {
		first = at
	}
	last = max(last, at)
	hard, delivered, results, tried := p.hard(), p.delivered(), p.results(), p.outcomes&1
	listed := e.OnList || e.Bounce == ses.PermanentSuppressed || e.Bounce == ses.PermanentOnAccountList
	switch {
	case e.Kind == Sent:
		sent = min(sent+1, 1<<16-1)
	case e.Kind == Delivered:
		delivered, tried, results = max(delivered, at), 1, min(results+1, 1<<12-1)
	case e.Kind == Bounced && !listed:
		tried, results = 1, min(results+1, 1<<12-1)
		if e.Bounce.Type() == "Permanent" && (hard == 0 || at < hard) {
			hard = at
		}
	}
	return person{
		times:    uint64(first)<<40 | uint64(last)<<16 | uint64(sent),
		outcomes: uint64(hard)<<40 | uint64(delivered)<<16 | uint64(results)<<4 | uint64(e.Class&3)<<1 | tried,
	}
}

// group is the mail of one sender.
type group struct {
	slots      map[slot]*tally
	number     slot // of open
	open       *tally
	people     map[uint64]person
	complaints []complaint
	delivery   measure.Histogram // from acceptance to delivery
	hard       measure.Histogram // to a hard bounce
	sends      bool              // there are events of sends
	spans      map[string]span   // of the campaigns, by their names
}

// span is from the first to the last slot with messages of a campaign.
type span struct{ first, last slot }

// note notes a message of a campaign.
func (g *group) note(campaign string, at slot) {
	if g.spans == nil {
		g.spans = make(map[string]span)
	}
	s, known := g.spans[campaign]
	if !known {
		s = span{at, at}
	}
	g.spans[campaign] = span{min(s.first, at), max(s.last, at)}
}

// complaint is when a message was delivered and how long later the complaint came.
type complaint struct{ arrived, delay time.Duration }

// at returns the tally of a slot.
func (g *group) at(s slot) *tally {
	if g.open != nil && g.number == s {
		return g.open
	}
	t := g.slots[s]
	if t == nil {
		t = &tally{begin: math.MaxInt32}
		g.slots[s] = t
	}
	g.number, g.open = s, t
	return t
}

// Log gathers events, in any order, for an Account.
type Log struct {
	groups map[string]*group
	name   string // of open
	open   *group
	last   time.Duration
	first  time.Duration // of an acceptance; 0: no event yet
}

// NewLog returns an empty log.
func NewLog() *Log { return &Log{groups: make(map[string]*group)} }

// Events reports whether there was any event.
func (l *Log) Events() bool { return len(l.groups) > 0 }

// sender returns the group of a sender.
func (l *Log) sender(name string) *group {
	if l.open != nil && l.name == name {
		return l.open
	}
	g := l.groups[name]
	if g == nil {
		g = &group{slots: make(map[slot]*tally), people: make(map[uint64]person)}
		l.groups[name] = g
	}
	l.name, l.open = name, g
	return g
}

// Add counts an event. Events must not be repeated.
func (l *Log) Add(e *Event) {
	g := l.sender(e.Sender)
	l.last = max(l.last, e.Time)
	if l.first == 0 || e.Mail < l.first {
		l.first = e.Mail
	}
	if e.Campaign != "" {
		g.note(e.Campaign, slotOf(e.Mail))
	}
	t := g.at(slotOf(e.Mail))
	within := int32((e.Mail - slotOf(e.Mail).start()) / time.Millisecond)
	t.begin, t.end = min(t.begin, within), max(t.end, within)
	switch e.Kind {
	case Sent:
		g.sends = true
		t.sent++
	case Refused:
		t.refused++
	case Delivered:
		t.delivered++
		_ = g.delivery.Record(max(e.Time-e.Mail, 0), 1) // not negative
	case Bounced:
		of := e.Bounce
		if e.OnList {
			of = ses.PermanentOnAccountList
		}
		t.bounced[of]++
		if !e.OnList && of.Type() == "Permanent" && of != ses.PermanentSuppressed && of != ses.PermanentOnAccountList {
			_ = g.hard.Record(max(e.Time-e.Mail, 0), 1)
		}
	case Complained:
		t.complaints++
		arrived := e.Arrived
		if arrived == 0 {
			arrived = e.Mail
		}
		g.complaints = append(g.complaints, complaint{arrived, max(e.Time-arrived, 0)})
		return // says nothing about when the address was written to that its delivery does not
	}
	if e.Address != 0 {
		g.people[e.Address] = g.people[e.Address].add(e)
	}
}
