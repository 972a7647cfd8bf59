package engine

import (
	"fmt"
	"strings"

	"sesim/sim"
	"sesim/sim/rules"
	"sesim/sim/ses"
)

// This file holds the calls on the account-level list.

// operate is a call on the account-level list.
func (w *world) operate(acc *account, action *sim.Action) {
	allowed := true
	switch action.Do {
	case sim.DoSuppress:
		allowed = w.suppress(acc, action)
	case sim.DoUnsuppress:
		allowed = w.delete(acc, action)
	case sim.DoGet:
		allowed = w.lookUp(acc, action)
	case sim.DoList:
		if _, _, allowed = acc.Get(0); allowed {
			acc.Note(w.now, ses.EventListed, rules.AccountAPI, acc.Entries())
		}
	case sim.DoImport:
		if allowed = acc.Access() == ses.Production; allowed {
			w.importList(acc, action)
		}
	}
	if !allowed {
		acc.Note(w.now, ses.EventBlocked, rules.AccountBlocked, action.Do.String()+": 400 BadRequestException; the sandbox blocks the call")
	}
}

// addressText is an address as a person writes it.
func (w *world) addressText(a sim.Address) string {
	return w.audiences[a.Audience].spec.AddressOf(a.Number)
}

func notListed(text string) string {
	return "404 NotFoundException: Email address " + text + " does not exist on your suppression list."
}

func (w *world) put(acc *account, id uint32, reason ses.ListReasons) bool {
	if !acc.Put(id, reason) {
		return false
	}
	acc.rules.operations++
	w.noteAddress(acc, id, sim.Record{Kind: sim.ListedAccount, Rule: rules.AccountAPI, ListReason: reason})
	return true
}

// suppress puts one address on the list, under the spelling of the action.
func (w *world) suppress(acc *account, action *sim.Action) bool {
	if action.Spelling == "" {
		return w.put(acc, w.id(action.Address), action.Reason)
	}
	if !acc.PutSpelling(w.id(action.Address), action.Spelling, action.Reason) {
		return false
	}
	acc.rules.operations++
	w.noteAddress(acc, w.id(action.Address), sim.Record{
		Kind: sim.ListedAccount, Rule: rules.AccountAPI, ListReason: action.Reason, Spelling: action.Spelling,
	})
	return true
}

func (w *world) delete(acc *account, action *sim.Action) bool {
	id := w.id(action.Address)
	found, allowed := false, false
	if action.Spelling == "" {
		found, allowed = acc.Delete(id)
	} else {
		found, allowed = acc.DeleteSpelling(id, action.Spelling)
	}
	switch {
	case found:
		acc.rules.operations++
		w.noteAddress(acc, id, sim.Record{Kind: sim.UnlistedAccount, Rule: rules.AccountAPI, Spelling: action.Spelling})
	case allowed:
		acc.Note(w.now, ses.EventNotFound, rules.AccountAPI, notListed(w.entryText(action)))
	}
	return allowed
}

// entryText is an entry of the list as an action spells it, and as SES stores
// it, with its domain in lower case.
func (w *world) entryText(action *sim.Action) string {
	if action.Spelling != "" {
		return action.Spelling
	}
	local, domain, _ := strings.Cut(w.addressText(action.Address), "@")
	return local + "@" + strings.ToLower(domain)
}

func (w *world) lookUp(acc *account, action *sim.Action) bool {
	id := w.id(action.Address)
	reason, found, allowed := acc.Get(id)
	if action.Spelling != "" {
		reason, found, allowed = acc.GetSpelling(id, action.Spelling)
	}
	text := w.entryText(action)
	switch {
	case found:
		acc.Note(w.now, ses.EventFound, rules.AccountAPI, text+" is listed for "+reason.String())
	case allowed:
		acc.Note(w.now, ses.EventNotFound, rules.AccountAPI, notListed(text))
	}
	return allowed
}

// importList puts or deletes the first addresses of an audience.
func (w *world) importList(acc *account, action *sim.Action) {
	aud := &w.audiences[action.Audience]
	count := min(action.Count, aud.spec.Size)
	limit, verb := int64(ses.MaxImportPut), "put on"
	if action.Delete {
		limit, verb = ses.MaxImportDelete, "deleted from"
	}
	if count > limit {
		acc.Note(w.now, ses.EventImportFailed, rules.AccountAPI,
			fmt.Sprintf("%d addresses: at most %d can be %s the list at once", count, limit, verb))
		return
	}
	for n := range uint32(count) {
		if !action.Delete {
			w.put(acc, aud.first+n, action.Reason)
		} else if found, _ := acc.Delete(aud.first + n); found {
			acc.rules.operations++
			w.noteAddress(acc, aud.first+n, sim.Record{Kind: sim.UnlistedAccount, Rule: rules.AccountAPI})
		}
	}
	acc.Note(w.now, ses.EventImported, rules.AccountAPI, fmt.Sprintf("%d addresses %s the account's list", count, verb))
}
