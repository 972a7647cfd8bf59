package v2

import (
	"net/http"
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"time"

	"sesim/cmd/internal/serve/api"
	"sesim/cmd/internal/serve/wire"
	"sesim/sim/ses"
)

// bind fills an input from the body, the query and the path of a request.
func (s *Service) bind(o *operation, input any, labels []string, r *http.Request, body []byte) error {
	v := reflect.ValueOf(input).Elem()
	if len(body) > 0 && r.Method != http.MethodGet && r.Method != http.MethodDelete {
		unknown, refusal := decode(body, v)
		if refusal != nil {
			return refusal
		}
		for _, field := range unknown {
			s.Notices.Add(wire.UnknownField, o.name+" ignores the unknown field "+field)
		}
	}
	for i, field := range o.labels {
		v.FieldByName(field).SetString(labels[i])
	}
	if r.URL.RawQuery == "" {
		return nil
	}
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return api.NewError(ses.V2, api.BadRequest, "The query string is malformed.")
	}
	for i := range v.NumField() {
		if place, name, _ := strings.Cut(v.Type().Field(i).Tag.Get("in"), "="); place == "query" || place == "any" {
			if name == "" {
				name = v.Type().Field(i).Name
			}
			if err := setQuery(v.Field(i), name, query[name]); err != nil {
				return err
			}
		}
	}
	return nil
}

// setQuery fills a field from the values of a key in the query.
func setQuery(f reflect.Value, name string, values []string) error {
	if len(values) == 0 {
		return nil
	}
	switch p := f.Addr().Interface().(type) {
	case *string:
		*p = values[0]
	case *[]string:
		*p = values
	case *int32:
		n, err := strconv.ParseInt(values[0], 10, 32)
		if err != nil {
			return api.NewError(ses.V2, api.Serialization, "%.40q can not be converted to an Integer: %s", values[0], name)
		}
		*p = int32(n)
	case **time.Time:
		at, err := time.Parse(time.RFC3339, values[0])
		if err != nil {
			return api.NewError(ses.V2, api.Serialization, "%.40q can not be converted to a Timestamp: %s", values[0], name)
		}
		*p = &at
	}
	return nil
}
