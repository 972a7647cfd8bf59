package reports

import (
	"strings"

	"sesim/sim"
	"sesim/sim/criteria"
	"sesim/sim/ses"
)

// Describing reports of each threshold whether it describes what the scenario expects
// to see, instead of asking for it. It describes if it asks for what nobody wants, such
// as a review or at least 390 bounces, if it states an exact number, or if it and another
// one enclose a figure from both sides. To ask for none of what nobody wants, such as
// "acme.refused == 0", is not to describe.
func Describing(list []Threshold) []bool {
	describes := make([]bool, len(list))
	parsed := make([]criteria.Criterion, len(list))
	bounds := map[string]int{} // by metric: which sides thresholds bound
	for i := range list {
		parsed[i] = list[i].criterion()
		bounds[parsed[i].Metric] |= side(parsed[i].Op)
	}
	for i := range parsed {
		c := &parsed[i]
		describes[i] = side(c.Op) != 0 && bounds[c.Metric] == ceiling|floor || contrary(c)
	}
	return describes
}

// The sides from which a threshold bounds a figure.
const (
	ceiling = 1 << iota
	floor
)

// side returns the side that an operator bounds; 0 for one that bounds none alone.
func side(op criteria.Op) int {
	switch op {
	case criteria.Less, criteria.LessEqual:
		return ceiling
	case criteria.Greater, criteria.GreaterEqual:
		return floor
	}
	return 0
}

// contrary reports whether a criterion asks for what nobody wants, or for an exact
// number.
func contrary(c *criteria.Criterion) bool {
	wanted := wantedOf(c.Metric)
	switch {
	case c.Op == criteria.Equal:
		return wanted != little || c.Limit != 0
	case c.Op == criteria.NotEqual, side(c.Op) == floor:
		return wanted == little
	}
	return side(c.Op) == ceiling && wanted == much
}

// criterion returns the parts of a threshold; without a metric if it is not in the
// notation of its kind.
func (t *Threshold) criterion() criteria.Criterion {
	kind := Kind(t.Kind)
	c, err := criteria.Parse(t.Expression, func(string) (criteria.Kind, bool) { return kind, true })
	if err != nil {
		return criteria.Criterion{}
	}
	return c
}

// wanted is how much of a figure people want.
type wanted int

const (
	whatever wanted = iota
	little
	much
)

// unwanted are the beginnings of the names of figures of which people want little, after
// the owner.
var unwanted = []string{
	"refused", "given_up", "waiting", "late", "lost", "delay.", "campaign_time.", "hard_bounced", "soft_bounced", "suppressed_", "rejected",
	"complaints", "bounce_rate.final", "bounce_rate.max", "bounce_rate.time_below", "bounce_rate.mails_below", "complaint_rate.final",
	"complaint_rate.max", "complaint_rate.time_below", "complaint_rate.mails_below", "quota_use.", "cost", "sent_after_bounce", "timed_out",
	"oldest.", "dwell.",
}

// wantedEvents says how often people want an event.
var wantedEvents = map[ses.Event]wanted{
	ses.EventGranted: much, ses.EventHealthy: much, ses.EventQuotaRaised: much, ses.EventVerified: much,
	ses.EventDenied: little, ses.EventFailed: little, ses.EventUnderReview: little, ses.EventReviewExtended: little,
	ses.EventPendingEndOfReview: little, ses.EventPendingPause: little, ses.EventPaused: little, ses.EventSuspended: little,
	ses.EventAppealRejected: little, ses.EventVerificationFailed: little, ses.EventVerificationRefused: little,
	ses.EventThrottled: little, ses.EventBlocked: little, ses.EventRemovalRefused: little,
}

func wantedOf(metric string) wanted {
	if _, kind, event, ok := sim.EventMetric(metric); ok {
		switch often := wantedEvents[event]; {
		case kind == criteria.Count || often == whatever:
			return often
		case often == much: // soon
			return little
		default: // late, or never
			return much
		}
	}
	_, name, _ := strings.Cut(metric, ".")
	if name == "accepted" || name == "delivered" {
		return much
	}
	for _, beginning := range unwanted {
		if strings.HasPrefix(name, beginning) {
			return little
		}
	}
	return whatever
}
