package v2

import (
	"net/url"
	"reflect"
	"strings"

	"sesim/cmd/internal/serve/api"
)

// operation is an operation of the API.
type operation struct {
	method   string
	segments []string   // of its path below Prefix; "{}" stands for a label
	labels   []string   // the fields of the labels, in order
	input    func() any // returns a pointer to a new input
	name     string     // the name of the input's type
}

// operations are the operations. The path of each has its labels in braces.
var operations = []operation{
	op[SendEmail]("POST", "outbound-emails"),
	op[SendBulkEmail]("POST", "outbound-bulk-emails"),

	op[api.GetAccount]("GET", "account"),
	op[api.PutAccountDetails]("POST", "account/details"),
	op[api.PutAccountSendingAttributes]("PUT", "account/sending"),
	op[api.PutAccountSuppressionAttributes]("PUT", "account/suppression"),

	op[api.PutSuppressedDestination]("PUT", "suppression/addresses"),
	op[api.GetSuppressedDestination]("GET", "suppression/addresses/{EmailAddress}"),
	op[api.ListSuppressedDestinations]("GET", "suppression/addresses"),
	op[api.DeleteSuppressedDestination]("DELETE", "suppression/addresses/{EmailAddress}"),

	op[api.CreateEmailIdentity]("POST", "identities"),
	op[api.GetEmailIdentity]("GET", "identities/{EmailIdentity}"),
	op[api.ListEmailIdentities]("POST", "list-identities"),
	op[api.ListEmailIdentities]("GET", "identities"), // of clients before 2026
	op[api.DeleteEmailIdentity]("DELETE", "identities/{EmailIdentity}"),
	op[api.PutEmailIdentityConfigurationSetAttributes]("PUT", "identities/{EmailIdentity}/configuration-set"),
	op[api.PutEmailIdentityDkimAttributes]("PUT", "identities/{EmailIdentity}/dkim"),
	op[api.PutEmailIdentityDkimSigningAttributes]("PUT", "identities/{EmailIdentity}/dkim/signing"),
	op[api.PutEmailIdentityDkimSigningAttributes]("PUT", "/v1/email/identities/{EmailIdentity}/dkim/signing"), // of clients before 2026
	op[api.PutEmailIdentityFeedbackAttributes]("PUT", "identities/{EmailIdentity}/feedback"),
	op[api.PutEmailIdentityMailFromAttributes]("PUT", "identities/{EmailIdentity}/mail-from"),

	op[api.CreateConfigurationSet]("POST", "configuration-sets"),
	op[api.GetConfigurationSet]("GET", "configuration-sets/{ConfigurationSetName}"),
	op[api.ListConfigurationSets]("POST", "list-configuration-sets"),
	op[api.ListConfigurationSets]("GET", "configuration-sets"), // of clients before 2026
	op[api.DeleteConfigurationSet]("DELETE", "configuration-sets/{ConfigurationSetName}"),
	op[api.PutConfigurationSetSendingOptions]("PUT", "configuration-sets/{ConfigurationSetName}/sending"),
	op[api.PutConfigurationSetSuppressionOptions]("PUT", "configuration-sets/{ConfigurationSetName}/suppression-options"),
	op[api.PutConfigurationSetDeliveryOptions]("PUT", "configuration-sets/{ConfigurationSetName}/delivery-options"),
	op[api.PutConfigurationSetReputationOptions]("PUT", "configuration-sets/{ConfigurationSetName}/reputation-options"),
	op[api.PutConfigurationSetTrackingOptions]("PUT", "configuration-sets/{ConfigurationSetName}/tracking-options"),
	op[api.PutConfigurationSetVdmOptions]("PUT", "configuration-sets/{ConfigurationSetName}/vdm-options"),
	op[api.CreateConfigurationSetEventDestination]("POST", "configuration-sets/{ConfigurationSetName}/event-destinations"),
	op[api.GetConfigurationSetEventDestinations]("GET", "configuration-sets/{ConfigurationSetName}/event-destinations"),
	op[api.UpdateConfigurationSetEventDestination](
		"PUT", "configuration-sets/{ConfigurationSetName}/event-destinations/{EventDestinationName}"),
	op[api.DeleteConfigurationSetEventDestination](
		"DELETE", "configuration-sets/{ConfigurationSetName}/event-destinations/{EventDestinationName}"),

	op[api.CreateEmailTemplate]("POST", "templates"),
	op[api.GetEmailTemplate]("GET", "templates/{TemplateName}"),
	op[api.UpdateEmailTemplate]("PUT", "templates/{TemplateName}"),
	op[api.ListEmailTemplates]("GET", "templates"),
	op[api.DeleteEmailTemplate]("DELETE", "templates/{TemplateName}"),
	op[api.TestRenderEmailTemplate]("POST", "templates/{TemplateName}/render"),

	op[api.CreateImportJob]("POST", "import-jobs"),
	op[api.GetImportJob]("GET", "import-jobs/{JobId}"),
	op[api.ListImportJobs]("POST", "import-jobs/list"),
	op[api.ListImportJobs]("GET", "import-jobs"), // of clients before 2023

	op[api.TagResource]("POST", "tags"),
	op[api.UntagResource]("DELETE", "tags"),
	op[api.ListTagsForResource]("GET", "tags"),
}

// Operations returns the names of the operations. Some are there twice.
func Operations() []string {
	names := make([]string, len(operations))
	for i := range operations {
		names[i] = operations[i].name
	}
	return names
}

// op returns the operation with that input.
func op[Input any](method, path string) operation {
	o := operation{
		method: method, input: func() any { return new(Input) },
		name: reflect.TypeFor[Input]().Name(),
	}
	if !strings.HasPrefix(path, "/") {
		path = Prefix + path
	}
	o.segments = strings.Split(path, "/")
	for i, s := range o.segments {
		if label, ok := strings.CutPrefix(s, "{"); ok {
			o.labels = append(o.labels, strings.TrimSuffix(label, "}"))
			o.segments[i] = "{}"
		}
	}
	return o
}

// byPath has the operations without labels by method and path.
var byPath = func() map[[2]string]*operation {
	m := map[[2]string]*operation{}
	for i := range operations {
		if o := &operations[i]; len(o.labels) == 0 {
			m[[2]string{o.method, strings.Join(o.segments, "/")}] = o
		}
	}
	return m
}()

// byShape has the operations by method and number of segments.
var byShape = func() map[string][]*operation {
	m := map[string][]*operation{}
	for i := range operations {
		o := &operations[i]
		key := shape(o.method, len(o.segments))
		m[key] = append(m[key], o)
	}
	return m
}()

func shape(method string, segments int) string { return method + string(rune('0'+segments)) }

// find returns the operation of a method and an escaped path, and the labels in the path;
// nil if there is none.
func find(method, path string) (*operation, []string) {
	path = strings.TrimSuffix(path, "/")
	if o := byPath[[2]string{method, path}]; o != nil {
		return o, nil
	}
	segments := strings.Split(path, "/")
	for _, o := range byShape[shape(method, len(segments))] {
		if labels, ok := o.match(segments); ok {
			return o, labels
		}
	}
	return nil, nil
}

// match returns the labels of a path if it is the operation's.
func (o *operation) match(segments []string) (labels []string, ok bool) {
	for i, s := range o.segments {
		if s != "{}" {
			if s != segments[i] {
				return nil, false
			}
			continue
		}
		label, err := url.PathUnescape(segments[i])
		if err != nil || label == "" {
			return nil, false
		}
		labels = append(labels, label)
	}
	return labels, true
}
