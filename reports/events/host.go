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

func inBlock(block string, n uint64) string { return block + number(n) }

func number(n uint64) string { return strconv.FormatUint(1+n%254, 10) }

// outgoing is a mail server of SES. Its name repeats the last two numbers of
// its address, as the names of the real ones do.
type outgoing uint64

func (o outgoing) ip() string { return inBlock(outgoingBlock, uint64(o)) }

func (o outgoing) host(region string) string {
	if region == "us-east-1" {
		return "a113-" + number(uint64(o)) + ".smtp-out.amazonses.com"
	}
	return "a113-" + number(uint64(o)) + ".smtp-out." + region + ".amazonses.com"
}
