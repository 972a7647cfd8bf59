package history

import (
	"bytes"
	"errors"
	"unicode/utf16"
	"unicode/utf8"
)

// maxDepth is how deep JSON may be nested.
const maxDepth = 64

// The ends of a parse other than success.
var (
	errMore   = errors.New("goes on beyond what is read") // the window is too small, or the input ends
	errSyntax = errors.New("not valid JSON")
	errDeep   = errors.New("nested deeper than 64 levels")
	errList   = errors.New("a list begins") // of a container at the top; see stream
)

// oddity is something that is not as it should be and is read all the same.
type oddity uint8

const (
	badUTF8 oddity = iota
	controlCharacter
	duplicateKey
	numberAsText
	oddities
)

var oddityNames = [oddities]string{"invalid UTF-8", "control characters", "duplicate keys", "numbers as text"}

// parser reads JSON text. It accepts control characters other than line feeds within
// texts, NUL between values, and invalid UTF-8, and counts them.
type parser struct {
	b     []byte
	i     int
	whole bool // nothing comes after b
	depth int
	plain []byte          // what text unescapes into
	odd   [oddities]int64 // of the value being read
}

// space skips white space.
func (p *parser) space() {
	for ; p.i < len(p.b); p.i++ {
		switch p.b[p.i] {
		case ' ', '\n', '\r', '\t':
		case 0:
			p.odd[controlCharacter]++
		default:
			return
		}
	}
}

// peek returns the next byte that is not white space.
func (p *parser) peek() (byte, error) {
	p.space()
	if p.i == len(p.b) {
		return 0, errMore
	}
	return p.b[p.i], nil
}

// enter reads the opening byte of an object or array.
func (p *parser) enter() error {
	p.i++
	if p.depth++; p.depth > maxDepth {
		return errDeep
	}
	return nil
}

// next moves to the next member or element: past the comma if it is not the first.
// It returns false after the closing byte.
func (p *parser) next(first bool, closing byte) (bool, error) {
	c, err := p.peek()
	switch {
	case err != nil:
		return false, err
	case c == closing:
		p.i++
		p.depth--
		return false, nil
	case first:
		return true, nil
	case c != ',':
		return false, errSyntax
	}
	p.i++
	if c, err = p.peek(); err != nil {
		return false, err
	}
	if c == closing {
		return false, errSyntax
	}
	return true, nil
}

// key reads the name of the next member and its colon. It returns false after the
// closing brace. The name is valid until the next text.
func (p *parser) key(first bool) (name []byte, more bool, err error) {
	if more, err = p.next(first, '}'); err != nil || !more {
		return nil, false, err
	}
	if p.b[p.i] != '"' {
		return nil, false, errSyntax
	}
	if name, err = p.text(); err != nil {
		return nil, false, err
	}
	c, err := p.peek()
	if err != nil {
		return nil, false, err
	}
	if c != ':' {
		return nil, false, errSyntax
	}
	p.i++
	_, err = p.peek()
	return name, true, err
}

// text reads a text, which is valid until the next one.
func (p *parser) text() ([]byte, error) {
	start := p.i + 1
	escaped, err := p.skipText()
	if err != nil {
		return nil, err
	}
	raw := p.b[start : p.i-1]
	if !escaped {
		return raw, nil
	}
	p.plain = unescape(p.plain[:0], raw)
	return p.plain, nil
}

// skipText moves past a text and reports whether it has escapes.
func (p *parser) skipText() (escaped bool, err error) {
	beyond := false // ASCII
	start := p.i + 1
	for i := start; i < len(p.b); i++ {
		switch c := p.b[i]; {
		case c == '"':
			p.i = i + 1
			if beyond && !utf8.Valid(p.b[start:i]) {
				p.odd[badUTF8]++
			}
			return escaped, nil
		case c == '\\':
			escaped = true
			n, err := escape(p.b[i:])
			if err != nil {
				p.i = i
				return false, err
			}
			i += n - 1
		case c >= utf8.RuneSelf:
			beyond = true
		case c == '\n':
			p.i = i
			return false, errSyntax
		case c < ' ':
			p.odd[controlCharacter]++
		}
	}
	p.i = len(p.b)
	return false, errMore
}

// escape returns the length of the escape at the beginning of b.
func escape(b []byte) (int, error) {
	if len(b) < 2 {
		return 0, errMore
	}
	if b[1] != 'u' {
		if bytes.IndexByte([]byte(`"\/bfnrt`), b[1]) < 0 {
			return 0, errSyntax
		}
		return 2, nil
	}
	for i := 2; i < 6; i++ {
		if i == len(b) {
			return 0, errMore
		}
		if hexDigit(b[i]) < 0 {
			return 0, errSyntax
		}
	}
	return 6, nil
}

func hexDigit(c byte) rune {
	switch {
	case '0' <= c && c <= '9':
		return rune(c - '0')
	case 'a' <= c && c <= 'f':
		return rune(c-'a') + 10
	case 'A' <= c && c <= 'F':
		return rune(c-'A') + 10
	}
	return -1
}

// unescape appends a text with valid escapes as what it means.
func unescape(to, raw []byte) []byte {
	for len(raw) > 0 {
		at := bytes.IndexByte(raw, '\\')
		if at < 0 {
			return append(to, raw...)
		}
		to = append(to, raw[:at]...)
		raw = raw[at:]
		switch c := raw[1]; c {
		case 'u':
			r, n := codePoint(raw)
			to, raw = utf8.AppendRune(to, r), raw[n:]
			continue
		case 'b':
			to = append(to, '\b')
		case 'f':
			to = append(to, '\f')
		case 'n':
			to = append(to, '\n')
		case 'r':
			to = append(to, '\r')
		case 't':
			to = append(to, '\t')
		default:
			to = append(to, c)
		}
		raw = raw[2:]
	}
	return to
}

// codePoint returns the character that one \u escape, or two, stand for, and their length.
func codePoint(raw []byte) (rune, int) {
	r := codeUnit(raw)
	if !utf16.IsSurrogate(r) {
		return r, 6
	}
	if len(raw) >= 12 && raw[6] == '\\' && raw[7] == 'u' {
		if pair := utf16.DecodeRune(r, codeUnit(raw[6:])); pair != utf8.RuneError {
			return pair, 12
		}
	}
	return utf8.RuneError, 6
}

func codeUnit(raw []byte) rune {
	return hexDigit(raw[2])<<12 | hexDigit(raw[3])<<8 | hexDigit(raw[4])<<4 | hexDigit(raw[5])
}

// skip moves past the value that begins here.
func (p *parser) skip() error {
	switch c := p.b[p.i]; c {
	case '"':
		_, err := p.skipText()
		return err
	case '{':
		return p.skipObject()
	case '[':
		return p.skipArray()
	default:
		_, err := p.scalar()
		return err
	}
}

func (p *parser) skipObject() error {
	if err := p.enter(); err != nil {
		return err
	}
	for first := true; ; first = false {
		_, more, err := p.key(first)
		if err != nil || !more {
			return err
		}
		if err := p.skip(); err != nil {
			return err
		}
	}
}

func (p *parser) skipArray() error {
	if err := p.enter(); err != nil {
		return err
	}
	for first := true; ; first = false {
		more, err := p.next(first, ']')
		if err != nil || !more {
			return err
		}
		if err := p.skip(); err != nil {
			return err
		}
	}
}

// scalar reads a number, true, false or null, as it is written.
func (p *parser) scalar() ([]byte, error) {
	start := p.i
	for p.i < len(p.b) && scalarByte[p.b[p.i]] {
		p.i++
	}
	if p.i == len(p.b) && !p.whole {
		return nil, errMore
	}
	written := p.b[start:p.i]
	switch string(written) {
	case "null", "true", "false":
		return written, nil
	}
	if !isNumber(written) {
		p.i = start
		return nil, errSyntax
	}
	return written, nil
}

// scalarByte has the bytes that numbers and literals are written with.
var scalarByte = func() (set [256]bool) {
	for _, c := range []byte("+-.0123456789Eabcdefghijklmnopqrstuvwxyz") {
		set[c] = true
	}
	return set
}()

// isNumber reports whether b is a number of JSON.
func isNumber(b []byte) bool {
	b = bytes.TrimPrefix(b, []byte("-"))
	n := digits(b)
	if n == 0 || n > 1 && b[0] == '0' {
		return false
	}
	if b = b[n:]; len(b) > 0 && b[0] == '.' {
		if n = digits(b[1:]); n == 0 {
			return false
		}
		b = b[1+n:]
	}
	if len(b) > 0 && (b[0] == 'e' || b[0] == 'E') {
		if b = b[1:]; len(b) > 0 && (b[0] == '+' || b[0] == '-') {
			b = b[1:]
		}
		n = digits(b)
		return n > 0 && n == len(b)
	}
	return len(b) == 0
}

// digits returns how many digits b begins with.
func digits(b []byte) int {
	for i, c := range b {
		if c < '0' || c > '9' {
			return i
		}
	}
	return len(b)
}
