package client

import (
	"time"

	"sesim/sim/unit"
)

// Limits on a Config, besides those of single fields.
const (
	MaxWorkers   = 1_000_000 // of all processes together, unless they are unlimited
	MaxProcesses = 10_000
	MaxLimiters  = 16
	MaxLayers    = 4
	MaxAttempts  = 1000
	MaxKept      = 1 << 24 // starts that the logs of all processes keep together
	MaxDraws     = 1<<16 - 1
)

// Million is the unit of rates and factors: a rate of Million is one call a second.
const Million = 1_000_000

// Config describes a client. Default returns one that only passes its messages on.
type Config struct {
	// Workers is how many calls a process makes at a time; the zero value is no limit.
	Workers Count
	// Processes is the number of copies of the program, at least 1. Workers, rests,
	// retry quotas, adaptive mode, connections and the limiters that are not Shared
	// exist in each; the queue is one.
	Processes  int
	Latency    Latency
	Connection Connection
	Limiters   []Limiter
	Rest       Rest
	Retry      []Layer // the innermost first; none: a refused message is given up
	Adaptive   bool    // the SDK's adaptive mode
	Stop       Stop
}

// Default returns a Config without limits, latency or retries.
func Default() Config { return Config{Processes: 1, Connection: Connection{Reconnect: true}} }

// Count is a number of calls: N, or a multiple of the account's maximum send rate.
type Count struct {
	N    int64
	Rate int64 // times the maximum send rate, in millionths; 0: N counts
	Plus int64 // added to a multiple of the rate
}

// Of returns the count in millionths at a maximum send rate.
func (c Count) Of(rate int64) int64 {
	if c.Rate == 0 {
		return c.N * Million
	}
	return c.Rate*rate + c.Plus*Million
}

// whole returns the count at a maximum send rate, rounded down, at least 1.
func (c Count) whole(rate int64) int64 { return max(c.Of(rate)/Million, 1) }

// Latency is the time from the start of a call to its answer. With a Mean it is Floor
// plus a log-normal time, whose mean is Mean - Floor; otherwise it is Spread.
type Latency struct {
	Spread      unit.Spread
	Mean, Floor time.Duration
	Sigma       int64 // standard deviation of the logarithm, in thousandths
}

// Connection is how a client uses its connections to SES.
type Connection struct {
	Setup       time.Duration // added to the latency of the first call of a connection
	Max         int64         // connections of a process; 0: unlimited
	MaxMessages int64         // after so many the client closes a connection; 0: never
	Idle        time.Duration // after so long without a call it closes one; 0: never
	Wait        time.Duration // longest wait for a free connection, else the message is given up; 0: unlimited
	// Reconnect makes a call on a session that SES has closed again at once on a new
	// connection, without spending an attempt.
	Reconnect bool
	// CloseOnRefusal closes the connection of a refused call.
	CloseOnRefusal bool
}

// Session is how SES limits the sessions of the SMTP interface. The zero value does not.
type Session struct {
	Idle        time.Duration // after so long without a call SES closes a session
	MaxMessages int64         // after so many messages
}

// LimiterKind is what a limiter promises.
type LimiterKind uint8

// The kinds.
const (
	Bucket LimiterKind = iota // a token every Per/N, of which at most Burst are kept
	Window                    // N in each window of Per
	Log                       // N in any interval of Per
)

// Limiter limits the starts of calls. It counts calls, whatever the number of their
// recipients.
type Limiter struct {
	Name  string
	Kind  LimiterKind
	N     Count
	Per   time.Duration // 1 ms to 31 days
	Burst Count         // Bucket: how many tokens it holds
	Empty bool          // Bucket: it holds none at first
	// Clock aligns windows with multiples of Per since 1970 UTC; else a window begins
	// with the first call after the one before it.
	Clock bool
	// Spacing keeps the starts of a window so far apart. They begin with the window, or
	// with Random at a place in it that is drawn for each window.
	Spacing time.Duration
	Random  bool
	Shared  bool // one for all processes
	Full    Full
	Retries bool // counts retries
}

// FullPolicy is what becomes of a call that a limiter does not grant at once.
type FullPolicy uint8

// The policies.
const (
	Wait         FullPolicy = iota // the worker waits, in the order of asking
	Drop                           // the message is given up
	Requeue                        // the message goes back to the queue for Least to Most
	RequeueReset                   // it goes back until the limiter grants again, and for Plus
)

// Full is a policy with its times.
type Full struct {
	Policy      FullPolicy
	Least, Most time.Duration
	Plus        time.Duration
}

// Rest is a pause after so many starts of messages; retries do not count. The zero
// value never rests.
type Rest struct {
	After Count // starts of messages to the next rest; the zero value: never
	Rest  time.Duration
	All   bool // counts the starts of a process, which rests as a whole; else those of a worker
	// Barrier, with All, begins the rest when all messages that were started are
	// accepted or given up, or are back in the queue.
	Barrier bool
}

// JitterKind is how a wait is made random.
type JitterKind uint8

// The kinds, for a wait of w.
const (
	NoJitter    JitterKind = iota // w
	FullJitter                    // 0 to w
	EqualJitter                   // w/2 to w
	PlusJitter                    // w to w and a share of it
	AddJitter                     // w, and Least to Most
)

// Jitter is how waits are made random: the draw is uniform.
type Jitter struct {
	Kind        JitterKind
	Plus        unit.Share
	Least, Most time.Duration
	Grows       bool // AddJitter: times the number of the retry, from 1
}

// Quota is the retry quota of an AWS SDK in standard mode: tokens that retries take,
// and successes give back. The zero value is no quota.
type Quota struct {
	Size     int64 // tokens at first, and at most
	Throttle int64 // cost of a retry after a refusal by rate or sending quota
	Other    int64 // cost of any other retry
	// Success is what a success without a retry adds. One after a retry gives back what
	// the last retry has cost.
	Success int64
}

// Poll is the interval at which a queue is looked at for messages that are due again:
// Least to Most, drawn for each. The zero value is no polling.
type Poll struct{ Least, Most time.Duration }

// Layer is one layer of retries. A layer around it sees its failure as one attempt.
type Layer struct {
	On       uint32 // bits of the reasons for which it calls again
	Attempts int    // 1 to MaxAttempts, the first included
	// Waits are the waits before the first, second, … retry; the last one holds for all
	// that follow.
	Waits  []time.Duration
	Jitter Jitter
	Hold   bool // the worker sleeps; else the message goes back to the queue
	Quota  Quota
	Poll   Poll // without Hold
}

// Stop is when a client stops. The zero value never does.
type Stop struct {
	Errors int64 // messages given up; 0: never
	Abort  bool  // gives up what has not started; else the client pauses until Resume
}
