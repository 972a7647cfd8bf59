package message_test

import (
	"testing"

	"sesim/cmd/internal/serve/message"
)

// TestMalformed checks SES's texts for headers that it does not take.
func TestMalformed(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{raw, ""},
		{"From: a@b.example\nReceived: a\nReceived: b\n\nFrom: body", ""},
		{"From: a@b.example\nMIME-Version: 1.0\nMime-version: 1.0\n\n", "Duplicate header 'Mime-version'."},
		{"From: a@b.example\nDKIM-Signature: a\nDKIM-Signature: b\n\n", "Duplicate header 'DKIM-Signature'."},
		{"From: a@b.example\nFrom: a@b.example\n\n", "Duplicate header 'From'."},
		{"Subject: x\n\nFrom: a@b.example\n", "Missing required header 'From'."},
		{"", "Missing required header 'From'."},
		{"From: shop\n\n", "Missing final '@domain'"},
		{"From: \n\n", "Missing final '@domain'"},
		{"From: a@b.example, shop\n\n", "Missing final '@domain'"},
		{"From: Shop <shop@>\n\n", "Missing final '@domain'"},
		{"From: a@b.example\nSender: <@b.example>\n\n", "Missing final '@domain'"},
	} {
		if got := message.Malformed([]byte(c.text)); got != c.want {
			t.Errorf("%q: %q, want %q", c.text, got, c.want)
		}
	}
}
