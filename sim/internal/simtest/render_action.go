package simtest

import (
	"sesim/sim"
)

// action writes an action with the keys that it takes.
func (p *page) action(a *sim.Action) {
	p.section("[[action]]")
	p.key("at", duration(a.At))
	p.key("do", quoted(a.Do.String()))
	if a.Client > 0 {
		p.key("client", quoted(p.cfg.Clients[a.Client-1].Name))
		return
	}
	if a.Do != sim.DoSet {
		p.key("account", quoted(p.cfg.Accounts[a.Account].Name))
	}
	switch a.Do {
	case sim.DoAppeal:
		p.appeal(a)
	case sim.DoVerify:
		p.verification(a)
	case sim.DoUnverify:
		p.key("identity", quoted(a.Identity))
	case sim.DoPause, sim.DoResume, sim.DoDeleteSet, sim.DoCreateSet:
		if a.Set > 0 {
			p.key("configuration_set", quoted(p.cfg.Accounts[a.Account].Sets[a.Set-1].Name))
		}
	case sim.DoSuppress:
		p.address(a)
		p.key("reason", quoted(a.Reason.String()))
	case sim.DoUnsuppress, sim.DoGet:
		p.address(a)
	case sim.DoImport:
		p.imported(a)
	case sim.DoTrigger:
		p.trigger(a)
	case sim.DoRemoveGlobal:
		p.address(a)
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

func (p *page) verification(a *sim.Action) {
	p.key("identity", quoted(a.Identity))
	if a.After >= 0 {
		p.key("after", duration(a.After))
	}
	if a.Template {
		p.key("template", quoted("welcome"))
	}
	if a.Fails {
		p.key("outcome", quoted("failed"))
	}
}

func (p *page) trigger(a *sim.Action) {
	effect := "review"
	if a.Pauses {
		effect = "pause"
	}
	p.key("cause", quoted(a.Cause))
	p.key("effect", quoted(effect))
}

// address writes whom an action is about, as the action spells it.
func (p *page) address(a *sim.Action) {
	text := a.Spelling
	if text == "" {
		text = p.cfg.Audiences[a.Address.Audience].AddressOf(a.Address.Number)
	}
	p.key("address", quoted(text))
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
	case sim.KeySetSuppression:
		key, value = "set."+p.cfg.Accounts[c.Index].Sets[c.Set-1].Name+".suppression", reasons(c.Reasons)
	case sim.KeySenderOnBounce:
		key, value = "on_bounce", quoted(hygiene(c.Flag))
	case sim.KeySenderRate:
		key, value = "rate", quoted(c.Rate.String())
	case sim.KeyAudienceMailboxFull:
		key, value = "mailbox_full", quoted(c.Share.String())
	case sim.KeyAudienceComplaint:
		key, value = "complaint", quoted(c.Share.String())
	case sim.KeyAudienceHardBounce:
		key, value = "hard_bounce", quoted(c.Share.String())
	case sim.KeyAudienceInvalid:
		key, value = "invalid", quoted(c.Share.String())
	}
	switch c.Key {
	case sim.KeyAccountQuota, sim.KeyAccountRate, sim.KeyAccountSuppression, sim.KeySetSuppression:
		of = "account." + p.cfg.Accounts[c.Index].Name
	case sim.KeySenderOnBounce, sim.KeySenderRate:
		of = "sender." + p.cfg.Senders[c.Index].Name
	default:
		of = "audience." + p.cfg.Audiences[c.Index].Name
	}
	p.key("key", quoted(of+"."+key))
	p.key("value", value)
}
