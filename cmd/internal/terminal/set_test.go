package terminal

import (
	"strings"
	"testing"
)

// TestSet breaks lines to 40 columns between words, and leaves what cannot or
// must not be broken.
func TestSet(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"short lines stay", "one\n\n  two\nthree", "one\n\n  two\nthree"},
		{"prose",
			"The bounce rate is 9.54 %, above the threshold of a review, and rises.\n",
			"The bounce rate is 9.54 %, above the\nthreshold of a review, and rises.\n"},
		{"exactly as wide", strings.Repeat("abcd ", 7) + "abcde\n", strings.Repeat("abcd ", 7) + "abcde\n"},
		{"one column more", strings.Repeat("abcd ", 7) + "abcdef\n", strings.Repeat("abcd ", 6) + "abcd\nabcdef\n"},
		{"indented",
			"  an account that is paused refuses every call\n",
			"  an account that is paused refuses\n  every call\n"},
		{"the last column of a table",
			"  call.rate  assumed  each call takes a token for each recipient\n",
			"  call.rate  assumed  each call takes a\n      token for each recipient\n"},
		{"a text beside a name",
			"  --set KEY  set a key of the scenario; may be repeated\n",
			"  --set KEY  set a key of the scenario;\n             may be repeated\n"},
		{"figures",
			"  acme    12,345  8.2%  67,890  paused  9.99%  1,234\n",
			"  acme    12,345  8.2%  67,890  paused\n      9.99%  1,234\n"},
		{"colours take no columns",
			"\x1b[1mThe bounce rate\x1b[0m is above the review's line.\n",
			"\x1b[1mThe bounce rate\x1b[0m is above the review's\nline.\n"},
		{"characters, not bytes", "größer größer größer größer größer größer\n", "größer größer größer größer größer\ngrößer\n"},
		{"a long word",
			"see https://docs.aws.amazon.com/ses/latest/dg/sending.html there\n",
			"see\nhttps://docs.aws.amazon.com/ses/latest/dg/sending.html\nthere\n"},
		{"a long word alone", strings.Repeat("x", 50) + "\n", strings.Repeat("x", 50) + "\n"},
		{"a command", "To run it: sesim run mine.toml --set account.acme.quota=1000\n", "To run it: sesim run mine.toml --set account.acme.quota=1000\n"},
		{"deep indentation", strings.Repeat(" ", 45) + "deep down there\n", strings.Repeat(" ", 45) + "deep\n" + strings.Repeat(" ", 20) + "down there\n"},
		{"spaces at the end", strings.Repeat("ab ", 14) + strings.Repeat(" ", 20) + "\n", strings.Repeat("ab ", 12) + "ab\nab\n"},
	} {
		var b strings.Builder
		text := Set(&b, 40)
		for i := range len(c.text) { // as tables are written: in pieces
			if n, err := text.Write([]byte{c.text[i]}); n != 1 || err != nil {
				t.Fatal(n, err)
			}
		}
		if err := text.Flush(); err != nil || b.String() != c.want {
			t.Errorf("%s: %v:\n%s\nwant\n%s", c.name, err, b.String(), c.want)
		}
	}
}

// TestSetNowhere: without a terminal a text is as long as it is.
func TestSetNowhere(t *testing.T) {
	var b strings.Builder
	long := strings.Repeat("long ", 100)
	if _, err := Set(&b, Columns(&b)).Write([]byte(long)); err != nil || b.String() != long {
		t.Errorf("a text that goes to no terminal is set to a width: %q, %v", b.String(), err)
	}
}

func FuzzSet(f *testing.F) {
	f.Add("  --set KEY  set a key of the scenario; may be repeated", 40)
	f.Add("\x1b[1m\xff \u00a0  a\n\n b", 1)
	f.Fuzz(func(t *testing.T, text string, columns int) {
		columns = columns&0xff + 1
		var b strings.Builder
		set := Set(&b, columns)
		if _, err := set.Write([]byte(text)); err != nil || set.Flush() != nil {
			t.Fatal(err)
		}
		words := func(s string) string {
			return strings.Join(strings.FieldsFunc(s, func(c rune) bool { return c == ' ' || c == '\n' }), " ")
		}
		if got := b.String(); words(got) != words(text) {
			t.Errorf("%q became %q", text, got)
		}
	})
}
