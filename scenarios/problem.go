package scenarios

import "sesim/scenarios/internal/tree"

// Problem is one thing that is wrong with a scenario, with its position.
type Problem = tree.Problem

// Errors are the problems of one file: those of the file by position, then
// those of overrides. It is the error of everything that reads a scenario.
type Errors = tree.Errors

// Override replaces or adds one value of a scenario, as --set does.
type Override = tree.Override

// ErrRewrite is wrapped by the error for an override that has no place in a
// text.
var ErrRewrite = tree.ErrRewrite

// Rewrite returns the text with the overrides written into it: loading it
// gives what loading src with the overrides gives. Everything else stays as it
// was, comments too. A value replaces the one that the text has for its key; a
// key outside all tables may also be missing. File is the name of the text in
// messages. The error wraps ErrRewrite, or is an *Errors if the text is not
// TOML.
func Rewrite(file string, src []byte, overrides ...Override) ([]byte, error) {
	return tree.Rewrite(file, src, overrides...)
}
