package events_test

import (
	"time"

	"sesim/sim"
	"sesim/sim/ses"
)

// The senders of config by their index.
const (
	newsletter = iota
	alerts
	letters
	probe
	bad
)

// The addresses of the mailbox simulator in config by their number.
const (
	simBounce = iota
	simSuccess
	simLabelled
	simOutOfOffice
	simComplaint
	simSuppression
)

// people and others are recipients of config's audiences.
func people(n int64) sim.Address    { return sim.Address{Audience: 0, Number: n} }
func pair(n int64) sim.Address      { return sim.Address{Audience: 1, Number: n} }
func simulator(n int64) sim.Address { return sim.Address{Audience: 2, Number: n} }

// published are the records of what happened to mail that was accepted an
// hour into the run, without feedback ids.
var published = []struct {
	name   string
	kind   sim.RecordKind
	record sim.Record
	want   []string // type and object, in the style event publishing
}{
	{"call accepted", sim.Sent, sim.Record{Recipients: []sim.Address{people(0)}}, []string{`Send {}`}},
	{"content rejected", sim.Rejected, sim.Record{}, []string{`Reject {"reason":"Bad content"}`}},
	{"delivery", sim.Delivered, sim.Record{At: hour + 865*time.Millisecond, SentAt: hour}, []string{
		`Delivery {"timestamp":"2026-03-02T10:00:00.865Z","processingTimeMillis":865,"recipients":["p-1@people.example"],
		"smtpResponse":"250 2.6.0 Message received","remoteMtaIp":"198.51.100.56","reportingMTA":"HOST"}`}},
	{"delay of a full mailbox", sim.Delayed, sim.Record{At: hour + minute, SentAt: hour, Bounce: ses.TransientMailboxFull}, []string{
		`DeliveryDelay {"timestamp":"2026-03-02T10:01:00.000Z","delayType":"MailboxFull","expirationTime":"2026-03-03T00:00:00.000Z",
		"delayedRecipients":[{"emailAddress":"p-1@people.example","status":"4.2.2","diagnosticCode":"smtp; 452 4.2.2 Mailbox full"}],"reportingMTA":"IP"}`}},
	{"delay by a server that blocks", sim.Delayed, sim.Record{At: hour + minute, SentAt: hour, Bounce: ses.TransientBlockedIP}, []string{
		`DeliveryDelay {"timestamp":"2026-03-02T10:01:00.000Z","delayType":"IPFailure","expirationTime":"2026-03-03T00:00:00.000Z",
		"delayedRecipients":[{"emailAddress":"p-1@people.example","status":"4.7.0","diagnosticCode":"smtp; 421 4.7.0 Connections from this IP address are blocked"}],"reportingMTA":"IP"}`}},
	{"delay by a server that puts off", sim.Delayed, sim.Record{At: hour + minute, SentAt: hour, Bounce: ses.TransientDeferred}, []string{
		`DeliveryDelay {"timestamp":"2026-03-02T10:01:00.000Z","delayType":"SpamDetected","expirationTime":"2026-03-03T00:00:00.000Z",
		"delayedRecipients":[{"emailAddress":"p-1@people.example","status":"4.3.0","diagnosticCode":"smtp; 451 4.3.0 Try again later"}],"reportingMTA":"IP"}`}},
	{"delay of a dead domain", sim.Delayed, sim.Record{At: hour, SentAt: hour, Bounce: ses.TransientGeneral}, []string{
		`DeliveryDelay {"timestamp":"2026-03-02T10:00:00.000Z","delayType":"TransientCommunicationFailure","expirationTime":"2026-03-03T00:00:00.000Z",
		"delayedRecipients":[{"emailAddress":"p-1@people.example","status":"4.4.0","diagnosticCode":"smtp; 421 4.4.0 Unable to lookup DNS for people.example"}],"reportingMTA":"IP"}`}},
	{"hard bounce", sim.HardBounced, sim.Record{At: hour + time.Second, SentAt: hour, Bounce: ses.PermanentGeneral}, []string{
		`Bounce {"bounceType":"Permanent","bounceSubType":"General","timestamp":"2026-03-02T10:00:01.000Z","remoteMtaIp":"198.51.100.56","reportingMTA":"dns; HOST",
		"bouncedRecipients":[{"emailAddress":"p-1@people.example","action":"failed","status":"5.1.1","diagnosticCode":"smtp; 550 5.1.1 user unknown"}]}`}},
	{"hard bounce, no such mailbox", sim.HardBounced, sim.Record{At: hour + time.Second, SentAt: hour, Bounce: ses.PermanentNoEmail}, []string{
		`Bounce {"bounceType":"Permanent","bounceSubType":"NoEmail","timestamp":"2026-03-02T10:00:01.000Z","remoteMtaIp":"198.51.100.56","reportingMTA":"dns; HOST",
		"bouncedRecipients":[{"emailAddress":"p-1@people.example","action":"failed","status":"5.1.1","diagnosticCode":"smtp; 550 5.1.1 Mailbox does not exist"}]}`}},
	{"asynchronous bounce", sim.HardBounced, sim.Record{At: 2 * hour, SentAt: hour, Bounce: ses.PermanentGeneral, Async: true}, []string{
		`Bounce {"bounceType":"Permanent","bounceSubType":"General","timestamp":"2026-03-02T11:00:00.000Z","reportingMTA":"dns; mx.people.example",
		"bouncedRecipients":[{"emailAddress":"p-1@people.example","action":"failed","status":"5.1.1","diagnosticCode":"smtp; 550 5.1.1 user unknown"}]}`}},
	{"dead domain made permanent", sim.HardBounced, sim.Record{At: 15 * hour, SentAt: hour, Bounce: ses.PermanentGeneral}, []string{
		`Bounce {"bounceType":"Permanent","bounceSubType":"General","timestamp":"2026-03-03T00:00:00.000Z","reportingMTA":"dns; HOST",
		"bouncedRecipients":[{"emailAddress":"p-1@people.example","action":"failed","status":"4.4.7",
		"diagnosticCode":"smtp; 550 4.4.7 Message expired: unable to deliver in 840 minutes.<421 4.4.0 Unable to lookup DNS for people.example>"}]}`}},
	{"dead domain given up", sim.SoftBounced, sim.Record{At: 15 * hour, SentAt: hour, Bounce: ses.TransientGeneral}, []string{
		`Bounce {"bounceType":"Transient","bounceSubType":"General","timestamp":"2026-03-03T00:00:00.000Z","reportingMTA":"dns; HOST",
		"bouncedRecipients":[{"emailAddress":"p-1@people.example","action":"failed","status":"4.4.7",
		"diagnosticCode":"smtp; 550 4.4.7 Message expired: unable to deliver in 840 minutes.<421 4.4.0 Unable to lookup DNS for people.example>"}]}`}},
	{"full mailbox given up", sim.SoftBounced, sim.Record{At: 15 * hour, SentAt: hour, Bounce: ses.TransientMailboxFull}, []string{
		`Bounce {"bounceType":"Transient","bounceSubType":"MailboxFull","timestamp":"2026-03-03T00:00:00.000Z","remoteMtaIp":"198.51.100.56","reportingMTA":"dns; HOST",
		"bouncedRecipients":[{"emailAddress":"p-1@people.example","action":"failed","status":"4.4.7",
		"diagnosticCode":"smtp; 550 4.4.7 Message expired: unable to deliver in 840 minutes.<452 4.2.2 Mailbox full>"}]}`}},
	{"blocked until the end", sim.SoftBounced, sim.Record{At: 15 * hour, SentAt: hour, Bounce: ses.TransientBlockedIP}, []string{
		`Bounce {"bounceType":"Transient","bounceSubType":"General","timestamp":"2026-03-03T00:00:00.000Z","remoteMtaIp":"198.51.100.56","reportingMTA":"dns; HOST",
		"bouncedRecipients":[{"emailAddress":"p-1@people.example","action":"failed","status":"4.4.7",
		"diagnosticCode":"smtp; 550 4.4.7 Message expired: unable to deliver in 840 minutes.<421 4.7.0 Connections from this IP address are blocked>"}]}`}},
	{"message too large", sim.SoftBounced, sim.Record{At: hour + time.Second, SentAt: hour, Bounce: ses.TransientMessageTooLarge}, []string{
		`Bounce {"bounceType":"Transient","bounceSubType":"MessageTooLarge","timestamp":"2026-03-02T10:00:01.000Z","remoteMtaIp":"198.51.100.56","reportingMTA":"dns; HOST",
		"bouncedRecipients":[{"emailAddress":"p-1@people.example","action":"failed","status":"5.3.4","diagnosticCode":"smtp; 552 5.3.4 Message too large"}]}`}},
	{"content refused by the recipient", sim.SoftBounced, sim.Record{At: hour + time.Second, SentAt: hour, Bounce: ses.TransientContentRejected}, []string{
		`Bounce {"bounceType":"Transient","bounceSubType":"ContentRejected","timestamp":"2026-03-02T10:00:01.000Z","remoteMtaIp":"198.51.100.56","reportingMTA":"dns; HOST",
		"bouncedRecipients":[{"emailAddress":"p-1@people.example","action":"failed","status":"5.6.1","diagnosticCode":"smtp; 500 5.6.1 Message content rejected"}]}`}},
	{"attachment refused", sim.SoftBounced, sim.Record{At: hour + time.Second, SentAt: hour, Bounce: ses.TransientAttachmentRejected}, []string{
		`Bounce {"bounceType":"Transient","bounceSubType":"AttachmentRejected","timestamp":"2026-03-02T10:00:01.000Z","remoteMtaIp":"198.51.100.56","reportingMTA":"dns; HOST",
		"bouncedRecipients":[{"emailAddress":"p-1@people.example","action":"failed","status":"5.7.0","diagnosticCode":"smtp; 552 5.7.0 Attachment rejected"}]}`}},
	{"bounce without a reason", sim.SoftBounced, sim.Record{At: hour + time.Second, SentAt: hour, Bounce: ses.UndeterminedBounce}, []string{
		`Bounce {"bounceType":"Undetermined","bounceSubType":"Undetermined","timestamp":"2026-03-02T10:00:01.000Z","remoteMtaIp":"198.51.100.56",
		"bouncedRecipients":[{"emailAddress":"p-1@people.example"}]}`}},
	{"out of office", sim.AutoReplied, sim.Record{At: hour + time.Second, SentAt: hour, Bounce: ses.TransientGeneral}, []string{
		`Bounce {"bounceType":"Transient","bounceSubType":"General","timestamp":"2026-03-02T10:00:01.000Z","bouncedRecipients":[{"emailAddress":"p-1@people.example"}]}`}},
	{"global list", sim.SuppressedGlobal, sim.Record{Bounce: ses.PermanentSuppressed}, []string{
		`Bounce {"bounceType":"Permanent","bounceSubType":"Suppressed","timestamp":"2026-03-02T10:00:00.000Z","reportingMTA":"dns; amazonses.com",
		"bouncedRecipients":[{"emailAddress":"p-1@people.example","action":"failed","status":"5.1.1","diagnosticCode":"Amazon SES has suppressed sending to this address because it has a recent history of bouncing as an invalid address. For more information about how to remove an address from the suppression list, see the Amazon SES Developer Guide: http://docs.aws.amazon.com/ses/latest/DeveloperGuide/remove-from-suppressionlist.html"}]}`}},
	{"account's list, bounce", sim.SuppressedAccount, sim.Record{ListReason: ses.ListBounce, Bounce: ses.PermanentOnAccountList}, []string{
		`Bounce {"bounceType":"Permanent","bounceSubType":"OnAccountSuppressionList","timestamp":"2026-03-02T10:00:00.000Z","reportingMTA":"dns; amazonses.com",
		"bouncedRecipients":[{"emailAddress":"p-1@people.example","action":"failed","status":"5.1.1","diagnosticCode":"Amazon SES did not send the message to this address because it is on the suppression list for your account. For more information about removing addresses from the suppression list, see the Amazon SES Developer Guide at https://docs.aws.amazon.com/ses/latest/DeveloperGuide/sending-email-suppression-list.html"}]}`}},
	{"account's list, complaint", sim.SuppressedAccount, sim.Record{ListReason: ses.ListComplaint}, []string{
		`Complaint {"complaintSubType":"OnAccountSuppressionList","timestamp":"2026-03-02T10:00:00.000Z","complainedRecipients":[{"emailAddress":"p-1@people.example"}]}`}},
	{"complaint", sim.Complained, sim.Record{At: 7 * hour, SentAt: hour}, []string{
		`Complaint {"complaintSubType":null,"timestamp":"2026-03-02T15:55:00.000Z","userAgent":"AnyCompany Feedback Loop (V0.01)","complaintFeedbackType":"abuse",
		"arrivalDate":"2026-03-02T10:00:00.000Z","complainedRecipients":[{"emailAddress":"p-1@people.example"}]}`}},
	{"simulated success", sim.Simulated, sim.Record{Address: simulator(simSuccess), Simulator: ses.SimulateSuccess}, []string{simulatedDelivery("success")}},
	{"simulated bounce", sim.Simulated, sim.Record{Address: simulator(simBounce), Simulator: ses.SimulateBounce, Bounce: ses.PermanentGeneral}, []string{
		`Bounce {"bounceType":"Permanent","bounceSubType":"General","timestamp":"2026-03-02T10:00:00.000Z","remoteMtaIp":"198.51.100.226","reportingMTA":"dns; HOST",
		"bouncedRecipients":[{"emailAddress":"bounce@simulator.amazonses.com","action":"failed","status":"5.1.1","diagnosticCode":"smtp; 550 5.1.1 user unknown"}]}`}},
	{"simulated out of office", sim.Simulated, sim.Record{Address: simulator(simOutOfOffice), Simulator: ses.SimulateOutOfOffice, Bounce: ses.TransientGeneral}, []string{
		simulatedDelivery("ooto"),
		`Bounce {"bounceType":"Transient","bounceSubType":"General","timestamp":"2026-03-02T10:00:00.000Z","bouncedRecipients":[{"emailAddress":"ooto@simulator.amazonses.com"}]}`}},
	{"simulated complaint", sim.Simulated, sim.Record{Address: simulator(simComplaint), Simulator: ses.SimulateComplaint}, []string{
		simulatedDelivery("complaint"),
		`Complaint {"complaintSubType":null,"timestamp":"2026-03-02T10:00:00.000Z","userAgent":"Amazon SES Mailbox Simulator","complaintFeedbackType":"abuse",
		"arrivalDate":"2026-03-02T10:00:00.000Z","complainedRecipients":[{"emailAddress":"complaint@simulator.amazonses.com"}]}`}},
	{"simulated suppression", sim.Simulated, sim.Record{Address: simulator(simSuppression), Simulator: ses.SimulateSuppression, Bounce: ses.PermanentSuppressed}, []string{
		`Bounce {"bounceType":"Permanent","bounceSubType":"Suppressed","timestamp":"2026-03-02T10:00:00.000Z","reportingMTA":"dns; amazonses.com",
		"bouncedRecipients":[{"emailAddress":"suppressionlist@simulator.amazonses.com","action":"failed","status":"5.1.1","diagnosticCode":"Amazon SES has suppressed sending to this address because it has a recent history of bouncing as an invalid address. For more information about how to remove an address from the suppression list, see the Amazon SES Developer Guide: http://docs.aws.amazon.com/ses/latest/DeveloperGuide/remove-from-suppressionlist.html"}]}`}},
	{"call refused", sim.Refused, sim.Record{Recipients: []sim.Address{people(0)}}, nil},
	{"connection timed out", sim.TimedOut, sim.Record{Recipients: []sim.Address{people(0)}}, nil},
	{"given up by a client", sim.GaveUp, sim.Record{Recipients: []sim.Address{people(0), people(1)}}, nil},
	{"put on the global list", sim.ListedGlobal, sim.Record{}, nil},
	{"taken off the global list", sim.UnlistedGlobal, sim.Record{}, nil},
	{"put on the account's list", sim.ListedAccount, sim.Record{}, nil},
	{"taken off the account's list", sim.UnlistedAccount, sim.Record{}, nil},
	{"account changed", sim.Changed, sim.Record{Sender: -1}, nil},
}

func simulatedDelivery(local string) string {
	return `Delivery {"timestamp":"2026-03-02T10:00:00.000Z","processingTimeMillis":0,"recipients":["` + local + `@simulator.amazonses.com"],
		"smtpResponse":"250 2.6.0 Message received","remoteMtaIp":"198.51.100.226","reportingMTA":"HOST"}`
}
