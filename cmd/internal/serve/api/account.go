package api

import (
	"time"

	"sesim/sim/ses"
)

// GetAccount describes the account. Version 1 reads GetSendQuota and
// GetAccountSendingEnabled from it.
type GetAccount struct{}

// GetAccountOutput is the output of GetAccount.
type GetAccountOutput struct {
	DedicatedIpAutoWarmupEnabled bool
	Details                      *AccountDetails `json:",omitempty"` // nil before the first request
	EnforcementStatus            string
	ProductionAccessEnabled      bool
	SendQuota                    SendQuota
	SendingEnabled               bool
	SuppressionAttributes        SuppressionAttributes
}

// Describe returns the output for an account as the model describes it.
func Describe(d ses.Description) GetAccountOutput {
	return GetAccountOutput{
		EnforcementStatus: d.EnforcementStatus.String(), ProductionAccessEnabled: d.ProductionAccessEnabled,
		SendQuota: SendQuota{
			Max24HourSend: float64(d.Max24HourSend), MaxSendRate: float64(d.MaxSendRate), SentLast24Hours: float64(d.SentLast24Hours),
		},
		SendingEnabled:        d.SendingEnabled,
		SuppressionAttributes: SuppressionAttributes{SuppressedReasons: d.SuppressedReasons.List()},
	}
}

// SendQuota is what an account may send, in recipients.
type SendQuota struct {
	Max24HourSend   float64 // -1: unlimited
	MaxSendRate     float64 // a second
	SentLast24Hours float64
}

// SuppressionAttributes are the reasons for which the account-level list suppresses mail.
type SuppressionAttributes struct{ SuppressedReasons []string }

// AccountDetails are what a production-access request says, and its review.
type AccountDetails struct {
	AdditionalContactEmailAddresses []string       `json:",omitempty"`
	ContactLanguage                 string         `json:",omitempty"`
	MailType                        string         `json:",omitempty"`
	ReviewDetails                   *ReviewDetails `json:",omitempty"`
	UseCaseDescription              string         `json:",omitempty"`
	WebsiteURL                      string         `json:",omitempty"`
}

// ReviewDetails are the state of a review.
type ReviewDetails struct {
	CaseId string `json:",omitempty"`
	Status string
}

// PutAccountDetails requests production access.
type PutAccountDetails struct {
	MailType                        string `must:"be fit=MARKETING,TRANSACTIONAL"`
	WebsiteURL                      string `must:"be"`
	AdditionalContactEmailAddresses []string
	ContactLanguage                 string `must:"fit=EN,JA"`
	ProductionAccessEnabled         *bool
	UseCaseDescription              string
}

// PutAccountSendingAttributes switches the account's sending on or off, which the customer
// may do.
type PutAccountSendingAttributes struct{ SendingEnabled bool }

// PutAccountSuppressionAttributes sets the reasons of the account-level list.
type PutAccountSuppressionAttributes struct {
	SuppressedReasons []string `must:"fit=BOUNCE,COMPLAINT"`
}

// PutSuppressedDestination puts an address on the account-level list.
type PutSuppressedDestination struct {
	EmailAddress string `must:"be"`
	Reason       string `must:"be fit=BOUNCE,COMPLAINT"`
	TenantName   string
}

// GetSuppressedDestination looks an address up on the account-level list.
type GetSuppressedDestination struct {
	EmailAddress string `in:"path" must:"be"`
	TenantName   string `in:"query"`
}

// GetSuppressedDestinationOutput is the output of GetSuppressedDestination.
type GetSuppressedDestinationOutput struct{ SuppressedDestination SuppressedDestination }

// SuppressedDestination is an entry of the account-level list.
type SuppressedDestination struct {
	EmailAddress   string
	LastUpdateTime Time
	Reason         string
	Attributes     *SuppressedDestinationAttributes `json:",omitempty"` // nil for entries that a call has put
}

// SuppressedDestinationAttributes name what SES has learned an entry from.
type SuppressedDestinationAttributes struct {
	FeedbackId string `json:",omitempty"`
	MessageId  string `json:",omitempty"`
}

// ListSuppressedDestinations lists the account-level list.
type ListSuppressedDestinations struct {
	EndDate    *time.Time `in:"query"`
	NextToken  string     `in:"query"`
	PageSize   int32      `in:"query"`
	Reasons    []string   `in:"query=Reason" must:"fit=BOUNCE,COMPLAINT"`
	StartDate  *time.Time `in:"query"`
	TenantName string     `in:"query"`
}

// ListSuppressedDestinationsOutput is the output of ListSuppressedDestinations.
type ListSuppressedDestinationsOutput struct {
	NextToken                      string `json:",omitempty"`
	SuppressedDestinationSummaries []SuppressedDestinationSummary
}

// SuppressedDestinationSummary is an entry of the account-level list.
type SuppressedDestinationSummary struct {
	EmailAddress   string
	LastUpdateTime Time
	Reason         string
}

// DeleteSuppressedDestination takes an address off the account-level list.
type DeleteSuppressedDestination struct {
	EmailAddress string `in:"path" must:"be"`
	TenantName   string `in:"query"`
}

// GetSendStatistics reads the account's statistics of the last two weeks. Only version 1
// has it.
type GetSendStatistics struct{}

// GetSendStatisticsOutput is the output of GetSendStatistics.
type GetSendStatisticsOutput struct{ SendDataPoints []SendDataPoint }

// SendDataPoint counts what happened in 15 minutes.
type SendDataPoint struct {
	Timestamp                                      time.Time
	DeliveryAttempts, Bounces, Complaints, Rejects int64
}
