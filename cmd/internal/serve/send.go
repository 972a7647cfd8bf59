package serve

import (
	"errors"
	"slices"
	"strings"

	"sesim/cmd/internal/serve/api"
	"sesim/cmd/internal/serve/message"
	"sesim/reports/events"
	"sesim/sim"
	"sesim/sim/ses"
)

// send sends one message.
func (o *operation) send(m *api.Mail) (any, error) {
	id, err := o.sendOne(m)
	if err != nil {
		return nil, err
	}
	return &api.Sent{MessageID: id}, nil
}

// sendBulk sends the entries of a call, each for itself.
func (o *operation) sendBulk(in *api.SendBulk) (any, error) {
	out := &api.SentBulk{Results: make([]api.BulkResult, len(in.Entries))}
	for i := range in.Entries {
		r := &out.Results[i]
		decisions := len(o.decided)
		id, err := o.sendOne(&in.Entries[i])
		var refusal *api.Error
		switch {
		case errors.As(err, &refusal):
			if len(o.decided) == decisions {
				o.decided = append(o.decided, decided{refused: refusal, entry: i + 1})
			}
			r.Status, r.Error = api.BulkStatusOf(refusal), refusal.Wire.Message
		case err != nil:
			r.Status, r.Error = api.BulkTransientFailure, err.Error()
		default:
			r.MessageID = id
		}
	}
	return out, nil
}

// sendOne decides one message, and returns its id.
func (o *operation) sendOne(m *api.Mail) (id string, err error) {
	if m.Tenant != "" {
		return "", api.NoTenant(o.caller.Interface, m.Tenant)
	}
	c := o.call(m)
	if err := o.authorize(m, c); err != nil {
		return "", err
	}
	if m.Template != nil {
		failure, err := o.render(m, c)
		if err != nil {
			return "", err
		}
		if failure != nil && o.s.session.Describe(o.index).SendingEnabled {
			return o.s.feed.renderingFailed(o, c, m.Template.TemplateName, failure), nil
		}
	}
	o.in.Call = c
	answer, err := o.apply(&o.in)
	if err != nil {
		return "", err
	}
	id = events.MessageID(o.s.cfg, o.index, o.s.session.Now(), answer.Message)
	o.decided[len(o.decided)-1].message = id
	return id, nil
}

// call returns a message as the model takes it, until the next one.
func (o *operation) call(m *api.Mail) *sim.Call {
	i := o.covering(m.From)
	c := &o.message
	*c = sim.Call{
		Account: o.index, Interface: o.caller.Interface, From: m.From, Checked: m.Checked, Size: m.Size,
		Set: defaultSet(m, i), Recipients: o.recipients[:0],
		Message: sim.Message{
			Subject: m.Subject, SourceIP: o.caller.SourceIP, Caller: o.caller.Key, Operation: taggedAs(o.caller.Interface, m),
			Notify: notifiesHeaders(i), Headers: o.headers[:0],
		},
	}
	if !isSender(m.From) {
		c.Malformed = m.From
	}
	for _, list := range [][]string{m.To, m.Cc, m.Bcc} {
		for _, mailbox := range list {
			address := message.Address(mailbox)
			if c.Malformed == "" && !isAddress(address) {
				c.Malformed = mailbox
			}
			c.Recipients = append(c.Recipients, address)
		}
	}
	for _, h := range m.Headers {
		c.Message.Headers = append(c.Message.Headers, sim.Header{Name: h.Name, Value: h.Value})
	}
	for _, t := range m.Tags {
		if c.Message.Tags == nil {
			c.Message.Tags = map[string][]string{}
		}
		c.Message.Tags[t.Name] = append(c.Message.Tags[t.Name], t.Value)
	}
	return c
}

// notifiesHeaders returns which notifications of the identity that mail is sent for have its
// headers.
func notifiesHeaders(i *identity) (n sim.NotifyHeaders) {
	if i == nil {
		return n
	}
	for k, to := range []*bool{&n.Bounce, &n.Complaint, &n.Delivery} { // in the order of api.NotificationTypes
		*to = i.Notifications[k].Headers
	}
	return n
}

// taggedAs returns the operation that events name.
func taggedAs(i ses.Interface, m *api.Mail) string {
	switch {
	case i == ses.SMTP:
		return ""
	case i == ses.V1 && m.Template != nil:
		return "SendTemplatedEmail"
	}
	return "SendEmail"
}

// isAddress reports whether SES takes an address, UserName@[SubDomain.]Domain.TopLevelDomain
// in ASCII (API, Destination).
func isAddress(address string) bool {
	at := strings.LastIndexByte(address, '@')
	return at >= 0 && isDomain(address[at+1:]) && isLocal(address[:at])
}

// isLocal reports whether a text is what stands before the @ of an address. Within quotation
// marks it may have spaces and what means something elsewhere.
func isLocal(text string) bool {
	least, others := '!', `@,;:<>()[]\"`
	if len(text) > 2 && text[0] == '"' && text[len(text)-1] == '"' {
		least, others = ' ', ""
	}
	return text != "" && !strings.ContainsAny(text, others) &&
		!strings.ContainsFunc(text, func(c rune) bool { return c < least || c > '~' })
}

// isSender reports whether From, which may name several, can be checked: an address that is
// none would pass for its domain. One without a domain is no verified identity.
func isSender(from string) bool {
	if at := strings.LastIndexByte(from, '@'); at < 0 || isLocal(from[:at]) {
		return true // most, at once
	}
	return !slices.ContainsFunc(message.Addresses(from), func(mailbox string) bool {
		address := message.Address(mailbox)
		at := strings.LastIndexByte(address, '@')
		return at >= 0 && !isLocal(address[:at])
	})
}

// isDomain reports whether a text is a domain below a top-level one.
func isDomain(text string) bool {
	labels := 0
	for label := range strings.SplitSeq(text, ".") {
		labels++
		if label == "" || strings.ContainsFunc(label, notOfLabel) {
			return false
		}
	}
	return labels > 1
}

// notOfLabel reports whether a character cannot be in a label of a domain.
func notOfLabel(c rune) bool {
	return c != '-' && c != '_' && (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'z')
}

// defaultSet returns the configuration set of a message: the call's, else that of the
// identity that it is sent for.
func defaultSet(m *api.Mail, i *identity) string {
	if m.ConfigurationSetName == "" && i != nil {
		return i.ConfigurationSetName
	}
	return m.ConfigurationSetName
}

// covering returns the identity that an address belongs to: itself, or the deepest domain;
// nil: none.
func (o *operation) covering(mailbox string) *identity {
	name := storedAs(message.Address(mailbox))
	if i := o.account.identities[name]; i != nil {
		return i
	}
	for domain := name[strings.LastIndexByte(name, '@')+1:]; domain != ""; _, domain, _ = strings.Cut(domain, ".") {
		if i := o.account.identities[domain]; i != nil {
			return i
		}
	}
	return nil
}

// authorize finds the owner of the identity that a call names by its ARN.
func (o *operation) authorize(m *api.Mail, c *sim.Call) error {
	if m.IdentityARN == "" {
		return nil
	}
	parts := strings.SplitN(m.IdentityARN, ":", 6)
	if len(parts) < 6 || parts[0] != "arn" || parts[2] != "ses" || !strings.HasPrefix(parts[5], "identity/") {
		return o.refuse(api.BadRequest, "Invalid ARN %s.", m.IdentityARN)
	}
	for i := range o.s.cfg.Accounts {
		if a := &o.s.cfg.Accounts[i]; a.Region == parts[3] && events.AccountNumber(a) == parts[4] {
			c.Delegated, c.Owner = i != o.index, i
			return nil
		}
	}
	return o.refuse(api.Forbidden, "User is not authorized to perform ses:SendEmail on resource %s.", m.IdentityARN)
}

// render adds the rendered template to the size of a message. A failure is what SES would
// publish as a Rendering Failure.
func (o *operation) render(m *api.Mail, c *sim.Call) (failure, err error) {
	content := m.Template.TemplateContent
	if content == nil {
		name := m.Template.TemplateName
		if name == "" {
			_, name, _ = strings.Cut(m.Template.TemplateArn, "template/")
		}
		t, err := o.template(name)
		if err != nil {
			return nil, err
		}
		content = &t.content
	}
	parts, failure := render(content, m.Template.TemplateData, m.Template.ReplacementData)
	c.Message.Subject = parts.Subject
	c.Size += int64(len(parts.Subject) + len(parts.Text) + len(parts.Html))
	return failure, nil
}
