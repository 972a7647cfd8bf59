package engine

import (
	"sesim/sim"
	"sesim/sim/rules"
	"sesim/sim/ses"
)

// This file says which parameters each decision about mail read. It is asked for records
// and for the first refusals only, so that mail without an observer pays nothing.
// Transitions carry their own; see ses.Account.NoteReads.

// mailReads returns the parameters that the decision of a record about one recipient
// read. r.Reads holds those that the record does not tell.
func (a *senderState) mailReads(r *sim.Record) rules.Reads {
	reads := r.Reads.And(a.decisionReads(r))
	if a.addresses {
		reads = reads.And(a.account.ExemptReads(a.audience.spec.AddressOf(r.Address.Number)))
	}
	return reads
}

// decisionReads returns what the kind of a record tells.
func (a *senderState) decisionReads(r *sim.Record) rules.Reads {
	switch r.Kind {
	case sim.SuppressedAccount, sim.Complained:
		return r.Rule.Reads()
	case sim.Simulated:
		if r.Simulator == ses.SimulateSuppression {
			return r.Rule.Reads()
		}
	case sim.SuppressedGlobal:
		reads := rules.NewReads(rules.ParamGlobalDurations)
		if a.account.Reasons(a.set) != 0 {
			reads = reads.With(rules.ParamAccountOverridesGlobal)
		}
		return a.withScope(reads)
	case sim.ListedGlobal:
		return a.withScope(rules.NewReads(rules.ParamGlobalDurations, rules.ParamGlobalStrikeMemory, rules.ParamGlobalDeliveryResets))
	case sim.Delayed:
		return rules.NewReads(rules.ParamRetryHorizon, rules.ParamRetrySchedule)
	case sim.SoftBounced:
		return softReads(r.Bounce)
	}
	return rules.Reads{}
}

// withScope adds global.scope where it makes a difference: to recipients to whom several
// Regions write.
func (a *senderState) withScope(reads rules.Reads) rules.Reads {
	if a.audience.regions {
		reads = reads.With(rules.ParamGlobalScope)
	}
	return reads
}

// softReads returns what says when SES publishes a soft bounce, and as what.
func softReads(b ses.Bounce) rules.Reads {
	switch b {
	case ses.TransientMessageTooLarge, ses.TransientContentRejected, ses.TransientAttachmentRejected, ses.UndeterminedBounce:
		return rules.NewReads(rules.ParamBounceDelay)
	case ses.TransientGeneral:
		return rules.NewReads(rules.ParamRetryHorizon, rules.ParamRetrySchedule, rules.ParamBounceDeadDomain)
	}
	return rules.NewReads(rules.ParamRetryHorizon, rules.ParamRetrySchedule)
}

// deliveryReads returns what says when a delivery happens, of which a notice tells.
func deliveryReads(e event) rules.Reads {
	reads := rules.NewReads(rules.ParamDeliveryDelay)
	if e.attempt > 0 {
		reads = rules.NewReads(rules.ParamRetrySchedule)
	}
	if e.bounce != ses.NoBounce {
		reads = reads.With(rules.ParamBounceAsyncShare)
	}
	return reads
}

// bounceReads returns what says when a hard bounce happens, and as what it is published.
func bounceReads(e event) rules.Reads {
	reads := rules.NewReads(rules.ParamBounceNoEmailShare)
	switch e.kind {
	case evAsyncBounce:
		return reads.With(rules.ParamDeliveryDelay, rules.ParamBounceAsyncShare, rules.ParamBounceAsyncDelay)
	case evRetry:
		return reads.With(rules.ParamRetrySchedule)
	case evGiveUp:
		return rules.NewReads(rules.ParamRetryHorizon, rules.ParamRetrySchedule, rules.ParamBounceDeadDomain)
	}
	return reads.With(rules.ParamBounceDelay, rules.ParamBounceAsyncShare)
}

// entryReads returns what says whether and when a bounce or complaint makes an entry in
// the account's list.
func entryReads(b ses.Bounce) rules.Reads {
	reads := rules.NewReads(rules.ParamAccountAddDelay)
	switch b {
	case ses.PermanentSuppressed:
		reads = reads.With(rules.ParamAccountAddOnSuppressedBounce)
	case ses.PermanentGeneral:
		reads = reads.With(rules.ParamAccountAddOnGeneral)
	}
	return reads
}

// listReads returns the parameters that say which recipients a call has.
func (a *senderState) listReads() rules.Reads {
	if a.hygiene == 0 && a.home.list.Removed() == 0 {
		return rules.Reads{}
	}
	return rules.NewReads(rules.ParamEventPublishDelay)
}

// sentReads returns the parameters that an accepted call rests on.
func (a *senderState) sentReads(c *call) rules.Reads {
	return a.listReads().And(a.account.rateReads()).And(quotaReads(len(c.recipients)))
}

// rateReads returns what says how many tokens the bucket holds, and how many a call needs.
func (acc *account) rateReads() rules.Reads {
	reads := rules.NewReads(rules.ParamRateBurstSeconds)
	if acc.debts {
		reads = reads.With(rules.ParamRateDebt)
	}
	return reads
}

// quotaReads returns what says how much of the quota is used, and how much a call needs.
func quotaReads(recipients int) rules.Reads {
	reads := rules.NewReads(rules.ParamQuotaGranularity)
	if recipients > 1 {
		reads = reads.With(rules.ParamQuotaMultiRecipient)
	}
	return reads
}

// refusalReads returns the parameters that the refusal of a call read.
func (w *world) refusalReads(a *senderState, c *call, reason ses.Reason, meters ses.Meters) rules.Reads {
	n, reads := len(c.recipients), rules.Reads{}
	switch reason {
	case ses.RefusedRate, ses.RefusedQuota:
		limit := a.account.rateReads()
		if reason == ses.RefusedQuota {
			limit = quotaReads(n)
		}
		reads = limit
		if len(a.failing) > 0 || !a.allCovered && w.sandboxed(a) && !w.allVerified(a, c.recipients) {
			reads = reads.With(rules.ParamIdentityCheck)
		}
	case ses.RefusedUnverified:
		if exceeds(meters, int64(n), a.countedIn(c.recipients)) {
			reads = reads.With(rules.ParamIdentityCheck)
		}
		if len(w.failures(a, c.recipients)) > 1 {
			reads = reads.With(rules.ParamIdentityListedText)
		}
		for _, to := range c.recipients {
			reads = reads.And(a.account.LabelReads(a.audience.spec.AddressOf(int64(to))))
		}
	case ses.RefusedPaused:
		if a.account.PausedBy(a.set) == ses.Suspended {
			reads = reads.With(rules.ParamPausePermanent)
		}
	}
	return reads
}

// exceeds reports whether a call with that many recipients, some of which count towards
// the quota, might exceed the maximum send rate or the quota as well, by any reading of
// the two.
func exceeds(m ses.Meters, recipients, counted int64) bool {
	return m.Tokens < 1000*recipients || m.Quota >= 0 && counted > 0 && m.Used+counted > m.Quota
}
