package learn

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// waitFor waits until so many callers stand in line.
func (q *queue) waitFor(t *testing.T, n int) {
	t.Helper()
	for range 2000 {
		q.mu.Lock()
		now := q.waiting
		q.mu.Unlock()
		if now == n {
			return
		}
		time.Sleep(time.Millisecond)
	}
	t.Fatalf("never did %d callers wait", n)
}

// With one turn to give, a tab with many callers does not hold up one with a
// single caller: the tabs take turns.
func TestQueueIsFair(t *testing.T) {
	q := newQueue(1, 100, 10, time.Hour)
	if err := q.wait(context.Background(), "first"); err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	var order []string
	var all sync.WaitGroup
	call := func(tab string) {
		before := q.waiting
		all.Go(func() {
			_ = q.do(context.Background(), tab, func() error {
				mu.Lock()
				order = append(order, tab)
				mu.Unlock()
				return nil
			})
		})
		q.waitFor(t, before+1)
	}
	for range 4 {
		call("greedy")
	}
	call("modest")
	call("other")
	q.leave()
	all.Wait()
	if want := []string{"greedy", "modest", "other", "greedy", "greedy", "greedy"}; !slices.Equal(order, want) {
		t.Errorf("the order is %v, want %v", order, want)
	}
	if q.free != 1 || q.waiting != 0 || len(q.tabs) != 0 {
		t.Errorf("afterwards %d free, %d waiting, %d tabs", q.free, q.waiting, len(q.tabs))
	}
}

func TestQueueIsBounded(t *testing.T) {
	q := newQueue(0, 3, 2, time.Hour)
	ctx, cancel := context.WithCancel(context.Background())
	var all sync.WaitGroup
	for i, tab := range []string{"a", "a", "b"} {
		all.Go(func() {
			if err := q.wait(ctx, tab); !errors.Is(err, context.Canceled) {
				t.Errorf("%s: %v", tab, err)
			}
		})
		q.waitFor(t, i+1)
	}
	if err := q.wait(ctx, "c"); !errors.Is(err, ErrBusy) {
		t.Errorf("a fourth caller: %v", err)
	}
	q.most = 10
	if err := q.wait(ctx, "a"); !errors.Is(err, ErrBusy) {
		t.Errorf("a third one of a tab: %v", err)
	}
	cancel()
	all.Wait()
	if q.waiting != 0 || len(q.tabs) != 0 {
		t.Errorf("afterwards %d wait in %d tabs", q.waiting, len(q.tabs))
	}
}

// Of 200 callers at once, each with a run as long as the budget allows, some have
// their turn in time and the others are told that the classroom is busy, before
// the server would close the connection. The time is a simulated one.
func TestQueueAnswersInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const turns = 2
		q := New(Options{Runs: turns}).queue
		began := time.Now()
		var mu sync.Mutex
		var served, busy int
		var all sync.WaitGroup
		for i := range 200 {
			all.Go(func() {
				err := q.do(t.Context(), "tab"+strconv.Itoa(i), func() error {
					time.Sleep(DefaultBudget.Wall)
					return nil
				})
				mu.Lock()
				defer mu.Unlock()
				switch {
				case err == nil:
					served++
				case errors.Is(err, ErrBusy):
					busy++
				default:
					t.Error(err)
				}
				if late := time.Since(began); late > writeTimeout-readTimeout-answering {
					t.Errorf("caller %d: %v after %v", i, err, late)
				}
			})
		}
		all.Wait()
		rounds := int(q.patience / DefaultBudget.Wall)
		if want := turns * (rounds + 1); served < want-turns || served > want || served+busy != 200 {
			t.Errorf("%d served and %d busy, want about %d and the others", served, busy, want)
		}
		if q.free != turns || q.waiting != 0 || len(q.tabs) != 0 {
			t.Errorf("afterwards %d turns are free, %d callers wait in %d tabs", q.free, q.waiting, len(q.tabs))
		}
	})
}

// A request whose turn does not come is answered with 503, and told when to ask
// again.
func TestBusyServer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := New(Options{Runs: 1})
		if err := s.queue.wait(t.Context(), "other"); err != nil {
			t.Fatal(err)
		}
		for _, path := range []string{"run", "draw", "explain", "figures"} {
			r := httptest.NewRequest(http.MethodPost, "http://127.0.0.1:1234/api/"+path, strings.NewReader(`{"lesson":"quota"}`))
			r.Header.Set(tabHeader, "tab1")
			w := httptest.NewRecorder()
			s.ServeHTTP(w, r)
			after, err := strconv.Atoi(w.Header().Get("Retry-After"))
			if w.Code != http.StatusServiceUnavailable || err != nil || after < 1 || !strings.Contains(w.Body.String(), ErrBusy.Error()) {
				t.Errorf("%s: %d, Retry-After %q: %s", path, w.Code, w.Header().Get("Retry-After"), w.Body)
			}
		}
	})
}

// However callers come, give up and go, no turn is lost and none is given out
// twice.
func TestQueueLosesNoTurn(t *testing.T) {
	const turns = 3
	q := newQueue(turns, 1000, 1000, time.Hour)
	var mu sync.Mutex
	inside := 0
	var all sync.WaitGroup
	for i := range 300 {
		all.Go(func() {
			ctx, cancel := context.WithTimeout(context.Background(), time.Duration(i%7)*time.Millisecond)
			defer cancel()
			_ = q.do(ctx, "tab"+strconv.Itoa(i%11), func() error {
				mu.Lock()
				inside++
				most := inside
				mu.Unlock()
				if most > turns {
					t.Errorf("%d have a turn", most)
				}
				time.Sleep(200 * time.Microsecond)
				mu.Lock()
				inside--
				mu.Unlock()
				return nil
			})
		})
	}
	all.Wait()
	if q.free != turns || q.waiting != 0 || len(q.tabs) != 0 {
		t.Errorf("afterwards %d turns are free of %d, %d wait", q.free, turns, q.waiting)
	}
}
