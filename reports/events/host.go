package events

import (
	"strconv"
	"strings"
)

// The hosts' addresses lie in the blocks of RFC 5737, one for each role.
const (
	sourceBlock   = "192.0.2."    // programs of customers
	remoteBlock   = "198.51.100." // mail servers of recipients
	outgoingBlock = "203.0.113."  // mail servers of SES
)

// sourceIP returns the address from which a sender calls SES.
func sourceIP(sender string) string { return inBlock(sourceBlock, pick("source", sender, 254)) }

// remoteIP returns the address of a domain's mail server.
func remoteIP(domain string) string {
	return inBlock(remoteBlock, pick("remote", strings.ToLower(domain), 254))
}

// remoteOf is remoteIP, remembered.
func (w *Writer) remoteOf(domain []byte) string {
	ip, known := w.remotes[string(domain)]
	if !known {
		if len(w.remotes) >= maxRemotes {
			clear(w.remotes)
		}
		ip = remoteIP(string(domain))
		w.remotes[string(domain)] = ip
	}
	return ip
}

// maxRemotes bounds the domains whose servers are remembered.
const maxRemotes = 1000

func inBlock(block string, n uint64) string { return block + number(n) }

// numbers are the last numbers of addresses.
var numbers = func() (texts [254]string) {
	for i := range texts {
		texts[i] = strconv.Itoa(1 + i)
	}
	return texts
}()

func number(n uint64) string { return numbers[n%254] }

// outgoing is a mail server of SES. Its name repeats the last two numbers of
// its address, as the names of the real ones do.
type outgoing uint64

func (o outgoing) ip() string { return string(o.appendIP(nil)) }

// appendIP appends the server's address.
func (o outgoing) appendIP(b []byte) []byte {
	return append(append(b, outgoingBlock...), number(uint64(o))...)
}

// appendHost appends the server's name.
func (o outgoing) appendHost(b []byte, region string) []byte {
	b = append(append(b, "a113-"...), number(uint64(o))...)
	b = append(b, ".smtp-out."...)
	if region != "us-east-1" {
		b = append(append(b, region...), '.')
	}
	return append(b, "amazonses.com"...)
}

func (o outgoing) host(region string) string { return string(o.appendHost(nil, region)) }
