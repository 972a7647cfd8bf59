package twin

import (
	"slices"
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
	case ses.RefusedInvalid:
		return noSet(s.Interface, w.cfg.Accounts[c.account].Sets[c.set-1].Name)
	case ses.RefusedRate:
		if s.SigV2 {
			return throttled(s.Interface, "Maximum SigV2 SMTP sending rate exceeded")
		}
		return throttled(s.Interface, "Maximum sending rate exceeded")
	case ses.RefusedQuota:
		return throttled(s.Interface, "Daily message quota exceeded")
	case ses.RefusedUnverified:
		froms, recipients := w.failing(c)
		region := strings.ToUpper(w.cfg.Accounts[c.account].Region)
		return rejected(s.Interface, "MessageRejected", "Email address is not verified. The following identities failed the check in region "+
			region+": "+w.list(append(froms, recipients...)))
	case ses.RefusedPaused:
		return rejected(s.Interface, pauseCodes[s.Interface][rule], "Sending paused for this account. "+
			"For more information, please check the inbox of the email address associated with your AWS account.")
	}
	return ses.Error{}
}

// list names each identity once, as far as there is room for them.
func (w *world) list(identities []string) string {
	var shown []string
	for _, identity := range identities {
		switch more := append(shown, identity); {
		case slices.Contains(shown, identity):
		case len(shown) > 0 && len(strings.Join(more, ", ")) > int(w.cfg.Rules.Identity.ListedText):
			return strings.Join(append(shown, "..."), ", ")
		default:
			shown = more
		}
	}
	return strings.Join(shown, ", ")
}

// published reports whether it is known how an interface words a refusal:
// those of malformed calls are known in part only.
func published(_ sim.Interface, rule rules.ID) bool {
	return rule != rules.CallRecipients && rule != rules.CallAddress && rule != rules.CallSize
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
		rules.PauseRefuses: "MessageRejected", rules.PausePermanent: "MessageRejected", rules.PauseCustomer: "AccountSendingPausedException",
		rules.PauseSet: "ConfigurationSetSendingPausedException",
	},
	sim.V2: {
		rules.PauseRefuses: "SendingPausedException", rules.PausePermanent: "AccountSuspendedException",
		rules.PauseCustomer: "SendingPausedException", rules.PauseSet: "SendingPausedException",
	},
}

// noSet words a call with a configuration set that does not exist.
func noSet(through sim.Interface, name string) ses.Error {
	text := "Configuration set <" + name + "> does not exist."
	switch through {
	case sim.V1:
		return ses.Error{Status: 400, Code: "ConfigurationSetDoesNotExist", Message: text}
	case sim.SMTP:
		return ses.Error{Status: 554, Message: "Configuration Set does not exist: " + text}
	}
	return ses.Error{Status: 404, Code: "NotFoundException", Message: text}
}
