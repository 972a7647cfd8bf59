package api

// CreateConfigurationSet creates a configuration set.
type CreateConfigurationSet struct {
	ConfigurationSetName string `must:"be"`
	SetOptions
	Tags []Tag
}

// SetOptions are the settings of a configuration set; nil where they are the defaults.
type SetOptions struct {
	DeliveryOptions    *DeliveryOptions    `json:",omitempty"`
	ReputationOptions  *ReputationOptions  `json:",omitempty"`
	SendingOptions     *SendingOptions     `json:",omitempty"`
	SuppressionOptions *SuppressionOptions `json:",omitempty"`
	TrackingOptions    *TrackingOptions    `json:",omitempty"`
	VdmOptions         *VdmOptions         `json:",omitempty"`
}

// DeliveryOptions say how mail is delivered.
type DeliveryOptions struct {
	MaxDeliverySeconds *int64 `json:",omitempty"` // 300 to 50,400
	SendingPoolName    string `json:",omitempty"`
	TlsPolicy          string `json:",omitempty" must:"fit=REQUIRE,OPTIONAL"`
}

// ReputationOptions say whether the set has reputation metrics of its own.
type ReputationOptions struct {
	LastFreshStart           *Time `json:",omitempty"`
	ReputationMetricsEnabled bool
}

// SendingOptions say whether mail may be sent with the set.
type SendingOptions struct{ SendingEnabled bool }

// SuppressionOptions replace the account's reasons for mail of the set.
type SuppressionOptions struct {
	SuppressedReasons []string `must:"fit=BOUNCE,COMPLAINT"`
}

// TrackingOptions are stored.
type TrackingOptions struct {
	CustomRedirectDomain string
	HttpsPolicy          string `json:",omitempty"`
}

// VdmOptions are stored.
type VdmOptions struct {
	DashboardOptions *DashboardOptions `json:",omitempty"`
	GuardianOptions  *GuardianOptions  `json:",omitempty"`
}

// DashboardOptions are stored.
type DashboardOptions struct{ EngagementMetrics string }

// GuardianOptions are stored.
type GuardianOptions struct{ OptimizedSharedDelivery string }

// GetConfigurationSet describes a configuration set.
type GetConfigurationSet struct {
	ConfigurationSetName string `in:"path" must:"be"`
}

// GetConfigurationSetOutput is the output of GetConfigurationSet.
type GetConfigurationSetOutput struct {
	ConfigurationSetName string
	SetOptions
	Tags []Tag
}

// ListConfigurationSets lists the names of the account's configuration sets.
type ListConfigurationSets struct {
	NextToken string `in:"any"`
	PageSize  int32  `in:"any"`
}

// ListConfigurationSetsOutput is the output of ListConfigurationSets.
type ListConfigurationSetsOutput struct {
	ConfigurationSets []string
	NextToken         string `json:",omitempty"`
}

// DeleteConfigurationSet deletes a configuration set.
type DeleteConfigurationSet struct {
	ConfigurationSetName string `in:"path" must:"be"`
}

// PutConfigurationSetSendingOptions switches sending with the set on or off.
type PutConfigurationSetSendingOptions struct {
	ConfigurationSetName string `in:"path" must:"be"`
	SendingOptions
}

// PutConfigurationSetSuppressionOptions replaces the account's reasons for mail of the
// set.
type PutConfigurationSetSuppressionOptions struct {
	ConfigurationSetName string `in:"path" must:"be"`
	SuppressionOptions
}

// PutConfigurationSetDeliveryOptions sets how mail is delivered.
type PutConfigurationSetDeliveryOptions struct {
	ConfigurationSetName string `in:"path" must:"be"`
	DeliveryOptions
}

// PutConfigurationSetReputationOptions switches the set's reputation metrics on or off.
type PutConfigurationSetReputationOptions struct {
	ConfigurationSetName     string `in:"path" must:"be"`
	ReputationMetricsEnabled bool
}

// PutConfigurationSetTrackingOptions sets the stored tracking options.
type PutConfigurationSetTrackingOptions struct {
	ConfigurationSetName string `in:"path" must:"be"`
	TrackingOptions
}

// PutConfigurationSetVdmOptions sets the stored options of the Virtual Deliverability
// Manager.
type PutConfigurationSetVdmOptions struct {
	ConfigurationSetName string `in:"path" must:"be"`
	VdmOptions           *VdmOptions
}

// EventTypes are the types of events, as destinations name them.
var EventTypes = []string{
	"SEND", "REJECT", "BOUNCE", "COMPLAINT", "DELIVERY", "OPEN", "CLICK", "RENDERING_FAILURE", "DELIVERY_DELAY", "SUBSCRIPTION",
}

// EventDestinationDefinition is where events of some types go.
type EventDestinationDefinition struct {
	CloudWatchDestination      *CloudWatchDestination `json:",omitempty"`
	Enabled                    bool
	EventBridgeDestination     *EventBridgeDestination     `json:",omitempty"`
	KinesisFirehoseDestination *KinesisFirehoseDestination `json:",omitempty"`
	MatchingEventTypes         []string                    `must:"be"`
	PinpointDestination        *PinpointDestination        `json:",omitempty"`
	SnsDestination             *SnsDestination             `json:",omitempty"`
}

// CloudWatchDestination is stored.
type CloudWatchDestination struct {
	DimensionConfigurations []CloudWatchDimensionConfiguration `must:"be"`
}

// CloudWatchDimensionConfiguration is stored.
type CloudWatchDimensionConfiguration struct {
	DefaultDimensionValue string `must:"be"`
	DimensionName         string `must:"be"`
	DimensionValueSource  string `must:"be fit=MESSAGE_TAG,EMAIL_HEADER,LINK_TAG"`
}

// EventBridgeDestination is the account's default event bus.
type EventBridgeDestination struct {
	EventBusArn string `must:"be"`
}

// KinesisFirehoseDestination is a delivery stream.
type KinesisFirehoseDestination struct {
	DeliveryStreamArn string `must:"be"`
	IamRoleArn        string `must:"be"`
}

// PinpointDestination is stored.
type PinpointDestination struct{ ApplicationArn string }

// SnsDestination is a topic.
type SnsDestination struct {
	TopicArn string `must:"be"`
}

// EventDestination is an event destination of a configuration set.
type EventDestination struct {
	Name string
	EventDestinationDefinition
}

// CreateConfigurationSetEventDestination adds an event destination.
type CreateConfigurationSetEventDestination struct {
	ConfigurationSetName string                      `in:"path" must:"be"`
	EventDestination     *EventDestinationDefinition `must:"be"`
	EventDestinationName string                      `must:"be"`
}

// UpdateConfigurationSetEventDestination replaces an event destination.
type UpdateConfigurationSetEventDestination struct {
	ConfigurationSetName string                      `in:"path" must:"be"`
	EventDestination     *EventDestinationDefinition `must:"be"`
	EventDestinationName string                      `in:"path" must:"be"`
}

// DeleteConfigurationSetEventDestination deletes an event destination.
type DeleteConfigurationSetEventDestination struct {
	ConfigurationSetName string `in:"path" must:"be"`
	EventDestinationName string `in:"path" must:"be"`
}

// GetConfigurationSetEventDestinations lists the event destinations of a set.
type GetConfigurationSetEventDestinations struct {
	ConfigurationSetName string `in:"path" must:"be"`
}

// GetConfigurationSetEventDestinationsOutput is the output of
// GetConfigurationSetEventDestinations.
type GetConfigurationSetEventDestinationsOutput struct{ EventDestinations []EventDestination }
