package smtp

import (
	"encoding/base64"
	"errors"
	"strings"

	"sesim/cmd/internal/serve/api"
	"sesim/sim/ses"
)

// errMalformed is about a response that is not base64, or has not the parts it needs.
var errMalformed = errors.New("smtp: malformed response")

// errCancelled is about a client that has given up.
var errCancelled = errors.New("smtp: authentication cancelled")

// auth answers AUTH.
func (t *session) auth(rest string) error {
	if t.user != "" || t.from != "" {
		return t.wrong(503, "Bad sequence of commands")
	}
	mechanism, initial, _ := strings.Cut(rest, " ")
	var user, password string
	var err error
	switch strings.ToUpper(mechanism) {
	case "PLAIN":
		user, password, err = t.plain(initial)
	case "LOGIN":
		user, password, err = t.login(initial)
	default:
		return t.wrong(504, "Unrecognized authentication type")
	}
	switch {
	case errors.Is(err, errMalformed):
		return t.wrong(501, "Cannot decode response")
	case errors.Is(err, errCancelled):
		return t.wrong(501, "Authentication cancelled")
	case err != nil:
		return err
	}
	refused := t.server.Login(user, password)
	if refused == nil && user == "" {
		refused = api.UnknownKey(ses.SMTP)
	}
	switch {
	case refused == nil:
	case ends(refused):
		return t.end(refused)
	default:
		return t.wrong(refused.Wire.Status, refused.Wire.Message)
	}
	t.user = user
	t.reply(235, "Authentication successful.")
	return nil
}

// plain is the exchange of RFC 4616.
func (t *session) plain(initial string) (user, password string, err error) {
	response, err := t.respond("", initial)
	if err != nil {
		return "", "", err
	}
	parts := strings.Split(response, "\x00")
	if len(parts) != 3 {
		return "", "", errMalformed
	}
	return parts[1], parts[2], nil
}

// login is the exchange that most clients of SES use.
func (t *session) login(initial string) (user, password string, err error) {
	if user, err = t.respond("Username:", initial); err != nil {
		return "", "", err
	}
	password, err = t.respond("Password:", "")
	return user, password, err
}

// respond returns a decoded response: the initial one, or the one to a challenge.
func (t *session) respond(challenge, initial string) (string, error) {
	if initial == "" {
		t.reply(334, base64.StdEncoding.EncodeToString([]byte(challenge)))
		var err error
		if initial, err = t.line(); err != nil {
			return "", err
		}
	}
	switch initial {
	case "*":
		return "", errCancelled
	case "=": // an initial response that is empty
		return "", nil
	}
	response, err := base64.StdEncoding.DecodeString(initial)
	if err != nil {
		return "", errMalformed
	}
	return string(response), nil
}
