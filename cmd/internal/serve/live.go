package serve

import (
	"embed"
	"io/fs"
	"net/http"
	"slices"
	"strconv"
	"time"

	"sesim/cmd/internal/page"
	"sesim/reports"
)

//go:embed web
var web embed.FS

// files returns the files of the page.
func files() fs.FS { return page.Files(web) }

// index answers with the page itself, whose other files are below PagePath.
func index(w http.ResponseWriter, r *http.Request) {
	http.ServeFileFS(w, r, files(), "page.html")
}

// Live is what the page shows.
type Live struct {
	Session  string             `json:"session"` // differs when the server was started again, or the session was
	Scenario string             `json:"scenario"`
	Start    time.Time          `json:"start"`
	Horizon  reports.Seconds    `json:"horizon"`
	Clock    Clock              `json:"clock"`
	Accounts []Account          `json:"accounts"`
	Lines    map[string]float64 `json:"lines"` // at which review and pause begin: shares
	Calls    []*Call            `json:"calls"` // after those that the page has, at most newCalls of them
	Total    int64              `json:"total"` // calls so far
	Refused  int64              `json:"refused"`
	History  *History           `json:"history"` // nil: the account is not sampled
}

// History is the history of one account, up to now.
type History struct {
	Seconds []reports.Seconds `json:"seconds"` // since the start
	Global  []int64           `json:"global"`
	Samples []Sample          `json:"samples"`
}

// newCalls is the number of calls that the page gets at once.
const newCalls = 100

// getLive answers with what the page shows of an account, and the calls after a number.
func (s *Server) getLive(r *http.Request) (any, error) {
	query := r.URL.Query()
	after := int64(0)
	if text := query.Get("after"); text != "" {
		var err error
		if after, err = strconv.ParseInt(text, 10, 64); err != nil || after < 0 {
			return nil, badRequest("after is %.40q; it must be a number of calls", text)
		}
	}
	var l *Live
	err := s.do(r.Context(), func() { l = s.live(query.Get("account"), after) })
	return l, err
}

// live returns what the page shows. An account that there is none of is the first one.
func (s *Server) live(account string, after int64) *Live {
	p := &s.cfg.Rules
	l := &Live{
		Session: s.began, Scenario: s.cfg.Name, Start: s.cfg.Start, Horizon: reports.Seconds(s.cfg.Horizon), Clock: s.readClock(),
		Total: s.recent.total, Refused: s.recent.refused, History: s.historyOf(max(0, s.named(account))),
		Lines: map[string]float64{
			"bounce_review": p.Review.BounceRate.Float(), "bounce_pause": p.Pause.BounceRate.Float(),
			"complaint_review": p.Review.ComplaintRate.Float(), "complaint_pause": p.Pause.ComplaintRate.Float(),
		},
	}
	for i := range s.cfg.Accounts {
		l.Accounts = append(l.Accounts, s.accountNow(i))
	}
	fresh := min(max(0, s.recent.total-after), newCalls, int64(len(s.recent.calls)))
	l.Calls = append([]*Call{}, s.recent.calls[int64(len(s.recent.calls))-fresh:]...)
	return l
}

// historyOf returns the history of an account up to now; nil: it is not sampled.
func (s *Server) historyOf(account int) *History {
	if account >= len(s.history.accounts) {
		return nil
	}
	now := s.session.Now()
	n := len(s.history.global)
	if n > 0 && time.Duration(n-1)*s.history.every == now {
		n-- // calls have come since
	}
	h := &History{Global: slices.Clone(s.history.global[:n]), Samples: slices.Clone(s.history.accounts[account][:n])}
	for i := range n {
		h.Seconds = append(h.Seconds, reports.Seconds(time.Duration(i)*s.history.every))
	}
	h.Seconds = append(h.Seconds, reports.Seconds(now))
	h.Global, h.Samples = append(h.Global, s.session.Listed()), append(h.Samples, s.sampleOf(account))
	return h
}
