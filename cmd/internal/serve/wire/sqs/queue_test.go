package sqs

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"sesim/cmd/internal/serve/wire"
)

const arn = "arn:aws:sqs:us-east-1:123456789012:events"

// bubble runs a test in virtual wall time with a queue.
func bubble(t *testing.T, do func(t *testing.T, q *Queue)) {
	synctest.Test(t, func(t *testing.T) { do(t, New(DefaultWaiting, time.Now).Open(arn)) })
}

// bodies receives and returns the bodies, joined, and the receipts.
func bodies(t *testing.T, q *Queue, most int, invisible, wait time.Duration) (text string, receipts []string) {
	t.Helper()
	list, err := q.receive(t.Context(), most, invisible, wait)
	if err != nil {
		t.Fatal(err)
	}
	var parts []string
	for _, d := range list {
		parts = append(parts, d.content.Body())
		receipts = append(receipts, d.receipt)
	}
	return strings.Join(parts, " "), receipts
}

// TestOrder checks that messages come in the order of arrival, also those that come back,
// and that a receipt deletes its message once.
func TestOrder(t *testing.T) {
	bubble(t, func(t *testing.T, q *Queue) {
		for i := range 6 {
			q.Put(Text(strconv.Itoa(i)))
		}
		first, receipts := bodies(t, q, 3, time.Minute, 0)
		second, _ := bodies(t, q, 1, time.Second, 0)
		if first != "0 1 2" || second != "3" {
			t.Fatalf("%q, %q", first, second)
		}
		if err := q.remove(receipts[1]); err != nil {
			t.Error(err)
		}
		if err := q.remove(receipts[1]); err != nil {
			t.Errorf("deleted again: %v", err)
		}
		time.Sleep(time.Second)
		if got, _ := bodies(t, q, 1, time.Minute, 0); got != "3" {
			t.Errorf("after its visibility timeout: %q", got)
		}
		time.Sleep(time.Minute)
		if got, _ := bodies(t, q, 10, time.Minute, 0); got != "0 2 3 4 5" {
			t.Errorf("after that of the others: %q", got)
		}
		if err := q.remove(receipts[0]); err != nil {
			t.Error(err)
		}
		time.Sleep(time.Minute)
		if got, _ := bodies(t, q, 10, time.Minute, 0); got != "0 2 3 4 5" {
			t.Errorf("after deleting by a receipt that is not the latest: %q", got)
		}
	})
}

// TestReceipts checks receipts that are not from this queue.
func TestReceipts(t *testing.T) {
	bubble(t, func(t *testing.T, q *Queue) {
		q.Put(Text("a"))
		_, receipts := bodies(t, q, 1, time.Minute, 0)
		for _, receipt := range []string{"", "x", receipts[0][1:], "a:0:1", "a:1:1", "a:-1:1", "a:0:0", wire.NewRequestID() + ":0:1"} {
			if err := q.remove(receipt); !errors.Is(err, errReceipt) {
				t.Errorf("delete %q: %v", receipt, err)
			}
			if err := q.hide(receipt, 0); !errors.Is(err, errReceipt) {
				t.Errorf("hide %q: %v", receipt, err)
			}
		}
	})
}

// TestDeleteVisible checks that a message may be deleted after it has come back, as long
// as nobody else has it.
func TestDeleteVisible(t *testing.T) {
	bubble(t, func(t *testing.T, q *Queue) {
		q.Put(Text("a"))
		q.Put(Text("b"))
		_, receipts := bodies(t, q, 1, 0, 0)
		if waiting, inFlight := q.counts(); waiting != 2 || inFlight != 0 {
			t.Errorf("%d, %d", waiting, inFlight)
		}
		if err := q.remove(receipts[0]); err != nil {
			t.Error(err)
		}
		if got, _ := bodies(t, q, 10, time.Minute, 0); got != "b" {
			t.Errorf("%q", got)
		}
	})
}

// TestHide checks that visibility can be prolonged and ended, which wakes who waits.
func TestHide(t *testing.T) {
	bubble(t, func(t *testing.T, q *Queue) {
		q.Put(Text("a"))
		_, receipts := bodies(t, q, 1, time.Minute, 0)
		time.Sleep(50 * time.Second)
		if err := q.hide(receipts[0], time.Minute); err != nil {
			t.Fatal(err)
		}
		time.Sleep(59 * time.Second)
		if got, _ := bodies(t, q, 1, time.Minute, 0); got != "" {
			t.Errorf("%q within a visibility timeout that was prolonged", got)
		}
		go func() {
			time.Sleep(100 * time.Millisecond)
			if err := q.hide(receipts[0], 0); err != nil {
				t.Error(err)
			}
		}()
		start := time.Now()
		if got, _ := bodies(t, q, 1, time.Minute, 500*time.Millisecond); got != "a" || time.Since(start) != 100*time.Millisecond {
			t.Errorf("%q after %v", got, time.Since(start))
		}
		if err := q.hide(receipts[0], 0); !errors.Is(err, errVisible) {
			t.Errorf("with a receipt that is not the latest: %v", err)
		}
	})
}

// TestWait checks how long an empty queue makes a reader wait: for a message, for one
// that comes back, to the end of its patience, and to its own end.
func TestWait(t *testing.T) {
	bubble(t, func(t *testing.T, q *Queue) {
		start := time.Now()
		took := func() time.Duration { d := time.Since(start); start = time.Now(); return d }
		if got, _ := bodies(t, q, 1, time.Minute, 20*time.Second); got != "" || took() != 20*time.Second {
			t.Errorf("%q of an empty queue", got)
		}
		if got, _ := bodies(t, q, 1, time.Minute, 0); got != "" || took() != 0 {
			t.Errorf("%q of an empty queue", got)
		}
		go func() {
			time.Sleep(3 * time.Second)
			q.Put(Text("a"))
		}()
		if got, _ := bodies(t, q, 1, 5*time.Second, 20*time.Second); got != "a" || took() != 3*time.Second {
			t.Errorf("%q, or late", got)
		}
		if got, _ := bodies(t, q, 1, time.Minute, 20*time.Second); got != "a" || took() != 5*time.Second {
			t.Errorf("%q, or late, for one that comes back", got)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := q.receive(ctx, 1, time.Minute, 20*time.Second); !errors.Is(err, context.DeadlineExceeded) || took() != time.Second {
			t.Errorf("after the reader's end: %v", err)
		}
	})
}

// TestBounds checks the numbers of messages waiting and in flight, and what makes room.
func TestBounds(t *testing.T) {
	q := New(maxInFlight+1, time.Now).Open(arn)
	for range maxInFlight + 1 {
		if !q.Put(Text("x")) {
			t.Fatal("no room")
		}
	}
	if q.Put(Text("y")) {
		t.Error("room beyond the limit")
	}
	var last string
	for range maxInFlight / 10 {
		_, receipts := bodies(t, q, 10, time.Hour, 0)
		if len(receipts) != 10 {
			t.Fatalf("%d messages", len(receipts))
		}
		last = receipts[9]
	}
	if _, err := q.receive(t.Context(), 10, time.Hour, 0); !errors.Is(err, errOverLimit) {
		t.Errorf("beyond the limit in flight: %v", err)
	}
	if err := q.remove(last); err != nil {
		t.Fatal(err)
	}
	if got, _ := bodies(t, q, 10, time.Hour, 0); got != "x" {
		t.Errorf("%q after one was deleted", got)
	}
	if !q.Put(Text("y")) {
		t.Error("no room after the queue was read")
	}
	q.purge()
	if waiting, inFlight := q.counts(); waiting != 0 || inFlight != 0 {
		t.Errorf("%d, %d after a purge", waiting, inFlight)
	}
	if err := q.remove(last); err != nil {
		t.Errorf("deleting after a purge: %v", err)
	}
}

// TestDrained checks that it waits for the deletion of the last message, or for its end.
func TestDrained(t *testing.T) {
	bubble(t, func(t *testing.T, q *Queue) {
		if err := q.drained(t.Context()); err != nil {
			t.Fatal(err)
		}
		q.Put(Text("a"))
		q.Put(Text("b"))
		start := time.Now()
		go func() {
			_, receipts := bodies(t, q, 2, time.Minute, 0)
			for _, receipt := range receipts {
				time.Sleep(time.Second)
				if err := q.remove(receipt); err != nil {
					t.Error(err)
				}
			}
		}()
		if err := q.drained(t.Context()); err != nil || time.Since(start) != 2*time.Second {
			t.Errorf("after %v: %v", time.Since(start), err)
		}
		q.Put(Text("c"))
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := q.drained(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
	})
}

// TestOnce drives a queue at random next to a list that is searched anew for each step,
// and checks that both hand out the same messages.
func TestOnce(t *testing.T) {
	type entry struct {
		body, receipt string
		visible       time.Time
	}
	for seed := range uint64(50) {
		bubble(t, func(t *testing.T, q *Queue) {
			r := rand.New(rand.NewPCG(seed, 0))
			var list []*entry
			next := 0
			for range 300 {
				switch r.IntN(5) {
				case 0, 1:
					q.Put(Text(strconv.Itoa(next)))
					list = append(list, &entry{body: strconv.Itoa(next)})
					next++
				case 2:
					most, invisible := 1+r.IntN(3), time.Duration(1+r.IntN(3))*time.Second
					got, receipts := bodies(t, q, most, invisible, 0)
					var want []string
					for _, c := range list {
						if len(want) < most && !c.visible.After(time.Now()) {
							if len(want) < len(receipts) {
								c.receipt = receipts[len(want)]
							}
							want = append(want, c.body)
							c.visible = time.Now().Add(invisible)
						}
					}
					if got != strings.Join(want, " ") {
						t.Fatalf("seed %d: %q, want %q", seed, got, want)
					}
				case 3:
					if len(list) > 0 {
						i := r.IntN(len(list))
						if list[i].receipt != "" {
							if err := q.remove(list[i].receipt); err != nil {
								t.Fatal(err)
							}
							list = slices.Delete(list, i, i+1)
						}
					}
				case 4:
					time.Sleep(time.Duration(r.IntN(3)) * time.Second)
				}
			}
		})
	}
}
