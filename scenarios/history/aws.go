package history

import (
	"bytes"
	"math"
)

// statisticsValue is what was read of an answer of AWS's that holds no events.
type statisticsValue struct {
	at                                     Moment
	attempts, bounces, complaints, rejects int64
	address                                uint64 // hash
	reason                                 string
	id, label                              string
	times                                  []Moment
	values                                 []float64
	hasPoints                              bool // of one metric, beside its label
	account                                bool // a key of get-account
	quota, rate, used                      float64
	enforcement                            string
}

// pointKey reads the value of a key of a data point of get-send-statistics.
func (s *source) pointKey(name []byte) error {
	v := &s.scratch
	switch string(name) {
	case "Timestamp":
		return s.timeValue(noBit, "Timestamp", &v.at)
	case "DeliveryAttempts":
		return s.countValue("DeliveryAttempts", &v.attempts)
	case "Bounces":
		return s.countValue("Bounces", &v.bounces)
	case "Complaints":
		return s.countValue("Complaints", &v.complaints)
	case "Rejects":
		return s.countValue("Rejects", &v.rejects)
	}
	return s.unknownKey(name)
}

// suppressedKey reads the value of a key of an entry of the suppression list.
func (s *source) suppressedKey(name []byte) error {
	v := &s.scratch
	switch string(name) {
	case "EmailAddress":
		text, err := s.textValue(noBit, "EmailAddress")
		if err != nil || len(text) == 0 {
			return err
		}
		v.address = s.d.addressHash(text)
		return nil
	case "Reason":
		return s.sharedValue(noBit, "Reason", &v.reason)
	case "LastUpdateTime":
		return s.timeValue(noBit, "LastUpdateTime", &v.at)
	}
	return s.unknownKey(name)
}

// metricKey reads the value of a key of a series of get-metric-data.
func (s *source) metricKey(name []byte) error {
	v := &s.scratch
	switch string(name) {
	case "Id":
		return s.sharedValue(noBit, "Id", &v.id)
	case "Label":
		return s.sharedValue(noBit, "Label", &v.label)
	case "Timestamps":
		return s.array("Timestamps", (*source).metricTime)
	case "Values":
		return s.array("Values", (*source).metricValue)
	case "StatusCode":
		text, err := s.textValue(noBit, "StatusCode")
		if string(text) == "PartialData" {
			s.d.partial = true
		}
		return err
	case "Messages":
		return s.skip()
	}
	return s.unknownKey(name)
}

func (s *source) metricTime() error {
	at := Moment(0)
	err := s.timeValue(noBit, "Timestamps", &at)
	s.scratch.times = append(s.scratch.times, at)
	return err
}

func (s *source) metricValue() error {
	n := math.NaN()
	err := s.numberValue("Values", &n)
	s.scratch.values = append(s.scratch.values, n)
	return err
}

// datapoint reads a data point of get-metric-statistics.
func (s *source) datapoint() error {
	v := &s.scratch
	v.times, v.values = append(v.times, 0), append(v.values, math.NaN())
	return s.object(noBit, "Datapoints", (*source).datapointKey)
}

func (s *source) datapointKey(name []byte) error {
	v, last := &s.scratch, len(s.scratch.times)-1
	switch string(name) {
	case "Timestamp":
		return s.timeValue(noBit, "Timestamp", &v.times[last])
	case "Sum":
		return s.numberValue("Sum", &v.values[last])
	case "Average", "Maximum":
		if !math.IsNaN(v.values[last]) {
			return s.skip()
		}
		return s.numberValue("Average", &v.values[last])
	}
	return s.skip()
}

// accountKey reads the value of a key of get-account, get-send-quota or
// get-metric-statistics; false if it is another's.
func (s *source) accountKey(name []byte) (bool, error) {
	v := &s.scratch
	switch string(name) {
	case "Label":
		return true, s.sharedValue(noBit, "Label", &v.label)
	case "Datapoints":
		v.hasPoints = true
		return true, s.array("Datapoints", (*source).datapoint)
	case "SendQuota":
		return true, s.object(noBit, "SendQuota", (*source).quotaKey)
	case "Max24HourSend", "MaxSendRate", "SentLast24Hours":
		return true, s.quotaKey(name)
	case "EnforcementStatus":
		v.account = true
		return true, s.sharedValue(noBit, "EnforcementStatus", &v.enforcement)
	case "DedicatedIpAutoWarmupEnabled", "ProductionAccessEnabled", "SendingEnabled", "SuppressionAttributes", "Details",
		"VdmAttributes", "PricingAttributes":
		return true, s.skip()
	}
	return false, nil
}

// quotaKey reads the value of a key of the quotas.
func (s *source) quotaKey(name []byte) error {
	v := &s.scratch
	switch string(name) {
	case "Max24HourSend":
		return s.numberValue("Max24HourSend", &v.quota)
	case "MaxSendRate":
		return s.numberValue("MaxSendRate", &v.rate)
	case "SentLast24Hours":
		v.account = true
		return s.numberValue("SentLast24Hours", &v.used)
	}
	return s.unknownKey(name)
}

// evaluateElement uses what was read of an element of a list.
func (s *source) evaluateElement(of list) error {
	v, d := &s.scratch, s.d
	switch of {
	case pointsList:
		if v.at == 0 {
			d.unreadable(flaw{"Timestamp", "missing"})
			return nil
		}
		d.count(statisticsForm)
		d.past.addStatistics("", v)
	case suppressedList:
		d.addSuppressed(suppressionForm, v)
	case metricsList:
		s.evaluateMetric()
	}
	return nil
}

// evaluateMetric uses a series of one metric.
func (s *source) evaluateMetric() {
	v, d := &s.scratch, s.d
	if len(v.times) != len(v.values) {
		d.unreadable(flaw{"Values", "not as many as Timestamps"})
		return
	}
	metric := metricOf(v.label)
	if metric == noMetric {
		metric = metricOf(v.id)
	}
	if metric == noMetric {
		d.find("other metrics")
		return
	}
	d.count(metricsForm)
	for i, at := range v.times {
		d.past.addMetric(metric, at, v.values[i])
	}
}

// evaluateAccount uses what was read of an object that is no record.
func (s *source) evaluateAccount() error {
	v, d := &s.scratch, s.d
	switch {
	case v.hasPoints:
		s.evaluateMetric()
	case v.account:
		d.count(accountForm)
		d.past.addAccount(v)
	default:
		d.find("other objects")
	}
	return nil
}

// metric is a metric of CloudWatch.
type metric uint8

const (
	noMetric metric = iota
	sendMetric
	deliveryMetric
	bounceMetric
	complaintMetric
	bounceRateMetric
	complaintRateMetric
	metrics
)

var metricNames = [metrics]string{"", "Send", "Delivery", "Bounce", "Complaint", "Reputation.BounceRate", "Reputation.ComplaintRate"}

// metricOf returns the metric that a label names: CloudWatch puts account and Region
// before the name where there are several.
func metricOf(label string) metric {
	last := []byte(label)[bytes.LastIndexByte([]byte(label), ' ')+1:]
	for m := sendMetric; m < metrics; m++ {
		if bytes.EqualFold(last, []byte(metricNames[m])) {
			return m
		}
	}
	return noMetric
}
