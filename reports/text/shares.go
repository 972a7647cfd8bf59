package text

import "sesim/reports/wording"

// maxShares bounds the sentences about single senders.
const maxShares = 3

// shares says what the first senders with several accounts sent through each.
func (p *printer) shares() {
	said := 0
	for i := range p.r.Summary.Senders {
		s := &p.r.Summary.Senders[i]
		if len(s.Accounts) == 0 {
			continue
		}
		if said == 0 {
			p.println()
		}
		if said++; said > maxShares {
			p.println("… more senders with several accounts in summary.json")
			return
		}
		p.wrap("", "  ", wording.Shares(s, p.r.Offset)+".")
	}
}
