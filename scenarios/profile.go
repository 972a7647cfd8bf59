package scenarios

import (
	"fmt"
	"strings"

	"sesim/scenarios/internal/keys"
	"sesim/scenarios/internal/tree"
	"sesim/sim"
)

// published is a profile that was measured.
type published struct {
	name, about          string
	weekday, hour, month []int64 // shares, in any unit; nil: even
}

// publishedProfiles are the published profiles, by name.
var publishedProfiles = []published{
	{
		name: "archive-2010", about: "hours of campaigns in the USA, in blocks of four: EmailCampaignArchive, 2010 and 2011, via hennerberg.com",
		hour: []int64{86, 86, 86, 86, 194, 194, 194, 194, 365, 365, 365, 365, 231, 231, 231, 231, 97, 97, 97, 97, 27, 27, 27, 27},
	},
	{
		name:    "coschedule-2017",
		about:   "weekdays of campaigns: CoSchedule, 2017, via onlyonemike.com; Wednesday to Friday are given as about 16%",
		weekday: []int64{141, 143, 160, 160, 160, 120, 110},
	},
	{
		name: "predictive-response-2013", about: "weekdays of campaigns: predictiveresponse.com, data of 2013",
		weekday: []int64{166, 179, 161, 173, 149, 86, 86},
	},
	{
		name: "vertical-response-2015", about: "months: VerticalResponse, 2015, 650 million messages, of which 177 in the third and 245 in " +
			"the fourth quarter; the other months share the rest",
		month: []int64{114, 114, 114, 114, 114, 114, 177, 177, 177, 245, 245, 245},
	},
}

// profile reads a profile: the name of a published one, or lists.
type profile struct{ to **sim.Profile }

// even returns a profile that does not change the rate.
func even() *sim.Profile {
	p := &sim.Profile{}
	for _, list := range [][]uint64{p.Weekday[:], p.Hour[:], p.Month[:]} {
		for i := range list {
			list[i] = 1_000_000
		}
	}
	return p
}

// either binds the keys of a profile.
func (profile) either(p *sim.Profile) keys.Either {
	words := make([]keys.Choice[string], len(publishedProfiles))
	for i := range publishedProfiles {
		words[i] = keys.Choice[string]{Word: publishedProfiles[i].name, Is: publishedProfiles[i].name}
	}
	return keys.Either{Plain: keys.Word[string]{To: &p.Name, Choices: words}, Keys: keys.Table{Fields: []keys.Field{
		keys.Optional("weekday", keys.Weights{To: p.Weekday[:]}, "weight of each day, from Monday").Or("even").With(profileNote()),
		keys.Optional("hour", keys.Weights{To: p.Hour[:]}, "weight of each hour of the day, from midnight").Or("even"),
		keys.Optional("month", keys.Weights{To: p.Month[:]}, "weight of each month, from January").Or("even"),
	}}}
}

func (p profile) Shape() keys.Shape { return p.either(even()).Shape() }

func (p profile) Variants() []keys.Variant { return p.either(even()).Variants() }

func (p profile) Read(r *tree.Reporter, n *tree.Node, path string) {
	read := even()
	p.either(read).Read(r, n, path)
	for i := range publishedProfiles {
		if x := &publishedProfiles[i]; x.name == read.Name {
			keys.Scale(read.Weekday[:], x.weekday)
			keys.Scale(read.Hour[:], x.hour)
			keys.Scale(read.Month[:], x.month)
		}
	}
	*p.to = read
}

// profileNote lists the published profiles.
func profileNote() string {
	var b strings.Builder
	b.WriteString("Each list is scaled to a mean of one, so that the mean rate stays. Published profiles:\n\n")
	for i := range publishedProfiles {
		fmt.Fprintf(&b, "- `%s`: %s\n", publishedProfiles[i].name, publishedProfiles[i].about)
	}
	return b.String()
}
