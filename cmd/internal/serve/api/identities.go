package api

// CreateEmailIdentity begins the verification of an address or a domain.
type CreateEmailIdentity struct {
	EmailIdentity         string `must:"be"`
	ConfigurationSetName  string
	DkimSigningAttributes *DkimSigningAttributes
	Tags                  []Tag
}

// CreateEmailIdentityOutput is the output of CreateEmailIdentity.
type CreateEmailIdentityOutput struct {
	DkimAttributes           DkimAttributes
	IdentityType             string
	VerifiedForSendingStatus bool
}

// VerifyIdentity begins the verification of an address or a domain, or begins it again.
// Only version 1 has it, as VerifyEmailIdentity, VerifyDomainIdentity and
// VerifyEmailAddress.
type VerifyIdentity struct{ Identity string }

// VerifyIdentityOutput is the output of VerifyIdentity.
type VerifyIdentityOutput struct {
	VerificationToken string // of a domain
}

// Tag is a tag of a resource.
type Tag struct {
	Key   string `must:"be"`
	Value string `must:"be"`
}

// DkimSigningAttributes say how the mail of a domain is signed.
type DkimSigningAttributes struct {
	DomainSigningAttributesOrigin string `json:",omitempty"`
	DomainSigningPrivateKey       string `json:",omitempty"`
	DomainSigningSelector         string `json:",omitempty"`
	NextSigningKeyLength          string `json:",omitempty" must:"fit=RSA_1024_BIT,RSA_2048_BIT"`
}

// DkimAttributes are the state of an identity's DKIM signatures.
type DkimAttributes struct {
	CurrentSigningKeyLength    string `json:",omitempty"`
	LastKeyGenerationTimestamp *Time  `json:",omitempty"`
	NextSigningKeyLength       string `json:",omitempty"`
	SigningAttributesOrigin    string `json:",omitempty"`
	SigningEnabled             bool
	Status                     string
	Tokens                     []string `json:",omitempty"`
}

// GetEmailIdentity describes an identity.
type GetEmailIdentity struct {
	EmailIdentity string `in:"path" must:"be"`
}

// GetEmailIdentityOutput is the output of GetEmailIdentity.
type GetEmailIdentityOutput struct {
	ConfigurationSetName     string `json:",omitempty"`
	DkimAttributes           DkimAttributes
	FeedbackForwardingStatus bool
	IdentityType             string
	MailFromAttributes       MailFromAttributes
	Policies                 map[string]string
	Tags                     []Tag
	VerificationStatus       string
	VerifiedForSendingStatus bool
	VerificationToken        string              `json:"-"` // of a domain; version 1
	Notifications            [3]NotificationInfo `json:"-"` // in the order of NotificationTypes; version 1
}

// NotificationInfo is where an identity's notifications of one type go.
type NotificationInfo struct {
	TopicARN string // empty: nowhere
	Headers  bool   // with the message's headers
}

// NotificationTypes are the types of an identity's notifications.
var NotificationTypes = [...]string{"Bounce", "Complaint", "Delivery"}

// The types of identities.
const (
	EmailAddressIdentity = "EMAIL_ADDRESS"
	DomainIdentity       = "DOMAIN"
)

// The statuses of an identity's verification.
const (
	VerificationPending          = "PENDING"
	VerificationSuccess          = "SUCCESS"
	VerificationFailed           = "FAILED"
	VerificationTemporaryFailure = "TEMPORARY_FAILURE"
	VerificationNotStarted       = "NOT_STARTED"
)

// MailFromAttributes are the custom MAIL FROM domain of an identity.
type MailFromAttributes struct {
	BehaviorOnMxFailure  string
	MailFromDomain       string
	MailFromDomainStatus string
}

// ListEmailIdentities lists the identities of the account.
type ListEmailIdentities struct {
	NextToken string `in:"any"`
	PageSize  int32  `in:"any"`
	// IdentityType limits the list to EmailAddress or Domain; empty: both. Only version 1
	// has it.
	IdentityType string `in:"none"`
}

// ListEmailIdentitiesOutput is the output of ListEmailIdentities.
type ListEmailIdentitiesOutput struct {
	EmailIdentities []IdentityInfo
	NextToken       string `json:",omitempty"`
}

// IdentityInfo is an identity in a list.
type IdentityInfo struct {
	IdentityName       string
	IdentityType       string
	SendingEnabled     bool
	VerificationStatus string
}

// DeleteEmailIdentity deletes an identity.
type DeleteEmailIdentity struct {
	EmailIdentity string `in:"path" must:"be"`
}

// PutEmailIdentityConfigurationSetAttributes sets the default configuration set of an
// identity.
type PutEmailIdentityConfigurationSetAttributes struct {
	EmailIdentity        string `in:"path" must:"be"`
	ConfigurationSetName string
}

// PutEmailIdentityDkimAttributes switches DKIM signatures on or off.
type PutEmailIdentityDkimAttributes struct {
	EmailIdentity  string `in:"path" must:"be"`
	SigningEnabled bool
}

// PutEmailIdentityDkimSigningAttributes sets how the mail of a domain is signed.
type PutEmailIdentityDkimSigningAttributes struct {
	EmailIdentity           string `in:"path" must:"be"`
	SigningAttributesOrigin string `must:"be"`
	SigningAttributes       *DkimSigningAttributes
}

// PutEmailIdentityDkimSigningAttributesOutput is the output of
// PutEmailIdentityDkimSigningAttributes.
type PutEmailIdentityDkimSigningAttributesOutput struct {
	DkimStatus string
	DkimTokens []string
}

// PutEmailIdentityFeedbackAttributes switches feedback by mail on or off.
type PutEmailIdentityFeedbackAttributes struct {
	EmailIdentity          string `in:"path" must:"be"`
	EmailForwardingEnabled bool
}

// PutEmailIdentityMailFromAttributes sets the custom MAIL FROM domain of an identity.
type PutEmailIdentityMailFromAttributes struct {
	EmailIdentity       string `in:"path" must:"be"`
	BehaviorOnMxFailure string `must:"fit=USE_DEFAULT_VALUE,REJECT_MESSAGE"`
	MailFromDomain      string
}

// SetIdentityNotificationTopic sets where an identity's notifications of one type go. Only
// version 1 has it.
type SetIdentityNotificationTopic struct {
	Identity         string
	NotificationType int    // into NotificationTypes
	TopicARN         string // empty: nowhere
}

// SetIdentityHeadersInNotificationsEnabled sets whether an identity's notifications of one
// type have the message's headers. Only version 1 has it.
type SetIdentityHeadersInNotificationsEnabled struct {
	Identity         string
	NotificationType int // into NotificationTypes
	Enabled          bool
}

// TagResource adds tags to an identity, a configuration set or a template.
type TagResource struct {
	ResourceArn string `must:"be"`
	Tags        []Tag  `must:"be"`
}

// UntagResource deletes tags.
type UntagResource struct {
	ResourceArn string   `in:"query" must:"be"`
	TagKeys     []string `in:"query" must:"be"`
}

// ListTagsForResource lists the tags of a resource.
type ListTagsForResource struct {
	ResourceArn string `in:"query" must:"be"`
}

// ListTagsForResourceOutput is the output of ListTagsForResource.
type ListTagsForResourceOutput struct{ Tags []Tag }
