package learn

import (
	"sync"

	"sesim/sim/rules"
)

// unpublished is a parameter that AWS does not document, with the values that the page
// offers.
type unpublished struct {
	Name  string `json:"name"`
	About string `json:"about"`
	// Values begin with the default; the others are plausible ones in their order.
	Values []alternative `json:"values"`
}

// alternative is a value of a parameter.
type alternative struct {
	Value string `json:"value"` // as --set takes it
	Words string `json:"words"`
}

// offered is how many numbers of a range the page offers.
const offered = 5

// parameters returns the parameters that AWS does not document, by name.
var parameters = sync.OnceValue(func() []unpublished {
	var list []unpublished
	defaults, err := rules.Edition(rules.Editions()[0])
	if err != nil {
		panic(err) // the catalogue has it
	}
	for _, p := range rules.Parameters() {
		if p.Plausible.None() {
			continue
		}
		own := p.Of(&defaults)
		u := unpublished{Name: p.Name, About: p.About, Values: []alternative{{own.Text, own.Words()}}}
		for _, v := range p.Plausible.Values(offered) {
			if v.Text != own.Text {
				u.Values = append(u.Values, alternative{v.Text, v.Words()})
			}
		}
		list = append(list, u)
	}
	return list
})
