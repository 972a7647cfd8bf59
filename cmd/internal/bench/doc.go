// Package bench measures, for sesim bench, how fast this machine decides and
// simulates. It reads the clock; nothing under package sim does.
//
// # What is measured
//
// A decision is what package engine asks of package ses before a delivery
// attempt: identities, pause, maximum send rate, rolling quota, both lists
// (lane.decideAll). It is the model's own code, called through its exported
// functions. As in a run, a call that is certain to be accepted is only noted, and
// window and bucket make up for it later, for up to 64 calls at a time, within the
// measured time. The decision is compared with other subjects in the same rounds:
//
//	sesim               recipients are known ahead, and from 32 million addresses
//	                    on their memory is read together, as a sender's list does
//	sesim, one by one   the same without reading ahead
//	reference           the same decisions by cmd/internal/bench/reference: x/time/rate, maps of
//	                    strings behind a mutex, a slice of time stamps
//	strings, one map    rungs: the same decisions, with fewer rules, by compositions that are each
//	numbers, one map    better than the one before (cmd/internal/bench/rungs); on one core, with
//	numbers behind bits a shared global list. The last one with and without looking ahead
//	random read         of memory as large as what the model searches, at the
//	                    recipient's place: the cost of memory alone, a lower bound
//	drawing alone       of recipients in a Zipf order, without a decision
//
// The order of the subjects rotates from round to round. Each begins with decisions that
// are not measured, about other recipients, so that the caches hold what they would in a
// long run. Recipients are drawn outside the measured time,
// those of a Zipf order within it, because drawing takes longer than the decision. A
// ratio is the median over the rounds of the ratio in each. TestSameDecisions
// compares the decisions of the model with those of the reference and of each rung
// one by one.
//
// Rungs are compared as the fastest of them in the same rounds. They lack some rules of
// the model, which are printed beside their figures.
//
// # Decisions shorter than the clock's resolution
//
// Reading the clock takes about as long as a decision, and its resolution may be
// coarser. Run measures both first. Therefore:
//
//   - The model's decisions are timed in batches, large enough that the clock
//     changes a batch by at most 5% (batchFor). A figure is the mean of a batch:
//     it does not describe a single decision, and the delay of one decision is
//     spread over its batch.
//   - One decision in seven is timed individually, with the median cost of the
//     clock subtracted. The result is no finer than the clock's resolution; one
//     below it, or below the spread of the clock's cost, is marked inconclusive.
//     With six decisions in between, the code of the clock does not evict what a
//     decision needs from the caches. These decisions are not prefetched.
//   - After each round a control loop runs for the same number of readings of the
//     same length: arithmetic in registers, without memory. Its delays come from
//     other programs, the kernel or the hypervisor. An interruption is a delay of
//     the control of more than a microsecond over its median. A percentile is
//     marked inconclusive (~) if the control's delay at the same percentile is at
//     least half as long.
//   - A percentile with fewer than five samples beyond it is left out.
//
// On one core, throughput is in processor time of the thread, if the system
// reports it with a resolution of 2% or better, so that other programs do not
// count, except for the caches that they evict. Latencies, runs and figures on
// several cores are in wall time. The report includes the load at the start, and
// points it out if it matters.
//
// # Coordinated omission
//
// A benchmark that starts each decision when the previous one is done omits the
// cost of waiting: an interruption of 10 ms is one slow decision among thousands,
// whereas at a million a second ten thousand others were due meanwhile. In the
// open loop (--rate) decisions are due at a fixed rate, and each has two times:
// the service time, from its start to its end, and the response time, from when
// it was due to its end. Where they differ, decisions waited, and only the
// response time is what a caller sees. If the rate cannot be sustained, the
// backlog grows as long as the loop runs, and response times only reflect its
// length: compare the achieved rate instead.
//
// # Replications
//
// Replications of a shipped scenario run on all cores of one process, in as many
// processes of one core as there are cores, and in one process on one core. The program
// starts itself for each of them; the processes run shards, so that all do the same runs
// and write the same results. What the processes reach is what the machine's memory and
// its caches let all cores reach; the share of it is what sharing a process leaves.
//
// # Growth
//
// With --growth, runs have more and more of one thing, an axis, ten times at each step:
//
//	recipients                of one account, a million a day to a million addresses
//	senders, an audience each of one account, each with a hundred recipients on one day
//	accounts, one audience    in one Region, each with a hundred recipients on one day; all
//	                          mail the same addresses, a hundred for each account
//	known addresses           each gets about one mail, a million a day
//	virtual years             a hundred thousand recipients in each, to an audience that
//	                          decays and gains addresses
//	trace rows, loading       each with the address of one recipient; the whole file is read,
//	                          hashed and checked
//	trace rows, running       the same file is read again, compared and sent
//
// What is compared along an axis is the processor time of a recipient, setup included, a
// median of the rounds that fit into a second. A time grows faster than its work if ten
// times the recipients take more than 3.16 times, the root of ten, as long each.
// Memory is measured in the first round: what is live at the end of the run, and the
// peak of the process, which includes what the garbage collector has not taken back.
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
//	sesim bench · Intel(R) Xeon(R) Processor, 2 cores, 23.5 GiB of memory, 22.6 GiB free · linux/amd64, go1.26.8
//	5 rounds of 65,536 decisions per core, subjects alternating. Figures are medians of the rounds: processor time on
//	one core, if the system reports it precisely, otherwise wall time.
//	0.5% of the addresses are listed; the 24-hour window holds 1,000,000 mails.
//	Reading the clock takes 37 ns (30 to 41), in steps of 1 ns: shorter decisions are timed in batches.
//
//	Latency of consecutive decisions; ~: the empty control loop was delayed as well
//	     addresses                            timed      50%      90%       99%    99.9%    99.99%   longest  interruptions/s
//	    10,000,000              sesim  64 at a time  20.3 ns  27.8 ns  ~92.9 ns   788 ns    2.9 µs    3.7 µs           23,604
//	    10,000,000  sesim, one by one        singly   125 ns   185 ns    608 ns  ~4.5 µs   22.3 µs   69.6 µs           28,943
//	    10,000,000          reference        singly   997 ns   1.5 µs   ~5.1 µs  90.6 µs  146.2 µs  310.8 µs           24,794
//
//	Open loop at a fixed rate: service time from the start of a decision, response time from when it was due
//	     addresses             target/s  achieved/s      time       50%        90%        99%      99.9%     99.99%
//	    10,000,000      sesim       1 M     1,000 k   service    196 ns     342 ns       1 µs    ~5.6 µs   129.5 µs
//	                                                 response    226 ns     4.9 µs   305.7 µs    1.63 ms    2.16 ms
//	    10,000,000  reference       1 M       562 k   service    1.2 µs     1.8 µs      ~6 µs   133.8 µs   201.1 µs
//	                                                 response  100.4 ms  161.48 ms  206.44 ms  209.98 ms  210.05 ms
//
//	Replications: all cores of one process, a process for each core, and one core, in the same rounds
//	      scenario  replications  cores  seconds  processor s  one process a core, s  processor s  one core, s  share of one process a core        times one core
//	    stale-list           200      2    1.118        2.148                  1.223        2.111        2.062                         1.07  1.75, processes 1.53
//
//	Took 170 s.
//
// end of figures
//
// In the first table the model's single decisions are multiples of the clock's
// resolution, its batches fractions of it. In the second table the service times
// repeat the first, including interruptions. The response times exceed them from
// the percentile on at which decisions were due while something else ran.
//
// # What it leaves out
//
// No figure is a promise for another machine, another set of addresses, or a
// program that does other work between decisions. The processor's frequency is
// not controlled. Time stolen by a hypervisor shows in the control only.
package bench
