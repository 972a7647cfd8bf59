// Package serve puts the interfaces of Amazon SES in front of the model, so that a program
// written for SES can be pointed at it.
//
//	Front          who calls, in which format
//	wire/v2, v1    the formats of the API
//	api            the operations
//	Server         carries them out on a Session, on one goroutine
//	web            the page, which asks Server.Admin; package page has what it shares
//	browsertest    goes through the page in a real browser
package serve
