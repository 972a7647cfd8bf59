package rules

import "slices"

// The pages that rules cite, and the dates of the versions that were read.
const (
	guide      = "https://docs.aws.amazon.com/ses/latest/dg/"
	guideRead  = "2022-11-02"
	apiRead    = "2026-08-07"
	newRead    = "2026-11-22"
	againRead  = "2026-10-04" // copies of the guide of autumn 2026, the last of which is of that day
	blogQuotas = "https://aws.amazon.com/blogs/messaging-and-targeting/what-happens-when-you-reach-your-sending-limits/"
)

// rating are the parameters on which a decision about a rate rests, without thresholds.
var rating = []ParameterID{
	ParamRepWindowEligible, ParamRepWindowDays, ParamRepMaxLookback, ParamRepMinEligible, ParamRepMinEvents,
	ParamRepEvalInterval, ParamRepVerifiedAddressesCount,
}

var catalogue = [ruleCount]Rule{
	SandboxRecipients: {
		Name: "sandbox.recipients",
		About: "in the sandbox, every recipient must be verified or be an address of the mailbox simulator; one " +
			"that is not fails the whole call",
		Parameters: []ParameterID{ParamIdentityListedText, ParamIdentityCheck, ParamSandboxRecipientLabels},
		Source:     "guide, request production access",
		URL:        guide + "request-production-access.html",
		Read:       againRead, Standing: Documented,
	},
	IdentityFrom: {
		Name: "identity.from",
		About: "From, Source, Sender and Return-Path must each be a verified address, a label of one, or an " +
			"address at a verified domain or one of its subdomains; Reply-To need not be",
		Parameters: []ParameterID{ParamIdentityListedText, ParamIdentityCheck},
		Source:     "guide, creating and verifying identities",
		URL:        guide + "creating-identities.html",
		Read:       guideRead, Standing: Documented,
	},
	CallRecipients: {
		Name:   "call.recipients",
		About:  "a call has 1 to 50 recipients",
		Source: "guide, service quotas",
		URL:    guide + "quotas.html",
		Read:   againRead, Standing: Documented,
	},
	RateBucket: {
		Name: "rate.bucket",
		About: "a call is accepted if the token bucket holds at least one token, and takes one token per " +
			"recipient, going into debt if necessary; the bucket refills at the maximum send rate",
		Parameters: []ParameterID{ParamRateBurstSeconds, ParamRateDebt},
		Also:       []ParameterID{ParamIdentityCheck},
		Source:     "AWS blog on reaching the sending limits",
		URL:        blogQuotas,
		Read:       guideRead, Standing: Documented,
	},
	QuotaRolling: {
		Name: "quota.rolling",
		About: "a call is accepted if the recipients accepted in the last 24 hours, counted by event or in steps, " +
			"leave room under the sending quota, for all of its recipients or for one",
		Parameters: []ParameterID{ParamQuotaMultiRecipient, ParamQuotaGranularity},
		Also:       []ParameterID{ParamIdentityCheck},
		Source:     "guide, managing sending quotas; AWS blog on reaching the sending limits: room for one recipient is enough",
		URL:        guide + "manage-sending-quotas.html",
		Read:       againRead, Standing: Documented,
	},
	QuotaAutoIncrease: {
		Name: "quota.auto-increase",
		About: "the sending quota of an account that regularly comes close to it, with few bounces and complaints, " +
			"may be increased automatically",
		Parameters: []ParameterID{ParamAutoIncrease},
		Also: []ParameterID{
			ParamRepWindowEligible, ParamRepWindowDays, ParamRepMaxLookback, ParamRepEvalInterval, ParamRepVerifiedAddressesCount,
		},
		Source: "guide, increasing sending quotas; the numbers are assumed",
		URL:    guide + "manage-sending-quotas-request-increase.html",
		Read:   againRead, Standing: Assumed,
	},
	AccountSuppressed: {
		Name: "account.suppressed",
		About: "mail to a recipient on the account-level suppression list is accepted but not sent; it counts " +
			"towards the quota but not towards the bounce rate",
		Parameters: []ParameterID{ParamAccountReasonMatch},
		Source:     "guide, account-level suppression list",
		URL:        guide + "sending-email-suppression-list.html",
		Read:       newRead, Standing: Documented,
	},
	AccountListed: {
		Name:       "account.listed",
		About:      "a hard bounce or complaint of the account's own mail adds the address to its suppression list",
		Parameters: []ParameterID{ParamAccountAddOnSuppressedBounce, ParamAccountAddOnGeneral, ParamAccountAddDelay},
		Source:     "guide, account-level suppression list",
		URL:        guide + "sending-email-suppression-list.html",
		Read:       againRead, Standing: Documented,
	},
	AccountBlocked: {
		Name:       "account.sandbox-blocked",
		About:      "the sandbox blocks calls that read or change the account-level suppression list",
		Parameters: []ParameterID{ParamSandboxBlockedOps},
		Source:     "guide, request production access",
		URL:        guide + "request-production-access.html",
		Read:       againRead, Standing: Documented,
	},
	AccountWiped: {
		Name:       "account.pause-wipe",
		About:      "a pause of 90 days by AWS empties the account-level suppression list",
		Parameters: []ParameterID{ParamAccountPauseWipe},
		Also:       []ParameterID{ParamAccountCustomerPauseWipes},
		Source:     "guide, account-level suppression list",
		URL:        guide + "sending-email-suppression-list.html",
		Read:       againRead, Standing: Documented,
	},
	GlobalSuppressed: {
		Name: "global.suppressed",
		About: "mail to a recipient on the global suppression list is accepted but not sent; it counts towards the " +
			"quota and towards the bounce rate",
		Parameters: []ParameterID{ParamAccountOverridesGlobal, ParamGlobalScope},
		Also:       []ParameterID{ParamGlobalDurations},
		Source:     "guide, global suppression list",
		URL:        guide + "sending-email-global-suppression-list.html",
		Read:       againRead, Standing: Documented,
	},
	GlobalEscalation: {
		Name: "global.escalation",
		About: "a hard bounce of any customer's mail adds the address to the global suppression list for all " +
			"customers, for longer each time, at most 14 days",
		Parameters: []ParameterID{
			ParamGlobalDurations, ParamGlobalStrikeMemory, ParamGlobalSuppressedBounceEscalates,
			ParamGlobalAddOnComplaint, ParamGlobalDeliveryResets,
		},
		Also:   []ParameterID{ParamGlobalScope},
		Source: "guide, global suppression list; the durations are assumed",
		URL:    guide + "sending-email-global-suppression-list.html",
		Read:   againRead, Standing: Documented,
	},
	GlobalRemoval: {
		Name: "global.removal",
		About: "a form in the classic console removes an address from the global suppression list at once, for all " +
			"accounts and Regions",
		Parameters: []ParameterID{ParamGlobalRemovalForm},
		Source:     "classic guide, removing an address from the suppression list",
		Read:       "2022-03-01", Standing: Documented,
	},
	BounceHard: {
		Name: "bounce.hard",
		About: "mail to an address that does not exist hard-bounces; it counts towards the bounce rate unless the " +
			"account has verified the address or its domain",
		Parameters: []ParameterID{
			ParamBounceDelay, ParamBounceAsyncShare, ParamBounceAsyncDelay, ParamBounceNoEmailShare, ParamRepVerifiedAddressesCount,
		},
		Also:   []ParameterID{ParamDeliveryDelay, ParamRetryHorizon, ParamRetrySchedule, ParamBounceDeadDomain},
		Source: "FAQ on enforcement",
		URL:    guide + "faqs-enforcement.html",
		Read:   againRead, Standing: Documented,
	},
	BounceSoft: {
		Name: "bounce.soft",
		About: "a soft bounce (a full mailbox, a domain that does not exist, a server that blocks the IP address " +
			"of SES or defers mail) is retried until the retry horizon and then reported; it counts towards no rate",
		Parameters: []ParameterID{ParamRetryHorizon, ParamRetrySchedule, ParamBounceDeadDomain},
		Also:       []ParameterID{ParamBounceDelay},
		Source:     "guide, sending process; API, MaxDeliverySeconds",
		URL:        guide + "send-email-concepts-process.html",
		Read:       apiRead, Standing: Documented,
	},
	ComplaintLoop: {
		Name: "complaint.feedback-loop",
		About: "only providers with a feedback loop report complaints; mail to other providers does not count " +
			"towards the complaint rate",
		Parameters: []ParameterID{ParamComplaintDelay, ParamComplaintRelay},
		Source:     "FAQ on enforcement",
		URL:        guide + "faqs-enforcement.html",
		Read:       againRead, Standing: Documented,
	},
	ContentRejected: {
		Name: "content.rejected",
		About: "a message with bad content is accepted, rejected by the content scan and not sent; it counts " +
			"towards the quota",
		Source: "guide, notification contents",
		URL:    guide + "notification-contents.html",
		Read:   guideRead, Standing: Documented,
	},
	OutOfOffice: {
		Name: "bounce.out-of-office",
		About: "an automatic reply is published as a transient bounce after the delivery; it counts towards no " +
			"rate",
		Source: "guide, notification contents",
		URL:    guide + "notification-contents.html",
		Read:   guideRead, Standing: Documented,
	},
	IdentityDelegate: {
		Name: "identity.delegate",
		About: "an account may send from another account's identities in the same Region if that account " +
			"authorizes it; quota, bounces and complaints are those of the sending account",
		Also:   []ParameterID{ParamIdentityListedText, ParamIdentityCheck},
		Source: "guide, sending authorization",
		URL:    guide + "sending-authorization-overview.html",
		Read:   guideRead, Standing: Documented,
	},
	AccountAPI: {
		Name: "account.operations",
		About: "put, get, list, delete and import read or change the account-level suppression list, for any " +
			"addresses; an import adds at most 100,000 or deletes at most 10,000",
		Source: "guide, account-level suppression list; API",
		URL:    guide + "sending-email-suppression-list.html",
		Read:   apiRead, Standing: Documented,
	},
	APIRate: {
		Name:       "api.rate",
		About:      "API calls other than sending are throttled to one a second; SDKs retry",
		Parameters: []ParameterID{ParamAPIPerSecond},
		Source:     "guide, service quotas",
		URL:        guide + "quotas.html",
		Read:       againRead, Standing: Documented,
	},
	RepTrigger: {
		Name: "rep.trigger",
		About: "a spamtrap, a blocklist, direct feedback and the like put an account under review or pause it, " +
			"regardless of its rates",
		Also:   []ParameterID{ParamPauseNotice, ParamRepEvalInterval},
		Source: "guide, reputation dashboard messages",
		URL:    guide + "reputationdashboardmessages.html",
		Read:   guideRead, Standing: Documented,
	},
	ReviewPending: {
		Name:       "review.pending",
		About:      "at the end of a review, AWS may take time to decide",
		Parameters: []ParameterID{ParamReviewDecisionTime},
		Also:       []ParameterID{ParamReviewLength, ParamReviewSendingAllowance, ParamRepEvalInterval},
		Source:     "guide, reputation dashboard messages",
		URL:        guide + "reputationdashboardmessages.html",
		Read:       guideRead, Standing: Documented,
	},
	PausePending: {
		Name:       "pause.pending",
		About:      "a decision to pause an account may take effect later",
		Parameters: []ParameterID{ParamPauseNotice},
		Also: slices.Concat(rating, []ParameterID{
			ParamReviewLength, ParamReviewSendingAllowance, ParamReviewDecisionTime, ParamReviewEndRule, ParamReviewBounceRate,
			ParamReviewComplaintRate, ParamPauseBounceRate, ParamPauseComplaintRate, ParamPauseImmediateFactor, ParamPauseRepeatReviews,
		}),
		Source: "guide, reputation dashboard messages",
		URL:    guide + "reputationdashboardmessages.html",
		Read:   guideRead, Standing: Documented,
	},
	PausePermanent: {
		Name:       "pause.permanent",
		About:      "a repeat offender may be suspended permanently",
		Parameters: []ParameterID{ParamPausePermanent},
		Source:     "FAQ on enforcement; the number is assumed",
		URL:        guide + "faqs-enforcement.html",
		Read:       guideRead, Standing: Documented,
	},
	PauseSet: {
		Name:   "pause.configuration-set",
		About:  "a customer can pause and resume sending with a single configuration set",
		Source: "API, PutConfigurationSetSendingOptions",
		URL:    "https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_PutConfigurationSetSendingOptions.html",
		Read:   apiRead, Standing: Documented,
	},
	SessionIdle: {
		Name: "session.idle",
		About: "SES closes an SMTP session that has had no message for some seconds; the next call on it is answered " +
			"with 451 and takes from no limit",
		Parameters: []ParameterID{ParamSessionIdle},
		Source:     "guide, SMTP issues",
		URL:        guide + "troubleshoot-smtp.html",
		Read:       guideRead, Standing: Documented,
	},
	SessionFull: {
		Name: "session.max-messages",
		About: "SES closes an SMTP session that has had as many messages as it may; the next call on it is answered " +
			"with 421 and takes from no limit",
		Parameters: []ParameterID{ParamSessionMaxMessages},
		Source:     "reports of customers; the number is not published",
		URL:        "https://github.com/knadh/listmonk/issues/2683",
		Read:       newRead, Standing: Assumed,
	},
	EC2Port25: {
		Name: "ec2.port25",
		About: "EC2 throttles outbound connections on port 25 until the customer requests removal by a form; " +
			"excess connections time out before they reach SES",
		Parameters: []ParameterID{ParamEC2Port25Rate},
		Source:     "guide, connecting to the SMTP endpoint",
		URL:        guide + "smtp-connect.html",
		Read:       guideRead, Standing: Documented,
	},
	MailDelivered: {
		Name: "mail.delivered",
		About: "mail that no list suppresses is attempted within milliseconds; what the receiving server accepts " +
			"is delivered",
		Parameters: []ParameterID{ParamDeliveryDelay},
		Also:       []ParameterID{ParamRetrySchedule, ParamBounceAsyncShare},
		Source:     "guide, sending process",
		URL:        guide + "send-email-concepts-process.html",
		Read:       guideRead, Standing: Documented,
	},
	EventPublished: {
		Name: "event.published",
		About: "a sender learns of bounces and complaints from published events, and may remove the address from " +
			"its own list",
		Parameters: []ParameterID{ParamEventPublishDelay},
		Source:     "guide, monitoring using event publishing",
		URL:        guide + "monitor-using-event-publishing.html",
		Read:       guideRead, Standing: Documented,
	},
	SimulatorFree: {
		Name: "simulator.free",
		About: "mail to the mailbox simulator counts towards the maximum send rate, not towards the quota or the " +
			"reputation",
		Parameters: []ParameterID{ParamSimulatorSuppressionBounce},
		Source:     "guide, mailbox simulator",
		URL:        guide + "send-an-email-from-console.html",
		Read:       guideRead, Standing: Documented,
	},
	RepReview: {
		Name: "rep.review",
		About: "a bounce rate of 5 % or a complaint rate of 0.1 % over the representative volume puts the account " +
			"under review; sending continues",
		Parameters: slices.Concat(rating, []ParameterID{ParamReviewBounceRate, ParamReviewComplaintRate}),
		Also: []ParameterID{
			ParamPauseBounceRate, ParamPauseComplaintRate, ParamPauseImmediateFactor, ParamPauseRepeatReviews,
		},
		Source: "FAQ on enforcement; reputation metrics",
		URL:    guide + "faqs-enforcement.html",
		Read:   againRead, Standing: Documented,
	},
	ReviewEnd: {
		Name: "review.end",
		About: "at the end of a review, the account is paused if a rate remains above the pause threshold, and " +
			"healthy again if both are below the review thresholds",
		Parameters: []ParameterID{
			ParamReviewLength, ParamReviewSendingAllowance, ParamReviewEndRule, ParamPauseBounceRate,
			ParamPauseComplaintRate,
		},
		Also: slices.Concat(rating, []ParameterID{
			ParamReviewBounceRate, ParamReviewComplaintRate, ParamReviewDecisionTime, ParamPauseImmediateFactor, ParamPauseNotice,
		}),
		Source: "guide, reputation dashboard messages; the length is assumed",
		URL:    guide + "reputationdashboardmessages.html",
		Read:   againRead, Standing: Documented,
	},
	ReviewExtended: {
		Name:       "review.extended",
		About:      "a rate between the review and the pause threshold at the end of a review extends the review once",
		Parameters: []ParameterID{ParamReviewEndRule},
		Also: slices.Concat(rating, []ParameterID{
			ParamReviewLength, ParamReviewSendingAllowance, ParamReviewDecisionTime, ParamReviewBounceRate, ParamReviewComplaintRate,
			ParamPauseBounceRate, ParamPauseComplaintRate, ParamPauseImmediateFactor,
		}),
		Source:   "not published",
		Standing: Assumed,
	},
	PauseImmediate: {
		Name:       "pause.immediate",
		About:      "a rate far above the pause threshold pauses sending without a review",
		Parameters: []ParameterID{ParamPauseImmediateFactor},
		Also:       slices.Concat(rating, []ParameterID{ParamPauseBounceRate, ParamPauseComplaintRate, ParamPauseNotice}),
		Source:     "FAQ on enforcement: pauses of very serious cases; that a rate alone is one is assumed, and so is the factor",
		URL:        guide + "faqs-enforcement.html",
		Read:       againRead, Standing: Assumed,
	},
	PauseRepeated: {
		Name:       "pause.repeated",
		About:      "an account that is reviewed repeatedly for the same metric is paused instead",
		Parameters: []ParameterID{ParamPauseRepeatReviews},
		Also: slices.Concat(rating, []ParameterID{
			ParamReviewBounceRate, ParamReviewComplaintRate, ParamPauseBounceRate, ParamPauseComplaintRate, ParamPauseImmediateFactor,
			ParamPauseNotice,
		}),
		Source: "FAQ on enforcement; the number is assumed",
		URL:    guide + "faqs-enforcement.html",
		Read:   guideRead, Standing: Documented,
	},
	PauseRefuses: {
		Name:       "pause.refuses",
		About:      "while AWS has paused an account, every call is refused; only an appeal ends the pause",
		Parameters: []ParameterID{ParamPauseSendingEnabled},
		Source:     "FAQ on enforcement; API, SendingPausedException",
		URL:        guide + "faqs-enforcement.html",
		Read:       apiRead, Standing: Documented,
	},
	PauseCustomer: {
		Name:   "pause.customer",
		About:  "a customer can pause and resume the account's own sending; resuming does not end a pause by AWS",
		Source: "API, PutAccountSendingAttributes",
		URL:    "https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_PutAccountSendingAttributes.html",
		Read:   apiRead, Standing: Documented,
	},
	AppealFreshStart: {
		Name: "appeal.fresh-start",
		About: "an accepted appeal ends a review or a pause, and from then on the rates are computed from later " +
			"mail only",
		Parameters: []ParameterID{ParamAppealReply, ParamAppealFreshStart},
		Also:       []ParameterID{ParamPausePermanent},
		Source:     "FAQ on enforcement",
		URL:        guide + "faqs-enforcement.html",
		Read:       guideRead, Standing: Documented,
	},
	ProdRequest: {
		Name: "prod.request",
		About: "AWS answers a request for production access within 24 hours, later if it has questions; until then " +
			"the details of the request are locked",
		Parameters: []ParameterID{ParamProdReviewTime},
		Also:       []ParameterID{ParamProdAfterDenied},
		Source:     "guide, request production access",
		URL:        guide + "request-production-access.html",
		Read:       againRead, Standing: Documented,
	},
	ProdConflict: {
		Name:   "prod.conflict",
		About:  "a request made while another one is under review fails with ConflictException",
		Also:   []ParameterID{ParamProdReviewTime},
		Source: "API, PutAccountDetails",
		URL:    "https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_PutAccountDetails.html",
		Read:   apiRead, Standing: Documented,
	},
	ProdGrant: {
		Name: "prod.granted",
		About: "a granted request moves the account out of the sandbox of its Region at once, with a new quota and " +
			"rate",
		Parameters: []ParameterID{ParamProdQuota, ParamProdRate},
		Also:       []ParameterID{ParamProdReviewTime},
		Source:     "guide, request production access; approval mails",
		URL:        guide + "request-production-access.html",
		Read:       againRead, Standing: Documented,
	},
	ProdDenied: {
		Name:   "prod.denied",
		About:  "a denied request leaves the account in the sandbox",
		Also:   []ParameterID{ParamProdReviewTime},
		Source: "API, ReviewDetails",
		URL:    "https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_ReviewDetails.html",
		Read:   apiRead, Standing: Documented,
	},
	ProdFailed: {
		Name:   "prod.failed",
		About:  "an internal error ends the review; the request may be submitted again",
		Also:   []ParameterID{ParamProdReviewTime},
		Source: "API, ReviewDetails",
		URL:    "https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_ReviewDetails.html",
		Read:   apiRead, Standing: Documented,
	},
	ProdMoreInfo: {
		Name:   "prod.more-info",
		About:  "AWS asks for more information; the review continues, and the details of the request stay locked",
		Also:   []ParameterID{ParamProdReviewTime},
		Source: "guide, request production access",
		URL:    guide + "request-production-access.html",
		Read:   againRead, Standing: Documented,
	},
	IdentityVerify: {
		Name: "identity.verify",
		About: "verifying or deleting an identity takes effect at once, for senders and, in the sandbox, for " +
			"recipients; a verification that has not succeeded fails after 24 hours for an address and 72 hours for a " +
			"domain",
		Source: "guide, creating and verifying identities",
		URL:    guide + "creating-identities.html",
		Read:   guideRead, Standing: Documented,
	},
	IdentityLimit: {
		Name:   "identity.limit",
		About:  "an account has at most 10,000 identities in a Region",
		Source: "guide, service quotas",
		URL:    guide + "quotas.html",
		Read:   againRead, Standing: Documented,
	},
	IdentityTemplate: {
		Name:   "identity.template",
		About:  "custom verification emails require production access",
		Source: "guide, creating and verifying identities; API, ProductionAccessNotGranted",
		URL:    guide + "creating-identities.html",
		Read:   apiRead, Standing: Documented,
	},
	CallAddress: {
		Name: "call.address",
		About: "a malformed recipient, such as an address without a domain or with non-ASCII characters before the " +
			"@, fails the whole call",
		Source: "API, Destination; guide, SMTP response codes",
		URL:    "https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_Destination.html",
		Read:   apiRead, Standing: Documented,
	},
	CallSize: {
		Name: "call.size",
		About: "a message has at most 10 MB after encoding through version 1 of the API, 40 MB through version 2 " +
			"and SMTP; SES may throttle the transfer of messages above 10 MB to 40 MB/s, which changes no outcome: a call " +
			"takes no time in the model, and such a transfer takes at most a second",
		Source: "guide, service quotas",
		URL:    guide + "quotas.html",
		Read:   againRead, Standing: Documented,
	},
	CallSet: {
		Name: "call.configuration-set",
		About: "a call that names a configuration set that does not exist is refused: ConfigurationSetDoesNotExist " +
			"in version 1 of the API, NotFoundException in version 2, 554 by SMTP",
		Source: "API, errors of SendEmail",
		URL:    "https://docs.aws.amazon.com/ses/latest/APIReference/API_SendEmail.html",
		Read:   apiRead, Standing: Documented,
	},
	CallBilled: {
		Name: "call.billed",
		About: "every accepted recipient is billed, including those that a list suppresses, the content scan " +
			"rejects or the mailbox simulator answers; refused calls are not billed",
		Source: "guide, error messages and mailbox simulator; that suppressed recipients are billed follows from " +
			"their acceptance",
		URL:  guide + "troubleshoot-error-messages.html",
		Read: guideRead, Standing: Documented,
	},
	QuotaRequest: {
		Name: "quota.request",
		About: "AWS answers a Service Quotas request for a higher quota or rate within 24 hours, and may reduce " +
			"the capacity of an account with many bounces; a scenario sets the new value at the time of the answer",
		Source: "guide, increasing sending quotas",
		URL:    guide + "manage-sending-quotas-request-increase.html",
		Read:   againRead, Standing: Documented,
	},
	SetAPI: {
		Name: "configuration-set.operations",
		About: "a customer can create and delete a configuration set and choose for which reasons the " +
			"account-level suppression list applies to its mail; calls that name a set that does not exist fail with " +
			"NotFoundException",
		Source: "API, CreateConfigurationSet, DeleteConfigurationSet, PutConfigurationSetSuppressionOptions",
		URL:    "https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_PutConfigurationSetSuppressionOptions.html",
		Read:   apiRead, Standing: Documented,
	},
	BounceTimeout: {
		Name: "bounce.max-delivery",
		About: "a configuration set can limit how long SES tries to deliver, from 5 minutes to 14 hours; mail not " +
			"delivered by then bounces as Transient/CustomTimeoutExceeded, whatever the attempts met, and counts towards no " +
			"rate",
		Parameters: []ParameterID{ParamRetryHorizon, ParamRetrySchedule},
		Source:     "API, DeliveryOptions; guide, contents of event records",
		URL:        "https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_DeliveryOptions.html",
		Read:       apiRead, Standing: Documented,
	},
	CustomerPauseWiped: {
		Name: "account.customer-pause-wipe",
		About: "by the parameter, a pause of 90 days empties the account-level suppression list also if the customer's own " +
			"pause is part of it",
		Parameters: []ParameterID{ParamAccountCustomerPauseWipes, ParamAccountPauseWipe},
		Source:     "guide, account-level suppression list, which does not say whose pause it means",
		URL:        guide + "sending-email-suppression-list.html",
		Read:       newRead, Standing: Assumed,
	},
	ProdAfterDenied: {
		Name:       "prod.after-denied",
		About:      "a request after a denial fails with ConflictException; what is left is a reply in the denied case",
		Parameters: []ParameterID{ParamProdAfterDenied},
		Source:     "one public report",
		URL:        "https://github.com/aws/aws-cli/issues/6652",
		Read:       "2022-01-20", Standing: Assumed,
	},
	ProdReply: {
		Name: "prod.reply",
		About: "after a question by AWS, the next request is the reply in the same case: the request is under review again, " +
			"with the details that it had",
		Source: "guide, request production access, which does not say how AWS is answered",
		URL:    guide + "request-production-access.html",
		Read:   newRead, Standing: Assumed,
	},
}
