// Package events writes what SES would publish about the mail of a run: JSON
// records of email events, one a line, with virtual timestamps.
//
// A Writer observes a run and writes one of two styles. Event publishing has
// Send, Delivery, Bounce, Complaint, Reject and DeliveryDelay under the key
// eventType; the older notifications of an identity have Delivery, Bounce and
// Complaint under notificationType. The shapes are those of AWS's pages
// event-publishing-retrieving-sns-contents and notification-contents, so that
// a program that handles the one handles the other. Calls that SES refused
// are no email events: they go to a stream of their own, in the words of the
// interface that refused them.
//
// # Which records there are
//
// A Send names all recipients of a message. Of what becomes of it there is a
// record for each recipient, and mail.destination names all of them in each.
// Two things concern the message: its Reject, and the bounces that the
// mailbox simulator answers one call with, which SES merges into one. Lines
// stand in the order in which SES learns of things. The timestamp within a
// complaint is older by the relay of the feedback loop: it says when the
// provider sent it.
//
// Calls that time out on their way, changes of lists and changes of accounts
// are published by nobody.
//
// # What is invented
//
// The same run gives the same bytes. Message and feedback ids have SES's own
// form and are made of the seed, the account, the sender and the message.
// Account numbers follow from the name of the customer; addresses of hosts
// lie in the blocks that RFC 5737 keeps for documentation. The caller is the
// sender's name. There is no content, so that headers are From and To alone.
// SES publishes events through a configuration set only: the records of mail
// without one are the same but for the tag that would name it.
//
// Diagnostics are the texts that AWS documents or that were seen in public
// samples; those of the rarer bounces are assumed.
//
// # Vocabulary
//
// A record is one line. A DSN is a delivery status notification, from which
// status and diagnostic come. An MTA is a mail server.
package events
