// Package learn is the classroom: a page in the browser on which the engine
// runs, and lessons on it. The lessons are files, which package lesson reads.
//
// The page is served by this program from files embedded in it, on the
// loopback interface, and needs neither network nor account. It draws and
// asks; the server runs the model. Nothing is kept between two requests: a
// request holds the whole scenario, and its answer depends on that alone. The
// page's address holds what was set, and the browser's history whether it was run: a
// link carries no answer.
//
// # Served and exported
//
// sesim learn serves the page; sesim learn --export writes a folder for any web
// server, in which the engine runs in the page as WebAssembly, in a worker. Both
// have the same page: it asks by the function post, of which web/js has the one
// that asks the server and site/js the one that asks the worker. The engine is
// built with Go when a classroom is exported, or taken from one that was: it is
// no part of the program, which it would make twice as large.
//
// The exported classroom has 2.9 MB with each file compressed, 2.8 of them the
// engine. Its packages that no run spends its time in are built without inlining,
// and what reads files is left out, which makes it a sixth smaller. Measured on two
// cores in Chromium, while they did a lot of other work, the first run was drawn
// 1.8 s after a click on a page just opened, which includes loading the engine from
// the same computer; a run was drawn 550 ms after letting go of a slider, at most
// 0.9 s. Behind the server, a run takes about 12 ms of the processor.
//
// In Chromium, on the same two cores while they did other work, the page was
// ready for its first interaction after 1.0 s, at most 1.9 s, and a run was
// drawn 160 ms after letting go of a slider, at most 230 ms. The browser test
// prints both. A run takes about 12 ms of the processor, a client that reads
// the answer included: fifty clients made 2,218 runs in a minute beside that
// other work, half of them waited 0.2 s at most, 99% 1.7 s.
//
// # The parts
//
//	classroom    the questions of the page and their answers
//	request      from a request to a scenario's text and its Config
//	budget       what a run may take: addresses, events, memory, time
//	queue        the order of runs: one for each core, tabs in rotation
//	answer       the answer to a run
//	stays        which addresses stay on the global list, and how long
//	guard        rejects requests from elsewhere
//	parameters   what AWS does not publish, with the values that the page offers
//	explain      what happened between two moments of a run
//	server       the routes, and the life of the server
//	export       the classroom as a static site; site has its own files
//	wasm         the engine for it
//	web          the page; web/text holds its words, one file for each language.
//	             Package page has what it shares with other pages
//	browsertest  goes through the lessons in a real browser
//
// # Vocabulary
//
// A control is a slider or a choice; it sets one or more keys of the scenario
// to one of its values. A prediction is the question asked before a run. A lab
// is a task for students, which a run can reach. A variant is a lesson's scenario
// with some keys set otherwise, from which its texts take figures. A tab is one
// open page, which names itself.
//
// The package leaves out the terminal and the opening of a browser, which are
// the command's, and keeps no results.
package learn
