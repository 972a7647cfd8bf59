package events

import (
	"fmt"
	"strconv"
	"time"

	"sesim/sim/rng"
)

// regionPrefixes are the four hexadecimal digits with which SES begins the
// message ids of a Region. They are not published; these were seen in the
// Message-ID headers of public mail.
var regionPrefixes = map[string]string{
	"us-east-1":      "0100",
	"us-west-2":      "0101",
	"eu-west-1":      "0102",
	"ap-northeast-1": "0106",
	"eu-central-1":   "0107",
	"ap-southeast-2": "0108",
	"ap-south-1":     "0109",
	"eu-west-2":      "010b",
	"us-east-2":      "010f",
	"eu-north-1":     "0110",
	"us-west-1":      "0111",
}

// prefixOf returns the prefix of a Region. For a Region not seen yet it is
// one from 0180 on that follows from the name; that is assumed.
func prefixOf(region string) string {
	if prefix, known := regionPrefixes[region]; known {
		return prefix
	}
	return fmt.Sprintf("01%02x", 0x80|pick("region", region, 0x80))
}

// pick returns a number below n that depends on the name and what it is for,
// and on no seed: the same everywhere.
func pick(what, name string, n uint64) uint64 {
	return rng.Derive(0, what, name, "pick").At(0) % n
}

// appendIdentifier appends an id in SES's form: the Region, the milliseconds since 1970, a
// UUID of the given stream and number, and the part of the message, which is always the
// first.
func appendIdentifier(b []byte, prefix string, at time.Time, key rng.Key, number uint64) []byte {
	b = appendHex(append(b, prefix...), uint64(at.UnixMilli()), 12)
	b = appendUUID(append(b, '-'), key, number)
	return append(b, "-000000"...)
}

// identifier returns such an id.
func identifier(prefix string, at time.Time, key rng.Key, number uint64) string {
	var text [64]byte
	return string(appendIdentifier(text[:0], prefix, at, key, number))
}

// appendUUID appends the number-th UUID of a stream, of version 4.
func appendUUID(b []byte, key rng.Key, number uint64) []byte {
	hi, lo := key.At(2*number), key.At(2*number+1)
	hi = hi&^0xf000 | 4<<12
	lo = lo&^(3<<62) | 2<<62
	b = appendHex(b, hi>>32, 8)
	b = appendHex(append(b, '-'), hi>>16, 4)
	b = appendHex(append(b, '-'), hi, 4)
	b = appendHex(append(b, '-'), lo>>48, 4)
	return appendHex(append(b, '-'), lo, 12)
}

// appendHex appends the last digits of a number in hexadecimal: an even number of them, at
// most sixteen.
func appendHex(b []byte, n uint64, digits int) []byte {
	b = append(b, "0000000000000000"[:digits]...)
	for i := len(b) - 2; digits > 0; digits -= 2 {
		b[i], b[i+1] = hexPairs[n&0xff][0], hexPairs[n&0xff][1]
		i, n = i-2, n>>8
	}
	return b
}

// hexPairs are the bytes in hexadecimal.
var hexPairs = func() (pairs [256][2]byte) {
	for i := range pairs {
		copy(pairs[i][:], fmt.Sprintf("%02x", i))
	}
	return pairs
}()

// accountNumber returns the AWS account's number, of twelve digits. Accounts
// of one customer in several Regions share it.
func accountNumber(customer string) string {
	return strconv.FormatUint(100_000_000_000+pick("customer", customer, 900_000_000_000), 10)
}
