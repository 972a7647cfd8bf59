package events

import (
	"cmp"
	"fmt"
	"time"

	"sesim/sim"
	"sesim/sim/ses"
)

// The texts with which SES reports suppressed mail.
const (
	globalText = "Amazon SES has suppressed sending to this address because it has a recent history of bouncing as an invalid " +
		"address. For more information about how to remove an address from the suppression list, see the Amazon SES Developer " +
		"Guide: http://docs.aws.amazon.com/ses/latest/DeveloperGuide/remove-from-suppressionlist.html"
	accountText = "Amazon SES did not send the message to this address because it is on the suppression list for your account. For " +
		"more information about removing addresses from the suppression list, see the Amazon SES Developer Guide at " +
		"https://docs.aws.amazon.com/ses/latest/DeveloperGuide/sending-email-suppression-list.html"
)

// notice holds the details of a bounce besides its type.
type notice struct {
	status   string // both empty without a DSN
	text     string
	reporter string // MTA that wrote the DSN
	remote   string // address of the MTA that SES spoke to
}

// recipient returns the entry of a bounced recipient.
func (n notice) recipient(address string) bouncedRecipient {
	if n.status == "" {
		return bouncedRecipient{EmailAddress: address}
	}
	return bouncedRecipient{address, "failed", n.status, n.text}
}

// reply is the answer of a mail server.
type reply struct {
	code   int    // of SMTP
	status string // enhanced status code, RFC 3463
	text   string
}

// String returns the answer as it is sent over SMTP.
func (p reply) String() string { return fmt.Sprintf("%d %s %s", p.code, p.status, p.text) }

// diagnostic returns the value of a DSN's Diagnostic-Code.
func (p reply) diagnostic() string { return "smtp; " + p.String() }

// replies are the answers that cause bounces without a retry. General is the text
// of AWS's example; the next three are the bounces that SES itself sends for
// received mail; the last is assumed.
var replies = map[ses.Bounce]reply{
	ses.PermanentGeneral:            {550, "5.1.1", "user unknown"},
	ses.PermanentNoEmail:            {550, "5.1.1", "Mailbox does not exist"},
	ses.TransientMessageTooLarge:    {552, "5.3.4", "Message too large"},
	ses.TransientContentRejected:    {500, "5.6.1", "Message content rejected"},
	ses.TransientAttachmentRejected: {552, "5.7.0", "Attachment rejected"},
}

// delayOf returns the delayType and the answer of a soft bounce that SES retries.
// The delayType of a domain that cannot be found is assumed, as are the answers
// of servers.
func (w *Writer) delayOf(r *sim.Record, domain string) (string, reply) {
	switch met(r) {
	case ses.TransientMailboxFull:
		return "MailboxFull", reply{452, "4.2.2", "Mailbox full"}
	case ses.TransientBlockedIP:
		return "IPFailure", reply{421, "4.7.0", "Connections from this IP address are blocked"}
	case ses.TransientDeferred:
		return cmp.Or(w.cfg.Audiences[r.Address.Audience].Deferral, ses.Deferrals()[0]), reply{451, "4.3.0", "Try again later"}
	}
	return "TransientCommunicationFailure", reply{421, "4.4.0", "Unable to lookup DNS for " + domain}
}

// met returns the bounce that the attempts of a record met.
func met(r *sim.Record) ses.Bounce { return cmp.Or(r.Met, r.Bounce) }

// explain returns the details of a bounce.
func (w *Writer) explain(r *sim.Record) notice {
	address := w.textOf(r)
	domain := domainOf(address)
	own := "dns; " + w.server(r).host(w.origin(r).region)
	switch {
	case r.Kind == sim.AutoReplied || r.Kind == sim.Simulated && r.Simulator == ses.SimulateOutOfOffice:
		return notice{} // the reply is mail, not a DSN
	case r.Bounce == ses.PermanentSuppressed:
		return notice{status: "5.1.1", text: globalText, reporter: "dns; amazonses.com"}
	case r.Bounce == ses.PermanentOnAccountList:
		return notice{status: "5.1.1", text: accountText, reporter: "dns; amazonses.com"}
	case r.Kind == sim.Simulated:
		return notice{"5.1.1", "smtp; 550 5.1.1 " + w.simulatorText(r.Simulator, address), own, remoteIP(domain)}
	case r.Bounce == ses.UndeterminedBounce:
		return notice{remote: remoteIP(domain)} // too little for a reason
	case r.Async:
		return notice{replies[r.Bounce].status, replies[r.Bounce].diagnostic(), "dns; mx." + domain, ""}
	case w.expired(r):
		return w.expiry(r, domain, own)
	}
	return notice{replies[r.Bounce].status, replies[r.Bounce].diagnostic(), own, remoteIP(domain)}
}

// simulatorText is the mailbox simulator's answer: as in AWS's examples, or as in
// the probes of 2026.
func (w *Writer) simulatorText(s ses.Simulator, address string) string {
	switch {
	case !w.cfg.Rules.Mail.SimulatorGeneral:
		return "user unknown"
	case s == ses.SimulateSuppression:
		return "As requested: user unknown (suppressed address: " + address + ")"
	}
	return "As requested: user unknown <" + address + ">"
}

// expired reports whether SES gave up after the retries.
func (w *Writer) expired(r *sim.Record) bool {
	switch r.Bounce {
	case ses.TransientGeneral, ses.TransientMailboxFull, ses.TransientBlockedIP, ses.TransientDeferred, ses.TransientCustomTimeout:
		return true
	case ses.PermanentGeneral: // of a domain that does not exist, where the rules make that permanent
		limit, bySet := w.retryLimit(r)
		return r.At == r.SentAt+limit && !bySet
	}
	return false
}

// expiry returns the bounce of mail that SES gave up, with the last answer. For a
// domain that does not exist there is no server address.
func (w *Writer) expiry(r *sim.Record, domain, own string) notice {
	_, answer := w.delayOf(r, domain)
	limit, _ := w.retryLimit(r)
	n := notice{status: "4.4.7", reporter: own}
	n.text = fmt.Sprintf("smtp; 550 4.4.7 Message expired: unable to deliver in %d minutes.<%s>", limit/time.Minute, answer)
	if m := met(r); m != ses.TransientGeneral && m != ses.PermanentGeneral {
		n.remote = remoteIP(domain)
	}
	return n
}
