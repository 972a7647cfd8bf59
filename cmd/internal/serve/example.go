package serve

import _ "embed" // the scenario

// Example is the scenario that is served without another: an account in the sandbox that
// works at once.
//
//go:embed default.toml
var Example []byte
