package sim

// MaxSeries is how many accounts a run samples over time: the first ones of
// the scenario. All accounts have their figures at the end.
const MaxSeries = 100

// SeriesMetrics are the columns of Result.Series for each sampled account, in
// their order. After those of all accounts comes one of the global list.
var SeriesMetrics = [...]string{
	"bounce_rate", "complaint_rate", "bounce_eligible", "complaint_eligible",
	"quota_used", "quota", "rate", "enforcement", "account_listed",
	"accepted", "delivered", "hard_bounced", "soft_bounced", "suppressed_account", "suppressed_global", "complaints",
	"refused_rate", "refused_quota", "refused_unverified", "refused_paused", "refused_invalid",
}
