package engine

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math/bits"
	"time"

	"sesim/sim/ses"
)

// fingerprint is a running hash over the email events of an account: when,
// about whom, what. It does not depend on how events of different accounts
// interleave.
type fingerprint uint64

// The codes of what happened, as they enter a fingerprint.
const (
	fpSent = iota
	fpDelivered
	fpBounced
	fpDelayed
	fpGivenUp
	fpComplained
	fpSuppressedAccount
	fpSuppressedGlobal
	fpSimulated
	fpChanged
	fpRejected
	fpTimedOut
	fpRefused       // plus the reason
	fpSessionClosed = fpRefused + uint64(ses.Reasons)
)

func (f *fingerprint) add(at time.Duration, who uint64, what uint64) {
	x := bits.RotateLeft64(uint64(*f), 29) ^ uint64(at)*0x9e3779b97f4a7c15 ^ (who<<5 + what)
	*f = fingerprint(x * 0xbf58476d1ce4e5b9)
}

// closePrints adds the timelines.
func (w *world) closePrints() {
	for i := range w.accounts {
		acc := &w.accounts[i]
		for _, t := range acc.Timeline() {
			acc.print.add(t.At, uint64(t.Rule), fpChanged)
		}
	}
}

// digest returns the hash over the prints of all accounts as 32 hexadecimal
// digits.
func digest(prints []fingerprint) string {
	h := sha256.New()
	for _, p := range prints {
		h.Write(binary.LittleEndian.AppendUint64(nil, uint64(p)))
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}
