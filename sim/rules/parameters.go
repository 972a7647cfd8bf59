package rules

import (
	"slices"
	"strings"
	"time"

	"sesim/sim/unit"
)

var parameters = sortedParameters()

func sortedParameters() []Parameter {
	var list []Parameter
	documented := func(name string, b binding, about, accepted, source string) {
		list = append(list, Parameter{Name: name, About: about, Range: accepted, Standing: Documented, Source: source, binding: b})
	}
	add := func(name string, standing Standing, b binding, about, accepted, source string, plausible Plausible) {
		p := Parameter{
			Name: name, About: about, Range: accepted, Standing: standing, Source: source, Plausible: plausible, binding: b,
		}
		p.Plausible.complete(&p)
		list = append(list, p)
	}
	fillsIn := func(key string) { list[len(list)-1].FillsIn = key }
	const span = 365 * unit.Day
	whole := func(least, most int64) func(func(*Set) *int64) binding {
		return func(f func(*Set) *int64) binding { return intOf(f, least, most, "") }
	}
	share := func(f func(*Set) *unit.Share) binding { return shareOf(f) }

	add("global.durations", Assumed, durationsOf(),
		"stays on the global suppression list after the first, second, … hard bounce; the last one repeats; a hard bounce "+
			"during a stay, of mail already under way when it began, does not begin another",
		"a list of durations, none shorter than the one before, the last at most 14d",
		"AWS says: a short period first, longer each time, at most 14 days",
		oneOf(
			called("doubling", stays("1d", "2d", "4d", "8d", "14d")),
			called("14 days at once", stays("14d")),
			called("hours first", stays("1h", "6h", "1d", "3d", "7d", "14d")),
			called("one day, then 14", stays("1d", "14d")),
			called("weeks", stays("7d", "14d"))))
	add("global.strike_memory", Assumed,
		durationOf(func(s *Set) *time.Duration { return &s.Global.StrikeMemory }, 14*unit.Day, unit.MaxDuration, "never"),
		"time without a hard bounce after which the escalation starts again",
		`14d to 36500d, or "never"`,
		"not published; without an end, a single old typo would cost 14 days forever",
		numbers(14*unit.Day, 365*unit.Day).or("never"))
	add("global.suppressed_bounce_escalates", Assumed, boolOf(func(s *Set) *bool { return &s.Global.SuppressedBounceEscalates }),
		"a send suppressed by the global list begins the next, longer stay",
		"true or false",
		"not published; without a delivery attempt there is no new evidence",
		oneOf(false, true))
	add("global.add_on_complaint", Assumed, boolOf(func(s *Set) *bool { return &s.Global.AddOnComplaint }),
		"complaints also put an address on the global list",
		"true or false",
		"the sources disagree; the newest names hard bounces only",
		oneOf(false, true))
	add("global.scope", Assumed,
		choiceOf(func(s *Set) *bool { return &s.Global.PerRegion }, map[string]bool{"worldwide": false, "region": true}),
		"one global list for all Regions, or one per Region",
		`"worldwide" or "region"`,
		"a text of 2018 gives each Region its own list, later ones describe one for all",
		oneOf("worldwide", "region"))
	add("global.delivery_resets", Assumed, boolOf(func(s *Set) *bool { return &s.Global.DeliveryResets }),
		"a delivery to an address resets its escalation",
		"true or false",
		"not published",
		oneOf(false, true))
	documented("global.removal_form", boolOf(func(s *Set) *bool { return &s.Global.RemovalForm }),
		"customers can remove an address from the global list with a form in the console",
		"true or false",
		"withdrawn on 2022-03-02")

	add("account.overrides_global", Assumed, boolOf(func(s *Set) *bool { return &s.Account.OverridesGlobal }),
		"while the account-level suppression list is on, the global list is not consulted: mail to an address only on the "+
			"global list is attempted",
		"true or false",
		"two pages of the guide of 2022 disagree; the newest text and real mail say no",
		oneOf(false, true))
	add("account.add_on_suppressed_bounce", Assumed, boolOf(func(s *Set) *bool { return &s.Account.AddOnSuppressedBounce }),
		"a bounce by the global list adds the address to the account-level list",
		"true or false",
		"AWS classes that bounce as hard",
		oneOf(false, true))
	add("account.add_on_general", Assumed, boolOf(func(s *Set) *bool { return &s.Account.AddOnGeneral }),
		"a hard bounce published as Permanent/General adds the address to the account-level list, as one published as "+
			"NoEmail does",
		"true or false",
		"AWS says hard bounces; whether those that do not blame the address are included is not published",
		oneOf(false, true))
	add("account.add_delay", Assumed, durationOf(func(s *Set) *time.Duration { return &s.Account.AddDelay }, 0, span, ""),
		"time from a bounce or complaint to the entry in the account-level list; the suppression reasons in effect at the "+
			"bounce or complaint decide whether an entry is made",
		"0s to 365d",
		"not published; with 0s, mail that follows immediately is already suppressed",
		zeroOr(time.Second, time.Hour))
	documented("account.reason_match", boolOf(func(s *Set) *bool { return &s.Account.ReasonMatch }),
		"an entry suppresses mail only while its reason is among the suppression reasons in effect",
		"true or false",
		"newer page of the guide; in 2022 the reasons decided only what was added")
	documented("account.pause_wipe",
		durationOf(func(s *Set) *time.Duration { return &s.Account.PauseWipe }, unit.Day, unit.MaxDuration, "never"),
		"a pause of this length by AWS empties the account-level list",
		`1d to 36500d, or "never"`,
		"90 days in the guide")
	add("account.customer_pause_wipes", Assumed, boolOf(func(s *Set) *bool { return &s.Account.CustomerPauseWipes }),
		"the customer's own pause counts as one by AWS for account.pause_wipe",
		"true or false",
		"the guide says so of an account whose ability to send is paused, its words for a pause by AWS",
		oneOf(false, true))

	add("sandbox.blocked_ops", Assumed,
		alsoWritten("put + import", "put-import",
			choiceOf(func(s *Set) *bool { return &s.Sandbox.NarrowBlock }, map[string]bool{"all": false, "put-import": true})),
		"operations on the account-level list that the sandbox blocks",
		`"all" or "put-import"`,
		"one page says all suppression calls, an older one put and import only",
		oneOf("all", "put-import"))
	add("sandbox.recipient_labels", Assumed, boolOf(func(s *Set) *bool { return &s.Sandbox.RecipientLabels }),
		"a verified address also covers its labels (name+label@domain) as recipients in the sandbox",
		"true or false",
		"AWS mentions labels for senders only; one matcher for both is the simplest",
		oneOf(false, true))

	add("identity.listed_text", Assumed, intOf(func(s *Set) *int64 { return &s.Identity.ListedText }, 100, 100_000, ""),
		"longest list of identities in a refusal, in characters; a list that is cut off ends with ...",
		"100 to 100000",
		"AWS says that the list may be incomplete, but not when",
		numbers[int64](100, 10_000))
	add("identity.check", Assumed,
		choiceOf(func(s *Set) *bool { return &s.Identity.AfterLimits }, map[string]bool{"before-limits": false, "after-limits": true}),
		"whether the identity check comes before or after the rate and quota checks",
		`"before-limits" or "after-limits"`,
		"not published; it matters only for calls that fail more than one of them",
		oneOf("before-limits", "after-limits"))

	add("rate.burst_seconds", Assumed, intOf(func(s *Set) *int64 { return &s.Rate.BurstSeconds }, 1, 10, ""),
		"depth of the send-rate bucket, in seconds at the maximum send rate",
		"1 to 10",
		"AWS allows short bursts; a client at exactly the rate was throttled, so the depth is small",
		numbers[int64](1, 10))
	documented("rate.debt", boolOf(func(s *Set) *bool { return &s.Rate.Debt }),
		"a call with several recipients may take the bucket below zero; otherwise it needs one token per recipient, or a "+
			"full bucket if there are more recipients than fit",
		"true or false",
		"AWS blog: at 1 a second a call with 5 recipients passes, and the next five seconds refuse")

	documented("api.per_second", intOf(func(s *Set) *int64 { return &s.API.PerSecond }, 0, 1, ""),
		"calls other than sending that an account may make in a second; 0: no limit",
		"0 or 1",
		"guide, service quotas; calls that come to a session from outside have no limit unless the scenario sets it")

	add("quota.multi_recipient", Assumed,
		choiceOf(func(s *Set) *bool { return &s.Quota.MustFit }, map[string]bool{"any_left": false, "must_fit": true}),
		"whether a call with several recipients is accepted if any quota is left, or only if all of them fit",
		`"any_left" or "must_fit"`,
		"AWS's blog accepts it if any quota is left, and a public case of 610 sent of 200 supports that; the guide also says "+
			"that a call which would exceed the quota is refused",
		oneOf("any_left", "must_fit"))
	add("quota.granularity", Assumed, durationOf(func(s *Set) *time.Duration { return &s.Quota.Granularity }, 0, unit.Day, ""),
		"width of the steps, from the start of the run, in which the rolling 24 hours are counted: recipients count from "+
			"the start of the step in which they were accepted, and the whole step leaves the window 24 hours later; 0s counts "+
			"by event",
		"0s to 24h",
		"not published; AWS says that each send is checked against the 24 hours before it",
		zeroOr(time.Minute, time.Hour))

	add("rep.window_eligible", Observed, intOf(func(s *Set) *int64 { return &s.Rep.WindowEligible }, 1000, 100_000, ""),
		"eligible emails that the representative volume covers",
		"1000 to 100000",
		"two enforcement notices at low volume mention just over 10,000",
		numbers[int64](1000, 100_000))
	add("rep.window_days", Assumed, intOf(func(s *Set) *int64 { return &s.Rep.WindowDays }, 1, 28, "off"),
		"the representative volume also covers at least this many days of sending",
		`1 to 28, or "off"`,
		"AWS calls the volume typical for the account and different for each; 10,000 emails alone are a quarter of an hour "+
			"of an account that sends a million a day",
		numbers[int64](1, 28).or("off"))
	add("rep.max_lookback", Observed,
		durationOf(func(s *Set) *time.Duration { return &s.Rep.MaxLookback }, unit.Day, unit.MaxDuration, "none"),
		"mail older than this does not count",
		`1d to 36500d, or "none"`,
		"a notice of 2020 looked back 224.9 days",
		numbers(225*unit.Day, 730*unit.Day).or("none"))
	add("rep.min_eligible", Assumed, intOf(func(s *Set) *int64 { return &s.Rep.MinEligible }, 0, 10_000, ""),
		"fewest eligible emails for a decision",
		"0 to 10000",
		"at a rate of 5 % the standard deviation over a thousand emails is 0.7 points",
		zeroOr[int64](100, 10_000))
	add("rep.min_events", Assumed, tableOf(
		key("bounces", whole(0, 100_000), func(s *Set) *int64 { return &s.Rep.MinBounces }),
		key("complaints", whole(0, 100_000), func(s *Set) *int64 { return &s.Rep.MinComplaints })),
		"fewest hard bounces or complaints for a decision; without any, there is no decision",
		"{ bounces = N, complaints = N }, each 0 to 100000",
		"one complaint in a thousand emails would already reach the threshold",
		oneOf(
			called("20 bounces, 5 complaints", table{"bounces": int64(20), "complaints": int64(5)}),
			called("none", table{"bounces": int64(0), "complaints": int64(0)}),
			called("1 bounce", table{"bounces": int64(1)}),
			called("5 bounces", table{"bounces": int64(5)}),
			called("50 bounces", table{"bounces": int64(50)}),
			called("100 bounces", table{"bounces": int64(100)}),
			called("1 complaint", table{"complaints": int64(1)}),
			called("2 complaints", table{"complaints": int64(2)}),
			called("10 complaints", table{"complaints": int64(10)}),
			called("25 complaints", table{"complaints": int64(25)}),
			called("100 bounces, 25 complaints", table{"bounces": int64(100), "complaints": int64(25)})))
	add("rep.eval_interval", Assumed,
		durationOf(func(s *Set) *time.Duration { return &s.Rep.EvalInterval }, 15*time.Minute, unit.Day, ""),
		"how often the rates are computed",
		"15m to 24h",
		"AWS publishes statistics in intervals of 15 minutes",
		numbers(15*time.Minute, unit.Day))

	add("rep.verified_addresses_count", Assumed, boolOf(func(s *Set) *bool { return &s.Rep.VerifiedAddressesCount }),
		"mail to an address that the account has verified counts towards the rates; mail to a verified domain never does",
		"true or false",
		"the page on reputation messages leaves out verified addresses and domains, the FAQ names domains only",
		oneOf(false, true))

	documented("review.bounce_rate", shareOf(func(s *Set) *unit.Share { return &s.Review.BounceRate }),
		"bounce rate at which a review begins",
		"a share",
		"5 %; until 2018-09-19 it was 10 %")
	documented("review.complaint_rate", shareOf(func(s *Set) *unit.Share { return &s.Review.ComplaintRate }),
		"complaint rate at which a review begins",
		"a share",
		"0.1 %; until 2018-09-19 it was 0.5 %")
	add("review.length", Assumed, durationOf(func(s *Set) *time.Duration { return &s.Review.Length }, time.Hour, span, ""),
		"how long a review lasts",
		"1h to 365d",
		"not published; the only time that AWS mentions is three weeks",
		numbers(7*unit.Day, 30*unit.Day))
	add("review.sending_allowance", Assumed,
		intOf(func(s *Set) *int64 { return &s.Review.SendingAllowance }, 1, 1_000_000_000, "off"),
		"number of accepted recipients after which a review also ends",
		`1 to 1000000000, or "off"`,
		"an old FAQ mentions a sending allowance",
		numbers[int64](1000, 1_000_000).or("off"))
	add("review.end_rule", Assumed,
		choiceOf(func(s *Set) *EndRule { return &s.Review.EndRule },
			map[string]EndRule{"extend-once": ExtendOnce, "pause": EndPause, "healthy": EndHealthy}),
		"what happens at the end of a review if a rate is between the two thresholds",
		`"extend-once", "pause" or "healthy"`,
		"AWS names only the pause threshold",
		oneOf("extend-once", "pause", "healthy"))

	documented("pause.bounce_rate", shareOf(func(s *Set) *unit.Share { return &s.Pause.BounceRate }),
		"bounce rate at which sending may be paused",
		"a share",
		"10 %")
	documented("pause.complaint_rate", shareOf(func(s *Set) *unit.Share { return &s.Pause.ComplaintRate }),
		"complaint rate at which sending may be paused",
		"a share",
		"0.5 %")
	add("pause.immediate_factor", Assumed, neverMilli(func(s *Set) *int64 { return &s.Pause.ImmediateFactor }),
		"multiple of the pause threshold at which an account is paused at once, without a review",
		`1 to 1000, or "never" (inf)`,
		"accounts at 11 % and 0.6 % were reviewed first",
		numbers[int64](1000, 5000).or("never"))
	add("pause.repeat_reviews", Assumed, intOf(func(s *Set) *int64 { return &s.Pause.RepeatReviews }, 2, 5, "never"),
		"which review for the same metric is a pause instead: 3 pauses at the third",
		`2 to 5, or "never"`,
		"AWS says: repeatedly reviewed for the same issue",
		numbers[int64](2, 5))

	add("review.decision_time", Assumed, durationOf(func(s *Set) *time.Duration { return &s.Review.DecisionTime }, 0, span, ""),
		"time from the end of a review to AWS's decision",
		"0s to 365d",
		"the console has a status for it; its length is not published",
		zeroOr(time.Hour, 7*unit.Day))

	add("pause.notice", Assumed, durationOf(func(s *Set) *time.Duration { return &s.Pause.Notice }, 0, span, ""),
		"time from the decision to pause an account to the pause",
		"0s to 365d",
		"the console has a status for it; its length is not published",
		zeroOr(time.Hour, 7*unit.Day))
	add("pause.sending_enabled", Assumed, boolOf(func(s *Set) *bool { return &s.Pause.SendingEnabled }),
		"GetAccount returns SendingEnabled, the customer's own switch, as true while AWS has paused the account",
		"true or false",
		"not published",
		oneOf(false, true))
	add("pause.permanent", Assumed, intOf(func(s *Set) *int64 { return &s.Pause.PermanentAfter }, 1, 100, "never"),
		"which pause is permanent: 2 suspends permanently at the second",
		`1 to 100, or "never"`,
		"AWS says that repeat offenders may be suspended permanently",
		numbers[int64](2, 5).or("never"))

	add("ec2.port25_rate", Assumed, intOf(func(s *Set) *int64 { return &s.Mail.Port25PerMinute }, 1, 1_000_000, ""),
		"connections a minute from an EC2 instance through port 25 until the throttle is removed",
		"1 to 1000000",
		"one account: three emails, then retransmissions",
		numbers[int64](1, 60))

	documented("session.idle", durationOf(func(s *Set) *time.Duration { return &s.Session.Idle }, time.Second, time.Hour, "never"),
		"time without a message after which SES closes an SMTP session of a client",
		`1s to 1h, or "never"`,
		"about 10 seconds")
	add("session.max_messages", Assumed, intOf(func(s *Set) *int64 { return &s.Session.MaxMessages }, 1, 1_000_000, "off"),
		"messages after which SES closes an SMTP session of a client",
		`1 to 1000000, or "off"`,
		"not published; customers report the reply, and that 100 messages a session are too many",
		numbers[int64](100, 1000).or("off"))

	add("appeal.reply", Assumed, spreadOf(func(s *Set) *Spread { return &s.Appeal.Reply }, span),
		"time until AWS answers an appeal",
		"a duration or a spread",
		"not published; AWS promises 24 hours for other requests",
		oneOf(
			spread("1d", "p95", "5d"), spread("4h", "p95", "1d"), spread("12h", "p95", "3d"), spread("2d", "p95", "7d"),
			spread("5d", "p95", "21d")))
	documented("appeal.fresh_start", boolOf(func(s *Set) *bool { return &s.Appeal.FreshStart }),
		"after an accepted appeal, the rates are computed from later mail only",
		"true or false",
		"FAQ on enforcement")

	add("prod.review_time", Assumed, reviewTime(),
		"time until a production-access request is answered",
		`a duration, or { within = "24h", longer = "20%", from = "2d", to = "7d" }`,
		"AWS promises a first answer within 24 hours, and a later one if it has questions",
		oneOf(
			called("1 in 5 takes 2d to 7d", table{"within": "24h", "longer": "20%", "from": "2d", "to": "7d"}),
			called("all within 24h", table{"longer": "0%"}),
			called("half take 2d to 7d", table{"longer": "50%"}),
			called("1 in 5 takes 7d to 21d", table{"from": "7d", "to": "21d"}),
			called("all take 2d to 7d", table{"longer": "100%"})))
	documented("prod.quota", intOf(func(s *Set) *int64 { return &s.Prod.Quota }, 1, 1_000_000_000, ""),
		"sending quota granted if the request does not say",
		"1 to 1000000000",
		"AWS blog on the daily quota: the default in production; approval emails from 2019 to 2026 all say so")
	fillsIn("quota")
	add("prod.rate", Observed, intOf(func(s *Set) *int64 { return &s.Prod.Rate }, 1, 1_000_000, ""),
		"maximum send rate granted if the request does not say",
		"1 to 1000000",
		"approval emails from 2019 to 2026 all say 14 a second",
		numbers[int64](5, 50))
	fillsIn("rate")

	add("prod.after_denied", Assumed,
		choiceOf(func(s *Set) *bool { return &s.Prod.NewAfterDenied }, map[string]bool{"conflict": false, "new": true}),
		"whether a request after a denial fails with ConflictException, or opens a new case",
		`"conflict" or "new"`,
		"one public report of ConflictException; the API invites to submit again after FAILED only",
		oneOf("conflict", "new"))

	add("auto_increase", Assumed, switchOr("on",
		key("on", boolOf, func(s *Set) *bool { return &s.AutoIncrease.On }),
		key("days", whole(1, 365), func(s *Set) *int64 { return &s.AutoIncrease.Days }),
		key("of", whole(1, 365), func(s *Set) *int64 { return &s.AutoIncrease.Of }),
		key("use", share, func(s *Set) *unit.Share { return &s.AutoIncrease.Use }),
		key("bounce_rate", share, func(s *Set) *unit.Share { return &s.AutoIncrease.BounceRate }),
		key("complaint_rate", share, func(s *Set) *unit.Share { return &s.AutoIncrease.ComplaintRate }),
		key("factor", whole(2, 100), func(s *Set) *int64 { return &s.AutoIncrease.Factor }),
		key("every", durationBetween(unit.Day, span), func(s *Set) *time.Duration { return &s.AutoIncrease.Every }),
		key("cap", whole(1, 1_000_000_000), func(s *Set) *int64 { return &s.AutoIncrease.Cap })),
		"automatic increases of the sending quota",
		"true, false, or a table: on, days, of, use, bounce_rate, complaint_rate, factor, every, cap",
		"AWS gives the conditions, not the numbers; above 1,000,000 a day a customer must ask",
		oneOf(
			called("on", table{"on": true}),
			called("off", false),
			called("after 3 of 7 days", table{"days": int64(3), "of": int64(7), "every": "1d"}),
			called("after 14 of 30 days", table{"days": int64(14), "of": int64(30), "every": "30d"}),
			called("from half the quota", table{"use": "50%"}),
			called("from 95% of the quota", table{"use": "95%"}),
			called("below 1% and 0.01%", table{"bounce_rate": "1%", "complaint_rate": "0.01%"}),
			called("below 5% and 0.1%", table{"bounce_rate": "5%", "complaint_rate": "0.1%"}),
			called("by a factor of 5", table{"factor": int64(5)})))

	add("retry.horizon", Observed,
		durationOf(func(s *Set) *time.Duration { return &s.Retry.Horizon }, 5*time.Minute, 14*time.Hour, ""),
		"how long SES retries after a soft bounce",
		"5m to 14h",
		"the API lets a configuration set choose up to 50,400 seconds",
		numbers(5*time.Minute, 14*time.Hour))
	add("retry.schedule", Assumed, tableOf(
		key("first", durationBetween(time.Second, 14*time.Hour), func(s *Set) *time.Duration { return &s.Retry.First }),
		key("factor", milliBetween(1000, 100_000), func(s *Set) *int64 { return &s.Retry.Factor }),
		key("cap", durationBetween(time.Second, 14*time.Hour), func(s *Set) *time.Duration { return &s.Retry.Cap }),
		key("jitter", shareBelow(unit.Whole/2), func(s *Set) *unit.Share { return &s.Retry.Jitter })),
		"the waits between SES's attempts",
		`{ first = "5m", factor = 2, cap = "2h", jitter = "20%" }`,
		"common practice of mail servers",
		oneOf(
			called("5m, doubled up to 2h", table{"first": "5m"}),
			called("1m, doubled up to 1h", table{"first": "1m", "cap": "1h"}),
			called("15m, doubled up to 4h", table{"first": "15m", "cap": "4h"}),
			called("every 30m", table{"first": "30m", "factor": int64(1), "cap": "30m"}),
			called("every 4h", table{"first": "4h", "factor": int64(1), "cap": "4h"})))

	add("delivery.delay", Assumed, spreadOf(func(s *Set) *Spread { return &s.Delay.Delivery }, 14*time.Hour),
		"time from acceptance to delivery",
		"a duration or a spread, at most 14h",
		"a first attempt within milliseconds; 0.5 to 4.2 s in samples",
		oneOf(
			spread("1.5s", "p99", "1m"), spread("500ms", "p99", "10s"), spread("1s", "p99", "1m"), spread("4s", "p99", "5m"),
			spread("10s", "p99", "1h")))

	add("bounce.delay", Assumed, spreadOf(func(s *Set) *Spread { return &s.Delay.Bounce }, 14*time.Hour),
		"time from acceptance to a hard bounce in the SMTP conversation",
		"a duration or a spread, at most 14h",
		"0.1 to 1.6 s in samples",
		oneOf(
			spread("1s", "p99", "30s"), spread("100ms", "p99", "2s"), spread("500ms", "p99", "10s"), spread("2s", "p99", "2m"),
			spread("10s", "p99", "1h")))
	add("bounce.no_email_share", Assumed, shareOf(func(s *Set) *unit.Share { return &s.Mail.NoEmailShare }),
		"share of the hard bounces of missing addresses that are published as NoEmail; the others are General",
		"a share",
		"nearly all in public samples are General",
		numbers(0, 50*unit.Percent))
	add("bounce.dead_domain", Assumed,
		choiceOf(func(s *Set) *bool { return &s.Mail.DeadDomainPermanent }, map[string]bool{"transient": false, "permanent": true}),
		"the bounce of a domain that does not exist, after the last retry",
		`"transient" or "permanent"`,
		"one page treats it as soft, another calls it the one hard bounce that is retried",
		oneOf("transient", "permanent"))

	documented("simulator.suppression_bounce",
		choiceOf(func(s *Set) *bool { return &s.Mail.SimulatorGeneral }, map[string]bool{"suppressed": false, "general": true}),
		"subtype of the bounce of suppressionlist@simulator.amazonses.com",
		`"suppressed" or "general"`,
		"tests in 2026 received general instead")

	add("bounce.async_share", Assumed, shareOf(func(s *Set) *unit.Share { return &s.Delay.AsyncShare }),
		"share of hard bounces that arrive after a delivery",
		"a share",
		"now rare at large providers",
		numbers(0, 20*unit.Percent))
	add("bounce.async_delay", Assumed, spreadOf(func(s *Set) *Spread { return &s.Delay.Async }, span),
		"time from a delivery to a hard bounce after it",
		"a duration or a spread",
		"minutes to days in third-party accounts",
		oneOf(
			spread("10m", "p95", "1d"), spread("1m", "p95", "1h"), spread("1h", "p95", "1d"), spread("6h", "p95", "3d"),
			spread("1d", "p95", "14d")))

	add("complaint.delay", Assumed, spreadOf(func(s *Set) *Spread { return &s.Delay.Complaint }, span),
		"time from delivery to the recipient's complaint",
		"a duration or a spread",
		"not published",
		oneOf(
			spread("6h", "p95", "3d"), spread("1h", "p95", "1d"), spread("3h", "p95", "3d"), spread("12h", "p95", "7d"),
			spread("1d", "p95", "14d")))
	add("complaint.relay", Assumed, durationOf(func(s *Set) *time.Duration { return &s.Delay.ComplaintRelay }, 0, span, ""),
		"time from a complaint to its arrival at SES through the feedback loop",
		"0s to 365d",
		"not published",
		zeroOr(time.Minute, unit.Day))

	add("event.publish_delay", Observed, spreadOf(func(s *Set) *Spread { return &s.Delay.Publish }, span),
		"time from an email event until the sender receives it",
		"a duration or a spread",
		"0.36 to 3.3 s in samples, typically 0.4 s",
		oneOf(
			spread("500ms", "p99", "4s"), spread("300ms", "p99", "1s"), spread("400ms", "p99", "3s"), spread("2s", "p99", "30s"),
			spread("10s", "p99", "5m")))

	slices.SortFunc(list, func(a, b Parameter) int { return strings.Compare(a.Name, b.Name) })
	return list
}
