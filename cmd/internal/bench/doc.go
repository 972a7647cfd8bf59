// Package bench measures, for sesim bench, how fast this machine decides and
// simulates. It reads the clock; nothing under package engine does.
//
// # What is measured
//
// The decision is what package engine asks of package ses before it attempts a
// delivery: identities, pause, max send rate, rolling quota, both lists
// (lane.decide). It is the model's own code, called through its exported
// functions. What stands beside it in the same rounds:
//
//	sesim               recipients are known ahead, and their memory is touched
//	                    together, as a sender's list does
//	sesim, one by one   the same without looking ahead
//	reference           the same decisions by cmd/internal/bench/reference: x/time/rate, maps of
//	                    strings behind a mutex, a slice of time stamps
//	random read         of memory as large as what the model searches, at the
//	                    recipient's place: what memory costs, the floor
//
// The order of the subjects rotates from round to round, recipients are drawn
// outside the measured time, and no subject meets recipients whose memory is
// still in a cache. A ratio is the median over the rounds of the ratio in each.
// TestSameDecisions holds the two sides together, decision by decision.
//
// # Decisions that are shorter than a clock
//
// Reading the clock takes about as long as a decision, and its steps may be
// longer. Run first measures both. From that follows:
//
//   - The model's decisions are timed in batches, so many that the clock moves a
//     batch by no more than a twentieth (batchFor). A figure is then the mean of
//     a batch: it tells nothing of a single decision, and a delay that meets one
//     decision of a batch is told as if it met each a little.
//   - One decision in seven is timed by itself, the median cost of the clock
//     taken off. What is left is no finer than the clock's steps, and one that
//     lies below them, or below the spread of the clock's own cost, is marked as
//     inconclusive. Six decisions between two readings keep the clock's code
//     from cooling what the decision needs. They have nothing to look ahead to.
//   - After each round a control runs for as many readings of the same length:
//     arithmetic in registers, without memory. Whatever holds it up is not the
//     decision's doing: other programs, the kernel, the hypervisor. Interruptions
//     are what the control took over its median by more than a microsecond. A
//     percentile is marked as inconclusive (~) where the control was held up, at
//     the same percentile, for half as long or more.
//   - A percentile beyond which lie fewer than five samples is left out.
//
// On one core throughput is of the thread's time on the processor, where the
// system tells it in steps below a fiftieth of it, so that other programs do not
// count; the caches that they empty do. Latencies, runs and figures on several
// cores are of wall time. The report tells the load at the start, and says so
// where it matters.
//
// # Coordinated omission
//
// Whoever begins a decision when the one before is done, and times each from
// its beginning, omits what waiting costs: an interruption of 10 ms is one long
// decision among thousands, whereas at a million a second ten thousand others
// were due meanwhile. The open loop (--rate) has decisions due at a rate,
// whatever becomes of those before, and tells two times of each: the service
// time, from its beginning to its end, and the response time, from when it was
// due to its end. Where the two part, waiting begins, and only the second is
// what a caller sees. Where the rate cannot be kept, the backlog grows for as
// long as the loop lasts, and response times say how long that was and nothing
// else: compare the rate that was reached.
//
// # An example
//
// These are figures of
//
//	go run ./cmd/sesim bench --json >reports/gallery/bench.json
//
// and go test ./cmd/internal/bench -update puts them here.
//
// figures:
//
//	sesim bench · AMD EPYC, 2 cores, 23.5 GiB of memory, 22.9 GiB free · linux/amd64, go1.26.8
//	5 rounds of 65,536 decisions a core, the subjects in turn; figures are medians of the rounds:
//	on one core of its time on the processor, where the system tells it finely, else of wall time.
//	0.5% of the addresses are listed; a day of 1,000,000 mails fills the window.
//	Reading the clock takes 20 ns (20 to 30), in steps of 10 ns: what takes less is timed in batches.
//
//	Latency of a decision, one after the other; ~ where a loop without any work was held up as well
//	     addresses                            timed      50%      90%      99%    99.9%    99.99%  longest  interruptions/s
//	    10,000,000              sesim  32 at a time  24.4 ns  30.7 ns  41.9 ns  69.2 ns   ~1.3 µs   1.8 µs            1,028
//	    10,000,000  sesim, one by one        singly    40 ns   170 ns   281 ns   471 ns    971 ns  31.8 µs            1,143
//	    10,000,000          reference        singly   661 ns   1.1 µs   1.6 µs   2.2 µs  ~48.2 µs  83.2 µs              571
//
//	At a rate: service time from a decision's start, response time from when it was due
//	     addresses             asked/s  reached/s      time       50%      90%       99%     99.9%    99.99%
//	    10,000,000      sesim      1 M        1 M   service    180 ns   241 ns    381 ns      1 µs  ~10.3 µs
//	                                               response    195 ns   271 ns   17.2 µs   59.5 µs   97.9 µs
//	    10,000,000  reference      1 M      975 k   service    882 ns   1.3 µs    1.8 µs    5.7 µs    ~58 µs
//	                                               response  602.6 µs  7.24 ms  13.73 ms  14.28 ms  14.29 ms
//
//	Took 96 s.
//
// end of figures
//
// In the first table the single decisions of the model move in steps of the
// clock, while its batches move in fractions of them. In the second the service
// times repeat the first table, interruptions and all. The response times of
// the same decisions depart from them where the share of decisions begins that
// were due while something else ran.
//
// # What it leaves out
//
// No figure is a promise for another machine, another set of addresses, or a
// program that does something between two decisions. The processor's frequency
// is as the system has it. Time that a hypervisor takes away shows in the
// control only.
package bench
