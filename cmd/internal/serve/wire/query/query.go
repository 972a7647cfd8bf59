// Package query writes answers of AWS's Query protocol, in which version 1 of SES's API, SNS
// and SQS are: XML whose outer elements are named for the action.
package query

import (
	"encoding/xml"
	"net/http"
)

// Write answers an action. Out becomes the element <ActionResult>; nil: there is none.
func Write(w http.ResponseWriter, namespace, action, id string, out any) {
	write(w, http.StatusOK, Answer(namespace, action, id, out))
}

// WriteError answers with an error, for which the sender is to blame unless the status is
// one of a server's errors.
func WriteError(w http.ResponseWriter, namespace, id string, status int, code, text string) {
	write(w, status, Error(namespace, id, status, code, text))
}

// Answer returns the answer that Write writes, without the declaration of XML.
func Answer(namespace, action, id string, out any) []byte {
	return marshal(response{namespace, action, id, out})
}

// Error returns the answer that WriteError writes, without the declaration of XML.
func Error(namespace, id string, status int, code, text string) []byte {
	answer := failure{Namespace: namespace, RequestId: id}
	answer.Error.Type, answer.Error.Code, answer.Error.Message = "Sender", code, text
	if status >= http.StatusInternalServerError {
		answer.Error.Type = "Receiver"
	}
	return marshal(answer)
}

func marshal(v any) []byte {
	text, err := xml.Marshal(v)
	if err != nil {
		panic(err) // outputs are values of ours
	}
	return text
}

func write(w http.ResponseWriter, status int, text []byte) {
	w.Header().Set("Content-Type", "text/xml")
	w.WriteHeader(status)
	_, _ = w.Write(append([]byte(xml.Header), text...)) // whoever asked may have gone
}

// failure is an error.
type failure struct {
	XMLName   xml.Name `xml:"ErrorResponse"`
	Namespace string   `xml:"xmlns,attr"`
	Error     struct {
		Type, Code, Message string
	}
	RequestId string
}

// response is the answer to an action.
type response struct {
	namespace, action, id string
	out                   any
}

// MarshalXML writes <ActionResponse><ActionResult>…</ActionResult><ResponseMetadata>….
func (r response) MarshalXML(e *xml.Encoder, _ xml.StartElement) error {
	root := Element(r.action + "Response")
	root.Attr = []xml.Attr{{Name: xml.Name{Local: "xmlns"}, Value: r.namespace}}
	if err := e.EncodeToken(root); err != nil {
		return err
	}
	if r.out != nil {
		if err := e.EncodeElement(r.out, Element(r.action+"Result")); err != nil {
			return err
		}
	}
	if err := e.EncodeElement(struct{ RequestId string }{r.id}, Element("ResponseMetadata")); err != nil {
		return err
	}
	return e.EncodeToken(root.End())
}

// Element returns the start of an element, for MarshalXML.
func Element(name string) xml.StartElement { return xml.StartElement{Name: xml.Name{Local: name}} }
