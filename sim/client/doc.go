// Package client models the program that calls SES on behalf of its senders: how
// many calls it makes at a time, how long a call takes, how it limits its rate, and
// what it does about refusals.
//
// A client is a queue with workers. A free worker takes the head of the queue and
// waits, busy, until the client's limiters let its call start. The call takes the
// client's latency; SES decides at its end, when the answer arrives too. After a
// refusal the worker sleeps and calls again, or puts the message back into the queue,
// or gives it up. All of it follows from a Config, virtual time, random numbers with
// a name, and the answers of SES, which this package does not know.
//
// # At one instant
//
// Answers come first, then the ends of waits and rests and the grants of limiters,
// then messages that fall due, then starts; within a kind the order is by sender,
// message and attempt. Intervals are half-open: a window of a second that begins at
// 5 s ends before 6 s.
//
// # Draws
//
// Attempt or requeue k of message m takes number m·2^16+k of its sender's streams
// latency, jitter and requeue; the first attempt is number 0. A message whose k would
// exceed MaxDraws is given up.
//
// # Cost
//
// A client takes no entry of the event list. A call costs O(log c) with c calls under way
// or waiting, and no allocation. A limiter costs O(1) a call; a log keeps the n last starts
// of each copy. A retry quota and adaptive mode cost O(1) an answer. A rest of all workers,
// a barrier and connections cost O(1) a call. Messages that wait cost 32 bytes for each run
// of consecutive ones that fell due together, so a campaign of ten million costs 32; a call
// under way costs a few hundred bytes.
//
// A call of mail to one recipient, as a ratio to the same mail without a client (about
// 40 ns), in processor time, on two shared cores that were busy; from busy on with twenty
// workers, eleven or twelve of which call:
//
//	nothing, calls without latency        6.5
//	a latency, the same for each call     7.6
//	a latency that is drawn               10
//	workers (busy)                        8.5
//	10,000 workers, 7,000 busy            11
//	10,000 processes, 7,000 busy          15
//	connections                           9.2
//	sessions that SES closes              8.8
//	rests of workers                      9.6
//	a bucket, a window, a log             8.9, 8.2, 8.5
//	the three together                    9.4
//	two senders with priorities           6.9
//	some calls refused, no retry          10
//	retries: hold, back to the queue      10, 9.4
//	retries with a quota                  9.7
//	adaptive mode                         18
//
// Differences of less than a tenth are noise. The figures are those of
//
//	go test ./sim/engine -run '^$' -bench Client -benchtime 5x
//
// Numbers are integers throughout: rates are millionths of a call a second, and no
// floating-point number decides anything.
//
// # Out of scope
//
// Content and the network: the time that an answer takes to come back is part of the
// latency, and a call gets lost only where SES has closed the session of a client that does
// not reconnect.
package client
