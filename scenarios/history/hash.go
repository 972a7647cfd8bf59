package history

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"math/bits"
)

// hasher computes keyed hashes.
type hasher struct {
	mac hash.Hash
	sum [sha256.Size]byte
}

func newHasher(key []byte) *hasher { return &hasher{mac: hmac.New(sha256.New, key)} }

// of returns 64 bits of the keyed hash of a text; never 0.
func (h *hasher) of(text []byte) uint64 {
	h.mac.Reset()
	h.mac.Write(text)
	return max(1, binary.LittleEndian.Uint64(h.mac.Sum(h.sum[:0])))
}

// mix combines hashes and small numbers into a hash.
func mix(a, b uint64) uint64 {
	high, low := bits.Mul64(a^0x9e3779b97f4a7c15, b^0xd1b54a32d192ed03)
	return high ^ low ^ bits.RotateLeft64(a, 23)
}
