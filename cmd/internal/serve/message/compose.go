package message

import (
	"strings"

	"sesim/cmd/internal/serve/api"
)

// Content is a message whose parts a call names one by one.
type Content struct {
	Subject     string
	Text, HTML  string
	Headers     []api.MessageHeader
	ReplyTo     []string
	Attachments [][]byte
}

// structure is the size of what SES adds to the parts of a message: Date, Message-ID,
// MIME-Version and the headers of a multipart body. It is assumed.
const structure = 400

// Compose writes the headers of a message as SES would, for events, and adds up its size.
// Its sender, recipients and tags are in m.
func Compose(m *api.Mail, c *Content) {
	m.Subject = c.Subject
	m.Headers = make([]api.MessageHeader, 0, 6+len(c.Headers))
	for _, h := range []api.MessageHeader{
		{Name: "From", Value: m.From},
		{Name: "Reply-To", Value: strings.Join(c.ReplyTo, ", ")},
		{Name: "To", Value: strings.Join(m.To, ", ")},
		{Name: "Cc", Value: strings.Join(m.Cc, ", ")},
		{Name: "Subject", Value: c.Subject},
		{Name: "MIME-Version", Value: "1.0"},
	} {
		if h.Value != "" {
			keep(m, h.Name, h.Value)
		}
	}
	m.Size = structure + encoded(c.Text) + encoded(c.HTML)
	for _, h := range c.Headers {
		if !told(m, h.Name, h.Value) {
			keep(m, h.Name, h.Value)
		}
	}
	for _, a := range c.Attachments {
		m.Size += base64Size(len(a))
	}
	for _, h := range m.Headers {
		m.Size += int64(len(h.Name) + len(": \r\n") + len(h.Value))
	}
}

// encoded returns the size of a text in a message: as it is while it is ASCII, else in
// base64.
func encoded(text string) int64 {
	for i := range len(text) {
		if text[i] >= 0x80 {
			return base64Size(len(text))
		}
	}
	return int64(len(text))
}

// base64Size returns the size of n bytes in base64, with lines of 76 characters.
func base64Size(n int) int64 {
	size := int64(n+2) / 3 * 4
	return size + (size+75)/76*2
}
