package terminal

import (
	"bytes"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Columns returns the width of the terminal that w is; 0 if it is none.
func Columns(w io.Writer) int {
	if !Is(w) {
		return 0
	}
	return width(w.(*os.File))
}

// Text is a writer that sets text to the width of a terminal: lines that are
// longer are broken between words, and what follows is indented, below the last
// column of a table whose text it is, else as the line itself. A line that holds
// a command to copy stays whole, and so does a word that is longer than a line.
type Text struct {
	w       io.Writer
	columns int
	rest    []byte // of the last line
}

// Set returns a Text for so many columns. Without columns it writes what it is
// given at once, and as it is.
func Set(w io.Writer, columns int) *Text { return &Text{w: w, columns: columns} }

// Write writes all whole lines.
func (t *Text) Write(p []byte) (int, error) {
	if t.columns <= 0 {
		return t.w.Write(p)
	}
	text := append(t.rest, p...)
	end := bytes.LastIndexByte(text, '\n') + 1
	t.rest = slices.Clone(text[end:])
	if _, err := t.w.Write(t.set(text[:end])); err != nil {
		return 0, err
	}
	return len(p), nil
}

// Flush writes the last line, if it had no end.
func (t *Text) Flush() error {
	if len(t.rest) == 0 {
		return nil
	}
	text := t.set(t.rest)
	t.rest = nil
	_, err := t.w.Write(text)
	return err
}

// set breaks the lines of a text.
func (t *Text) set(text []byte) []byte {
	var b bytes.Buffer
	for line := range bytes.Lines(text) {
		bare := strings.TrimSuffix(string(line), "\n")
		b.WriteString(broken(bare, t.columns))
		b.Write(line[len(bare):])
	}
	return b.Bytes()
}

var (
	escape  = regexp.MustCompile("\x1b\\[[0-9;]*m")
	command = regexp.MustCompile(`(^ *|: )sesim [a-z]`)
	gap     = regexp.MustCompile(`\S(  +)\S`)
)

// columnsOf returns how many columns a text takes.
func columnsOf(text string) int { return utf8.RuneCountInString(escape.ReplaceAllString(text, "")) }

// broken returns a line broken to the columns of a terminal.
func broken(line string, columns int) string {
	if columnsOf(line) <= columns || command.MatchString(line) {
		return line
	}
	line = strings.TrimRight(line, " ")
	indent := strings.Repeat(" ", hang(line, columns))
	var b strings.Builder
	for columnsOf(line) > columns {
		at := lastBreak(line, columns)
		if at < 0 {
			break
		}
		b.WriteString(strings.TrimRight(line[:at], " ") + "\n")
		line = indent + strings.TrimLeft(line[at:], " ")
	}
	return b.String() + line
}

// lastBreak returns the index of the last space before which a line fits, or
// the first that it has behind its indentation; -1 for none.
func lastBreak(line string, columns int) int {
	found, seen := -1, false
	for i, c := range line {
		if c != ' ' {
			seen = true
			continue
		}
		if !seen {
			continue
		}
		if found >= 0 && columnsOf(line[:i]) > columns {
			break
		}
		found = i
	}
	return found
}

// hang returns how far the lines after the first are indented: to the last
// column of a table, if that leaves half of the terminal and holds one text, and
// else by a little more than the line's own indentation.
func hang(line string, columns int) int {
	bare := escape.ReplaceAllString(line, "")
	own := len(bare) - len(strings.TrimLeft(bare, " "))
	gaps := gap.FindAllStringSubmatchIndex(bare, -1)
	if len(gaps) == 0 {
		return min(own, columns/2)
	}
	if last := utf8.RuneCountInString(bare[:gaps[len(gaps)-1][3]]); last <= columns/2 {
		return last
	}
	return min(own+4, columns/2)
}
