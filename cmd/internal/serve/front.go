package serve

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"sesim/cmd/internal/loopback"
	"sesim/cmd/internal/page"
	"sesim/cmd/internal/serve/api"
	"sesim/cmd/internal/serve/auth"
	"sesim/cmd/internal/serve/notify"
	"sesim/cmd/internal/serve/wire"
	v1 "sesim/cmd/internal/serve/wire/v1"
	v2 "sesim/cmd/internal/serve/wire/v2"
	"sesim/sim/ses"
)

// AdminPath is what the paths begin with that are not AWS's: of the page, the clock, the
// accounts and the event stream.
const AdminPath = "/_sesim/"

// PagePath is what the paths of the page's files begin with.
const PagePath = AdminPath + "page/"

// AdminHeader is a header, with any value, without which requests below AdminPath are
// refused: no form of a web page can set it.
const AdminHeader = "Sesim-Admin"

// Limits on requests.
const (
	maxBody     = 40<<20*4/3 + 1<<20 // 40 MB in base64, and what is around it
	maxCalls    = 4096               // at a time
	maxRoom     = 64 << 10           // that a body is given before it comes
	callTimeout = 2 * time.Minute    // for reading a request, and for writing an answer
)

// Front answers HTTP requests: it refuses those that a web page makes, finds out who calls,
// and hands the call on to the format that it is in.
type Front struct {
	Backend api.Backend
	Notices *wire.Notices
	Hosts   loopback.Hosts
	// Secret returns the secret of an access key; nil: signatures are not checked.
	Secret func(key string) (secret string, known bool)
	// Others answers calls to services other than SES on the same port; nil: there are none.
	// It is given requests whose form, if they have one, is parsed.
	Others http.Handler
	Admin  http.Handler // requests below AdminPath; nil: there are none
	// AdminAnywhere: requests below AdminPath may come from other machines.
	AdminAnywhere bool
	// Patience is how long a request may take to come, and then its answer to be taken; 0: two
	// minutes.
	Patience time.Duration

	calls chan struct{}
}

// NewFront returns a Front with its limits.
func NewFront(f Front) *Front {
	f.calls = make(chan struct{}, maxCalls)
	f.Patience = cmp.Or(f.Patience, callTimeout)
	return &f
}

// ServeHTTP answers one request. Without a deadline one that is refused would wait for its
// body for ever, as the rest of it is read before the answer leaves.
func (f *Front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	control, end := http.NewResponseController(w), time.Now().Add(f.Patience)
	_ = control.SetReadDeadline(end) // a connection without deadlines has none
	_ = control.SetWriteDeadline(end.Add(f.Patience))
	switch {
	case !f.Hosts.Known(r.Host):
		http.Error(w, "sesim does not go by the host "+fmt.Sprintf("%.100q", r.Host)+"; see --allow-host", http.StatusForbidden)
	case strings.HasPrefix(r.URL.Path, AdminPath):
		f.admin(w, r)
	case r.Method == http.MethodGet && r.URL.Path+"/" == AdminPath:
		http.Redirect(w, r, AdminPath, http.StatusFound)
	case loopback.FromPage(r):
		http.Error(w, "sesim answers programs, not pages of a browser", http.StatusForbidden)
	case r.Method == http.MethodGet && r.URL.Path == "/" && r.URL.RawQuery == "":
		http.Redirect(w, r, AdminPath, http.StatusFound)
	default:
		f.call(w, r)
	}
}

// admin answers a request below AdminPath. The page itself is loaded without the header.
func (f *Front) admin(w http.ResponseWriter, r *http.Request) {
	page.Protect(w.Header())
	isPage := r.Method == http.MethodGet && (r.URL.Path == AdminPath || strings.HasPrefix(r.URL.Path, PagePath))
	switch {
	case f.Admin == nil:
		http.NotFound(w, r)
	case !loopback.SameOrigin(r):
		http.Error(w, "sesim's page answers to itself only", http.StatusForbidden)
	case !isPage && r.Header.Get(AdminHeader) == "":
		http.Error(w, "the header "+AdminHeader+" is missing; any value will do", http.StatusForbidden)
	case !f.AdminAnywhere && !fromHere(r):
		http.Error(w, AdminPath+" is for this machine only; see --allow-admin", http.StatusForbidden)
	default:
		f.adminCall(w, r)
	}
}

// adminCall hands on a request below AdminPath with its whole body. The answer may take any
// time, as that of a jump does, and ends early if the caller goes.
func (f *Front) adminCall(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxAdminBody))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		failAdmin(w, &problem{http.StatusRequestEntityTooLarge, fmt.Sprintf("the body has more than %d bytes", maxAdminBody)})
		return
	case err != nil:
		failAdmin(w, badRequest("the body ends early"))
		return
	}
	control := http.NewResponseController(w)
	_ = control.SetReadDeadline(time.Time{})
	_ = control.SetWriteDeadline(time.Time{})
	r.Body = io.NopCloser(bytes.NewReader(body))
	f.Admin.ServeHTTP(w, r)
}

// fromHere reports whether a request comes from this machine.
func fromHere(r *http.Request) bool {
	ip := net.ParseIP(sourceIP(r))
	return ip != nil && ip.IsLoopback()
}

func sourceIP(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

// call answers a call to an AWS service.
func (f *Front) call(w http.ResponseWriter, r *http.Request) {
	id := wire.NewRequestID()
	isV2 := strings.HasPrefix(r.URL.Path, "/v2/") || strings.HasPrefix(r.URL.Path, "/v1/")
	fail, version := v1.Fail, ses.V1
	if isV2 {
		fail, version = v2.Fail, ses.V2
	}
	select {
	case f.calls <- struct{}{}:
		defer func() { <-f.calls }()
	default:
		fail(w, id, api.NewError(version, api.Unavailable, "More than %d calls at a time.", maxCalls))
		return
	}
	body, refusal := readBody(w, r, version)
	if refusal != nil {
		fail(w, id, refusal)
		return
	}
	if f.others(w, r, body, isV2) {
		return
	}
	caller, refusal := f.caller(w, r, body, version, id)
	if refusal != nil {
		fail(w, id, refusal)
		return
	}
	if isV2 {
		(&v2.Service{Backend: f.Backend, Notices: f.Notices}).Serve(w, r, body, caller)
		return
	}
	form, err := parameters(r, body)
	if err != nil {
		v1.Fail(w, id, api.NewError(ses.V1, api.Serialization, "The form is malformed."))
		return
	}
	(&v1.Service{Backend: f.Backend, Notices: f.Notices}).Serve(w, r, form, caller)
}

// readBody reads the body of a call.
func readBody(w http.ResponseWriter, r *http.Request, version ses.Interface) ([]byte, *api.Error) {
	if encoding := r.Header.Get("Content-Encoding"); encoding != "" && encoding != "identity" {
		return nil, api.NewError(version, api.BadRequest, "Content-Encoding %.20s is not supported.", encoding)
	}
	if r.ContentLength > maxBody {
		return nil, api.NewError(version, api.TooLarge, "The body has more than %d bytes.", maxBody)
	}
	body := make([]byte, max(0, min(r.ContentLength, maxRoom)))
	n, err := io.ReadFull(r.Body, body)
	if err == nil && r.ContentLength != int64(n) { // what is longer, or does not say how long it is
		var rest []byte
		rest, err = io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody-int64(n)))
		body = append(body, rest...)
	}
	if err == nil {
		return body, nil
	}
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		return nil, api.NewError(version, api.TooLarge, "The body has more than %d bytes.", maxBody)
	}
	return nil, api.NewError(version, api.BadRequest, "The body ends early.")
}

// parameters returns the parameters of version 1: those of a form, or of the query in
// requests of old clients.
func parameters(r *http.Request, body []byte) (url.Values, error) {
	if r.Method == http.MethodGet {
		return url.ParseQuery(r.URL.RawQuery)
	}
	return url.ParseQuery(string(body))
}

// others answers a call that is to another service: it names a target in a header, or a
// version that is not SES's, or follows a URL in a notification.
func (f *Front) others(w http.ResponseWriter, r *http.Request, body []byte, isV2 bool) bool {
	if f.Others == nil || isV2 {
		return false
	}
	if r.Header.Get("X-Amz-Target") == "" && !notify.Mine(r) {
		form, err := parameters(r, body)
		if version := form.Get("Version"); err != nil || version == "" || version == v1.Version {
			return false
		}
		r.Form, r.PostForm = form, form
	}
	r.Body = io.NopCloser(strings.NewReader(string(body)))
	f.Others.ServeHTTP(w, r)
	return true
}

// caller returns who makes a call.
func (f *Front) caller(w http.ResponseWriter, r *http.Request, body []byte, version ses.Interface, id string) (api.Caller, *api.Error) {
	credential, err := auth.Parse(r)
	switch {
	case errors.Is(err, auth.ErrNone):
		return api.Caller{}, api.NewError(version, api.MissingToken, "Missing Authentication Token")
	case err != nil:
		e := api.NewError(version, api.BadSignature, "The request signature we calculated does not match the signature you provided.")
		e.Hint = err.Error()
		return api.Caller{}, e
	}
	if f.Secret != nil {
		secret, known := f.Secret(credential.Key)
		if !known {
			return api.Caller{}, api.UnknownKey(version)
		}
		if err := auth.Verify(r, body, credential, secret); err != nil {
			e := api.NewError(version, api.BadSignature, "The request signature we calculated does not match the signature you provided. "+
				"Check your AWS Secret Access Key and signing method. Consult the service documentation for details.")
			e.Hint = err.Error()
			return api.Caller{}, e
		}
	}
	return api.Caller{
		Interface: version, Key: credential.Key, Region: credential.Region, RequestID: id, SourceIP: sourceIP(r),
		Header: w.Header(),
	}, nil
}
