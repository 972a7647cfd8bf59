package learn

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"sesim/reports"
	"sesim/reports/explain"
	"sesim/scenarios"
	"sesim/scenarios/lesson"
	"sesim/sim"
	"sesim/sim/engine"
)

// post asks a server and returns the status and the body.
func post(t *testing.T, h http.Handler, path, body string, change ...func(*http.Request)) (int, string) {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, "http://127.0.0.1:1234/api/"+path, strings.NewReader(body))
	r.Header.Set(tabHeader, "tab1")
	for _, f := range change {
		f(r)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

func TestPageIsServed(t *testing.T) {
	s := New(Options{})
	for path, kind := range map[string]string{
		"/": "text/html; charset=utf-8", "/js/app.js": "text/javascript; charset=utf-8", "/style.css": "text/css; charset=utf-8", "/shared/style.css": "text/css; charset=utf-8", "/languages.json": "application/json; charset=utf-8",
		"/shared/uplot/uPlot.esm.js": "text/javascript; charset=utf-8", "/shared/uplot/LICENSE": "text/plain; charset=utf-8",
		"/text/en.json": "application/json", "/api/lessons": "application/json; charset=utf-8", "/api/parameters": "application/json; charset=utf-8", "/shared/icon.svg": "image/svg+xml", "/example.toml": "application/toml; charset=utf-8",
	} {
		r := httptest.NewRequest(http.MethodGet, "http://localhost:1234"+path, nil)
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		h := w.Header()
		if w.Code != http.StatusOK || h.Get("Content-Type") != kind || h.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(h.Get("Content-Security-Policy"), "default-src 'none'") {
			t.Errorf("%s: %d %v", path, w.Code, h)
		}
	}
}

// Requests that do not come from the page are refused: by another name for
// the loopback interface, from another origin, without the tab's name.
func TestGuard(t *testing.T) {
	s := New(Options{Names: []string{"class.example"}})
	host := func(name string) func(*http.Request) { return func(r *http.Request) { r.Host = name } }
	header := func(name, value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set(name, value) }
	}
	const body = `{"lesson":"sandbox"}`
	for _, c := range []struct {
		name   string
		change func(*http.Request)
		want   int
	}{
		{"as it should be", func(*http.Request) {}, http.StatusOK},
		{"localhost", host("localhost:1234"), http.StatusOK},
		{"version 6", host("[::1]:1234"), http.StatusOK},
		{"a name that was allowed", host("CLASS.example:1234"), http.StatusOK},
		{"own origin", header("Origin", "http://127.0.0.1:1234"), http.StatusOK},
		{"a name that points here", host("rebound.example:1234"), http.StatusForbidden},
		{"a name with the address in it", host("127.0.0.1.rebound.example"), http.StatusForbidden},
		{"no host", host(""), http.StatusForbidden},
		{"another address", host("192.0.2.7:1234"), http.StatusForbidden},
		{"another origin", header("Origin", "http://rebound.example"), http.StatusForbidden},
		{"another port", header("Origin", "http://127.0.0.1:99"), http.StatusForbidden},
		{"no origin to speak of", header("Origin", "null"), http.StatusForbidden},
		{"from another site", header("Sec-Fetch-Site", "cross-site"), http.StatusForbidden},
		{"no tab", header(tabHeader, ""), http.StatusForbidden},
		{"no name for a tab", header(tabHeader, "a b"), http.StatusForbidden},
		{"too long a name", header(tabHeader, strings.Repeat("a", 33)), http.StatusForbidden},
	} {
		if got, answer := post(t, s, "run", body, c.change); got != c.want {
			t.Errorf("%s: %d, want %d: %.200s", c.name, got, c.want, answer)
		}
	}
	if got, _ := post(t, New(Options{Open: true}), "run", body, host("192.0.2.7:1234")); got != http.StatusOK {
		t.Errorf("an address of an open server: %d", got)
	}
}

// A link from elsewhere may open the page, and nothing else.
func TestGuardLinks(t *testing.T) {
	s := New(Options{})
	for mode, want := range map[string]int{"navigate": http.StatusOK, "no-cors": http.StatusForbidden} {
		r := httptest.NewRequest(http.MethodGet, "http://127.0.0.1:1234/", nil)
		r.Header.Set("Sec-Fetch-Site", "cross-site")
		r.Header.Set("Sec-Fetch-Mode", mode)
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		if w.Code != want {
			t.Errorf("%s: %d, want %d", mode, w.Code, want)
		}
	}
}

// What is wrong is said, with a status that says whose doing it is.
func TestWrongRequests(t *testing.T) {
	s := New(Options{})
	for _, c := range []struct {
		name, path, body string
		want             int
		says             string
	}{
		{"no JSON", "run", `{`, http.StatusBadRequest, "not a request"},
		{"two values", "run", `{"lesson":"quota"} {}`, http.StatusBadRequest, "more than one"},
		{"a key that is none", "run", `{"bass":"lesson-quota"}`, http.StatusBadRequest, "bass"},
		{"no scenario", "run", `{"lesson":"nothing"}`, http.StatusBadRequest, "nothing"},
		{"name and text", "run", `{"lesson":"quota","scenario":"x = 1"}`, http.StatusBadRequest, "both"},
		{"a scenario with mistakes", "run", `{"scenario":"name = \"a\"\nhorizon = 5"}`, http.StatusBadRequest, "scenario.toml:2"},
		{"a trace, which is a file", "run", mustJSON(t, question{Scenario: traced}), http.StatusBadRequest, "file"},
		{"a value that is none", "run", `{"lesson":"quota","set":[{"key":"account.shop.quota","value":"many"}]}`, http.StatusBadRequest, "quota"},
		{"a key that is not there", "run", `{"lesson":"quota","set":[{"key":"account.shop.cost","value":"1"}]}`, http.StatusBadRequest, "account.shop.cost"},
		{"too large", "run", mustJSON(t, question{Scenario: large}), http.StatusUnprocessableEntity, "addresses"},
		{"a moment outside the run", "explain", `{"lesson":"quota","at":999999999,"most":5}`, http.StatusBadRequest, "outside"},
		{"a kind that is none", "explain", `{"lesson":"quota","at":1,"only":"all","most":5}`, http.StatusBadRequest, "only"},
		{"a combination beyond the last", "draw", `{"lesson":"quota","combination":21}`, http.StatusBadRequest, "combination 21 of 0 to 20"},
		{"a combination before the first", "draw", `{"lesson":"quota","combination":-1}`, http.StatusBadRequest, "combination -1"},
		{"a parameter that is none", "run", `{"lesson":"return","set":[{"key":"rules.rep.least","value":"0"}]}`, http.StatusBadRequest, "rep.least"},
		{"a body without end", "run", `{"scenario":"` + strings.Repeat("#", maxBody) + `"}`, http.StatusRequestEntityTooLarge, "too large"},
		{"figures of no lesson", "figures", `{"lesson":"stale-list"}`, http.StatusBadRequest, "stale-list"},
	} {
		status, answer := post(t, s, c.path, c.body)
		if status != c.want || !strings.Contains(answer, c.says) {
			t.Errorf("%s: %d %.300s; want %d and %q", c.name, status, answer, c.want, c.says)
		}
	}
}

const traced = `name = "a"
horizon = "1d"
[[account]]
name = "shop"
[[audience]]
name = "people"
[[sender]]
name = "mail"
account = "shop"
from = "a@shop.example"
audience = "people"
traffic = { kind = "trace", file = "/etc/passwd" }
`

const large = `name = "a"
horizon = "1d"
[[account]]
name = "shop"
[[audience]]
name = "people"
size = 1_000_000_000
`

func mustJSON(t *testing.T, value any) string {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// A run's answer is that of the engine, for the text that it hands on.
func TestRunIsTheEngines(t *testing.T) {
	s := New(Options{})
	for _, l := range lesson.Shipped() {
		c := l.Controls[1]
		q := question{Lesson: l.ID, Set: []setting{{c.Keys[0], c.Values[(c.Default+1)%len(c.Values)]}, {"seed", "5"}}}
		status, body := post(t, s, "run", mustJSON(t, q))
		var a answer
		if err := json.Unmarshal([]byte(body), &a); err != nil || status != http.StatusOK {
			t.Fatalf("%s: %d, %v: %.300s", l.ID, status, err, body)
		}
		cfg, err := scenarios.Load("exported.toml", []byte(a.Scenario))
		if err != nil {
			t.Fatal(err)
		}
		result, err := engine.Run(*cfg, sim.Hooks{})
		if err != nil {
			t.Fatal(err)
		}
		if a.Summary.Fingerprint != result.Fingerprint || a.Summary.Seed != 5 || a.Right == "" {
			t.Errorf("%s: fingerprint %s, seed %d, right %q; the engine's %s", l.ID, a.Summary.Fingerprint, a.Summary.Seed, a.Right, result.Fingerprint)
		}
		if n := len(a.Series.Seconds); n < 20 || len(a.Series.Columns[l.Account]["bounce_rate"]) != n || len(a.Phases[l.Account]) == 0 {
			t.Errorf("%s: %d samples, %d phases", l.ID, n, len(a.Phases[l.Account]))
		}
		if !strings.HasPrefix(a.Command, "sesim run "+l.Scenario+" --set ") || !strings.HasSuffix(a.Command, " --seed 5") {
			t.Errorf("%s: %s", l.ID, a.Command)
		}
	}
}

// UnmarshalJSON lets a test read what figures writes.
func (f *figures) UnmarshalJSON(text []byte) error { return json.Unmarshal(text, (*[]float64)(f)) }

func TestDraw(t *testing.T) {
	s := New(Options{})
	status, body := post(t, s, "draw", `{"lesson":"review","set":[],"seed":9,"account":"shop"}`)
	var d lot
	if err := json.Unmarshal([]byte(body), &d); err != nil || status != http.StatusOK {
		t.Fatalf("%d, %v: %.300s", status, err, body)
	}
	if d.Seed != 9 || d.State != "paused" || d.Right != "paused" || d.Max < 0.1 || len(d.Bounce.Seconds) > 402 || len(d.Bounce.Columns["shop"]["bounce_rate"]) != len(d.Bounce.Seconds) {
		t.Errorf("%+v", d)
	}
}

// ask posts a question and decodes the answer, which must be one.
func ask(t *testing.T, s *Server, path string, question, into any) {
	t.Helper()
	status, body := post(t, s, path, mustJSON(t, question))
	if err := json.Unmarshal([]byte(body), into); err != nil || status != http.StatusOK {
		t.Fatalf("%s: %d, %v: %.300s", path, status, err, body)
	}
}

func TestExplain(t *testing.T) {
	s := New(Options{})
	status, body := post(t, s, "explain", `{"lesson":"review","at":1832401,"from":1832399,"account":"shop","only":"changed","most":5}`)
	var e explain.Explanation
	if err := json.Unmarshal([]byte(body), &e); err != nil || status != http.StatusOK {
		t.Fatalf("%d, %v: %.300s", status, err, body)
	}
	if e.Matched != 1 || len(e.Entries) != 1 || e.Entries[0].Rule != "review.end" || e.Entries[0].URL == "" || e.Entries[0].Standing != "documented" {
		t.Errorf("%+v", e.Entries)
	}
}

// Behind each count of an account there are as many mails; behind the deliveries also those
// that bounced afterwards.
func TestMailsBehindCounts(t *testing.T) {
	s := New(Options{})
	for _, l := range []*lesson.Lesson{shipped("bounce"), shipped("neighbour")} {
		var a answer
		ask(t, s, "run", question{Lesson: l.ID}, &a)
		i := slices.IndexFunc(a.Summary.Accounts, func(of reports.Account) bool { return of.Name == l.Account })
		of := a.Summary.Accounts[i]
		for only, want := range map[string]int64{
			"accepted": of.Accepted, "hard_bounced": of.HardBounced, "soft_bounced": of.SoftBounced,
			"suppressed_account": of.SuppressedAccount, "suppressed_global": of.SuppressedGlobal, "complaints": of.Complaints,
			"in_flight": of.InFlight,
		} {
			var e explain.Explanation
			end := l.Horizon - 1
			ask(t, s, "explain", span{question: question{Lesson: l.ID}, At: reports.Seconds(end), Account: l.Account, Only: only, Most: 1}, &e)
			if e.Matched != want {
				t.Errorf("%s: %d mails behind %s, want %d", l.ID, e.Matched, only, want)
			}
		}
	}
}

// The path of an address has its mail and its stays on lists, in order of time, and those of
// alike refusals are one entry on demand.
func TestExplainPathAndTogether(t *testing.T) {
	s := New(Options{})
	var e explain.Explanation
	end := reports.Seconds(shipped("return").Horizon - 1)
	ask(t, s, "explain", span{question: question{Lesson: "return"}, At: end, Address: "typos-3@typos.example", Only: "path", Most: 200}, &e)
	said := map[string]int{}
	for _, entry := range e.Entries {
		if entry.Address != "typos-3@typos.example" {
			t.Errorf("%s is of another address", entry.Address)
		}
		said[entry.Rule]++
	}
	if said["bounce.hard"] != 9 || said["global.suppressed"] != 81 || e.Matched != int64(len(e.Entries)) {
		t.Errorf("%d of %d entries: %v", len(e.Entries), e.Matched, said)
	}
	ask(t, s, "explain", span{question: question{Lesson: "quota"}, At: reports.Seconds(80_000 * time.Second), Account: "shop", Only: "refused", Together: true, Most: 5}, &e)
	if len(e.Entries) != 1 || e.Entries[0].Count < 4000 || e.Matched != e.Entries[0].Count {
		t.Errorf("%d entries of %d refusals", len(e.Entries), e.Matched)
	}
}

// Among the refusals of a scenario of one's own is the mail that its client gave up.
func TestExplainMailGivenUp(t *testing.T) {
	scenario := "version = 1\nname = 'own'\nhorizon = '1m'\n" +
		"[[account]]\nname = 'shop'\naccess = 'production'\nrate = 1\nidentities = ['shop.example']\n" +
		"[[audience]]\nname = 'people'\nsize = 2\n" +
		"[[sender]]\nname = 'news'\naccount = 'shop'\nfrom = 'news@shop.example'\naudience = 'people'\nclient = {}\n" +
		"traffic = { kind = 'campaign' }\n"
	var e explain.Explanation
	ask(t, New(Options{}), "explain", span{question: question{Scenario: scenario}, At: 30, Account: "shop", Only: "refused", Reason: "rate", Most: 5}, &e)
	var said []string
	for _, x := range e.Entries {
		said = append(said, x.What)
	}
	want := []string{"call with 1 recipient refused: 429 TooManyRequestsException: Maximum sending rate exceeded.", "given up by client news: refused without a retry"}
	if !slices.Equal(said, want) {
		t.Errorf("the page says %q, want %q", said, want)
	}
}

func TestFiguresAreKept(t *testing.T) {
	s := New(Options{})
	_, first := post(t, s, "figures", `{"lesson":"quota"}`)
	began := time.Now()
	_, again := post(t, s, "figures", `{"lesson":"quota"}`)
	if first != again || !strings.Contains(first, "double_refused") {
		t.Errorf("first %s, then %s", first, again)
	}
	if took := time.Since(began); took > time.Second {
		t.Errorf("the second time they took %v", took)
	}
}

// The server answers until it is asked to end, ends in time, and leaves runs
// that go on.
func TestServeEnds(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- New(Options{}).Serve(ctx, l) }()
	response, err := http.Get("http://" + l.Addr().String() + "/api/lessons")
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, response.Body)
	response.Body.Close()
	cancel()
	select {
	case err := <-done:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(2 * closing):
		t.Error("the server did not end")
	}
	if err := New(Options{}).Serve(context.Background(), l); err == nil {
		t.Error("a closed listener is served")
	}
}

func TestShellWords(t *testing.T) {
	task := &task{lesson: shipped("return"), set: []scenarios.Override{
		{Key: "audience.typos.invalid", Value: "5%"}, {Key: "account.shop.suppression", Value: `["BOUNCE"]`}, {Key: "question", Value: "it's"}, {Key: "seed", Value: "3"},
	}}
	want := `sesim run lesson-return --set audience.typos.invalid=5% --set 'account.shop.suppression=["BOUNCE"]' --set 'question=it'\''s' --seed 3`
	if got := task.command(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestInternalErrorsAreInternal(t *testing.T) {
	if got := statusOf(errors.New("anything")); got != http.StatusInternalServerError {
		t.Error(got)
	}
	if text := toJSON(map[string]string{"a": "<b>"}); string(text) != "{\"a\":\"<b>\"}\n" {
		t.Error(string(text))
	}
}
