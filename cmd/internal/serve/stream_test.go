package serve

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"
)

// TestStream compares the stream with a list of all events, of which the latest are left.
func TestStream(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	s := newStream(100)
	var all []Event
	for i := range 1000 {
		text := make([]byte, random.IntN(3000))
		if i%500 == 0 {
			text = make([]byte, 3*room)
		}
		for n := range text {
			text[n] = byte('a' + i%26)
		}
		e := Event{
			Virtual: time.Date(2026, 3, 1, 0, 0, 0, i, time.UTC), Account: fmt.Sprint("a", i%3), Destination: fmt.Sprint("d", i%7), Event: text,
		}
		s.add(&e)
		e.Seq, e.Event = int64(i+1), json.RawMessage(string(text))
		all = append(all, e)
		if s.last() != e.Seq {
			t.Fatalf("the last of %d is %d", e.Seq, s.last())
		}
		left := all[max(0, len(all)-100):]
		after, most := left[0].Seq-1+random.Int64N(int64(len(left))), 1+random.IntN(120)
		got, oldest := s.after(context.Background(), after, most)
		want := left[after+1-left[0].Seq:]
		if want = want[:min(len(want), most)]; !reflect.DeepEqual(got, want) || oldest != 0 {
			t.Fatalf("after %d of %d, oldest %d: %d events, want %d", after, i, oldest, len(got), len(want))
		}
		if list, oldest := s.after(context.Background(), left[0].Seq-2, most); left[0].Seq > 1 && (list != nil || oldest != left[0].Seq) {
			t.Fatalf("before the oldest: %d events, oldest %d, want %d", len(list), oldest, left[0].Seq)
		}
	}
	if n := len(s.rooms); n > 10 {
		t.Errorf("%d rooms for a hundred events of at most 3000 bytes but one", n)
	}
}
