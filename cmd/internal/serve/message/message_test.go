package message_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sesim/cmd/internal/serve/api"
	"sesim/cmd/internal/serve/message"
)

const raw = "From: Shop <shop@sender.example>\r\n" +
	"Sender: mailer@sender.example\r\n" +
	"To: \"Doe, Ann\" <ann@one.example>,\r\n bob@two.example (Bob, the\r\n\tsecond)\r\n" +
	"Cc: Team: cid@one.example, dot@one.example;\r\n" +
	"bcc: eve@two.example\r\n" +
	"Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n" +
	"X-SES-CONFIGURATION-SET: news\r\n" +
	"x-ses-message-tags: campaign=spring, kind = letter\r\n" +
	"X-SES-SOURCE-ARN: arn:aws:ses:us-east-1:123456789012:identity/sender.example\r\n" +
	"X-Campaign: 7\r\n" +
	"\r\n" +
	"To: not@header.example\r\n"

func TestRaw(t *testing.T) {
	var got api.Mail
	message.Raw(&got, []byte(raw))
	want := api.Mail{
		From:                 "Shop <shop@sender.example>",
		Checked:              []string{"mailer@sender.example"},
		IdentityARN:          "arn:aws:ses:us-east-1:123456789012:identity/sender.example",
		To:                   []string{`"Doe, Ann" <ann@one.example>`, "bob@two.example (Bob, the second)"},
		Cc:                   []string{"cid@one.example", "dot@one.example"},
		Bcc:                  []string{"eve@two.example"},
		ConfigurationSetName: "news",
		Tags:                 []api.MessageTag{{Name: "campaign", Value: "spring"}, {Name: "kind", Value: "letter"}},
		Subject:              "Grüße",
		Headers: []api.MessageHeader{
			{Name: "From", Value: "Shop <shop@sender.example>"},
			{Name: "Sender", Value: "mailer@sender.example"},
			{Name: "To", Value: `"Doe, Ann" <ann@one.example>, bob@two.example (Bob, the second)`},
			{Name: "Cc", Value: "Team: cid@one.example, dot@one.example;"},
			{Name: "Subject", Value: "=?utf-8?q?Gr=C3=BC=C3=9Fe?="},
			{Name: "X-Campaign", Value: "7"},
		},
		Size: int64(len(raw)),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("- want, + got:\n%s", diff)
	}
}

// TestRawOfCall checks that what the call says goes before the headers, and that both
// senders are checked.
func TestRawOfCall(t *testing.T) {
	got := api.Mail{From: "bounces@sender.example", To: []string{"zoe@one.example"}, ConfigurationSetName: "own"}
	message.Raw(&got, []byte(raw))
	if got.From != "Shop <shop@sender.example>" || got.Recipients() != 1 || got.ConfigurationSetName != "own" {
		t.Errorf("from %s to %v with %s", got.From, got.To, got.ConfigurationSetName)
	}
	if want := []string{"mailer@sender.example", "bounces@sender.example"}; !cmp.Equal(got.Checked, want) {
		t.Errorf("checked %v, want %v", got.Checked, want)
	}
}

// TestHeadersCut checks that events show the headers that fit whole.
func TestHeadersCut(t *testing.T) {
	for _, c := range []struct {
		long  int
		kept  int
		wants bool
	}{
		{api.MaxHeaders - len("A") - len("B"), 1, true}, // "1" of B does not fit
		{api.MaxHeaders - len("A") - len("B1"), 2, false},
		{api.MaxHeaders, 0, true},
	} {
		var m api.Mail
		message.Raw(&m, []byte("A: "+strings.Repeat("x", c.long)+"\nB: 1\n\n"))
		if len(m.Headers) != c.kept || m.Truncated != c.wants {
			t.Errorf("%d bytes: %d headers, truncated %v; want %d, %v", c.long, len(m.Headers), m.Truncated, c.kept, c.wants)
		}
	}
}

func TestAddress(t *testing.T) {
	for text, want := range map[string]string{
		"a@b.example":                       "a@b.example",
		" Ann <a@b.example> ":               "a@b.example",
		`"<x>" <a@b.example>`:               "a@b.example",
		"<a@b.example>":                     "a@b.example",
		"a@b.example>":                      "a@b.example>",
		"":                                  "",
		">":                                 ">",
		"=?utf-8?q?J=C3=A4?= <j@b.example>": "j@b.example",
	} {
		if got := message.Address(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// TestCompose checks headers and size of a message in parts: a non-ASCII body counts with
// its base64.
func TestCompose(t *testing.T) {
	size := func(text string, attached int) int64 {
		m := api.Mail{From: "a@b.example", To: []string{"c@d.example"}}
		message.Compose(&m, &message.Content{Subject: "Hi", Text: text, Attachments: [][]byte{make([]byte, attached)}})
		return m.Size
	}
	base := size("", 0)
	for _, c := range []struct {
		text     string
		attached int
		more     int64
	}{
		{strings.Repeat("x", 1000), 0, 1000},
		{strings.Repeat("ü", 285), 0, 760 + 20}, // 570 bytes are 760 characters, ten lines
		{"", 57, 76 + 2},
		{"", 58, 80 + 4},
	} {
		if got := size(c.text, c.attached) - base; got != c.more {
			t.Errorf("%.5q and %d bytes: %d more, want %d", c.text, c.attached, got, c.more)
		}
	}
	m := api.Mail{From: "a@b.example", To: []string{"c@d.example", "e@f.example"}}
	message.Compose(&m, &message.Content{Subject: "Hi", ReplyTo: []string{"r@b.example"}, Headers: []api.MessageHeader{
		{Name: "X-Own", Value: "1"}, {Name: "X-SES-MESSAGE-TAGS", Value: "a=b"},
	}})
	var names []string
	for _, h := range m.Headers {
		names = append(names, h.Name+"="+h.Value)
	}
	want := []string{"From=a@b.example", "Reply-To=r@b.example", "To=c@d.example, e@f.example", "Subject=Hi", "MIME-Version=1.0", "X-Own=1"}
	if diff := cmp.Diff(want, names); diff != "" || !cmp.Equal(m.Tags, []api.MessageTag{{Name: "a", Value: "b"}}) {
		t.Errorf("tags %v, headers - want, + got:\n%s", m.Tags, diff)
	}
}

// FuzzRaw checks that any bytes can be read, that headers stay within their bound, and
// that no recipient is empty.
func FuzzRaw(f *testing.F) {
	f.Add([]byte(raw))
	f.Add([]byte("To: \\\n"))
	f.Add([]byte("To: (((,<\"\n ,;:\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		var m api.Mail
		message.Raw(&m, raw)
		size := 0
		for _, h := range m.Headers {
			size += len(h.Name) + len(h.Value)
		}
		if size > api.MaxHeaders {
			t.Errorf("%d bytes of headers", size)
		}
		for _, to := range append(append(m.To, m.Cc...), m.Bcc...) {
			if to == "" {
				t.Error("an empty recipient")
			}
		}
	})
}
