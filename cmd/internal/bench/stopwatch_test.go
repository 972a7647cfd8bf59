package bench

import (
	"testing"
	"time"
)

// TestStopwatch: what pauses the measurement is no part of it.
func TestStopwatch(t *testing.T) {
	const pause = 20 * time.Millisecond
	began := time.Now()
	w := startStopwatch()
	w.pause(func() { time.Sleep(pause) })
	got := w.stop()
	if most := time.Since(began) - pause; got.wall < 0 || got.work < 0 || got.wall > most {
		t.Errorf("%+v, of at most %v", got, most)
	}
}
