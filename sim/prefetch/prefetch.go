// Package prefetch asks the processor for memory ahead of its use, so that work
// on one thing goes on while the next ones are on their way. It changes no
// value, and so no result. Where it knows no instruction for that it does
// nothing.
package prefetch

import "unsafe"

// Line is a place in memory. It keeps nothing alive.
type Line uintptr

// Of returns the line that holds the beginning of a value.
func Of[T any](p *T) Line { return Line(unsafe.Pointer(p)) }

// Fetch asks for lines.
func Fetch(lines []Line) {
	if len(lines) > 0 {
		fetch(&lines[0], len(lines))
	}
}
