package engine

import (
	"fmt"
	"strings"

	"sesim/sim"
	"sesim/sim/rules"
	"sesim/sim/ses"
	"sesim/sim/unit"
)

// This file holds the calls on the account-level list.

// operate is a call on the account-level list.
func (p *people) operate(acc *account, action *sim.Action) sim.Answer {
	switch action.Do {
	case sim.DoSuppress:
		if !p.suppress(acc, action) {
			return p.block(acc, action.Do)
		}
	case sim.DoUnsuppress:
		return p.delete(acc, action)
	case sim.DoGet:
		return p.lookUp(acc, action)
	case sim.DoList:
		if _, _, allowed := acc.Get(0); !allowed {
			return p.block(acc, action.Do)
		}
		acc.Note(p.w.now, ses.EventListed, rules.AccountAPI, acc.Entries())
	case sim.DoImport:
		if acc.Access() == ses.Sandbox {
			return p.block(acc, action.Do)
		}
		return p.importList(acc, action)
	}
	return sim.Answer{}
}

// block notes that the sandbox blocks a call on the list.
func (p *people) block(acc *account, do sim.Do) sim.Answer {
	var reads rules.Reads
	if do != sim.DoSuppress && do != sim.DoImport { // which are blocked in any case
		reads = rules.AccountBlocked.Reads()
	}
	acc.NoteReads(p.w.now, ses.EventBlocked, rules.AccountBlocked, reads, do.String()+": 400 BadRequestException; the sandbox blocks the call")
	return refused(rules.AccountBlocked, ses.Blocked())
}

// addressText is an address as a person writes it.
func (p *people) addressText(a sim.Address) string {
	return p.w.audiences[a.Audience].spec.AddressOf(a.Number)
}

func (p *people) put(acc *account, id uint32, reason ses.ListReasons) bool {
	if !acc.Put(id, reason) {
		return false
	}
	acc.rules.operations++
	p.w.records.noteAddress(acc, id, sim.Record{Kind: sim.ListedAccount, Rule: rules.AccountAPI, ListReason: reason})
	return true
}

// suppress puts one address on the list, under the spelling of the action.
func (p *people) suppress(acc *account, action *sim.Action) bool {
	if action.Spelling == "" {
		return p.put(acc, p.id(action.Address), action.Reason)
	}
	if !acc.PutSpelling(p.id(action.Address), action.Spelling, action.Reason) {
		return false
	}
	acc.rules.operations++
	p.w.records.noteAddress(acc, p.id(action.Address), sim.Record{
		Kind: sim.ListedAccount, Rule: rules.AccountAPI, ListReason: action.Reason, Spelling: action.Spelling,
	})
	return true
}

func (p *people) delete(acc *account, action *sim.Action) sim.Answer {
	id := p.id(action.Address)
	found, allowed := false, false
	if action.Spelling == "" {
		found, allowed = acc.Delete(id)
	} else {
		found, allowed = acc.DeleteSpelling(id, action.Spelling)
	}
	switch {
	case !allowed:
		return p.block(acc, action.Do)
	case !found:
		return p.notFound(acc, rules.AccountAPI, ses.NotListed(p.entryText(action)))
	}
	acc.rules.operations++
	p.w.records.noteAddress(acc, id, sim.Record{Kind: sim.UnlistedAccount, Rule: rules.AccountAPI, Spelling: action.Spelling})
	return sim.Answer{}
}

// notFound notes the answer to a call that names what does not exist.
func (p *people) notFound(acc *account, rule rules.ID, e ses.Error) sim.Answer {
	acc.Note(p.w.now, ses.EventNotFound, rule, e.String())
	return refused(rule, e)
}

// entryText is an entry of the list as an action spells it, and as SES stores
// it, with its domain in lower case.
func (p *people) entryText(action *sim.Action) string {
	if action.Spelling != "" {
		return action.Spelling
	}
	local, domain, _ := strings.Cut(p.addressText(action.Address), "@")
	return local + "@" + strings.ToLower(domain)
}

func (p *people) lookUp(acc *account, action *sim.Action) sim.Answer {
	id := p.id(action.Address)
	reason, found, allowed := acc.Get(id)
	if action.Spelling != "" {
		reason, found, allowed = acc.GetSpelling(id, action.Spelling)
	}
	text := p.entryText(action)
	switch {
	case !allowed:
		return p.block(acc, action.Do)
	case !found:
		return p.notFound(acc, rules.AccountAPI, ses.NotListed(text))
	}
	acc.Note(p.w.now, ses.EventFound, rules.AccountAPI, text+" is listed for "+reason.String())
	return sim.Answer{Listed: reason}
}

// importList puts or deletes the first addresses of an audience.
func (p *people) importList(acc *account, action *sim.Action) sim.Answer {
	aud := &p.w.audiences[action.Audience]
	count := min(action.Count, aud.spec.Size)
	limit, verb := int64(ses.MaxImportPut), "put on"
	if action.Delete {
		limit, verb = ses.MaxImportDelete, "deleted from"
	}
	if count > limit {
		why := fmt.Sprintf("%d addresses: at most %d can be %s the list at once", count, limit, verb)
		acc.Note(p.w.now, ses.EventImportFailed, rules.AccountAPI, why)
		return refused(rules.AccountAPI, ses.BadRequest(why))
	}
	for n := range uint32(count) {
		if !action.Delete {
			p.put(acc, aud.first+n, action.Reason)
		} else if found, _ := acc.Delete(aud.first + n); found {
			acc.rules.operations++
			p.w.records.noteAddress(acc, aud.first+n, sim.Record{Kind: sim.UnlistedAccount, Rule: rules.AccountAPI})
		}
	}
	acc.Note(p.w.now, ses.EventImported, rules.AccountAPI,
		fmt.Sprintf("%s %s the account's list", unit.Plural(count, "address", "addresses"), verb))
	return sim.Answer{}
}
