// Package licenses holds the license of sesim and those of everything that is
// linked into it: modules, the Go standard library, fonts, time zone data and the
// JavaScript of the classroom. They must go wherever the binary does.
//
// The text is generated from the modules:
//
//	go test ./cmd/internal/licenses -update
package licenses

import _ "embed"

// Text is all licenses, each below the name of what it is for.
//
//go:embed licenses.txt
var Text string
