package unit

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Visible returns a text fit for a line of a terminal. What cannot be printed
// or would act on the terminal or the direction of writing is shown as a Go
// literal shows it: \n, \x1b, \u202e. Other text, backslashes and quotes too,
// stays as it is.
func Visible(text string) string {
	if !strings.ContainsFunc(text, hidden) {
		return text
	}
	var b strings.Builder
	for i, c := range text {
		switch _, size := utf8.DecodeRuneInString(text[i:]); {
		case c == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, text[i])
		case !unicode.IsPrint(c):
			b.WriteString(strings.Trim(strconv.QuoteRune(c), "'"))
		default:
			b.WriteRune(c)
		}
	}
	return b.String()
}

// hidden reports whether a character may have to be escaped: a byte that is not
// UTF-8 looks like the replacement character.
func hidden(c rune) bool { return !unicode.IsPrint(c) || c == utf8.RuneError }
