package page_test

import (
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"sesim/cmd/internal/page"
)

// A page has its own files, the shared ones, and the languages; nothing else is answered.
func TestHandler(t *testing.T) {
	h := page.Handler(fstest.MapFS{"index.html": {Data: []byte("<p>own</p>")}, "text/en.json": {Data: []byte("{}")}})
	for _, c := range []struct {
		method, path string
		status       int
		has          string
	}{
		{"GET", "/", 200, "<p>own</p>"},
		{"GET", "/text/en.json", 200, "{}"},
		{"GET", "/shared/text/en.json", 200, `"language": "English"`},
		{"GET", "/shared/style.css", 200, ":root"},
		{"GET", "/languages.json", 200, `"de":"Deutsch"`},
		{"GET", "/shared/none.js", 404, ""},
		{"GET", "/page.go", 404, ""},
		{"POST", "/", 405, ""},
	} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(c.method, c.path, nil))
		if w.Code != c.status || !strings.Contains(w.Body.String(), c.has) {
			t.Errorf("%s %s: %d %.100s", c.method, c.path, w.Code, w.Body)
		}
	}
}
