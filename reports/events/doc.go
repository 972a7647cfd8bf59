// Package events writes what SES would publish about the mail of a run: JSON
// records of email events, one a line, with virtual timestamps.
//
// A Writer observes a run and writes one of two styles. Event publishing has
// Send, Delivery, Bounce, Complaint, Reject and DeliveryDelay under the key
// eventType; the older notifications of an identity have Delivery, Bounce and
// Complaint under notificationType. The formats are those of AWS's pages
// event-publishing-retrieving-sns-contents and notification-contents, so that a
// program that handles SES's records handles these. Refused calls are not email
// events: they go to a separate stream, in the format of the API version or SMTP.
//
// # The records
//
// A Send names all recipients of a message. Each outcome has a record for each
// recipient, whose mail.destination names all recipients. Two records concern
// the whole message: a Reject, and the bounces with which the mailbox simulator
// answers a call, which SES merges into one. Records are in the order in which
// SES learns of the events. The timestamp within a complaint is earlier than
// that by the relay of the feedback loop: it is when the provider sent it.
//
// SES does not publish calls that time out before they reach it, changes of
// lists, and changes of accounts.
//
// # Invented values
//
// The same run gives the same bytes. Message and feedback IDs have SES's format
// and are derived from the seed, the account, the sender and the message.
// Account numbers are derived from the name of the customer; IP addresses of
// hosts are from the blocks that RFC 5737 reserves for documentation. The caller
// is the sender's name. There is no content, so the only headers are From and
// To. SES publishes events only through a configuration set; the records of mail
// without one are the same, except for the tag that would name it.
//
// Diagnostics are texts that AWS documents or that appear in public samples;
// those of the rarer bounces are assumed.
//
// # Vocabulary
//
// A record is one line. A DSN is a delivery status notification, from which
// status and diagnostic come. An MTA is a mail server.
package events
