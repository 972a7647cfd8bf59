package simtest

// parameter is a rule parameter with some values of its range, as a decoder
// of TOML gives them.
type parameter struct {
	name   string
	values []any
}

type (
	list  = []any
	table = map[string]any
)

// parameters lists all parameters of package rules; a test compares the
// names. The values lie at both ends of each range and where small scenarios
// feel them.
var parameters = []parameter{
	{"rep.min_eligible", list{int64(0), int64(1), int64(50), int64(1000)}},
	{"rep.min_events", list{
		table{"bounces": int64(0), "complaints": int64(0)}, table{"bounces": int64(1)}, table{"bounces": int64(5), "complaints": int64(1)},
	}},
	{"rep.window_eligible", list{int64(1000), int64(100_000)}},
	{"rep.window_days", list{int64(1), int64(28), "off"}},
	{"rep.verified_addresses_count", list{true, false}},
	{"rep.max_lookback", list{"1d", "30d", "none"}},
	{"rep.eval_interval", list{"15m", "1h", "24h", "17m"}},
	{"review.bounce_rate", list{"5%", "0%", "0.1%", "100%"}},
	{"review.complaint_rate", list{"0.1%", "0%", "10%"}},
	{"review.length", list{"1h", "1d", "7d"}},
	{"review.sending_allowance", list{int64(1), int64(100), "off"}},
	{"review.end_rule", list{"extend-once", "pause", "healthy"}},
	{"pause.bounce_rate", list{"10%", "0%", "50%", "100%"}},
	{"pause.complaint_rate", list{"0.5%", "20%"}},
	{"pause.immediate_factor", list{"never", int64(1), 1.5, int64(3)}},
	{"pause.repeat_reviews", list{int64(2), int64(5), "never"}},
	{"review.decision_time", list{"0s", "1h", "2d"}},
	{"pause.notice", list{"0s", "1h", "2d"}},
	{"pause.sending_enabled", list{true, false}},
	{"pause.permanent", list{"never", int64(1), int64(2)}},
	{"appeal.reply", list{"0s", "1h", table{"median": "1h", "p95": "1d"}}},
	{"appeal.fresh_start", list{true, false}},

	{"global.durations", list{list{"1d"}, list{"1s"}, list{"1h", "1d", "14d"}, list{"1m", "1m", "2m"}}},
	{"global.strike_memory", list{"14d", "20d", "never"}},
	{"global.suppressed_bounce_escalates", list{true, false}},
	{"global.add_on_complaint", list{true, false}},
	{"global.scope", list{"region", "worldwide"}},
	{"global.delivery_resets", list{true, false}},
	{"global.removal_form", list{true, false}},

	{"account.overrides_global", list{true, false}},
	{"account.add_on_suppressed_bounce", list{true, false}},
	{"account.add_on_general", list{false, true}},
	{"account.add_delay", list{"1s", "0s", "1h", "2d"}},
	{"account.reason_match", list{true, false}},
	{"account.pause_wipe", list{"1d", "2d", "never"}},
	{"account.customer_pause_wipes", list{true, false}},
	{"sandbox.blocked_ops", list{"all", "put-import"}},
	{"sandbox.recipient_labels", list{false, true}},
	{"identity.listed_text", list{int64(100), int64(200)}},
	{"identity.check", list{"after-limits", "before-limits"}},

	{"api.per_second", list{int64(1), int64(0)}},
	{"rate.burst_seconds", list{int64(2), int64(10), int64(1)}},
	{"rate.debt", list{true, false}},
	{"quota.multi_recipient", list{"must_fit", "any_left"}},
	{"quota.granularity", list{"15m", "0s", "1m", "7h", "24h"}},
	{"auto_increase", list{
		true, false,
		table{"days": int64(1), "of": int64(1), "use": "1%", "every": "1d", "cap": int64(400)},
		table{"days": int64(2), "of": int64(3), "use": "50%", "bounce_rate": "100%", "complaint_rate": "100%", "factor": int64(3), "every": "2d"},
	}},

	{"prod.review_time", list{"0s", "1h", table{"within": "1h", "longer": "50%", "from": "1h", "to": "1d"}}},
	{"prod.quota", list{int64(100), int64(1)}},
	{"prod.rate", list{int64(2), int64(1)}},
	{"prod.after_denied", list{"new", "conflict"}},

	{"retry.horizon", list{"5m", "1h", "14h"}},
	{"retry.schedule", list{
		table{"first": "1s", "factor": int64(1), "cap": "1s", "jitter": "0%"},
		table{"first": "1h", "factor": 1.5, "cap": "14h", "jitter": "50%"},
	}},
	{"delivery.delay", list{"0s", "1s", table{"median": "1s", "p99": "1h"}}},
	{"bounce.delay", list{"0s", "10m", table{"median": "1m", "p95": "10h"}}},
	{"bounce.async_share", list{"0%", "50%", "100%"}},
	{"bounce.async_delay", list{"0s", "1d", table{"median": "1h", "p95": "10d"}}},
	{"complaint.delay", list{"0s", "1h", table{"median": "1h", "p95": "3d"}}},
	{"complaint.relay", list{"0s", "1d"}},
	{"bounce.no_email_share", list{"0%", "100%"}},
	{"bounce.dead_domain", list{"transient", "permanent"}},
	{"simulator.suppression_bounce", list{"general", "suppressed"}},
	{"ec2.port25_rate", list{int64(3), int64(1), int64(60)}},
	{"session.idle", list{"10s", "1s", "never"}},
	{"session.max_messages", list{"off", int64(1), int64(3)}},
	{"event.publish_delay", list{"0s", "1h", table{"median": "1s", "p99": "1m"}}},
}

// touchy are parameters under which the little mail of a drawn scenario
// brings about reviews, pauses and increases.
var touchy = []parameter{
	{"rep.min_eligible", list{int64(0)}},
	{"rep.min_events", list{table{"bounces": int64(1), "complaints": int64(1)}}},
	{"review.length", list{"1d"}},
	{"pause.immediate_factor", list{"never"}},
	{"pause.bounce_rate", list{"40%"}},
	{"pause.repeat_reviews", list{"never"}},
	{"appeal.reply", list{"1h"}},
	{"account.pause_wipe", list{"1d"}},
	{"auto_increase", list{table{
		"days": int64(1), "of": int64(2), "use": "1%", "bounce_rate": "100%", "complaint_rate": "100%", "every": "1d", "cap": int64(60_000),
	}}},
}
