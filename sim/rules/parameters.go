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
	add := func(name, about, accepted string, standing Standing, source string, b binding) {
		list = append(list, Parameter{name, about, accepted, standing, source, b})
	}
	const span = 365 * day

	add("global.durations", "stays on the global list after the first, second, … hard bounce; the last repeats; a hard bounce during a stay, of mail under way when it began, begins none", "a list of durations, none shorter than the one before, the last at most 14d", Assumed,
		"AWS says: a short period first, longer each time, at most 14 days", durationsOf())
	add("global.strike_memory", "time without a hard bounce after which the escalation starts anew", `14d to 36500d, or "never"`, Assumed,
		"not published; without any memory one old typo would cost 14 days for ever", durationOf(func(s *Set) *time.Duration { return &s.Global.StrikeMemory }, 14*day, unit.MaxDuration, "never"))
	add("global.suppressed_bounce_escalates", "a send that the global list suppressed starts the next, longer stay", "true or false", Assumed,
		"not published; without a delivery attempt there is no new evidence", boolOf(func(s *Set) *bool { return &s.Global.SuppressedBounceEscalates }))
	add("global.add_on_complaint", "complaints put an address on the global list as well", "true or false", Assumed,
		"the sources disagree; the newest names hard bounces only", boolOf(func(s *Set) *bool { return &s.Global.AddOnComplaint }))
	add("global.scope", "one global list for all Regions, or one for each", `"worldwide" or "region"`, Assumed,
		"the text of 2018 gives each Region its own list, later text one for all", choiceOf(func(s *Set) *bool { return &s.Global.PerRegion }, map[string]bool{"worldwide": false, "region": true}))
	add("global.delivery_resets", "a delivery to an address resets its escalation", "true or false", Assumed,
		"not published", boolOf(func(s *Set) *bool { return &s.Global.DeliveryResets }))
	add("global.removal_form", "customers can take an address off the global list by a form in the console", "true or false", Documented,
		"withdrawn on 2022-03-02", boolOf(func(s *Set) *bool { return &s.Global.RemovalForm }))

	add("account.overrides_global", "with the account's list on, the global list is not looked at: an address that only it holds is attempted", "true or false", Assumed,
		"two pages of the guide of 2022 disagree; the newest text and real mail say no", boolOf(func(s *Set) *bool { return &s.Account.OverridesGlobal }))
	add("account.add_on_suppressed_bounce", "a bounce by the global list puts the address on the account's list", "true or false", Assumed,
		"AWS classes that bounce as hard", boolOf(func(s *Set) *bool { return &s.Account.AddOnSuppressedBounce }))
	add("account.add_on_general", "a hard bounce published as Permanent/General puts the address on the account's list, as one published as NoEmail does", "true or false", Assumed,
		"AWS says hard bounces; whether those that do not name the address are among them is not published", boolOf(func(s *Set) *bool { return &s.Account.AddOnGeneral }))
	add("account.add_delay", "time from a bounce or complaint to the entry in the account's list; the reasons that hold at the bounce decide whether there is one", "0s to 365d", Assumed,
		"not published; with none, mail that follows at once is suppressed already", durationOf(func(s *Set) *time.Duration { return &s.Account.AddDelay }, 0, span, ""))
	add("account.reason_match", "an entry suppresses only while its reason is among the account's suppression reasons", "true or false", Documented,
		"newer page of the guide; in 2022 the reasons governed adding only", boolOf(func(s *Set) *bool { return &s.Account.ReasonMatch }))
	add("account.pause_wipe", "a pause of this length empties the account's list", `1d to 36500d, or "never"`, Documented,
		"90 days in the guide", durationOf(func(s *Set) *time.Duration { return &s.Account.PauseWipe }, day, unit.MaxDuration, "never"))

	add("sandbox.blocked_ops", "which operations on the account's list the sandbox blocks", `"all" or "put-import"`, Assumed,
		"one page says all suppression calls, an older one put and import only", alsoWritten("put + import", "put-import", choiceOf(func(s *Set) *bool { return &s.Sandbox.NarrowBlock }, map[string]bool{"all": false, "put-import": true})))

	add("sandbox.recipient_labels", "a verified address covers its labels (name+label@domain) as recipients in the sandbox", "true or false", Assumed,
		"AWS speaks of labels for senders only; one matcher for both is the simplest", boolOf(func(s *Set) *bool { return &s.Sandbox.RecipientLabels }))

	add("identity.listed_text", "longest list of identities that a refusal names, in characters; the list ends with ... where more failed", "100 to 100000", Assumed,
		"AWS says that the list may not show all, and not when", intOf(func(s *Set) *int64 { return &s.Identity.ListedText }, 100, 100_000, ""))

	add("identity.check", "whether the identity check comes before those of rate and quota or after them", `"before-limits" or "after-limits"`, Assumed,
		"not published; it shows only where a call fails more than one of them", choiceOf(func(s *Set) *bool { return &s.Identity.AfterLimits }, map[string]bool{"before-limits": false, "after-limits": true}))

	add("rate.burst_seconds", "depth of the send-rate bucket in seconds' worth of the rate", "1 to 10", Assumed,
		"AWS allows short bursts; a client at exactly the rate was throttled, so the depth is small", intOf(func(s *Set) *int64 { return &s.Rate.BurstSeconds }, 1, 10, ""))
	add("rate.debt", "a call with several recipients may take the bucket below zero; if not, it needs a token for each, or a full bucket where they do not fit", "true or false", Documented,
		"AWS blog: at 1 a second a call with 5 recipients passes, and the next five seconds refuse", boolOf(func(s *Set) *bool { return &s.Rate.Debt }))
	add("quota.multi_recipient", "whether any quota left admits a call with several recipients, or all must fit", `"any_left" or "must_fit"`, Assumed,
		"AWS's blog and guide disagree", choiceOf(func(s *Set) *bool { return &s.Quota.MustFit }, map[string]bool{"any_left": false, "must_fit": true}))
	add("quota.granularity", "width of the steps, from the start of the run on, in which the rolling 24 hours count: a recipient counts as accepted when its step began, and leaves with all of the step, 24 hours after that; 0s counts by event", "0s to 24h", Assumed,
		"not published; AWS says that each send is checked against the 24 hours before it", durationOf(func(s *Set) *time.Duration { return &s.Quota.Granularity }, 0, day, ""))

	add("rep.window_eligible", "eligible emails that the representative volume covers", "1000 to 100000", Observed,
		"two enforcement notices at low volume speak of just over 10,000", intOf(func(s *Set) *int64 { return &s.Rep.WindowEligible }, 1000, 100_000, ""))
	add("rep.window_days", "the representative volume also covers at least so many days of sending", `1 to 365, or "off"`, Assumed,
		"accounts with high volume may be judged on more mail", intOf(func(s *Set) *int64 { return &s.Rep.WindowDays }, 1, 365, "off"))
	add("rep.max_lookback", "mail older than this counts no more", `1d to 36500d, or "none"`, Observed,
		"a notice of 2020 looked back 224.9 days", durationOf(func(s *Set) *time.Duration { return &s.Rep.MaxLookback }, day, unit.MaxDuration, "none"))
	add("rep.min_eligible", "no decision on fewer eligible emails", "0 to 10000", Assumed,
		"at a rate of 5 % a thousand mails have a standard deviation of 0.7 points", intOf(func(s *Set) *int64 { return &s.Rep.MinEligible }, 0, 10_000, ""))
	add("rep.min_events", "no decision on fewer hard bounces or complaints, and none without any", "{ bounces = N, complaints = N }, each 0 to 100000", Assumed,
		"one complaint among a thousand mails would be at the line already", tableOf(
			part("bounces", func(f func(*Set) *int64) binding { return intOf(f, 0, 100_000, "") }, func(s *Set) *int64 { return &s.Rep.MinBounces }),
			part("complaints", func(f func(*Set) *int64) binding { return intOf(f, 0, 100_000, "") }, func(s *Set) *int64 { return &s.Rep.MinComplaints })))
	add("rep.eval_interval", "how often the rates are computed", "15m to 24h", Assumed,
		"statistics come in points of 15 minutes", durationOf(func(s *Set) *time.Duration { return &s.Rep.EvalInterval }, 15*time.Minute, day, ""))

	add("review.bounce_rate", "bounce rate at which a review begins", "a share", Documented,
		"5 %; until 2018-09-19 it was 10 %", shareOf(func(s *Set) *unit.Share { return &s.Review.BounceRate }))
	add("review.complaint_rate", "complaint rate at which a review begins", "a share", Documented,
		"0.1 %; until 2018-09-19 it was 0.5 %", shareOf(func(s *Set) *unit.Share { return &s.Review.ComplaintRate }))
	add("review.length", "how long a review lasts", "1h to 365d", Assumed,
		"not published; the only time AWS names is three weeks", durationOf(func(s *Set) *time.Duration { return &s.Review.Length }, time.Hour, span, ""))
	add("review.sending_allowance", "a review also ends after so many accepted recipients", `1 to 1000000000, or "off"`, Assumed,
		"an old FAQ speaks of a sending allowance", intOf(func(s *Set) *int64 { return &s.Review.SendingAllowance }, 1, 1_000_000_000, "off"))
	add("review.end_rule", "what the end of a review does with a rate between the two thresholds", `"extend-once", "pause" or "healthy"`, Assumed,
		"AWS names only the pause threshold", choiceOf(func(s *Set) *EndRule { return &s.Review.EndRule }, map[string]EndRule{"extend-once": ExtendOnce, "pause": EndPause, "healthy": EndHealthy}))
	add("pause.bounce_rate", "bounce rate at which sending may be paused", "a share", Documented, "10 %", shareOf(func(s *Set) *unit.Share { return &s.Pause.BounceRate }))
	add("pause.complaint_rate", "complaint rate at which sending may be paused", "a share", Documented, "0.5 %", shareOf(func(s *Set) *unit.Share { return &s.Pause.ComplaintRate }))
	add("pause.immediate_factor", "so many times the pause threshold pauses at once, without a review", `1 to 1000, or "never" (inf)`, Assumed,
		"accounts at 11 % and 0.6 % got a review first", neverMilli(func(s *Set) *int64 { return &s.Pause.ImmediateFactor }))
	add("pause.repeat_reviews", "the review with this ordinal for the same metric is a pause instead", `2 to 5, or "never"`, Assumed,
		"AWS says: repeatedly reviewed for the same issue", intOf(func(s *Set) *int64 { return &s.Pause.RepeatReviews }, 2, 5, "never"))
	add("review.decision_time", "time from the end of a review to AWS's decision", "0s to 365d", Assumed,
		"the console has a state for it; its length is not published", durationOf(func(s *Set) *time.Duration { return &s.Review.DecisionTime }, 0, span, ""))
	add("pause.notice", "time from the decision to pause to the pause", "0s to 365d", Assumed,
		"the console has a state for it; its length is not published", durationOf(func(s *Set) *time.Duration { return &s.Pause.Notice }, 0, span, ""))
	add("pause.sending_enabled", "GetAccount shows SendingEnabled, the customer's switch, as on while AWS pauses the account", "true or false", Assumed,
		"not published", boolOf(func(s *Set) *bool { return &s.Pause.SendingEnabled }))
	add("pause.permanent", "the pause with this ordinal is for good", `1 to 100, or "never"`, Assumed,
		"AWS says that repeat offenders may be suspended permanently", intOf(func(s *Set) *int64 { return &s.Pause.PermanentAfter }, 1, 100, "never"))
	add("ec2.port25_rate", "connections a minute from an EC2 instance through port 25 until the throttle is removed", "1 to 1000000", Assumed,
		"one account: three mails, then retransmissions", intOf(func(s *Set) *int64 { return &s.Mail.Port25PerMinute }, 1, 1_000_000, ""))
	add("appeal.reply", "time until AWS answers an appeal", "a duration or a spread", Assumed,
		"not published; 24 hours hold elsewhere", spreadOf(func(s *Set) *Spread { return &s.Appeal.Reply }, span))
	add("appeal.fresh_start", "after an accepted appeal the rates are computed from later mail only", "true or false", Documented,
		"FAQ on enforcement", boolOf(func(s *Set) *bool { return &s.Appeal.FreshStart }))

	add("prod.review_time", "time until a production-access request is answered", `a duration, or { within = "24h", longer = "20%", from = "2d", to = "7d" }`, Assumed,
		"AWS promises a first answer within 24 hours, and longer where there are questions", reviewTime())
	add("prod.quota", "sending quota granted where the request does not say", "1 to 1000000000", Observed,
		"approval mails from 2019 to 2026 all read 50,000 a day", intOf(func(s *Set) *int64 { return &s.Prod.Quota }, 1, 1_000_000_000, ""))
	add("prod.rate", "max send rate granted where the request does not say", "1 to 1000000", Observed,
		"approval mails from 2019 to 2026 all read 14 a second", intOf(func(s *Set) *int64 { return &s.Prod.Rate }, 1, 1_000_000, ""))
	whole := func(least, most int64) func(func(*Set) *int64) binding {
		return func(f func(*Set) *int64) binding { return intOf(f, least, most, "") }
	}
	share := func(f func(*Set) *unit.Share) binding { return shareOf(f) }
	add("auto_increase", "automatic increases of the sending quota", "true, false, or a table: on, days, of, use, bounce_rate, complaint_rate, factor, every, cap", Assumed,
		"AWS gives the conditions, not the numbers; above 1,000,000 a day one must ask", switchOr("on",
			part("on", boolOf, func(s *Set) *bool { return &s.AutoIncrease.On }),
			part("days", whole(1, 365), func(s *Set) *int64 { return &s.AutoIncrease.Days }),
			part("of", whole(1, 365), func(s *Set) *int64 { return &s.AutoIncrease.Of }),
			part("use", share, func(s *Set) *unit.Share { return &s.AutoIncrease.Use }),
			part("bounce_rate", share, func(s *Set) *unit.Share { return &s.AutoIncrease.BounceRate }),
			part("complaint_rate", share, func(s *Set) *unit.Share { return &s.AutoIncrease.ComplaintRate }),
			part("factor", whole(2, 100), func(s *Set) *int64 { return &s.AutoIncrease.Factor }),
			part("every", durationBetween(day, span), func(s *Set) *time.Duration { return &s.AutoIncrease.Every }),
			part("cap", whole(1, 1_000_000_000), func(s *Set) *int64 { return &s.AutoIncrease.Cap })))

	add("retry.horizon", "how long SES retries after a soft bounce", "5m to 14h", Observed,
		"the API lets a configuration set choose up to 50,400 seconds", durationOf(func(s *Set) *time.Duration { return &s.Retry.Horizon }, 5*time.Minute, 14*time.Hour, ""))
	add("retry.schedule", "the waits between SES's attempts", `{ first = "5m", factor = 2, cap = "2h", jitter = "20%" }`, Assumed,
		"common practice of mail servers", tableOf(
			part("first", durationBetween(time.Second, 14*time.Hour), func(s *Set) *time.Duration { return &s.Retry.First }),
			part("factor", milliBetween(1000, 100_000), func(s *Set) *int64 { return &s.Retry.Factor }),
			part("cap", durationBetween(time.Second, 14*time.Hour), func(s *Set) *time.Duration { return &s.Retry.Cap }),
			part("jitter", shareBelow(unit.Whole/2), func(s *Set) *unit.Share { return &s.Retry.Jitter })))

	add("delivery.delay", "acceptance to delivery", "a duration or a spread, at most 14h", Assumed,
		"a first attempt within milliseconds; 0.5 to 4.2 s in samples", spreadOf(func(s *Set) *Spread { return &s.Delay.Delivery }, 14*time.Hour))
	add("bounce.delay", "acceptance to a hard bounce in the SMTP dialogue", "a duration or a spread, at most 14h", Assumed,
		"0.1 to 1.6 s in samples", spreadOf(func(s *Set) *Spread { return &s.Delay.Bounce }, 14*time.Hour))
	add("bounce.no_email_share", "share of the hard bounces of missing addresses that are published as NoEmail, not General", "a share", Assumed,
		"nearly all in public samples are General", shareOf(func(s *Set) *unit.Share { return &s.Mail.NoEmailShare }))
	add("bounce.dead_domain", "what a domain that does not exist is after the last retry", `"transient" or "permanent"`, Assumed,
		"one page treats it as soft, another calls it the one hard bounce that is retried", choiceOf(func(s *Set) *bool { return &s.Mail.DeadDomainPermanent }, map[string]bool{"transient": false, "permanent": true}))
	add("simulator.suppression_bounce", "subtype of the bounce of suppressionlist@simulator.amazonses.com", `"suppressed" or "general"`, Documented,
		"probes of 2026 saw general instead", choiceOf(func(s *Set) *bool { return &s.Mail.SimulatorGeneral }, map[string]bool{"suppressed": false, "general": true}))
	add("bounce.async_share", "share of hard bounces that come after a delivery", "a share", Assumed,
		"now rare at large providers", shareOf(func(s *Set) *unit.Share { return &s.Delay.AsyncShare }))
	add("bounce.async_delay", "delivery to such a bounce", "a duration or a spread", Assumed,
		"minutes to days in third-party accounts", spreadOf(func(s *Set) *Spread { return &s.Delay.Async }, span))
	add("complaint.delay", "delivery to the recipient's complaint", "a duration or a spread", Assumed,
		"not published", spreadOf(func(s *Set) *Spread { return &s.Delay.Complaint }, span))
	add("complaint.relay", "complaint to its arrival at SES through the feedback loop", "0s to 365d", Assumed,
		"not published", durationOf(func(s *Set) *time.Duration { return &s.Delay.ComplaintRelay }, 0, span, ""))
	add("event.publish_delay", "an email event to the sender's knowing of it", "a duration or a spread", Observed,
		"0.36 to 3.3 s in samples, typically 0.4 s", spreadOf(func(s *Set) *Spread { return &s.Delay.Publish }, span))

	slices.SortFunc(list, func(a, b Parameter) int { return strings.Compare(a.Name, b.Name) })
	return list
}
