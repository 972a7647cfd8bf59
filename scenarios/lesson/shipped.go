//go:build !js

package lesson

import (
	"embed"
	"io/fs"
	"sync"
)

//go:embed shipped
var shipped embed.FS

// Files returns the files of the shipped lessons.
func Files() fs.FS { return within(shipped, "shipped") }

// within returns a folder of files that are part of the program.
func within(files embed.FS, folder string) fs.FS {
	sub, err := fs.Sub(files, folder)
	if err != nil {
		panic(err) // it has a valid name
	}
	return sub
}

// Shipped returns the lessons that ship, in their order.
var Shipped = sync.OnceValue(func() []*Lesson {
	list, err := Read(Files(), "lessons")
	if err != nil {
		panic(err) // they are part of the program
	}
	return list
})

//go:embed template
var template embed.FS

// Template returns the files of a set of one lesson, to begin one's own from.
func Template() fs.FS { return within(template, "template") }
