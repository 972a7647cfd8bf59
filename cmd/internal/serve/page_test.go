package serve

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"sesim/cmd/internal/loopback"
	"sesim/cmd/internal/page/pagetest"
	"sesim/cmd/internal/serve/api"
	"sesim/cmd/internal/serve/notify"
	"sesim/cmd/internal/serve/wire"
	"sesim/cmd/internal/serve/wire/sqs"
	"sesim/scenarios"
	"sesim/sim"
	"sesim/sim/unit"
)

// Every language has the same texts; the page is small and loads nothing from elsewhere.
func TestPage(t *testing.T) {
	pagetest.Languages(t, files(), func(at string) bool { return strings.HasPrefix(at, "rules/") })
	const most = 250_000
	if size := pagetest.Files(t, files()); size > most {
		t.Errorf("the page has %d bytes, more than %d", size, most)
	}
}

// What the page says of calls and of what happens next has its sentence in every language.
func TestPageIsTranslated(t *testing.T) {
	s := open(t, strings.Replace(tiny, "[[account]]", "[[account]]\nconfiguration_set = [{ name = \"off\", sending = false }]", 1)+
		"[[account]]\nname = \"b\"\naccess = \"production\"\nquota = 1\nrate = 1\nidentities = [\"b.example\"]\n")
	said := map[string]bool{}
	call := func(account int, from string, set string, to ...string) {
		t.Helper()
		if _, err := s.session.Send(&sim.Call{Account: account, From: from, Set: set, Recipients: to}); err != nil {
			t.Fatal(err)
		}
		e := s.feed.follow.Take().Explain()
		said[e.What] = true
		for _, f := range e.Figures {
			said[f] = true
		}
		_, next := s.session.Next()
		said[next] = true
	}
	call(0, "x@a.example", "", "y@a.example")
	call(0, "x@a.example", "", "y@a.example", "z@a.example")
	call(0, "x@a.example", "none", "y@a.example")
	call(0, "x@a.example", "off", "y@a.example")
	call(0, "x@else.example", "", "y@a.example")
	call(0, "x@a.example", "", "y@else.example")
	call(0, "x@a.example", "", "y")
	call(0, "x@a.example", "", make([]string, 51)...)
	call(1, "x@b.example", "", "bounce@c.example")
	s.advance(time.Minute, nil)
	call(1, "x@b.example", "", "bounce@c.example", "y@c.example")
	for _, do := range []sim.Action{{Do: sim.DoPause}, {Do: sim.DoResume}, {Do: sim.DoTrigger, Cause: "spamtrap", Pauses: true}, {Do: sim.DoAppeal, After: time.Hour}} {
		if _, err := s.session.Do(&sim.Operation{Action: do}); err != nil {
			t.Fatal(err)
		}
		call(0, "x@a.example", "", "y@a.example")
	}
	if len(said) < 25 {
		t.Errorf("only %d sentences: %v", len(said), said)
	}
	for _, code := range pagetest.Others(t) {
		w := pagetest.Read(t, files(), code)
		for _, sentence := range w.Untranslated(t, said) {
			t.Errorf("%s has no translation for %q", code, sentence)
		}
	}
}

// open returns a server that does not run, for tests that are its owner.
func open(t *testing.T, text string) *Server {
	t.Helper()
	cfg, err := scenarios.Load("t.toml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	queues := sqs.New(10, time.Now)
	n := notify.New(notify.Config{Account: "123456789012", Base: func(string) string { return "" }, Queues: queues, Now: time.Now})
	t.Cleanup(n.Close)
	s, err := New(Config{Scenario: cfg, Notices: &wire.Notices{}, Notifier: n, Queues: queues, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

const tiny = "version = 1\nname = \"t\"\nquestion = \"q\"\nhorizon = \"400d\"\n[[account]]\nname = \"a\"\nidentities = [\"a.example\"]\n"

// The page may be opened without the header, and nothing else; neither may be from a page of
// another origin.
func TestPageGuard(t *testing.T) {
	s := open(t, tiny)
	front := NewFront(Front{Backend: s, Notices: &wire.Notices{}, Hosts: loopback.Hosts{}, Admin: s.Admin()})
	for _, c := range []struct {
		method, path, site string
		status             int
		has                string
	}{
		{"GET", "/", "", 302, ""},
		{"GET", "/_sesim/", "", 200, "page/js/app.js"},
		{"GET", "/_sesim/", "none", 200, "page/js/app.js"},
		{"GET", "/_sesim/page/js/app.js", "same-origin", 200, "import"},
		{"GET", "/_sesim/page/shared/chart.js", "same-origin", 200, "uPlot"},
		{"GET", "/_sesim/page/languages.json", "same-origin", 200, "Deutsch"},
		{"GET", "/_sesim/page/none", "", 404, ""},
		{"GET", "/_sesim/page/js/app.js", "cross-site", 403, "answers to itself only"},
		{"GET", "/_sesim/live", "same-origin", 403, "the header Sesim-Admin is missing"},
		{"POST", "/_sesim/page/", "", 403, "the header Sesim-Admin is missing"},
	} {
		r := httptest.NewRequest(c.method, "http://127.0.0.1"+c.path, nil)
		r.RemoteAddr = "127.0.0.1:9"
		if c.site != "" {
			r.Header.Set("Sec-Fetch-Site", c.site)
		}
		w := httptest.NewRecorder()
		front.ServeHTTP(w, r)
		if w.Code != c.status || !strings.Contains(w.Body.String(), c.has) {
			t.Errorf("%s %s: %d %.100s", c.method, c.path, w.Code, w.Body)
		}
		if policy := w.Header().Get("Content-Security-Policy"); c.status == http.StatusOK && !strings.Contains(policy, "default-src 'none'") {
			t.Errorf("%s has the policy %q", c.path, policy)
		}
	}
}

// The history has at most so many samples however long the session lasts, at equal intervals
// from the start to now, and steps of any length give the same ones.
func TestHistory(t *testing.T) {
	ends := []time.Duration{0, time.Second, 12 * time.Minute, time.Hour, 30 * unit.Day, 399 * unit.Day}
	once, steps := open(t, tiny), open(t, tiny)
	for _, end := range ends {
		if reached := once.advance(end, nil); reached != end {
			t.Fatalf("advancing to %v reached %v", end, reached)
		}
		for steps.session.Now() < end {
			steps.advance(min(steps.session.Now()+end/7+1, end), nil)
		}
		steps.advance(end, nil)
		h, other := once.historyOf(0), steps.historyOf(0)
		if n := len(h.Samples); n > maxSamples+1 || n != len(h.Seconds) || n != len(h.Global) || n != len(other.Samples) || once.history.every != steps.history.every {
			t.Fatalf("at %v: %d samples each %v, in steps %d", end, n, once.history.every, len(other.Samples))
		}
		for i, at := range h.Seconds {
			if want := min(time.Duration(i)*once.history.every, end); time.Duration(at) != want {
				t.Fatalf("sample %d at %v is of %v, want %v", i, end, time.Duration(at), want)
			}
		}
	}
}

// A stop ends the advance at its moment, and loses no sample.
func TestHistoryStops(t *testing.T) {
	s := open(t, tiny)
	s.advance(time.Minute, nil)
	if _, err := s.session.Do(&sim.Operation{Action: sim.Action{Do: sim.DoVerify, Identity: "b.example", After: time.Hour}}); err != nil {
		t.Fatal(err)
	}
	asked := 0
	reached := s.advance(2*time.Hour, func() bool { asked++; return s.session.Now() == time.Minute+time.Hour })
	if reached != time.Minute+time.Hour || s.session.Now() != reached || asked == 0 {
		t.Errorf("stopped at %v after %d questions", reached, asked)
	}
	s.advance(2*time.Hour, nil)
	if n := len(s.history.global); time.Duration(n-1)*s.history.every > 2*time.Hour || time.Duration(n)*s.history.every <= 2*time.Hour {
		t.Errorf("%d samples each %v in two hours", n, s.history.every)
	}
}

// An account that a call has opened in another Region has a history from the start.
func TestHistoryOfOpened(t *testing.T) {
	s := open(t, tiny)
	s.advance(time.Minute, nil)
	if _, ok := s.openRegion(api.Caller{Region: "eu-west-1"}, 0); !ok {
		t.Fatal("there is no room for another Region")
	}
	s.advance(2*time.Minute, nil)
	l := s.live(s.cfg.Accounts[1].Name, 0)
	if h := l.History; h == nil || len(h.Samples) != 121 || h.Samples[0].State != "sandbox" || h.Samples[120].Quota != 200 || len(l.Accounts) != 2 {
		t.Errorf("%+v", l.History)
	}
}

// What the page shows counts calls, and hands on those that it has not got.
func TestLive(t *testing.T) {
	s := open(t, tiny)
	for i := range 150 {
		s.recent.add(&Call{RequestID: string(rune('a' + i)), Status: 200 + i%2*200})
	}
	l := s.live("a", 0)
	if len(l.Calls) != newCalls || l.Total != 150 || l.Refused != 75 || l.Accounts[0].State != "sandbox" || l.History.Samples[0].Quota != 200 {
		t.Errorf("%d calls, %+v", len(l.Calls), l)
	}
	if l := s.live("nobody", 147); len(l.Calls) != 3 || l.Calls[2] != s.recent.calls[149] {
		t.Errorf("after 147: %d", len(l.Calls))
	}
	if l := s.live("a", 1000); len(l.Calls) != 0 {
		t.Errorf("after more than there were: %d", len(l.Calls))
	}
	if l.Lines["bounce_review"] != 0.05 || l.Lines["complaint_pause"] != 0.005 {
		t.Errorf("lines %v", l.Lines)
	}
}
