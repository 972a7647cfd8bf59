// Package calibrate turns an account's logs into a scenario that runs: it passes email
// events to package estimate, and writes a folder with scenario.toml, history.csv,
// calibration.json and report.html.
//
// Outputs have no address, no domain of a recipient and no message ID. Senders have
// numbers, in the order of what separates them. Everything that depends on the form in
// which events came is in the object inputs of calibration.json: the same events in any
// order, form and compression give the same bytes but for it.
//
// It also tests such estimates: a back-test fits a log before a cut, predicts the weeks
// after it, the holdout, and compares them with what came. A fold is one cut.
//
// Vocabulary: a parameter is what was estimated or assumed; the cut is when the log ends
// and the scenario starts.
package calibrate
