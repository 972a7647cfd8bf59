package tree

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"sesim/sim/unit"
)

// Problem is an error in a scenario, or a warning about it.
type Problem struct {
	File    string // the file, or the flag of an override, such as "--set"
	Line    int    // from 1; 0: the file as a whole, or an override
	Column  int    // in characters, from 1
	Key     string // the key's path, such as "account.acme.quota"; "" if no key is concerned
	Message string // what is wrong, and what would be right
	Hint    string // the probable intent; may be empty
}

// FromOverride is the File of problems with an override that names no flag.
const FromOverride = "--set"

// flagPrefix begins the File of every problem with an override.
const flagPrefix = "--"

// String returns the problem on one line:
//
//	file.toml:14:3: account.acme.quota: -5 is not at least -1
func (p Problem) String() string {
	var b strings.Builder
	b.WriteString(unit.Visible(p.File))
	switch {
	case p.File == flagPrefix+p.Key: // a flag that sets one key
		return p.File + ": " + p.said()
	case strings.HasPrefix(p.File, flagPrefix):
		b.WriteString(" ")
	case p.Line > 0:
		fmt.Fprintf(&b, ":%d:%d: ", p.Line, p.Column)
	default:
		b.WriteString(": ")
	}
	if p.Key != "" {
		b.WriteString(p.Key + ": ")
	}
	return b.String() + p.said()
}

// said returns the message with its hint.
func (p Problem) said() string {
	if p.Hint == "" {
		return p.Message
	}
	return p.Message + " (" + p.Hint + ")"
}

// MaxProblems limits the problems reported for a file; beyond it, one mistake
// usually causes the rest.
const MaxProblems = 100

// Errors are the problems of one file by position, those of overrides last.
type Errors struct {
	Problems []Problem
	More     bool      // there are further problems, not listed
	Warnings []Problem // about the same file
}

// Error returns the problems, one per line.
func (e *Errors) Error() string {
	lines := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		lines[i] = p.String()
	}
	if e.More {
		lines = append(lines, fmt.Sprintf("and more: only the first %d problems are listed", MaxProblems))
	}
	return strings.Join(lines, "\n")
}

// Finding is a problem while the file is read: an offset instead of a line.
type Finding struct {
	At                 int    // byte offset into the text; negative: the file as a whole
	From               string // the override to blame, its flag before its key; or empty
	Key, Message, Hint string
}

// Reporter collects the problems of one file, and warnings about it: what can be
// simulated, but is probably not meant. Readers of its tree report here.
type Reporter struct {
	file     string // its name in messages
	text     string // that offsets refer to; set by Parse
	list     []Finding
	more     bool
	warnings []Finding // each once
	// Instead says what to write where a path asks for a key of a text; "" or nil: nothing
	// is known.
	Instead func(path, text, key string) string
}

// NewReporter returns a reporter without problems for the file of that name.
func NewReporter(file string) *Reporter { return &Reporter{file: file} }

// Full reports whether the limit of listed problems is reached.
func (f *Reporter) Full() bool { return f.more }

// Clean reports whether there are no problems.
func (f *Reporter) Clean() bool { return len(f.list) == 0 }

// Findings returns the problems in the order in which they were reported.
func (f *Reporter) Findings() []Finding { return f.list }

// Add reports a problem. Long messages are truncated.
func (f *Reporter) Add(found Finding) {
	if len(f.list) == MaxProblems {
		f.more = true
		return
	}
	f.list = append(f.list, found.truncated())
}

// AddWarning reports a warning, unless it has been reported. Warnings beyond the limit
// of listed problems are dropped.
func (f *Reporter) AddWarning(found Finding) {
	found = found.truncated()
	if len(f.warnings) < MaxProblems && !slices.Contains(f.warnings, found) {
		f.warnings = append(f.warnings, found)
	}
}

// truncated returns the finding without the rest of a long message.
func (found Finding) truncated() Finding {
	if runes := []rune(found.Message); len(runes) > maxMessage {
		found.Message = string(runes[:maxMessage]) + "…"
	}
	return found
}

// maxMessage limits the characters of a message, which may quote a text of any
// length.
const maxMessage = 400

// Wrong reports a problem with the value of n.
func (f *Reporter) Wrong(n *Node, path, hint, format string, args ...any) {
	f.Add(Finding{int(n.ValueAt), n.From, path, fmt.Sprintf(format, args...), hint})
}

// Doubt warns about the value of n, which is accepted.
func (f *Reporter) Doubt(n *Node, path, hint, format string, args ...any) {
	f.AddWarning(Finding{int(n.ValueAt), n.From, path, fmt.Sprintf(format, args...), hint})
}

// DoubtKey warns about the key of n, or about the table n itself.
func (f *Reporter) DoubtKey(n *Node, path, hint, format string, args ...any) {
	f.AddWarning(Finding{int(n.KeyAt), n.From, path, fmt.Sprintf(format, args...), hint})
}

// WrongKey reports a problem with the key of n, or with the table n itself.
func (f *Reporter) WrongKey(n *Node, path, hint, format string, args ...any) {
	f.Add(Finding{int(n.KeyAt), n.From, path, fmt.Sprintf(format, args...), hint})
}

// Refuse reports an override whose key does not exist.
func (f *Reporter) Refuse(o Override, hint, message string) {
	f.Add(Finding{From: o.from(o.Key), Message: message, Hint: hint})
}

// Where describes the position of a value, for messages about another one: " in
// line 14".
func (f *Reporter) Where(n *Node) string {
	if n.From != "" {
		return ", set by " + n.From
	}
	line, _ := position(f.text, int(n.ValueAt))
	return " in line " + strconv.Itoa(line)
}

// Doubts returns the warnings in the order in which they were reported.
func (f *Reporter) Doubts() []Finding { return f.warnings }

// Warnings returns the warnings as Errors lists problems.
func (f *Reporter) Warnings() []Problem { return f.problems(f.warnings) }

// Err returns the problems as an *Errors, or nil without any.
func (f *Reporter) Err() error {
	if len(f.list) == 0 {
		return nil
	}
	return &Errors{Problems: f.problems(f.list), More: f.more, Warnings: f.Warnings()}
}

// problems sorts findings by position, those of overrides last.
func (f *Reporter) problems(list []Finding) []Problem {
	slices.SortStableFunc(list, func(a, b Finding) int {
		if (a.From == "") != (b.From == "") {
			return strings.Compare(a.From, b.From)
		}
		if a.From != "" {
			return 0
		}
		return cmp.Compare(a.At, b.At)
	})
	var sorted []Problem
	for _, found := range list {
		sorted = append(sorted, f.problem(found))
	}
	return sorted
}

func (f *Reporter) problem(found Finding) Problem {
	p := Problem{File: f.file, Key: found.Key, Message: found.Message, Hint: found.Hint}
	switch {
	case found.From != "":
		p.File, p.Key, _ = strings.Cut(found.From, " ")
	case found.At >= 0:
		p.Line, p.Column = position(f.text, found.At)
	}
	return p
}

// position returns line and column of a byte offset, both from 1.
func position(text string, at int) (line, column int) {
	before := text[:min(at, len(text))]
	start := strings.LastIndexByte(before, '\n') + 1
	return strings.Count(before, "\n") + 1, utf8.RuneCountInString(before[start:]) + 1
}
