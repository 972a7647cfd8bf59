package learn

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// fuzzBudget keeps what a scenario found by fuzzing may take small.
var fuzzBudget = Budget{
	Addresses: 2000, Accounts: 5, Senders: 5, Actions: 50, Duties: 5000, Records: 5000, Heap: 1 << 30, Wall: 5 * time.Second,
}

// FuzzBodies posts bodies to each of the paths that take one: none makes the
// server panic, and each answer is JSON with a status that says whose doing it
// is. An internal error would be the server's.
func FuzzBodies(f *testing.F) {
	for _, body := range []string{
		`{"lesson":"quota"}`,
		`{"lesson":"review","set":[{"key":"seed","value":"5"},{"key":"horizon","value":"2h"}]}`,
		`{"lesson":"review","set":[{"key":"horizon","value":"1d"}],"seed":9,"account":"shop"}`,
		`{"lesson":"review","set":[{"key":"horizon","value":"1d"},{"key":"rules.review.length","value":"30d"}],"combination":20}`,
		`{"lesson":"review","combination":21}`, `{"scenario":` + quoted(small) + `,"combination":-1}`,
		`{"lesson":"review","at":1800,"from":1799.5,"account":"shop","only":"changed","reason":"quota","most":5,"skip":1}`,
		`{"scenario":"name = \"a\"\nhorizon = \"1d\"\n[[account]]\nname = \"shop\"\n"}`,
		`{"scenario":` + quoted(traced) + `}`, `{"scenario":` + quoted(large) + `}`,
		`{"scenario":` + quoted(small) + `,"at":3600,"most":200}`,
		`{"scenario":` + quoted(small) + `,"set":[{"key":"account.shop.quota","value":"-1"}],"seed":18446744073709551615,"account":""}`,
		`{"at":1e400}`, `{"at":-1,"most":-1}`, `{"set":null}`, `{} {}`, `[]`, `null`, `"`, ``, "\x00",
	} {
		for path := range bodyPaths {
			f.Add(uint8(path), body)
		}
	}
	s := New(Options{Budget: fuzzBudget})
	f.Fuzz(func(t *testing.T, path uint8, body string) {
		name := bodyPaths[int(path)%len(bodyPaths)]
		r := httptest.NewRequest(http.MethodPost, "http://127.0.0.1:1234/api/"+name, strings.NewReader(body))
		r.Header.Set(tabHeader, "fuzz")
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		switch w.Code {
		case http.StatusOK, http.StatusBadRequest, http.StatusRequestEntityTooLarge, http.StatusUnprocessableEntity:
		default:
			t.Errorf("%s %q: status %d: %.300s", name, body, w.Code, w.Body)
		}
		if !json.Valid(w.Body.Bytes()) {
			t.Errorf("%s %q: the answer is not JSON: %.300s", name, body, w.Body)
		}
	})
}

// bodyPaths are the paths that take a body.
var bodyPaths = [...]string{"run", "draw", "explain", "figures"}

func quoted(text string) string {
	b, _ := json.Marshal(text) // of a string
	return string(b)
}

const small = `name = "a"
horizon = "2h"
[[account]]
name = "shop"
access = "production"
quota = 10
identities = ["shop.example"]
[[audience]]
name = "people"
size = 100
invalid = "10%"
[[sender]]
name = "mail"
account = "shop"
from = "a@shop.example"
audience = "people"
traffic = { kind = "constant", rate = "20/h" }
`
