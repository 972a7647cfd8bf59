package sim

import (
	"strconv"
	"strings"
)

// AddressOf returns the n-th address of the audience, counted from 0, as
// text: "customers-1@customers.example" is number 0 unless the audience names
// its recipients.
func (a *Audience) AddressOf(n int64) string {
	if len(a.Addresses) > 0 {
		return a.Addresses[n]
	}
	return a.Local + strconv.FormatInt(n+1, 10) + "@" + a.Domain
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
		local := len(a.Local)
		if len(a.Addresses) > 0 || at <= local || !strings.EqualFold(text[:local], a.Local) || !strings.EqualFold(text[at+1:], a.Domain) {
			continue
		}
		digits := text[local:at]
		if digits[0] == '0' || digits[0] == '+' || digits[0] == '-' {
			continue
		}
		if n, err := strconv.ParseInt(digits, 10, 64); err == nil && n >= 1 && n <= a.Size {
			return Address{i, n - 1}, true
		}
	}
	return Address{-1, 0}, false
}
