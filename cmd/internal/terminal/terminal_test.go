package terminal

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// stage is a command that has come a percentage of its day.
type stage struct {
	percent int
	elapsed time.Duration
}

func (s stage) Name() string           { return "stale-list" }
func (s stage) Elapsed() time.Duration { return s.elapsed }
func (s stage) Percent() int           { return s.percent }
func (s stage) Line() string {
	return fmt.Sprintf("day %.1f of 1.0, 1000 events/s, 43k times real time, acme healthy", float64(s.percent)/100)
}

// TestBar checks what a bar draws, that it fits into a narrow terminal, and
// that nothing is left of it at the end.
func TestBar(t *testing.T) {
	var out strings.Builder
	const width = 60
	b := newBar(&out, func() int { return width })
	for i := range 100 {
		b.Show(stage{i, time.Duration(i) * barEvery})
	}
	drawn := out.String()
	if !strings.Contains(drawn, "50% |") || !strings.Contains(drawn, "stale-list: day 0.5 of 1.0") {
		t.Errorf("the bar does not show half a day:\n%q", drawn)
	}
	for frame := range strings.SplitSeq(drawn, "\r") {
		if n := len([]rune(frame)); n > width {
			t.Errorf("a line of %d columns on a terminal of %d: %q", n, width, frame)
		}
	}
	b.Close()
	if last := out.String()[strings.LastIndex(strings.TrimRight(out.String(), "\r"), "\r")+1:]; strings.TrimSpace(last) != "" {
		t.Errorf("the bar leaves %q", last)
	}
}

func TestBarThatWasNeverShown(t *testing.T) {
	var out strings.Builder
	newBar(&out, func() int { return 80 }).Close()
	if out.Len() > 0 {
		t.Errorf("a bar that was never shown draws %q", out.String())
	}
}

// TestNoBarWithoutTerminal checks that no mode draws a bar where standard
// error is not a terminal.
func TestNoBarWithoutTerminal(t *testing.T) {
	none := func(string) string { return "" }
	for _, mode := range []Mode{Auto, Bar, Plain} {
		if d, ok := New(mode, &strings.Builder{}, none).(*plain); !ok {
			t.Errorf("--progress %s shows a %T", mode, d)
		}
	}
	if d, ok := New(None, &strings.Builder{}, none).(silent); !ok {
		t.Errorf("--progress none shows a %T", d)
	}
}
