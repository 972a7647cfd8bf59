package sim

import (
	"cmp"
	"strconv"
	"strings"
)

// AddressOf returns the n-th address of the audience, counted from 0, as
// text: "customers-1@customers.example" is number 0 unless the audience names
// its recipients.
func (a *Audience) AddressOf(n int64) string {
	switch {
	case len(a.Addresses) > 0:
		return a.Addresses[n]
	case a.Seen != nil:
		return a.Seen.Text(uint32(n))
	}
	return string(a.AppendAddress(nil, n))
}

// AppendAddress appends the address with number n in the audience, as AddressOf returns it.
func (a *Audience) AppendAddress(b []byte, n int64) []byte {
	switch {
	case len(a.Addresses) > 0:
		return append(b, a.Addresses[n]...)
	case a.Seen != nil:
		return a.Seen.AppendText(b, uint32(n))
	}
	b = strconv.AppendInt(append(b, a.Local...), n+1, 10)
	return append(append(b, '@'), a.Domain...)
}

// FindAddress returns the recipient with that text. Capitals make no other
// recipient.
func (c *Config) FindAddress(text string) (Address, bool) {
	at := strings.LastIndexByte(text, '@')
	if at < 0 {
		return Address{-1, 0}, false
	}
	for i := range c.Audiences {
		a := &c.Audiences[i]
		for n, name := range a.Addresses {
			if strings.EqualFold(name, text) {
				return Address{i, int64(n)}, true
			}
		}
		if len(a.Addresses) > 0 || !strings.EqualFold(text[at+1:], a.Domain) {
			continue
		}
		if n, ok := a.Numbered(text[:at]); ok {
			return Address{i, n}, true
		}
	}
	return Address{-1, 0}, false
}

// Matches reports whether an address matches one of the audience's patterns. A pattern is
// a domain, or a local part, "@" and a domain or nothing for any domain; each of the two may
// have one "*", which stands for any text: "*.example", "bounce*@". Capitals make no
// difference.
func (a *Audience) Matches(address string) bool {
	at := strings.LastIndexByte(address, '@')
	for _, pattern := range a.Match {
		local, domain, both := strings.Cut(pattern, "@")
		if !both {
			local, domain = "*", pattern
		}
		if matches(cmp.Or(domain, "*"), address[at+1:]) && matches(local, address[:max(at, 0)]) {
			return true
		}
	}
	return false
}

// matches reports whether a text matches a pattern with at most one "*".
func matches(pattern, text string) bool {
	begin, end, any := strings.Cut(pattern, "*")
	if !any {
		return strings.EqualFold(pattern, text)
	}
	return len(text) >= len(begin)+len(end) && strings.EqualFold(text[:len(begin)], begin) && strings.EqualFold(text[len(text)-len(end):], end)
}

// Numbered returns the recipient with that local part, in any case, of an audience
// that numbers its recipients.
func (a *Audience) Numbered(local string) (int64, bool) {
	begin := len(a.Local)
	if len(local) <= begin || !strings.EqualFold(local[:begin], a.Local) {
		return 0, false
	}
	digits := local[begin:]
	if digits[0] == '0' || digits[0] == '+' || digits[0] == '-' {
		return 0, false
	}
	n, err := strconv.ParseInt(digits, 10, 64)
	return n - 1, err == nil && n >= 1 && n <= a.Most()
}
