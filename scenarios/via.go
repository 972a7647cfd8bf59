package scenarios

import (
	"slices"
	"strconv"

	"sesim/scenarios/internal/keys"
	"sesim/scenarios/internal/tree"
	"sesim/sim"
	"sesim/sim/ses"
)

// via is how a sender's mail gets to SES and under whose names, as the file
// says it. The Config has what follows from that.
type via struct {
	source, returnPath, sender string
	replyTo                    string // SES does not look at it
	owner                      int    // account whose identities the call names; -1: the sender's own
	sigV2                      bool   // SMTP credentials of the old kind
	port                       int
	ec2                        bool // the mail leaves an EC2 instance
	unthrottled                bool // the throttle of port 25 has been removed
}

// defaultPort is the port that AWS recommends unless there is a reason for
// another.
const defaultPort = 587

func defaultVia() via { return via{owner: -1, port: defaultPort} }

// throttledPort is the port that EC2 throttles.
const throttledPort = 25

// smtpPorts are the ports of SES's SMTP interface.
var smtpPorts = []int64{throttledPort, 465, 587, 2465, 2587}

var credentials = []keys.Choice[bool]{{Word: "sigv4", Is: false}, {Word: "sigv2", Is: true}}

var origins = []keys.Choice[bool]{{Word: "elsewhere", Is: false}, {Word: "ec2", Is: true}}

// viaFields binds the keys of a [[sender]] that say how its mail gets to SES.
func (l *loader) viaFields(v *via) []keys.Field {
	return []keys.Field{
		keys.Optional("source", keys.Mail{To: &v.source, Check: keys.NamedAddress}, "further identity that the call names and SES checks"),
		keys.Optional("return_path", keys.Mail{To: &v.returnPath, Check: keys.Address}, "further identity that the call names and SES checks"),
		keys.Optional("sender", keys.Mail{To: &v.sender, Check: keys.NamedAddress}, "further identity that the call names and SES checks"),
		keys.Optional("reply_to", keys.Mail{To: &v.replyTo, Check: keys.NamedAddress}, "address for answers, which SES does not check"),
		keys.Optional("on_behalf_of", keys.Entity{To: &v.owner, Of: &l.accounts}, "another account, for whose identities the mail is sent"),
		keys.Optional("credentials", keys.Word[bool]{To: &v.sigV2, Choices: credentials},
			`with interface = "smtp": version of the credentials; a refusal by rate names the old one`),
		keys.Optional("port", smtpPort{&v.port}, `with interface = "smtp": port of the connection`),
		keys.Optional("origin", keys.Word[bool]{To: &v.ec2, Choices: origins},
			`with interface = "smtp": whether the mail leaves an EC2 instance`),
		keys.Optional("port_throttle_removed", keys.Flag{To: &v.unthrottled}, `with interface = "smtp": EC2's throttle of port 25 is removed`),
	}
}

// checkVia reports what single keys cannot show, and completes the sender.
func (l *loader) checkVia(v *via, s *sim.Sender, n *tree.Node, path string) {
	if bare := ses.BareAddress(s.From); s.Interface == sim.SMTP && v.source == "" && bare != s.From {
		v.source = bare // what MAIL FROM names, which has no place for a name
	}
	for _, identity := range []string{v.source, v.returnPath, v.sender} {
		if identity != "" {
			s.Checked = append(s.Checked, identity)
		}
	}
	switch {
	case v.owner >= 0 && s.Accounts != nil:
		l.Wrong(n.Table["on_behalf_of"], tree.Join(path, "on_behalf_of"), "",
			"the sender has several accounts, and an authorization is for one: write a sender for each")
	case v.owner >= 0 && v.owner == s.Account:
		l.Wrong(n.Table["on_behalf_of"], tree.Join(path, "on_behalf_of"), "", "it is the sender's own account: leave the key out")
	case v.owner >= 0:
		s.Delegated, s.Owner = true, v.owner
	}
	s.Throttled25 = s.Interface == sim.SMTP && v.port == throttledPort && v.ec2 && !v.unthrottled
	s.SigV2 = s.Interface == sim.SMTP && v.sigV2
	for _, key := range []string{"credentials", "port", "origin", "port_throttle_removed"} {
		if child := n.Table[key]; child != nil && s.Interface != sim.SMTP {
			l.WrongKey(child, tree.Join(path, key), "", `this key goes with interface = "smtp" only`)
		}
	}
}

// smtpPort reads one of the ports of SES's SMTP interface.
type smtpPort struct{ to *int }

func (p smtpPort) Read(r *tree.Reporter, n *tree.Node, path string) {
	v, _ := n.Value.(int64)
	if !slices.Contains(smtpPorts, v) {
		r.Wrong(n, path, "", "%s is not one of SES's ports for SMTP: 25, 465, 587, 2465, 2587", n.Show())
		return
	}
	*p.to = int(v)
}

func (smtpPort) Shape() keys.Shape { return keys.Shape{"enum": smtpPorts} }

func (p smtpPort) Default() string { return strconv.Itoa(*p.to) }
