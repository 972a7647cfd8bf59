package scenarios

import (
	"slices"
	"strings"

	"sesim/scenarios/internal/tree"
	"sesim/sim"
)

// attribute is a key of the scenario that an action can set during a run.
type attribute struct {
	of, key string // "account", "quota"
	is      sim.Key
	value   func(c *sim.Change) into
}

var attributes = []attribute{
	{"account", "quota", sim.KeyAccountQuota, func(c *sim.Change) into { return whole[int64]{&c.Number, -1, maxQuota} }},
	{"account", "rate", sim.KeyAccountRate, func(c *sim.Change) into { return whole[int64]{&c.Number, 1, maxSendRate} }},
	{"account", "suppression", sim.KeyAccountSuppression, func(c *sim.Change) into { return reasons{&c.Reasons} }},
	{"account", setSuppression, sim.KeySetSuppression, func(c *sim.Change) into { return reasons{&c.Reasons} }},
	{"sender", "on_bounce", sim.KeySenderOnBounce, func(c *sim.Change) into { return word[bool]{&c.Flag, hygiene, nil} }},
	{"sender", "rate", sim.KeySenderRate, func(c *sim.Change) into { return rate{&c.Rate} }},
	{"audience", "mailbox_full", sim.KeyAudienceMailboxFull, func(c *sim.Change) into { return share{&c.Share} }},
	{"audience", "complaint", sim.KeyAudienceComplaint, func(c *sim.Change) into { return share{&c.Share} }},
	{"audience", "hard_bounce", sim.KeyAudienceHardBounce, func(c *sim.Change) into { return share{&c.Share} }},
}

// setSuppression is the key of a configuration set below its account.
const setSuppression = "set.SET.suppression"

// attributeOf returns the attribute that the parts of a key name, the second of
// which is the name of an entity, and the configuration set that it is of, if
// any; nil: there is none.
func attributeOf(parts []string) (of *attribute, set string) {
	key := parts[2]
	if len(parts) == 5 && parts[2] == "set" {
		key, set = "set.SET."+parts[4], parts[3]
	}
	i := slices.IndexFunc(attributes, func(a attribute) bool { return a.of == parts[0] && a.key == key })
	if i < 0 || len(parts) != 3 && set == "" {
		return nil, ""
	}
	return &attributes[i], set
}

// attributeWords returns the attributes as words: what they are of, what is
// to stand between, and the key.
func attributeWords(between string) []string {
	words := make([]string, len(attributes))
	for i, a := range attributes {
		words[i] = a.of + between + a.key
	}
	return words
}

// setting is a set action while it is read: its key says how its value is
// written.
type setting struct {
	change    *sim.Change
	attribute *attribute // nil: the key is wrong
}

// settable reads the key of a set action: "account.acme.quota".
type settable struct{ *setting }

func (s settable) read(l *loader, n *tree.Node, path string) {
	v, _ := n.Value.(string)
	parts := strings.Split(v, ".")
	if len(parts) < 3 {
		l.Wrong(n, path, "", `%s is not a key that an action can set: write one such as "account.acme.quota"`, n.Show())
		return
	}
	attribute, set := attributeOf(parts)
	if attribute == nil {
		l.Wrong(n, path, tree.DidYouMean(v, attributeWords("."+parts[1]+".")), "%s is not a key that an action can set: there are %s",
			tree.Quote(v), strings.Join(attributeWords(".NAME."), ", "))
		return
	}
	of := l.names(parts[0])
	index, ok := of.index[parts[1]]
	if g, isGroup := of.groups[parts[1]]; !ok && isGroup {
		l.reportGroup(n, path, of, parts[1], g)
		return
	}
	if !ok {
		l.Wrong(n, path, tree.DidYouMean(parts[1], of.list), "no %s is named %s", of.kind, tree.Quote(parts[1]))
		return
	}
	if attribute.is == sim.KeySenderRate && l.cfg.Senders[index].Traffic.Kind == sim.Recorded {
		l.Wrong(n, path, "", "sender %s sends what its trace says, and has no rate", parts[1])
		return
	}
	if attribute.is == sim.KeySetSuppression && !l.findSet(n, path, index, set, &s.change.Set) {
		return
	}
	s.change.Key, s.change.Index, s.attribute = attribute.is, index, attribute
}

// names returns the names of one kind of entity.
func (l *loader) names(kind string) *names {
	switch kind {
	case l.accounts.kind:
		return &l.accounts
	case l.senders.kind:
		return &l.senders
	}
	return &l.audiences
}

// newValue reads the value of a set action, as the key before it wants it.
type newValue struct{ *setting }

func (v newValue) read(l *loader, n *tree.Node, path string) {
	if v.attribute != nil {
		v.attribute.value(v.change).read(l, n, path)
	}
}
