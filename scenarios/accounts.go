package scenarios

import (
	"time"

	"sesim/scenarios/internal/keys"
	"sesim/scenarios/internal/tree"
	"sesim/sim"
	"sesim/sim/unit"
)

// mailAccount reads from where a sender sends: the name of an account, or a table of
// several and how they are used.
type mailAccount struct {
	keys.Member
	to *sim.Sender
}

const accountsNote = "With `account = { names = [\"us\", \"eu\"], use = \"split\", shares = [\"70%\", \"30%\"] }` " +
	"a message goes through an account drawn by the shares, and so do its retries. " +
	"With `account = { names = [\"us\", \"eu\"], use = \"failover\", check = \"15m\" }` all calls, retries too, go through the " +
	"first account whose sending is not paused, by AWS, by the customer or for the sender's configuration set, as the sender found them at its last " +
	"look; it comes back to an earlier one once that is healthy again, and stays where it is while all are paused. " +
	"The sender keeps one list for all accounts. Quotas, rates, suppression lists and bounce rates are those of each account; " +
	"multiples of the maximum send rate in its client, and the pace of a campaign that has none, follow the first."

// The ways to use several accounts.
const (
	useSplit    = "split"
	useFailover = "failover"
)

// How often a sender looks which of its accounts are paused.
const (
	leastCheck   = time.Minute
	defaultCheck = 15 * time.Minute
)

// severalAccounts is a table of accounts being read.
type severalAccounts struct {
	names  []int
	shares []unit.Share
	check  time.Duration
}

// tables returns the sorts of table, bound to a.
func (m mailAccount) tables(a *severalAccounts) []keys.Variant {
	a.check = defaultCheck
	sort := func(word, about string, more keys.Field) keys.Variant {
		return keys.Variant{Key: "use", Word: word, About: about, Table: keys.Table{
			Fields: []keys.Field{
				keys.Required("names", accountNames{m.Of, &a.names}, "the accounts, the preferred ones first"),
				keys.Required("use", keys.Word[string]{To: new(string), Choices: uses}, "how they are used"), more,
			},
			Others: []string{"shares", "check"}, Of: "use = " + `"` + word + `"`,
		}}
	}
	return []keys.Variant{
		sort(useSplit, "the messages are divided among the accounts",
			keys.Required("shares", shareList{&a.shares}, "of the messages, in the order of names, 100% together")),
		sort(useFailover, "one account at a time: the first whose sending is not paused",
			keys.Optional("check", keys.Duration{To: &a.check, Least: leastCheck, Most: unit.MaxDuration},
				"time between two looks at which of them are paused, from begin on; between them mail goes to the same account, paused or not")),
	}
}

var uses = []keys.Choice[string]{{Word: useSplit, Is: useSplit}, {Word: useFailover, Is: useFailover}}

func (m mailAccount) Shape() keys.Shape {
	return keys.AnyOf([]keys.Shape{m.Member.Shape(), keys.OneOfTables(m.Variants())})
}

func (m mailAccount) Variants() []keys.Variant { return m.tables(&severalAccounts{}) }

func (m mailAccount) Read(r *tree.Reporter, n *tree.Node, path string) {
	if n.Kind != tree.Table {
		m.Member.Read(r, n, path)
		return
	}
	read, before := &severalAccounts{}, len(r.Findings())
	sorts := m.tables(read)
	word := ""
	if use := n.Table["use"]; use != nil {
		word, _ = use.Value.(string)
	}
	split := word == useSplit
	switch {
	case split:
		sorts[0].Table.Read(r, n, path)
	case word == useFailover:
		sorts[1].Table.Read(r, n, path)
	default:
		t := keys.Table{Fields: sorts[0].Table.Fields[:2], Others: sorts[0].Table.Others}
		t.Read(r, n, path)
	}
	if len(r.Findings()) > before {
		return
	}
	if split {
		m.checkShares(r, n, path, read)
		if len(r.Findings()) > before {
			return
		}
	}
	of := &sim.Accounts{}
	for i, account := range read.names {
		a := sim.SenderAccount{Account: account}
		if split {
			a.Share = read.shares[i]
		}
		of.Of = append(of.Of, a)
	}
	if !split {
		of.Check = read.check
	}
	m.to.Account, m.to.Accounts = read.names[0], of
}

// checkShares reports shares that do not fit the accounts.
func (mailAccount) checkShares(r *tree.Reporter, n *tree.Node, path string, a *severalAccounts) {
	shares, at := n.Table["shares"], tree.Join(path, "shares")
	if len(a.shares) != len(a.names) {
		r.Wrong(shares, at, "", "%s for %d accounts: each needs one", unit.Plural(int64(len(a.shares)), "share", "shares"), len(a.names))
		return
	}
	sum := unit.Share(0)
	for _, share := range a.shares {
		sum += share
	}
	if sum != unit.Whole {
		r.Wrong(shares, at, "", "the shares add up to %s, not to 100%%", sum)
	}
}

// accountNames reads the names of several accounts; they become their numbers.
type accountNames struct {
	of *keys.Names
	to *[]int
}

func (a accountNames) Shape() keys.Shape {
	list := keys.ListOf(keys.Entity{}.Shape(), sim.MaxMixture)
	list["minItems"] = 2
	return list
}

func (a accountNames) Read(r *tree.Reporter, n *tree.Node, path string) {
	items, ok := keys.Items(r, n, path, sim.MaxMixture)
	if !ok {
		return
	}
	if len(n.List) < 2 {
		r.Wrong(n, path, "", "there must be at least 2: of a single account write the name in place of the table")
		return
	}
	known := map[string]bool{}
	for _, item := range items {
		i, found := a.of.Find(r, item.Node, item.Path, item.Text, nil)
		switch {
		case !found:
		case known[item.Text]:
			r.Wrong(item.Node, item.Path, "", "account %s stands in the list already", item.Text)
		default:
			known[item.Text] = true
			*a.to = append(*a.to, i)
		}
	}
}

// shareList reads shares.
type shareList struct{ to *[]unit.Share }

func (shareList) Shape() keys.Shape { return keys.ListOf(keys.Share{}.Shape(), sim.MaxMixture) }

func (s shareList) Read(r *tree.Reporter, n *tree.Node, path string) {
	if n.Kind != tree.List {
		r.Wrong(n, path, "", "%s is not a list: write it between [ and ]", n.Show())
		return
	}
	for i, child := range n.List {
		var share unit.Share
		keys.Share{To: &share}.Read(r, child, tree.Element(path, i))
		*s.to = append(*s.to, share)
	}
}

// sets finds the configuration set of a sender at each of its accounts.
func (l *loader) setsOf(s *sim.Sender, n *tree.Node, path string) {
	set := n.Table["configuration_set"]
	if s.Accounts == nil || set == nil || set.Reported {
		return
	}
	name, _ := set.Value.(string)
	for i := range s.Accounts.Of {
		a := &s.Accounts.Of[i]
		if a.Account == s.Account {
			a.Set = s.Set
			continue
		}
		l.findSet(set, tree.Join(path, "configuration_set"), a.Account, name, &a.Set)
	}
}
