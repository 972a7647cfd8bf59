package events

import (
	"slices"
	"strings"
)

// tagList are the tags of a message in the order of their names, which differ. In a record
// they are an object.
type tagList []tag

type tag struct {
	Name   string
	Values []string
}

// with returns a new list with further tags, which replace those of their names.
func (t tagList) with(more ...tag) tagList {
	list := make(tagList, len(t), len(t)+len(more))
	copy(list, t)
	for _, m := range more {
		at, found := slices.BinarySearchFunc(list, m.Name, func(a tag, name string) int { return strings.Compare(a.Name, name) })
		if found {
			list[at] = m
		} else {
			list = slices.Insert(list, at, m)
		}
	}
	return list
}

type header struct {
	Name  string
	Value string
}
