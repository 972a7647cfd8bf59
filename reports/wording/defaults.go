package wording

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"sesim/reports"
	"sesim/sim/unit"
)

// Notes says what of a scenario is not the user's or not known exactly, in sentences
// without their full stops.
func Notes(s *reports.Summary) []string {
	draws := Means
	if s.Replications != nil {
		draws = EachRun
	}
	return said(Defaults(s), Uncertain(s.Uncertain, draws))
}

// Given says what accounts bring along and what is not known exactly, in sentences.
func Given(before []reports.Before, uncertain []reports.Uncertain, draws Draws) []string {
	list := said(Before(before), Uncertain(uncertain, draws))
	for i := range list {
		list[i] += "."
	}
	return list
}

// said returns the sentences that are not empty.
func said(sentences ...string) []string {
	return slices.DeleteFunc(sentences, func(s string) bool { return s == "" })
}

// Draws is what runs have in place of what is not known exactly.
type Draws uint8

// The ways of drawing.
const (
	Means    Draws = iota // a single run has the means, or what was drawn for it
	AllMeans              // each of several runs has
	EachRun               // each of several runs draws
)

// Uncertain says what is not known exactly, and what runs have in its place; empty if
// everything is known.
func Uncertain(list []reports.Uncertain, draws Draws) string {
	const most = 3 // keys that are named
	if len(list) == 0 {
		return ""
	}
	of := "at their means in this run"
	switch {
	case draws == AllMeans && !list[0].Drawn:
		of = "at their means in all runs"
	case draws != Means:
		of = "drawn in each of the runs"
	case list[0].Drawn:
		of = "drawn for this run"
	}
	var keys []string
	for _, u := range list[:min(len(list), most)] {
		keys = append(keys, fmt.Sprintf("%s %s, { %s }", u.Key, shortShare(u.Value), u.Distribution))
	}
	if more := len(list) - most; more > 0 {
		keys = append(keys, Count(int64(more))+" more")
	}
	return fmt.Sprintf("Not known exactly, and %s: %s", of, strings.Join(keys, "; "))
}

// shortShare shortens a percentage to what Percent shows of it.
func shortShare(value string) string {
	number, isShare := strings.CutSuffix(value, "%")
	if share, err := strconv.ParseFloat(number, 64); isShare && err == nil {
		return Percent(share / 100)
	}
	return value
}

// Defaults says which quotas and rates of accounts are the model's and not the user's;
// empty if none is.
func Defaults(s *reports.Summary) string {
	const most = 2 // keys that are named
	var figures, keys []string
	known := map[string]bool{}
	for _, d := range s.Defaults {
		if figure := d.Key[strings.LastIndexByte(d.Key, '.')+1:] + " " + Count(d.Value); !known[figure] {
			known[figure] = true
			figures = append(figures, figure)
		}
		keys = append(keys, d.Key)
	}
	if more := len(keys) - most; more > 0 {
		keys = append(keys[:most], unit.Plural(int64(more), "more key", "more keys"))
	}
	verb := "are our defaults"
	switch len(figures) {
	case 0:
		return ""
	case 1:
		verb = "is our default"
	}
	return fmt.Sprintf("%s %s: set %s", series(figures), verb, series(keys))
}

// series joins words with commas and a last "and".
func series(words []string) string {
	last := len(words) - 1
	if last < 1 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:last], ", ") + " and " + words[last]
}
