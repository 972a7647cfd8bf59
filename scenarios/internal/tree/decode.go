package tree

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/BurntSushi/toml"

	"sesim/sim/unit"
)

// Parse reads a TOML text into a tree, or reports why it cannot. It becomes the
// reporter's text, which the offsets of the nodes refer to.
func Parse(r *Reporter, src []byte) (*Node, bool) {
	if len(src) > MaxSource {
		r.Add(Finding{At: -1, Message: "a scenario is at most 1 MiB long"})
		return nil, false
	}
	r.text = strings.TrimPrefix(string(src), "\uFEFF")
	root, bad := decodeTree(r.text)
	if bad != nil {
		r.Add(Finding{At: bad.at, Message: bad.why})
		return nil, false
	}
	return root, true
}

// decodeTree reads a TOML text of at most maxSource bytes into nodes with
// values and positions.
func decodeTree(text string) (*Node, *syntaxError) {
	if bad := readable(text); bad != nil {
		return nil, bad
	}
	root, short, bad := scan(text)
	if bad != nil {
		return nil, bad
	}
	values, bad := decode(short)
	if bad != nil {
		return nil, bad
	}
	root.fill(values)
	return root, nil
}

// readable reports the first byte that a text file cannot contain.
func readable(text string) *syntaxError {
	for at, c := range text {
		if c == utf8.RuneError && !strings.HasPrefix(text[at:], "\uFFFD") {
			return &syntaxError{at, fmt.Sprintf("byte 0x%02x is not UTF-8: a scenario is a text file", text[at])}
		}
		if c < ' ' && c != '\t' && c != '\n' && c != '\r' || c == 0x7f {
			return &syntaxError{at, fmt.Sprintf("byte 0x%02x is a control character: a scenario is a text file", c)}
		}
	}
	return nil
}

// decode reads the values with the library. The library has panicked on invalid
// input, so a panic counts as a syntax error. Positions come from the byte
// offset, since the library's line may be off by one.
func decode(text string) (values map[string]any, bad *syntaxError) {
	defer func() {
		if r := recover(); r != nil {
			values, bad = nil, &syntaxError{0, fmt.Sprintf("this is not TOML: %s", tidy(fmt.Sprint(r)))}
		}
	}()
	var root any // a map would be copied key by key
	if _, err := toml.Decode(text, &root); err != nil {
		var syntax toml.ParseError
		if errors.As(err, &syntax) {
			return nil, &syntaxError{max(syntax.Position.Start, 0), tidy(syntax.Message)}
		}
		return nil, &syntaxError{0, tidy(err.Error())}
	}
	values, _ = root.(map[string]any)
	return values, nil
}

// tidy adapts a message of the library to the style of this package.
func tidy(message string) string {
	message = strings.TrimRight(strings.TrimSpace(strings.TrimPrefix(message, "toml: ")), ".")
	if first := strings.SplitN(message, " ", 2)[0]; first == "Key" || first == "Invalid" {
		message = strings.ToLower(message[:1]) + message[1:]
	}
	return unit.Visible(message)
}
