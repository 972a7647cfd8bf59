package fault

import (
	"sesim/cmd/internal/serve/api"
	"sesim/sim/ses"
)

// The statuses that a fault can give: of all interfaces, and of SMTP only.
var (
	allStatuses  = []int{403, 429, 500, 503}
	smtpStatuses = []int{421, 451, 454, 535}
)

// Texts of errors that calls have in common, whatever the service.
const (
	internalText    = "The request processing has failed because of an unknown error, exception or failure."
	unavailableText = "The request has failed due to a temporary failure of the server."
)

// refusal returns the error of the fault's status in the words of the call's interface.
func (f *Fault) refusal(c *Call) *api.Error {
	i := interfaceOf(c.Interface)
	var e *api.Error
	switch f.Do.Status {
	case 403, 535:
		e = api.UnknownKey(i)
	case 429:
		e = &api.Error{Wire: ses.Throttled(i, ses.RefusedRate)}
	case 421:
		e = &api.Error{Wire: ses.Error{Status: 421, Message: "Too many concurrent SMTP connections"}}
	case 500, 451:
		e = api.NewError(i, api.Internal, internalText)
	default:
		e = api.NewError(i, api.Unavailable, unavailableText)
	}
	if i == ses.SMTP {
		e.Wire = onSMTP(f.Do.Status, c.Operation, e.Wire)
	}
	if f.Do.Code != "" {
		e.Wire.Code = f.Do.Code
	}
	if f.Do.Message != "" {
		e.Wire.Message = f.Do.Message
	}
	return e
}

// onSMTP returns the reply of a status, where SMTP has words of its own for it.
func onSMTP(status int, operation string, e ses.Error) ses.Error {
	switch status {
	case 500, 451:
		e = ses.Error{Status: 451, Message: "Temporary service failure"}
	case 503, 454:
		e = ses.Error{Status: 454, Message: "Temporary service failure"}
		if operation == Auth {
			e.Message = "Temporary authentication failure"
		}
	}
	return e
}

// interfaceOf returns the interface of a name.
func interfaceOf(name string) ses.Interface {
	for _, i := range []ses.Interface{ses.V1, ses.SMTP} {
		if name == i.String() {
			return i
		}
	}
	return ses.V2
}
