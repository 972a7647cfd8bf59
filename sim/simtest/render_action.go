package simtest

import (
	"fmt"

	"sesim/sim"
)

// action writes an action with the keys that it takes.
func (p *page) action(a *sim.Action) {
	if a.Do == sim.DoGet || a.Do == sim.DoList || a.Do == sim.DoTrigger {
		p.unsaid("action", fmt.Sprintf("%+v", *a), false)
		return
	}
	p.section("[[action]]")
	p.key("at", duration(a.At))
	p.key("do", quoted(a.Do.String()))
	if a.Do != sim.DoSet {
		p.key("account", quoted(p.cfg.Accounts[a.Account].Name))
	}
	switch a.Do {
	case sim.DoAppeal:
		p.appeal(a)
	case sim.DoVerify, sim.DoUnverify:
		p.key("identity", quoted(a.Identity))
		p.unsaid("after", a.After, a.After <= 0)
		p.unsaid("fails", a.Fails, !a.Fails)
		p.unsaid("template", a.Template, !a.Template)
	case sim.DoPause, sim.DoResume:
		p.unsaid("set", a.Set, a.Set == 0)
	case sim.DoSuppress:
		p.address(a.Address)
		p.key("reason", quoted(a.Reason.String()))
	case sim.DoUnsuppress:
		p.address(a.Address)
	case sim.DoImport:
		p.imported(a)
	case sim.DoRemoveGlobal:
		p.address(a.Address)
		p.key("region", quoted(a.Region))
		p.key("characters", quoted(a.Characters))
	case sim.DoSet:
		p.change(&a.Change)
	}
}

func (p *page) appeal(a *sim.Action) {
	answer := "rejected"
	if a.Accepted {
		answer = "accepted"
	}
	p.key("outcome", quoted(answer))
	if a.After >= 0 {
		p.key("after", duration(a.After))
	}
}

func (p *page) address(a sim.Address) {
	p.key("address", quoted(p.cfg.Audiences[a.Audience].AddressOf(a.Number)))
}

func (p *page) imported(a *sim.Action) {
	p.key("audience", quoted(p.cfg.Audiences[a.Audience].Name))
	p.key("count", number(a.Count))
	if a.Delete {
		p.key("mode", quoted("delete"))
		return
	}
	p.key("mode", quoted("put"))
	p.key("reason", quoted(a.Reason.String()))
}

func (p *page) change(c *sim.Change) {
	of, key, value := "", "", ""
	switch c.Key {
	case sim.KeyAccountQuota:
		key, value = "quota", number(c.Number)
	case sim.KeyAccountRate:
		key, value = "rate", number(c.Number)
	case sim.KeyAccountSuppression:
		key, value = "suppression", reasons(c.Reasons)
	case sim.KeySenderOnBounce:
		key, value = "on_bounce", quoted(hygiene(c.Flag))
	case sim.KeySenderRate:
		key, value = "rate", rateText(c.Rate)
	case sim.KeyAudienceMailboxFull:
		key, value = "mailbox_full", quoted(c.Share.String())
	case sim.KeyAudienceComplaint:
		key, value = "complaint", quoted(c.Share.String())
	case sim.KeyAudienceHardBounce:
		key, value = "hard_bounce", quoted(c.Share.String())
	}
	switch c.Key {
	case sim.KeyAccountQuota, sim.KeyAccountRate, sim.KeyAccountSuppression:
		of = "account." + p.cfg.Accounts[c.Index].Name
	case sim.KeySenderOnBounce, sim.KeySenderRate:
		of = "sender." + p.cfg.Senders[c.Index].Name
	default:
		of = "audience." + p.cfg.Audiences[c.Index].Name
	}
	p.key("key", quoted(of+"."+key))
	p.key("value", value)
}
