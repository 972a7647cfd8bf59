package events

import (
	"fmt"
	"io"

	"sesim/reports/jsontext"
	"sesim/sim"
	"sesim/sim/ses"
)

// Style is the format of the records.
type Style uint8

// The styles.
const (
	EventPublishing Style = iota // eventType: through a configuration set
	Notification                 // notificationType: of an identity, through SNS
)

// String returns event-publishing or notification.
func (s Style) String() string {
	if s == Notification {
		return "notification"
	}
	return "event-publishing"
}

// ParseStyle reads event-publishing or notification.
func ParseStyle(text string) (Style, error) {
	for _, s := range []Style{EventPublishing, Notification} {
		if text == s.String() {
			return s, nil
		}
	}
	return 0, fmt.Errorf("%q is not one of %q, %q", text, EventPublishing, Notification)
}

// Writer is an observer of a run that writes what SES would publish.
type Writer struct {
	cfg               *sim.Config
	outputs           [2]output             // by style
	style             Style                 // of the records that are being written
	refusals          *stream               // may be nil
	err               error                 // the first
	origins           [][]*origin           // of each sender, at each of its accounts
	callers           map[callerKey]*origin // of mail from outside
	flights           flights
	flight            *flight           // of the message that is being written about; nil: none
	rejected          flightKey         // the message that the last Reject was about
	text              *text             // of the output that is being written to
	to                addresses         // of the record's message
	recipient         []byte            // that the record is about
	quoted            []byte            // the recipient as JSON
	joined, diagnosis []byte            // room for texts of it
	reporter          []byte            // also
	headers           []header          // of a message that is taken in
	taken             []byte            // its texts
	remotes           map[string]string // addresses of domains' mail servers
	holder            flightKey         // the message of the bounces that outputs hold
}

// output is where the records of one style go.
type output struct {
	records *stream                // nil: nowhere
	wanted  func(account int) bool // whether those of an account are written; nil: all are
	held    []held                 // bounces of the mailbox simulator that may get more recipients
}

var _ sim.Observer = (*Writer)(nil)

// New returns a Writer for a run of cfg. With a nil w it writes no records, only
// refusals. Flush must be called after the run.
func New(w io.Writer, cfg *sim.Config, style Style) *Writer {
	e := &Writer{
		cfg: cfg, origins: make([][]*origin, len(cfg.Senders)), callers: map[callerKey]*origin{}, flights: newFlights(cfg), rejected: noFlight,
		remotes: map[string]string{},
	}
	e.outputs[style].records = newStream("email events", w)
	return e
}

// Also makes the Writer write records of another style to out, of those accounts for which
// wanted returns true at the time of the event. It must be called before the run.
func (w *Writer) Also(out io.Writer, style Style, wanted func(account int) bool) {
	w.outputs[style] = output{records: newStream("email events", out), wanted: wanted}
}

// Refusals makes the Writer write refused calls to out, one JSON object per line.
// It must be called before the run.
func (w *Writer) Refusals(out io.Writer) { w.refusals = newStream("refusals", out) }

// Flush writes all pending records and returns the first error of the Writer.
func (w *Writer) Flush() error {
	w.release()
	for i := range w.outputs {
		w.keep(w.outputs[i].records.flush())
	}
	w.keep(w.refusals.flush())
	return w.err
}

// keep keeps the first error.
func (w *Writer) keep(err error) {
	if w.err == nil {
		w.err = err
	}
}

// Observe writes the records that SES would publish of an email event. After an
// error it does nothing.
func (w *Writer) Observe(r *sim.Record) {
	if w.err != nil || !r.Live && (r.Sender < 0 || r.Sender >= len(w.cfg.Senders)) {
		return
	}
	if r.Kind == sim.Refused {
		w.refuse(r)
	}
	if w.outputs[EventPublishing].records == nil && w.outputs[Notification].records == nil {
		return
	}
	if r.Kind != sim.Simulated || keyOf(r) != w.holder {
		w.release()
	}
	w.flight = w.flightOf(r)
	for style := range w.outputs {
		if o := &w.outputs[style]; o.records != nil && (o.wanted == nil || o.wanted(r.Account)) {
			w.style = Style(style)
			w.publish(r)
		}
	}
	w.settle(r)
}

// publish writes the records of an email event. SES does not publish the kinds
// that appear neither here nor in publishMore.
func (w *Writer) publish(r *sim.Record) {
	switch r.Kind {
	case sim.Delivered:
		w.deliver(r)
	case sim.SuppressedGlobal, sim.HardBounced, sim.SoftBounced, sim.AutoReplied:
		w.bounce(r)
	case sim.SuppressedAccount:
		if r.ListReason == ses.ListComplaint {
			w.complain(r)
			return
		}
		w.bounce(r)
	case sim.Complained:
		w.complain(r)
	case sim.Simulated:
		w.simulate(r)
	default:
		if w.style == EventPublishing {
			w.publishMore(r)
		}
	}
}

// publishMore writes the records that only event publishing has.
func (w *Writer) publishMore(r *sim.Record) {
	switch r.Kind {
	case sim.Sent:
		w.send(r)
	case sim.Rejected:
		w.reject(r)
	case sim.Delayed:
		w.delay(r)
	}
}

// begin begins a record of the named type in the current style, and notes whom it is about.
func (w *Writer) begin(r *sim.Record, kind string) *text {
	w.address(r)
	switch {
	case w.to.single():
		w.recipient, w.quoted = append(w.recipient[:0], w.to.text...), append(w.quoted[:0], w.to.quoted...)
	case r.Kind != sim.Sent: // which is about all of them
		w.recipient = w.appendRecipient(w.recipient[:0], r)
		w.quoted = jsontext.AppendQuoted(w.quoted[:0], w.recipient)
	}
	w.text = &w.outputs[w.style].records.text
	name := `{"eventType":"`
	if w.style == Notification {
		name = `{"notificationType":"`
	}
	b := append(append(w.text.B, name...), kind...)
	w.text.B = append(b, '"')
	return w.text
}

// domain returns the domain of the recipient that the record is about.
func (w *Writer) domain() []byte { return domainIn(w.recipient) }

// write ends a record in the current style.
func (w *Writer) write() { w.keep(w.outputs[w.style].records.end()) }
