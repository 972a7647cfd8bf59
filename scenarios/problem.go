package scenarios

import "sesim/scenarios/internal/tree"

// Problem is an error in a scenario, or a warning about it, with its position.
type Problem = tree.Problem

// Errors are the problems of one file: those of the file by position, then those
// of overrides. All functions that read a scenario return it as their error.
type Errors = tree.Errors

// Override replaces or adds a value of a scenario, as --set does.
type Override = tree.Override

// ErrRewrite is wrapped by the error for an override that cannot be written into
// a text.
var ErrRewrite = tree.ErrRewrite

// Rewrite returns the text with the overrides written into it: loading it has the
// same result as loading src with the overrides. Everything else, including
// comments, is unchanged. A value replaces the existing one of its key; a key
// outside all tables may also be missing. File is the name of the text in
// messages. The error wraps ErrRewrite, or is an *Errors if the text is not TOML.
func Rewrite(file string, src []byte, overrides ...Override) ([]byte, error) {
	return tree.Rewrite(file, src, overrides...)
}
