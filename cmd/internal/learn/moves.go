package learn

import (
	_ "embed"
	"encoding/json"
	"sync"
)

//go:embed moves.json
var movesFile []byte

// moves returns, by lesson and figure, the parameters that AWS does not publish of
// which a plausible value changes the figure. It is found by trying them all, which
// takes too long for a page; TestMoves writes it with -update.
var moves = sync.OnceValue(func() map[string]map[string][]string {
	all := map[string]map[string][]string{}
	if err := json.Unmarshal(movesFile, &all); err != nil {
		panic(err) // it is part of the program
	}
	return all
})
