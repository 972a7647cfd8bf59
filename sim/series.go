package sim

import (
	"time"

	"sesim/sim/unit"
)

// MaxSeries is how many accounts a run samples over time: the first ones of
// the scenario. All accounts have their figures at the end.
const MaxSeries = 100

// SeriesMetrics are the columns of Result.Series for each sampled account, in
// their order. After those of all accounts comes one of the global list.
var SeriesMetrics = [...]string{
	"bounce_rate", "complaint_rate", "bounce_eligible", "complaint_eligible",
	"quota_used", "quota", "rate", "enforcement", "account_listed",
	"accepted", "delivered", "hard_bounced", "soft_bounced", "suppressed_account", "suppressed_global", "complaints",
	"refused_rate", "refused_quota", "refused_unverified", "refused_paused", "refused_invalid",
}

// PastMetrics are the columns of Result.Past for each sampled account with a History.
var PastMetrics = [...]string{SeriesMetrics[0], SeriesMetrics[1], SeriesMetrics[2], SeriesMetrics[3]}

// MaxQueues is how many clients a run samples over time: the first ones of the scenario.
const MaxQueues = 20

// QueueMetrics are the columns of Result.Queues for each sampled client, in their order,
// since the start of the run but for the last two: messages that were due, calls that
// were accepted and refused, messages given up; and messages that wait, calls in flight.
// Calls that started are the sum of those accepted, refused and in flight.
var QueueMetrics = [...]string{"due", "accepted", "refused", "given_up", "waiting", "in_flight"}

// SeriesFrame returns the interval of the series of a run: at most 800 samples, fewer
// where many accounts are sampled.
func SeriesFrame(horizon time.Duration, accounts int) time.Duration {
	most := max(20, min(800, 10_000/int64(min(max(accounts, 1), MaxSeries))))
	for _, f := range [...]time.Duration{
		time.Second, 5 * time.Second, 15 * time.Second, time.Minute, 5 * time.Minute, 15 * time.Minute,
		time.Hour, 2 * time.Hour, 6 * time.Hour, 12 * time.Hour, unit.Day, 2 * unit.Day, 7 * unit.Day, 30 * unit.Day,
	} {
		if int64(horizon/f) <= most {
			return f
		}
	}
	return 90 * unit.Day
}
