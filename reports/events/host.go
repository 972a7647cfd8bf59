package events

import (
	"fmt"
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

func inBlock(block string, n uint64) string { return fmt.Sprintf("%s%d", block, 1+n%254) }

// outgoing is a mail server of SES. Its name repeats the last two numbers of
// its address, as the names of the real ones do.
type outgoing uint64

func (o outgoing) ip() string { return inBlock(outgoingBlock, uint64(o)) }

func (o outgoing) host(region string) string {
	if region == "us-east-1" {
		return fmt.Sprintf("a113-%d.smtp-out.amazonses.com", 1+uint64(o)%254)
	}
	return fmt.Sprintf("a113-%d.smtp-out.%s.amazonses.com", 1+uint64(o)%254, region)
}
