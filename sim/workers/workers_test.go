package workers_test

import (
	"slices"
	"sync/atomic"
	"testing"

	"sesim/sim/workers"
)

func TestEach(t *testing.T) {
	for _, n := range []int{0, 1, 2, 100} {
		for _, goroutines := range []int{-1, 0, 1, 2, 7, 200} {
			calls := make([]*atomic.Int64, n)
			for i := range calls {
				calls[i] = new(atomic.Int64)
			}
			workers.Each(goroutines, n, func(i int) { calls[i].Add(1) })
			if slices.ContainsFunc(calls, func(c *atomic.Int64) bool { return c.Load() != 1 }) {
				t.Errorf("%d calls on %d goroutines: not each once", n, goroutines)
			}
		}
	}
}

func TestEachPanics(t *testing.T) {
	for _, goroutines := range []int{1, 2, 7} {
		func() {
			defer func() {
				if v := recover(); v != "on fire" {
					t.Errorf("on %d goroutines: %v", goroutines, v)
				}
			}()
			workers.Each(goroutines, 10, func(i int) {
				if i == 3 {
					panic("on fire")
				}
			})
			t.Errorf("on %d goroutines: no panic", goroutines)
		}()
	}
}

// TestEachWithNews lets every call wait until the caller was told of it.
func TestEachWithNews(t *testing.T) {
	news, told, sum := make(chan struct{}), make(chan struct{}), 0
	workers.EachWithNews(2, 10, func(int) {
		news <- struct{}{}
		<-told
	}, news, func() {
		sum++ // on this goroutine: the race detector knows
		told <- struct{}{}
	})
	if sum != 10 {
		t.Errorf("told %d times", sum)
	}
}
