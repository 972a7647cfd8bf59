package scenarios

import (
	"slices"
	"strings"

	"sesim/scenarios/internal/keys"
	"sesim/scenarios/internal/tree"
	"sesim/sim"
)

// attribute is a key of the scenario that an action can set during a run.
type attribute struct {
	of, key string // "account", "quota"
	is      sim.Key
	about   string
	value   func(c *sim.Change) keys.Value
}

var attributes = []attribute{
	{"account", "quota", sim.KeyAccountQuota, "sending quota, as AWS raises or lowers it", func(c *sim.Change) keys.Value {
		return keys.Whole[int64]{To: &c.Number, Least: -1, Most: maxQuota}
	}},
	{"account", "rate", sim.KeyAccountRate, "maximum send rate, as AWS raises or lowers it", func(c *sim.Change) keys.Value {
		return keys.Whole[int64]{To: &c.Number, Least: 1, Most: maxSendRate}
	}},
	{"account", "suppression", sim.KeyAccountSuppression, "reasons of the account-level suppression list", reasonsOf},
	{"account", setSuppression, sim.KeySetSuppression, "reasons of a configuration set", reasonsOf},
	{"sender", "on_bounce", sim.KeySenderOnBounce, "what it does with addresses that bounced", func(c *sim.Change) keys.Value {
		return keys.Word[bool]{To: &c.Flag, Choices: hygiene}
	}},
	{"sender", "rate", sim.KeySenderRate,
		"rate of its traffic, if that is not a trace", func(c *sim.Change) keys.Value { return keys.Rate{To: &c.Rate} }},
	{"audience", "mailbox_full", sim.KeyAudienceMailboxFull, "share of the messages that meet a full mailbox", shareOf},
	{"audience", "complaint", sim.KeyAudienceComplaint, "share of the delivered messages that draw a complaint", shareOf},
	{"audience", "hard_bounce", sim.KeyAudienceHardBounce, "share of the messages that bounce hard", shareOf},
	{"audience", "invalid", sim.KeyAudienceInvalid,
		"share that does not exist of the addresses to which SES has not tried to deliver mail; the others stay as they are", shareOf},
}

func reasonsOf(c *sim.Change) keys.Value { return keys.Reasons{To: &c.Reasons} }

func shareOf(c *sim.Change) keys.Value { return keys.Share{To: &c.Share} }

// setSuppression is the key of a configuration set below its account.
const setSuppression = "set.SET.suppression"

// attributeOf returns the attribute that the parts of a key name, the second of
// which is the name of an entity, and its configuration set, if any; nil if there
// is no such attribute.
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

// attributeWords returns the attributes as words: kind of entity, separator and
// key.
func attributeWords(between string) []string {
	words := make([]string, len(attributes))
	for i, a := range attributes {
		words[i] = a.of + between + a.key
	}
	return words
}

// setting is a set action being read: its key determines the notation of its
// value.
type setting struct {
	l         *loader
	change    *sim.Change
	attribute *attribute // nil if the key was not read or is invalid
}

// fields binds the keys of a set action.
func (s *setting) fields() []keys.Field {
	about := "the new value"
	if s.attribute != nil {
		about = s.attribute.about
	}
	return []keys.Field{
		keys.Required("key", settable{s}, `the key that changes, such as "account.acme.quota"`),
		keys.Required("value", newValue{s}, about),
	}
}

// settable reads the key of a set action: "account.acme.quota".
type settable struct{ *setting }

func (s settable) Read(r *tree.Reporter, n *tree.Node, path string) {
	v, _ := n.Value.(string)
	parts := strings.Split(v, ".")
	if len(parts) < 3 {
		r.Wrong(n, path, "", `%s is not a key that an action can set: write one such as "account.acme.quota"`, n.Show())
		return
	}
	attribute, set := attributeOf(parts)
	if attribute == nil {
		r.Wrong(n, path, tree.DidYouMean(v, attributeWords("."+parts[1]+".")), "%s is not a key that an action can set: there are %s",
			tree.Quote(v), strings.Join(attributeWords(".NAME."), ", "))
		return
	}
	of := s.l.names(parts[0])
	index, ok := of.Index[parts[1]]
	if g, isGroup := of.Groups[parts[1]]; !ok && isGroup {
		of.ReportGroup(r, n, path, parts[1], g)
		return
	}
	if !ok {
		of.ReportUnknown(r, n, path, parts[1])
		return
	}
	if attribute.is == sim.KeySenderRate && s.l.cfg.Senders[index].Traffic.Kind == sim.Recorded {
		r.Wrong(n, path, "", "sender %s sends what its trace says, and has no rate", parts[1])
		return
	}
	if attribute.is == sim.KeySenderRate && s.l.cfg.Senders[index].Traffic.Whole {
		r.Wrong(n, path, "", "the campaign of sender %s is due whole at its start, and has no pace", parts[1])
		return
	}
	if attribute.is == sim.KeySenderRate && s.l.cfg.Senders[index].Traffic.IsRamp() {
		r.Wrong(n, path, "", "sender %s sends at the rates of its ramp, and has no other", parts[1])
		return
	}
	if attribute.is == sim.KeyAudienceInvalid && allContacted(&s.l.cfg.Audiences[index]) {
		r.Wrong(n, path, "", "all addresses of audience %s had mail before the start: "+
			"leave contacted and first_contact out there, or set hard_bounce", parts[1])
		return
	}
	if s.l.drawnByCampaign(attribute.is, index) {
		r.Wrong(n, path, "", "each campaign to audience %s draws %s anew: leave each = \"campaign\" out there", parts[1], parts[2])
		return
	}
	if attribute.is == sim.KeySetSuppression && !s.l.findSet(n, path, index, set, &s.change.Set) {
		return
	}
	s.change.Key, s.change.Index, s.attribute = attribute.is, index, attribute
}

// allContacted reports whether no address of an audience is ever new to mail.
func allContacted(a *sim.Audience) bool {
	return a.NotFirst && !a.Growth.Grows()
}

// Shape accepts the keys of the attribute, or any text if there is none.
func (s settable) Shape() keys.Shape {
	if s.attribute == nil {
		return keys.Shape{"type": "string"}
	}
	key := strings.NewReplacer("SET", `[^.]+`, ".", `\.`).Replace(s.attribute.key)
	return keys.Shape{"type": "string", "pattern": `^` + s.attribute.of + `\.[^.]+\.` + key + `$`}
}

// names returns the names of one kind of entity.
func (l *loader) names(kind string) *keys.Names {
	switch kind {
	case l.accounts.Kind:
		return &l.accounts
	case l.senders.Kind:
		return &l.senders
	}
	return &l.audiences
}

// newValue reads the value of a set action, in the notation of its key.
type newValue struct{ *setting }

func (v newValue) Read(r *tree.Reporter, n *tree.Node, path string) {
	if v.attribute != nil {
		v.attribute.value(v.change).Read(r, n, path)
	}
}

// Shape accepts the values of the attribute, or any value if there is none.
func (v newValue) Shape() keys.Shape {
	if v.attribute == nil {
		return keys.Shape{}
	}
	return v.attribute.value(v.change).Shape()
}
