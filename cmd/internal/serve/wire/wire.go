// Package wire has what the formats of both versions of the API need: checks of inputs by
// the tags of package api, request ids, and the headers that explain a refusal.
package wire

import (
	"context"
	"encoding/hex"
	"errors"
	"math/rand/v2"
	"net/http"
	"sync"

	"sesim/cmd/internal/serve/api"
	"sesim/sim/rules"
	"sesim/sim/ses"
)

// The headers of an answer that explain a refusal.
const (
	RuleHeader = "x-sesim-rule" // the rule that decided, and its standing
	HintHeader = "x-sesim-hint" // what would help
	// FaultHeader names a fault that has hit the call. It is of refusals and other answers.
	FaultHeader = "x-sesim-fault"
)

// NoRule is the rule of a refusal that none of the model's has decided: the call itself is
// wrong, or names something that does not exist.
const NoRule = "none"

// NewRequestID returns a random id of a call, in AWS's format.
func NewRequestID() string {
	var raw [16]byte
	for i := range 2 {
		word := rand.Uint64()
		for j := range 8 {
			raw[8*i+j] = byte(word >> (8 * j))
		}
	}
	raw[6], raw[8] = raw[6]&0x0f|0x40, raw[8]&0x3f|0x80 // version 4
	text := hex.AppendEncode(make([]byte, 0, 36), raw[:4])
	for _, group := range [][]byte{raw[4:6], raw[6:8], raw[8:10], raw[10:]} {
		text = hex.AppendEncode(append(text, '-'), group)
	}
	return string(text)
}

// Refusal is a call to a service other than SES that is refused.
type Refusal struct {
	Service   string // sqs or sns
	RequestID string
	Operation string // as the call names it
	Status    int    // of HTTP
	Code      string
	Message   string
}

// Refuse says by the headers of an answer that no rule of the model has refused the call, and
// hands the refusal on, if there is somebody to take it.
func (e *Refusal) Refuse(w http.ResponseWriter, r *http.Request, take func(ctx context.Context, e *Refusal)) {
	w.Header().Set(RuleHeader, NoRule)
	if take != nil {
		take(r.Context(), e)
	}
}

// RefuseUnknown has a Backend refuse an operation that there is not, so that it knows of the call.
func RefuseUnknown(ctx context.Context, to api.Backend, caller api.Caller, name string, refusal *api.Error) error {
	if _, err := to.Do(ctx, caller, &api.Unknown{Name: name, Refusal: refusal}); err != nil {
		return err
	}
	return refusal
}

// ErrorOf returns the refusal that an error of a Backend is to the caller.
func ErrorOf(i ses.Interface, err error) *api.Error {
	var refusal *api.Error
	if errors.As(err, &refusal) {
		return refusal
	}
	e := api.NewError(i, api.Internal, "The service has failed.")
	e.Hint = err.Error()
	return e
}

// Explain sets the headers that say why a call is refused. If the refusal is that the
// connection is cut, it does so and does not return.
func Explain(w http.ResponseWriter, e *api.Error) {
	h := w.Header()
	switch {
	case e.Cut != api.NotCut:
		cut(w, e.Cut)
	case e.Fault != "":
		h.Set(FaultHeader, printable(e.Fault))
	case e.Rule != rules.None:
		h.Set(RuleHeader, e.Rule.String()+"; "+rules.Of(e.Rule).Standing.String())
	default:
		h.Set(RuleHeader, NoRule)
	}
	if e.Hint != "" {
		h.Set(HintHeader, printable(e.Hint))
	}
}

// cut ends the connection of a call without an answer, or in the middle of one.
func cut(w http.ResponseWriter, how api.Cut) {
	if how == api.CutIn {
		w.Header().Set("Content-Length", "100")
		_, _ = w.Write([]byte("{")) // whoever called may be gone
		_ = http.NewResponseController(w).Flush()
	}
	panic(http.ErrAbortHandler) // net/http catches it and says nothing
}

// printable returns a text as the value of a header.
func printable(text string) string {
	b := []byte(text)
	for i, c := range b {
		if c < ' ' || c > '~' {
			b[i] = ' '
		}
	}
	return string(b)
}

// maxNotices bounds the number of different notices, since callers choose the names in
// them.
const maxNotices = 1000

// Notices tells each of many remarks once. It may be used by several goroutines at once.
type Notices struct {
	Tell func(text string) // nil: nobody is told

	mu     sync.Mutex
	told   map[string]bool
	counts map[string]int64
}

// Add counts a remark of a kind, and tells it if it is new.
func (n *Notices) Add(kind, text string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.told == nil {
		n.told, n.counts = map[string]bool{}, map[string]int64{}
	}
	n.counts[kind]++
	if n.told[text] || len(n.told) >= maxNotices {
		return
	}
	n.told[text] = true
	if n.Tell != nil {
		n.Tell(text)
	}
}

// Count returns how often remarks of a kind were made.
func (n *Notices) Count(kind string) int64 {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.counts[kind]
}

// The kinds of notices.
const (
	UnknownField     = "field"
	UnknownOperation = "operation"
)
