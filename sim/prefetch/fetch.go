//go:build amd64 || arm64

package prefetch

// fetch prefetches the n lines of the array that begins at first; n is positive.
//
//go:noescape
func fetch(first *Line, n int)
