//go:build !js

package learn

import (
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"runtime"
	"strconv"
	"strings"
	"time"

	"sesim/cmd/internal/loopback"
	"sesim/cmd/internal/page"
	"sesim/reports/explain"
	"sesim/scenarios"
	"sesim/scenarios/lesson"
)

//go:embed web
var web embed.FS

// Options are how a classroom is served. The zero value is the usual one.
type Options struct {
	Lessons []*lesson.Lesson // nil: the shipped ones
	Budget  Budget           // of each run; zero: DefaultBudget
	Runs    int              // at the same time; 0: one for each core
	Names   []string         // hosts that the page may be opened under, besides the loopback interface's
	Open    bool             // any IP address may be: the server listens beyond the loopback interface
}

// Limits on who may wait: more tabs than a school has, and more requests than
// a page makes at a time.
const (
	maxWaiting    = 512
	maxWaitingTab = 6
)

// The server closes a connection whose request is not read, or not answered, by
// the end of a timeout; the second one begins when the first does. A request that
// waits for its turn is refused while there is still time for the run and for
// answering, which includes reading the scenario.
const (
	readTimeout  = 15 * time.Second
	writeTimeout = time.Minute
	answering    = 10 * time.Second
	retryAfter   = 2 * time.Second // that a refused request should stay away
)

// Server answers the page.
type Server struct {
	class *Classroom
	queue *queue
	root  http.Handler
}

// New returns a server that answers requests; Serve gives it a listener.
func New(o Options) *Server {
	if o.Budget == (Budget{}) {
		o.Budget = DefaultBudget
	}
	if o.Lessons == nil {
		o.Lessons = lesson.Shipped()
	}
	if o.Runs == 0 {
		o.Runs = runtime.GOMAXPROCS(0)
	}
	s := &Server{class: NewClassroom(o.Lessons, o.Budget)}
	s.queue = newQueue(o.Runs, maxWaiting, maxWaitingTab, max(0, writeTimeout-readTimeout-o.Budget.Wall-answering))
	mux := http.NewServeMux()
	for name := range questions {
		mux.HandleFunc("POST /api/"+name, func(w http.ResponseWriter, r *http.Request) { s.answer(w, r, name) })
	}
	for name, text := range s.class.constants() {
		kind := jsonType
		if name == exampleFile {
			kind = "application/toml; charset=utf-8"
		}
		mux.HandleFunc("GET /"+name, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", kind)
			_, _ = w.Write(text) // whoever asked may be gone
		})
	}
	mux.Handle("GET /", page.Handler(files()))
	s.root = &guard{mux, loopback.Hosts{Names: o.Names, Any: o.Open}}
	return s
}

// files returns the files of the page.
func files() fs.FS { return page.Files(web) }

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.root.ServeHTTP(w, r) }

// closing is how long requests may go on after the end was asked for.
const closing = 2 * time.Second

// Serve answers requests until ctx ends, and then lets those under way finish.
// It returns nil after an end that was asked for.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	server := &http.Server{
		Handler: s, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: readTimeout, WriteTimeout: writeTimeout,
		IdleTimeout: time.Minute, MaxHeaderBytes: 1 << 14,
		BaseContext: func(net.Listener) context.Context { return ctx }, // runs end with it
	}
	done := make(chan error, 1)
	go func() { done <- server.Serve(l) }()
	select {
	case err := <-done:
		return fmt.Errorf("the classroom's server: %w", err)
	case <-ctx.Done():
	}
	last, cancel := context.WithTimeout(context.Background(), closing)
	defer cancel()
	if err := server.Shutdown(last); err != nil {
		_ = server.Close() // whoever still waits has waited long enough
	}
	<-done
	return nil
}

// jsonType is the type of answers in JSON.
const jsonType = "application/json; charset=utf-8"

// answer waits for the turn of the tab that asks, and answers. The scenario is read within
// the turn as well: a long one is work too.
func (s *Server) answer(w http.ResponseWriter, r *http.Request, name string) {
	var text []byte
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err == nil {
		err = s.queue.do(r.Context(), r.Header.Get(tabHeader), func() (err error) {
			text, err = s.class.Answer(r.Context(), name, body)
			return err
		})
	}
	if err != nil {
		refuse(w, statusOf(err), err.Error())
		return
	}
	w.Header().Set("Content-Type", jsonType)
	_, _ = w.Write(text) // whoever asked may be gone
}

// statusOf makes a status of an error. Only what is none of the caller's
// doing is an internal error.
func statusOf(err error) int {
	var long *http.MaxBytesError
	_, bad := errors.AsType[*scenarios.Errors](err)
	switch {
	case errors.As(err, &long):
		return http.StatusRequestEntityTooLarge
	case errors.Is(err, ErrBusy):
		return http.StatusServiceUnavailable
	case errors.Is(err, ErrBudget):
		return http.StatusUnprocessableEntity
	case bad, errors.Is(err, errRequest), errors.Is(err, scenarios.ErrRewrite), errors.Is(err, explain.ErrQuery):
		return http.StatusBadRequest
	case errors.Is(err, context.Canceled):
		return 499 // nobody is there to read it
	}
	return http.StatusInternalServerError
}

// refuse answers with an error in words.
func refuse(w http.ResponseWriter, status int, message string) {
	w.Header().Set("Content-Type", jsonType)
	if status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", strconv.Itoa(int(retryAfter.Seconds())))
	}
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{"error": strings.TrimSpace(message)})
}
