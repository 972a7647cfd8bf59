package message

import (
	"strings"

	"sesim/cmd/internal/serve/api"
	"sesim/sim/ses"
)

// maxTag is the number of characters that the name or the value of a tag has at most.
const maxTag = 255

// CheckTags checks the tags of a message; nil: they may be. The texts are recorded from
// version 1, spaces included.
func CheckTags(i ses.Interface, tags []api.MessageTag) *api.Error {
	for _, t := range tags {
		if text := badTag("name", t.Name, ""); text != "" {
			return api.NewError(i, api.BadRequest, "%s", text)
		}
		if text := badTag("value", t.Value, ".@"); text != "" {
			return api.NewError(i, api.BadRequest, "%s", text)
		}
	}
	return nil
}

// badTag returns what is wrong with the name or the value of a tag, which may have some
// further characters.
func badTag(what, text, further string) string {
	const allowed = "only alphanumeric ASCII characters, '_',  '-'"
	switch {
	case text == "":
		return "The tag " + what + " must be specified."
	case len(text) > maxTag:
		return "Tag " + what + " cannot exceed 255 characters."
	case !strings.ContainsFunc(text, func(c rune) bool { return !tagCharacter(c) && !strings.ContainsRune(further, c) }):
		return ""
	case further == "":
		return "Invalid tag " + what + " <" + text + ">: " + allowed + " are allowed."
	}
	return "Invalid tag " + what + " <" + text + ">: " + allowed + " , '.', '@' are allowed."
}

func tagCharacter(c rune) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '-'
}
