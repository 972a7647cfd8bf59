// Package v1 reads and writes the format of version 1 of the API: forms in, XML out.
//
// Each action has a type for its parameters, which turns into calls of package api. An
// unknown action is an error; unknown parameters are ignored and noticed.
//
// # Tests of other stand-ins
//
// Of moto's tests/test_ses (commit 0af643a) and floci's ses.bats (a2389e7), run on 2026-11-29
// against an account in production whose identities are verified at once, those fail that
// call actions which are left out here: of receiving (25), policies, DKIM and MAIL FROM of
// identities, ListVerifiedEmailAddresses, and SQS's CreateQueue. The others assert what AWS
// contradicts:
//
//	they assert                                         AWS
//	"Email address not verified x"                      names the Region and all that failed (danilop/LambdAuth#64)
//	"Missing domain" of an address without one          "Missing final '@domain'" (see ses.Malformed)
//	a set may publish to, and an identity notify, a     "SNS topic <arn> not found." (recorded by LocalStack
//	topic that does not exist                           in test_ses.snapshot.json)
//	ListConfigurationSets returns 100 at a time         up to 1,000 (API reference of ListConfigurationSets)
//	notifications of an identity that is not there      "Identity x is invalid. Must be a verified email
//	may be set                                          address or domain." (boto/boto3#2645)
//
// or what nobody has been seen to observe: that DeleteTemplate fails for a template that is
// not there (its model has no error), that an identity may be "Foo <foo@bar.example>", that
// GetIdentityNotificationAttributes tells of identities that are not there, that
// SendBulkTemplatedEmail as a whole is refused for an unverified sender, and that a carriage
// return does not survive in a template. moto keeps it too; its XML does not escape it.
package v1

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"strconv"
	"time"

	"sesim/cmd/internal/serve/api"
	"sesim/cmd/internal/serve/wire"
	"sesim/cmd/internal/serve/wire/query"
	"sesim/sim/ses"
)

// Version is the version that calls name.
const Version = "2010-12-01"

const namespace = "http://ses.amazonaws.com/doc/2010-12-01/"

// Service answers calls of version 1.
type Service struct {
	Backend api.Backend
	Notices *wire.Notices
}

// action is a call with its parameters.
type action interface {
	// do carries the call out. The result is a struct, or nil for an empty one.
	do(c *call) (result any, err error)
}

// call is a call that is being carried out.
type call struct {
	ctx     context.Context
	caller  api.Caller
	backend api.Backend
}

// run carries out an operation of the Backend.
func (c *call) run(input any) (output any, err error) { return c.backend.Do(c.ctx, c.caller, input) }

// only carries out an operation whose output does not matter.
func (c *call) only(input any) (result any, err error) {
	_, err = c.run(input)
	return nil, err
}

// Serve answers one call with the parameters of its form.
func (s *Service) Serve(w http.ResponseWriter, r *http.Request, form url.Values, caller api.Caller) {
	name := form.Get("Action")
	result, err := s.do(r.Context(), name, form, caller)
	if err != nil {
		Fail(w, caller.RequestID, wire.ErrorOf(ses.V1, err))
		return
	}
	if result == nil {
		result = struct{}{}
	}
	write(w, http.StatusOK, caller.RequestID, query.Answer(namespace, name, caller.RequestID, result))
}

// do carries out the action of a name.
func (s *Service) do(ctx context.Context, name string, form url.Values, caller api.Caller) (result any, err error) {
	if name == "" {
		return nil, missingAction()
	}
	version, newAction := form.Get("Version"), actions[name]
	if newAction == nil || version != "" && version != Version {
		if version == "" {
			version = Version
		}
		s.Notices.Add(wire.UnknownOperation, fmt.Sprintf("version 1 has no action %.100s of version %.20s here", name, version))
		refusal := api.NewError(ses.V1, api.UnknownOperation, "Could not find operation %.100s for version %.20s", name, version)
		return nil, wire.RefuseUnknown(ctx, s.Backend, caller, fmt.Sprintf("%.100s", name), refusal)
	}
	a := newAction()
	unknown, refusal := bind(form, a)
	if refusal != nil {
		return nil, refusal
	}
	for _, parameter := range unknown {
		s.Notices.Add(wire.UnknownField, name+" ignores the unknown parameter "+parameter)
	}
	if refusal := wire.Check(ses.V1, a); refusal != nil {
		return nil, refusal
	}
	return a.do(&call{ctx, caller, s.Backend})
}

func missingAction() *api.Error {
	e := api.NewError(ses.V1, api.BadRequest, "Action is missing.")
	e.Wire.Code = "MissingAction"
	return e
}

// Fail answers a call that is refused.
func Fail(w http.ResponseWriter, requestID string, e *api.Error) {
	wire.Explain(w, e)
	write(w, e.Wire.Status, requestID, query.Error(namespace, requestID, e.Wire.Status, e.Wire.Code, e.Wire.Message))
}

func write(w http.ResponseWriter, status int, requestID string, body []byte) {
	h := w.Header()
	h.Set("Content-Type", "text/xml")
	h.Set("x-amzn-RequestId", requestID)
	w.WriteHeader(status)
	_, _ = w.Write(body) // whoever called may be gone
}

// list is a list in an answer. Its element is there also if the list is empty.
type list[T any] struct {
	Member []T `xml:"member"`
}

// entries is a map in an answer.
type entries[T any] struct {
	Entry []entry[T] `xml:"entry"`
}

type entry[T any] struct {
	Key   string `xml:"key"`
	Value T      `xml:"value"`
}

// decimal is a number that is written with a fraction: "200.0".
type decimal float64

// MarshalText writes the number.
func (d decimal) MarshalText() ([]byte, error) {
	text := strconv.AppendFloat(nil, float64(d), 'f', -1, 64)
	if !bytes.ContainsRune(text, '.') {
		text = append(text, ".0"...)
	}
	return text, nil
}

// stamp is a time in an answer.
type stamp time.Time

// MarshalText writes the time in UTC.
func (s stamp) MarshalText() ([]byte, error) {
	return time.Time(s).UTC().AppendFormat(nil, "2006-01-02T15:04:05.000Z"), nil
}

// actionOf returns the action with that type for its parameters.
func actionOf[T any, P interface {
	*T
	action
}]() (name string, newAction func() action) {
	return reflect.TypeFor[T]().Name(), func() action { return P(new(T)) }
}
