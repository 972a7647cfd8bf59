package v1

import (
	"sesim/cmd/internal/serve/api"
	"sesim/cmd/internal/serve/message"
	"sesim/sim/ses"
)

// Sender is what all actions that send say of the sender, but for SendRawEmail.
type Sender struct {
	ConfigurationSetName string
	ReplyToAddresses     []string
	ReturnPath           string
	ReturnPathArn        string
	Source               string `must:"be"`
	SourceArn            string
}

// mail returns a message of the sender.
func (s *Sender) mail() api.Mail {
	m := api.Mail{
		From: s.Source, ReturnPath: s.ReturnPath, IdentityARN: s.SourceArn, ConfigurationSetName: s.ConfigurationSetName,
	}
	if s.ReturnPath != "" {
		m.Checked = []string{s.ReturnPath}
	}
	return m
}

// Destination has the recipients.
type Destination struct{ BccAddresses, CcAddresses, ToAddresses []string }

func (d *Destination) set(m *api.Mail) {
	m.To, m.Cc, m.Bcc = d.ToAddresses, d.CcAddresses, d.BccAddresses
}

// sent is the result of sending one message.
type sent struct {
	MessageID string `xml:"MessageId"`
}

// send sends one message.
func (c *call) send(m api.Mail) (any, error) {
	if refusal := message.CheckTags(ses.V1, m.Tags); refusal != nil {
		return nil, refusal
	}
	output, err := c.run(&api.Send{Mail: m})
	if err != nil {
		return nil, err
	}
	return sent{output.(*api.Sent).MessageID}, nil
}

// SendEmail sends a message in parts.
type SendEmail struct {
	Sender
	Destination *Destination `must:"be"`
	Message     *Message     `must:"be"`
	Tags        []api.MessageTag
}

// Message is a message in parts.
type Message struct {
	Body    *Body    `must:"be"`
	Subject *Content `must:"be"`
}

// Body has at least one of the two.
type Body struct{ Html, Text *Content }

// Content is a text.
type Content struct{ Charset, Data string }

func (c *Content) text() string {
	if c == nil {
		return ""
	}
	return c.Data
}

func (a *SendEmail) do(c *call) (any, error) {
	m := a.mail()
	a.Destination.set(&m)
	m.Tags = a.Tags
	body := a.Message.Body
	message.Compose(&m, &message.Content{
		Subject: a.Message.Subject.Data, Text: body.Text.text(), HTML: body.Html.text(), ReplyTo: a.ReplyToAddresses,
	})
	return c.send(m)
}

// SendRawEmail sends a message with its headers.
type SendRawEmail struct {
	ConfigurationSetName string
	Destinations         []string
	FromArn              string
	RawMessage           *RawMessage `must:"be"`
	ReturnPathArn        string
	Source               string
	SourceArn            string
	Tags                 []api.MessageTag
}

// RawMessage is a message with its headers.
type RawMessage struct {
	Data []byte `must:"be"`
}

func (a *SendRawEmail) do(c *call) (any, error) {
	m := api.Mail{
		From: a.Source, ReturnPath: a.Source, IdentityARN: a.FromArn, To: a.Destinations,
		ConfigurationSetName: a.ConfigurationSetName, Tags: a.Tags,
	}
	if m.IdentityARN == "" {
		m.IdentityARN = a.SourceArn
	}
	message.Raw(&m, a.RawMessage.Data)
	if m.From == "" {
		return nil, api.NewError(ses.V1, api.BadRequest, "Missing required header 'From'.")
	}
	return c.send(m)
}

// SendTemplatedEmail sends a message of a stored template.
type SendTemplatedEmail struct {
	Sender
	Destination  *Destination `must:"be"`
	Tags         []api.MessageTag
	Template     string `must:"be"`
	TemplateArn  string
	TemplateData string `must:"be"`
}

func (a *SendTemplatedEmail) do(c *call) (any, error) {
	m := a.mail()
	a.Destination.set(&m)
	m.Tags = a.Tags
	m.Template = &api.Template{TemplateName: a.Template, TemplateArn: a.TemplateArn, TemplateData: a.TemplateData}
	message.Compose(&m, &message.Content{ReplyTo: a.ReplyToAddresses})
	return c.send(m)
}

// SendBulkTemplatedEmail sends messages of a stored template.
type SendBulkTemplatedEmail struct {
	Sender
	DefaultTags         []api.MessageTag
	DefaultTemplateData string            `must:"be"`
	Destinations        []BulkDestination `must:"be"`
	Template            string            `must:"be"`
	TemplateArn         string
}

// BulkDestination is one message.
type BulkDestination struct {
	Destination             *Destination `must:"be"`
	ReplacementTags         []api.MessageTag
	ReplacementTemplateData string
}

// bulkStatus is what became of one message.
type bulkStatus struct {
	Error     string `xml:",omitempty"`
	MessageID string `xml:"MessageId,omitempty"`
	Status    string
}

func (a *SendBulkTemplatedEmail) do(c *call) (any, error) {
	if n := len(a.Destinations); n > api.MaxBulk {
		return nil, api.NewError(ses.V1, api.BadRequest, "Destinations has %d entries; at most %d can be sent with a call.", n, api.MaxBulk)
	}
	bulk := &api.SendBulk{Entries: make([]api.Mail, len(a.Destinations))}
	for i := range a.Destinations {
		d, m := &a.Destinations[i], &bulk.Entries[i]
		*m = a.mail()
		d.Destination.set(m)
		m.Tags = message.MergeTags(a.DefaultTags, d.ReplacementTags)
		if refusal := message.CheckTags(ses.V1, m.Tags); refusal != nil {
			return nil, refusal
		}
		m.Template = &api.Template{
			TemplateName: a.Template, TemplateArn: a.TemplateArn, TemplateData: a.DefaultTemplateData,
			ReplacementData: d.ReplacementTemplateData,
		}
		message.Compose(m, &message.Content{ReplyTo: a.ReplyToAddresses})
	}
	output, err := c.run(bulk)
	if err != nil {
		return nil, err
	}
	var result struct{ Status list[bulkStatus] }
	for _, r := range output.(*api.SentBulk).Results {
		result.Status.Member = append(result.Status.Member, bulkStatus{r.Error, r.MessageID, r.Status.V1()})
	}
	return result, nil
}
