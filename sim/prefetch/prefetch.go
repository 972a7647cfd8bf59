// Package prefetch loads memory into the processor's cache before it is used, so
// that cache misses overlap with other work. It changes no values, and so no
// results. On architectures other than amd64 and arm64 it does nothing.
package prefetch

import "unsafe"

// Line is the address of a cache line. It does not keep the memory alive.
type Line uintptr

// Of returns the cache line that holds the first byte of a value.
func Of[T any](p *T) Line { return Line(unsafe.Pointer(p)) }

// Fetch prefetches the lines. Any address is allowed, valid or not.
func Fetch(lines []Line) {
	if len(lines) > 0 {
		fetch(&lines[0], len(lines))
	}
}
