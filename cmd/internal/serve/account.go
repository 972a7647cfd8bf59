package serve

import (
	"maps"
	"slices"
	"strings"
	"time"

	"sesim/cmd/internal/serve/api"
	"sesim/sim"
	"sesim/sim/ses"
)

// account is what the API tells of an account and the model does not know: names, times,
// and settings that are stored only.
type account struct {
	spec       *sim.Account
	identities map[string]*identity
	sets       map[string]*set
	templates  map[string]*storedTemplate
	listed     map[string]*listed
	jobs       []*api.GetImportJobOutput
	sent       int64               // recipients of accepted calls so far
	refused    int64               // recipients of refused calls so far
	points     []api.SendDataPoint // of 15 minutes each, in order, of the last two weeks
}

// identity is what is stored of an identity.
type identity struct {
	api.GetEmailIdentityOutput
}

// set is what is stored of a configuration set.
type set struct {
	options      api.SetOptions
	tags         []api.Tag
	destinations []api.EventDestination
}

// storedTemplate is a template.
type storedTemplate struct {
	content api.EmailTemplateContent
	created time.Time
	tags    []api.Tag
}

// listed is an entry of the account-level list.
type listed struct {
	address string
	reason  ses.ListReasons
	at      time.Time
	learned *api.SuppressedDestinationAttributes
}

func newAccount(spec *sim.Account) *account {
	a := &account{
		spec: spec, identities: map[string]*identity{}, sets: map[string]*set{},
		templates: map[string]*storedTemplate{}, listed: map[string]*listed{},
	}
	for _, name := range spec.Identities {
		a.identities[name] = newIdentity(name)
	}
	for i := range spec.Sets {
		if s := &spec.Sets[i]; !s.Missing {
			a.sets[s.Name] = scenarioSet(s)
		}
	}
	return a
}

// scenarioSet returns what the API tells of a set of the scenario.
func scenarioSet(s *sim.ConfigurationSet) *set {
	o := api.SetOptions{SendingOptions: &api.SendingOptions{SendingEnabled: !s.Paused}}
	if s.Overrides {
		o.SuppressionOptions = &api.SuppressionOptions{SuppressedReasons: s.Suppression.List()}
	}
	if s.MaxDelivery > 0 {
		seconds := int64(s.MaxDelivery / time.Second)
		o.DeliveryOptions = &api.DeliveryOptions{MaxDeliverySeconds: &seconds, TlsPolicy: "OPTIONAL"}
	}
	return &set{options: o}
}

func newIdentity(name string) *identity {
	i := &identity{}
	i.IdentityType, i.FeedbackForwardingStatus = api.EmailAddressIdentity, true
	i.DkimAttributes = api.DkimAttributes{Status: "NOT_STARTED"}
	i.MailFromAttributes.BehaviorOnMxFailure = "USE_DEFAULT_VALUE"
	if !strings.Contains(name, "@") {
		i.IdentityType = api.DomainIdentity
		i.DkimAttributes = api.DkimAttributes{
			SigningEnabled: true, Status: "PENDING", SigningAttributesOrigin: "AWS_SES", Tokens: dkimTokens(name),
			CurrentSigningKeyLength: "RSA_2048_BIT", NextSigningKeyLength: "RSA_2048_BIT",
		}
		i.VerificationToken = token(name, "verification")
	}
	return i
}

// verifications are the statuses of a verification as version 2 names them.
var verifications = map[ses.VerificationStatus]string{
	ses.NotStarted: api.VerificationNotStarted, ses.VerificationPending: api.VerificationPending,
	ses.VerificationSuccess: api.VerificationSuccess, ses.VerificationFailed: api.VerificationFailed,
	ses.TemporaryFailure: api.VerificationTemporaryFailure,
}

// verification returns the status of an identity.
func (o *operation) verification(name string) string {
	return verifications[o.s.session.Verification(o.index, name)]
}

// do carries out an operation.
func (o *operation) do(input any) (any, error) {
	switch in := input.(type) {
	case *api.Send:
		return o.send(&in.Mail)
	case *api.SendBulk:
		return o.sendBulk(in)
	case *api.GetAccount:
		return o.describe(), nil
	case *api.PutAccountDetails:
		return nil, o.request(in)
	case *api.PutAccountSendingAttributes:
		return nil, o.act(sim.Operation{Action: sim.Action{Do: pauseOr(in.SendingEnabled)}})
	case *api.PutAccountSuppressionAttributes:
		return nil, o.act(sim.Operation{Action: sim.Action{
			Do: sim.DoSet, Change: sim.Change{Key: sim.KeyAccountSuppression, Index: o.index, Reasons: reasons(in.SuppressedReasons)},
		}})
	case *api.GetSendStatistics:
		return &api.GetSendStatisticsOutput{SendDataPoints: slices.Clone(o.account.points)}, nil
	case *api.Unknown:
		return nil, in.Refusal
	}
	return o.doList(input)
}

func pauseOr(enabled bool) sim.Do {
	if enabled {
		return sim.DoResume
	}
	return sim.DoPause
}

func reasons(list []string) (r ses.ListReasons) {
	for _, text := range list {
		if reason, err := ses.ParseListReason(text); err == nil { // checked by its tag
			r |= reason
		}
	}
	return r
}

// describe answers GetAccount.
func (o *operation) describe() *api.GetAccountOutput {
	d := o.s.session.Describe(o.index)
	out := api.Describe(d)
	if r := o.s.session.Details(o.index); r != nil {
		out.Details = &api.AccountDetails{
			AdditionalContactEmailAddresses: r.Contacts, ContactLanguage: r.Language, MailType: r.MailType,
			UseCaseDescription: r.UseCase, WebsiteURL: r.Website,
		}
		if d.Review != ses.NotReviewed {
			out.Details.ReviewDetails = &api.ReviewDetails{Status: string(d.Review)}
		}
	}
	return &out
}

// request requests production access. AWS's answer is drawn from the rules, or a request
// of the scenario says what it is.
func (o *operation) request(in *api.PutAccountDetails) error {
	if in.ProductionAccessEnabled != nil && !*in.ProductionAccessEnabled {
		return nil // the details are stored, and nothing is asked for
	}
	return o.act(sim.Operation{Request: requestOf(in)})
}

// doList carries out operations on the account-level list.
func (o *operation) doList(input any) (any, error) {
	switch in := input.(type) {
	case *api.PutSuppressedDestination:
		return nil, o.act(sim.Operation{Action: sim.Action{Do: sim.DoSuppress, Reason: reasons([]string{in.Reason})}, Text: in.EmailAddress})
	case *api.DeleteSuppressedDestination:
		return nil, o.act(sim.Operation{Action: sim.Action{Do: sim.DoUnsuppress}, Text: in.EmailAddress})
	case *api.GetSuppressedDestination:
		return o.lookUp(in)
	case *api.ListSuppressedDestinations:
		return o.list(in)
	}
	return o.doIdentity(input)
}

// storedAs returns an address as the list stores it: the domain in lower case.
func storedAs(address string) string {
	at := strings.LastIndexByte(address, '@')
	domain := strings.ToLower(address[at+1:])
	if domain == address[at+1:] {
		return address
	}
	return address[:at+1] + domain
}

func (o *operation) lookUp(in *api.GetSuppressedDestination) (any, error) {
	if err := o.act(sim.Operation{Action: sim.Action{Do: sim.DoGet}, Text: in.EmailAddress}); err != nil {
		return nil, err
	}
	e := o.account.listed[storedAs(in.EmailAddress)]
	if e == nil { // the model has it, so its record has come
		return nil, api.Of(o.caller.Interface, ses.NotListed(in.EmailAddress))
	}
	return &api.GetSuppressedDestinationOutput{SuppressedDestination: api.SuppressedDestination{
		EmailAddress: e.address, LastUpdateTime: api.Time{Time: e.at}, Reason: e.reason.String(), Attributes: e.learned,
	}}, nil
}

func (o *operation) list(in *api.ListSuppressedDestinations) (any, error) {
	if err := o.act(sim.Operation{Action: sim.Action{Do: sim.DoList}}); err != nil {
		return nil, err
	}
	want := reasons(in.Reasons)
	var list []*listed
	for _, key := range slices.Sorted(maps.Keys(o.account.listed)) {
		e := o.account.listed[key]
		between := (in.StartDate == nil || !e.at.Before(*in.StartDate)) && (in.EndDate == nil || !e.at.After(*in.EndDate))
		if between && (want == 0 || want&e.reason != 0) {
			list = append(list, e)
		}
	}
	list, token, err := pageOf(o, list, func(e *listed) string { return e.address }, in.NextToken, int(in.PageSize), api.MaxPage)
	if err != nil {
		return nil, err
	}
	out := &api.ListSuppressedDestinationsOutput{NextToken: token}
	for _, e := range list {
		out.SuppressedDestinationSummaries = append(out.SuppressedDestinationSummaries,
			api.SuppressedDestinationSummary{EmailAddress: e.address, LastUpdateTime: api.Time{Time: e.at}, Reason: e.reason.String()})
	}
	return out, nil
}
