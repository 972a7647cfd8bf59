//go:build amd64 || arm64

package prefetch

// fetch asks for n addresses, from first on; n is positive.
//
//go:noescape
func fetch(first *Line, n int)
