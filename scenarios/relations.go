package scenarios

import (
	"sesim/scenarios/internal/keys"
	"sesim/scenarios/internal/tree"
	"sesim/sim"
)

// accountList reads the accounts: first each by itself, then the references
// between them, since an account may name later ones.
type accountList struct{ l *loader }

func (a accountList) section() keys.Section {
	return keys.Section{
		Least: 1, Most: sim.MaxAccounts,
		Entity: a.l.account,
		Sorts: func() []keys.Variant {
			account := defaultAccount()
			return a.l.accountTable(&account).Variants()
		},
	}
}

func (a accountList) Shape() keys.Shape { return a.section().Shape() }

func (a accountList) Variants() []keys.Variant { return a.section().Variants() }

func (a accountList) Read(r *tree.Reporter, n *tree.Node, path string) {
	l := a.l
	a.section().Read(r, n, path)
	l.customers = map[customerRegion]int{}
	for i := range l.cfg.Accounts {
		of := customerRegion{l.cfg.Accounts[i].Customer, l.cfg.Accounts[i].Region}
		if _, taken := l.customers[of]; !taken {
			l.customers[of] = i
		}
	}
	for i, last := 0, (*tree.Node)(nil); i < len(l.cfg.Accounts); i++ {
		if child := l.accounts.Tables[i]; child != last { // the first of a group stands for all
			l.relations(i, child, keys.EntityPath(path, i, child))
			last = child
		}
	}
}

// customerRegion is a customer in a Region.
type customerRegion struct{ customer, region string }

// relations reads the references of the i-th account to others.
func (l *loader) relations(i int, n *tree.Node, path string) {
	l.checkCustomer(i, n, path)
	if child := n.Table["delegates"]; child != nil && !child.Reported {
		delegates{l, i}.Read(l.Reporter, child, tree.Join(path, "delegates"))
	}
	if requests := n.Table["request"]; requests != nil {
		for k, request := range requests.List {
			if child := request.Table["regions"]; child != nil {
				l.checkRegions(&l.cfg.Accounts[i], child, tree.Join(tree.Element(tree.Join(path, "request"), k), "regions"))
			}
		}
	}
}

// checkCustomer reports a customer's second account in one Region: an AWS account
// has one set of quotas, lists and identities there. An account with an invalid
// Region is skipped.
func (l *loader) checkCustomer(i int, n *tree.Node, path string) {
	a := &l.cfg.Accounts[i]
	if region := n.Table["region"]; region != nil && region.Value != a.Region {
		return
	}
	if first := l.customers[customerRegion{a.Customer, a.Region}]; a.Customer != "" && first != i {
		l.Wrong(n.Table["customer"], tree.Join(path, "customer"), "",
			"account %s of this customer is in %s already: a customer has one account in a Region", l.cfg.Accounts[first].Name, a.Region)
	}
}

// delegates reads the accounts that may send for the identities of another.
type delegates struct {
	l  *loader
	of int // the other account's index
}

func (delegates) Shape() keys.Shape { return keys.ListOf(keys.Entity{}.Shape(), sim.MaxAccounts) }

func (d delegates) Read(r *tree.Reporter, n *tree.Node, path string) {
	items, ok := keys.Items(r, n, path, sim.MaxAccounts)
	if !ok {
		return
	}
	accounts := d.l.cfg.Accounts
	owner := &accounts[d.of]
	for _, item := range items {
		i := -1
		keys.Entity{To: &i, Of: &d.l.accounts}.Read(r, item.Node, item.Path)
		switch {
		case i < 0:
		case i == d.of:
			r.Wrong(item.Node, item.Path, "", "an account needs no authorization for identities of its own")
		case accounts[i].Region != owner.Region:
			r.Wrong(item.Node, item.Path, "", "account %s is in %s and %s in %s: an identity can be used only in its own Region",
				tree.Quote(item.Text), accounts[i].Region, owner.Name, owner.Region)
		default:
			owner.Delegates = append(owner.Delegates, i)
		}
	}
}

// checkRegions reports Regions of a request in which the customer has no account.
// Invalid Regions have been reported before.
func (l *loader) checkRegions(a *sim.Account, n *tree.Node, path string) {
	for i, child := range n.List {
		v, _ := child.Value.(string)
		switch {
		case !keys.IsRegion(v):
		case v == a.Region:
			l.Wrong(child, tree.Element(path, i), "", "%s is the account's own Region, which the request is for anyway", tree.Quote(v))
		case a.Customer == "":
			l.Wrong(child, tree.Element(path, i), "", "account %s has no customer: give it and the accounts in further Regions the same one", a.Name)
		default:
			if _, there := l.customers[customerRegion{a.Customer, v}]; !there {
				l.Wrong(child, tree.Element(path, i), "", "customer %s has no account in %s", tree.Quote(a.Customer), v)
			}
		}
	}
}
