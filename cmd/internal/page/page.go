// Package page has what the pages have in common that this program serves to a browser:
// style, charts, words, and the headers that keep others out.
//
// A page has its own files beside those of the folder shared, which it finds under that name:
// index.html, and text/ with one file of words for each language, which adds to the file of
// that name in shared/text.
package page

import (
	"embed"
	"encoding/json"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"sync"
)

//go:embed shared
var shared embed.FS

// Shared has the folder "shared".
func Shared() fs.FS { return shared }

// Handler serves the files of a page, those of the folder shared, and the languages as
// languages.json.
func Handler(own fs.FS) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /shared/", http.FileServerFS(shared))
	mux.HandleFunc("GET /languages.json", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		_ = json.NewEncoder(w).Encode(Languages()) // whoever asked may be gone
	})
	mux.Handle("GET /", http.FileServerFS(own))
	return mux
}

// Files returns the files of a page from the folder web, in which a package embeds them.
func Files(web embed.FS) fs.FS {
	files, err := fs.Sub(web, "web")
	if err != nil {
		panic(err) // the folder is part of the program
	}
	return files
}

// Languages returns the names of the languages that pages have words in, by their codes,
// which are the names of their files.
var Languages = sync.OnceValue(func() map[string]string {
	names := map[string]string{}
	files, _ := fs.Glob(shared, "shared/text/*.json")
	for _, file := range files {
		src, _ := shared.ReadFile(file)
		var words struct {
			Language string `json:"language"`
		}
		if json.Unmarshal(src, &words) == nil && words.Language != "" {
			names[strings.TrimSuffix(path.Base(file), ".json")] = words.Language
		}
	}
	return names
})

// policy lets a page load what its server has and nothing else.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// Protect sets the headers of an answer that keep a page to its server, and others from
// what is answered to it.
func Protect(h http.Header) {
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
}
