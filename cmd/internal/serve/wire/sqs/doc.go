// Package sqs serves queues in the protocols of Amazon SQS: JSON 1.0, and Query for older
// clients. It has what a reader of events needs: to receive messages, to delete them or to
// change their visibility, and to look at a queue or purge it. Nobody can send to a queue
// from outside.
//
// Queues are standard queues. They keep messages for as long as the process lives, and
// their times are wall time, whatever the speed of the model. Messages come in the order in
// which they were put in, which SQS does not promise.
package sqs
