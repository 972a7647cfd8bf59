// Package v2 reads and writes the format of version 2 of the API: REST with JSON.
//
// The operations are a table of methods, paths and inputs. Inputs and outputs are the
// types of package api, whose fields have the names of the format; only the operations
// that send have types of their own here, which become a Mail.
//
// What AWS's JSON decoders do with values of a wrong type is imitated as far as it was
// observed. Unknown fields are ignored and noticed; an unknown operation is an error.
//
// # Tests of other stand-ins
//
// Of moto's tests/test_sesv2 (commit 0af643a), run on 2026-11-29, those fail that call
// operations which are left out here: of contact lists (25 tests), policies of identities
// (4), pools of dedicated addresses (3). The others contradict AWS's API reference:
//
//	they assert                                         API reference
//	DeleteEmailIdentity and CreateEmailIdentity take    both have NotFoundException
//	an identity and a set that do not exist
//	NextSigningKeyLength may be "2048"                  one of RSA_1024_BIT, RSA_2048_BIT
//	mail with Raw content goes to the recipients of     those of Destinations, where given, are all
//	Destination and of the headers                      (SendRawEmail of version 1)
//	DKIM of a new domain has not started                CreateEmailIdentity begins Easy DKIM, with its tokens
package v2

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"sync"

	"sesim/cmd/internal/serve/api"
	"sesim/cmd/internal/serve/wire"
	"sesim/sim/ses"
)

// Prefix is what the paths of all operations begin with.
const Prefix = "/v2/email/"

// Service answers calls of version 2.
type Service struct {
	Backend api.Backend
	Notices *wire.Notices
}

// reader is an input of the format that has to be turned into one of package api. The
// operation is the name in the API.
type reader interface {
	read(caller api.Caller) (input any, err error)
}

// writer is an input whose output has to be turned into one of the format.
type writer interface {
	write(output any) any
}

// contentType is that of all answers.
var contentType = []string{"application/json"}

// Serve answers one call, whose body has been read.
func (s *Service) Serve(w http.ResponseWriter, r *http.Request, body []byte, caller api.Caller) {
	h := w.Header()
	h["Content-Type"] = contentType
	h.Set("X-Amzn-Requestid", caller.RequestID) // as net/http writes it
	output, err := s.do(r, body, caller)
	if err != nil {
		fail(w, wire.ErrorOf(ses.V2, err))
		return
	}
	reply(w, output)
}

// do carries out one call.
func (s *Service) do(r *http.Request, body []byte, caller api.Caller) (output any, err error) {
	op, labels := find(r.Method, r.URL.EscapedPath())
	if op == nil {
		s.Notices.Add(wire.UnknownOperation, fmt.Sprintf("version 2 has no operation %s %.200s here", r.Method, r.URL.Path))
		name := fmt.Sprintf("%s %.200s", r.Method, r.URL.Path)
		refusal := api.NewError(ses.V2, api.UnknownOperation, "The operation %s is not part of this service.", name)
		return nil, wire.RefuseUnknown(r.Context(), s.Backend, caller, name, refusal)
	}
	input := op.input()
	if err := s.bind(op, input, labels, r, body); err != nil {
		return nil, err
	}
	if refusal := wire.Check(ses.V2, input); refusal != nil {
		return nil, refusal
	}
	call := input
	if from, ok := input.(reader); ok {
		if call, err = from.read(caller); err != nil {
			return nil, err
		}
	}
	if output, err = s.Backend.Do(r.Context(), caller, call); err != nil {
		return nil, err
	}
	if to, ok := input.(writer); ok {
		output = to.write(output)
	}
	return output, nil
}

// reply writes the output of a call.
func reply(w http.ResponseWriter, output any) {
	if output == nil {
		_, _ = w.Write([]byte("{}")) // whoever called may be gone
		return
	}
	noNull(output)
	e := encoders.Get().(*encoder)
	defer encoders.Put(e)
	e.text.Reset()
	if err := e.Encode(output); err != nil {
		fail(w, wire.ErrorOf(ses.V2, err))
		return
	}
	_, _ = w.Write(bytes.TrimSuffix(e.text.Bytes(), []byte("\n")))
}

// encoder writes JSON to a buffer.
type encoder struct {
	*json.Encoder
	text bytes.Buffer
}

var encoders = sync.Pool{New: func() any {
	e := &encoder{}
	e.Encoder = json.NewEncoder(&e.text)
	e.SetEscapeHTML(false)
	return e
}}

// noNull makes the lists of an output that are nil empty: callers expect them to be
// there.
func noNull(output any) {
	v := reflect.ValueOf(output)
	if v.Kind() != reflect.Pointer || v.Elem().Kind() != reflect.Struct {
		return
	}
	v = v.Elem()
	for i := range v.NumField() {
		f := v.Field(i)
		if kind := f.Kind(); kind != reflect.Slice && kind != reflect.Map || !f.IsNil() || !f.CanSet() {
			continue
		}
		switch {
		case strings.Contains(v.Type().Field(i).Tag.Get("json"), "omitempty"):
		case f.Kind() == reflect.Slice:
			f.Set(reflect.MakeSlice(f.Type(), 0, 0))
		default:
			f.Set(reflect.MakeMap(f.Type()))
		}
	}
}

// fail writes a refusal.
func fail(w http.ResponseWriter, e *api.Error) {
	wire.Explain(w, e)
	w.Header().Set("x-amzn-ErrorType", e.Wire.Code)
	w.WriteHeader(e.Wire.Status)
	var body struct {
		Message string `json:"message,omitempty"`
	}
	body.Message = e.Wire.Message
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(body) // whoever called may be gone
}

// Fail answers a call that is refused before its operation is known.
func Fail(w http.ResponseWriter, requestID string, e *api.Error) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("x-amzn-RequestId", requestID)
	fail(w, e)
}
