package history

// form is the way in which records are written or wrapped.
type form uint8

const (
	noForm form = iota
	notObject
	publishingForm
	notificationForm
	snsForm
	sqsForm
	eventBridgeForm
	firehoseForm
	kinesisForm
	statisticsForm
	sesimStatisticsForm
	metricsForm
	suppressionForm
	suppressionCSVForm
	accountForm
	eventsCSVForm
	insightsForm
	historyForm
	forms
)

// formNames are the forms as outputs name them.
var formNames = [forms]string{
	publishingForm: "event publishing", notificationForm: "notification", snsForm: "SNS envelope", sqsForm: "SQS or Lambda",
	eventBridgeForm: "EventBridge", firehoseForm: "Firehose", kinesisForm: "Kinesis", statisticsForm: "get-send-statistics",
	sesimStatisticsForm: "sesim --statistics", metricsForm: "CloudWatch", suppressionForm: "list-suppressed-destinations",
	suppressionCSVForm: "suppression CSV", accountForm: "get-account", eventsCSVForm: "events CSV",
	insightsForm: "message insights", historyForm: "history.csv",
}

// The forms that a file can be taken for. Tables are forms of their own, because their
// columns may have any name; all others are told by their keys.
var forced = map[string]form{
	"json": publishingForm, "events-csv": eventsCSVForm, "suppression-csv": suppressionCSVForm, "insights-csv": insightsForm,
	"statistics-csv": sesimStatisticsForm, "history-csv": historyForm,
}
