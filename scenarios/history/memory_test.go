package history

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"testing"
	"time"
)

// endless is a log of one send each ten seconds, made as it is read.
type endless struct {
	at      time.Time
	n, last int
	rest    []byte
}

func (e *endless) Read(p []byte) (int, error) {
	if len(e.rest) == 0 {
		if e.n == e.last {
			return 0, io.EOF
		}
		e.n++
		e.at = e.at.Add(10 * time.Second)
		e.rest = fmt.Appendf(e.rest[:0], `{"eventType":"Send","mail":{"timestamp":"%s","source":"news@acme.example","messageId":"0102-%08d",`+
			`"destination":["reader-%d@post.example"],"headers":[{"name":"Subject","value":"a subject that is not looked at"}]},"send":{}}`+"\n",
			e.at.Format("2006-01-02T15:04:05.000Z"), e.n, e.n%5000)
	}
	n := copy(p, e.rest)
	e.rest = e.rest[n:]
	return n, nil
}

func (*endless) Close() error { return nil }

// TestReadMemory: of a record reading keeps its identity alone, in a set whose size is
// bounded (mostSeen), and nothing of its text.
func TestReadMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("reads 50 MB")
	}
	const first, last, each = 60_000, 200_000, 24 // bytes: a set doubles
	var early, late runtime.MemStats
	n := 0
	open := func() (io.ReadCloser, error) {
		return &endless{at: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), last: last}, nil
	}
	_, _, err := Read(context.Background(), []Input{{"log", open}}, &Options{}, func(*Record) error {
		switch n++; n {
		case first:
			runtime.GC()
			runtime.ReadMemStats(&early)
		case last:
			runtime.GC()
			runtime.ReadMemStats(&late)
		}
		return nil
	})
	if err != nil || n != last {
		t.Fatalf("%d records, %v", n, err)
	}
	t.Logf("%d bytes after %d records, %d after %d", early.HeapAlloc, first, late.HeapAlloc, last)
	if late.HeapAlloc > early.HeapAlloc+each*(last-first) {
		t.Errorf("%d bytes after %d records, %d after %d", early.HeapAlloc, first, late.HeapAlloc, last)
	}
}
