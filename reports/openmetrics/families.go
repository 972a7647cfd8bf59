package openmetrics

import (
	"slices"
	"strings"

	"sesim/reports"
	"sesim/sim"
)

// prefix is the prefix of all names.
const prefix = "sesim_"

// units are the units that names may end in.
var units = map[string]bool{
	"ratio": true, "emails": true, "recipients": true, "addresses": true, "seconds": true, "messages": true, "calls": true, "stays": true,
}

// sampledFamily is a family of columns of the series.
type sampledFamily struct {
	name, help string
	columns    []column
}

// column is a metric of the series, and its label within the family.
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
	{"outcome_recipients", "accepted recipients since the start, by outcome", []column{
		{"delivered", "outcome", "delivered"}, {"hard_bounced", "outcome", "hard-bounced"}, {"soft_bounced", "outcome", "soft-bounced"},
		{"suppressed_account", "outcome", "suppressed-account"}, {"suppressed_global", "outcome", "suppressed-global"},
	}},
	{"complaints_emails", "complaints since the start", alone("complaints")},
	{"refused_recipients", "recipients refused since the start, by reason", []column{
		{"refused_rate", "reason", "rate"}, {"refused_quota", "reason", "quota"}, {"refused_unverified", "reason", "unverified"},
		{"refused_paused", "reason", "paused"}, {"refused_invalid", "reason", "invalid"},
	}},
}

// alone is the only column of a family.
func alone(metric string) []column { return []column{{metric: metric}} }

// Figures at the end of the run that are not sampled have families of their own.

// named are the families whose names do not follow from the table of figures,
// or that precede the others in the file. They have a point for every owner: 0
// without data.
var named = []struct{ figure, family string }{
	{"account.requests", "requests_calls"},
	{"account.recipients", "requested_recipients"},
	{"account.in_flight", "in_flight_recipients"},
	{"account.rejected", "content_rejected_recipients"},
	{"account.simulator", "simulator_recipients"},
	{"account.bounce_rate.max", "bounce_rate_max_ratio"},
	{"account.complaint_rate.max", "complaint_rate_max_ratio"},
	{"account.quota_use.max", "quota_use_max_ratio"},
	{"sender.messages", "sender_due_messages"},
	{"sender.recipients", "sender_requested_recipients"},
	{"global_list.added", "global_list_stays"},
}

// finalFamily is a family of figures at the end of the run.
type finalFamily struct {
	name, help string
	points     []point
}

type point struct {
	labels string
	value  float64
}

// finals are the families of a report's figures, by "account.", "sender.", "client."
// or "global_list." plus the figure's name, and in order those not in named.
type finals struct {
	families map[string]*finalFamily
	further  []string
}

// final returns the families of figures at the end of the run.
func final(r *reports.Report) []*finalFamily {
	of := finals{families: map[string]*finalFamily{}}
	for _, n := range named {
		of.families[n.figure] = &finalFamily{name: n.family}
	}
	read := r.Reader(r.Table)
	for i := range r.Summary.Accounts {
		of.add("account", label("account", r.Summary.Accounts[i].Name), read.Account(i))
	}
	for i := range r.Summary.Senders {
		d := &r.Summary.Senders[i]
		of.add("sender", label("account", d.Account)+label("sender", d.Name), read.Sender(i))
	}
	for i := range r.Summary.Clients {
		of.add("client", label("client", r.Summary.Clients[i].Name), read.Client(i))
	}
	of.add(sim.GlobalOwner, "", read.Global())
	var list []*finalFamily
	for _, n := range named {
		list = append(list, of.families[n.figure])
	}
	for _, figure := range of.further {
		list = append(list, of.families[figure])
	}
	return append(list, thresholdFamily(&r.Summary))
}

// add adds the figures of an account, a sender, a client or the global list.
func (of *finals) add(class, labels string, figures []reports.Figure) {
	for i := range figures {
		f := &figures[i]
		key := class + "." + f.Info.Name
		family := of.families[key]
		switch {
		case family != nil:
		case f.Info.Series != "" || !f.Data:
			continue
		default:
			family = &finalFamily{name: familyName(class, f.Info)}
			of.families[key] = family
			of.further = append(of.further, key)
		}
		family.help = f.Info.Help
		family.points = append(family.points, point{labels, f.Value})
	}
}

// familyName makes the name of a family of a figure: "delay_p99_seconds".
func familyName(class string, f *sim.FigureInfo) string {
	name := strings.ReplaceAll(f.Name, ".", "_")
	if class != "account" {
		name = class + "_" + name
	}
	if units[f.Unit] && !strings.HasSuffix(name, "_"+f.Unit) {
		name += "_" + f.Unit
	}
	return name
}

// thresholdFamily drops repetitions of a threshold: no two lines may have the
// same time and labels.
func thresholdFamily(s *reports.Summary) *finalFamily {
	f := &finalFamily{name: "threshold_passed", help: "1 for a threshold that passed, 0 for one that failed or had no data"}
	for i := range s.Thresholds {
		p := point{label("threshold", s.Thresholds[i].Expression), passed(&s.Thresholds[i])}
		if !slices.Contains(f.points, p) {
			f.points = append(f.points, p)
		}
	}
	return f
}
