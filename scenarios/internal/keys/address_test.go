package keys

import (
	"strings"
	"testing"
)

func TestIdentities(t *testing.T) {
	long := strings.Repeat("x", 63)
	for text, right := range map[string]bool{
		"acme.example": true, "a.b.c.example": true, "xn--mnchen-3ya.example": true, "ACME.Example": true, "1and1.example": true,
		long + ".example": true, "ops@acme.example": true, "ops+label@acme.example": true, "O'Neil@acme.example": true,
		"first.last@a.b.example": true, strings.Repeat("x", 64) + "@a.example": true,
		"": false, "acme": false, ".example": false, "acme.": false, "a..example": false, "-a.example": false, "a-.example": false,
		"a_b.example": false, "a b.example": false, "münchen.example": false, long + "x.example": false, strings.Repeat("abc.", 63) + "example": false,
		"@acme.example": false, "ops@": false, "ops@acme": false, "ops@@acme.example": false, "o ps@acme.example": false, "öps@acme.example": false,
		".ops@acme.example": false, "ops.@acme.example": false, "o..ps@acme.example": false, "Ops <ops@acme.example>": false,
		strings.Repeat("x", 65) + "@a.example": false, "ops@münchen.example": false, "ops@acme.example\n": false, "\"ops\"@acme.example": false,
	} {
		if why, _ := badIdentity(text); (why == "") != right {
			t.Errorf("%q: right %v, want %v (%s)", text, why == "", right, why)
		}
	}
}
