package text

import "sesim/reports/wording"

// maxClients bounds the sentences about single clients.
const maxClients = 3

// clients says what became of the messages of the first clients.
func (p *printer) clients() {
	list := p.r.Summary.Clients
	if len(list) == 0 {
		return
	}
	p.println()
	for i := range list[:min(len(list), maxClients)] {
		p.wrap("", "  ", wording.Client(&list[i])+".")
	}
	if more := len(list) - maxClients; more > 0 {
		p.println("… ", wording.Count(int64(more)), " more clients in summary.json")
	}
}
