// Package fault disturbs calls and notifications on purpose, as a network or SES itself
// does now and then: errors of the service, slow answers, connections that are cut, and
// notifications that come twice or late.
//
// A fault is no rule of the model. It does not change what the model decides, only whether
// a call comes to it and whether its answer arrives; so a journal of the session replays
// without the faults. Which calls a fault hits follows from the seed and from the number of
// the call among those that it matches.
package fault

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"sesim/cmd/internal/serve/api"
	"sesim/sim/rng"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// SNS is the interface of notifications, beside those of ses.Interface.
const SNS = "sns"

// Operations that a fault can match besides those of the API.
const (
	Auth    = "AUTH"    // of SMTP
	Publish = "Publish" // of SNS
)

// Fault is a fault with the calls that it hits: of those that match, all, or those that Share,
// Every, Count, From and To leave.
type Fault struct {
	Match Match `json:"match"`
	Do    Do    `json:"do"`

	Share *float64  `json:"share,omitempty"` // of the calls, drawn for each; from 0 to 1
	Every int64     `json:"every,omitzero"`  // the Nth, 2Nth and so on; 0: each
	Count int64     `json:"count,omitzero"`  // at most so many hits; 0: any number
	From  time.Time `json:"from,omitzero"`   // virtual
	To    time.Time `json:"to,omitzero"`     // virtual; the fault ends before it

	Matched int64 `json:"matched"` // calls so far, between From and To
	Hits    int64 `json:"hits"`    // of these

	key     rng.Key
	share   unit.Share
	latency rng.Spread
}

// Match is what a fault is about; an empty field matches everything. Patterns are those of
// path.Match.
type Match struct {
	Interface string `json:"interface,omitempty"` // "v2", "v1", "smtp" or "sns"
	Operation string `json:"operation,omitempty"` // pattern, with the names of version 2: "SendEmail"; "AUTH"; "Publish"
	Account   string `json:"account,omitempty"`   // name in the scenario
	To        string `json:"to,omitempty"`        // pattern of a recipient, or of the topic's ARN
}

// Do is what happens. One of Status and Cut, with or without Latency; or Duplicate and Delay,
// of notifications.
type Do struct {
	// Status refuses the call before it comes to the model: 403, 429, 500 or 503, which on
	// SMTP are 535, 454, 451 and 454; or 421, 451, 454 or 535, which only SMTP has.
	Status  int      `json:"status,omitzero"`
	Code    string   `json:"code,omitempty"`    // instead of the status's own
	Message string   `json:"message,omitempty"` // instead of the status's own
	Latency *Latency `json:"latency,omitempty"` // of the answer, on the wall; the decision is not later
	// Cut closes the connection: "before" the call comes to the model, "after" its decision
	// without an answer, or "in" the answer.
	Cut       string `json:"cut,omitempty"`
	Duplicate bool   `json:"duplicate,omitzero"` // the notification is delivered twice
	Delay     string `json:"delay,omitempty"`    // of the notification, on the wall; others overtake it
}

// Latency is a log-normal distribution, or a constant where P99 is empty.
type Latency struct {
	P50 string `json:"p50"`
	P99 string `json:"p99,omitempty"`
}

// maxDelay bounds what a fault may take on the wall.
const maxDelay = time.Hour

// Hit is a fault that has hit.
type Hit struct {
	Text    string        // names the fault and says what it did
	Refusal *api.Error    // of the call, which must not come to the model; nil: it does
	Latency time.Duration // of the answer, on the wall
	Cut     api.Cut       // of the answer
	Twice   bool          // the notification is delivered twice
	Delay   time.Duration // of the notification, on the wall
}

// Call is what a fault is matched with.
type Call struct {
	Interface, Operation, Account string
	To                            []string
	At                            time.Time // virtual
}

// List are the faults that there are. The first that hits is the one that happens. The zero
// value has none.
type List struct {
	faults []Fault
}

// ErrWrong is wrapped by the errors of faults that are none.
var ErrWrong = errors.New("not a fault")

// New checks faults and returns them as a List for the seed of a session. Operations are
// the names of those that there are.
func New(faults []Fault, seed uint64, operations []string) (List, error) {
	list := List{slices.Clone(faults)}
	for i := range list.faults {
		f := &list.faults[i]
		f.Matched, f.Hits, f.key = 0, 0, rng.Derive(seed, "fault", strconv.Itoa(i+1), "hit")
		if err := f.check(operations); err != nil {
			return List{}, fmt.Errorf("%w: number %d: %w", ErrWrong, i+1, err)
		}
	}
	return list, nil
}

// Faults returns the faults with their counts.
func (l *List) Faults() []Fault { return append([]Fault{}, l.faults...) }

// Empty reports whether there are no faults.
func (l *List) Empty() bool { return len(l.faults) == 0 }

// Draw returns the fault that hits a call; nil: none. It counts the call for each fault that
// it matches.
func (l *List) Draw(c Call) (hit *Hit) {
	for i := range l.faults {
		f := &l.faults[i]
		if !f.matches(&c) {
			continue
		}
		f.Matched++
		if hit == nil && f.hits() {
			f.Hits++
			hit = f.hit(i+1, &c)
		}
	}
	return hit
}

// matches reports whether a call is one of those that the fault is about.
func (f *Fault) matches(c *Call) bool {
	m := &f.Match
	return f.isAbout(c.Interface) && (m.Operation == "" || like(m.Operation, c.Operation)) &&
		(m.Account == "" || m.Account == c.Account) &&
		(m.To == "" || slices.ContainsFunc(c.To, func(to string) bool { return like(strings.ToLower(m.To), strings.ToLower(to)) })) &&
		(f.From.IsZero() || !c.At.Before(f.From)) && (f.To.IsZero() || c.At.Before(f.To))
}

// isAbout reports whether the fault can happen on an interface.
func (f *Fault) isAbout(i string) bool {
	switch {
	case f.ofNotifications():
		return i == SNS
	case i == SNS || f.Match.Interface != "" && f.Match.Interface != i:
		return false
	}
	return !slices.Contains(smtpStatuses, f.Do.Status) || i == ses.SMTP.String()
}

func (f *Fault) ofNotifications() bool { return f.Do.Duplicate || f.Do.Delay != "" }

func like(pattern, text string) bool {
	ok, _ := path.Match(pattern, text) // checked
	return ok
}

// hits reports whether the fault hits the call that was just counted.
func (f *Fault) hits() bool {
	n := uint64(f.Matched)
	return (f.Count == 0 || f.Hits < f.Count) && (f.Every == 0 || f.Matched%f.Every == 0) && f.share.Of(f.key.At(2*n))
}

// hit returns what the fault does to the call that was just counted.
func (f *Fault) hit(number int, c *Call) *Hit {
	h := &Hit{Latency: f.latency.Draw(f.key.At(2*uint64(f.Matched) + 1)), Twice: f.Do.Duplicate}
	var did []string
	add := func(format string, args ...any) { did = append(did, fmt.Sprintf(format, args...)) }
	switch {
	case f.Do.Status != 0:
		h.Refusal = f.refusal(c)
		add("status %d", h.Refusal.Wire.Status)
	case f.Do.Cut == "before":
		h.Refusal = &api.Error{Cut: api.CutAfter}
		add("cut before the decision")
	case f.Do.Cut == "in":
		h.Cut = api.CutIn
		add("cut in the answer")
	case f.Do.Cut == "after":
		h.Cut = api.CutAfter
		add("cut after the decision")
	}
	if h.Latency > 0 {
		add("latency %s", h.Latency)
	}
	if h.Twice {
		add("duplicate")
	}
	if f.Do.Delay != "" {
		h.Delay, _ = time.ParseDuration(f.Do.Delay) // checked
		add("delay %s", h.Delay)
	}
	h.Text = fmt.Sprintf("fault %d: %s", number, strings.Join(did, ", "))
	if h.Refusal != nil {
		h.Refusal.Fault = h.Text
	}
	return h
}
