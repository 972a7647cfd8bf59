package sqs

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"net/http"

	"sesim/cmd/internal/serve/wire/query"
)

// asRefusal returns what a client is told about an error.
func asRefusal(err error) *refusal {
	var bad *refusal
	if errors.As(err, &bad) {
		return bad
	}
	return &refusal{query: "ServiceUnavailable", shape: "ServiceUnavailable", text: err.Error(), status: http.StatusServiceUnavailable}
}

func (e *refusal) httpStatus() int {
	if e.status != 0 {
		return e.status
	}
	return http.StatusBadRequest
}

// writeJSON answers in JSON 1.0. Clients take the code of an error from the header, if
// they know the one of the older protocol.
func writeJSON(w http.ResponseWriter, out any, err error) {
	w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	status := http.StatusOK
	switch {
	case err != nil:
		bad := asRefusal(err)
		status = bad.httpStatus()
		w.Header().Set("X-Amzn-Query-Error", bad.query+";Sender")
		out = map[string]string{"__type": "com.amazonaws.sqs#" + bad.shape, "message": bad.text}
	case out == nil:
		out = struct{}{}
	}
	text, err := json.Marshal(out)
	if err != nil {
		panic(err) // outputs are of this package
	}
	w.WriteHeader(status)
	_, _ = w.Write(text) // whoever asked may have gone
}

const namespace = "http://queue.amazonaws.com/doc/" + Version + "/"

// writeXML answers in the Query protocol.
func writeXML(w http.ResponseWriter, action, id string, out any, err error) {
	if err != nil {
		bad := asRefusal(err)
		query.WriteError(w, namespace, id, bad.httpStatus(), bad.query, bad.text)
		return
	}
	query.Write(w, namespace, action, id, out)
}

// MarshalXML writes the entries of a batch one after the other.
func (b batchOutput) MarshalXML(e *xml.Encoder, start xml.StartElement) error {
	if err := e.EncodeToken(start); err != nil {
		return err
	}
	for _, x := range b.Successful {
		if err := e.EncodeElement(x, query.Element(b.action+"ResultEntry")); err != nil {
			return err
		}
	}
	for _, x := range b.Failed {
		if err := e.EncodeElement(x, query.Element("BatchResultErrorEntry")); err != nil {
			return err
		}
	}
	return e.EncodeToken(start.End())
}
