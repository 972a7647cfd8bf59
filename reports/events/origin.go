package events

import (
	"bytes"
	"slices"
	"strings"

	"sesim/reports/jsontext"
	"sesim/sim"
	"sesim/sim/rng"
	"sesim/sim/ses"
)

// origin is what the records about a sender's mail have in common.
type origin struct {
	index    int // of the account
	region   string
	prefix   string // of ids
	account  string // twelve digits
	source   string // the address of From
	fromText string // From as given
	arn      string // of the identity that the mail is sent for
	ip       string
	caller   string
	messages rng.Key // the UUIDs of messages
	feedback rng.Key // a stream of UUIDs for each message
	servers  rng.Key // which of SES's servers sends a message
	tags     tagList // of all records; a delivery has more
	written
}

// written is what records have in common, as they are written.
type written struct {
	mail          [2][]byte // by style: the mail object from the comma before source to the name of messageId
	headers       []byte    // up to the value of To, where they are not truncated
	common        []byte    // the common headers, up to the value of to
	before, after []byte    // the tags before those of a delivery, and after them
}

// write writes what records have in common.
func (o *origin) write() {
	for style := range o.mail {
		var t text
		t.Raw(`,"source":`)
		t.Quote(o.source)
		t.String("sourceArn", o.arn)
		if Style(style) == Notification {
			t.Optional("sourceIp", o.ip)
			t.Optional("callerIdentity", o.caller)
		}
		t.String("sendingAccountId", o.account)
		t.Key("messageId")
		o.mail[style] = t.B
	}
	var t text
	t.headers([]header{{"From", o.fromText}, {"To", ""}}, false)
	o.written.headers = bytes.TrimSuffix(t.B, []byte(`""}]`))
	o.common = append(jsontext.AppendQuoted([]byte(`,"commonHeaders":{"from":[`), o.fromText), `],"to":`...)
	at := slices.IndexFunc(o.tags, func(a tag) bool { return a.Name > outgoingIP })
	o.before, o.after = o.tags[:at].members(), o.tags[at:].members()
}

// members returns tags as the members of an object.
func (t tagList) members() []byte {
	out := text{Text: jsontext.Text{B: []byte{'{'}}}
	for _, a := range t {
		out.tag(a)
	}
	return out.B[1:]
}

// The tags that only a delivery has.
const (
	outgoingIP  = "ses:outgoing-ip"
	outgoingTLS = "ses:outgoing-tls-version"
)

// newOrigin looks a sender up in the configuration. An identity that is
// verified during the run is not known to it: the domain of From stands in.
func newOrigin(cfg *sim.Config, sender, from int) *origin {
	s := cfg.Senders[sender]
	s.Account, s.Set = from, s.SetAt(from)
	owner := from
	if s.Delegated {
		owner = s.Owner
	}
	o := originOf(cfg, &s, owner, keysOf(cfg, from, s.Name))
	o.tags = tagsOf(&s, &cfg.Accounts[from], o)
	o.write()
	return o
}

// originOf returns an origin without tags.
func originOf(cfg *sim.Config, s *sim.Sender, of int, key func(purpose string) rng.Key) *origin {
	account, owner := &cfg.Accounts[s.Account], &cfg.Accounts[of]
	o := &origin{
		index:  s.Account,
		region: account.Region, prefix: prefixOf(account.Region), account: accountNumber(account.CustomerName()),
		source: ses.BareAddress(s.From), fromText: s.From, ip: sourceIP(s.Name), caller: s.Name,
		messages: key("message"), feedback: key("feedback"), servers: key("server"),
	}
	o.arn = "arn:" + partition(account.Region) + ":ses:" + account.Region + ":" + accountNumber(owner.CustomerName()) +
		":identity/" + identityOf(o.source, owner.Identities)
	return o
}

// AccountNumber returns the number of the AWS account that an account belongs to, of twelve
// digits.
func AccountNumber(a *sim.Account) string { return accountNumber(a.CustomerName()) }

// partition returns the part of AWS that a Region belongs to.
func partition(region string) string {
	switch {
	case strings.HasPrefix(region, "cn-"):
		return "aws-cn"
	case strings.HasPrefix(region, "us-gov-"):
		return "aws-us-gov"
	}
	return "aws"
}

func domainIn(address []byte) []byte { return address[bytes.LastIndexByte(address, '@')+1:] }

func domainOf(address string) string { return address[strings.LastIndexByte(address, '@')+1:] }

// identityOf returns the identity by whose settings SES sends: of those that
// cover the address the most specific one, the address itself before its form
// without a label, and that before the domains, the deepest first.
func identityOf(address string, verified []string) string {
	domain := domainOf(address)
	local := strings.TrimSuffix(address[:len(address)-len(domain)], "@")
	domain = strings.ToLower(domain)
	base, _, _ := strings.Cut(local, "+")
	candidates := []string{local + "@" + domain, base + "@" + domain}
	for d := domain; d != ""; _, d, _ = strings.Cut(d, ".") {
		candidates = append(candidates, d)
	}
	for _, c := range candidates {
		for _, v := range verified {
			if sameIdentity(c, v) {
				return v
			}
		}
	}
	return domain
}

// sameIdentity compares identities: local parts with regard to case, domains
// without.
func sameIdentity(a, b string) bool {
	i, j := strings.LastIndexByte(a, '@'), strings.LastIndexByte(b, '@')
	return i == j && a[:i+1] == b[:j+1] && strings.EqualFold(a[i+1:], b[j+1:])
}

// tagsOf returns the tags that SES adds to mail by itself.
func tagsOf(s *sim.Sender, account *sim.Account, o *origin) tagList {
	list := []tag{
		{"ses:source-ip", []string{o.ip}},
		{"ses:source-tls-version", []string{tlsVersion}},
		{"ses:from-domain", []string{domainOf(o.source)}},
		{"ses:caller-identity", []string{o.caller}},
	}
	if s.Set > 0 && s.Set <= len(account.Sets) {
		list = append(list, tag{"ses:configuration-set", []string{account.Sets[s.Set-1].Name}})
	}
	if s.Interface != sim.SMTP {
		list = append(list, tag{"ses:operation", []string{"SendEmail"}})
	}
	return tagList(nil).with(list...)
}

const tlsVersion = "TLSv1.3"
