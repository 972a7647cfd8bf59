// Package terminal shows how far a command has come, as a bar on a terminal
// and as lines elsewhere, and knows whether text may be coloured. It is the
// one door to the libraries that know terminals.
//
// A command hands a Display one Stage after the other, as often as it likes;
// the display decides what is worth showing.
package terminal

import (
	"io"
	"os"
	"time"

	"golang.org/x/term"
)

// Display shows how far a command has come.
type Display interface {
	Show(Stage) // called often: the display decides what is worth showing
	Close()     // the command is done: nothing is shown any more
}

// Stage is how far a command has come. It is valid during the call only.
type Stage interface {
	Name() string           // of the scenario
	Elapsed() time.Duration // wall time since the command began
	Percent() int           // 0 to 100; negative: not known
	Line() string           // what else there is to say
}

// Mode is how progress is shown.
type Mode string

// The modes. Auto is a bar on a terminal and plain lines elsewhere.
const (
	Auto  Mode = "auto"
	Bar   Mode = "bar"
	Plain Mode = "plain"
	None  Mode = "none"
)

// Modes returns the words for all modes.
func Modes() []string { return []string{string(Auto), string(Bar), string(Plain), string(None)} }

// New returns the display for a mode on standard error. A bar needs a terminal
// that can go back in a line; where there is none, lines are plain.
func New(mode Mode, stderr io.Writer, getenv func(string) string) Display {
	file, ok := stderr.(*os.File)
	capable := ok && is(file, getenv)
	switch {
	case mode == None:
		return silent{}
	case mode == Bar && capable, mode == Auto && capable && getenv("CI") == "":
		return newBar(file, func() int { return width(file) })
	}
	return &plain{w: stderr}
}

// Colour reports whether text on standard output may be coloured.
func Colour(stdout io.Writer, getenv func(string) string) bool {
	file, ok := stdout.(*os.File)
	return ok && is(file, getenv) && getenv("NO_COLOR") == ""
}

// is reports whether a file is a terminal that understands escape sequences.
func is(file *os.File, getenv func(string) string) bool {
	return term.IsTerminal(int(file.Fd())) && getenv("TERM") != "dumb"
}

// width returns the columns of a terminal, 80 where it does not say.
func width(file *os.File) int {
	columns, _, err := term.GetSize(int(file.Fd()))
	if err != nil || columns <= 0 {
		return 80
	}
	return columns
}
