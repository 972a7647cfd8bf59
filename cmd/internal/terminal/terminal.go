// Package terminal shows the progress of a command, as a bar on a terminal and as
// lines elsewhere, and decides whether text may be coloured. Only this package
// uses the terminal libraries.
//
// A command passes Stages to a Display, as often as it likes; the display decides
// what to show.
package terminal

import (
	"io"
	"os"
	"time"

	"golang.org/x/term"
)

// Display shows the progress of a command.
type Display interface {
	Show(Stage) // may be called often: the display decides what to show
	Close()     // ends the display
}

// Stage is the progress of a command. It is valid only during the call.
type Stage interface {
	Name() string           // of the scenario
	Elapsed() time.Duration // wall time since the command began
	Percent() int           // 0 to 100; negative if unknown
	Line() string           // further information
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
// that can overwrite a line; otherwise plain lines are written.
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

// Is reports whether a stream is a terminal.
func Is(stream any) bool {
	file, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}

// is reports whether a file is a terminal that supports escape sequences.
func is(file *os.File, getenv func(string) string) bool {
	return Is(file) && getenv("TERM") != "dumb"
}

// width returns the columns of a terminal, 80 if unknown.
func width(file *os.File) int {
	columns, _, err := term.GetSize(int(file.Fd()))
	if err != nil || columns <= 0 {
		return 80
	}
	return columns
}
