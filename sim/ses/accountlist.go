package ses

import (
	"cmp"
	"slices"
	"time"

	"sesim/sim/unit"
)

// The limits of one import, in addresses (API, CreateImportJob).
const (
	MaxImportPut    = 100_000
	MaxImportDelete = 10_000
)

// accountList is the account-level suppression list. Entries do not expire, but a
// long pause empties the list.
//
// API calls treat spellings of an address that differ in the case of the local part
// as separate entries; sending ignores the difference.
type accountList struct {
	entries   reasonTable                       // the reason each address was listed for
	spellings map[uint32]map[string]ListReasons // entries with other spellings
	others    int64                             // number of entries in spellings
	before    HistoryListed                     // entries of addresses that get no mail
	added     int64
}

// put adds an address. An existing entry gets the new reason, as with the API's put.
func (l *accountList) put(address uint32, reason ListReasons) {
	if l.entries.put(address, reason) {
		l.added++
	}
}

// learn adds an address after its bounce or complaint. An entry with another reason,
// which did not suppress the mail, gets the new one. It reports whether the list
// changed.
func (l *accountList) learn(address uint32, reason ListReasons) bool {
	if was, known := l.entries.get(address); known && was == reason {
		return false
	}
	l.put(address, reason)
	return true
}

// ListEntry identifies an entry of an account-level list by address and spelling.
type ListEntry struct {
	Address  uint32
	Spelling string // empty: the address's own spelling
}

// empty removes all entries and returns them, in order.
func (l *accountList) empty() []ListEntry {
	gone := make([]ListEntry, 0, int64(l.entries.len())+l.others)
	for _, address := range l.entries.addresses() {
		gone = append(gone, ListEntry{Address: address})
	}
	for address, spellings := range l.spellings {
		for spelling := range spellings {
			gone = append(gone, ListEntry{address, spelling})
		}
	}
	slices.SortFunc(gone, func(x, y ListEntry) int {
		return cmp.Or(cmp.Compare(x.Address, y.Address), cmp.Compare(x.Spelling, y.Spelling))
	})
	l.entries = reasonTable{}
	clear(l.spellings)
	l.others, l.before = 0, HistoryListed{}
	return gone
}

// ListSuppresses reports whether the account's list suppresses mail to the address,
// and returns the reason of the entry. effective are the suppression reasons in
// effect; see Reasons.
func (a *Account) ListSuppresses(address uint32, effective ListReasons) (reason ListReasons, listed bool) {
	if a.bits[address]&bitAccount == 0 || effective == 0 {
		return 0, false
	}
	reason, listed = a.list.entries.get(address)
	for _, other := range a.list.spellings[address] {
		reason, listed = reason|other, true
	}
	if listed && a.rules.Account.ReasonMatch {
		reason &= effective
		listed = reason != 0
	}
	if reason&ListBounce != 0 {
		reason = ListBounce // several spellings may have both reasons
	}
	return reason, listed
}

// PutSpelling is Put for an entry with another spelling of the address.
func (a *Account) PutSpelling(address uint32, spelling string, reason ListReasons) bool {
	if a.access == Sandbox {
		return false
	}
	a.bits[address] |= bitAccount
	if a.list.spellings == nil {
		a.list.spellings = map[uint32]map[string]ListReasons{}
	}
	if a.list.spellings[address] == nil {
		a.list.spellings[address] = map[string]ListReasons{}
	}
	if _, known := a.list.spellings[address][spelling]; !known {
		a.list.others++
		a.list.added++
	}
	a.list.spellings[address][spelling] = reason
	return true
}

// DeleteSpelling is Delete for an entry with another spelling of the address.
func (a *Account) DeleteSpelling(address uint32, spelling string) (found, allowed bool) {
	_, found, allowed = a.GetSpelling(address, spelling)
	if found {
		delete(a.list.spellings[address], spelling)
		a.list.others--
	}
	return found, allowed
}

// GetSpelling is Get for an entry with another spelling of the address.
func (a *Account) GetSpelling(address uint32, spelling string) (reason ListReasons, found, allowed bool) {
	if a.access == Sandbox && !a.rules.Sandbox.NarrowBlock {
		return 0, false, false
	}
	reason, found = a.list.spellings[address][spelling]
	return reason, found, true
}

// OverridesGlobal reports whether the account's list is on, with the suppression
// reasons in effect, and therefore overrides the global list.
func (a *Account) OverridesGlobal(effective ListReasons) bool {
	return a.rules.Account.OverridesGlobal && effective != 0
}

// Learn adds an address to the account's list after a hard bounce or a complaint, if
// that is among the suppression reasons in effect. It reports whether the list
// changed: there is a new entry, or an entry has a new reason.
func (a *Account) Learn(address uint32, reason, effective ListReasons) bool {
	if effective&reason == 0 {
		return false
	}
	a.bits[address] |= bitAccount
	return a.list.learn(address, reason)
}

// Put adds an address to the list, as the API call does. It returns false if the
// sandbox blocks the call.
func (a *Account) Put(address uint32, reason ListReasons) bool {
	if a.access == Sandbox {
		return false
	}
	a.bits[address] |= bitAccount
	a.list.put(address, reason)
	return true
}

// Delete removes an address from the list, as the API call does. found is false if it was
// not listed, allowed is false if the sandbox blocks the call.
func (a *Account) Delete(address uint32) (found, allowed bool) {
	if a.access == Sandbox && !a.rules.Sandbox.NarrowBlock {
		return false, false
	}
	return a.list.entries.remove(address), true
}

// Get looks an address up, as the API call does. found is false if it is not listed,
// allowed is false if the sandbox blocks the call.
func (a *Account) Get(address uint32) (reason ListReasons, found, allowed bool) {
	if a.access == Sandbox && !a.rules.Sandbox.NarrowBlock {
		return 0, false, false
	}
	reason, found = a.list.entries.get(address)
	return reason, found, true
}

// WipeAfter returns after how long a stop of sending empties the list, or false if it
// never does.
func (a *Account) WipeAfter() (time.Duration, bool) {
	return a.rules.Account.PauseWipe, a.rules.Account.PauseWipe > 0
}

// Listed returns the number of entries on the account's list.
func (a *Account) Listed() int64 {
	return int64(a.list.entries.len()) + a.list.others + a.list.before.Bounce + a.list.before.Complaint
}

// Entries returns Listed in words: "1 entry", "2,000 entries".
func (a *Account) Entries() string {
	if a.Listed() == 1 {
		return "1 entry"
	}
	return unit.Grouped(a.Listed()) + " entries"
}

// Added returns how many entries were added so far.
func (a *Account) Added() int64 { return a.list.added }
