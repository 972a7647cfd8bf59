package twin

import (
	"strings"

	"sesim/sim"
	"sesim/sim/rules"
	"sesim/sim/ses"
)

// wording is a refusal as the sender's interface words it.
func (w *world) wording(c *call, reason ses.Reason, rule rules.ID) ses.Error {
	s := &w.cfg.Senders[c.sender]
	if !published(s.Interface, rule) {
		return ses.Error{}
	}
	switch reason {
	case ses.RefusedRate:
		return throttled(s.Interface, "Maximum sending rate exceeded")
	case ses.RefusedQuota:
		return throttled(s.Interface, "Daily message quota exceeded")
	case ses.RefusedUnverified:
		froms, recipients := w.failing(c)
		region := strings.ToUpper(w.cfg.Accounts[s.Account].Region)
		return rejected(s.Interface, "MessageRejected", "Email address is not verified. The following identities failed the check in region "+
			region+": "+strings.Join(append(froms, recipients...), ", "))
	case ses.RefusedPaused:
		return rejected(s.Interface, pauseCodes[s.Interface][rule], "Sending paused for this account. "+
			"For more information, please check the inbox of the email address associated with your AWS account.")
	}
	return ses.Error{}
}

// published reports whether it is known how an interface words a refusal:
// that of a malformed call is not, nor that of a suspended account by version 1.
func published(through sim.Interface, rule rules.ID) bool {
	return rule != rules.CallRecipients && (rule != rules.PausePermanent || through != sim.V1)
}

// throttled words a refusal by rate or quota. The text ends with a full stop
// but by SMTP.
func throttled(through sim.Interface, text string) ses.Error {
	switch through {
	case sim.V1:
		return ses.Error{Status: 400, Code: "Throttling", Message: text + "."}
	case sim.SMTP:
		return ses.Error{Status: 454, Message: "Throttling failure: " + text}
	}
	return ses.Error{Status: 429, Code: "TooManyRequestsException", Message: text + "."}
}

// rejected words a refusal for good.
func rejected(through sim.Interface, code, text string) ses.Error {
	if through == sim.SMTP {
		return ses.Error{Status: 554, Message: "Message rejected: " + text}
	}
	return ses.Error{Status: 400, Code: code, Message: text}
}

// pauseCodes are the codes for a pause, by interface and by the rule of the
// pause.
var pauseCodes = map[sim.Interface]map[rules.ID]string{
	sim.V1: {
		rules.PauseRefuses: "MessageRejected", rules.PauseCustomer: "AccountSendingPausedException",
		rules.PauseSet: "ConfigurationSetSendingPausedException",
	},
	sim.V2: {
		rules.PauseRefuses: "SendingPausedException", rules.PausePermanent: "AccountSuspendedException",
		rules.PauseCustomer: "SendingPausedException", rules.PauseSet: "SendingPausedException",
	},
}
