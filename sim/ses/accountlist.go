package ses

import (
	"cmp"
	"slices"
	"time"
)

// The limits of one import (API, CreateImportJob): asymmetric.
const (
	MaxImportPut    = 100_000
	MaxImportDelete = 10_000
)

// accountList is the account-level suppression list. Entries never expire; a
// long pause empties the list.
//
// Calls on the list tell apart spellings of an address that differ in the case
// of the local part, as separate entries; sending does not.
type accountList struct {
	entries   reasonTable                       // the reason each address was listed for
	spellings map[uint32]map[string]ListReasons // entries under other spellings
	others    int64                             // how many of these there are
	added     int64
}

// put lists an address; an entry that is there takes the new reason, as the
// API's put does.
func (l *accountList) put(address uint32, reason ListReasons) {
	if l.entries.put(address, reason) {
		l.added++
	}
}

// learn lists an address because of its own bounce or complaint; an entry for
// another reason, which did not suppress the mail, takes the new one. It
// reports whether the list is another now.
func (l *accountList) learn(address uint32, reason ListReasons) bool {
	if was, known := l.entries.get(address); known && was == reason {
		return false
	}
	l.put(address, reason)
	return true
}

// ListEntry names an entry of an account's list: an address, and its spelling
// where that is another.
type ListEntry struct {
	Address  uint32
	Spelling string // "": the address as it is
}

// empty takes all entries off the list and returns them, in order.
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
	l.others = 0
	return gone
}

// ListSuppresses reports whether the account's list suppresses mail to the
// address, and for which reason it is listed. The effective reasons are those
// of Reasons.
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
		reason = ListBounce // under several spellings it may be both
	}
	return reason, listed
}

// PutSpelling, DeleteSpelling and GetSpelling are Put, Delete and Get for an
// entry under another spelling of the address.
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

// DeleteSpelling takes the entry off the list.
func (a *Account) DeleteSpelling(address uint32, spelling string) (found, allowed bool) {
	_, found, allowed = a.GetSpelling(address, spelling)
	if found {
		delete(a.list.spellings[address], spelling)
		a.list.others--
	}
	return found, allowed
}

// GetSpelling looks the entry up.
func (a *Account) GetSpelling(address uint32, spelling string) (reason ListReasons, found, allowed bool) {
	if a.access == Sandbox && !a.rules.Sandbox.NarrowBlock {
		return 0, false, false
	}
	reason, found = a.list.spellings[address][spelling]
	return reason, found, true
}

// OverridesGlobal reports whether the account's list, by being on, keeps the
// global list from suppressing mail under the effective reasons.
func (a *Account) OverridesGlobal(effective ListReasons) bool {
	return a.rules.Account.OverridesGlobal && effective != 0
}

// Learn puts an address on the account's list after a hard bounce or a
// complaint, where the effective reasons include it. It reports whether there
// is a new entry, or a new reason.
func (a *Account) Learn(address uint32, reason, effective ListReasons) bool {
	if effective&reason == 0 {
		return false
	}
	a.bits[address] |= bitAccount
	return a.list.learn(address, reason)
}

// Put and Delete are what a person does to the list through the API. They
// report false where the sandbox blocks the call.
func (a *Account) Put(address uint32, reason ListReasons) bool {
	if a.access == Sandbox {
		return false
	}
	a.bits[address] |= bitAccount
	a.list.put(address, reason)
	return true
}

// Delete takes an address off the list; see Put.
func (a *Account) Delete(address uint32) (found, allowed bool) {
	if a.access == Sandbox && !a.rules.Sandbox.NarrowBlock {
		return false, false
	}
	return a.list.entries.remove(address), true
}

// Get looks an address up; see Put.
func (a *Account) Get(address uint32) (reason ListReasons, found, allowed bool) {
	if a.access == Sandbox && !a.rules.Sandbox.NarrowBlock {
		return 0, false, false
	}
	reason, found = a.list.entries.get(address)
	return reason, found, true
}

// WipeAfter returns after how long a stop of sending empties the list, or false
// where it never does.
func (a *Account) WipeAfter() (time.Duration, bool) {
	return a.rules.Account.PauseWipe, a.rules.Account.PauseWipe > 0
}

// Listed returns the entries on the account's list, Added how many were made.
func (a *Account) Listed() int64 { return int64(a.list.entries.len()) + a.list.others }

// Added returns how many entries the account's list has taken.
func (a *Account) Added() int64 { return a.list.added }
