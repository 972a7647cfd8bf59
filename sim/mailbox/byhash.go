package mailbox

import (
	"cmp"
	"slices"
)

// Keys gives each address of an audience that nobody counted a key.
type Keys interface {
	// Key returns a hash of the address that alone decides its draws.
	Key(n uint32) uint64
}

// ByHash returns an audience whose addresses are admitted one by one, under numbers of the
// caller's choice. What an address is depends on the seed, the audience's name and the
// address's key, not on the order in which addresses are admitted or how many there are;
// so the shares of Spec are those of the addresses in expectation only. Spec.Size and
// Spec.Growth have no meaning. traits has a byte for every number; Admit sets its lower four bits.
func ByHash(spec Spec, seed uint64, traits []uint8, keys Keys) *Audience {
	if spec.Removed {
		spec.Invalid = 0
	}
	a := newAudience(spec, seed, traits)
	a.keys = keys
	a.setLimits()
	a.startDecay()
	return a
}

// Admit adds an address as of the last Advance.
func (a *Audience) Admit(n uint32) {
	key, bits := a.keys.Key(n), uint8(0)
	for _, t := range a.born {
		if t.share.Of(t.key.At(key)) {
			bits |= t.bit
		}
	}
	if a.decays {
		bits |= bitMortal // whether it dies before Spec.Until is not worth a comparison
	}
	a.traits[n] |= bits
	if a.spec.Revive > 0 && bits&bitInvalid != 0 {
		a.admitSleeper(revival{n, a.revival.At(key)})
	}
}

// admitSleeper adds an address without a mailbox to those that are to get one, or gives it
// the mailbox that it has got already.
func (a *Audience) admitSleeper(r revival) {
	if r.draw >= a.asleep(a.asOf) {
		a.traits[r.n] &^= bitInvalid | bitMortal
		return
	}
	at, _ := slices.BinarySearchFunc(a.reviving, r.draw, func(x revival, draw uint64) int { return cmp.Compare(x.draw, draw) })
	a.reviving = slices.Insert(a.reviving, at, r)
}
