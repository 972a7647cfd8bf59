// Package message reads what SES reads of a message: its headers. The body counts with its
// size and is not kept.
package message

import (
	"bytes"
	"mime"
	"slices"
	"strings"

	"sesim/cmd/internal/serve/api"
)

// Raw reads a whole message as SendRawEmail and SMTP take it. What the call itself has set
// in m stays: recipients, From, the configuration set, tags.
//
// A message without recipients in the call goes to those of its headers To, Cc and Bcc. The
// headers with which SES is told something, which begin with X-SES-, are read and removed,
// as is Bcc.
func Raw(m *api.Mail, raw []byte) {
	m.Size = int64(len(raw))
	var from, to, cc, bcc []string
	for name, value := range fields(raw) {
		switch strings.ToLower(name) {
		case "from":
			from = append(from, value)
		case "sender", "return-path":
			m.Checked = check(m.Checked, value)
		case "to":
			to = append(to, Addresses(value)...)
		case "cc":
			cc = append(cc, Addresses(value)...)
		case "bcc":
			bcc = append(bcc, Addresses(value)...)
			continue
		case "subject":
			m.Subject = decoded(value)
		}
		if !told(m, name, value) {
			keep(m, name, value)
		}
	}
	if len(from) > 0 {
		if m.From != "" && m.From != from[0] {
			m.Checked = check(m.Checked, m.From)
		}
		m.From = from[0]
	}
	if m.Recipients() == 0 {
		m.To, m.Cc, m.Bcc = to, cc, bcc
	}
}

// check adds an identity to those that a call names. The empty Return-Path is none.
func check(list []string, value string) []string {
	if value == "" || value == "<>" || slices.Contains(list, value) {
		return list
	}
	return append(list, value)
}

// told reads a header with which SES is told something.
func told(m *api.Mail, name, value string) bool {
	if len(name) < 6 || !strings.EqualFold(name[:6], "X-SES-") {
		return false
	}
	switch strings.ToUpper(name[6:]) {
	case "CONFIGURATION-SET":
		if m.ConfigurationSetName == "" {
			m.ConfigurationSetName = value
		}
	case "MESSAGE-TAGS":
		for pair := range strings.SplitSeq(value, ",") {
			key, value, _ := strings.Cut(strings.TrimSpace(pair), "=")
			m.Tags = append(m.Tags, api.MessageTag{Name: strings.TrimSpace(key), Value: strings.TrimSpace(value)})
		}
	case "SOURCE-ARN", "FROM-ARN":
		if m.IdentityARN == "" {
			m.IdentityARN = value
		}
	case "TENANT":
		if m.Tenant == "" {
			m.Tenant = value
		}
	}
	return true
}

// keep adds a header to those that events show, as far as there is room.
func keep(m *api.Mail, name, value string) {
	if m.Truncated {
		return
	}
	size := len(name) + len(value)
	for _, h := range m.Headers {
		size += len(h.Name) + len(h.Value)
	}
	if size > api.MaxHeaders {
		m.Truncated = true
		return
	}
	m.Headers = append(m.Headers, api.MessageHeader{Name: name, Value: value})
}

// fields yields the header fields of a message in order, unfolded. The header ends at an
// empty line or at one that is no field.
func fields(raw []byte) func(yield func(name, value string) bool) {
	return func(yield func(name, value string) bool) {
		for len(raw) > 0 {
			line, rest := cutLine(raw)
			name, value, isField := bytes.Cut(line, []byte(":"))
			name = bytes.TrimRight(name, " \t")
			if !isField || len(name) == 0 || bytes.ContainsAny(name, " \t") {
				return
			}
			text := strings.TrimSpace(string(value))
			for len(rest) > 0 && (rest[0] == ' ' || rest[0] == '\t') {
				line, rest = cutLine(rest)
				if more := strings.TrimSpace(string(line)); more != "" {
					text = strings.TrimSpace(text + " " + more)
				}
			}
			if !yield(string(name), text) {
				return
			}
			raw = rest
		}
	}
}

// cutLine returns the first line without its end, and what follows.
func cutLine(raw []byte) (line, rest []byte) {
	line, rest, _ = bytes.Cut(raw, []byte("\n"))
	return bytes.TrimSuffix(line, []byte("\r")), rest
}

var words = mime.WordDecoder{}

// decoded decodes the encoded words of a header. A header that cannot be decoded stays as
// it is.
func decoded(value string) string {
	if text, err := words.DecodeHeader(value); err == nil {
		return text
	}
	return value
}

// Addresses splits a header's list of addresses, each as given. Commas within quotes,
// comments and angle brackets do not separate; a group is its members.
func Addresses(value string) []string {
	var list []string
	begin, quoted, depth := 0, false, 0
	add := func(end int) {
		if text := strings.TrimSpace(value[begin:end]); text != "" {
			list = append(list, text)
		}
		begin = end + 1
	}
	for i := 0; i < len(value); i++ {
		switch c := value[i]; {
		case c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '(' || c == '<':
			depth++
		case c == ')' || c == '>':
			depth = max(0, depth-1)
		case depth > 0:
		case c == ',' || c == ';':
			add(i)
		case c == ':':
			begin = i + 1 // the name of a group
		}
	}
	add(len(value))
	return list
}

// Address returns the address of a mailbox, which may have a name: "Name <address>". It
// does not check the address.
func Address(mailbox string) string {
	text := strings.TrimSpace(mailbox)
	if end := len(text) - 1; end > 0 && text[end] == '>' {
		if begin := strings.LastIndexByte(text, '<'); begin >= 0 {
			return strings.TrimSpace(text[begin+1 : end])
		}
	}
	return text
}
