package api

import (
	"fmt"

	"sesim/sim/rules"
	"sesim/sim/ses"
)

// Error is a refusal as the caller sees it.
type Error struct {
	Wire  ses.Error
	Rule  rules.ID // that decided; None: none of the model's
	Hint  string   // what would help, for people; empty: nothing
	Kind  Kind
	Fault string // that has made the refusal, see package fault; empty: none
	Cut   Cut    // in place of the refusal
}

// Missing reports whether what the operation names does not exist.
func (e *Error) Missing() bool { return e.Kind >= NotFound && e.Kind <= TemplateNotFound }

// Cut is how a connection ends in place of an answer.
type Cut uint8

// How a connection ends: not by itself, without an answer, or in the middle of one.
const (
	NotCut Cut = iota
	CutAfter
	CutIn
)

// Error returns the refusal in one line.
func (e *Error) Error() string { return e.Wire.String() }

// Kind is a kind of errors, which has a code in each version of the API.
type Kind uint8

// The kinds of errors.
const (
	SendRefused   Kind = iota // by the model, whose codes and texts it has
	QuotaExceeded             // by the model as well
	BadRequest
	NotFound
	SetNotFound
	DestinationNotFound
	TemplateNotFound
	AlreadyExists
	SetAlreadyExists
	DestinationAlreadyExists
	Conflict
	LimitExceeded
	RateExceeded
	InvalidNextToken
	InvalidDestination
	InvalidTemplate
	MissingAttribute
	MessageRejected
	Serialization
	UnknownOperation
	MissingToken
	UnknownClient
	BadSignature
	Forbidden
	TooLarge
	Unavailable
	Internal
)

// kinds are the codes and statuses of what the model has no words for. What is the same
// for all operations, such as a missing signature, has the codes of the services' common
// errors.
var kinds = [...]struct {
	status   int
	v2       string
	v1Status int // 0: 400
	v1       string
	smtp     int // 0: 554
}{
	BadRequest:               {400, "BadRequestException", 0, "InvalidParameterValue", 0},
	NotFound:                 {404, "NotFoundException", 0, "InvalidParameterValue", 0},
	SetNotFound:              {404, "NotFoundException", 0, "ConfigurationSetDoesNotExist", 0},
	DestinationNotFound:      {404, "NotFoundException", 0, "EventDestinationDoesNotExist", 0},
	TemplateNotFound:         {404, "NotFoundException", 0, "TemplateDoesNotExist", 0},
	AlreadyExists:            {400, "AlreadyExistsException", 0, "AlreadyExists", 0},
	SetAlreadyExists:         {400, "AlreadyExistsException", 0, "ConfigurationSetAlreadyExists", 0},
	DestinationAlreadyExists: {400, "AlreadyExistsException", 0, "EventDestinationAlreadyExists", 0},
	Conflict:                 {409, "ConflictException", 0, "InvalidParameterValue", 0},
	LimitExceeded:            {400, "LimitExceededException", 0, "LimitExceeded", 0},
	RateExceeded:             {429, "TooManyRequestsException", 0, "Throttling", 454},
	InvalidNextToken:         {400, "InvalidNextTokenException", 0, "InvalidParameterValue", 0},
	InvalidDestination:       {400, "BadRequestException", 0, "InvalidSNSDestination", 0},
	InvalidTemplate:          {400, "BadRequestException", 0, "InvalidTemplate", 0},
	MissingAttribute:         {400, "BadRequestException", 0, "MissingRenderingAttribute", 0},
	MessageRejected:          {400, "MessageRejected", 0, "MessageRejected", 0},
	Serialization:            {400, "SerializationException", 0, "MalformedQueryString", 0},
	UnknownOperation:         {404, "UnknownOperationException", 0, "InvalidAction", 502},
	MissingToken:             {403, "MissingAuthenticationTokenException", 403, "MissingAuthenticationToken", 530},
	UnknownClient:            {403, "UnrecognizedClientException", 403, "InvalidClientTokenId", 535},
	BadSignature:             {403, "InvalidSignatureException", 403, "SignatureDoesNotMatch", 535},
	Forbidden:                {403, "AccessDeniedException", 403, "AccessDenied", 554},
	TooLarge:                 {413, "RequestEntityTooLargeException", 413, "RequestEntityTooLarge", 552},
	Unavailable:              {503, "ServiceUnavailable", 503, "ServiceUnavailable", 451},
	Internal:                 {500, "InternalServiceErrorException", 500, "InternalFailure", 451},
}

// NewError returns an error as an interface words it.
func NewError(i ses.Interface, kind Kind, format string, args ...any) *Error {
	k := &kinds[kind]
	e := ses.Error{Message: fmt.Sprintf(format, args...)}
	switch i {
	case ses.V1:
		e.Status, e.Code = 400, k.v1
		if k.v1Status != 0 {
			e.Status = k.v1Status
		}
	case ses.SMTP:
		e.Status = 554
		if k.smtp != 0 {
			e.Status = k.smtp
		}
	default:
		e.Status, e.Code = k.status, k.v2
	}
	return &Error{Wire: e, Kind: kind}
}

// Of returns a refusal of the model, whose operations answer in the words of version 2, to
// a caller of any interface.
func Of(i ses.Interface, e ses.Error) *Error {
	kind := SendRefused
	for k := BadRequest; k <= Internal && kind == SendRefused; k++ {
		if kinds[k].v2 == e.Code {
			kind = k
		}
	}
	if kind != SendRefused && i != ses.V2 {
		return NewError(i, kind, "%s", e.Message)
	}
	return &Error{Wire: e, Kind: kind}
}

// NoIdentity returns the error of an operation that names a missing identity.
func NoIdentity(i ses.Interface, identity string) *Error { return Of(i, ses.NoSuchIdentity(identity)) }

// NoSet returns the error of an operation that names a missing configuration set.
func NoSet(i ses.Interface, name string) *Error {
	return &Error{Wire: ses.NoSuchSet(i, name), Kind: SetNotFound}
}

// NoDestination returns the error of an operation that names a missing event destination.
func NoDestination(i ses.Interface, name string) *Error {
	return NewError(i, DestinationNotFound, "No EventDestination found for %s", name)
}

// NoTopic returns the error of an event destination at a topic that does not exist.
func NoTopic(i ses.Interface, arn string) *Error {
	return NewError(i, InvalidDestination, "SNS topic <%s> not found.", arn)
}

// NoTemplate returns the error of an operation that names a missing template.
func NoTemplate(i ses.Interface, name string) *Error {
	return NewError(i, TemplateNotFound, "Template %s does not exist.", name)
}

// UnknownKey returns the error of a call whose access key belongs to nobody.
func UnknownKey(i ses.Interface) *Error {
	text := "The security token included in the request is invalid."
	if i == ses.SMTP {
		text = "Authentication Credentials Invalid"
	}
	return NewError(i, UnknownClient, "%s", text)
}

// NoTenant returns the error of a call for a tenant: the model has none.
func NoTenant(i ses.Interface, name string) *Error {
	return NewError(i, BadRequest, "Tenant <%s> does not exist", name)
}

// bulkCodes are the statuses of bulk entries by the codes of errors in both versions.
var bulkCodes = map[string]BulkStatus{
	"MessageRejected":                        BulkMessageRejected,
	"MailFromDomainNotVerifiedException":     BulkMailFromDomainNotVerified,
	"ConfigurationSetDoesNotExist":           BulkSetNotFound,
	"TemplateDoesNotExist":                   BulkTemplateNotFound,
	"AccountSuspendedException":              BulkAccountSuspended,
	"TooManyRequestsException":               BulkThrottled,
	"Throttling":                             BulkThrottled,
	"SendingPausedException":                 BulkAccountPaused,
	"AccountSendingPausedException":          BulkAccountPaused,
	"ConfigurationSetSendingPausedException": BulkSetPaused,
	"BadRequestException":                    BulkInvalidParameter,
	"InvalidParameterValue":                  BulkInvalidParameter,
	"NotFoundException":                      BulkSetNotFound,
	"ServiceUnavailable":                     BulkTransientFailure,
}
