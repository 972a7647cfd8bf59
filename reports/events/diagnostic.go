package events

import (
	"cmp"
	"strconv"
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

// notice holds the details of a bounce besides its type, until the next one.
type notice struct {
	status   string // empty without a DSN
	text     []byte
	reporter []byte // MTA that wrote the DSN; empty without one
	remote   string // address of the MTA that SES spoke to; empty: none
}

// reply is the answer of a mail server.
type reply struct {
	line   string // over SMTP: code, status and text
	domain bool   // of the recipient follows
}

// status returns the enhanced status code, RFC 3463; "" without an answer.
func (p reply) status() string {
	if p.line == "" {
		return ""
	}
	return p.line[len("550 "):len("550 5.1.1")]
}

// appendTo appends the answer as it is sent over SMTP.
func (p reply) appendTo(b, domain []byte) []byte {
	b = append(b, p.line...)
	if p.domain {
		b = append(b, domain...)
	}
	return b
}

// replies are the answers that cause bounces without a retry. General is the text
// of AWS's example; the next three are the bounces that SES itself sends for
// received mail; the last is assumed.
var replies = [ses.TransientCustomTimeout + 1]reply{
	ses.PermanentGeneral:            {line: "550 5.1.1 user unknown"},
	ses.PermanentNoEmail:            {line: "550 5.1.1 Mailbox does not exist"},
	ses.TransientMessageTooLarge:    {line: "552 5.3.4 Message too large"},
	ses.TransientContentRejected:    {line: "500 5.6.1 Message content rejected"},
	ses.TransientAttachmentRejected: {line: "552 5.7.0 Attachment rejected"},
}

// delayOf returns the delayType and the answer of a soft bounce that SES retries.
// The delayType of a domain that cannot be found is assumed, as are the answers
// of servers.
func (w *Writer) delayOf(r *sim.Record) (string, reply) {
	switch met(r) {
	case ses.TransientMailboxFull:
		return "MailboxFull", reply{line: "452 4.2.2 Mailbox full"}
	case ses.TransientBlockedIP:
		return "IPFailure", reply{line: "421 4.7.0 Connections from this IP address are blocked"}
	case ses.TransientDeferred:
		return cmp.Or(w.cfg.Audiences[r.Address.Audience].Deferral, ses.Deferrals()[0]), reply{line: "451 4.3.0 Try again later"}
	}
	return "TransientCommunicationFailure", reply{line: "421 4.4.0 Unable to lookup DNS for ", domain: true}
}

// met returns the bounce that the attempts of a record met.
func met(r *sim.Record) ses.Bounce { return cmp.Or(r.Met, r.Bounce) }

// explain returns the details of a bounce of w.recipient.
func (w *Writer) explain(r *sim.Record) (n notice) {
	switch {
	case r.Kind == sim.AutoReplied || r.Kind == sim.Simulated && r.Simulator == ses.SimulateOutOfOffice:
		return notice{} // the reply is mail, not a DSN
	case r.Bounce == ses.PermanentSuppressed:
		return w.ownNotice(globalText)
	case r.Bounce == ses.PermanentOnAccountList:
		return w.ownNotice(accountText)
	case r.Kind != sim.Simulated && r.Bounce == ses.UndeterminedBounce:
		return notice{remote: w.remoteOf(w.domain())} // too little for a reason
	}
	w.reporter = append(w.reporter[:0], "dns; "...)
	w.diagnosis = append(w.diagnosis[:0], "smtp; "...)
	answer := replies[r.Bounce]
	switch n.status = answer.status(); {
	case r.Kind == sim.Simulated:
		n.status = "5.1.1"
		w.diagnosis = w.appendSimulated(append(w.diagnosis, "550 5.1.1 "...), r.Simulator)
		n.remote = w.remoteOf(w.domain())
	case r.Async:
		w.diagnosis = answer.appendTo(w.diagnosis, nil)
		w.reporter = append(append(w.reporter, "mx."...), w.domain()...)
		n.text, n.reporter = w.diagnosis, w.reporter
		return n
	case w.expired(r):
		n = w.expiry(r)
	default:
		w.diagnosis = answer.appendTo(w.diagnosis, nil)
		n.remote = w.remoteOf(w.domain())
	}
	w.reporter = w.server(r).appendHost(w.reporter, w.origin(r).region)
	n.text, n.reporter = w.diagnosis, w.reporter
	return n
}

// ownNotice is the one with which SES reports suppressed mail.
func (w *Writer) ownNotice(text string) notice {
	w.diagnosis, w.reporter = append(w.diagnosis[:0], text...), append(w.reporter[:0], "dns; amazonses.com"...)
	return notice{status: "5.1.1", text: w.diagnosis, reporter: w.reporter}
}

// appendSimulated appends the mailbox simulator's answer: as in AWS's examples, or as in
// the probes of 2026.
func (w *Writer) appendSimulated(b []byte, s ses.Simulator) []byte {
	switch {
	case !w.cfg.Rules.Mail.SimulatorGeneral:
		return append(b, "user unknown"...)
	case s == ses.SimulateSuppression:
		return append(append(append(b, "As requested: user unknown (suppressed address: "...), w.recipient...), ')')
	}
	return append(append(append(b, "As requested: user unknown <"...), w.recipient...), '>')
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
func (w *Writer) expiry(r *sim.Record) (n notice) {
	_, answer := w.delayOf(r)
	limit, _ := w.retryLimit(r)
	b := append(w.diagnosis, "550 4.4.7 Message expired: unable to deliver in "...)
	b = append(strconv.AppendInt(b, int64(limit/time.Minute), 10), " minutes.<"...)
	w.diagnosis = append(answer.appendTo(b, w.domain()), '>')
	n.status = "4.4.7"
	if m := met(r); m != ses.TransientGeneral && m != ses.PermanentGeneral {
		n.remote = w.remoteOf(w.domain())
	}
	return n
}
