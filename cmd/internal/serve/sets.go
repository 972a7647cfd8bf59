package serve

import (
	"errors"
	"maps"
	"slices"
	"time"

	"sesim/cmd/internal/serve/api"
	"sesim/sim"
)

// Bounds on how long SES may be told to try to deliver mail, in seconds.
const (
	minDelivery = 300
	maxDelivery = 50_400
)

// maxDestinations is the number of event destinations of a set.
const maxDestinations = 10

// doSet carries out operations on configuration sets.
func (o *operation) doSet(input any) (any, error) {
	switch in := input.(type) {
	case *api.CreateConfigurationSet:
		return nil, o.createSet(in)
	case *api.ListConfigurationSets:
		return o.listSets(in)
	case *api.GetConfigurationSet:
		c, err := o.set(in.ConfigurationSetName)
		if err != nil {
			return nil, err
		}
		return &api.GetConfigurationSetOutput{ConfigurationSetName: in.ConfigurationSetName, SetOptions: c.options, Tags: c.tags}, nil
	case *api.DeleteConfigurationSet:
		if _, err := o.set(in.ConfigurationSetName); err != nil {
			return nil, err
		}
		delete(o.account.sets, in.ConfigurationSetName)
		return nil, o.act(sim.Operation{Action: sim.Action{Do: sim.DoDeleteSet}, SetName: in.ConfigurationSetName})
	}
	return o.doSetSetting(input)
}

// set returns a configuration set, or the error that there is none.
func (o *operation) set(name string) (*set, error) {
	if _, exists := o.s.session.Set(o.index, name); !exists {
		delete(o.account.sets, name) // by an action of the scenario
		return nil, api.NoSet(o.caller.Interface, name)
	}
	if o.account.sets[name] == nil {
		o.account.sets[name] = &set{options: api.SetOptions{SendingOptions: &api.SendingOptions{SendingEnabled: true}}}
	}
	return o.account.sets[name], nil
}

func (o *operation) createSet(in *api.CreateConfigurationSet) error {
	options := in.SetOptions
	if options.SendingOptions == nil {
		options.SendingOptions = &api.SendingOptions{SendingEnabled: true}
	}
	spec := &sim.ConfigurationSet{Name: in.ConfigurationSetName, Paused: !options.SendingOptions.SendingEnabled}
	if options.SuppressionOptions != nil {
		spec.Overrides, spec.Suppression = true, reasons(options.SuppressionOptions.SuppressedReasons)
	}
	if d := options.DeliveryOptions; d != nil {
		limit, err := o.delivery(d)
		if err != nil {
			return err
		}
		spec.MaxDelivery = limit
	}
	err := o.act(sim.Operation{Action: sim.Action{Do: sim.DoCreateSet}, SetName: spec.Name, Create: spec})
	if refusal, is := errors.AsType[*api.Error](err); is && refusal.Kind == api.AlreadyExists {
		return o.refuse(api.SetAlreadyExists, "%s", refusal.Wire.Message) // version 1 has a code of its own for it
	}
	if err == nil {
		o.account.sets[spec.Name] = &set{options: options, tags: in.Tags}
	}
	return err
}

// delivery returns how long SES may try to deliver, 0: as long as it does.
func (o *operation) delivery(d *api.DeliveryOptions) (time.Duration, error) {
	if d.MaxDeliverySeconds == nil {
		return 0, nil
	}
	if n := *d.MaxDeliverySeconds; n < minDelivery || n > maxDelivery {
		return 0, o.refuse(api.BadRequest, "MaxDeliverySeconds is %d; it must be from %d to %d.", n, minDelivery, maxDelivery)
	}
	return time.Duration(*d.MaxDeliverySeconds) * time.Second, nil
}

func (o *operation) listSets(in *api.ListConfigurationSets) (any, error) {
	names := slices.Sorted(maps.Keys(o.account.sets))
	names = slices.DeleteFunc(names, func(name string) bool {
		_, exists := o.s.session.Set(o.index, name)
		return !exists
	})
	names, token, err := pageOf(o, names, func(name string) string { return name }, in.NextToken, int(in.PageSize), api.MaxPage)
	if err != nil {
		return nil, err
	}
	return &api.ListConfigurationSetsOutput{ConfigurationSets: names, NextToken: token}, nil
}

// doSetSetting carries out operations on a set that there is.
func (o *operation) doSetSetting(input any) (any, error) {
	name := ""
	switch in := input.(type) {
	case *api.PutConfigurationSetSendingOptions:
		name = in.ConfigurationSetName
	case *api.PutConfigurationSetSuppressionOptions:
		name = in.ConfigurationSetName
	case *api.PutConfigurationSetDeliveryOptions:
		name = in.ConfigurationSetName
	case *api.PutConfigurationSetReputationOptions:
		name = in.ConfigurationSetName
	case *api.PutConfigurationSetTrackingOptions:
		name = in.ConfigurationSetName
	case *api.PutConfigurationSetVdmOptions:
		name = in.ConfigurationSetName
	default:
		return o.doDestination(input)
	}
	c, err := o.set(name)
	if err != nil {
		return nil, err
	}
	return nil, o.putOptions(c, input)
}

// putOptions changes settings of a set.
func (o *operation) putOptions(c *set, input any) error {
	change := func(name string, change sim.Change) error {
		change.Index = o.index
		return o.act(sim.Operation{Action: sim.Action{Do: sim.DoSet, Change: change}, SetName: name})
	}
	switch in := input.(type) {
	case *api.PutConfigurationSetSendingOptions:
		c.options.SendingOptions = &in.SendingOptions
		return o.act(sim.Operation{Action: sim.Action{Do: pauseOr(in.SendingEnabled)}, SetName: in.ConfigurationSetName})
	case *api.PutConfigurationSetSuppressionOptions:
		c.options.SuppressionOptions = &in.SuppressionOptions
		return change(in.ConfigurationSetName, sim.Change{Key: sim.KeySetSuppression, Reasons: reasons(in.SuppressedReasons)})
	case *api.PutConfigurationSetDeliveryOptions:
		limit, err := o.delivery(&in.DeliveryOptions)
		if err != nil {
			return err
		}
		c.options.DeliveryOptions = &in.DeliveryOptions
		return change(in.ConfigurationSetName, sim.Change{Key: sim.KeySetMaxDelivery, After: limit})
	case *api.PutConfigurationSetReputationOptions:
		c.options.ReputationOptions = &api.ReputationOptions{ReputationMetricsEnabled: in.ReputationMetricsEnabled}
	case *api.PutConfigurationSetTrackingOptions:
		c.options.TrackingOptions = &in.TrackingOptions
	case *api.PutConfigurationSetVdmOptions:
		c.options.VdmOptions = in.VdmOptions
	}
	return nil
}

// doDestination carries out operations on event destinations.
func (o *operation) doDestination(input any) (any, error) {
	switch in := input.(type) {
	case *api.CreateConfigurationSetEventDestination:
		return nil, o.createDestination(in)
	case *api.UpdateConfigurationSetEventDestination:
		return nil, o.changeDestination(in.ConfigurationSetName, in.EventDestinationName, in.EventDestination)
	case *api.DeleteConfigurationSetEventDestination:
		return nil, o.changeDestination(in.ConfigurationSetName, in.EventDestinationName, nil)
	case *api.GetConfigurationSetEventDestinations:
		c, err := o.set(in.ConfigurationSetName)
		if err != nil {
			return nil, err
		}
		return &api.GetConfigurationSetEventDestinationsOutput{EventDestinations: slices.Clone(c.destinations)}, nil
	}
	return o.doTemplate(input)
}

// validated is what SES publishes to a topic that becomes an event destination.
const validated = "Successfully validated SNS topic for Amazon SES event publishing."

func (o *operation) createDestination(in *api.CreateConfigurationSetEventDestination) error {
	c, err := o.set(in.ConfigurationSetName)
	if err != nil {
		return err
	}
	switch {
	case findDestination(c, in.EventDestinationName) >= 0:
		return o.refuse(api.DestinationAlreadyExists, "An event destination with the name <%s> already exists.", in.EventDestinationName)
	case len(c.destinations) >= maxDestinations:
		return o.refuse(api.LimitExceeded, "A configuration set has at most %d event destinations.", maxDestinations)
	}
	if err := o.checkDestination(in.EventDestination); err != nil {
		return err
	}
	d := api.EventDestination{Name: in.EventDestinationName, EventDestinationDefinition: *in.EventDestination}
	c.destinations = append(c.destinations, d)
	if sns := in.EventDestination.SnsDestination; sns != nil {
		_ = o.s.config.Notifier.Publish(sns.TopicArn, "", validated) // counted there if it is full
	}
	return nil
}

// checkDestination checks that a destination is one, and that its topic is there.
func (o *operation) checkDestination(d *api.EventDestinationDefinition) error {
	n := 0
	for _, given := range []bool{
		d.CloudWatchDestination != nil, d.EventBridgeDestination != nil, d.KinesisFirehoseDestination != nil,
		d.PinpointDestination != nil, d.SnsDestination != nil,
	} {
		if given {
			n++
		}
	}
	switch {
	case n != 1:
		return o.refuse(api.BadRequest, "Exactly one destination must be given.")
	case d.SnsDestination != nil && !o.s.config.Notifier.Has(d.SnsDestination.TopicArn):
		return api.NoTopic(o.caller.Interface, d.SnsDestination.TopicArn)
	}
	return nil
}

func findDestination(c *set, name string) int {
	return slices.IndexFunc(c.destinations, func(d api.EventDestination) bool { return d.Name == name })
}

// changeDestination replaces an event destination, or deletes it with a nil definition.
func (o *operation) changeDestination(name, destination string, to *api.EventDestinationDefinition) error {
	c, err := o.set(name)
	if err != nil {
		return err
	}
	i := findDestination(c, destination)
	if i < 0 {
		return api.NoDestination(o.caller.Interface, destination)
	}
	if to == nil {
		c.destinations = slices.Delete(c.destinations, i, i+1)
		return nil
	}
	if err := o.checkDestination(to); err != nil {
		return err
	}
	c.destinations[i].EventDestinationDefinition = *to
	return nil
}
