package serve

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"time"

	"sesim/cmd/internal/page"
)

// maxAdminBody bounds the bodies of requests below AdminPath.
const maxAdminBody = 1 << 20

// Admin returns the handler of requests below AdminPath.
func (s *Server) Admin() http.Handler {
	mux := http.NewServeMux()
	handle := func(pattern string, f func(r *http.Request) (any, error)) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			answer, err := f(r)
			if err != nil {
				failAdmin(w, err)
				return
			}
			w.Header().Set("Content-Type", "application/json")
			_ = json.NewEncoder(w).Encode(answer) // whoever asked may be gone
		})
	}
	handle("GET "+AdminPath+"clock", func(r *http.Request) (any, error) { return s.clockNow(r.Context()) })
	handle("PUT "+AdminPath+"clock", s.putClock)
	handle("POST "+AdminPath+"clock/advance", s.postAdvance)
	handle("POST "+AdminPath+"clock/end", s.postEnd)
	handle("POST "+AdminPath+"reset", s.postReset)
	handle("GET "+AdminPath+"accounts", s.getAccounts)
	handle("POST "+AdminPath+"accounts/{name}/actions", s.postAction)
	handle("GET "+AdminPath+"faults", s.getFaults)
	handle("PUT "+AdminPath+"faults", s.putFaults)
	handle("DELETE "+AdminPath+"faults", s.deleteFaults)
	handle("GET "+AdminPath+"live", s.getLive)
	handle("GET "+AdminPath+"calls", s.getCalls)
	handle("GET "+AdminPath+"calls/{id}", s.getCall)
	mux.HandleFunc("GET "+AdminPath+"events", s.getEvents)
	mux.HandleFunc("GET "+AdminPath+"{$}", index)
	mux.Handle("GET "+PagePath, http.StripPrefix(strings.TrimSuffix(PagePath, "/"), page.Handler(files())))
	return mux
}

// problem is an error of a request, with its status.
type problem struct {
	status int
	text   string
}

func (p *problem) Error() string { return p.text }

func badRequest(format string, args ...any) error {
	return &problem{http.StatusBadRequest, fmt.Sprintf(format, args...)}
}

// failAdmin answers with an error.
func failAdmin(w http.ResponseWriter, err error) {
	status := http.StatusInternalServerError
	var p *problem
	switch {
	case errors.As(err, &p):
		status = p.status
	case errors.Is(err, ErrJumping):
		status = http.StatusConflict
	case errors.Is(err, ErrJump):
		status = http.StatusBadRequest
	case errors.Is(err, ErrClosed):
		status = http.StatusServiceUnavailable
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{"error": err.Error()}) // whoever asked may be gone
}

// read reads the body of a request, which must have no other fields.
func read(r *http.Request, into any) error {
	d := json.NewDecoder(r.Body)
	d.DisallowUnknownFields()
	err := d.Decode(into)
	if errors.Is(err, io.EOF) {
		return nil // all fields are optional
	}
	if typed, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return badRequest("%s is a JSON %s; it must be %s", cmp.Or(typed.Field, "the body"), typed.Value, jsonKind(typed.Type))
	}
	if err != nil {
		return badRequest("%s", err)
	}
	return nil
}

// jsonKind names what JSON has for a type.
func jsonKind(t reflect.Type) string {
	switch t.Kind() {
	case reflect.String:
		return "a string"
	case reflect.Bool:
		return "true or false"
	case reflect.Slice:
		return "a list"
	case reflect.Struct:
		return "an object"
	}
	return "a number"
}

// Clock is what the clock shows.
type Clock struct {
	Now    time.Time `json:"now"`
	Speed  float64   `json:"speed"` // of wall time
	Frozen bool      `json:"frozen"`
	Tick   string    `json:"tick,omitempty"`
	Next   struct {
		At   time.Time `json:"at"`
		What string    `json:"what"`
	} `json:"next"`
	Pending int64 `json:"pending"` // notifications on their way
}

// clockNow reads the clock.
func (s *Server) clockNow(ctx context.Context) (c Clock, err error) {
	err = s.do(ctx, func() { c = s.readClock() })
	return c, err
}

// readClock reads the clock on the owner's goroutine.
func (s *Server) readClock() (c Clock) {
	c.Now, c.Speed, c.Frozen = s.now(), float64(s.clock.speed)/RealTime, s.clock.speed == 0
	if s.clock.tick > 0 {
		c.Tick = s.clock.tick.String()
	}
	at, what := s.session.Next()
	c.Next.At, c.Next.What = s.cfg.Start.Add(at), what
	c.Pending = int64(s.config.Notifier.Pending())
	return c
}

// putClock sets the speed or the tick.
func (s *Server) putClock(r *http.Request) (any, error) {
	var in struct {
		Speed *float64 `json:"speed"`
		Tick  *string  `json:"tick"`
	}
	if err := read(r, &in); err != nil {
		return nil, err
	}
	speed, tick := int64(0), time.Duration(0)
	switch {
	case (in.Speed == nil) == (in.Tick == nil):
		return nil, badRequest(`the body is {"speed": N} or {"tick": "DURATION"}`)
	case in.Speed != nil:
		speed = int64(math.Round(*in.Speed * RealTime))
		if !(*in.Speed >= 0) || speed > MaxSpeed || *in.Speed > 0 && speed == 0 {
			return nil, badRequest("speed is %v; it must be 0 or from 0.001 to %d", *in.Speed, MaxSpeed/RealTime)
		}
	default:
		var err error
		if tick, err = time.ParseDuration(*in.Tick); err != nil || tick <= 0 {
			return nil, badRequest("tick is %q; right would be a duration such as \"71ms\"", *in.Tick)
		}
	}
	err := s.do(r.Context(), func() {
		s.clock.set(s.session.Now(), s.config.Now())
		s.clock.speed, s.clock.tick = speed, tick
	})
	if err != nil {
		return nil, err
	}
	return s.clockNow(r.Context())
}

// postAdvance moves the clock on.
func (s *Server) postAdvance(r *http.Request) (any, error) {
	var in struct {
		By     string `json:"by"`
		To     string `json:"to"`
		Next   bool   `json:"next"`
		Until  string `json:"until"`
		Settle string `json:"settle"`
	}
	if err := read(r, &in); err != nil {
		return nil, err
	}
	j := Jump{Next: in.Next, Until: in.Until, Settle: SettleEnd}
	if in.By != "" {
		by, err := time.ParseDuration(in.By)
		if err != nil || by <= 0 {
			return nil, badRequest("by is %q; right would be a duration such as \"24h\"", in.By)
		}
		j.By = by
	}
	if in.To != "" {
		to, err := time.Parse(time.RFC3339, in.To)
		if err != nil {
			return nil, badRequest("to is %q; right would be a time such as \"2026-03-01T12:00:00Z\"", in.To)
		}
		if j.To = to.Sub(s.config.Scenario.Start); j.To <= 0 {
			return nil, badRequest("to is %s, before the scenario starts", in.To)
		}
	}
	switch in.Settle {
	case "none":
		j.Settle = SettleNone
	case "each":
		j.Settle = SettleEach
	case "end", "":
	default:
		return nil, badRequest("settle is %q; it must be \"none\", \"end\" or \"each\"", in.Settle)
	}
	return s.Advance(r.Context(), j)
}

// postEnd asks for the end.
func (s *Server) postEnd(r *http.Request) (any, error) {
	err := s.do(r.Context(), func() { s.end = true })
	return struct{}{}, err
}

// postReset begins the session again, and answers with the clock.
func (s *Server) postReset(r *http.Request) (any, error) {
	if err := s.Reset(r.Context()); err != nil {
		return nil, err
	}
	return s.clockNow(r.Context())
}

// Account is the state of an account.
type Account struct {
	Name              string   `json:"name"`
	Region            string   `json:"region"`
	EnforcementStatus string   `json:"enforcement_status"`
	ProductionAccess  bool     `json:"production_access"`
	SendingEnabled    bool     `json:"sending_enabled"`
	Max24HourSend     int64    `json:"max_24_hour_send"`
	MaxSendRate       int64    `json:"max_send_rate"`
	SentLast24Hours   int64    `json:"sent_last_24_hours"`
	State             string   `json:"state"` // the gravest that applies, in the words of reports
	Review            string   `json:"review,omitempty"`
	BounceRate        float64  `json:"bounce_rate"`
	ComplaintRate     float64  `json:"complaint_rate"`
	Listed            int      `json:"listed"` // on the account-level list
	Identities        []string `json:"identities"`
}

// Accounts returns the state of the accounts now.
func (s *Server) Accounts(ctx context.Context) (list []Account, err error) {
	err = s.do(ctx, func() {
		for i := range s.cfg.Accounts {
			list = append(list, s.accountNow(i))
		}
	})
	return list, err
}

func (s *Server) accountNow(i int) Account {
	d, a := s.session.Describe(i), s.accounts[i]
	out := Account{
		Name: a.spec.Name, Region: a.spec.Region, EnforcementStatus: d.EnforcementStatus.String(),
		ProductionAccess: d.ProductionAccessEnabled, SendingEnabled: d.SendingEnabled, Max24HourSend: d.Max24HourSend,
		MaxSendRate: d.MaxSendRate, SentLast24Hours: d.SentLast24Hours, State: string(stateOf(&d)), Review: string(d.Review),
		Listed:     len(a.listed),
		Identities: []string{},
	}
	bounce, complaint := s.session.Rates(i)
	out.BounceRate, out.ComplaintRate = bounce.Final, complaint.Final
	o := &operation{s: s, index: i, account: a}
	for name := range a.identities {
		if o.verification(name) == "SUCCESS" {
			out.Identities = append(out.Identities, name)
		}
	}
	return out
}

func (s *Server) getAccounts(r *http.Request) (any, error) { return s.Accounts(r.Context()) }

// getCalls lists the latest calls.
func (s *Server) getCalls(r *http.Request) (any, error) {
	n := 100
	if text := r.URL.Query().Get("n"); text != "" {
		var err error
		if n, err = strconv.Atoi(text); err != nil || n < 1 || n > maxRecent {
			return nil, badRequest("n is %q; it must be from 1 to %d", text, maxRecent)
		}
	}
	list := []*Call{}
	err := s.do(r.Context(), func() {
		list = append(list, s.recent.calls[max(0, len(s.recent.calls)-n):]...)
	})
	return list, err
}

// getCall explains the call with a request or message id.
func (s *Server) getCall(r *http.Request) (any, error) {
	var e *Explanation
	id := r.PathValue("id")
	err := s.do(r.Context(), func() {
		if c := s.recent.find(id); c != nil {
			e = c.explain(s.cfg, id)
		}
	})
	if err == nil && e == nil {
		err = &problem{http.StatusNotFound, fmt.Sprintf("none of the last %d calls has the request or message id %.100q", maxRecent, id)}
	}
	return e, err
}

// maxEvents is the number of events that a request gets at once.
const maxEvents = 10_000

// getEvents writes the events after a number, one a line, and waits for the first if there
// is none yet.
func (s *Server) getEvents(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	after, err := strconv.ParseInt(query.Get("after"), 10, 64)
	if query.Get("after") != "" && (err != nil || after < 0) {
		failAdmin(w, badRequest("after is %q; it must be the number of an event", query.Get("after")))
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), 0)
	if text := query.Get("wait"); text != "" {
		wait, err := time.ParseDuration(text)
		if err != nil || wait < 0 || wait > time.Minute {
			cancel()
			failAdmin(w, badRequest("wait is %q; it must be a duration of at most 1m", text))
			return
		}
		ctx, cancel = context.WithTimeout(r.Context(), wait)
	}
	defer cancel()
	var from *stream
	if err := s.do(r.Context(), func() { from = s.feed.stream }); err != nil {
		failAdmin(w, err)
		return
	}
	if last := from.last(); after > last {
		text := fmt.Sprintf("there is no event %d; the latest is %d, of a session that may have been begun again", after, last)
		failAdmin(w, &problem{http.StatusGone, text})
		return
	}
	list, oldest := from.after(ctx, after, maxEvents)
	if oldest > 0 {
		failAdmin(w, &problem{http.StatusGone, fmt.Sprintf("events after %d are kept no longer; the oldest is %d", after, oldest)})
		return
	}
	w.Header().Set("Content-Type", "application/x-ndjson")
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	for i := range list {
		if encoder.Encode(&list[i]) != nil {
			return
		}
	}
}
