package query

import (
	"net/http/httptest"
	"testing"
)

// TestWrite checks the bytes that clients parse.
func TestWrite(t *testing.T) {
	const head = `<?xml version="1.0" encoding="UTF-8"?>` + "\n"
	type quota struct {
		Max  string
		List []string `xml:"List>member"`
	}
	for _, c := range []struct {
		name   string
		write  func(w *httptest.ResponseRecorder)
		status int
		want   string
	}{
		{"an output", func(w *httptest.ResponseRecorder) { Write(w, "ns", "GetQuota", "id", quota{"200.0", []string{"<a>"}}) }, 200,
			`<GetQuotaResponse xmlns="ns"><GetQuotaResult><Max>200.0</Max><List><member>&lt;a&gt;</member></List></GetQuotaResult>` +
				`<ResponseMetadata><RequestId>id</RequestId></ResponseMetadata></GetQuotaResponse>`},
		{"an empty output", func(w *httptest.ResponseRecorder) { Write(w, "ns", "Put", "id", struct{}{}) }, 200,
			`<PutResponse xmlns="ns"><PutResult></PutResult><ResponseMetadata><RequestId>id</RequestId></ResponseMetadata></PutResponse>`},
		{"none", func(w *httptest.ResponseRecorder) { Write(w, "ns", "Put", "id", nil) }, 200,
			`<PutResponse xmlns="ns"><ResponseMetadata><RequestId>id</RequestId></ResponseMetadata></PutResponse>`},
		{"the sender's error", func(w *httptest.ResponseRecorder) { WriteError(w, "ns", "id", 400, "Throttling", "a & b") }, 400,
			`<ErrorResponse xmlns="ns"><Error><Type>Sender</Type><Code>Throttling</Code><Message>a &amp; b</Message></Error>` +
				`<RequestId>id</RequestId></ErrorResponse>`},
		{"the server's error", func(w *httptest.ResponseRecorder) { WriteError(w, "ns", "id", 503, "X", "") }, 503,
			`<ErrorResponse xmlns="ns"><Error><Type>Receiver</Type><Code>X</Code><Message></Message></Error>` +
				`<RequestId>id</RequestId></ErrorResponse>`},
	} {
		w := httptest.NewRecorder()
		c.write(w)
		if got := w.Body.String(); got != head+c.want || w.Code != c.status || w.Header().Get("Content-Type") != "text/xml" {
			t.Errorf("%s: %d %v\n got %s\nwant %s", c.name, w.Code, w.Header(), got, c.want)
		}
	}
}
