//go:build js

// Command wasm is the engine of an exported classroom: it answers the questions of the page
// in the browser. A worker calls it, site/js/engine.js, by two functions:
//
//	sesimOpen(zip)            takes the lessons, and returns what is wrong with them
//	sesimAnswer(name, body)   answers a question, as POST /api/NAME does: [ok, text]
package main

import (
	"archive/zip"
	"bytes"
	"context"
	"syscall/js"
	"time"

	"sesim/cmd/internal/learn"
	"sesim/scenarios/lesson"
)

// wall is the longest run in real time: a phone is slower than the computer of a server.
const wall = time.Minute

func main() {
	var class *learn.Classroom
	global := js.Global()
	global.Set("sesimOpen", js.FuncOf(func(_ js.Value, args []js.Value) any {
		src := make([]byte, args[0].Length())
		js.CopyBytesToGo(src, args[0])
		files, err := zip.NewReader(bytes.NewReader(src), int64(len(src)))
		if err != nil {
			return err.Error()
		}
		lessons, err := lesson.Read(files, "lessons")
		if err != nil {
			return err.Error()
		}
		budget := learn.DefaultBudget
		budget.Wall = wall
		class = learn.NewClassroom(lessons, budget)
		return ""
	}))
	global.Set("sesimAnswer", js.FuncOf(func(_ js.Value, args []js.Value) any {
		text, err := class.Answer(context.Background(), args[0].String(), []byte(args[1].String()))
		if err != nil {
			return []any{false, err.Error()}
		}
		return []any{true, string(text)}
	}))
	global.Call("sesimReady")
	select {}
}
