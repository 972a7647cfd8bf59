package scenarios

import (
	"regexp"
	"time"

	"sesim/scenarios/internal/keys"
	"sesim/scenarios/internal/tree"
	"sesim/sim"
	"sesim/sim/unit"
)

// Limits of what "sesim serve" keeps.
const (
	maxServedAddresses = 100_000_000
	maxServedEvents    = 100_000_000
	maxTopics          = 1000
)

func defaultServe() sim.Serve {
	return sim.Serve{Addresses: 1_000_000, Events: 1_000_000, Queue: 1_000_000, VerifyAfter: 30 * time.Second}
}

// serve reads how "sesim serve" behaves.
type serve struct {
	l  *loader
	to *sim.Serve
}

// serveTable binds the keys of [serve].
func (s serve) table() keys.Table {
	to := s.to
	return keys.Table{Fields: []keys.Field{
		keys.Optional("addresses", keys.Whole[int64]{To: &to.Addresses, Least: 1, Most: maxServedAddresses},
			"addresses that it can tell apart besides those of audiences; what becomes of mail to them is drawn from a hash of the address"),
		keys.Optional("events", keys.Whole[int64]{To: &to.Events, Least: 1, Most: maxServedEvents},
			"published events that it keeps for readers of the stream"),
		keys.Optional("queue", keys.Whole[int64]{To: &to.Queue, Least: 1, Most: maxServedEvents},
			"events that may wait in a queue; a jump of the clock stops there"),
		keys.Optional("magic", keys.Flag{To: &to.Magic},
			"labels decide what becomes of mail: user+sesim-bounce@, +sesim-complaint@, +sesim-mailboxfull@ and +sesim-unknown@ at any domain"),
		keys.Optional("verify_after", orNever{keys.Duration{To: &to.VerifyAfter, Most: 24 * time.Hour}},
			`how long the verification of a new identity takes; "never": until somebody verifies it`),
		keys.Optional("topic", s.topics(), "where events go that are published to an SNS topic"),
	}}
}

func (s serve) Shape() keys.Shape { return keys.OneOfTables(s.Variants()) }

func (s serve) Variants() []keys.Variant {
	usual := defaultServe()
	return serve{s.l, &usual}.table().Variants()
}

func (s serve) Read(r *tree.Reporter, n *tree.Node, path string) {
	if n.Kind != tree.Table {
		r.Wrong(n, path, "", "%s is not a table: begin it with [serve]", n.Show())
		return
	}
	s.table().Read(r, n, path)
}

// topics reads the topics.
func (s serve) topics() keys.Section {
	return keys.Section{
		Most: maxTopics, Entity: s.topic,
		Sorts: func() []keys.Variant { return topicTable(&sim.Topic{}).Variants() },
	}
}

var (
	arns = form{
		regexp.MustCompile(`^arn:aws[a-z-]*:sns:[a-z0-9-]{1,32}:[0-9]{12}:[A-Za-z0-9_-]{1,256}$`),
		`the ARN of a topic`, "arn:aws:sns:us-east-1:123456789012:bounces",
	}
	queues = form{regexp.MustCompile(`^[A-Za-z0-9_-]{1,80}$`), `the name of a queue`, "bounces"}
)

// topicTable binds the keys of a [[serve.topic]].
func topicTable(t *sim.Topic) keys.Table {
	return keys.Table{Fields: []keys.Field{
		keys.Required("arn", formed{&t.ARN, arns}, "ARN of the topic, to which event destinations and identities refer"),
		keys.Optional("url", keys.Website{To: &t.URL}, "web server on this machine that gets the notifications").Or("queue"),
		keys.Optional("queue", formed{&t.Queue, queues}, "queue that gets them").Or("url"),
		keys.Optional("raw", keys.Flag{To: &t.Raw}, "the event itself is delivered, without the envelope of SNS"),
	}}
}

// topic reads one [[serve.topic]].
func (s serve) topic(n *tree.Node, path string) {
	var t sim.Topic
	topicTable(&t).Read(s.l.Reporter, n, path)
	switch {
	case n.Has("url") && n.Has("queue"):
		s.l.Wrong(n.Table["queue"], tree.Join(path, "queue"), "", "a topic has a url or a queue, not both: write two topics with the same ARN")
	case !n.Has("url") && !n.Has("queue"):
		s.l.WrongKey(n, path, "", "a topic has either a url or a queue")
	}
	s.to.Topics = append(s.to.Topics, t)
}

// form is a form that a text must have.
type form struct {
	pattern *regexp.Regexp
	what    string
	example string
}

// formed reads a text with a form.
type formed struct {
	to *string
	form
}

func (f formed) Read(r *tree.Reporter, n *tree.Node, path string) {
	v, ok := n.Value.(string)
	if !ok || !f.pattern.MatchString(v) {
		r.Wrong(n, path, "", "%s is not %s: write one such as %q", n.Show(), f.what, f.example)
		return
	}
	*f.to = v
}

func (f formed) Shape() keys.Shape {
	return keys.Shape{"type": "string", "pattern": f.pattern.String()}
}

func (f formed) Range() string { return "such as `\"" + f.example + "\"`" }

// orNever reads a duration or "never", which is negative.
type orNever struct{ keys.Duration }

func (d orNever) Read(r *tree.Reporter, n *tree.Node, path string) {
	if v, ok := n.Value.(string); ok && v == "never" {
		*d.To = -1
		return
	}
	d.Duration.Read(r, n, path)
}

func (d orNever) Shape() keys.Shape {
	return keys.Shape{"anyOf": []keys.Shape{d.Duration.Shape(), keys.OneOf("never")}}
}

func (d orNever) Default() string { return `"` + unit.FormatDuration(*d.To) + `"` }
