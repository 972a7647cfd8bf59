package serve

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"sesim/cmd/internal/serve/api"
	"sesim/cmd/internal/serve/wire"
	"sesim/sim"
	"sesim/sim/ses"
)

// action is an action in the words of the scenario's language.
type action struct {
	Do               string `json:"do"`
	Identity         string `json:"identity"`
	Address          string `json:"address"`
	Reason           string `json:"reason"`
	ConfigurationSet string `json:"configuration_set"`
	Cause            string `json:"cause"`
	Effect           string `json:"effect"`  // of a trigger: "review" or "pause"
	Outcome          string `json:"outcome"` // of an appeal or a request
	After            string `json:"after"`
	Quota            int64  `json:"quota"` // AWS grants these; 0: stays, or what the rules say
	Rate             int64  `json:"rate"`

	// The following are of a request for production access.
	MailType string   `json:"mail_type"`
	Website  string   `json:"website"`
	UseCase  string   `json:"use_case"`
	Contacts []string `json:"contacts"`
	Language string   `json:"language"`
}

// actions are those of the scenario's language that can be done here under their words, without
// arguments of their own.
var actions = []sim.Do{
	sim.DoAppeal, sim.DoVerify, sim.DoUnverify, sim.DoSuppress, sim.DoUnsuppress, sim.DoRemoveGlobal, sim.DoPause, sim.DoResume, sim.DoTrigger,
}

// ofIdentities and ofAddresses are the actions that need an identity or an address.
var (
	ofIdentities = []sim.Do{sim.DoVerify, sim.DoUnverify}
	ofAddresses  = []sim.Do{sim.DoSuppress, sim.DoUnsuppress, sim.DoRemoveGlobal}
)

// Actions with arguments of their own.
const (
	doQuota   = "quota"
	doRequest = "request"
)

// operations returns an action of an account as the session takes it.
func (a *action) operations(account string) ([]sim.Operation, error) {
	after := time.Duration(-1)
	if a.After != "" {
		var err error
		if after, err = time.ParseDuration(a.After); err != nil || after < 0 {
			return nil, badRequest("after is %q; right would be a duration such as \"24h\"", a.After)
		}
	}
	switch a.Do {
	case doQuota:
		return a.quota()
	case doRequest:
		return a.request(account, after)
	}
	return a.plain(after)
}

// plain returns an action without arguments of its own.
func (a *action) plain(after time.Duration) ([]sim.Operation, error) {
	o := sim.Operation{Action: sim.Action{
		Identity: a.Identity, Reason: ses.ListBounce, Region: "us-east-1", Characters: "typed", Accepted: a.Outcome != "rejected",
		After: after, Cause: a.Cause, Pauses: a.Effect == "pause",
	}, SetName: a.ConfigurationSet, Text: a.Address}
	if a.Reason != "" {
		reason, err := ses.ParseListReason(a.Reason)
		if err != nil {
			return nil, badRequest("reason: %s", err)
		}
		o.Reason = reason
	}
	words := []string{doQuota, doRequest}
	for _, do := range actions {
		if words = append(words, do.String()); do.String() == a.Do {
			o.Do = do
		}
	}
	switch {
	case !slices.Contains(words, a.Do):
		return nil, badRequest("do is %q; it must be one of %s", a.Do, strings.Join(words, ", "))
	case !slices.Contains([]string{"", "accepted", "rejected"}, a.Outcome):
		return nil, badRequest("outcome is %q; it must be \"accepted\" or \"rejected\"", a.Outcome)
	case !slices.Contains([]string{"", "review", "pause"}, a.Effect):
		return nil, badRequest("effect is %q; it must be \"review\" or \"pause\"", a.Effect)
	case slices.Contains(ofIdentities, o.Do) && !isIdentity(a.Identity):
		return nil, badRequest("identity is %q; right would be a domain or an address", a.Identity)
	case slices.Contains(ofAddresses, o.Do) && !isAddress(a.Address):
		return nil, badRequest("address is %q; right would be an address such as \"ann@example.com\"", a.Address)
	}
	return []sim.Operation{o}, nil
}

// quota returns the changes with which AWS grants another quota or rate.
func (a *action) quota() (list []sim.Operation, err error) {
	for _, c := range []sim.Change{{Key: sim.KeyAccountQuota, Number: a.Quota}, {Key: sim.KeyAccountRate, Number: a.Rate}} {
		switch {
		case c.Number < 0:
			return nil, badRequest("quota and rate must be positive")
		case c.Number > 0:
			list = append(list, sim.Operation{Action: sim.Action{Do: sim.DoSet, Change: c}})
		}
	}
	if list == nil {
		return nil, badRequest("quota needs quota or rate")
	}
	return list, nil
}

// request returns a request for production access, with AWS's answer to it. What it leaves
// out is as in the scenario's language.
func (a *action) request(account string, after time.Duration) ([]sim.Operation, error) {
	in := &api.PutAccountDetails{
		MailType: cmp.Or(a.MailType, "TRANSACTIONAL"), WebsiteURL: cmp.Or(a.Website, "https://"+account+".example"),
		UseCaseDescription: a.UseCase, AdditionalContactEmailAddresses: a.Contacts, ContactLanguage: a.Language,
	}
	if refusal := wire.Check(ses.V2, in); refusal != nil {
		return nil, badRequest("%s", refusal.Wire.Message)
	}
	r := requestOf(in)
	r.After, r.Quota, r.Rate = after, a.Quota, a.Rate
	if a.Quota < -1 || a.Rate < 0 {
		return nil, badRequest("quota is %d and rate %d; they must be positive, or -1 for an unlimited quota", a.Quota, a.Rate)
	}
	var words []string
	for _, outcome := range []ses.Outcome{ses.Granted, ses.Denied, ses.Failed, ses.MoreInfo} {
		if words = append(words, outcome.String()); outcome.String() == a.Outcome {
			r.Outcome = outcome
		}
	}
	if a.Outcome != "" && !slices.Contains(words, a.Outcome) {
		return nil, badRequest("outcome is %q; it must be one of %s", a.Outcome, strings.Join(words, ", "))
	}
	return []sim.Operation{{Request: r}}, nil
}

// requestOf returns a request for production access as the session takes it. AWS's answer
// is yes, after a time that is drawn from the rules.
func requestOf(in *api.PutAccountDetails) *sim.Request {
	return &sim.Request{
		MailType: in.MailType, Website: in.WebsiteURL, UseCase: in.UseCaseDescription,
		Contacts: in.AdditionalContactEmailAddresses, Language: cmp.Or(in.ContactLanguage, "EN"), Outcome: ses.Granted, After: -1,
	}
}

// postAction does an action for an account.
func (s *Server) postAction(r *http.Request) (any, error) {
	var in action
	if err := read(r, &in); err != nil {
		return nil, err
	}
	name := r.PathValue("name")
	list, err := in.operations(name)
	if err != nil {
		return nil, err
	}
	var failed error
	var state Account
	err = s.do(r.Context(), func() {
		i := s.named(name)
		if i < 0 {
			failed = &problem{http.StatusNotFound, fmt.Sprintf("there is no account %q, but %s", name, s.known())}
			return
		}
		o := &operation{s: s, index: i, account: s.accounts[i]}
		for _, op := range list {
			if op.Do == sim.DoSet {
				op.Change.Index = i
			}
			if failed = o.act(op); failed != nil {
				failed = badRequest("%s", failed)
				return
			}
		}
		if in.Do == sim.DoVerify.String() {
			o.account.identities[o.identityName(in.Identity)] = newIdentity(o.identityName(in.Identity))
		}
		state = s.accountNow(i)
	})
	if err == nil {
		err = failed
	}
	return state, err
}
