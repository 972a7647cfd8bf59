package ses_test

import (
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	sesv1 "github.com/aws/aws-sdk-go-v2/service/ses/types"
	sesv2 "github.com/aws/aws-sdk-go-v2/service/sesv2/types"

	"github.com/google/go-cmp/cmp"

	"sesim/sim/rules"
	"sesim/sim/ses"
)

// The tests of this file hold our words against the SDK's. What SES adds
// shows when the SDK is updated: a value, an error or a field that is neither
// ours nor in a list of those left out, with the reason.

// The SDK's packages.
const (
	sdkV1      = "github.com/aws/aws-sdk-go-v2/service/ses/types"
	sdkV2      = "github.com/aws/aws-sdk-go-v2/service/sesv2/types"
	sdkV2Calls = "github.com/aws/aws-sdk-go-v2/service/sesv2"
)

// compareSDK reports what of the SDK's names is neither ours nor left out, and
// what of ours or of those left out the SDK does not have.
func compareSDK(t *testing.T, what string, sdk, ours []string, left map[string]string) {
	t.Helper()
	for _, name := range sdk {
		_, out := left[name]
		if mine := slices.Contains(ours, name); mine == out {
			t.Errorf("%s: %s of the SDK: ours is %v, left out is %v", what, name, mine, out)
		}
	}
	for _, name := range append(slices.Clone(ours), slices.Collect(maps.Keys(left))...) {
		if !slices.Contains(sdk, name) {
			t.Errorf("%s: the SDK has no %s", what, name)
		}
	}
}

// sdkValues returns an enumeration of the SDK as text.
func sdkValues[E ~string](list []E) []string {
	texts := make([]string, len(list))
	for i, v := range list {
		texts[i] = string(v)
	}
	return texts
}

// TestSDKEnums compares the enumerations.
func TestSDKEnums(t *testing.T) {
	var bounces []string
	for b := ses.PermanentGeneral; b <= ses.UndeterminedBounce; b++ {
		bounces = append(bounces, strings.ToUpper(b.Type()))
	}
	compareSDK(t, "BounceType", sdkValues(sesv2.BounceType("").Values()), bounces, nil)
	compareSDK(t, "SuppressionListReason", sdkValues(sesv2.SuppressionListReason("").Values()),
		strings.Split((ses.ListBounce|ses.ListComplaint).String(), ","), nil)
	compareSDK(t, "SuppressionListScope", sdkValues(sesv2.SuppressionListScope("").Values()), []string{"ACCOUNT"},
		map[string]string{"TENANT": "tenants are left out"})

	// more-info is our word for what comes with a support case.
	reviews := []string{"PENDING"}
	for o := ses.Granted; o < ses.MoreInfo; o++ {
		reviews = append(reviews, strings.ToUpper(o.String()))
	}
	compareSDK(t, "ReviewStatus", sdkValues(sesv2.ReviewStatus("").Values()), reviews, nil)

	// The words of the scenario language.
	compareSDK(t, "MailType", sdkValues(sesv2.MailType("").Values()), []string{"MARKETING", "TRANSACTIONAL"}, nil)
	compareSDK(t, "ContactLanguage", sdkValues(sesv2.ContactLanguage("").Values()), []string{"EN", "JA"}, nil)
	compareSDK(t, "SuppressionListImportAction", sdkValues(sesv2.SuppressionListImportAction("").Values()), []string{"PUT", "DELETE"}, nil)
}

// TestSDKRegions compares the Regions in which SES is sold with those of the SDK's table
// of endpoints.
func TestSDKRegions(t *testing.T) {
	var sdk []string
	for _, file := range sdkFiles(t, sdkV2Calls+"/internal/endpoints") {
		ast.Inspect(file, func(n ast.Node) bool {
			pair, ok := n.(*ast.KeyValueExpr)
			if !ok {
				return true
			}
			if key, ok := pair.Key.(*ast.Ident); !ok || key.Name != "Region" {
				return true
			}
			if value, ok := pair.Value.(*ast.BasicLit); ok && !strings.Contains(value.Value, "fips") {
				sdk = append(sdk, strings.Trim(value.Value, `"`))
			}
			return true
		})
	}
	slices.Sort(sdk)
	if diff := cmp.Diff(slices.Compact(sdk), ses.Regions()); diff != "" {
		t.Errorf("Regions (-SDK +ours):\n%s", diff)
	}
}

// TestSDKEnforcement compares the enforcement statuses, which are an open
// string in the API: the SDK lists them in a comment.
func TestSDKEnforcement(t *testing.T) {
	comment := sdkComment(t, sdkV2Calls, "GetAccountOutput", "EnforcementStatus")
	var sdk, ours []string
	for _, match := range regexp.MustCompile(`- ([A-Z]+) –`).FindAllStringSubmatch(comment, -1) {
		sdk = append(sdk, match[1])
	}
	for e := ses.Healthy; e <= ses.Shutdown; e++ {
		ours = append(ours, e.String())
	}
	compareSDK(t, "EnforcementStatus", sdk, ours, nil)
}

// TestSDKMaxDeliverySeconds compares how long SES may try to deliver, which
// bounds our parameter and what configuration sets say, with the limits in the SDK's comment.
func TestSDKMaxDeliverySeconds(t *testing.T) {
	comment := sdkComment(t, sdkV2, "DeliveryOptions", "MaxDeliverySeconds")
	var limits []time.Duration
	for _, match := range regexp.MustCompile(`(\d+)\s+seconds`).FindAllStringSubmatch(comment, -1) {
		d, err := time.ParseDuration(match[1] + "s")
		if err != nil {
			t.Fatal(err)
		}
		limits = append(limits, d)
	}
	if len(limits) != 2 {
		t.Fatalf("the limits in %q are %v", comment, limits)
	}
	if limits[0] != ses.MinDelivery || limits[1] != ses.MaxDelivery {
		t.Errorf("a configuration set says %v to %v, by the SDK %v", ses.MinDelivery, ses.MaxDelivery, limits)
	}
	for d, want := range map[time.Duration]bool{
		limits[0] - time.Second: false, limits[0]: true, limits[1]: true, limits[1] + time.Second: false,
	} {
		if err := rules.Assign(ruleSet(t), "retry.horizon", d.String()); (err == nil) != want {
			t.Errorf("retry.horizon = %v: %v, want it accepted: %v", d, err, want)
		}
	}
}

// wordedCodes returns the error codes that an interface words refusals with.
func wordedCodes(i ses.Interface) []string {
	refusals := []ses.Error{
		ses.Throttled(i, ses.RefusedRate), ses.Throttled(i, ses.RefusedQuota), ses.Unverified(i, "us-east-1", []string{"a@x.example"}, 2000),
		ses.Malformed(i, ses.CallInput{}), ses.Malformed(i, ses.CallInput{Recipients: ses.MaxRecipients + 1}), ses.Malformed(i, ses.CallInput{Recipients: 1, Size: i.MaxSize() + 1}),
		ses.Malformed(i, ses.CallInput{Recipients: 1, Malformed: "ann"}),
	}
	for by := ses.ByAWS; by <= ses.Suspended; by++ {
		refusals = append(refusals, ses.Paused(i, by))
	}
	var list []string
	for _, e := range refusals {
		if !slices.Contains(list, e.Code) {
			list = append(list, e.Code)
		}
	}
	return list
}

// TestSDKErrorsV2 compares the error codes of version 2.
func TestSDKErrorsV2(t *testing.T) {
	ours := append(wordedCodes(ses.V2), conflictCode(t))
	const operation = "worded by package sim, for calls other than sending"
	compareSDK(t, "errors of version 2", sdkErrors(t, sdkV2), ours, map[string]string{
		"NotFoundException":                  operation,
		"AlreadyExistsException":             "nothing is created during a run",
		"ConcurrentModificationException":    "calls are made one at a time",
		"InternalServiceErrorException":      "SES does not break down",
		"InvalidNextTokenException":          "lists are not read in pages",
		"LimitExceededException":             "on timelines only; identities are not created by calls to send",
		"MailFromDomainNotVerifiedException": "there are no custom MAIL FROM domains",
	})
}

// conflictCode returns the error code of a second production-access request, as
// the timeline names it.
func conflictCode(t *testing.T) string {
	t.Helper()
	a := newAccount(t, sandboxed)
	a.Submit(0, "MARKETING", rules.Reads{})
	a.Submit(0, "MARKETING", rules.Reads{})
	timeline := a.Timeline()
	status, why, _ := strings.Cut(timeline[len(timeline)-1].Why, " ")
	if status != "409" {
		t.Errorf("the status of a conflict is %s", status)
	}
	code, _, _ := strings.Cut(why, ":")
	return code
}

// TestSDKErrorsV1 compares the error codes of version 1. Two of ours are
// errors that all query APIs of AWS have in common, which the SDK does not
// list: Throttling and InvalidParameterValue.
func TestSDKErrorsV1(t *testing.T) {
	ours := slices.DeleteFunc(wordedCodes(ses.V1), func(code string) bool {
		return slices.Contains([]string{"Throttling", "InvalidParameterValue"}, code)
	})
	left := map[string]string{
		"AlreadyExistsException":               "nothing is created during a run",
		"CannotDeleteException":                "received mail",
		"FromEmailAddressNotVerifiedException": "custom verification mails",
		"LimitExceededException":               "the number of resources is not limited",
		"MailFromDomainNotVerifiedException":   "there are no custom MAIL FROM domains",
		"ProductionAccessNotGrantedException":  "custom verification mails",
	}
	for _, code := range sdkErrors(t, sdkV1) {
		for _, about := range []string{
			"ConfigurationSetAlreadyExists", "ConfigurationSetDoesNotExist", "CustomVerificationEmail", "EventDestination", "Invalid",
			"MissingRenderingAttribute", "Rule", "TemplateDoesNotExist", "TrackingOptions",
		} {
			if strings.HasPrefix(code, about) {
				left[code] = "set up before a run, or about content"
			}
		}
	}
	compareSDK(t, "errors of version 1", sdkErrors(t, sdkV1), ours, left)
}

// TestSDKShapes compares the structures whose fields we model.
func TestSDKShapes(t *testing.T) {
	const unread = "nobody reads it"
	for _, c := range []struct {
		shape any
		ours  []string
		left  map[string]string
	}{
		{sesv2.SendQuota{}, []string{"Max24HourSend", "MaxSendRate", "SentLast24Hours"}, nil},
		{sesv1.SendDataPoint{}, []string{"Timestamp", "DeliveryAttempts", "Bounces", "Complaints", "Rejects"}, nil},
		{sesv2.AccountDetails{}, []string{"MailType", "WebsiteURL", "ContactLanguage", "UseCaseDescription", "AdditionalContactEmailAddresses", "ReviewDetails"}, nil},
		{sesv2.ReviewDetails{}, []string{"Status"}, map[string]string{"CaseId": unread}},
		{sesv2.SuppressedDestination{}, []string{"EmailAddress", "Reason"}, map[string]string{
			"LastUpdateTime": unread, "Attributes": unread, "TenantName": "no tenants",
		}},
		{sesv2.SuppressionOptions{}, []string{"SuppressedReasons"}, map[string]string{
			"SuppressionScope": "no tenants", "ValidationOptions": "no validation of addresses",
		}},
		{sesv2.Bounce{}, []string{"BounceType", "BounceSubType", "DiagnosticCode"}, nil},
		{sesv2.Complaint{}, []string{"ComplaintSubType", "ComplaintFeedbackType"}, nil},
		{sesv2.DeliveryOptions{}, []string{"MaxDeliverySeconds"}, map[string]string{"SendingPoolName": "no dedicated addresses", "TlsPolicy": "no TLS"}},
		{sesv2.ReputationOptions{}, []string{"LastFreshStart"}, map[string]string{"ReputationMetricsEnabled": "always"}},
		{sesv2.SendingOptions{}, []string{"SendingEnabled"}, nil},
	} {
		shape := reflect.TypeOf(c.shape)
		var fields []string
		for _, f := range reflect.VisibleFields(shape) {
			if f.IsExported() {
				fields = append(fields, f.Name)
			}
		}
		compareSDK(t, shape.Name(), fields, c.ours, c.left)
	}
}

// TestCompareSDK checks that compareSDK notices what it is there for.
func TestCompareSDK(t *testing.T) {
	for _, c := range []struct {
		sdk, ours []string
		left      map[string]string
		want      bool
	}{
		{[]string{"A", "B"}, []string{"A"}, map[string]string{"B": ""}, true},
		{[]string{"A", "B"}, []string{"A"}, nil, false},                   // the SDK has more
		{[]string{"A"}, []string{"A", "B"}, nil, false},                   // we have more
		{[]string{"A"}, []string{"A"}, map[string]string{"B": ""}, false}, // left out for nothing
		{[]string{"A"}, []string{"A"}, map[string]string{"A": ""}, false}, // ours and left out
	} {
		probe := &testing.T{}
		compareSDK(probe, "", c.sdk, c.ours, c.left)
		if probe.Failed() == c.want {
			t.Errorf("%v, %v, %v passed: %v", c.sdk, c.ours, c.left, !probe.Failed())
		}
	}
}

// sdkFiles parses a package of the SDK, whose comments and types reflection
// does not show.
func sdkFiles(t *testing.T, path string) []*ast.File {
	t.Helper()
	pkg, err := build.Import(path, ".", build.FindOnly)
	if err != nil {
		t.Fatal(err)
	}
	list, err := filepath.Glob(filepath.Join(pkg.Dir, "*.go"))
	if err != nil || len(list) == 0 {
		t.Fatalf("%s: no files, %v", pkg.Dir, err)
	}
	var files []*ast.File
	set := token.NewFileSet()
	for _, name := range list {
		if path == sdkV2Calls && filepath.Base(name) != "api_op_GetAccount.go" {
			continue
		}
		file, err := parser.ParseFile(set, name, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	return files
}

// sdkErrors returns the error types of a package: those with an ErrorCode.
func sdkErrors(t *testing.T, path string) []string {
	t.Helper()
	var list []string
	for _, file := range sdkFiles(t, path) {
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || f.Recv == nil || f.Name.Name != "ErrorCode" {
				continue
			}
			if star, ok := f.Recv.List[0].Type.(*ast.StarExpr); ok {
				list = append(list, star.X.(*ast.Ident).Name)
			}
		}
	}
	if len(list) == 0 {
		t.Fatalf("%s has no errors", path)
	}
	return list
}

// sdkComment returns the comment of a field of a structure.
func sdkComment(t *testing.T, path, structure, field string) string {
	t.Helper()
	comment := ""
	for _, file := range sdkFiles(t, path) {
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.TypeSpec)
			if !ok || spec.Name.Name != structure {
				return true
			}
			for _, f := range spec.Type.(*ast.StructType).Fields.List {
				if len(f.Names) == 1 && f.Names[0].Name == field {
					comment = f.Doc.Text()
				}
			}
			return false
		})
	}
	if comment == "" {
		t.Fatalf("%s.%s has no comment", structure, field)
	}
	return comment
}
