package unit

import "testing"

func TestVisible(t *testing.T) {
	for text, want := range map[string]string{
		"":                         "",
		`Grüße "so" \n 100 % 世界.`:  `Grüße "so" \n 100 % 世界.`,
		"a\nb\tc\rd":               `a\nb\tc\rd`,
		"\x1b[31mred\x1b[0m\a\x7f": `\x1b[31mred\x1b[0m\a\x7f`,
		"\u202egpj.exe\u009b2J":    `\u202egpj.exe\u009b2J`,
		"\xff\xfe":                 `\xff\xfe`,
	} {
		if got := Visible(text); got != want {
			t.Errorf("Visible(%q) = %s, want %s", text, got, want)
		}
	}
	const replacement = "\uFFFD\n"
	if got, want := Visible(replacement), "\uFFFD"+`\n`; got != want {
		t.Errorf("Visible(%q) = %q, want %q", replacement, got, want)
	}
}
