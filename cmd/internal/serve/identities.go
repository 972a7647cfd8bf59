package serve

import (
	"maps"
	"slices"
	"strings"

	"sesim/cmd/internal/serve/api"
	"sesim/sim"
	"sesim/sim/rng"
)

// maxIdentityPage is the number of identities that a page has at most.
const maxIdentityPage = 1000

// doIdentity carries out operations on identities.
func (o *operation) doIdentity(input any) (any, error) {
	switch in := input.(type) {
	case *api.CreateEmailIdentity:
		return o.createIdentity(in)
	case *api.VerifyIdentity:
		return o.verifyIdentity(in.Identity)
	case *api.GetEmailIdentity:
		return o.getIdentity(in.EmailIdentity)
	case *api.ListEmailIdentities:
		return o.listIdentities(in)
	case *api.DeleteEmailIdentity:
		if err := o.act(sim.Operation{Action: sim.Action{Do: sim.DoUnverify, Identity: o.identityName(in.EmailIdentity)}}); err != nil {
			return nil, err
		}
		delete(o.account.identities, o.identityName(in.EmailIdentity))
		return nil, nil
	}
	return o.doIdentitySetting(input)
}

// identityName returns an identity as it is stored: domains in lower case.
func (o *operation) identityName(name string) string {
	if !strings.Contains(name, "@") {
		return strings.ToLower(name)
	}
	return storedAs(name)
}

// invalidIdentity returns what is wrong with the name of an identity; nil: nothing.
func (o *operation) invalidIdentity(name string) error {
	if !isIdentity(name) {
		return o.refuse(api.BadRequest, "Invalid email address %s.", name)
	}
	return nil
}

// isIdentity reports whether a text is a domain or an address.
func isIdentity(name string) bool { return isDomain(name) || isAddress(name) }

// verify begins the verification of an identity.
func (o *operation) verify(name string) error {
	a := sim.Action{Do: sim.DoVerify, Identity: name, After: o.s.cfg.Serve.VerifyAfter}
	if a.After < 0 {
		a.Fails = true // when AWS no longer waits for it
	}
	return o.act(sim.Operation{Action: a})
}

func (o *operation) createIdentity(in *api.CreateEmailIdentity) (any, error) {
	if err := o.invalidIdentity(in.EmailIdentity); err != nil {
		return nil, err
	}
	name := o.identityName(in.EmailIdentity)
	if o.account.identities[name] != nil {
		return nil, o.refuse(api.AlreadyExists, "Email identity %s already exist.", in.EmailIdentity)
	}
	if set := in.ConfigurationSetName; set != "" {
		if _, exists := o.s.session.Set(o.index, set); !exists {
			return nil, api.NoSet(o.caller.Interface, set)
		}
	}
	if err := o.verify(name); err != nil {
		return nil, err
	}
	i := newIdentity(name)
	i.ConfigurationSetName, i.Tags = in.ConfigurationSetName, in.Tags
	if in.DkimSigningAttributes != nil {
		i.sign(in.DkimSigningAttributes, "EXTERNAL")
	}
	o.account.identities[name] = i
	return &api.CreateEmailIdentityOutput{
		DkimAttributes: i.DkimAttributes, IdentityType: i.IdentityType,
		VerifiedForSendingStatus: o.verification(name) == api.VerificationSuccess,
	}, nil
}

// sign stores how the mail of a domain is signed.
func (i *identity) sign(a *api.DkimSigningAttributes, origin string) {
	d := &i.DkimAttributes
	d.SigningEnabled = true
	if d.Status == "NOT_STARTED" {
		d.Status = "PENDING"
	}
	if a.DomainSigningSelector != "" {
		d.SigningAttributesOrigin, d.Tokens = origin, []string{a.DomainSigningSelector}
	}
	if a.NextSigningKeyLength != "" {
		d.NextSigningKeyLength = a.NextSigningKeyLength
	}
}

// verifyIdentity begins the verification of an identity of version 1, or begins it again.
func (o *operation) verifyIdentity(text string) (any, error) {
	if err := o.invalidIdentity(text); err != nil {
		return nil, err
	}
	name := o.identityName(text)
	if i := o.account.identities[name]; i == nil || o.verification(name) != api.VerificationSuccess {
		if err := o.verify(name); err != nil {
			return nil, err
		}
		o.account.identities[name] = newIdentity(name)
	}
	return &api.VerifyIdentityOutput{VerificationToken: o.account.identities[name].VerificationToken}, nil
}

// identity returns an identity, or the error that there is none.
func (o *operation) identity(text string) (*identity, error) {
	name := o.identityName(text)
	if i := o.account.identities[name]; i != nil {
		return i, nil
	}
	if o.verification(name) != api.VerificationNotStarted { // by an action of the scenario
		o.account.identities[name] = newIdentity(name)
		return o.account.identities[name], nil
	}
	return nil, api.NoIdentity(o.caller.Interface, text)
}

func (o *operation) getIdentity(text string) (any, error) {
	i, err := o.identity(text)
	if err != nil {
		return nil, err
	}
	out := i.GetEmailIdentityOutput
	out.VerificationStatus = o.verification(o.identityName(text))
	out.VerifiedForSendingStatus = out.VerificationStatus == api.VerificationSuccess
	if out.VerifiedForSendingStatus && out.DkimAttributes.Status == "PENDING" {
		out.DkimAttributes.Status = "SUCCESS"
	}
	return &out, nil
}

func (o *operation) listIdentities(in *api.ListEmailIdentities) (any, error) {
	names := slices.Sorted(maps.Keys(o.account.identities))
	names = slices.DeleteFunc(names, func(name string) bool {
		return in.IdentityType != "" && o.account.identities[name].IdentityType != in.IdentityType
	})
	names, token, err := pageOf(o, names, func(name string) string { return name }, in.NextToken, int(in.PageSize), maxIdentityPage)
	if err != nil {
		return nil, err
	}
	out := &api.ListEmailIdentitiesOutput{NextToken: token}
	for _, name := range names {
		status := o.verification(name)
		out.EmailIdentities = append(out.EmailIdentities, api.IdentityInfo{
			IdentityName: name, IdentityType: o.account.identities[name].IdentityType,
			SendingEnabled: status == api.VerificationSuccess, VerificationStatus: status,
		})
	}
	return out, nil
}

// doIdentitySetting carries out operations that store settings of an identity.
func (o *operation) doIdentitySetting(input any) (any, error) {
	name := ""
	switch in := input.(type) {
	case *api.PutEmailIdentityConfigurationSetAttributes:
		name = in.EmailIdentity
	case *api.PutEmailIdentityDkimAttributes:
		name = in.EmailIdentity
	case *api.PutEmailIdentityDkimSigningAttributes:
		name = in.EmailIdentity
	case *api.PutEmailIdentityFeedbackAttributes:
		name = in.EmailIdentity
	case *api.PutEmailIdentityMailFromAttributes:
		name = in.EmailIdentity
	case *api.SetIdentityNotificationTopic:
		name = in.Identity
	case *api.SetIdentityHeadersInNotificationsEnabled:
		name = in.Identity
	default:
		return o.doSet(input)
	}
	i, err := o.identity(name)
	if err != nil {
		return nil, err
	}
	return o.setIdentity(i, input)
}

// setIdentity stores a setting of an identity.
func (o *operation) setIdentity(i *identity, input any) (any, error) {
	switch in := input.(type) {
	case *api.PutEmailIdentityConfigurationSetAttributes:
		if set := in.ConfigurationSetName; set != "" {
			if _, exists := o.s.session.Set(o.index, set); !exists {
				return nil, api.NoSet(o.caller.Interface, set)
			}
		}
		i.ConfigurationSetName = in.ConfigurationSetName
	case *api.PutEmailIdentityDkimAttributes:
		i.DkimAttributes.SigningEnabled = in.SigningEnabled
	case *api.PutEmailIdentityDkimSigningAttributes:
		attributes := in.SigningAttributes
		if attributes == nil {
			attributes = &api.DkimSigningAttributes{}
		}
		i.sign(attributes, in.SigningAttributesOrigin)
		return &api.PutEmailIdentityDkimSigningAttributesOutput{DkimStatus: i.DkimAttributes.Status, DkimTokens: i.DkimAttributes.Tokens}, nil
	case *api.PutEmailIdentityFeedbackAttributes:
		i.FeedbackForwardingStatus = in.EmailForwardingEnabled
	case *api.PutEmailIdentityMailFromAttributes:
		i.MailFromAttributes = api.MailFromAttributes{
			BehaviorOnMxFailure: in.BehaviorOnMxFailure, MailFromDomain: in.MailFromDomain, MailFromDomainStatus: "SUCCESS",
		}
		if in.MailFromDomain == "" {
			i.MailFromAttributes.MailFromDomainStatus = ""
		}
		if i.MailFromAttributes.BehaviorOnMxFailure == "" {
			i.MailFromAttributes.BehaviorOnMxFailure = "USE_DEFAULT_VALUE"
		}
	case *api.SetIdentityNotificationTopic:
		if in.TopicARN != "" && !o.s.config.Notifier.Has(in.TopicARN) {
			return nil, o.refuse(api.BadRequest, "Invalid SNS topic <%s>", in.TopicARN)
		}
		i.Notifications[in.NotificationType].TopicARN = in.TopicARN
	case *api.SetIdentityHeadersInNotificationsEnabled:
		i.Notifications[in.NotificationType].Headers = in.Enabled
	}
	return nil, nil
}

// token returns an invented token, the same for the same name.
func token(name, purpose string) string {
	const digits = "abcdefghijklmnopqrstuvwxyz234567"
	text := make([]byte, 32)
	key := rng.Derive(0, "serve", name, purpose)
	for i := range text {
		text[i] = digits[key.At(uint64(i))%uint64(len(digits))]
	}
	return string(text)
}

func dkimTokens(name string) []string {
	return []string{token(name, "dkim 1"), token(name, "dkim 2"), token(name, "dkim 3")}
}
