package scenarios

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Problem is one thing that is wrong with a scenario.
type Problem struct {
	File    string // the file, or "--set" for an override
	Line    int    // from 1; 0: the file as a whole, or an override
	Column  int    // in characters, from 1
	Key     string // the key's path, such as "account.acme.quota"; empty: none is to blame
	Message string // what is wrong, and what would be right
	Hint    string // what was probably meant; may be empty
}

// fromOverride is the File of problems with an override.
const fromOverride = "--set"

// String returns the problem on one line:
//
//	file.toml:14:3: account.acme.quota: -5 is not at least -1
func (p Problem) String() string {
	var b strings.Builder
	b.WriteString(p.File)
	switch {
	case p.File == fromOverride:
		b.WriteString(" ")
	case p.Line > 0:
		fmt.Fprintf(&b, ":%d:%d: ", p.Line, p.Column)
	default:
		b.WriteString(": ")
	}
	if p.Key != "" {
		b.WriteString(p.Key + ": ")
	}
	b.WriteString(p.Message)
	if p.Hint != "" {
		b.WriteString(" (" + p.Hint + ")")
	}
	return b.String()
}

// maxProblems is how many problems of one file are told. Who has more has one
// problem that causes the others.
const maxProblems = 100

// Errors are the problems of one file by position, those of overrides last.
type Errors struct {
	Problems []Problem
	More     bool // there are further problems, not listed
}

// Error returns the problems, one a line.
func (e *Errors) Error() string {
	lines := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		lines[i] = p.String()
	}
	if e.More {
		lines = append(lines, fmt.Sprintf("and more: only the first %d problems are listed", maxProblems))
	}
	return strings.Join(lines, "\n")
}

// finding is a problem while the file is read: an offset instead of a line.
type finding struct {
	at                 int    // byte offset into the text; negative: the file as a whole
	from               string // the override to blame, or empty
	key, message, hint string
}

// findings collects the problems of one file.
type findings struct {
	file string
	text string
	list []finding
	more bool
}

// full reports whether looking for further problems is of no use.
func (f *findings) full() bool { return f.more }

func (f *findings) add(found finding) {
	if len(f.list) == maxProblems {
		f.more = true
		return
	}
	if runes := []rune(found.message); len(runes) > maxMessage {
		found.message = string(runes[:maxMessage]) + "…"
	}
	f.list = append(f.list, found)
}

// maxMessage is how many characters of a message are told; a message may quote
// a text of any length.
const maxMessage = 400

// wrong reports a problem with the value of n.
func (f *findings) wrong(n *node, path, hint, format string, args ...any) {
	f.add(finding{int(n.valueAt), n.from, path, fmt.Sprintf(format, args...), hint})
}

// wrongKey reports a problem with the key of n, or with the table n itself.
func (f *findings) wrongKey(n *node, path, hint, format string, args ...any) {
	f.add(finding{int(n.keyAt), n.from, path, fmt.Sprintf(format, args...), hint})
}

// err returns the problems as an *Errors, or nil without any.
func (f *findings) err() error {
	if len(f.list) == 0 {
		return nil
	}
	slices.SortStableFunc(f.list, func(a, b finding) int {
		if (a.from == "") != (b.from == "") {
			return strings.Compare(a.from, b.from)
		}
		if a.from != "" {
			return 0
		}
		return cmp.Compare(a.at, b.at)
	})
	e := &Errors{More: f.more}
	for _, found := range f.list {
		e.Problems = append(e.Problems, f.problem(found))
	}
	return e
}

func (f *findings) problem(found finding) Problem {
	p := Problem{File: f.file, Key: found.key, Message: found.message, Hint: found.hint}
	switch {
	case found.from != "":
		p.File, p.Key = fromOverride, found.from
	case found.at >= 0:
		p.Line, p.Column = position(f.text, found.at)
	}
	return p
}

// position returns line and column of a byte offset, both from 1.
func position(text string, at int) (line, column int) {
	before := text[:min(at, len(text))]
	start := strings.LastIndexByte(before, '\n') + 1
	return strings.Count(before, "\n") + 1, utf8.RuneCountInString(before[start:]) + 1
}
