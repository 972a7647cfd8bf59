// Package check holds independent checkers of the model's promises. A Checker
// observes the records of one run, computes again, slowly and plainly, what
// must be true of them, and names every place where it is not.
//
// The package shares no code with what it checks. It knows the scenario
// (package sim's Config), the parameters (package rules), the names of states
// and reasons (the kinds of package ses) and the records; never the logic of
// ses, mailbox or sender. Where the model keeps a ring, a packed byte or a
// bucket in one integer, this package keeps a slice, a map or a fraction of
// any size.
//
// Each promise has a file of its own.
//
// Mail:
//   - conservation: every accepted recipient has at most one fate, and the
//     Result counts what the records tell;
//   - calls: the calls of a message are numbered, retried only as the sender
//     says, and stop once one is accepted;
//   - retries: SES tries as long as the rules and the mail's configuration set
//     say, and gives up at exactly that moment;
//   - suppression: a listed address gets nothing, one that is not listed is
//     not suppressed;
//   - account list, global list: who is on a list has come there by a bounce,
//     a complaint or somebody's doing, and stays as long as the rules say.
//
// Admission, in the order of its checks:
//   - paused: a paused account sends nothing;
//   - clients: a client has no more calls in flight than workers, starts no more
//     than its limiters let, retries within its quota, and gives up messages
//     for reasons that its keys allow;
//   - members: mail goes to addresses that the audience has by then;
//   - calendar: no message is due while its sender's calendar is closed, or its
//     rate is multiplied by 0;
//   - sessions: a client makes a call at a time on a connection, pays for its
//     set-up, and makes none on a connection that it or SES has closed;
//   - form: invalid calls are refused, and no others for that;
//   - identities: only verified senders send, and in the sandbox only verified
//     recipients receive;
//   - rate: calls pass the max send rate, as a bucket of exact fractions, or
//     are refused for it;
//   - quota: no 24 hours hold more recipients than the quota allowed, and no
//     call was refused for a quota that had room.
//
// The account:
//   - states: the enforcement status takes legal steps only;
//   - reviews: reviews and pauses come when the bounce and complaint rates say
//     so, which are computed anew, and not otherwise;
//   - requests, appeals, operations: what people do leaves its line in the
//     timeline, and AWS answers as the scenario says.
//
// And order: time never runs backwards.
//
// What the package leaves out: whether drawn delays, bounces and complaints
// have the right distributions, when the quota of an account grows by itself
// (only to what), and what the series and the histograms hold.
//
// # Ties
//
// The checkers rely on the order in which a run handles what happens at the
// same moment: first what the scenario lets people do, then other events,
// then the evaluation of rates, then messages that are due.
package check
