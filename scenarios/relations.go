package scenarios

import (
	"sesim/sim"
)

// accountList reads the accounts: first each by itself, then what they say of
// one another, since an account may name others that stand below it.
type accountList struct{}

var accountSection = section{1, sim.MaxAccounts, (*loader).account}

func (accountList) read(l *loader, n *node, path string) {
	accountSection.read(l, n, path)
	l.customers = map[customerRegion]int{}
	for i := range l.cfg.Accounts {
		of := customerRegion{l.cfg.Accounts[i].Customer, l.cfg.Accounts[i].Region}
		if _, taken := l.customers[of]; !taken {
			l.customers[of] = i
		}
	}
	for i, last := 0, (*node)(nil); i < len(l.cfg.Accounts); i++ {
		if child := l.accounts.tables[i]; child != last { // the first of a group stands for all
			l.relations(i, child, entityPath(path, i, child))
			last = child
		}
	}
}

// customerRegion is a customer in a Region.
type customerRegion struct{ customer, region string }

// afterwards is a key that is read when the rest of its table, or all tables
// of its kind, have been. It only knows how the value is written.
type afterwards struct{ as into }

func (afterwards) read(*loader, *node, string) {}

// relations reads what the i-th account says of others.
func (l *loader) relations(i int, n *node, path string) {
	l.checkCustomer(i, n, path)
	if child := n.table["delegates"]; child != nil && !child.spoilt {
		delegates{i}.read(l, child, join(path, "delegates"))
	}
	if requests := n.table["request"]; requests != nil {
		for k, request := range requests.list {
			if child := request.table["regions"]; child != nil {
				l.checkRegions(&l.cfg.Accounts[i], child, join(element(join(path, "request"), k), "regions"))
			}
		}
	}
}

// checkCustomer reports a customer's second account in one Region: an AWS
// account has one set of quotas, lists and identities there. An account whose
// Region is wrong is in none.
func (l *loader) checkCustomer(i int, n *node, path string) {
	a := &l.cfg.Accounts[i]
	if region := n.table["region"]; region != nil && region.value != a.Region {
		return
	}
	if first := l.customers[customerRegion{a.Customer, a.Region}]; a.Customer != "" && first != i {
		l.wrong(n.table["customer"], join(path, "customer"), "", "account %s of this customer is in %s already: a customer has one account in a Region", l.cfg.Accounts[first].Name, a.Region)
	}
}

// delegates reads the accounts that may send for the identities of another.
type delegates struct{ of int }

func (d delegates) read(l *loader, n *node, path string) {
	items, ok := l.items(n, path, sim.MaxAccounts)
	if !ok {
		return
	}
	owner := &l.cfg.Accounts[d.of]
	for _, item := range items {
		i := -1
		reference{&i, &l.accounts}.read(l, item.node, item.path)
		switch {
		case i < 0:
		case i == d.of:
			l.wrong(item.node, item.path, "", "an account needs no authorization for identities of its own")
		case l.cfg.Accounts[i].Region != owner.Region:
			l.wrong(item.node, item.path, "", "account %s is in %s and %s in %s: who sends for an identity does so in the identity's Region",
				quote(item.text), l.cfg.Accounts[i].Region, owner.Name, owner.Region)
		default:
			owner.Delegates = append(owner.Delegates, i)
		}
	}
}

// checkRegions reports Regions of a request in which the customer has no
// account. What is no Region at all has been reported before.
func (l *loader) checkRegions(a *sim.Account, n *node, path string) {
	for i, child := range n.list {
		v, _ := child.value.(string)
		switch {
		case !regionForm.MatchString(v):
		case v == a.Region:
			l.wrong(child, element(path, i), "", "%s is the account's own Region, which the request is for anyway", quote(v))
		case a.Customer == "":
			l.wrong(child, element(path, i), "", "account %s has no customer: give it and the accounts in further Regions the same one", a.Name)
		default:
			if _, there := l.customers[customerRegion{a.Customer, v}]; !there {
				l.wrong(child, element(path, i), "", "customer %s has no account in %s", quote(a.Customer), v)
			}
		}
	}
}
