package proptest

import (
	"encoding/json"
	"maps"
	"math/rand/v2"
	"slices"
)

// oddValues are JSON values that few programs expect in the place of another.
var oddValues = []any{
	nil, -1, 0, 1, 99, int64(1e9), int64(1e12), 1e300, -0.5, true, "", "x", "9223372036854775807", []any{}, []any{-1}, []any{nil}, map[string]any{},
}

// OddJSON returns a JSON object with an odd value in the place of one of its own,
// at any depth. The same state of r gives the same text. The error is that of the
// object.
func OddJSON(r *rand.Rand, object []byte) ([]byte, error) {
	var of map[string]any
	if err := json.Unmarshal(object, &of); err != nil {
		return nil, err
	}
	change(r, of)
	return json.MarshalIndent(of, "", "  ")
}

// change puts an odd value somewhere into an object or a list.
func change(r *rand.Rand, in any) {
	switch in := in.(type) {
	case map[string]any:
		names := slices.Sorted(maps.Keys(in))
		if len(names) > 0 {
			name := names[r.IntN(len(names))]
			in[name] = odd(r, in[name])
		}
	case []any:
		if len(in) > 0 {
			i := r.IntN(len(in))
			in[i] = odd(r, in[i])
		}
	}
}

// odd returns an odd value, or a list or an object with an odd value in it.
func odd(r *rand.Rand, v any) any {
	switch v.(type) {
	case map[string]any, []any:
		if r.IntN(8) > 0 {
			change(r, v)
			return v
		}
	}
	return oddValues[r.IntN(len(oddValues))]
}
