package history

import (
	"bytes"
	"math"
	"strconv"
	"time"
)

// quarter is the length of the points that events are counted in.
const quarter = 15 * time.Minute

// parseTime reads a time of RFC 3339 with up to nine digits of a second and any offset,
// with a blank instead of the T, or without an offset, which is UTC.
func parseTime(b []byte) (Moment, bool) {
	if len(b) < len("2006-01-02T15:04:05") || b[4] != '-' || b[7] != '-' || b[13] != ':' || b[16] != ':' {
		return 0, false
	}
	if b[10] != 'T' && b[10] != 't' && b[10] != ' ' {
		return 0, false
	}
	year, month, day := number(b[0:4]), number(b[5:7]), number(b[8:10])
	hour, minute, second := number(b[11:13]), number(b[14:16]), number(b[17:19])
	if year < 1970 || year > 2261 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month) ||
		hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59 {
		return 0, false
	}
	fraction, rest, ok := parseFraction(b[19:])
	if !ok {
		return 0, false
	}
	offset, ok := parseOffset(rest)
	if !ok {
		return 0, false
	}
	seconds := ((daysSince1970(year, month, day)*24+hour)*60+minute)*60 + second - offset
	return Moment(seconds*int64(time.Second) + fraction), seconds >= 0
}

// parseFraction reads the decimals of a second, in nanoseconds.
func parseFraction(b []byte) (fraction int64, rest []byte, ok bool) {
	if len(b) == 0 || b[0] != '.' {
		return 0, b, true
	}
	n := digits(b[1:])
	if n > 9 {
		return 0, nil, false
	}
	if n > 0 {
		fraction = number(b[1 : 1+n])
	}
	for i := n; i < 9; i++ {
		fraction *= 10
	}
	return fraction, b[1+n:], true
}

// parseOffset reads Z or the distance from UTC, in seconds.
func parseOffset(b []byte) (int64, bool) {
	switch string(b) {
	case "", "Z", "z", " UTC":
		return 0, true
	}
	if b[0] != '+' && b[0] != '-' {
		return 0, false
	}
	sign := int64(1)
	if b[0] == '-' {
		sign = -1
	}
	b = b[1:]
	if len(b) == 5 && b[2] == ':' {
		b = []byte{b[0], b[1], b[3], b[4]}
	}
	if len(b) != 4 {
		return 0, false
	}
	hours, minutes := number(b[:2]), number(b[2:])
	return sign * (hours*60 + minutes) * 60, hours >= 0 && hours < 24 && minutes >= 0 && minutes < 60
}

// number reads digits; -1 if there is anything else.
func number(b []byte) int64 {
	n := int64(0)
	for _, c := range b {
		if c < '0' || c > '9' {
			return -1
		}
		n = n*10 + int64(c-'0')
	}
	return n
}

func daysIn(year, month int64) int64 {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

// daysSince1970 counts days of the Gregorian calendar, in years that begin in March.
func daysSince1970(year, month, day int64) int64 {
	if month <= 2 {
		year--
		month += 12
	}
	return 365*year + year/4 - year/100 + year/400 + (153*(month-3)+2)/5 + day - 1 - 719468
}

// parseEpoch reads seconds since 1970, such as 1577836800.5.
func parseEpoch(b []byte) (Moment, bool) {
	seconds, err := strconv.ParseFloat(string(b), 64)
	if err != nil || !(seconds >= 0 && seconds < math.MaxInt64/float64(time.Second)) {
		return 0, false
	}
	whole, part := math.Modf(seconds)
	return Moment(int64(whole)*int64(time.Second) + int64(part*1e6)*int64(time.Microsecond)), true
}

// appendAddress appends the bare address in a text such as "Name <a@b>", in lower case.
func appendAddress(to, text []byte) []byte {
	if end := bytes.LastIndexByte(text, '>'); end >= 0 {
		if begin := bytes.LastIndexByte(text[:end], '<'); begin >= 0 {
			text = text[begin+1 : end]
		}
	}
	for _, c := range bytes.TrimSpace(text) {
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		to = append(to, c)
	}
	return to
}

// domainOf returns what follows the last @ of an address.
func domainOf(address []byte) []byte { return address[bytes.LastIndexByte(address, '@')+1:] }

// within reports whether a domain is another one or a subdomain of it.
func within(domain []byte, of string) bool {
	n := len(domain) - len(of)
	return n >= 0 && string(domain[n:]) == of && (n == 0 || domain[n-1] == '.')
}

// classOf returns the class of a domain in lower case.
func classOf(domain []byte) Class {
	switch string(domain) {
	case "gmail.com", "googlemail.com":
		return Gmail
	case "msn.com":
		return Microsoft
	case "ymail.com", "rocketmail.com", "aol.com":
		return Yahoo
	}
	label, _, _ := bytes.Cut(domain, []byte("."))
	switch string(label) {
	case "outlook", "hotmail", "live":
		return Microsoft
	case "yahoo":
		return Yahoo
	}
	return OtherDomain
}

// simulatorDomain is that of the mailbox simulator.
const simulatorDomain = "simulator.amazonses.com"
