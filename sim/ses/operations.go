package ses

import "fmt"

// This file words the answers of API version 2 to calls other than sending.

// BadRequest returns the error of a call with invalid input.
func BadRequest(text string) Error { return Error{400, "BadRequestException", text} }

// ThrottledOperation returns the error of a call above the rate of calls other than
// sending. The text is assumed.
func ThrottledOperation() Error { return Error{429, "TooManyRequestsException", "Rate exceeded"} }

// Blocked returns the error of a call on the account-level list that the sandbox
// blocks. The text is assumed.
func Blocked() Error { return BadRequest("The account is in the sandbox.") }

// NotListed returns the error of a call that names an address that is not on the
// account-level list.
func NotListed(address string) Error {
	return Error{404, "NotFoundException", "Email address " + address + " does not exist on your suppression list."}
}

// NoSuchIdentity returns the error of a call that names an identity that the account does
// not have.
func NoSuchIdentity(identity string) Error {
	return Error{404, "NotFoundException", "Email identity " + identity + " does not exist."}
}

// SetExists returns the error of a call that creates a configuration set that exists.
func SetExists(name string) Error {
	return Error{400, "AlreadyExistsException", "Configuration set <" + name + "> already exists."}
}

// TooManyIdentities returns the error of a call that asks for one identity more than an
// account can have. The text is assumed.
func TooManyIdentities() Error {
	return Error{400, "LimitExceededException", fmt.Sprintf("An account has at most %d identities in a Region.", MaxIdentities)}
}

// NoTemplates returns the error of a custom verification mail in the sandbox. The text
// is assumed.
func NoTemplates() Error {
	return Error{400, "ProductionAccessNotGranted", "The account is in the sandbox, which has no custom verification mails."}
}

// Conflict returns the error of a request for production access while another one is
// under review, or after one that was denied. The text is assumed.
func Conflict() Error {
	return Error{409, "ConflictException", "The account details cannot be changed now."}
}
