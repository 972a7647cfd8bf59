package scenarios

import (
	"context"
	"errors"
	"io"
	"strings"
	"time"

	"sesim/scenarios/history"
	"sesim/scenarios/internal/keys"
	"sesim/scenarios/internal/tree"
	"sesim/sim"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// maxPastFiles is the maximum number of files of a history.
const maxPastFiles = 1000

// pastFiles reads the name of a file, or a list of them.
type pastFiles struct{ to *[]string }

func (pastFiles) Shape() keys.Shape {
	name := keys.Text{Least: 1, Most: maxFileName}.Shape()
	return keys.AnyOf([]keys.Shape{name, keys.ListOf(name, maxPastFiles)})
}

func (f pastFiles) Read(r *tree.Reporter, n *tree.Node, path string) {
	if n.Kind != tree.List {
		name := ""
		keys.Text{To: &name, Least: 1, Most: maxFileName}.Read(r, n, path)
		*f.to = []string{name}
		return
	}
	items, ok := keys.Items(r, n, path, maxPastFiles)
	if ok && len(n.List) == 0 {
		r.Wrong(n, path, "", "the list is empty: leave the key out, or name a file")
	}
	for _, item := range items {
		*f.to = append(*f.to, item.Text)
	}
}

// read reads the files, and reports whether it could.
func (h *pastReader) read(n *tree.Node, path string) bool {
	l, file := h.l, n.Table["file"]
	path = tree.Join(path, "file")
	if l.files == nil {
		l.Wrong(file, path, "", "%s cannot be read here: this scenario comes without files", keys.QuoteAll(h.files))
		return false
	}
	known, err := l.files.past(h.files)
	if bad, is := errors.AsType[*history.Error](err); is && bad.Choose != "" {
		l.Wrong(file, path, "", `%s NAME of "sesim history", and name here what it prints`, err)
		return false
	}
	if err != nil {
		l.Wrong(file, path, "", "%s", err)
		return false
	}
	for _, note := range known.Notes {
		l.Doubt(file, path, "", "%s", note)
	}
	if late := h.takePoints(known.Points); late > 0 {
		l.Doubt(file, path, "", "left out, since it is not before the start, %s: %s of %d",
			tree.ShowTime(l.cfg.Start), unit.Plural(int64(late), "point", "points"), len(known.Points))
	}
	h.takeState(known, n, file, path)
	return true
}

// takePoints takes over the points before the start, and returns the number of others.
func (h *pastReader) takePoints(points []sim.HistoryPoint) (late int) {
	start := time.Duration(h.l.cfg.Start.UnixNano())
	for _, p := range points {
		if p.At -= start; p.At >= 0 {
			late++
			continue
		}
		p.For = min(p.For, -p.At)
		h.Points = append(h.Points, p)
	}
	return late
}

// takeState takes over what the files say beside the points, unless a key says it.
func (h *pastReader) takeState(known *history.Known, n, file *tree.Node, path string) {
	if known.Used >= 0 && !n.Has("used_24h") {
		h.Used = int64(known.Used)
	}
	if known.Suppressed != nil && !n.Has("listed") {
		h.Listed = known.Listed
	}
	if n.Has("status") || known.Enforcement == "" {
		return
	}
	for _, status := range pastStatuses {
		if status.Word == known.Status() {
			h.Status = status.Is
		}
	}
	if h.Status != ses.Healthy && !n.Has("since") {
		h.l.Doubt(file, path, "", "it says EnforcementStatus %s and not since when: it is taken to begin at the start; write status and since",
			known.Enforcement)
	}
}

// past reads what files say of an account, each list of files once.
func (p *pinned) past(names []string) (*history.Known, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	key := strings.Join(names, "\x00")
	if known := p.pasts[key]; known != nil {
		return known.Known, known.error
	}
	inputs := make([]history.Input, 0, len(names))
	for _, name := range names {
		inputs = append(inputs, history.Input{Name: name, Open: func() (io.ReadCloser, error) { return p.files.Open(name) }})
	}
	known, _, err := p.history(context.Background(), inputs, &history.Options{}, nil)
	p.pasts[key] = &readPast{known, err}
	return known, err
}

// readPast is what files said when they were read.
type readPast struct {
	*history.Known
	error
}
