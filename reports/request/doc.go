// Package request drafts a request for production access: the answers to the
// four questions of AWS's form, the command that submits them, and what a
// reviewer would be concerned about.
//
// A draft has three sources. What the scenario says of the request is taken
// over. How senders treat bounces, complaints and rates is read from the
// scenario's senders. How quota and rate were arrived at is what runs of the
// scenario come to, with intervals. What none of them knows is a blank: it is
// marked, named with the key that would fill it, and keeps the command from
// being one. Nothing is made up.
//
// The form and its fields are those of PutAccountDetails:
// https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_PutAccountDetails.html
// and https://docs.aws.amazon.com/ses/latest/dg/request-production-access.html
//
// The package leaves out what AWS decides, and by what: that is not published.
// What it holds against a draft are AWS's published limits and advice.
package request
