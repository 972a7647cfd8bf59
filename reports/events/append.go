package events

import (
	"encoding/json"
	"strconv"
)

// append appends a record as encoding/json writes it, without its reflection: what all
// records have, and those of mail that is sent and delivered, are most of what a Writer
// does.
func (rec *record) append(b []byte) []byte {
	t := text{append(b, '{')}
	t.optional("eventType", rec.EventType)
	t.optional("notificationType", rec.NotificationType)
	if rec.Bounce != nil {
		t.value("bounce", rec.Bounce)
	}
	if rec.Complaint != nil {
		t.value("complaint", rec.Complaint)
	}
	t.key("mail")
	rec.Mail.append(&t)
	if rec.Delivery != nil {
		t.key("delivery")
		rec.Delivery.append(&t)
	}
	if rec.Send != nil {
		t.key("send")
		t.b = append(t.b, "{}"...)
	}
	if rec.Reject != nil {
		t.value("reject", rec.Reject)
	}
	if rec.DeliveryDelay != nil {
		t.value("deliveryDelay", rec.DeliveryDelay)
	}
	return append(t.b, '}')
}

func (m *mail) append(t *text) {
	t.b = append(t.b, '{')
	t.string("timestamp", m.Timestamp)
	t.string("source", m.Source)
	t.string("sourceArn", m.SourceArn)
	t.optional("sourceIp", m.SourceIP)
	t.optional("callerIdentity", m.CallerIdentity)
	t.string("sendingAccountId", m.SendingAccountID)
	t.string("messageId", m.MessageID)
	t.strings("destination", m.Destination)
	if m.HeadersTruncated != nil {
		t.key("headersTruncated")
		t.b = strconv.AppendBool(t.b, *m.HeadersTruncated)
	}
	if len(m.Headers) > 0 {
		t.headers(m.Headers)
	}
	if c := m.CommonHeaders; c != nil {
		t.key("commonHeaders")
		t.b = append(t.b, '{')
		t.strings("from", c.From)
		t.strings("to", c.To)
		t.string("messageId", c.MessageID)
		t.optional("subject", c.Subject)
		t.b = append(t.b, '}')
	}
	if len(m.Tags) > 0 {
		t.tags(m.Tags)
	}
	t.b = append(t.b, '}')
}

func (d *delivery) append(t *text) {
	t.b = append(t.b, '{')
	t.string("timestamp", d.Timestamp)
	t.key("processingTimeMillis")
	t.b = strconv.AppendInt(t.b, d.ProcessingTimeMillis, 10)
	t.strings("recipients", d.Recipients)
	t.string("smtpResponse", d.SMTPResponse)
	t.string("remoteMtaIp", d.RemoteMtaIP)
	t.string("reportingMTA", d.ReportingMTA)
	t.b = append(t.b, '}')
}

// text is JSON that is being written.
type text struct{ b []byte }

// comma separates a value from the one before it.
func (t *text) comma() {
	if last := t.b[len(t.b)-1]; last != '{' && last != '[' {
		t.b = append(t.b, ',')
	}
}

// key begins a member of an object, whose name needs only quotation marks.
func (t *text) key(name string) {
	t.comma()
	t.b = append(t.b, '"')
	t.b = append(t.b, name...)
	t.b = append(t.b, '"', ':')
}

func (t *text) string(name, value string) {
	t.key(name)
	t.quote(value)
}

// optional leaves out what is empty.
func (t *text) optional(name, value string) {
	if value != "" {
		t.string(name, value)
	}
}

func (t *text) strings(name string, list []string) {
	t.key(name)
	t.list(list)
}

func (t *text) list(list []string) {
	if list == nil {
		t.b = append(t.b, "null"...)
		return
	}
	t.b = append(t.b, '[')
	for _, s := range list {
		t.comma()
		t.quote(s)
	}
	t.b = append(t.b, ']')
}

func (t *text) headers(list []header) {
	t.key("headers")
	t.b = append(t.b, '[')
	for _, h := range list {
		t.comma()
		t.b = append(t.b, '{')
		t.string("name", h.Name)
		t.string("value", h.Value)
		t.b = append(t.b, '}')
	}
	t.b = append(t.b, ']')
}

func (t *text) tags(list tagList) {
	t.key("tags")
	t.b = append(t.b, '{')
	for _, tag := range list {
		t.comma()
		t.quote(tag.Name)
		t.b = append(t.b, ':')
		t.list(tag.Values)
	}
	t.b = append(t.b, '}')
}

// value writes a member by encoding/json.
func (t *text) value(name string, value any) {
	t.key(name)
	t.json(value)
}

// quote writes a string. Those that need more than quotation marks are rare.
func (t *text) quote(s string) {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			t.json(s)
			return
		}
	}
	t.b = append(t.b, '"')
	t.b = append(t.b, s...)
	t.b = append(t.b, '"')
}

func (t *text) json(value any) {
	out := sink{t.b}
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false) // diagnostics have angle brackets
	_ = encoder.Encode(value)    // strings and lists of them
	t.b = out.b[:len(out.b)-1]   // without the line's end
}

// sink takes what is written to it.
type sink struct{ b []byte }

func (s *sink) Write(p []byte) (int, error) {
	s.b = append(s.b, p...)
	return len(p), nil
}
