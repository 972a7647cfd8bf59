// Package request drafts a request for production access: the answers to the
// four questions of AWS's form, the command that submits them, and the concerns
// that a reviewer may have.
//
// A draft has three sources: the request in the scenario, how the scenario's
// senders handle bounces, complaints and rates, and figures of runs of the
// scenario with confidence intervals, which justify quota and rate. Information
// that none of them has is a blank: it is marked, listed with the key that would
// fill it, and while there is one the command is commented out.
//
// The form and its fields are those of PutAccountDetails:
// https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_PutAccountDetails.html
// and https://docs.aws.amazon.com/ses/latest/dg/request-production-access.html
//
// The package leaves out AWS's decision and its criteria, which are not
// published. It checks a draft against AWS's published limits and advice.
package request
