package replicate

import (
	"encoding/json"
	"math"
)

// never is the text of +Inf, the time to what never happens.
const never = `"never"`

// MarshalJSON returns the shortest decimal that parses as the same number, null
// for NaN and "never" for +Inf.
func (n Number) MarshalJSON() ([]byte, error) {
	if math.IsNaN(float64(n)) {
		return []byte("null"), nil
	}
	if math.IsInf(float64(n), 1) {
		return []byte(never), nil
	}
	return json.Marshal(float64(n))
}

// UnmarshalJSON parses what MarshalJSON returns.
func (n *Number) UnmarshalJSON(text []byte) error {
	switch string(text) {
	case "null":
		*n = Number(math.NaN())
		return nil
	case never:
		*n = Number(math.Inf(1))
		return nil
	}
	return json.Unmarshal(text, (*float64)(n))
}
