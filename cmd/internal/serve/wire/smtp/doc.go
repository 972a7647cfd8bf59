// Package smtp serves the SMTP interface of SES. It leaves the decisions to an api.Backend,
// and drops what a message contains besides its headers.
//
// Replies and offered extensions are those of email-smtp.amazonaws.com: AUTH is offered
// before TLS too, and PIPELINING, SIZE, CHUNKING, ENHANCEDSTATUSCODES and DSN are not
// offered. Limits and idle time are in wall time, whatever the speed of the model.
//
//	greeting -> EHLO -> [STARTTLS -> EHLO] -> AUTH -> MAIL -> RCPT... -> DATA -> MAIL...
//
// Replies to commands that SES is not known to refuse, or out of order, are those of
// RFC 5321. SES is not known to close a connection after a number of errors, at the methods
// of HTTP, or of messages that are not completed within a time; the server does, to protect
// itself.
package smtp
