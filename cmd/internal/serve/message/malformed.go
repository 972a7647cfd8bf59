package message

import (
	"fmt"
	"slices"
	"strings"
)

// once are the headers of which SES takes one.
var once = []string{
	"from", "sender", "reply-to", "to", "cc", "bcc", "subject", "date", "message-id", "return-path",
	"mime-version", "content-type", "content-transfer-encoding", "dkim-signature",
}

// Malformed returns what SES says about a message whose headers it does not take, "" for
// others. Clients have observed the texts; of which further headers SES takes one is
// assumed.
func Malformed(raw []byte) string {
	seen := make([]bool, len(once))
	sender := false
	for name, value := range fields(raw) {
		i := slices.Index(once, strings.ToLower(name))
		if i < 0 {
			continue
		}
		if seen[i] {
			return fmt.Sprintf("Duplicate header '%s'.", name)
		}
		seen[i] = true
		if (once[i] == "from" || once[i] == "sender") && !addressed(value) {
			return "Missing final '@domain'"
		}
		sender = sender || once[i] == "from"
	}
	if !sender {
		return "Missing required header 'From'."
	}
	return ""
}

// addressed reports whether a header has addresses only.
func addressed(value string) bool {
	list := Addresses(value)
	for _, mailbox := range list {
		local, domain, ok := strings.Cut(Address(mailbox), "@")
		if !ok || local == "" || domain == "" {
			return false
		}
	}
	return len(list) > 0
}
