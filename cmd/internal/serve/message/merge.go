package message

import "sesim/cmd/internal/serve/api"

// MergeTags returns the default tags of a call with those that an entry replaces, and the
// entry's further ones.
func MergeTags(defaults, own []api.MessageTag) []api.MessageTag {
	return merge(defaults, own, func(t api.MessageTag) string { return t.Name })
}

// MergeHeaders does the same for headers.
func MergeHeaders(defaults, own []api.MessageHeader) []api.MessageHeader {
	return merge(defaults, own, func(h api.MessageHeader) string { return h.Name })
}

// merge returns a list in which own values replace defaults of the same name.
func merge[T any](defaults, own []T, name func(T) string) []T {
	var list []T
	for _, d := range defaults {
		replaced := false
		for _, o := range own {
			replaced = replaced || name(o) == name(d)
		}
		if !replaced {
			list = append(list, d)
		}
	}
	return append(list, own...)
}
