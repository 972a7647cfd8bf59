package v1

import (
	"errors"
	"slices"

	"sesim/cmd/internal/serve/api"
	"sesim/sim/ses"
)

// GetSendQuota reads what the account may send.
type GetSendQuota struct{}

func (*GetSendQuota) do(c *call) (any, error) {
	output, err := c.run(&api.GetAccount{})
	if err != nil {
		return nil, err
	}
	q := output.(*api.GetAccountOutput).SendQuota
	return struct{ Max24HourSend, MaxSendRate, SentLast24Hours decimal }{
		decimal(q.Max24HourSend), decimal(q.MaxSendRate), decimal(q.SentLast24Hours),
	}, nil
}

// GetSendStatistics reads the account's statistics.
type GetSendStatistics struct{}

type dataPoint struct {
	Bounces, Complaints, DeliveryAttempts, Rejects int64
	Timestamp                                      stamp
}

func (*GetSendStatistics) do(c *call) (any, error) {
	output, err := c.run(&api.GetSendStatistics{})
	if err != nil {
		return nil, err
	}
	var result struct{ SendDataPoints list[dataPoint] }
	for _, p := range output.(*api.GetSendStatisticsOutput).SendDataPoints {
		result.SendDataPoints.Member = append(result.SendDataPoints.Member,
			dataPoint{p.Bounces, p.Complaints, p.DeliveryAttempts, p.Rejects, stamp(p.Timestamp)})
	}
	return result, nil
}

// GetAccountSendingEnabled reads whether the account may send.
type GetAccountSendingEnabled struct{}

func (*GetAccountSendingEnabled) do(c *call) (any, error) {
	output, err := c.run(&api.GetAccount{})
	if err != nil {
		return nil, err
	}
	return struct{ Enabled bool }{output.(*api.GetAccountOutput).SendingEnabled}, nil
}

// UpdateAccountSendingEnabled switches the account's sending on or off.
type UpdateAccountSendingEnabled struct{ Enabled bool }

func (a *UpdateAccountSendingEnabled) do(c *call) (any, error) {
	return c.only(&api.PutAccountSendingAttributes{SendingEnabled: a.Enabled})
}

// VerifyEmailIdentity begins the verification of an address.
type VerifyEmailIdentity struct {
	EmailAddress string `must:"be"`
}

func (a *VerifyEmailIdentity) do(c *call) (any, error) {
	return c.only(&api.VerifyIdentity{Identity: a.EmailAddress})
}

// VerifyEmailAddress is the older form of VerifyEmailIdentity.
type VerifyEmailAddress struct {
	EmailAddress string `must:"be"`
}

func (a *VerifyEmailAddress) do(c *call) (any, error) {
	return c.only(&api.VerifyIdentity{Identity: a.EmailAddress})
}

// VerifyDomainIdentity begins the verification of a domain.
type VerifyDomainIdentity struct {
	Domain string `must:"be"`
}

func (a *VerifyDomainIdentity) do(c *call) (any, error) {
	output, err := c.run(&api.VerifyIdentity{Identity: a.Domain})
	if err != nil {
		return nil, err
	}
	return struct{ VerificationToken string }{output.(*api.VerifyIdentityOutput).VerificationToken}, nil
}

// DeleteIdentity deletes an identity; it is no error if there is none.
type DeleteIdentity struct {
	Identity string `must:"be"`
}

func (a *DeleteIdentity) do(c *call) (any, error) {
	_, err := c.run(&api.DeleteEmailIdentity{EmailIdentity: a.Identity})
	if isMissing(err) {
		err = nil
	}
	return nil, err
}

// isMissing reports whether an error is that of an identity that does not exist.
func isMissing(err error) bool {
	var e *api.Error
	return errors.As(err, &e) && e.Missing()
}

// ListIdentities lists the identities.
type ListIdentities struct {
	IdentityType string `must:"fit=EmailAddress,Domain"`
	MaxItems     int32
	NextToken    string
}

func (a *ListIdentities) do(c *call) (any, error) {
	input := api.ListEmailIdentities{NextToken: a.NextToken, PageSize: a.MaxItems}
	switch a.IdentityType {
	case "EmailAddress":
		input.IdentityType = api.EmailAddressIdentity
	case "Domain":
		input.IdentityType = api.DomainIdentity
	}
	output, err := c.run(&input)
	if err != nil {
		return nil, err
	}
	page := output.(*api.ListEmailIdentitiesOutput)
	result := struct {
		Identities list[string]
		NextToken  string `xml:",omitempty"`
	}{NextToken: page.NextToken}
	for _, i := range page.EmailIdentities {
		result.Identities.Member = append(result.Identities.Member, i.IdentityName)
	}
	return result, nil
}

// eachIdentity describes identities one by one. Those that do not exist are left out.
func eachIdentity(c *call, names []string, f func(name string, d *api.GetEmailIdentityOutput)) error {
	for _, name := range names {
		output, err := c.run(&api.GetEmailIdentity{EmailIdentity: name})
		if isMissing(err) {
			continue
		}
		if err != nil {
			return err
		}
		f(name, output.(*api.GetEmailIdentityOutput))
	}
	return nil
}

// GetIdentityVerificationAttributes reads the state of identities.
type GetIdentityVerificationAttributes struct {
	Identities []string `must:"be"`
}

type verification struct {
	VerificationStatus string
	VerificationToken  string `xml:",omitempty"`
}

// statuses are the statuses of a verification as version 1 names them.
var statuses = map[string]string{
	api.VerificationPending: "Pending", api.VerificationSuccess: "Success", api.VerificationFailed: "Failed",
	api.VerificationTemporaryFailure: "TemporaryFailure", api.VerificationNotStarted: "NotStarted",
}

func (a *GetIdentityVerificationAttributes) do(c *call) (any, error) {
	var result struct{ VerificationAttributes entries[verification] }
	err := eachIdentity(c, a.Identities, func(name string, d *api.GetEmailIdentityOutput) {
		result.VerificationAttributes.Entry = append(result.VerificationAttributes.Entry,
			entry[verification]{name, verification{statuses[d.VerificationStatus], d.VerificationToken}})
	})
	return result, err
}

// notificationType returns the number of a type of notifications.
func notificationType(name string) (int, error) {
	if i := slices.Index(api.NotificationTypes[:], name); i >= 0 {
		return i, nil
	}
	return 0, api.NewError(ses.V1, api.BadRequest, "Invalid notification type: %s. Valid values are: Bounce, Complaint, Delivery.", name)
}

// SetIdentityNotificationTopic sets where notifications of an identity go.
type SetIdentityNotificationTopic struct {
	Identity         string `must:"be"`
	NotificationType string `must:"be"`
	SnsTopic         string
}

func (a *SetIdentityNotificationTopic) do(c *call) (any, error) {
	i, err := notificationType(a.NotificationType)
	if err != nil {
		return nil, err
	}
	_, err = c.run(&api.SetIdentityNotificationTopic{Identity: a.Identity, NotificationType: i, TopicARN: a.SnsTopic})
	if isMissing(err) { // boto/boto3#2645
		err = api.NewError(ses.V1, api.BadRequest, "Identity %s is invalid. Must be a verified email address or domain.", a.Identity)
	}
	return nil, err
}

// SetIdentityHeadersInNotificationsEnabled sets whether notifications of an identity have
// the message's headers.
type SetIdentityHeadersInNotificationsEnabled struct {
	Enabled          bool
	Identity         string `must:"be"`
	NotificationType string `must:"be"`
}

func (a *SetIdentityHeadersInNotificationsEnabled) do(c *call) (any, error) {
	i, err := notificationType(a.NotificationType)
	if err != nil {
		return nil, err
	}
	_, err = c.run(&api.SetIdentityHeadersInNotificationsEnabled{Identity: a.Identity, NotificationType: i, Enabled: a.Enabled})
	if isMissing(err) {
		err = notVerified(a.Identity)
	}
	return nil, err
}

// notVerified returns the recorded error of the notification actions.
func notVerified(identity string) *api.Error {
	return api.NewError(ses.V1, api.MessageRejected, "Identity %s is not verified or does not exist.", identity)
}

// GetIdentityNotificationAttributes reads where notifications of identities go.
type GetIdentityNotificationAttributes struct {
	Identities []string `must:"be"`
}

type notifications struct {
	BounceTopic                            string `xml:",omitempty"`
	ComplaintTopic                         string `xml:",omitempty"`
	DeliveryTopic                          string `xml:",omitempty"`
	ForwardingEnabled                      bool
	HeadersInBounceNotificationsEnabled    bool
	HeadersInComplaintNotificationsEnabled bool
	HeadersInDeliveryNotificationsEnabled  bool
}

func (a *GetIdentityNotificationAttributes) do(c *call) (any, error) {
	var result struct{ NotificationAttributes entries[notifications] }
	err := eachIdentity(c, a.Identities, func(name string, d *api.GetEmailIdentityOutput) {
		bounce, complaint, delivery := d.Notifications[0], d.Notifications[1], d.Notifications[2]
		result.NotificationAttributes.Entry = append(result.NotificationAttributes.Entry, entry[notifications]{name, notifications{
			bounce.TopicARN, complaint.TopicARN, delivery.TopicARN, d.FeedbackForwardingStatus,
			bounce.Headers, complaint.Headers, delivery.Headers,
		}})
	})
	return result, err
}

// SetIdentityFeedbackForwardingEnabled switches feedback by mail on or off.
type SetIdentityFeedbackForwardingEnabled struct {
	ForwardingEnabled bool
	Identity          string `must:"be"`
}

func (a *SetIdentityFeedbackForwardingEnabled) do(c *call) (any, error) {
	_, err := c.run(&api.PutEmailIdentityFeedbackAttributes{EmailIdentity: a.Identity, EmailForwardingEnabled: a.ForwardingEnabled})
	if isMissing(err) {
		err = notVerified(a.Identity)
	}
	return nil, err
}
