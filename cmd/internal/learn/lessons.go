package learn

import "sesim/scenarios"

// This file holds the seven lessons. A lesson's scenario holds every key that
// its controls set, so that what is turned can be written into it.

// as is the scenario of a lesson as it ships.
const as = ""

func sandbox() Lesson {
	return Lesson{
		ID: "sandbox", Scenario: "lesson-sandbox", Account: "shop", First: QuotaChart,
		Controls: []Control{
			volume("alerts").at("300/d"), dead("customers").at("3%"), complaints("customers").at("0.02%"),
			hygiene("customers"), quotaOf("shop").at("200"),
			{ID: "access", Kind: Choice, Keys: []string{"account.shop.access"}, Values: []string{"sandbox", "production"}, More: true},
			{ID: "customers", Kind: PerDay, Keys: []string{"sender.customers.traffic.rate"},
				Values: []string{"10/d", "50/d", "100/d", "500/d", "1000/d"}, Default: 1, More: true},
			listing("shop"),
		},
		Options: []Option{{"none", "customers.accepted == 0"}, {"all", "customers.given_up == 0"}, {"some", ""}},
		Variants: map[string][]scenarios.Override{
			"slow":       {set("sender.alerts.traffic.rate", "200/d")},
			"large":      {set("account.shop.quota", "50_000")},
			"production": {set("account.shop.access", "production"), set("account.shop.quota", "50_000"), set("account.shop.rate", "14")},
		},
		Figures: []Figure{
			{"unverified", as, "shop.refused.unverified"}, {"quota_refused", as, "shop.refused.quota"},
			{"team", as, "alerts.accepted"}, {"first_refused", as, "shop.first_refused.quota"},
			{"open", "production", "customers.accepted"},
		},
		Holds: []Claim{
			{as, "customers.accepted == 0"}, {as, "shop.bounce_rate.eligible == 0"},
			{"slow", "shop.refused.quota == 0"}, {"large", "customers.accepted == 0"}, {"large", "shop.refused.quota == 0"},
			{"production", "shop.refused == 0"}, {"production", "shop.hard_bounced >= 1"},
		},
	}
}

func quota() Lesson {
	return Lesson{
		ID: "quota", Scenario: "lesson-quota", Account: "shop", First: QuotaChart,
		Controls: []Control{
			volume("mail").at("10000/d"), dead("customers").at("0.5%"), complaints("customers").at("0.02%"),
			hygiene("mail"), quotaOf("shop").at("5_000"),
			{ID: "increase", Kind: Choice, Keys: []string{"rules.auto_increase"}, Values: []string{"false", "true"}, More: true},
			size("customers").at("20_000"), listing("shop"),
		},
		Options: []Option{
			{"never", "shop.accepted <= 5_000"}, {"midnight", "shop.resumes.quota <= 18h"},
			{"day", "shop.resumes.quota <= 25h"}, {"later", ""},
		},
		Variants: map[string][]scenarios.Override{
			"double": {set("account.shop.quota", "10_000")},
			"half":   {set("sender.mail.traffic.rate", "5000/d")},
		},
		Figures: []Figure{
			{"first_refused", as, "shop.first_refused.quota"}, {"resumes", as, "shop.resumes.quota"},
			{"refused", as, "shop.refused.quota"}, {"accepted", as, "shop.accepted"},
			{"double_refused", "double", "shop.refused.quota"},
		},
		Holds: []Claim{
			{as, "shop.resumes.quota >= 24h"}, {as, "shop.resumes.quota <= 24h30m"},
			{as, "shop.refused.rate == 0"}, {"double", "shop.refused.quota == 0"}, {"half", "shop.refused == 0"},
		},
	}
}

func production() Lesson {
	return Lesson{
		ID: "production", Scenario: "lesson-production", Account: "shop", First: QuotaChart,
		Controls: []Control{
			volume("receipts").at("2000/d"), dead("customers").at("1%"), complaints("customers").at("0.02%"),
			hygiene("receipts"),
			{ID: "granted", Kind: Count, Keys: []string{"rules.prod.quota"},
				Values: []string{"200", "1_000", "2_000", "5_000", "10_000", "50_000", "100_000"}, Default: 5},
			{ID: "outcome", Kind: Choice, Keys: []string{"account.shop.request[0].outcome"},
				Values: []string{"granted", "denied", "failed", "more-info"}, More: true},
			{ID: "after", Kind: Span, Keys: []string{"account.shop.request[0].after"},
				Values: []string{"2h", "6h", "20h", "2d", "4d"}, Default: 2, More: true},
			{ID: "asked", Kind: Span, Keys: []string{"account.shop.request[0].at"},
				Values: []string{"0s", "2h", "12h", "1d", "3d"}, Default: 1, More: true},
		},
		Options: []Option{{"never", "shop.count.granted == 0"}, {"kept", "shop.refused.unverified == 0"}, {"lost", ""}},
		Variants: map[string][]scenarios.Override{
			"denied": {set("account.shop.request[0].outcome", "denied")},
			"early":  {set("account.shop.request[0].at", "0s"), set("account.shop.request[0].after", "2h")},
			"tight":  {set("rules.prod.quota", "1_000")},
		},
		Figures: []Figure{
			{"granted", as, "shop.time_to.granted"}, {"lost", as, "shop.refused.unverified"}, {"accepted", as, "shop.accepted"},
			{"denied_lost", "denied", "shop.refused.unverified"}, {"early_lost", "early", "shop.refused.unverified"},
			{"tight_refused", "tight", "shop.refused.quota"},
		},
		Holds: []Claim{
			{as, "shop.count.granted == 1"}, {as, "receipts.given_up >= 1"}, {as, "shop.refused.quota == 0"},
			{"denied", "shop.accepted == 0"}, {"tight", "shop.refused.quota >= 1"},
		},
	}
}

func bounce() Lesson {
	keep := set("sender.newsletter.on_bounce", "keep")
	off := set("account.shop.suppression", "[]")
	return Lesson{
		ID: "bounce", Scenario: "lesson-bounce", Account: "shop", First: RateChart,
		Controls: []Control{
			volume("newsletter").at("3000/d"), dead("customers").at("4%"), complaints("customers").at("0.02%"),
			hygiene("newsletter"), quotaOf("shop").at("50_000"),
			listing("shop"), decay("customers").at("2.1%/30d"), size("customers").at("20_000"), loop("customers").at("40%"),
		},
		Options: []Option{
			{"paused", "shop.count.paused > 0"}, {"review", "shop.count.under-review > 0"},
			{"falls", "shop.bounce_rate.final < 2%"}, {"stays", ""},
		},
		Variants: map[string][]scenarios.Override{
			"keep": {keep}, "keep-off": {keep, off}, "eight": {set("audience.customers.invalid", "8%")},
		},
		Figures: []Figure{
			{"max", as, "shop.bounce_rate.max"}, {"final", as, "shop.bounce_rate.final"}, {"bounced", as, "shop.hard_bounced"},
			{"keep_suppressed", "keep", "shop.suppressed_account"},
			{"off_final", "keep-off", "shop.bounce_rate.final"},
			{"eight_max", "eight", "shop.bounce_rate.max"}, {"eight_review", "eight", "shop.time_to.under-review"},
			{"first_stay", as, "rules.global.durations[0]"}, {"window", as, "rules.rep.window_eligible"},
		},
		Holds: []Claim{
			{as, "shop.count.under-review == 0"}, {as, "shop.suppressed_global == 0"},
			{"keep", "shop.bounce_rate.final < 2%"}, {"keep", "shop.suppressed_account >= 1_000"},
			{"keep-off", "shop.bounce_rate.final > 3%"}, {"keep-off", "shop.suppressed_account == 0"},
			{"keep-off", "shop.count.under-review >= 1"}, {"eight", "shop.count.under-review >= 1"},
		},
		Turns: []Turn{{"rep.window_eligible", "1000", "review"}},
	}
}

func comeback() Lesson {
	return Lesson{
		ID: "return", Scenario: "lesson-return", Account: "shop", First: StaysChart,
		Controls: []Control{
			{ID: "volume", Kind: PerDay, Keys: []string{"sender.reminder.traffic.rate"},
				Values: []string{"1/d", "2/d", "5/d", "10/d", "20/d", "50/d"}, Default: 3},
			dead("typos").at("100%"), complaints("typos").at("0%"), hygiene("reminder").at("keep"), quotaOf("shop").at("50_000"),
			listing("shop").at("[]"),
			{ID: "edition", Kind: Choice, Keys: []string{"edition"}, Values: []string{"current", "flat14", "classic"}, More: true},
		},
		Options: []Option{{"weekly", "shop.hard_bounced > 100"}, {"nine", "shop.hard_bounced > 20"}, {"once", ""}},
		Variants: map[string][]scenarios.Override{
			"listed": {set("account.shop.suppression", `["BOUNCE", "COMPLAINT"]`)},
			"flat":   {set("edition", "flat14")},
			"remove": {set("sender.reminder.on_bounce", "remove")},
		},
		Figures: []Figure{
			{"sent", as, "shop.accepted"}, {"attempts", as, "shop.hard_bounced"}, {"suppressed", as, "shop.suppressed_global"},
			{"longest", as, "global_list.dwell.max"}, {"flat_attempts", "flat", "shop.hard_bounced"},
			{"listed_attempts", "listed", "shop.hard_bounced"}, {"remove_sent", "remove", "shop.accepted"},
			{"stays", as, "rules.global.durations"}, {"least", as, "rules.rep.min_eligible"},
		},
		Holds: []Claim{
			{as, "shop.count.under-review == 0"}, {as, "global_list.dwell.max <= 14d"}, {as, "shop.delivered == 0"},
			{"listed", "shop.hard_bounced == 10"}, {"remove", "shop.hard_bounced == 10"},
		},
		Turns: []Turn{
			{"global.suppressed_bounce_escalates", "true", "once"}, {"rep.min_eligible", "0", "once"},
			{"global.strike_memory", "14d", "weekly"},
		},
	}
}

func review() Lesson {
	return Lesson{
		ID: "review", Scenario: "lesson-review", Account: "shop", First: RateChart,
		Controls: []Control{
			volume("newsletter").at("5000/d"), dead("customers").at("12%"), complaints("customers").at("0.02%"),
			hygiene("newsletter").at("keep"), quotaOf("shop").at("50_000"),
			{ID: "appeal", Kind: Span, Keys: []string{"action[0].at", "action[1].at", "action[2].at"},
				Values: []string{"5d", "10d", "15d", "23d", "30d", "40d"}, Default: 3, More: true},
			{ID: "answer", Kind: Choice, Keys: []string{"action[2].outcome"}, Values: []string{"accepted", "rejected"}, More: true},
			listing("shop").at("[]"), decay("customers").at("2.1%/30d"),
		},
		Options: []Option{
			{"early", "shop.time_to.paused < 2d"}, {"paused", "shop.time_to.paused < 30d"},
			{"review", "shop.count.under-review > 0"}, {"healthy", ""},
		},
		Variants: map[string][]scenarios.Override{
			"remove": {set("sender.newsletter.on_bounce", "remove")},
			"half":   {set("audience.customers.invalid", "6%")},
			"heavy":  {set("audience.customers.invalid", "25%")},
			"tenth":  {set("action[0].at", "10d"), set("action[1].at", "10d"), set("action[2].at", "10d")},
		},
		Figures: []Figure{
			{"reviewed", as, "shop.time_to.under-review"}, {"paused", as, "shop.time_to.paused"}, {"refused", as, "shop.refused.paused"},
			{"healthy", as, "shop.time_to.healthy"},
			{"heavy_paused", "heavy", "shop.time_to.paused"},
			{"remove_healthy", "remove", "shop.time_to.healthy"},
			{"length", as, "rules.review.length"}, {"factor", as, "rules.pause.immediate_factor"},
		},
		Holds: []Claim{
			{as, "shop.count.paused == 1"}, {as, "shop.count.under-review == 2"}, {as, "shop.count.healthy == 2"},
			{"remove", "shop.count.paused == 0"}, {"remove", "shop.count.under-review >= 1"}, {"half", "shop.count.under-review >= 1"},
			{"half", "shop.count.review-extended == 1"}, {"half", "shop.count.paused == 0"},
			{"heavy", "shop.time_to.paused < 1d"}, {"heavy", "shop.count.under-review == 0"}, {"tenth", "shop.count.paused == 0"},
		},
		Turns: []Turn{{"review.length", "30d", "review"}, {"pause.immediate_factor", "1", "early"}},
	}
}

func neighbour() Lesson {
	return Lesson{
		ID: "neighbour", Scenario: "lesson-neighbour", Account: "bakery", First: RateChart,
		Controls: []Control{
			{ID: "pace", Kind: Choice, Keys: []string{"sender.bargains.traffic.pace"},
				Values: []string{"1/s", "2/s", "4/s", "6/s", "10/s", "14/s"}, Default: 3},
			dead("town").at("2%"), complaints("town").at("0.02%"), hygiene("bargains", "offers"), quotaOf("bakery").at("50_000"),
			{ID: "begin", Kind: Span, Keys: []string{"sender.offers.begin"},
				Values: []string{"0s", "6h", "12h", "1d", "2d", "3d"}, Default: 1, More: true},
			{ID: "refusing", Kind: Share, Keys: []string{"audience.town.hard_bounce"},
				Values: []string{"0%", "2%", "5%", "8%", "12%", "15%", "20%", "25%"}, Default: 4, More: true},
			listing("bakery"),
		},
		Options: []Option{
			{"paused", "bakery.count.paused > 0"}, {"review", "bakery.count.under-review > 0"}, {"healthy", ""},
		},
		Variants: map[string][]scenarios.Override{
			"wait":  {set("sender.offers.begin", "3d")},
			"quiet": {set("audience.town.hard_bounce", "0%")},
			"heavy": {set("audience.town.hard_bounce", "25%")},
		},
		Figures: []Figure{
			{"broker_bounced", as, "broker.hard_bounced"}, {"suppressed", as, "bakery.suppressed_global"}, {"own", as, "bakery.hard_bounced"},
			{"max", as, "bakery.bounce_rate.max"}, {"reviewed", as, "bakery.time_to.under-review"}, {"removed", as, "offers.removed"},
			{"healthy", as, "bakery.time_to.healthy"},
			{"wait_max", "wait", "bakery.bounce_rate.max"}, {"quiet_max", "quiet", "bakery.bounce_rate.max"},
			{"heavy_paused", "heavy", "bakery.time_to.paused"}, {"first_stay", as, "rules.global.durations[0]"},
		},
		Holds: []Claim{
			{as, "bakery.hard_bounced < 20"}, {as, "bakery.count.under-review == 1"}, {"wait", "bakery.count.under-review == 0"},
			{"quiet", "bakery.count.under-review == 0"}, {"heavy", "bakery.count.paused == 1"}, {as, "offers.removed > 1_000"},
		},
		Turns: []Turn{
			{"global.durations", `["1h", "6h", "1d", "3d", "7d", "14d"]`, "healthy"}, {"account.overrides_global", "true", "healthy"},
			{"pause.immediate_factor", "1", "paused"},
		},
	}
}
