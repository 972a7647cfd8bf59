package rules

import (
	"iter"
	"math/bits"
)

// ParameterID identifies a parameter: its place in Parameters, that is in the order of
// the names. It is not stable from one version to the next; files contain names.
type ParameterID uint8

// The parameters. A test compares the constants with the names.
const (
	ParamAccountAddDelay ParameterID = iota
	ParamAccountAddOnGeneral
	ParamAccountAddOnSuppressedBounce
	ParamAccountCustomerPauseWipes
	ParamAccountOverridesGlobal
	ParamAccountPauseWipe
	ParamAccountReasonMatch
	ParamAPIPerSecond
	ParamAppealFreshStart
	ParamAppealReply
	ParamAutoIncrease
	ParamBounceAsyncDelay
	ParamBounceAsyncShare
	ParamBounceDeadDomain
	ParamBounceDelay
	ParamBounceNoEmailShare
	ParamComplaintDelay
	ParamComplaintRelay
	ParamDeliveryDelay
	ParamEC2Port25Rate
	ParamEventPublishDelay
	ParamGlobalAddOnComplaint
	ParamGlobalDeliveryResets
	ParamGlobalDurations
	ParamGlobalRemovalForm
	ParamGlobalScope
	ParamGlobalStrikeMemory
	ParamGlobalSuppressedBounceEscalates
	ParamIdentityCheck
	ParamIdentityListedText
	ParamPauseBounceRate
	ParamPauseComplaintRate
	ParamPauseImmediateFactor
	ParamPauseNotice
	ParamPausePermanent
	ParamPauseRepeatReviews
	ParamPauseSendingEnabled
	ParamProdAfterDenied
	ParamProdQuota
	ParamProdRate
	ParamProdReviewTime
	ParamQuotaGranularity
	ParamQuotaMultiRecipient
	ParamRateBurstSeconds
	ParamRateDebt
	ParamRepEvalInterval
	ParamRepMaxLookback
	ParamRepMinEligible
	ParamRepMinEvents
	ParamRepVerifiedAddressesCount
	ParamRepWindowDays
	ParamRepWindowEligible
	ParamRetryHorizon
	ParamRetrySchedule
	ParamReviewBounceRate
	ParamReviewComplaintRate
	ParamReviewDecisionTime
	ParamReviewEndRule
	ParamReviewLength
	ParamReviewSendingAllowance
	ParamSandboxBlockedOps
	ParamSandboxRecipientLabels
	ParamSessionIdle
	ParamSessionMaxMessages
	ParamSimulatorSuppressionBounce
	parameterCount
)

// ParameterOf returns the parameter with the given ID.
func ParameterOf(id ParameterID) *Parameter { return &parameters[id] }

// String returns the name of the parameter, such as "review.length".
func (id ParameterID) String() string {
	if id >= parameterCount {
		return "unknown"
	}
	return parameters[id].Name
}

// Reads is a set of parameters: those that a decision read. The zero value is empty.
type Reads [2]uint64

// NewReads returns the set of the given parameters.
func NewReads(ids ...ParameterID) Reads { return Reads{}.With(ids...) }

// With returns the set with more parameters.
func (r Reads) With(ids ...ParameterID) Reads {
	for _, id := range ids {
		r[id/64] |= 1 << (id % 64)
	}
	return r
}

// Without returns the set without some parameters.
func (r Reads) Without(ids ...ParameterID) Reads {
	for _, id := range ids {
		r[id/64] &^= 1 << (id % 64)
	}
	return r
}

// And returns the parameters that are in either of two sets.
func (r Reads) And(other Reads) Reads { return Reads{r[0] | other[0], r[1] | other[1]} }

// Has reports whether a parameter is in the set.
func (r Reads) Has(id ParameterID) bool { return r[id/64]>>(id%64)&1 != 0 }

// All yields the parameters of the set in the order of their names.
func (r Reads) All() iter.Seq[ParameterID] {
	return func(yield func(ParameterID) bool) {
		for i, word := range r {
			for ; word != 0; word &= word - 1 {
				if !yield(ParameterID(64*i + bits.TrailingZeros64(word))) {
					return
				}
			}
		}
	}
}

// Weakest returns the weakest standing of the parameters in the set, or that of the
// rule where it is weaker.
func (r Reads) Weakest(rule Standing) Standing {
	for id := range r.All() {
		rule = max(rule, parameters[id].Standing)
	}
	return rule
}
