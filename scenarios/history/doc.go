// Package history reads what people have of an account's past: email events in
// the forms in which AWS hands them over, statistics, metrics, suppression lists
// and the answer to get-account.
//
// Read passes every email event to a function, one Record at a time. Files are
// recognized by their content, decompressed, and read once from front to back, so
// that a log may be longer than memory. What cannot be read is counted with its
// place, never quoted.
//
// Addresses do not leave the decoder: a Recipient has a keyed hash of 64 bits and
// the class of its domain. The key is the caller's. It is random, so no output may
// depend on the hashes other than on which of them are equal.
//
// The package opens no file and reads no clock: inputs are readers with a name.
//
// # Vocabulary
//
// A form is the way in which records are wrapped: one JSON value a line, an SNS
// envelope, a CSV table. A repeat is a record whose identity (type, message,
// recipient, and feedback ID or second) was read before.
package history
