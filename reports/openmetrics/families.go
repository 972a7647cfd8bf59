package openmetrics

import (
	"slices"

	"sesim/reports"
)

// prefix begins all names.
const prefix = "sesim_"

// units are the last parts of names that are units.
var units = map[string]bool{"ratio": true, "emails": true, "recipients": true, "addresses": true, "seconds": true, "messages": true, "calls": true, "stays": true}

// sampledFamily is a family that is made of columns of the series.
type sampledFamily struct {
	name, help string
	columns    []column
}

// column is a metric of the series, and what tells it apart in its family.
type column struct{ metric, label, value string }

// labels returns the labels of a metric of the family.
func (f *sampledFamily) labels(metric string) (labels string, ok bool) {
	for _, c := range f.columns {
		if c.metric == metric {
			if c.label == "" {
				return "", true
			}
			return label(c.label, c.value), true
		}
	}
	return "", false
}

var sampled = []sampledFamily{
	{"bounce_rate_ratio", "bounces among the eligible emails of the representative volume", alone("bounce_rate")},
	{"complaint_rate_ratio", "complaints among the eligible emails of the representative volume", alone("complaint_rate")},
	{"bounce_eligible_emails", "emails in the representative volume of the bounce rate", alone("bounce_eligible")},
	{"complaint_eligible_emails", "emails in the representative volume of the complaint rate", alone("complaint_eligible")},
	{"quota_used_recipients", "recipients accepted in the last 24 hours", alone("quota_used")},
	{"quota_recipients", "sending quota in 24 hours; -1 is unlimited", alone("quota")},
	{"max_send_rate", "recipients a second", alone("rate")},
	{"enforcement_status", "0 healthy, 1 under review, 2 paused", alone("enforcement")},
	{"account_list_addresses", "addresses on the account-level suppression list", alone("account_listed")},
	{"global_list_addresses", "addresses on the global suppression list", alone("global_listed")},
	{"accepted_recipients", "recipients accepted since the start", alone("accepted")},
	{"outcome_recipients", "accepted recipients since the start, by what became of them", []column{
		{"delivered", "outcome", "delivered"}, {"hard_bounced", "outcome", "hard-bounced"}, {"soft_bounced", "outcome", "soft-bounced"},
		{"suppressed_account", "outcome", "suppressed-account"}, {"suppressed_global", "outcome", "suppressed-global"},
	}},
	{"complaints_emails", "complaints since the start", alone("complaints")},
	{"refused_recipients", "recipients refused since the start, by reason", []column{
		{"refused_rate", "reason", "rate"}, {"refused_quota", "reason", "quota"}, {"refused_unverified", "reason", "unverified"},
		{"refused_paused", "reason", "paused"}, {"refused_invalid", "reason", "invalid"},
	}},
}

// alone is the one column of a family.
func alone(metric string) []column { return []column{{metric: metric}} }

// finalFamily is a family of figures at the end of the run, which are not
// sampled before.
type finalFamily struct {
	name, help string
	points     func(s *reports.Summary) []point
}

type point struct {
	labels string
	value  float64
}

var final = []finalFamily{
	{"requests_calls", "send calls by the end, retries included", ofAccounts(func(a *reports.Account) int64 { return a.Requests })},
	{"requested_recipients", "recipients of all calls by the end", ofAccounts(func(a *reports.Account) int64 { return a.Recipients })},
	{"in_flight_recipients", "accepted recipients whose outcome is open at the end", ofAccounts(func(a *reports.Account) int64 { return a.InFlight })},
	{"content_rejected_recipients", "accepted recipients of mail that the content scan rejected", ofAccounts(func(a *reports.Account) int64 { return a.Rejected })},
	{"simulator_recipients", "accepted recipients at the mailbox simulator", ofAccounts(func(a *reports.Account) int64 { return a.Simulator })},
	{"bounce_rate_max_ratio", "highest bounce rate of the run", ofRates(func(a *reports.Account) float64 { return a.BounceRate.Max })},
	{"complaint_rate_max_ratio", "highest complaint rate of the run", ofRates(func(a *reports.Account) float64 { return a.ComplaintRate.Max })},
	{"quota_use_max_ratio", "highest part of the sending quota in use", ofRates(func(a *reports.Account) float64 { return a.QuotaUse.Max })},
	{"sender_due_messages", "messages that were due by the end", ofSenders(func(s *reports.Sender) int64 { return s.Messages })},
	{"sender_accepted_messages", "messages accepted by the end", ofSenders(func(s *reports.Sender) int64 { return s.Accepted })},
	{"sender_given_up_messages", "messages given up by the end", ofSenders(func(s *reports.Sender) int64 { return s.GivenUp })},
	{"sender_waiting_messages", "messages that wait for a retry at the end", ofSenders(func(s *reports.Sender) int64 { return s.Waiting })},
	{"global_list_stays", "stays on the global suppression list begun by the end", func(s *reports.Summary) []point {
		return []point{{"", float64(s.GlobalList.Added)}}
	}},
	{"threshold_passed", "1 for a threshold that passed, 0 for one that failed or had no data", thresholdPoints},
}

// thresholdPoints leaves out a threshold that the scenario states twice: no
// two lines may be of the same time and labels.
func thresholdPoints(s *reports.Summary) []point {
	var list []point
	for i := range s.Thresholds {
		p := point{label("threshold", s.Thresholds[i].Expression), passed(&s.Thresholds[i])}
		if !slices.Contains(list, p) {
			list = append(list, p)
		}
	}
	return list
}

func ofAccounts(of func(*reports.Account) int64) func(*reports.Summary) []point {
	return ofRates(func(a *reports.Account) float64 { return float64(of(a)) })
}

func ofRates(of func(*reports.Account) float64) func(*reports.Summary) []point {
	return func(s *reports.Summary) []point {
		var list []point
		for i := range s.Accounts {
			list = append(list, point{label("account", s.Accounts[i].Name), of(&s.Accounts[i])})
		}
		return list
	}
}

func ofSenders(of func(*reports.Sender) int64) func(*reports.Summary) []point {
	return func(s *reports.Summary) []point {
		var list []point
		for i := range s.Senders {
			d := &s.Senders[i]
			list = append(list, point{label("account", d.Account) + label("sender", d.Name), float64(of(d))})
		}
		return list
	}
}
