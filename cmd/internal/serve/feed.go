package serve

import (
	"bytes"
	"encoding/json"
	"time"

	"sesim/cmd/internal/serve/api"
	"sesim/cmd/internal/serve/fault"
	"sesim/cmd/internal/serve/notify"
	"sesim/reports/events"
	"sesim/reports/explain"
	"sesim/sim"
	"sesim/sim/ses"
)

// feed takes the records of the session: it publishes the events of mail that came from
// outside, and keeps what the API tells of lists and statistics.
type feed struct {
	s      *Server
	cfg    *sim.Config
	writer *events.Writer
	of     sim.Record // what it is writing about
	stream *stream
	follow *explain.Follower

	published int64    // notifications so far
	changes   []Change // of accounts, while a jump is under way
	failures  int64    // of templates
}

// Change is a transition of an account.
type Change struct {
	At      time.Time `json:"at"`
	Account string    `json:"account"`
	Event   string    `json:"event"`
	Why     string    `json:"why"`
}

func newFeed(s *Server) *feed { return &feed{s: s} }

// begin begins with the events of a session.
func (f *feed) begin(cfg *sim.Config) {
	f.cfg, f.stream, f.follow = cfg, newStream(cfg.Serve.Events), explain.NewFollower(cfg)
	f.writer = events.New(&publisher{f, f.publish}, cfg, events.EventPublishing)
	f.writer.Also(&publisher{f, f.notify}, events.Notification, f.notifies)
}

// Observe takes one record.
func (f *feed) Observe(r *sim.Record) {
	f.keep(r)
	f.follow.Observe(r)
	if !r.Live {
		return
	}
	// Bounces of the mailbox simulator wait for others of the same message.
	if r.Kind != sim.Simulated || r.Account != f.of.Account || r.Message != f.of.Message {
		f.release()
	}
	f.of = sim.Record{Account: r.Account, Set: r.Set, Message: r.Message, At: r.At}
	f.writer.Observe(r)
	if r.Kind != sim.Simulated {
		f.release()
	}
}

// keep keeps what the API tells of lists and statistics.
func (f *feed) keep(r *sim.Record) {
	switch r.Kind {
	case sim.ListedAccount, sim.UnlistedAccount:
		f.keepListed(r)
	case sim.Changed:
		if f.s.advancing {
			f.changes = append(f.changes, Change{
				f.cfg.Start.Add(r.At), f.cfg.Accounts[r.Account].Name, r.Transition.Event.String(), r.Transition.Why,
			})
		}
	case sim.Sent:
		f.point(r).DeliveryAttempts += int64(len(r.Recipients))
		f.s.accounts[r.Account].sent += int64(len(r.Recipients))
	case sim.Refused:
		f.s.accounts[r.Account].refused += int64(len(r.Recipients))
	case sim.HardBounced, sim.SuppressedGlobal:
		f.point(r).Bounces++
	case sim.Complained:
		f.point(r).Complaints++
	case sim.Rejected:
		f.point(r).Rejects++
	}
}

// The points of statistics, and how long SES tells them.
const (
	pointEvery = 15 * time.Minute
	pointsKept = 14 * 24 * time.Hour
)

// point returns the point of statistics that a record counts in.
func (f *feed) point(r *sim.Record) *api.SendDataPoint {
	a := f.s.accounts[r.Account]
	at := f.cfg.Start.Add(r.At).Truncate(pointEvery)
	if n := len(a.points); n == 0 || a.points[n-1].Timestamp.Before(at) {
		for len(a.points) > 0 && at.Sub(a.points[0].Timestamp) > pointsKept {
			a.points = a.points[1:]
		}
		a.points = append(a.points, api.SendDataPoint{Timestamp: at})
	}
	return &a.points[len(a.points)-1]
}

// keepListed keeps an entry of the account-level list.
func (f *feed) keepListed(r *sim.Record) {
	text := r.Spelling
	if text == "" && r.Address.Audience >= 0 {
		text = storedAs(f.cfg.Audiences[r.Address.Audience].AddressOf(r.Address.Number))
	}
	list := f.s.accounts[r.Account].listed
	if r.Kind == sim.UnlistedAccount {
		delete(list, text)
		return
	}
	e := &listed{address: text, reason: r.ListReason, at: f.cfg.Start.Add(r.At)}
	if r.Live {
		e.learned = &api.SuppressedDestinationAttributes{MessageId: events.MessageID(f.cfg, r.Account, r.SentAt, r.Message)}
	}
	list[text] = e
}

// flush publishes what waits.
func (f *feed) flush() {
	f.release()
	f.stream.wake()
}

// release publishes the events that the writer has written.
func (f *feed) release() { _ = f.writer.Flush() } // a publisher takes everything

// publisher publishes the lines of a style that are written to it.
type publisher struct {
	f       *feed
	publish func(of *sim.Record, event []byte)
}

// Write implements io.Writer.
func (p *publisher) Write(lines []byte) (int, error) {
	for line := range bytes.Lines(lines) {
		p.publish(&p.f.of, bytes.TrimSuffix(line, []byte("\n")))
	}
	return len(lines), nil
}

// typeOf returns the type of an event, which is its first value.
func typeOf(event []byte) string {
	_, rest, _ := bytes.Cut(event, []byte(`":"`))
	name, _, _ := bytes.Cut(rest, []byte(`"`))
	return string(name)
}

// subject is that of notifications of event destinations.
const subject = "Amazon SES Email Event Notification"

// publish publishes an event to the destinations of its configuration set.
func (f *feed) publish(of *sim.Record, event []byte) {
	taken := false
	name := ""
	if of.Set > 0 {
		name = f.cfg.Accounts[of.Account].Sets[of.Set-1].Name
	}
	if c := f.s.accounts[of.Account].sets[name]; c != nil {
		kind := typeOf(event)
		for i := range c.destinations {
			if d := &c.destinations[i]; notify.Matches(&d.EventDestinationDefinition, kind) {
				taken = true
				f.deliver(of, name, d, kind, event)
			}
		}
	}
	if !taken {
		f.add(of, "", event)
	}
}

// deliver delivers an event to a destination.
func (f *feed) deliver(of *sim.Record, set string, d *api.EventDestination, kind string, event []byte) {
	account := &f.cfg.Accounts[of.Account]
	switch {
	case d.SnsDestination != nil:
		f.announce(account.Name, d.SnsDestination.TopicArn, subject, event)
	case d.EventBridgeDestination != nil:
		id, at := token(account.Name, string(event)), f.cfg.Start.Add(of.At)
		if bridged, err := notify.Bridge(event, kind, id, events.AccountNumber(account), account.Region, set, at); err == nil {
			event = bridged
		}
	}
	f.add(of, set+"/"+d.Name, event)
}

// announce publishes an event to a topic, late or twice if a fault hits it.
func (f *feed) announce(account, topic, subject string, event []byte) {
	f.published++
	n := f.s.config.Notifier
	if hit := f.s.disturb(fault.Call{Interface: fault.SNS, Operation: fault.Publish, Account: account, To: []string{topic}}, ""); hit != nil {
		n.PublishLate(topic, subject, string(event), hit.Delay, hit.Twice)
		return
	}
	_ = n.Publish(topic, subject, string(event)) // counted there if it is full
}

// add adds an event to the stream.
func (f *feed) add(of *sim.Record, destination string, event []byte) {
	f.stream.add(&Event{
		Virtual: f.cfg.Start.Add(of.At), Account: f.cfg.Accounts[of.Account].Name, Destination: destination, Event: event,
	})
}

// notify publishes a notification of an identity to its topic, if it has one.
func (f *feed) notify(of *sim.Record, event []byte) {
	o := &operation{s: f.s, index: of.Account, account: f.s.accounts[of.Account]}
	var mail struct {
		NotificationType string
		Mail             struct{ Source string }
	}
	if json.Unmarshal(event, &mail) != nil {
		return // a bug of the writer's, which its own tests find
	}
	i := o.covering(mail.Mail.Source)
	if i == nil {
		return
	}
	for n, kind := range api.NotificationTypes {
		if topic := i.Notifications[n].TopicARN; kind == mail.NotificationType && topic != "" {
			f.announce(f.cfg.Accounts[of.Account].Name, topic, "", event)
		}
	}
}

// notifies reports whether an identity of an account has a topic for notifications.
func (f *feed) notifies(account int) bool {
	for _, i := range f.s.accounts[account].identities {
		for _, n := range i.Notifications {
			if n.TopicARN != "" {
				return true
			}
		}
	}
	return false
}

// renderingFailed publishes that a template could not be rendered, and returns the id of
// the message. It takes nothing from the quota; that is assumed.
func (f *feed) renderingFailed(o *operation, c *sim.Call, name string, failure error) string {
	const after = 1 << 40 // numbers of accepted messages are below
	id := events.MessageID(f.cfg, o.index, o.s.session.Now(), after+f.failures)
	f.failures++
	account := &f.cfg.Accounts[o.index]
	number, _ := o.s.session.Set(o.index, c.Set)
	tags := map[string][]string{"ses:operation": {c.Message.Operation}, "ses:caller-identity": {c.Message.Caller}}
	if c.Set != "" {
		tags["ses:configuration-set"] = []string{c.Set}
	}
	for key, values := range c.Message.Tags {
		tags[key] = values
	}
	event, err := json.Marshal(struct {
		EventType string         `json:"eventType"`
		Mail      map[string]any `json:"mail"`
		Failure   map[string]any `json:"failure"`
	}{"Rendering Failure", map[string]any{
		"timestamp": o.s.now().UTC().Format("2006-01-02T15:04:05.000Z"), "source": ses.BareAddress(c.From), "messageId": id,
		"sendingAccountId": events.AccountNumber(account), "destination": c.Recipients, "headersTruncated": false, "tags": tags,
	}, map[string]any{"errorMessage": failure.Error(), "templateName": name}})
	if err == nil {
		f.publish(&sim.Record{Account: o.index, Set: number, At: o.s.session.Now()}, event)
	}
	return id
}
