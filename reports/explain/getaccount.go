package explain

import (
	"fmt"
	"strconv"
	"strings"

	"sesim/sim"
	"sesim/sim/rng"
)

// getAccount is the answer of GetAccount (API version 2), with the API's names.
// Dedicated IP addresses and the Virtual Deliverability Manager are not modelled
// and have the values of a new account; prices are left out.
type getAccount struct {
	DedicatedIPAutoWarmupEnabled bool            `json:"DedicatedIpAutoWarmupEnabled"`
	Details                      *accountDetails `json:",omitempty"`
	EnforcementStatus            string
	ProductionAccessEnabled      bool
	SendQuota                    sendQuota
	SendingEnabled               bool
	SuppressionAttributes        suppressionAttributes
	VdmAttributes                vdmAttributes
}

// accountDetails are those of the latest request for production access; an
// account without a request has none.
type accountDetails struct {
	MailType                        string
	WebsiteURL                      string
	ContactLanguage                 string
	UseCaseDescription              string   `json:",omitempty"`
	AdditionalContactEmailAddresses []string `json:",omitempty"`
	ReviewDetails                   reviewDetails
}

type reviewDetails struct {
	Status string
	CaseID string `json:"CaseId"`
}

// sendQuota is also the answer of GetSendQuota (version 1).
type sendQuota struct {
	Max24HourSend   float64
	MaxSendRate     float64
	SentLast24Hours float64
}

type suppressionAttributes struct {
	SuppressedReasons []string
}

type vdmAttributes struct {
	VdmEnabled string
}

// answerOf returns the answer of GetAccount for the i-th account.
func answerOf(cfg *sim.Config, i int, a *sim.AccountResult) getAccount {
	d := &a.Described
	return getAccount{
		DedicatedIPAutoWarmupEnabled: true,
		Details:                      detailsOf(cfg, i, a),
		EnforcementStatus:            d.EnforcementStatus.String(),
		ProductionAccessEnabled:      d.ProductionAccessEnabled,
		SendQuota:                    sendQuota{float64(d.Max24HourSend), float64(d.MaxSendRate), float64(d.SentLast24Hours)},
		SendingEnabled:               d.SendingEnabled,
		SuppressionAttributes:        suppressionAttributes{d.SuppressedReasons.List()},
		VdmAttributes:                vdmAttributes{"DISABLED"},
	}
}

func detailsOf(cfg *sim.Config, i int, a *sim.AccountResult) *accountDetails {
	r := a.Details
	if r == nil {
		return nil
	}
	return &accountDetails{
		MailType: r.MailType, WebsiteURL: r.Website, ContactLanguage: r.Language, UseCaseDescription: r.UseCase,
		AdditionalContactEmailAddresses: r.Contacts,
		ReviewDetails:                   reviewDetails{string(a.Described.Review), caseNumber(cfg, i, r)},
	}
}

// caseNumber returns the number of the support case that a request opens: eleven
// digits, the same in all Regions of the request.
func caseNumber(cfg *sim.Config, account int, r *sim.Request) string {
	customer := cfg.Accounts[account].Customer
	if customer == "" {
		customer = cfg.Accounts[account].Name
	}
	key := rng.Derive(cfg.Seed, "support case", customer, r.At.String())
	return strconv.FormatUint(10_000_000_000+key.At(0)%90_000_000_000, 10)
}

// line returns the answer in one line, without what the rest of the explanation
// shows.
func (g *getAccount) line() string {
	review := ""
	if g.Details != nil {
		review = fmt.Sprintf("; ReviewDetails %s, case %s", g.Details.ReviewDetails.Status, g.Details.ReviewDetails.CaseID)
	}
	q := &g.SendQuota
	return fmt.Sprintf("EnforcementStatus %s, SendingEnabled %v, ProductionAccessEnabled %v; ",
		g.EnforcementStatus, g.SendingEnabled, g.ProductionAccessEnabled) +
		fmt.Sprintf("Max24HourSend %.0f, MaxSendRate %.0f, SentLast24Hours %.0f; ", q.Max24HourSend, q.MaxSendRate, q.SentLast24Hours) +
		fmt.Sprintf("SuppressedReasons [%s]%s", strings.Join(g.SuppressionAttributes.SuppressedReasons, ", "), review)
}
