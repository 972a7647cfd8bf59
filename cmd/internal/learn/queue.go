//go:build !js

package learn

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"
)

// ErrBusy is wrapped by the error for a request that finds too many waiting, or
// has waited too long.
var ErrBusy = errors.New("too many runs are waiting; try again in a moment")

// queue limits the number of concurrent runs of the model. Waiting tabs take
// turns, so that a tab with many requests delays itself and not the others.
type queue struct {
	patience time.Duration // that a caller waits at most for a turn

	mu      sync.Mutex
	free    int    // turns that nobody has
	waiting int    // callers, over all tabs
	most    int    // callers that may wait
	each    int    // callers of one tab that may wait
	tabs    []*tab // those with callers that wait, the next one first
}

// tab is a tab with callers that wait, in the order in which they came.
type tab struct {
	name string
	line []chan struct{} // closed when the caller's turn has come
}

func newQueue(turns, most, each int, patience time.Duration) *queue {
	return &queue{free: turns, most: most, each: each, patience: patience}
}

// do calls f when the tab's turn has come, unless ctx or the caller's patience
// ends before.
func (q *queue) do(ctx context.Context, name string, f func() error) error {
	if err := q.wait(ctx, name); err != nil {
		return err
	}
	defer q.leave()
	return f()
}

// wait returns nil when the caller has a turn.
func (q *queue) wait(ctx context.Context, name string) error {
	turn, err := q.enter(name)
	if turn == nil {
		return err
	}
	ctx, cancel := context.WithTimeoutCause(ctx, q.patience, ErrBusy)
	defer cancel()
	select {
	case <-turn:
		return nil
	case <-ctx.Done():
	}
	if !q.withdraw(name, turn) {
		q.leave() // the turn came at the same moment
	}
	return context.Cause(ctx)
}

// enter takes a free turn, or joins the line of the tab.
func (q *queue) enter(name string) (chan struct{}, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.free > 0 {
		q.free--
		return nil, nil
	}
	i := q.find(name)
	if q.waiting >= q.most || i >= 0 && len(q.tabs[i].line) >= q.each {
		return nil, ErrBusy
	}
	if i < 0 {
		i = len(q.tabs)
		q.tabs = append(q.tabs, &tab{name: name})
	}
	turn := make(chan struct{})
	q.tabs[i].line = append(q.tabs[i].line, turn)
	q.waiting++
	return turn, nil
}

// leave gives a turn back: to the first caller of the next tab, which goes to
// the end of the rotation.
func (q *queue) leave() {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.tabs) == 0 {
		q.free++
		return
	}
	t := q.tabs[0]
	q.tabs = q.tabs[1:]
	close(t.line[0])
	t.line = t.line[1:]
	q.waiting--
	if len(t.line) > 0 {
		q.tabs = append(q.tabs, t)
	}
}

// withdraw takes a caller out of the line. It reports whether it was there.
func (q *queue) withdraw(name string, turn chan struct{}) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	i := q.find(name)
	if i < 0 {
		return false
	}
	t := q.tabs[i]
	n := slices.Index(t.line, turn)
	if n < 0 {
		return false
	}
	t.line = slices.Delete(t.line, n, n+1)
	q.waiting--
	if len(t.line) == 0 {
		q.tabs = slices.Delete(q.tabs, i, i+1)
	}
	return true
}

func (q *queue) find(name string) int {
	return slices.IndexFunc(q.tabs, func(t *tab) bool { return t.name == name })
}
