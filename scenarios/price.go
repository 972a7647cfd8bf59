package scenarios

import (
	"sesim/scenarios/internal/keys"
	"sesim/scenarios/internal/tree"
	"sesim/sim"
)

// price reads what an account's mail costs.
type price struct{ to *sim.Price }

// maxPrice is the highest price, in thousandths of a US dollar.
const maxPrice = 1_000_000_000

// priceTable binds the keys of a price table.
func priceTable(to *sim.Price) keys.Table {
	usd := func(to *int64) keys.Milli { return keys.Milli{To: to, Most: maxPrice} }
	return keys.Table{Fields: []keys.Field{
		keys.Optional("per_thousand", usd(&to.PerThousand),
			"for a thousand accepted recipients; suppressed ones are billed, refused calls are not"),
		keys.Optional("plan_month", usd(&to.PlanMonth), "for a plan, a month of 730 hours"),
		keys.Optional("dedicated_month", usd(&to.DedicatedMonth), "for dedicated IP addresses, a month"),
	}}
}

func (p price) Shape() keys.Shape { return keys.OneOfTables(p.Variants()) }

func (price) Variants() []keys.Variant {
	usual := sim.ListPrice
	return priceTable(&usual).Variants()
}

func (p price) Read(r *tree.Reporter, n *tree.Node, path string) {
	if n.Kind != tree.Table {
		r.Wrong(n, path, "", "%s is not a table: write one such as { per_thousand = 0.16, plan_month = 0 }", n.Show())
		return
	}
	priceTable(p.to).Read(r, n, path)
}
