package assumptions

import (
	"slices"
	"strings"
	"time"

	"sesim/sim"
	"sesim/sim/rules"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// CanMatter returns the names, sorted, of the parameters that are not documented and
// that a run may have read to some effect: any other can be set to each of its
// plausible values without changing fingerprint, timelines or figures. It may name too
// many, never too few. Two parameters that are changed together may open what neither
// opens alone, such as a second pause: ask again with the result of such a run.
func CanMatter(cfg *sim.Config, r *sim.Result) []string {
	e := newEvidence(cfg, r)
	var names []string
	for _, p := range rules.Parameters() {
		if mayRead := conditions[p.Name]; mayRead != nil && mayRead(e) {
			names = append(names, p.Name)
		}
	}
	return names
}

// evidence is what a run leaves of the moments at which parameters are read.
type evidence struct {
	*sim.Counts // over all accounts
	cfg         *sim.Config
	rules       *rules.Set
	r           *sim.Result
	fired       map[rules.ID]int64
	events      map[ses.Event]int64
}

func newEvidence(cfg *sim.Config, r *sim.Result) *evidence {
	e := &evidence{
		Counts: &sim.Counts{}, cfg: cfg, rules: &cfg.Rules, r: r, fired: map[rules.ID]int64{}, events: map[ses.Event]int64{},
	}
	for _, f := range r.Rules {
		e.fired[f.Rule] = f.Count
	}
	for i := range r.Accounts {
		a := &r.Accounts[i]
		e.add(&a.Counts)
		for _, t := range a.Timeline {
			e.events[t.Event]++
		}
	}
	return e
}

func (e *evidence) add(c *sim.Counts) {
	e.Accepted += c.Accepted
	for reason, n := range c.Refused {
		e.Refused[reason] += n
	}
	e.Delivered += c.Delivered
	e.HardBounced += c.HardBounced
	e.SoftBounced += c.SoftBounced
	e.SuppressedAccount += c.SuppressedAccount
	e.SuppressedGlobal += c.SuppressedGlobal
	e.Simulator += c.Simulator
	e.Rejected += c.Rejected
	e.Complaints += c.Complaints
	e.InFlight += c.InFlight
}

// conditions say of each parameter that is not documented whether a run may have read
// it to some effect.
var conditions = map[string]func(*evidence) bool{
	"global.durations":                   (*evidence).listsGlobally,
	"global.delivery_resets":             (*evidence).listsGlobally,
	"global.strike_memory":               func(e *evidence) bool { return e.listsGlobally() && e.lasts(14*unit.Day) },
	"global.scope":                       func(e *evidence) bool { return e.listsGlobally() && e.hasRegions() },
	"global.add_on_complaint":            func(e *evidence) bool { return e.Complaints > 0 },
	"global.suppressed_bounce_escalates": (*evidence).suppressesGlobally,
	"account.add_on_suppressed_bounce":   (*evidence).suppressesGlobally,
	// Where the account's list overrides the global one, nothing is suppressed by it.
	"account.overrides_global": func(e *evidence) bool {
		return e.suppressesGlobally() || e.rules.Account.OverridesGlobal && e.listsGlobally()
	},
	"account.add_on_general": func(e *evidence) bool { return e.HardBounced > 0 },
	"account.add_delay":      func(e *evidence) bool { return e.HardBounced+e.SuppressedGlobal+e.Complaints > 0 },
	"account.customer_pause_wipes": func(e *evidence) bool {
		wipe := e.rules.Account.PauseWipe
		return wipe > 0 && (e.events[ses.EventCustomerPaused] > 0 && e.lasts(wipe) ||
			e.anyHistory(func(h *sim.History) bool { return h.CustomerPaused && e.lasts(wipe-h.Since) }))
	},
	"sandbox.blocked_ops": func(e *evidence) bool {
		return e.fired[rules.AccountBlocked] > 0 || e.rules.Sandbox.NarrowBlock && e.operates()
	},
	"sandbox.recipient_labels": func(e *evidence) bool { return e.verifiesAddress() && e.hasLabels() },
	"identity.listed_text":     (*evidence).refusesUnverified,
	"identity.check": func(e *evidence) bool {
		return e.refusesUnverified() || e.rules.Identity.AfterLimits && e.Refused[ses.RefusedRate]+e.Refused[ses.RefusedQuota] > 0
	},
	// A deeper bucket changes nothing where one of a second has refused nothing.
	"rate.burst_seconds": func(e *evidence) bool {
		return e.Refused[ses.RefusedRate] > 0 || e.rules.Rate.BurstSeconds > 1 || !e.rules.Rate.Debt
	},
	// A call that does not fit ends above the quota, or is refused.
	"quota.multi_recipient": func(e *evidence) bool {
		return e.Refused[ses.RefusedQuota] > 0 || e.quotaUse() > 1 || e.rules.Identity.AfterLimits && e.refusesUnverified()
	},
	"quota.granularity": func(e *evidence) bool {
		return e.Accepted > e.Simulator && e.lasts(unit.Day) || e.anyHistory(func(h *sim.History) bool { return h.Used+h.Sum().Eligible > 0 })
	},

	// Mail leaves the representative volume only where more is left than it covers.
	"rep.window_eligible": func(e *evidence) bool {
		return e.evaluates() && e.anySends(min(e.rules.Rep.WindowEligible, leastOf("rep.window_eligible")))
	},
	"rep.window_days": func(e *evidence) bool { return e.evaluates() && e.anySends(e.rules.Rep.WindowEligible) },
	"rep.max_lookback": func(e *evidence) bool {
		least := time.Duration(leastOf("rep.max_lookback"))
		if own := e.rules.Rep.MaxLookback; own > 0 {
			least = min(least, own)
		}
		return e.evaluates() && (e.lasts(least) || e.anyHistory(func(h *sim.History) bool { return e.lasts(least - h.Reach()) }))
	},
	"rep.min_eligible":             func(e *evidence) bool { return e.evaluates() && e.countsEvents() },
	"rep.min_events":               func(e *evidence) bool { return e.reaches(lowestThreshold) },
	"rep.eval_interval":            func(e *evidence) bool { return e.evaluates() || e.reviews() || e.pauses() },
	"rep.verified_addresses_count": func(e *evidence) bool { return e.verifiesAddress() && e.Accepted > 0 },

	"review.length":            (*evidence).reviews,
	"review.sending_allowance": (*evidence).reviews,
	"review.end_rule":          (*evidence).endsReviews,
	"review.decision_time":     (*evidence).endsReviews,
	"pause.immediate_factor":   func(e *evidence) bool { return e.reaches(pauseThreshold) },
	"pause.repeat_reviews":     (*evidence).reviewsAgain,
	"pause.notice":             (*evidence).pauses,
	"pause.permanent":          (*evidence).pausesAgain,
	"pause.sending_enabled":    (*evidence).endsPaused,
	"appeal.reply":             func(e *evidence) bool { return e.events[ses.EventAppealed] > 0 && e.anyAction(drawsReply) },

	"prod.review_time": func(e *evidence) bool {
		return e.events[ses.EventRequested] > 0 && e.anyRequest(func(r *sim.Request) bool { return r.After < 0 })
	},
	"prod.rate": func(e *evidence) bool {
		return e.events[ses.EventGranted] > 0 && e.anyRequest(func(r *sim.Request) bool { return r.Rate == 0 })
	},
	"prod.after_denied": func(e *evidence) bool { return e.events[ses.EventDenied] > 0 },
	"auto_increase":     (*evidence).comesNearQuota,

	"retry.horizon":         (*evidence).delaysMail,
	"retry.schedule":        (*evidence).delaysMail,
	"delivery.delay":        func(e *evidence) bool { return e.Delivered+e.HardBounced+e.InFlight > 0 },
	"bounce.delay":          func(e *evidence) bool { return e.HardBounced+e.SoftBounced+e.InFlight > 0 },
	"bounce.no_email_share": func(e *evidence) bool { return e.HardBounced > 0 && !e.rules.Account.AddOnGeneral },
	"bounce.dead_domain":    func(e *evidence) bool { return e.HardBounced+e.SoftBounced > 0 && e.anyAudience(isDead) },
	"bounce.async_share":    (*evidence).bouncesHard,
	"bounce.async_delay":    func(e *evidence) bool { return e.bouncesHard() && e.rules.Delay.AsyncShare > 0 },
	"complaint.delay":       (*evidence).drawsComplaints,
	"complaint.relay":       (*evidence).drawsComplaints,
	"event.publish_delay":   (*evidence).teachesSenders,
	"session.max_messages":  (*evidence).fillsSessions,
	"ec2.port25_rate": func(e *evidence) bool {
		return slices.ContainsFunc(e.cfg.Senders, func(s sim.Sender) bool { return s.Throttled25 })
	},
}

// leastOf returns the least plausible number of a parameter with a range.
func leastOf(name string) int64 {
	least, _ := rules.Find(name).Plausible.Range()
	return least
}

// lasts reports whether the run is as long.
func (e *evidence) lasts(d time.Duration) bool { return e.r.End >= d }

// fillsSessions reports whether a client keeps a connection for as many calls over SMTP as a
// session may be limited to.
func (e *evidence) fillsSessions() bool {
	least := leastOf("session.max_messages")
	if own := e.rules.Session.MaxMessages; own > 0 {
		least = min(least, own)
	}
	return slices.ContainsFunc(e.cfg.Senders, func(s sim.Sender) bool {
		if s.Client == 0 || s.Interface != ses.SMTP {
			return false
		}
		kept := e.cfg.Clients[s.Client-1].Connection.MaxMessages
		return (kept == 0 || kept > least) && e.r.Clients[s.Client-1].Calls > least
	})
}

func (e *evidence) listsGlobally() bool { return e.r.Global.Added > 0 }

func (e *evidence) suppressesGlobally() bool { return e.SuppressedGlobal > 0 }

func (e *evidence) refusesUnverified() bool { return e.Refused[ses.RefusedUnverified] > 0 }

// hasRegions reports whether there is more than one Region.
func (e *evidence) hasRegions() bool {
	return slices.ContainsFunc(e.cfg.Accounts, func(a sim.Account) bool { return a.Region != e.cfg.Accounts[0].Region })
}

// bouncesHard reports whether mail bounced hard or may do so after the end. Until then
// some of it counts as delivered.
func (e *evidence) bouncesHard() bool {
	return e.HardBounced+e.InFlight > 0 || e.Delivered > 0 && e.rules.Delay.AsyncShare > 0 &&
		(e.anyAudience(bounces) || e.anyAction(func(a *sim.Action) bool {
			return sets(a, sim.KeyAudienceHardBounce) || sets(a, sim.KeyAudienceInvalid)
		}))
}

func bounces(a *sim.Audience) bool { return a.Invalid+a.HardBounce+a.Decay > 0 }

// sets reports whether an action gives a share of an audience a value above 0.
func sets(a *sim.Action, key sim.Key) bool {
	return a.Do == sim.DoSet && a.Change.Key == key && a.Change.Share > 0
}

// countsEvents reports whether anything counted towards a rate.
func (e *evidence) countsEvents() bool {
	return e.HardBounced+e.SuppressedGlobal+e.Complaints > 0 ||
		e.anyHistory(func(h *sim.History) bool { return h.Sum().Bounces+h.Sum().Complaints > 0 })
}

// anyHistory reports whether one of the accounts brings along what is asked.
func (e *evidence) anyHistory(is func(*sim.History) bool) bool {
	return slices.ContainsFunc(e.cfg.Accounts, func(a sim.Account) bool { return a.History != nil && is(a.History) })
}

// any reports whether one of the accounts is as asked.
func (e *evidence) any(is func(*sim.AccountResult) bool) bool {
	for i := range e.r.Accounts {
		if is(&e.r.Accounts[i]) {
			return true
		}
	}
	return false
}

// anySends reports whether an account has more accepted mail than that, with the mail from
// before the start.
func (e *evidence) anySends(n int64) bool {
	for i := range e.r.Accounts {
		sent := e.r.Accounts[i].Accepted
		if h := e.cfg.Accounts[i].History; h != nil {
			sent += h.Sum().Eligible
		}
		if sent > n {
			return true
		}
	}
	return false
}

// evaluates reports whether a rate was computed over eligible mail.
func (e *evidence) evaluates() bool {
	return e.any(func(a *sim.AccountResult) bool {
		inSet := func(s sim.SetResult) bool { return s.Bounce.Data || s.Complaint.Data }
		return a.Bounce.Data || a.Complaint.Data || slices.ContainsFunc(a.Sets, inSet)
	})
}

// reaches reports whether a rate was at the threshold, which is given for the bounce
// rate and the complaint rate.
func (e *evidence) reaches(of func(*rules.Set) (bounce, complaint unit.Share)) bool {
	bounce, complaint := of(e.rules)
	const rounding = 1e-9
	return e.any(func(a *sim.AccountResult) bool {
		return a.Bounce.Data && a.Bounce.Max >= bounce.Float()-rounding || a.Complaint.Data && a.Complaint.Max >= complaint.Float()-rounding
	})
}

func pauseThreshold(s *rules.Set) (bounce, complaint unit.Share) {
	return s.Pause.BounceRate, s.Pause.ComplaintRate
}

// lowestThreshold is that of a review, unless a scenario pauses earlier.
func lowestThreshold(s *rules.Set) (bounce, complaint unit.Share) {
	return min(s.Review.BounceRate, s.Pause.BounceRate), min(s.Review.ComplaintRate, s.Pause.ComplaintRate)
}

func (e *evidence) reviews() bool {
	return e.events[ses.EventUnderReview] > 0 || e.anyHistory(func(h *sim.History) bool { return h.Status == ses.Probation })
}

// endsReviews reports whether the time of a review was over.
func (e *evidence) endsReviews() bool {
	return e.reviews() && e.fired[rules.ReviewEnd]+e.fired[rules.ReviewExtended]+e.fired[rules.ReviewPending]+e.fired[rules.PausePending] > 0
}

func (e *evidence) pauses() bool {
	return e.events[ses.EventPaused]+e.events[ses.EventPendingPause] > 0
}

// reviewsAgain reports whether an account had a second review for a rate, or was paused
// instead.
func (e *evidence) reviewsAgain() bool {
	again := func(t *ses.Transition) bool {
		return t.Event == ses.EventUnderReview && t.Rule == rules.RepReview || t.Rule == rules.PauseRepeated || t.Rule == rules.PausePending
	}
	before := e.anyHistory(func(h *sim.History) bool { return h.Reviews > 0 })
	return e.any(func(a *sim.AccountResult) bool { return countIn(a, again) > 1 || before && countIn(a, again) > 0 })
}

// pausesAgain reports whether an account was paused twice, or for good.
func (e *evidence) pausesAgain() bool {
	paused := func(t *ses.Transition) bool { return t.Event == ses.EventPaused }
	before := e.anyHistory(func(h *sim.History) bool { return h.Status == ses.Shutdown })
	return e.events[ses.EventSuspended] > 0 ||
		e.any(func(a *sim.AccountResult) bool { return countIn(a, paused) > 1 || before && countIn(a, paused) > 0 })
}

func countIn(a *sim.AccountResult, is func(*ses.Transition) bool) (n int) {
	for i := range a.Timeline {
		if is(&a.Timeline[i]) {
			n++
		}
	}
	return n
}

func (e *evidence) endsPaused() bool {
	return e.any(func(a *sim.AccountResult) bool { return a.Enforcement == ses.Shutdown })
}

// quotaUse returns the highest share of a quota that was in use.
func (e *evidence) quotaUse() float64 {
	most := 0.0
	for i := range e.r.Accounts {
		most = max(most, e.r.Accounts[i].QuotaUseMax)
	}
	return most
}

// comesNearQuota reports whether an account may have used enough of its quota for an
// increase, on enough days, by the least that any plausible rule asks.
func (e *evidence) comesNearQuota() bool {
	p := rules.Find("auto_increase")
	use, days := e.rules.AutoIncrease.Use, e.rules.AutoIncrease.Days
	for _, v := range p.Plausible.Settings() {
		s := *e.rules
		if p.Apply(&s, v) == nil {
			use, days = min(use, s.AutoIncrease.Use), min(days, s.AutoIncrease.Days)
		}
	}
	// Counted in steps, a day's mail may not stand in the window at one time.
	inSteps := e.rules.Quota.Granularity > 0 && e.quotaUse() > 0
	return e.lasts(time.Duration(days)*unit.Day) && (inSteps || e.quotaUse() >= use.Float())
}

// delaysMail reports whether SES may have had to try again. Mail that a later attempt
// delivered is counted as any other.
func (e *evidence) delaysMail() bool {
	return e.Delivered+e.HardBounced+e.SoftBounced+e.InFlight > 0 &&
		(e.anyAudience(delays) || e.anyAction(func(a *sim.Action) bool { return sets(a, sim.KeyAudienceMailboxFull) }))
}

func delays(a *sim.Audience) bool { return a.MailboxFull+a.BlockedIP+a.Deferred+a.DeadDomain > 0 }

func isDead(a *sim.Audience) bool { return a.DeadDomain > 0 }

// drawsComplaints reports whether a delivery may have drawn a complaint, which may come
// after the end.
func (e *evidence) drawsComplaints() bool {
	return e.Delivered > 0 && e.anyAudience(func(a *sim.Audience) bool { return a.FeedbackLoop > 0 }) &&
		(e.anyAudience(func(a *sim.Audience) bool { return a.Complaint > 0 }) ||
			e.anyAction(func(a *sim.Action) bool { return sets(a, sim.KeyAudienceComplaint) }))
}

// teachesSenders reports whether a sender that takes addresses off its list may have
// learned of one.
func (e *evidence) teachesSenders() bool {
	learns := slices.ContainsFunc(e.cfg.Senders, func(s sim.Sender) bool { return s.RemoveBounced || s.RemoveComplained })
	learns = learns || e.anyAction(func(a *sim.Action) bool {
		return a.Do == sim.DoSet && a.Change.Key == sim.KeySenderOnBounce && a.Change.Flag
	})
	return learns && (e.countsEvents() || e.SuppressedAccount+e.Simulator > 0)
}

// operates reports whether the customer calls the API of the account-level list.
func (e *evidence) operates() bool {
	return e.anyAction(func(a *sim.Action) bool {
		switch a.Do {
		case sim.DoSuppress, sim.DoUnsuppress, sim.DoImport, sim.DoGet, sim.DoList:
			return true
		}
		return false
	})
}

// verifiesAddress reports whether an account has verified a single address.
func (e *evidence) verifiesAddress() bool {
	isAddress := func(identity string) bool { return strings.Contains(identity, "@") }
	return e.anyAction(func(a *sim.Action) bool { return a.Do == sim.DoVerify && isAddress(a.Identity) }) ||
		slices.ContainsFunc(e.cfg.Accounts, func(a sim.Account) bool { return slices.ContainsFunc(a.Identities, isAddress) })
}

// hasLabels reports whether an audience has addresses with labels.
func (e *evidence) hasLabels() bool {
	isLabelled := func(address string) bool { return strings.Contains(address, "+") }
	return e.anyAudience(func(a *sim.Audience) bool { return isLabelled(a.Local) || slices.ContainsFunc(a.Addresses, isLabelled) })
}

func drawsReply(a *sim.Action) bool { return a.Do == sim.DoAppeal && a.After < 0 }

func (e *evidence) anyAction(is func(*sim.Action) bool) bool {
	for i := range e.cfg.Actions {
		if is(&e.cfg.Actions[i]) {
			return true
		}
	}
	return false
}

func (e *evidence) anyAudience(is func(*sim.Audience) bool) bool {
	for i := range e.cfg.Audiences {
		if is(&e.cfg.Audiences[i]) {
			return true
		}
	}
	return false
}

func (e *evidence) anyRequest(is func(*sim.Request) bool) bool {
	for i := range e.cfg.Accounts {
		for k := range e.cfg.Accounts[i].Requests {
			if is(&e.cfg.Accounts[i].Requests[k]) {
				return true
			}
		}
	}
	return false
}
