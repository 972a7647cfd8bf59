package engine

import "sesim/sim"

// ownerOf returns the account that an action is done to; the first one where it
// is done to none.
func ownerOf(a *sim.Action) int {
	if a.Do == sim.DoSet && ofAccount(a.Change.Key) {
		return a.Change.Index
	}
	return max(a.Account, 0)
}

// isOperation reports whether an action is a call to the API.
func isOperation(a *sim.Action) bool {
	switch a.Do {
	case sim.DoResume:
		return a.Client == 0
	case sim.DoAppeal, sim.DoRemoveGlobal, sim.DoTrigger:
		return false
	case sim.DoSet:
		return isCall(a.Change.Key)
	}
	return true
}

// ofSender reports whether it is a sender that has the key.
func ofSender(k sim.Key) bool { return k == sim.KeySenderOnBounce || k == sim.KeySenderRate }

// ofAudience reports whether it is an audience that has the key: a share.
func ofAudience(k sim.Key) bool {
	switch k {
	case sim.KeyAudienceMailboxFull, sim.KeyAudienceComplaint, sim.KeyAudienceHardBounce, sim.KeyAudienceInvalid:
		return true
	}
	return false
}

// isCall reports whether a change is a call to the API of SES, which may be
// throttled: PutAccountSuppressionAttributes, PutConfigurationSetSuppressionOptions,
// PutConfigurationSetDeliveryOptions.
func isCall(k sim.Key) bool {
	return k == sim.KeyAccountSuppression || k == sim.KeySetSuppression || k == sim.KeySetMaxDelivery
}

// ofAccount reports whether it is an account that has the key.
func ofAccount(k sim.Key) bool {
	return k == sim.KeyAccountQuota || k == sim.KeyAccountRate || isCall(k)
}
