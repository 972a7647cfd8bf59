package v1

import (
	"slices"
	"strings"

	"sesim/cmd/internal/serve/api"
)

// CreateConfigurationSet creates a configuration set.
type CreateConfigurationSet struct {
	ConfigurationSet *ConfigurationSet `must:"be"`
}

// ConfigurationSet names a configuration set.
type ConfigurationSet struct {
	Name string `must:"be"`
}

func (a *CreateConfigurationSet) do(c *call) (any, error) {
	return c.only(&api.CreateConfigurationSet{ConfigurationSetName: a.ConfigurationSet.Name})
}

// DeleteConfigurationSet deletes a configuration set.
type DeleteConfigurationSet struct {
	ConfigurationSetName string `must:"be"`
}

func (a *DeleteConfigurationSet) do(c *call) (any, error) {
	return c.only(&api.DeleteConfigurationSet{ConfigurationSetName: a.ConfigurationSetName})
}

// ListConfigurationSets lists the configuration sets.
type ListConfigurationSets struct {
	MaxItems  int32
	NextToken string
}

func (a *ListConfigurationSets) do(c *call) (any, error) {
	output, err := c.run(&api.ListConfigurationSets{NextToken: a.NextToken, PageSize: a.MaxItems})
	if err != nil {
		return nil, err
	}
	page := output.(*api.ListConfigurationSetsOutput)
	result := struct {
		ConfigurationSets list[ConfigurationSet]
		NextToken         string `xml:",omitempty"`
	}{NextToken: page.NextToken}
	for _, name := range page.ConfigurationSets {
		result.ConfigurationSets.Member = append(result.ConfigurationSets.Member, ConfigurationSet{name})
	}
	return result, nil
}

// DescribeConfigurationSet describes a configuration set.
type DescribeConfigurationSet struct {
	ConfigurationSetAttributeNames []string `must:"fit=eventDestinations,trackingOptions,deliveryOptions,reputationOptions"`
	ConfigurationSetName           string   `must:"be"`
}

// described is the description of a configuration set, with the parts that were asked for.
type described struct {
	ConfigurationSet  ConfigurationSet
	DeliveryOptions   *deliveryOptions
	EventDestinations *list[eventDestination]
	ReputationOptions *reputationOptions
	TrackingOptions   *trackingOptions
}

type deliveryOptions struct {
	TlsPolicy string `xml:",omitempty"`
}

type reputationOptions struct {
	LastFreshStart           *stamp
	ReputationMetricsEnabled bool
	SendingEnabled           bool
}

type trackingOptions struct{ CustomRedirectDomain string }

func (a *DescribeConfigurationSet) do(c *call) (any, error) {
	output, err := c.run(&api.GetConfigurationSet{ConfigurationSetName: a.ConfigurationSetName})
	if err != nil {
		return nil, err
	}
	set := output.(*api.GetConfigurationSetOutput)
	result := described{ConfigurationSet: ConfigurationSet{set.ConfigurationSetName}}
	for _, attribute := range a.ConfigurationSetAttributeNames {
		switch attribute {
		case "deliveryOptions":
			result.DeliveryOptions = deliveryOf(set)
		case "reputationOptions":
			result.ReputationOptions = reputationOf(set)
		case "trackingOptions":
			if t := set.TrackingOptions; t != nil {
				result.TrackingOptions = &trackingOptions{t.CustomRedirectDomain}
			}
		case "eventDestinations":
			if result.EventDestinations, err = destinations(c, a.ConfigurationSetName); err != nil {
				return nil, err
			}
		}
	}
	return result, nil
}

// policies are the TLS policies as version 1 names them.
var policies = map[string]string{"REQUIRE": "Require", "OPTIONAL": "Optional"}

func deliveryOf(set *api.GetConfigurationSetOutput) *deliveryOptions {
	if set.DeliveryOptions == nil {
		return &deliveryOptions{policies["OPTIONAL"]}
	}
	return &deliveryOptions{policies[set.DeliveryOptions.TlsPolicy]}
}

func reputationOf(set *api.GetConfigurationSetOutput) *reputationOptions {
	o := &reputationOptions{SendingEnabled: set.SendingOptions == nil || set.SendingOptions.SendingEnabled}
	if r := set.ReputationOptions; r != nil {
		o.ReputationMetricsEnabled = r.ReputationMetricsEnabled
		if r.LastFreshStart != nil {
			o.LastFreshStart = (*stamp)(&r.LastFreshStart.Time)
		}
	}
	return o
}

// destinations lists the event destinations of a set.
func destinations(c *call, name string) (*list[eventDestination], error) {
	output, err := c.run(&api.GetConfigurationSetEventDestinations{ConfigurationSetName: name})
	if err != nil {
		return nil, err
	}
	var l list[eventDestination]
	for _, d := range output.(*api.GetConfigurationSetEventDestinationsOutput).EventDestinations {
		l.Member = append(l.Member, written(&d))
	}
	return &l, nil
}

// UpdateConfigurationSetSendingEnabled switches sending with a set on or off.
type UpdateConfigurationSetSendingEnabled struct {
	ConfigurationSetName string `must:"be"`
	Enabled              bool
}

func (a *UpdateConfigurationSetSendingEnabled) do(c *call) (any, error) {
	return c.only(&api.PutConfigurationSetSendingOptions{
		ConfigurationSetName: a.ConfigurationSetName, SendingOptions: api.SendingOptions{SendingEnabled: a.Enabled},
	})
}

// UpdateConfigurationSetReputationMetricsEnabled switches a set's reputation metrics on or
// off.
type UpdateConfigurationSetReputationMetricsEnabled struct {
	ConfigurationSetName string `must:"be"`
	Enabled              bool
}

func (a *UpdateConfigurationSetReputationMetricsEnabled) do(c *call) (any, error) {
	return c.only(&api.PutConfigurationSetReputationOptions{
		ConfigurationSetName: a.ConfigurationSetName, ReputationMetricsEnabled: a.Enabled,
	})
}

// PutConfigurationSetDeliveryOptions sets the TLS policy of a set.
type PutConfigurationSetDeliveryOptions struct {
	ConfigurationSetName string `must:"be"`
	DeliveryOptions      DeliveryOptions
}

// DeliveryOptions have the TLS policy.
type DeliveryOptions struct {
	TlsPolicy string `must:"fit=Require,Optional"`
}

func (a *PutConfigurationSetDeliveryOptions) do(c *call) (any, error) {
	return c.only(&api.PutConfigurationSetDeliveryOptions{
		ConfigurationSetName: a.ConfigurationSetName,
		DeliveryOptions:      api.DeliveryOptions{TlsPolicy: strings.ToUpper(a.DeliveryOptions.TlsPolicy)},
	})
}

// CreateConfigurationSetEventDestination adds an event destination.
type CreateConfigurationSetEventDestination struct {
	ConfigurationSetName string            `must:"be"`
	EventDestination     *EventDestination `must:"be"`
}

// EventDestination is where events of some types go.
type EventDestination struct {
	CloudWatchDestination      *CloudWatch
	Enabled                    bool
	KinesisFirehoseDestination *Firehose
	MatchingEventTypes         []string `must:"be fit=send,reject,bounce,complaint,delivery,open,click,renderingFailure"`
	Name                       string   `must:"be"`
	SNSDestination             *SNS
}

// CloudWatch is stored.
type CloudWatch struct {
	DimensionConfigurations []Dimension `must:"be"`
}

// Dimension is stored.
type Dimension struct {
	DefaultDimensionValue string `must:"be"`
	DimensionName         string `must:"be"`
	DimensionValueSource  string `must:"be fit=messageTag,emailHeader,linkTag"`
}

// Firehose is a delivery stream.
type Firehose struct {
	DeliveryStreamARN string `must:"be"`
	IAMRoleARN        string `must:"be"`
}

// SNS is a topic.
type SNS struct {
	TopicARN string `must:"be"`
}

// eventDestination is an event destination in an answer.
type eventDestination struct {
	CloudWatchDestination      *cloudWatch
	Enabled                    bool
	KinesisFirehoseDestination *Firehose
	MatchingEventTypes         list[string]
	Name                       string
	SNSDestination             *SNS
}

type cloudWatch struct {
	DimensionConfigurations list[Dimension]
}

// eventTypes are the types of events as version 1 names them, in the order of those of
// version 2; it has no words for the latest.
var eventTypes = []string{"send", "reject", "bounce", "complaint", "delivery", "open", "click", "renderingFailure"}

// dimensionSources are the sources of a dimension in both versions.
var dimensionSources = [...]struct{ v1, v2 string }{
	{"messageTag", "MESSAGE_TAG"}, {"emailHeader", "EMAIL_HEADER"}, {"linkTag", "LINK_TAG"},
}

// definition returns the destination as version 2 has it.
func (d *CloudWatch) definition() *api.CloudWatchDestination {
	o := &api.CloudWatchDestination{}
	for _, c := range d.DimensionConfigurations {
		for _, source := range dimensionSources {
			if c.DimensionValueSource == source.v1 {
				c.DimensionValueSource = source.v2
			}
		}
		o.DimensionConfigurations = append(o.DimensionConfigurations, api.CloudWatchDimensionConfiguration(c))
	}
	return o
}

// writtenCloudWatch returns a destination as it is in answers.
func writtenCloudWatch(d *api.CloudWatchDestination) *cloudWatch {
	o := &cloudWatch{}
	for _, c := range d.DimensionConfigurations {
		for _, source := range dimensionSources {
			if c.DimensionValueSource == source.v2 {
				c.DimensionValueSource = source.v1
			}
		}
		o.DimensionConfigurations.Member = append(o.DimensionConfigurations.Member, Dimension(c))
	}
	return o
}

// definition returns the destination as version 2 has it.
func (d *EventDestination) definition() *api.EventDestinationDefinition {
	o := &api.EventDestinationDefinition{Enabled: d.Enabled}
	if d.CloudWatchDestination != nil {
		o.CloudWatchDestination = d.CloudWatchDestination.definition()
	}
	for _, t := range d.MatchingEventTypes {
		o.MatchingEventTypes = append(o.MatchingEventTypes, api.EventTypes[slices.Index(eventTypes, t)])
	}
	if f := d.KinesisFirehoseDestination; f != nil {
		o.KinesisFirehoseDestination = &api.KinesisFirehoseDestination{DeliveryStreamArn: f.DeliveryStreamARN, IamRoleArn: f.IAMRoleARN}
	}
	if d.SNSDestination != nil {
		o.SnsDestination = &api.SnsDestination{TopicArn: d.SNSDestination.TopicARN}
	}
	return o
}

// written returns a destination as it is in answers.
func written(d *api.EventDestination) eventDestination {
	o := eventDestination{Name: d.Name, Enabled: d.Enabled}
	if d.CloudWatchDestination != nil {
		o.CloudWatchDestination = writtenCloudWatch(d.CloudWatchDestination)
	}
	for _, t := range d.MatchingEventTypes {
		if i := slices.Index(api.EventTypes, t); i >= 0 && i < len(eventTypes) {
			o.MatchingEventTypes.Member = append(o.MatchingEventTypes.Member, eventTypes[i])
		}
	}
	if f := d.KinesisFirehoseDestination; f != nil {
		o.KinesisFirehoseDestination = &Firehose{f.DeliveryStreamArn, f.IamRoleArn}
	}
	if d.SnsDestination != nil {
		o.SNSDestination = &SNS{d.SnsDestination.TopicArn}
	}
	return o
}

func (a *CreateConfigurationSetEventDestination) do(c *call) (any, error) {
	return c.only(&api.CreateConfigurationSetEventDestination{
		ConfigurationSetName: a.ConfigurationSetName, EventDestinationName: a.EventDestination.Name,
		EventDestination: a.EventDestination.definition(),
	})
}

// UpdateConfigurationSetEventDestination replaces an event destination.
type UpdateConfigurationSetEventDestination struct {
	ConfigurationSetName string            `must:"be"`
	EventDestination     *EventDestination `must:"be"`
}

func (a *UpdateConfigurationSetEventDestination) do(c *call) (any, error) {
	return c.only(&api.UpdateConfigurationSetEventDestination{
		ConfigurationSetName: a.ConfigurationSetName, EventDestinationName: a.EventDestination.Name,
		EventDestination: a.EventDestination.definition(),
	})
}

// DeleteConfigurationSetEventDestination deletes an event destination.
type DeleteConfigurationSetEventDestination struct {
	ConfigurationSetName string `must:"be"`
	EventDestinationName string `must:"be"`
}

func (a *DeleteConfigurationSetEventDestination) do(c *call) (any, error) {
	return c.only(&api.DeleteConfigurationSetEventDestination{
		ConfigurationSetName: a.ConfigurationSetName, EventDestinationName: a.EventDestinationName,
	})
}
