// Package api is what Amazon SES offers to its callers, without a wire format: the
// operations with their inputs, outputs and errors, once for both versions of the API and
// for SMTP. The packages under wire read and write the formats; a Backend carries the
// operations out.
//
// The names and the fields of operations, inputs and outputs are those of version 2. What
// only version 1 has, such as GetSendStatistics, has the names of version 1. Sending is the
// exception: whatever the format, a message arrives as a Mail.
//
// The tag "in" of a field names its place in a request of version 2, "path" or "query", or
// "any" for body and query; fields without it are in the body. The tag "must" is "be" for a required field, and
// "fit=A,B" for one of a few words.
package api

import (
	"context"
	"math"
	"net/http"
	"strconv"
	"time"

	"sesim/sim/ses"
)

// Caller is who makes a call, and how.
type Caller struct {
	Interface ses.Interface
	Key       string      // access key id; for SMTP the user name
	Region    string      // of the credential's scope; empty for SMTP
	RequestID string      // of the call; the answer carries it
	SourceIP  string      // without a port
	Header    http.Header // of the answer, to which Do may add; nil: the interface has none
}

// Backend carries operations out.
type Backend interface {
	// Do carries out one operation. The input is a pointer to one of this package's
	// inputs, and the output a pointer to the output of the same operation, or nil where
	// it has none. A refusal is an *Error, worded for the caller's interface; any other
	// error is answered as an internal failure of the service. Do may be called by several
	// goroutines at once, keeps nothing of the input, and gives up when ctx ends.
	Do(ctx context.Context, caller Caller, input any) (output any, err error)
}

// Unknown is the input of an operation that there is not. It is refused.
type Unknown struct {
	Name    string // as the call names it
	Refusal *Error
}

// Time is a moment as version 2 writes it: seconds since 1970 with three decimals.
type Time struct{ time.Time }

// MarshalJSON writes the moment as a JSON number.
func (t Time) MarshalJSON() ([]byte, error) {
	return strconv.AppendFloat(nil, math.Round(float64(t.UnixMilli()))/1000, 'f', 3, 64), nil
}

// MaxPage is the number of entries that a page of a list has at most.
const MaxPage = 1000
