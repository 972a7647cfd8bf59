package reports

import (
	"fmt"

	"sesim/sim"
)

// Client holds the figures of a client. Counts are messages and calls, each of which may
// have several recipients. Due is the sum of the accepted calls, of those in flight, and
// of the messages that are lost or wait.
type Client struct {
	Name     string   `json:"name"`
	Senders  []string `json:"senders"` // whose messages it calls for
	Due      int64    `json:"due"`     // messages
	Calls    int64    `json:"calls"`   // started, retries included
	Attempts []int64  `json:"attempts"`
	Accepted int64    `json:"accepted"` // calls
	Refused  int64    `json:"refused"`  // calls
	// RefusedSession are calls that met an SMTP session that SES had closed.
	RefusedSession int64    `json:"refused_session"`
	InFlight       int64    `json:"in_flight"` // calls without an answer at the end
	Waiting        int64    `json:"waiting"`   // messages, at the end
	Oldest         Ages     `json:"oldest_seconds"`
	Lost           int64    `json:"lost"` // messages that it gave up
	GivenUp        Losses   `json:"given_up"`
	Rate           CallRate `json:"rate"`
	// Delay is the virtual time from when messages were due to their acceptance, nil if
	// none was accepted; LostDelay that to when they were given up.
	Delay     *Delays `json:"delay,omitempty"`
	LostDelay *Delays `json:"lost_delay_seconds,omitempty"`
	More      Figures `json:"-"` // those without a field
}

// Ages are those of the oldest message that was neither accepted nor given up.
type Ages struct {
	Final Seconds `json:"final"` // at the end
	Max   Seconds `json:"max"`
}

// Losses are messages by why a client gave them up.
type Losses struct {
	Attempts int64 `json:"attempts"` // after the last attempt, or as the retry quota was empty
	Dropped  int64 `json:"dropped"`  // by a limiter
	Stopped  int64 `json:"stopped"`  // the client had stopped
	Wait     int64 `json:"wait"`     // no connection was free in time
	Refused  int64 `json:"refused"`  // for a reason that is not retried
}

// Reasons returns the counts in the order of the summary.
func (l *Losses) Reasons() []Reason {
	return []Reason{
		{"attempts", l.Attempts}, {"dropped", l.Dropped}, {"stopped", l.Stopped}, {"wait", l.Wait}, {"refused", l.Refused},
	}
}

// CallRate is how fast a client calls.
type CallRate struct {
	Mean float64 `json:"mean"`   // calls a second from its first call to its last answer; 0: at one moment
	Max  int64   `json:"max_1s"` // most calls that started within a second
}

// known reports whether a key has data.
func (c *CallRate) known(key string) bool { return key != "mean" || c.Mean > 0 }

// Delays are quantiles of the delays of messages.
type Delays struct {
	P50 Seconds `json:"p50"`
	P99 Seconds `json:"p99"`
	Max Seconds `json:"max"`
}

func (s *Summary) addClients(cfg *sim.Config, res *sim.Result) error {
	rows := cfg.Figures.Rows().Client
	places := placesOf[Client](rows)
	for i := range res.Clients {
		c, of := Client{Name: cfg.Clients[i].Name, Senders: []string{}}, &res.Clients[i]
		c.Attempts = append([]int64{}, of.Attempts...)
		if err := enter(&c, places, rows, of, fmt.Sprintf("client %q", c.Name)); err != nil {
			return err
		}
		s.Clients = append(s.Clients, c)
	}
	for i := range cfg.Senders {
		if number := cfg.Senders[i].Client; number > 0 && number <= len(s.Clients) {
			c := &s.Clients[number-1]
			c.Senders = append(c.Senders, cfg.Senders[i].Name)
		}
	}
	return nil
}
