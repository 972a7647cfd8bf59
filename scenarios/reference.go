// # The scenario language, version 1
//
// A scenario is a TOML file of at most 1 MiB. Keys are written in lower case.
// A key marked * has no default and must be there.
//
// Values are written with their units: durations as "90s", "18h", "30d",
// "1d12h" (w, d, h, m, s, ms, us, ns; at most 36500d), rates as "14/s",
// "60/h", "50000/d" (at most 1000000/s), shares as "5%" or 0.05, sizes as
// "500kB" or "12MB" (1 MB is 1,048,576 bytes). A moment is a duration since
// the start, before the horizon. Names have 1 to 64 of a-z, 0-9, _ and -.
//
// Outside all tables:
//
//	version      1; default 1
//	name *       of the scenario, 1 to 64 letters, digits, spaces, . _ -
//	question     what it asks, at most 1000 characters; default none
//	edition      "current" (default), "classic", "flat14", "guide-2022": named defaults of the rules
//	start        epoch of the virtual clock with its offset from UTC, years 1970 to 2200; default 2026-01-01T00:00:00Z
//	horizon *    duration that is simulated
//	seed         of the random numbers, at least 0; default 1
//	thresholds   list of at most 1000 criteria such as "acme.bounce_rate.max < 5%"; default none
//	replications how many runs with different seeds there are to be, 1 to 100,000, or until when, see below; default 1
//	[sweep]      keys and the values that they are to have in turn, see below; default none
//	[goal]       what "sesim plan" is to find, see below; default nothing
//	[rules]      parameters of the model under their names; default those of the edition ("sesim rules" lists them)
//
// replications = { max, min, metric, half_width, confidence }, as many as it
// takes for the mean of a metric to be known:
//
//	max *       most replications, up to 100,000
//	min         fewest; default 10
//	metric      such as "acme.bounce_rate.max"; without it there are max
//	half_width  how far the interval about the mean may reach to either side, as a limit of the metric is written: "0.1%", "5m", 20
//	confidence  of all intervals, "50%" to "99.9%"; default "95%"
//
// [sweep], at most 10,000 combinations of the values of at most 8 keys:
//
//	"account.acme.quota" = [10_000, 50_000]
//	                       any key as --set names it, with a list of values,
//	"sender.news.begin" = { from = "0s", to = "2d", step = "12h" }
//	                       or a range: numbers, or texts of a number and a unit;
//	                       not name, version, replications, thresholds and the names of entities
//	zip                    lists of keys that are stepped together instead of in all combinations, such as [["account.acme.quota", "account.acme.rate"]]
//	constraint             a comparison that combinations must meet, or a list of them, such as "account.acme.quota >= 3600 * account.acme.rate";
//	                       with + - * / ( ) and numbers with units; durations count in seconds, rates by the second; == and != compare texts in quotes too
//
// [goal], what "sesim plan" is to find:
//
//	promise *     list of 1 to 100 promises: a threshold, which every run is to meet; P(acme.under-review) <= 5%, an event of the
//	              timeline, or P(acme.delay.max > 1h) <= 5%; p95(acme.delay.max) < 1h, median( ) and mean( ) over the runs
//	choose *      table of 1 to 8 keys as --set names them, in quotes, each with a range { from, to, step, wanted }, a list of values
//	              in rising order, or { values, wanted }. The first key is chosen first, then the next. wanted is "smallest" or
//	              "largest"; default "smallest" for an account's quota and rate, "largest" for traffic.rate and for an audience's
//	              size, invalid, dead_domain, hard_bounce, mailbox_full and complaint; step: default 1 of the unit, 0.1% for percentages
//	replications  most runs of one candidate in the search, 1 to 1,000,000; default 1000
//	confirm       fresh runs that the answer has to stand, up to 1,000,000; default 1000
//	confidence    of all intervals, "50%" to "99.9%"; default "95%"
//	hold          share of the runs in which a threshold has to hold; default "100%"
//
// An [[account]], [[audience]] or [[sender]] with a count stands for so many of
// them: with count = 100 the name "acme" becomes acme-001 to acme-100, which go
// by these names everywhere else. A sender with a count may name such an account
// or audience as a whole: news-001 sends from acme-001, news-002 from acme-002,
// and after the last one it begins again with the first. Keys of --set and of a
// sweep name the table: account.acme.quota is the quota of all.
//
// [[account]] *, an SES account in one Region, 1 to 100,000 of them:
//
//	name *       name; unique
//	count        stands for so many accounts, 1 to 100,000; not with customer and delegates; default one without a number
//	region       default "us-east-1"
//	access       "sandbox" (default) or "production"
//	quota        recipients in a rolling 24 hours, up to 1,000,000,000; -1: unlimited; default 200, in production rules.prod.quota
//	rate         recipients a second, 1 to 1,000,000; default 1, in production rules.prod.rate
//	identities   verified domains and addresses, at most 10,000; default none
//	suppression  reasons of the account-level list, "BOUNCE" and "COMPLAINT"; [] turns it off; default both
//	customer     the AWS account, at most 64 characters; one customer has one account in a Region, and its accounts in several can share a request; default none
//	delegates    accounts in the same Region that may send for this one's identities; default none
//
// [[account.configuration_set]], at most 10,000 of an account:
//
//	name *        name; unique in the account
//	suppression   reasons that stand instead of the account's; [] neither checks nor records; default the account's
//	sending       false: paused at the start; default true
//	exists        false: not there until an action creates it; default true
//	max_delivery  how long SES tries to deliver mail sent with it, "5m" to "14h" in whole seconds, but never longer than
//	              rules.retry.horizon; where it is shorter the bounce at its end is Transient/CustomTimeoutExceeded, also
//	              of a domain that does not exist; mail keeps to it if the set is deleted; default rules.retry.horizon
//
// [[account.request]], a request for production access, in order of time, at
// most 1000 of an account:
//
//	at           moment; default "0s"
//	mail_type    "TRANSACTIONAL" (default) or "MARKETING"
//	website      address on the web, at most 1000 characters; default one of the account's name
//	use_case     at most 5000 characters; default none
//	list_source  how the list is built, at most 1000 characters; default left to fill in by "sesim request"
//	bounce_handling
//	             what happens on bounces and complaints besides what the senders do, at most 1000 characters; default none
//	opt_out      how people get off the list, at most 1000 characters; default left to fill in by "sesim request"
//	contacts     at most 4 addresses; default none
//	language     "EN" (default) or "JA"
//	acknowledge  true (default); AWS's form does not submit without
//	outcome      "granted" (default), "denied", "failed", "more-info"
//	after        how long the review takes, at most "365d"; default drawn by rules.prod
//	quota, rate  what is granted; default rules.prod.quota and rules.prod.rate
//	regions      further Regions that the request is for, at most 100, in each of which the customer has an account; default none
//
// [[audience]], a population of recipients; 1,073,741,824 addresses together:
//
//	name *               name; unique
//	count                stands for so many audiences, 1 to 100,000, of size addresses each; not with addresses; default one without a number
//	size                 number of addresses, at least 1; default 1000
//	domain               of the addresses; default the name and ".example"
//	local                what stands before the number in each, not ending in a digit; default the name and "-";
//	                     at simulator.amazonses.com "bounce+" for an audience named bounce or bounce-…, so for ooto, complaint
//	                     and suppressionlist, and "success+" for all others
//	addresses            1 to 10,000 recipients one by one, instead of size, domain and local; of no other audience, the simulator's apart
//	invalid              share of the addresses that do not exist; default 0
//	dead_domain          share of the addresses at domains that do not exist; default 0
//	feedback_loop        share of the addresses at providers that report complaints; default "40%"
//	decay                share of the valid addresses that stop existing in a time of at least "1h", such as "2.1%/30d"; at most 99 %; default 0
//	hard_bounce          share of the messages to existing addresses that bounce hard all the same; default 0
//	mailbox_full         share of them that meet a full mailbox, which SES tries again; default 0
//	full_for             how long a full mailbox stays full; default longer than SES tries
//	message_too_large    share of them that bounce as too large; default 0
//	content_rejected     share of them that bounce for their content; default 0
//	attachment_rejected  share of them that bounce for an attachment; default 0
//	undetermined         share of them that bounce for no known reason; default 0
//	blocked_ip           share of them whose server blocks the address of SES, which tries again; default 0
//	deferred             share of them whose server puts them off, which SES tries again; default 0
//	deferral             delayType of these: "General" (default), "SpamDetected", "RecipientServerError",
//	                     "TransientCommunicationFailure" or "Undetermined"
//	deferred_for         how long servers block and put off; default longer than SES tries
//	                     (these and hard_bounce and mailbox_full are at most 100 % together)
//	complaint            share of the delivered messages that draw a complaint; default 0
//	out_of_office        share of the delivered messages that draw an automatic reply; default 0
//
// [[sender]], a program that sends, at most 200,000 of them:
//
//	name *                 name; unique
//	count                  stands for so many senders, 1 to 200,000; default one without a number
//	account *              an account; with a count also the name of accounts with one, taken in turn
//	from *                 address, also as "Name <address>"
//	audience *             an audience; likewise
//	traffic *              when its messages are due, see below
//	begin                  moment; default "0s"
//	end                    no message is due from then on; after begin; default the horizon
//	pick                   "sequential" (default), "uniform" or "zipf"; a campaign is sequential
//	recipients             of a message, 1 to 50, no more than the audience has; default 1; a trace has its own
//	interface              "v2" (default), "v1" or "smtp"
//	retry                  what it does about refused calls, see below; default none
//	on_bounce              "remove" (default) or "keep" addresses that bounced
//	on_complaint           "remove" or "keep" (default) addresses that complained
//	source, return_path, sender
//	                       further identities that the call names and SES checks, source and sender also with a name; default none
//	reply_to               address for answers, which SES does not check; default none
//	on_behalf_of           another account, for whose identities the mail is sent; default none
//	configuration_set      of the account; default none
//	size                   of a message after encoding, "1B" to "1024MB"; default of no weight
//	rejected               share of the messages that the content scan rejects; default 0
//	malformed              share of the messages whose first recipient is written without its domain; default 0
//	credentials            with smtp: "sigv4" (default) or "sigv2", the old kind, which a refusal by rate names
//	port                   with smtp: 25, 465, 587 (default), 2465 or 2587
//	origin                 with smtp: "ec2" or "elsewhere" (default)
//	port_throttle_removed  with smtp: EC2's throttle of port 25 is removed; default false
//
// traffic is one of; rates and paces count messages, of however many recipients:
//
//	{ kind = "constant", rate * }           exact spacing, the first message at begin
//	{ kind = "poisson", rate * }            exponential spacing
//	{ kind = "campaign", pace, every }      the whole audience, and again each time; default pace the account's rate, every: once
//	{ kind = "diurnal", rate *, peak, depth }
//	                                        poisson whose rate swings about its mean by depth, a share (default "80%"),
//	                                        highest at peak, a time of the day in UTC (default "14:00")
//	{ kind = "trace", file * }              recorded sends; a relative path begins at the scenario's folder
//
// The file of a trace is CSV with the header
//
//	time,recipients
//
// which may be left out, or name the second column "count", "recipient_count" or
// "addresses", and rows in order of time. The time is as 2026-03-02T09:00:00Z, not before
// the start, or a duration since the start. The recipients are a number, 1 to
// 10,000, whom the sender picks, or addresses of its audience with spaces,
// commas or semicolons between them. SES refuses a call with more than 50. Empty lines are passed
// over; a row has at most 1 MiB.
//
// retry = { on, first, factor, cap, attempts }, each with a default:
//
//	on        reasons of refusals after which it calls again: "rate", "quota", "unverified", "paused", "invalid"; default rate and quota
//	first     wait before the first retry, at least "1ms"; default "1s"
//	factor    each wait is so many times the one before, 1 to 100; default 2
//	cap       longest wait, not below first; default "10m"
//	attempts  retries of a call, 1 to 1000; default 8
//
// [[action]], what people do, at most 100,000; at *, a moment, and do *, one
// of the words below with its own keys. account * is an account.
//
//	appeal         account *, outcome "accepted" (default) or "rejected", after (at most "365d"; default drawn by rules.appeal.reply)
//	verify         account *, identity *, outcome "success" (default) or "failed", after (at most "365d", longer than SES waits fails;
//	               default at once, and where it fails after 24 hours for an address and 72 for a domain),
//	               template (name of a custom verification mail to an address; default SES's own mail)
//	unverify       account *, identity *
//	suppress       account *, address * of an audience (one that nobody writes to stands for the rest of the world), reason "BOUNCE" (default) or "COMPLAINT"
//	unsuppress     account *, address *
//	get            account *, address *: looks it up on the account's list
//	list           account *: lists the account's list
//	import         account *, audience *, count of its first addresses (default all), mode "put" (default) or "delete", reason as suppress;
//	               more than SES takes at once make the import fail
//	remove-global  address *, region (default "us-east-1"), characters (at most 64; default typed), account; needs rules.global.removal_form
//	pause, resume  account *, configuration_set of it (default: the account as a whole)
//	delete-set, create-set
//	               account *, configuration_set * of it; created, it is as the account describes it
//	trigger        account *, cause *, effect "review" (default) or "pause"; the cause is "spamtrap", "blocklist", "listbombing",
//	               "direct-feedback", "internal-review", "mailbox-provider", "recipient-feedback", "related-account",
//	               "vulnerable-site", "compromised-credentials" or "anti-spam-organisation"
//	set            key * and value *: account.NAME.quota, .rate (as AWS answers a request for more, or takes some away),
//	               .suppression, .set.SET.suppression (of a configuration set); sender.NAME.on_bounce, .rate (not of a trace);
//	               audience.NAME.mailbox_full, .complaint, .hard_bounce
package scenarios
