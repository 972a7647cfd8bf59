package v2

import (
	"sesim/cmd/internal/serve/api"
	"sesim/cmd/internal/serve/message"
	"sesim/sim/ses"
)

// Sender is what both operations that send say of the sender.
type Sender struct {
	ConfigurationSetName                      string
	FeedbackForwardingEmailAddress            string
	FeedbackForwardingEmailAddressIdentityArn string
	FromEmailAddress                          string
	FromEmailAddressIdentityArn               string
	ReplyToAddresses                          []string
	TenantName                                string
}

// mail returns a message of the sender.
func (s *Sender) mail() api.Mail {
	m := api.Mail{
		From: s.FromEmailAddress, ReturnPath: s.FeedbackForwardingEmailAddress, IdentityARN: s.FromEmailAddressIdentityArn,
		ConfigurationSetName: s.ConfigurationSetName,
	}
	if s.FeedbackForwardingEmailAddress != "" {
		m.Checked = []string{s.FeedbackForwardingEmailAddress}
	}
	return m
}

// Destination has the recipients.
type Destination struct{ BccAddresses, CcAddresses, ToAddresses []string }

// SendEmail sends one message.
type SendEmail struct {
	Sender
	Content               *EmailContent `must:"be"`
	Destination           *Destination
	EmailTags             []api.MessageTag
	ListManagementOptions *ListManagementOptions
}

// ListManagementOptions name a contact list, which the model does not have.
type ListManagementOptions struct {
	ContactListName string `must:"be"`
	TopicName       string
}

// EmailContent is one of the three.
type EmailContent struct {
	Raw      *RawMessage
	Simple   *Message
	Template *Template
}

// RawMessage is a message with its headers.
type RawMessage struct {
	Data []byte `must:"be"`
}

// Message is a message in parts.
type Message struct {
	Body        *Body        `must:"be"`
	Subject     *Content     `must:"be"`
	Attachments []Attachment // as bytes
	Headers     []api.MessageHeader
}

// Body has at least one of the two.
type Body struct{ Html, Text *Content }

// Content is a text.
type Content struct {
	Data    string
	Charset string
}

// Attachment is a file that is sent along.
type Attachment struct {
	FileName                string `must:"be"`
	RawContent              []byte `must:"be"`
	ContentDescription      string
	ContentDisposition      string
	ContentId               string
	ContentTransferEncoding string
	ContentType             string
}

// Template is a template with its data.
type Template struct {
	Attachments     []Attachment
	Headers         []api.MessageHeader
	TemplateArn     string
	TemplateContent *api.EmailTemplateContent
	TemplateData    string
	TemplateName    string
}

// read returns the call as one message.
func (in *SendEmail) read(api.Caller) (any, error) {
	if in.ListManagementOptions != nil {
		return nil, api.NewError(ses.V2, api.NotFound, "List with name: %s doesn't exist.", in.ListManagementOptions.ContactListName)
	}
	send := &api.Send{Mail: in.mail()}
	m := &send.Mail
	m.Tags = in.EmailTags
	if in.Destination != nil {
		m.To, m.Cc, m.Bcc = in.Destination.ToAddresses, in.Destination.CcAddresses, in.Destination.BccAddresses
	}
	if refusal := message.CheckTags(ses.V2, m.Tags); refusal != nil {
		return nil, refusal
	}
	c := in.Content
	switch {
	case count(c.Raw != nil, c.Simple != nil, c.Template != nil) != 1:
		return nil, api.NewError(ses.V2, api.BadRequest, "Exactly one of Content.Simple, Content.Raw and Content.Template must be given.")
	case c.Raw != nil:
		message.Raw(m, c.Raw.Data)
		if m.From == "" {
			return nil, api.NewError(ses.V2, api.BadRequest, "Missing required header 'From'.")
		}
	case c.Simple != nil:
		content := message.Content{
			Subject: c.Simple.Subject.Data, Headers: c.Simple.Headers, ReplyTo: in.ReplyToAddresses, Attachments: raw(c.Simple.Attachments),
		}
		content.Text, content.HTML = data(c.Simple.Body.Text), data(c.Simple.Body.Html)
		message.Compose(m, &content)
	default:
		m.Template = c.Template.stored()
		message.Compose(m, &message.Content{Headers: c.Template.Headers, ReplyTo: in.ReplyToAddresses, Attachments: raw(c.Template.Attachments)})
	}
	return send, nil
}

func count(conditions ...bool) (n int) {
	for _, c := range conditions {
		if c {
			n++
		}
	}
	return n
}

func data(c *Content) string {
	if c == nil {
		return ""
	}
	return c.Data
}

func raw(list []Attachment) [][]byte {
	files := make([][]byte, len(list))
	for i := range list {
		files[i] = list[i].RawContent
	}
	return files
}

// stored returns the template that the call names or holds.
func (t *Template) stored() *api.Template {
	return &api.Template{
		TemplateName: t.TemplateName, TemplateArn: t.TemplateArn, TemplateContent: t.TemplateContent, TemplateData: t.TemplateData,
	}
}

// SendBulkEmail sends messages of one template.
type SendBulkEmail struct {
	Sender
	BulkEmailEntries []BulkEmailEntry  `must:"be"`
	DefaultContent   *BulkEmailContent `must:"be"`
	DefaultEmailTags []api.MessageTag
}

// BulkEmailContent has the template.
type BulkEmailContent struct{ Template *Template }

// BulkEmailEntry is one message.
type BulkEmailEntry struct {
	Destination             *Destination `must:"be"`
	ReplacementEmailContent *ReplacementEmailContent
	ReplacementHeaders      []api.MessageHeader
	ReplacementTags         []api.MessageTag
}

// ReplacementEmailContent has an entry's own data.
type ReplacementEmailContent struct{ ReplacementTemplate *ReplacementTemplate }

// ReplacementTemplate has an entry's own data.
type ReplacementTemplate struct{ ReplacementTemplateData string }

// read returns the call as its messages.
func (in *SendBulkEmail) read(api.Caller) (any, error) {
	template := in.DefaultContent.Template
	switch {
	case template == nil:
		return nil, api.NewError(ses.V2, api.BadRequest, "DefaultContent.Template must be given.")
	case len(in.BulkEmailEntries) > api.MaxBulk:
		return nil, api.NewError(ses.V2, api.BadRequest, "BulkEmailEntries has %d entries; at most %d can be sent with a call.",
			len(in.BulkEmailEntries), api.MaxBulk)
	}
	bulk := &api.SendBulk{Entries: make([]api.Mail, len(in.BulkEmailEntries))}
	for i := range in.BulkEmailEntries {
		e := &in.BulkEmailEntries[i]
		m := &bulk.Entries[i]
		*m = in.mail()
		m.To, m.Cc, m.Bcc = e.Destination.ToAddresses, e.Destination.CcAddresses, e.Destination.BccAddresses
		m.Tags = message.MergeTags(in.DefaultEmailTags, e.ReplacementTags)
		if refusal := message.CheckTags(ses.V2, m.Tags); refusal != nil {
			return nil, refusal
		}
		m.Template = template.stored()
		if r := e.ReplacementEmailContent; r != nil && r.ReplacementTemplate != nil {
			m.Template.ReplacementData = r.ReplacementTemplate.ReplacementTemplateData
		}
		headers := message.MergeHeaders(template.Headers, e.ReplacementHeaders)
		message.Compose(m, &message.Content{Headers: headers, ReplyTo: in.ReplyToAddresses, Attachments: raw(template.Attachments)})
	}
	return bulk, nil
}

// SendBulkEmailOutput is the output of SendBulkEmail.
type SendBulkEmailOutput struct{ BulkEmailEntryResults []BulkEmailEntryResult }

// BulkEmailEntryResult is what became of one entry.
type BulkEmailEntryResult struct {
	Error     string `json:",omitempty"`
	MessageId string `json:",omitempty"`
	Status    string
}

// write returns the output with the statuses of version 2.
func (*SendBulkEmail) write(output any) any {
	results := output.(*api.SentBulk).Results
	out := &SendBulkEmailOutput{make([]BulkEmailEntryResult, len(results))}
	for i, r := range results {
		out.BulkEmailEntryResults[i] = BulkEmailEntryResult{r.Error, r.MessageID, r.Status.V2()}
	}
	return out
}
