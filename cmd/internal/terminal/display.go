package terminal

import (
	"fmt"
	"io"
	"time"

	"github.com/schollz/progressbar/v3"
)

var (
	_ Display = silent{}
	_ Display = (*plain)(nil)
	_ Display = (*bar)(nil)
)

// silent shows nothing.
type silent struct{}

func (silent) Show(Stage) {}
func (silent) Close()     {}

// plain writes a line for every tenth of the virtual time, and one every half
// minute of wall time if a tenth takes longer. It is meant for logs: no carriage
// returns, no escape sequences.
type plain struct {
	w      io.Writer
	tenths int
	last   time.Duration
}

const plainEvery = 30 * time.Second

func (p *plain) Show(s Stage) {
	tenths := s.Percent() / 10
	if tenths <= p.tenths && s.Elapsed()-p.last < plainEvery {
		return
	}
	p.tenths, p.last = tenths, s.Elapsed()
	percent := ""
	if s.Percent() >= 0 {
		percent = fmt.Sprintf("%3d%%, ", s.Percent())
	}
	fmt.Fprintf(p.w, "%s: %s%s\n", s.Name(), percent, s.Line())
}

func (p *plain) Close() {}

// bar draws a progress bar on a terminal, and removes it at the end. Its length
// is fixed and positive, and nothing is read back from it: the library's answers
// are unreliable if the length is unknown or the bar is hidden.
type bar struct {
	bar   *progressbar.ProgressBar
	width func() int // of the terminal, in columns
	drawn bool
	last  time.Duration
}

const (
	barEvery  = 100 * time.Millisecond
	barSteps  = 100
	barWidth  = 20
	barMargin = 12 // columns of the bar's ends, the percentage and the gaps
)

func newBar(w io.Writer, width func() int) *bar {
	return &bar{width: width, bar: progressbar.NewOptions(barSteps,
		progressbar.OptionSetWriter(w),
		progressbar.OptionSetWidth(barWidth),
		progressbar.OptionSetPredictTime(false),
		progressbar.OptionShowDescriptionAtLineEnd(),
		progressbar.OptionClearOnFinish(),
	)}
}

func (b *bar) Show(s Stage) {
	if b.drawn && s.Elapsed()-b.last < barEvery || s.Percent() >= barSteps {
		return
	}
	b.drawn, b.last = true, s.Elapsed()
	// Errors of the bar are ignored: they must not end a run.
	_ = b.bar.Set(max(0, s.Percent()))
	b.bar.Describe(cut(s.Name()+": "+s.Line(), b.width()-barWidth-barMargin))
}

func (b *bar) Close() {
	if b.drawn {
		_ = b.bar.Finish() // clears the line
	}
}

// cut shortens text to width characters: a wrapped line cannot be overwritten.
func cut(text string, width int) string {
	runes := []rune(text)
	if len(runes) <= max(width, 0) {
		return text
	}
	return string(runes[:max(width, 0)])
}
