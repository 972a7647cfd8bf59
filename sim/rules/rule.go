package rules

// Standing says how well a rule or a default is known.
type Standing uint8

// The standings, best first.
const (
	Documented Standing = iota + 1 // stated by AWS's pages or API model
	Observed                       // seen in real traffic or in AWS's own mail
	Assumed                        // not published; our choice, which can be set
)

// String returns documented, observed or assumed.
func (s Standing) String() string {
	switch s {
	case Documented:
		return "documented"
	case Observed:
		return "observed"
	case Assumed:
		return "assumed"
	}
	return "unknown"
}

// ID names a rule. It is stable: it stands in timelines, records and reports.
type ID uint16

// Rule is one entry of the catalogue.
type Rule struct {
	ID         ID
	Name       string   // "quota.rolling"
	About      string   // what it does, in one line
	Parameters []string // names under [rules]
	Source     string   // page, API or evidence
	URL        string   // where to read it, if anywhere
	Read       string   // date of the edition that was read
	Standing   Standing
}

// The rules. Their order is that of the catalogue. New ones come last: the
// fingerprints of runs hold their numbers.
const (
	None ID = iota
	SandboxRecipients
	IdentityFrom
	CallRecipients
	RateBucket
	QuotaRolling
	QuotaAutoIncrease
	AccountSuppressed
	AccountListed
	AccountBlocked
	AccountWiped
	GlobalSuppressed
	GlobalEscalation
	GlobalRemoval
	BounceHard
	BounceSoft
	ComplaintLoop
	SimulatorFree
	RepReview
	ReviewEnd
	ReviewExtended
	PauseImmediate
	PauseRepeated
	PauseRefuses
	PauseCustomer
	AppealFreshStart
	ProdRequest
	ProdConflict
	ProdGrant
	ProdDenied
	ProdFailed
	ProdMoreInfo
	IdentityVerify
	ContentRejected
	OutOfOffice
	IdentityDelegate
	AccountAPI
	APIRate
	RepTrigger
	ReviewPending
	PausePending
	PausePermanent
	PauseSet
	EC2Port25
	MailDelivered
	EventPublished
	IdentityLimit
	IdentityTemplate
	CallAddress
	CallSize
	CallSet
	CallBilled
	QuotaRequest
	SetAPI
	BounceTimeout
	ruleCount
)

const (
	guide      = "https://docs.aws.amazon.com/ses/latest/dg/"
	guideRead  = "2022-11-02"
	apiRead    = "2026-08-07"
	newRead    = "2026-11-22"
	blogQuotas = "https://aws.amazon.com/blogs/messaging-and-targeting/what-happens-when-you-reach-your-sending-limits/"
)

var catalogue = [ruleCount]Rule{
	SandboxRecipients: {Name: "sandbox.recipients", About: "in the sandbox every recipient must be verified or belong to the mailbox simulator; one that is not fails the whole call",
		Parameters: []string{"identity.listed_text", "identity.check", "sandbox.recipient_labels"},
		Source:     "guide, request production access", URL: guide + "request-production-access.html", Read: guideRead, Standing: Documented},
	IdentityFrom: {Name: "identity.from", About: "From, Source, Sender and Return-Path must each be a verified address, a label of one, or an address at a verified domain or its subdomains; Reply-To need not",
		Parameters: []string{"identity.listed_text", "identity.check"},
		Source:     "guide, creating and verifying identities", URL: guide + "creating-identities.html", Read: guideRead, Standing: Documented},
	CallRecipients: {Name: "call.recipients", About: "a call has 1 to 50 recipients",
		Source: "guide, service quotas", URL: guide + "quotas.html", Read: guideRead, Standing: Documented},
	RateBucket: {Name: "rate.bucket", About: "a call is accepted while the bucket holds a whole token, and takes one for each recipient, into debt if need be; it refills at the max send rate",
		Parameters: []string{"rate.burst_seconds", "rate.debt"}, Source: "AWS blog on reaching the sending limits", URL: blogQuotas, Read: guideRead, Standing: Documented},
	QuotaRolling: {Name: "quota.rolling", About: "recipients accepted in the last 24 hours, counted by event or in steps, must leave room under the sending quota",
		Parameters: []string{"quota.multi_recipient", "quota.granularity"}, Source: "guide, managing sending quotas", URL: guide + "manage-sending-quotas.html", Read: guideRead, Standing: Documented},
	QuotaAutoIncrease: {Name: "quota.auto-increase", About: "the quota of an account that regularly comes close to it with good mail grows by itself",
		Parameters: []string{"auto_increase"}, Source: "guide, increasing sending quotas; the numbers are ours", URL: guide + "manage-sending-quotas-request-increase.html", Read: guideRead, Standing: Assumed},
	AccountSuppressed: {Name: "account.suppressed", About: "a recipient on the account's list is accepted, not sent, and counts towards the quota but not towards the bounce rate",
		Parameters: []string{"account.reason_match"}, Source: "guide, account-level suppression list", URL: guide + "sending-email-suppression-list.html", Read: newRead, Standing: Documented},
	AccountListed: {Name: "account.listed", About: "a hard bounce or complaint of the account's own mail puts the address on its list",
		Parameters: []string{"account.add_on_suppressed_bounce", "account.add_on_general", "account.add_delay"}, Source: "guide, account-level suppression list", URL: guide + "sending-email-suppression-list.html", Read: guideRead, Standing: Documented},
	AccountBlocked: {Name: "account.sandbox-blocked", About: "the sandbox blocks calls that change or read the account's list",
		Parameters: []string{"sandbox.blocked_ops"}, Source: "guide, request production access", URL: guide + "request-production-access.html", Read: guideRead, Standing: Documented},
	AccountWiped: {Name: "account.pause-wipe", About: "a pause of 90 days, by AWS or by the customer, empties the account's list",
		Parameters: []string{"account.pause_wipe"}, Source: "guide, account-level suppression list", URL: guide + "sending-email-suppression-list.html", Read: guideRead, Standing: Documented},
	GlobalSuppressed: {Name: "global.suppressed", About: "a recipient on the global list is accepted, not sent, and counts towards the quota and towards the bounce rate",
		Parameters: []string{"account.overrides_global", "global.scope"}, Source: "guide, global suppression list", URL: guide + "sending-email-global-suppression-list.html", Read: guideRead, Standing: Documented},
	GlobalEscalation: {Name: "global.escalation", About: "any customer's hard bounce lists the address for all, longer each time, at most 14 days",
		Parameters: []string{"global.durations", "global.strike_memory", "global.suppressed_bounce_escalates", "global.add_on_complaint", "global.delivery_resets"},
		Source:     "guide, global suppression list; the steps are ours", URL: guide + "sending-email-global-suppression-list.html", Read: guideRead, Standing: Documented},
	GlobalRemoval: {Name: "global.removal", About: "the form of the classic console takes an address off the global list at once, for all accounts and Regions",
		Parameters: []string{"global.removal_form"}, Source: "classic guide, removing an address from the suppression list", Read: "2022-03-01", Standing: Documented},
	BounceHard: {Name: "bounce.hard", About: "an address that does not exist bounces hard; it counts unless its domain is verified by the account",
		Parameters: []string{"bounce.delay", "bounce.async_share", "bounce.async_delay", "bounce.no_email_share"}, Source: "FAQ on enforcement", URL: guide + "faqs-enforcement.html", Read: guideRead, Standing: Documented},
	BounceSoft: {Name: "bounce.soft", About: "a soft bounce, by a full mailbox, a domain that does not exist, or a server that blocks the address of SES or puts mail off, is retried up to the horizon, then reported; it counts towards no rate",
		Parameters: []string{"retry.horizon", "retry.schedule", "bounce.dead_domain"}, Source: "guide, sending process; API, MaxDeliverySeconds", URL: guide + "send-email-concepts-process.html", Read: apiRead, Standing: Documented},
	ComplaintLoop: {Name: "complaint.feedback-loop", About: "only providers with a feedback loop report complaints; mail to the others is no part of the complaint rate",
		Parameters: []string{"complaint.delay", "complaint.relay"}, Source: "FAQ on enforcement", URL: guide + "faqs-enforcement.html", Read: guideRead, Standing: Documented},
	ContentRejected: {Name: "content.rejected", About: "a message with bad content is accepted, rejected by the scan and sent to nobody; it counts towards the quota",
		Source: "guide, notification contents", URL: guide + "notification-contents.html", Read: guideRead, Standing: Documented},
	OutOfOffice: {Name: "bounce.out-of-office", About: "an automatic reply is published as a transient bounce after the delivery; it counts towards no rate",
		Source: "guide, notification contents", URL: guide + "notification-contents.html", Read: guideRead, Standing: Documented},
	IdentityDelegate: {Name: "identity.delegate", About: "an account may send for another's identities in the same Region if that one authorizes it; quota, bounces and complaints are the sender's",
		Source: "guide, sending authorization", URL: guide + "sending-authorization-overview.html", Read: guideRead, Standing: Documented},
	AccountAPI: {Name: "account.operations", About: "put, get, list, delete and import change or read the account's list, of whatever addresses; an import adds at most 100,000 and deletes at most 10,000",
		Source: "guide, account-level suppression list; API", URL: guide + "sending-email-suppression-list.html", Read: apiRead, Standing: Documented},
	APIRate: {Name: "api.rate", About: "API calls other than sending are throttled at one a second; SDKs try again",
		Source: "guide, service quotas", URL: guide + "quotas.html", Read: guideRead, Standing: Documented},
	RepTrigger: {Name: "rep.trigger", About: "a spamtrap, a blocklist, direct feedback and the like put an account under review, or pause it, whatever its rates",
		Source: "guide, reputation dashboard messages", URL: guide + "reputationdashboardmessages.html", Read: guideRead, Standing: Documented},
	ReviewPending: {Name: "review.pending", About: "at the end of a review AWS may take time to decide",
		Parameters: []string{"review.decision_time"}, Source: "guide, reputation dashboard messages", URL: guide + "reputationdashboardmessages.html", Read: guideRead, Standing: Documented},
	PausePending: {Name: "pause.pending", About: "a decision to pause may take effect later",
		Parameters: []string{"pause.notice"}, Source: "guide, reputation dashboard messages", URL: guide + "reputationdashboardmessages.html", Read: guideRead, Standing: Documented},
	PausePermanent: {Name: "pause.permanent", About: "repeat offenders are suspended for good",
		Parameters: []string{"pause.permanent"}, Source: "FAQ on enforcement; the number is ours", URL: guide + "faqs-enforcement.html", Read: guideRead, Standing: Documented},
	PauseSet: {Name: "pause.configuration-set", About: "a customer can pause and resume sending with one configuration set",
		Source: "API, PutConfigurationSetSendingOptions", URL: "https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_PutConfigurationSetSendingOptions.html", Read: apiRead, Standing: Documented},
	EC2Port25: {Name: "ec2.port25", About: "EC2 throttles outgoing port 25 until a form is filled in; connections time out before they reach SES",
		Parameters: []string{"ec2.port25_rate"}, Source: "guide, connecting to the SMTP endpoint", URL: guide + "smtp-connect.html", Read: guideRead, Standing: Documented},
	MailDelivered: {Name: "mail.delivered", About: "mail that no list suppresses is attempted within milliseconds; what the other side takes is delivered",
		Parameters: []string{"delivery.delay"}, Source: "guide, sending process", URL: guide + "send-email-concepts-process.html", Read: guideRead, Standing: Documented},
	EventPublished: {Name: "event.published", About: "a sender learns of bounces and complaints from published events, and may take the address off its list",
		Parameters: []string{"event.publish_delay"}, Source: "guide, monitoring using event publishing", URL: guide + "monitor-using-event-publishing.html", Read: guideRead, Standing: Documented},
	SimulatorFree: {Name: "simulator.free", About: "mail to the mailbox simulator takes from the send rate, not from the quota or the reputation",
		Parameters: []string{"simulator.suppression_bounce"}, Source: "guide, mailbox simulator", URL: guide + "send-an-email-from-console.html", Read: guideRead, Standing: Documented},
	RepReview: {Name: "rep.review", About: "a bounce rate of 5 % or a complaint rate of 0.1 % over the representative volume puts the account under review; sending continues",
		Parameters: []string{"rep.window_eligible", "rep.window_days", "rep.max_lookback", "rep.min_eligible", "rep.min_events", "rep.eval_interval", "review.bounce_rate", "review.complaint_rate"},
		Source:     "FAQ on enforcement; reputation metrics", URL: guide + "faqs-enforcement.html", Read: guideRead, Standing: Documented},
	ReviewEnd: {Name: "review.end", About: "at the end of a review the account is paused at the pause threshold, and healthy below the review threshold",
		Parameters: []string{"review.length", "review.sending_allowance", "review.end_rule", "pause.bounce_rate", "pause.complaint_rate"},
		Source:     "guide, reputation dashboard messages; the length is ours", URL: guide + "reputationdashboardmessages.html", Read: guideRead, Standing: Documented},
	ReviewExtended: {Name: "review.extended", About: "a rate between the two thresholds at the end of a review extends it once",
		Parameters: []string{"review.end_rule"}, Source: "not published", Standing: Assumed},
	PauseImmediate: {Name: "pause.immediate", About: "a rate far above the pause threshold pauses sending without a review",
		Parameters: []string{"pause.immediate_factor"}, Source: "FAQ on enforcement; the factor is ours", URL: guide + "faqs-enforcement.html", Read: guideRead, Standing: Documented},
	PauseRepeated: {Name: "pause.repeated", About: "an account reviewed again and again for the same metric is paused instead",
		Parameters: []string{"pause.repeat_reviews"}, Source: "FAQ on enforcement; the number is ours", URL: guide + "faqs-enforcement.html", Read: guideRead, Standing: Documented},
	PauseRefuses: {Name: "pause.refuses", About: "while AWS has paused an account every call is refused; only an appeal lifts it",
		Parameters: []string{"pause.sending_enabled"},
		Source:     "FAQ on enforcement; API, SendingPausedException", URL: guide + "faqs-enforcement.html", Read: apiRead, Standing: Documented},
	PauseCustomer: {Name: "pause.customer", About: "a customer can pause and resume the account's own sending; that does not lift a pause by AWS",
		Source: "API, PutAccountSendingAttributes", URL: "https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_PutAccountSendingAttributes.html", Read: apiRead, Standing: Documented},
	AppealFreshStart: {Name: "appeal.fresh-start", About: "an accepted appeal ends review or pause, and the rates count from later mail only",
		Parameters: []string{"appeal.reply", "appeal.fresh_start"}, Source: "FAQ on enforcement", URL: guide + "faqs-enforcement.html", Read: guideRead, Standing: Documented},
	ProdRequest: {Name: "prod.request", About: "a request for production access is answered within 24 hours, longer where there are questions; its details are locked meanwhile",
		Parameters: []string{"prod.review_time"}, Source: "guide, request production access", URL: guide + "request-production-access.html", Read: guideRead, Standing: Documented},
	ProdConflict: {Name: "prod.conflict", About: "a request while another is under review is answered with ConflictException",
		Source: "API, PutAccountDetails", URL: "https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_PutAccountDetails.html", Read: apiRead, Standing: Documented},
	ProdGrant: {Name: "prod.granted", About: "a granted request moves the account out of the sandbox of its Region at once, with new quota and rate",
		Parameters: []string{"prod.quota", "prod.rate"}, Source: "guide, request production access; approval mails", URL: guide + "request-production-access.html", Read: guideRead, Standing: Documented},
	ProdDenied: {Name: "prod.denied", About: "a denied request leaves the account in the sandbox",
		Source: "API, ReviewDetails", URL: "https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_ReviewDetails.html", Read: apiRead, Standing: Documented},
	ProdFailed: {Name: "prod.failed", About: "an internal error ends the review; the request may be sent again",
		Source: "API, ReviewDetails", URL: "https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_ReviewDetails.html", Read: apiRead, Standing: Documented},
	ProdMoreInfo: {Name: "prod.more-info", About: "AWS asks for more; the next request is the answer, and the review goes on",
		Source: "guide, request production access", URL: guide + "request-production-access.html", Read: guideRead, Standing: Documented},
	IdentityVerify: {Name: "identity.verify", About: "verifying or dropping an identity changes at once who may send and, in the sandbox, who may receive; a verification that has not succeeded fails after 24 hours for an address and 72 hours for a domain",
		Source: "guide, creating and verifying identities", URL: guide + "creating-identities.html", Read: guideRead, Standing: Documented},
	IdentityLimit: {Name: "identity.limit", About: "an account has at most 10,000 identities in a Region",
		Source: "guide, service quotas", URL: guide + "quotas.html", Read: guideRead, Standing: Documented},
	IdentityTemplate: {Name: "identity.template", About: "custom verification mails need production access",
		Source: "guide, creating and verifying identities; API, ProductionAccessNotGranted", URL: guide + "creating-identities.html", Read: apiRead, Standing: Documented},
	CallAddress: {Name: "call.address", About: "one malformed recipient, such as an address without a domain or with other characters than ASCII before the @, fails the whole call",
		Source: "API, Destination; guide, SMTP response codes", URL: "https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_Destination.html", Read: apiRead, Standing: Documented},
	CallSize: {Name: "call.size", About: "a message has at most 10 MB after encoding through version 1 of the API, 40 MB through version 2 and SMTP; that SES may slow the transfer of more than 10 MB to 40 MB/s changes no outcome, because a call takes no time in the model and such a transfer at most a second",
		Source: "guide, service quotas", URL: guide + "quotas.html", Read: guideRead, Standing: Documented},
	CallSet: {Name: "call.configuration-set", About: "a call that names a configuration set which does not exist is refused: ConfigurationSetDoesNotExist in version 1 of the API, NotFoundException in version 2, 554 by SMTP",
		Source: "API, errors of SendEmail", URL: "https://docs.aws.amazon.com/ses/latest/APIReference/API_SendEmail.html", Read: apiRead, Standing: Documented},
	CallBilled: {Name: "call.billed", About: "every accepted recipient is billed, also those that a list suppresses, the content scan rejects or the mailbox simulator answers; a refused call is not",
		Source: "guide, error messages and mailbox simulator; that suppressed recipients are billed follows from their being accepted", URL: guide + "troubleshoot-error-messages.html", Read: guideRead, Standing: Documented},
	QuotaRequest: {Name: "quota.request", About: "AWS answers a request to Service Quotas for a higher quota or rate within 24 hours, and may take capacity away from an account that bounces; a scenario sets the new value at the moment of the answer",
		Source: "guide, increasing sending quotas", URL: guide + "manage-sending-quotas-request-increase.html", Read: guideRead, Standing: Documented},
	SetAPI: {Name: "configuration-set.operations", About: "a customer can create and delete a configuration set and choose by which reasons the account's list works for its mail; calls about one that does not exist are answered with NotFoundException",
		Source: "API, CreateConfigurationSet, DeleteConfigurationSet, PutConfigurationSetSuppressionOptions", URL: "https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_PutConfigurationSetSuppressionOptions.html", Read: apiRead, Standing: Documented},
	BounceTimeout: {Name: "bounce.max-delivery", About: "a configuration set can have SES try for a shorter time than it would, 5 minutes to 14 hours; what is not delivered by then bounces as Transient/CustomTimeoutExceeded, whatever the attempts met, and counts towards no rate",
		Parameters: []string{"retry.horizon", "retry.schedule"}, Source: "API, DeliveryOptions; guide, contents of event records", URL: "https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_DeliveryOptions.html", Read: apiRead, Standing: Documented},
}

func init() {
	for id := range catalogue {
		catalogue[id].ID = ID(id)
	}
}

// Catalogue returns all rules in order. The slice must not be changed.
func Catalogue() []Rule { return catalogue[1:] }

// Of returns the rule with that id.
func Of(id ID) *Rule { return &catalogue[id] }

// String returns the rule's name.
func (id ID) String() string {
	if id >= ruleCount {
		return "unknown"
	}
	return catalogue[id].Name
}
