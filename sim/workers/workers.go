// Package workers does independent work on several goroutines. It models nothing.
//
// A panic on a goroutine ends the process, with the exit status that says that a
// scenario is bad. Here it continues in the caller, where the program's one place
// for defects reports it. Other packages therefore start no goroutines of their
// own for code of ours; a test of the import rules sees to it.
package workers

import (
	"sync"
	"sync/atomic"
)

// Each calls do for 0 to n-1, each once, in that order on up to the given number of
// goroutines, or on the caller's if that is 1 or less. It returns when all calls
// have returned. If some panic, one of the values panics in the caller.
func Each(workers, n int, do func(i int)) { EachWithNews(workers, n, do, nil, nil) }

// EachWithNews is Each, and tells what comes in meanwhile: on several goroutines, it
// calls tell on the caller's for each element of news.
func EachWithNews(workers, n int, do func(i int), news <-chan struct{}, tell func()) {
	if workers <= 1 {
		for i := range n {
			do(i)
		}
		return
	}
	var next atomic.Int64
	var group sync.WaitGroup
	var broken atomic.Value
	for range min(workers, n) {
		group.Go(func() {
			defer func() {
				if v := recover(); v != nil {
					broken.Store(panicked{v})
				}
			}()
			for i := next.Add(1) - 1; i < int64(n); i = next.Add(1) - 1 {
				do(int(i))
			}
		})
	}
	wait(&group, news, tell)
	if p, bad := broken.Load().(panicked); bad {
		panic(p.value)
	}
}

// wait waits for a group, and meanwhile tells news.
func wait(group *sync.WaitGroup, news <-chan struct{}, tell func()) {
	if news == nil {
		group.Wait()
		return
	}
	ended := make(chan struct{})
	go func() {
		group.Wait()
		close(ended)
	}()
	for {
		select {
		case <-ended:
			return
		case <-news:
			tell()
		}
	}
}

// panicked is the value of a panic: an atomic.Value takes one type only.
type panicked struct{ value any }
