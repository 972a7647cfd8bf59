package rules

// Standing is the kind of evidence for a rule or a default.
type Standing uint8

// The standings, best first.
const (
	Documented Standing = iota + 1 // stated in AWS's documentation or API model
	Observed                       // observed in real traffic or in email from AWS
	Assumed                        // not published; our choice, which a scenario can change
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

// ID identifies a rule. It is stable: timelines, records and reports contain it.
type ID uint16

// Rule is one entry of the catalogue.
type Rule struct {
	ID         ID
	Name       string        // "quota.rolling"
	About      string        // what it does, in one line
	Parameters []ParameterID // its own under [rules]: what its decisions read, or how an answer is worded
	Also       []ParameterID // of other rules, which its decisions read too, some of them
	Source     string        // the page, API or other evidence
	URL        string        // of the source; empty if there is none
	Read       string        // date of the version of the source, yyyy-mm-dd
	Standing   Standing
	reads      Reads // the set of Parameters
}

// The rules, in the order of the catalogue. Add new ones at the end: fingerprints of
// runs depend on the numbers.
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
	CustomerPauseWiped
	ProdAfterDenied
	ProdReply
	SessionIdle
	SessionFull
	ruleCount
)

func init() {
	for id := range catalogue {
		catalogue[id].ID = ID(id)
		catalogue[id].reads = NewReads(catalogue[id].Parameters...)
	}
}

// Catalogue returns all rules in order. The slice must not be modified.
func Catalogue() []Rule { return catalogue[1:] }

// Of returns the rule with the given ID.
func Of(id ID) *Rule { return &catalogue[id] }

// Reads returns the rule's own parameters as a set.
func (id ID) Reads() Reads { return catalogue[id].reads }

// String returns the name of the rule, such as "quota.rolling".
func (id ID) String() string {
	if id >= ruleCount {
		return "unknown"
	}
	return catalogue[id].Name
}
