package fault

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"sesim/cmd/internal/serve/api"
)

var operations = []string{"SendEmail", "SendBulkEmail", "GetAccount"}

// list returns the faults of a text in JSON.
func list(t *testing.T, text string) List {
	t.Helper()
	var faults []Fault
	if err := json.Unmarshal([]byte(text), &faults); err != nil {
		t.Fatal(err)
	}
	l, err := New(faults, 1, operations)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// TestWrong checks what is refused, and that the message says what would be right.
func TestWrong(t *testing.T) {
	for _, c := range []struct{ fault, want string }{
		{`{}`, "do needs status, cut or latency of calls, or duplicate or delay"},
		{`{"do":{"status":500,"duplicate":true}}`, "and not of both"},
		{`{"do":{"status":404}}`, "do.status is 404; it must be one of [403 429 500 503], or of [421 451 454 535] on SMTP"},
		{`{"do":{"status":500,"cut":"after"}}`, `do.status is 500 and do.cut "after"`},
		{`{"do":{"status":451},"match":{"interface":"v2"}}`, "do.status is 451, which only SMTP has"},
		{`{"do":{"cut":"while"}}`, `do.cut is "while"; it must be "before", "in" or "after"`},
		{`{"do":{"cut":"in","message":"x"}}`, "do.code and do.message need do.status"},
		{`{"do":{"delay":"soon"}}`, `do.delay is "soon"; it must be a duration of at most 1h0m0s`},
		{`{"do":{"delay":"2h"}}`, `do.delay is "2h"`},
		{`{"do":{"latency":{"p50":"0s"}}}`, `do.latency.p50 is "0s"`},
		{`{"do":{"latency":{"p50":"2s","p99":"1s"}}}`, "do.latency.p99 is 1s, less than p50, which is 2s"},
		{`{"do":{"latency":{"p50":"2s","p99":"x"}}}`, `do.latency.p99 is "x"`},
		{`{"do":{"status":500},"share":1.5}`, "share is 1.5; it must be from 0 to 1"},
		{`{"do":{"status":500},"every":-1}`, "every is -1"},
		{`{"do":{"status":500},"from":"2026-01-02T00:00:00Z","to":"2026-01-02T00:00:00Z"}`, "to 2026-01-02T00:00:00Z is not after it"},
		{`{"do":{"status":500},"match":{"interface":"sqs"}}`, `match.interface is "sqs"; it must be one of ["v2" "v1" "smtp" "sns"]`},
		{`{"do":{"status":500},"match":{"interface":"sns"}}`, `match.interface is "sns"; duplicate and delay are of "sns"`},
		{`{"do":{"duplicate":true},"match":{"interface":"v1"}}`, `match.interface is "v1"`},
		{`{"do":{"status":500},"match":{"operation":"SendRawEmail"}}`, `match.operation is "SendRawEmail"; no operation has that name`},
		{`{"do":{"status":500},"match":{"to":"["}}`, `match.to is "["; the pattern is malformed`},
	} {
		var f Fault
		if err := json.Unmarshal([]byte(c.fault), &f); err != nil {
			t.Fatal(c.fault, err)
		}
		ok := Fault{Do: Do{Status: 500}}
		if _, err := New([]Fault{ok, f}, 1, operations); !errors.Is(err, ErrWrong) || !strings.Contains(err.Error(), "number 2: "+c.want) && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.fault, err)
		}
	}
}

// TestWhich checks which of a hundred calls, one a minute, a fault hits.
func TestWhich(t *testing.T) {
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		which   string
		hits    []int64 // the first
		n       int64
		matched int64
	}{
		{``, []int64{1, 2, 3}, 100, 100},
		{`"every":7,`, []int64{7, 14, 21}, 14, 100},
		{`"count":2,`, []int64{1, 2}, 2, 100},
		{`"every":10,"count":2,`, []int64{10, 20}, 2, 100},
		{`"share":0,`, nil, 0, 100},
		{`"share":1,`, []int64{1, 2, 3}, 100, 100},
		{`"from":"2026-01-01T00:10:00Z","to":"2026-01-01T00:12:00Z",`, []int64{11, 12}, 2, 2},
	} {
		l := list(t, `[{`+c.which+`"do":{"status":500}}]`)
		var hits []int64
		for i := range int64(100) {
			if hit := l.Draw(Call{Interface: "v2", Operation: "SendEmail", At: start.Add(time.Duration(i) * time.Minute)}); hit != nil {
				hits = append(hits, i+1)
			}
		}
		f := l.Faults()[0]
		if f.Hits != c.n || f.Matched != c.matched || int64(len(hits)) != c.n || !slices.Equal(hits[:len(c.hits)], c.hits) {
			t.Errorf("%s: hits %v, counted %d of %d", c.which, hits, f.Hits, f.Matched)
		}
	}
}

// TestShare checks that a share follows from the seed, and is about as large as asked for.
func TestShare(t *testing.T) {
	draw := func() (hits []int) {
		l := list(t, `[{"share":0.25,"do":{"status":503}}]`)
		for i := range 10_000 {
			if l.Draw(Call{Interface: "v1", Operation: "SendEmail"}) != nil {
				hits = append(hits, i)
			}
		}
		return hits
	}
	hits := draw()
	if n := len(hits); n < 2300 || n > 2700 {
		t.Errorf("%d of 10,000 calls", n)
	}
	if !slices.Equal(hits, draw()) {
		t.Error("another time other calls are hit")
	}
}

// TestMatch checks which calls a fault is about.
func TestMatch(t *testing.T) {
	send := Call{Interface: "v2", Operation: "SendEmail", Account: "acme", To: []string{"a@x.example", "B@Slow.example"}}
	for _, c := range []struct {
		match, do string
		call      Call
		want      bool
	}{
		{``, `"status":500`, send, true},
		{`"interface":"v2"`, `"status":500`, send, true},
		{`"interface":"v1"`, `"status":500`, send, false},
		{`"operation":"Send*"`, `"status":500`, send, true},
		{`"operation":"SendBulkEmail"`, `"status":500`, send, false},
		{`"account":"big"`, `"status":500`, send, false},
		{`"account":"acme","to":"*@slow.example"`, `"status":500`, send, true},
		{`"to":"*@other.example"`, `"status":500`, send, false},
		{``, `"status":451`, send, false},
		{``, `"status":451`, Call{Interface: "smtp", Operation: "SendEmail"}, true},
		{``, `"duplicate":true`, send, false},
		{``, `"duplicate":true`, Call{Interface: SNS, Operation: Publish}, true},
		{``, `"cut":"after"`, Call{Interface: SNS, Operation: Publish}, false},
	} {
		l := list(t, `[{"match":{`+c.match+`},"do":{`+c.do+`}}]`)
		if got := l.Draw(c.call) != nil; got != c.want {
			t.Errorf("%s %s: %v of %+v", c.match, c.do, got, c.call)
		}
	}
}

// TestDo checks what hits do: the refusals of all interfaces, latencies and cuts.
func TestDo(t *testing.T) {
	for _, c := range []struct {
		do, on, operation string
		status            int
		code, message     string
	}{
		{`"status":500`, "v2", "SendEmail", 500, "InternalServiceErrorException", internalText},
		{`"status":500`, "v1", "SendEmail", 500, "InternalFailure", internalText},
		{`"status":500`, "smtp", "SendEmail", 451, "", "Temporary service failure"},
		{`"status":503`, "v2", "GetAccount", 503, "ServiceUnavailable", unavailableText},
		{`"status":503`, "smtp", "SendEmail", 454, "", "Temporary service failure"},
		{`"status":503`, "smtp", Auth, 454, "", "Temporary authentication failure"},
		{`"status":429`, "v1", "SendEmail", 400, "Throttling", "Maximum sending rate exceeded."},
		{`"status":429`, "smtp", "SendEmail", 454, "", "Throttling failure: Maximum sending rate exceeded"},
		{`"status":403`, "v2", "SendEmail", 403, "UnrecognizedClientException", "The security token included in the request is invalid."},
		{`"status":535`, "smtp", Auth, 535, "", "Authentication Credentials Invalid"},
		{`"status":421`, "smtp", "SendEmail", 421, "", "Too many concurrent SMTP connections"},
		{`"status":500,"code":"InternalError","message":"Try later."`, "v2", "SendEmail", 500, "InternalError", "Try later."},
	} {
		l := list(t, `[{"do":{`+c.do+`}}]`)
		hit := l.Draw(Call{Interface: c.on, Operation: c.operation})
		if hit == nil || hit.Refusal == nil || hit.Refusal.Fault != hit.Text {
			t.Errorf("%s: %+v", c.do, hit)
			continue
		}
		e := hit.Refusal.Wire
		if e.Status != c.status || c.on != "smtp" && e.Code != c.code || e.Message != c.message {
			t.Errorf("%s on %s: %+v", c.do, c.on, e)
		}
	}
	l := list(t, `[{"count":1,"do":{"cut":"before"}},{"count":1,"do":{"cut":"in"}},{"do":{"cut":"after","latency":{"p50":"1s"}}}]`)
	call := Call{Interface: "v2", Operation: "SendEmail"}
	first, second, third := l.Draw(call), l.Draw(call), l.Draw(call)
	if first.Refusal == nil || first.Refusal.Cut != api.CutAfter || second.Refusal != nil || second.Cut != api.CutIn || third.Cut != api.CutAfter ||
		third.Latency != time.Second || third.Text != "fault 3: cut after the decision, latency 1s" {
		t.Errorf("%+v, %+v, %+v", first, second, third)
	}
	l = list(t, `[{"do":{"latency":{"p50":"100ms","p99":"1s"}}}]`)
	slow := 0
	for range 10_000 {
		if l.Draw(call).Latency > time.Second {
			slow++
		}
	}
	if slow < 60 || slow > 140 {
		t.Errorf("%d of 10,000 answers take longer than the 99th percentile", slow)
	}
}
