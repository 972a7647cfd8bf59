package journal

import (
	"bytes"
	"encoding/json"
	"io"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"sesim/reports/jsontext"
	"sesim/sim"
	"sesim/sim/ses"
)

// oracle returns a line as encoding/json writes it.
func oracle(t testing.TB, l *Line) string {
	t.Helper()
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	if err := e.Encode(l); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// compareLine compares a line with the oracle's.
func compareLine(t testing.TB, l *Line) {
	t.Helper()
	written := text{Text: jsontext.Text{B: []byte("before")}}
	if err := written.line(l.Seq, l.At, l.Request, l.In, l.Out, l.Note); err != nil {
		t.Fatal(err)
	}
	if want := "before" + oracle(t, l); string(written.B) != want {
		t.Fatalf("got  %s\nwant %s", written.B, want)
	}
}

// pieces are what texts are made of: some of them need more than quotation marks.
var pieces = []string{"a", "<b@c.example>", "&", `"`, `\`, "\n", "\x00", "\x7f", "ü", "€", "\U0001f600", "\u2028", "\ufffd", "\xff", "\xc3", "{", "["}

// fill fills a value at random; parts of it stay empty.
func fill(v reflect.Value, r *rand.Rand) {
	if r.IntN(3) == 0 {
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), r)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), r.IntN(3), 3))
		for i := range v.Len() {
			fill(v.Index(i), r)
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for range r.IntN(4) {
			key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
			fill(key, r)
			fill(value, r)
			v.SetMapIndex(key, value)
		}
	case reflect.String:
		for range r.IntN(4) {
			v.SetString(v.String() + pieces[r.IntN(len(pieces))])
		}
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(r.Int64() - 1<<62)
	case reflect.Uint8:
		v.SetUint(r.Uint64N(256))
	default:
		panic(v.Type())
	}
}

// TestAppend checks that lines are written as encoding/json writes them, also with the strangest
// texts.
func TestAppend(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 10_000 {
		l := &Line{In: &sim.Input{Call: &sim.Call{}}, Out: &answer{}}
		fill(reflect.ValueOf(l.In.Call).Elem(), r)
		fill(reflect.ValueOf(l.Out).Elem(), r)
		fill(reflect.ValueOf(&l.Seq).Elem(), r)
		fill(reflect.ValueOf(&l.At).Elem(), r)
		fill(reflect.ValueOf(&l.Request).Elem(), r)
		compareLine(t, l)
	}
	compareLine(t, &Line{Seq: 7, At: time.Hour, Request: "id", Note: "lost <>"})
	compareLine(t, &Line{Seq: 7, At: time.Hour, In: &sim.Input{Open: &sim.Opening{Account: 1, Region: "eu-west-1"}}, Out: &answer{Message: 1}})
	compareLine(t, &Line{Seq: 7, In: &sim.Input{Operation: &sim.Operation{Action: sim.Action{Do: sim.DoSuppress, Identity: "<a>"}}}, Out: &answer{}})
	compareLine(t, &Line{Seq: 7})
}

// usual returns a call as an application makes it, and its answer.
func usual() (*sim.Input, sim.Answer) {
	return &sim.Input{Call: &sim.Call{
		Interface: ses.V2, From: "Nachrichten für alle <news@acme.example>", Recipients: []string{"person-000123@people.example"}, Size: 1234,
		Message: sim.Message{
			Subject: "News of the week", SourceIP: "127.0.0.1", Caller: "acme", Operation: "SendEmail",
			Headers: []sim.Header{{Name: "From", Value: "news@acme.example"}, {Name: "To", Value: "person-000123@people.example"}, {Name: "Subject", Value: "News of the week"}},
			Tags:    map[string][]string{"campaign": {"42"}, "team": {"growth"}},
		},
	}}, sim.Answer{Message: 41, Meters: ses.Meters{Used: 1234, Quota: 50_000, Tokens: 13_000, MaxRate: 14, Frees: time.Hour}}
}

// TestAllocations checks that the line of a call takes no memory.
func TestAllocations(t *testing.T) {
	w, err := NewWriter(io.Discard, Header{})
	if err != nil {
		t.Fatal(err)
	}
	in, a := usual()
	n := testing.AllocsPerRun(100, func() {
		if err := w.Add(time.Hour, "3e1f4a52-67b8-4c9d-8e0f-1a2b3c4d5e6f", in, a, nil); err != nil {
			t.Error(err)
		}
		if err := w.Flush(); err != nil {
			t.Error(err)
		}
	})
	if n != 0 {
		t.Errorf("the line of a call takes %v allocations", n)
	}
}

// BenchmarkWriter measures the line of a call and its answer. Beside it stands what it takes to
// copy such a line.
func BenchmarkWriter(b *testing.B) {
	const flushed = 64 // lines at once
	in, a := usual()
	b.Run("call", func(b *testing.B) {
		w, err := NewWriter(io.Discard, Header{})
		if err != nil {
			b.Fatal(err)
		}
		b.ReportAllocs()
		for n := 0; b.Loop(); n++ {
			if err := w.Add(time.Hour, "3e1f4a52-67b8-4c9d-8e0f-1a2b3c4d5e6f", in, a, nil); err != nil {
				b.Fatal(err)
			}
			if n%flushed == 0 {
				_ = w.Flush()
			}
		}
	})
	b.Run("call copied", func(b *testing.B) {
		out := answerOf(in, a, nil)
		line := oracle(b, &Line{Seq: 12345, At: time.Hour, Request: "3e1f4a52-67b8-4c9d-8e0f-1a2b3c4d5e6f", In: in, Out: &out})
		var lines []byte
		for n := 0; b.Loop(); n++ {
			lines = append(lines, line...)
			if n%flushed == 0 {
				_, _ = io.Discard.Write(lines)
				lines = lines[:0]
			}
		}
		b.ReportMetric(float64(len(line)), "bytes/record")
	})
}
