package api

// Template is a template with the data that it is rendered with.
type Template struct {
	TemplateName    string
	TemplateArn     string
	TemplateContent *EmailTemplateContent // in the call itself; nil: stored
	TemplateData    string                // a JSON object
	// ReplacementData is a JSON object whose attributes replace those of TemplateData;
	// empty: none.
	ReplacementData string
}

// EmailTemplateContent is the content of a template.
type EmailTemplateContent struct {
	Html    string `json:",omitempty"`
	Subject string `json:",omitempty"`
	Text    string `json:",omitempty"`
}

// CreateEmailTemplate stores a template.
type CreateEmailTemplate struct {
	TemplateContent *EmailTemplateContent `must:"be"`
	TemplateName    string                `must:"be"`
	Tags            []Tag
}

// GetEmailTemplate reads a template.
type GetEmailTemplate struct {
	TemplateName string `in:"path" must:"be"`
}

// GetEmailTemplateOutput is the output of GetEmailTemplate.
type GetEmailTemplateOutput struct {
	TemplateContent EmailTemplateContent
	TemplateName    string
	Tags            []Tag
}

// UpdateEmailTemplate replaces a template.
type UpdateEmailTemplate struct {
	TemplateContent *EmailTemplateContent `must:"be"`
	TemplateName    string                `in:"path" must:"be"`
}

// ListEmailTemplates lists templates, the latest first.
type ListEmailTemplates struct {
	NextToken string `in:"query"`
	PageSize  int32  `in:"query"`
}

// ListEmailTemplatesOutput is the output of ListEmailTemplates.
type ListEmailTemplatesOutput struct {
	NextToken         string `json:",omitempty"`
	TemplatesMetadata []EmailTemplateMetadata
}

// EmailTemplateMetadata is a template in a list.
type EmailTemplateMetadata struct {
	CreatedTimestamp Time
	TemplateName     string
}

// DeleteEmailTemplate deletes a template.
type DeleteEmailTemplate struct {
	TemplateName string `in:"path" must:"be"`
}

// TestRenderEmailTemplate renders a stored template.
type TestRenderEmailTemplate struct {
	TemplateData string `must:"be"`
	TemplateName string `in:"path" must:"be"`
}

// TestRenderEmailTemplateOutput is the output of TestRenderEmailTemplate.
type TestRenderEmailTemplateOutput struct{ RenderedTemplate string }

// CreateImportJob puts the addresses of a file on the account-level list, or takes them
// off.
type CreateImportJob struct {
	ImportDataSource  *ImportDataSource  `must:"be"`
	ImportDestination *ImportDestination `must:"be"`
}

// CreateImportJobOutput is the output of CreateImportJob.
type CreateImportJobOutput struct{ JobId string }

// ImportDataSource is the file of an import job.
type ImportDataSource struct {
	DataFormat string `must:"be fit=CSV,JSON"`
	S3Url      string `must:"be"`
}

// ImportDestination is what an import job changes.
type ImportDestination struct {
	ContactListDestination     *ContactListDestination     `json:",omitempty"`
	SuppressionListDestination *SuppressionListDestination `json:",omitempty"`
}

// ContactListDestination is refused: the model has no contact lists.
type ContactListDestination struct{ ContactListImportAction, ContactListName string }

// SuppressionListDestination is the account-level list.
type SuppressionListDestination struct {
	SuppressionListImportAction string `must:"be fit=PUT,DELETE"`
}

// GetImportJob describes an import job.
type GetImportJob struct {
	JobId string `in:"path" must:"be"`
}

// GetImportJobOutput is the output of GetImportJob.
type GetImportJobOutput struct {
	CompletedTimestamp *Time        `json:",omitempty"`
	FailureInfo        *FailureInfo `json:",omitempty"`
	ImportDataSource   *ImportDataSource
	ImportJobSummary
}

// FailureInfo says why a job has failed.
type FailureInfo struct{ ErrorMessage string }

// ImportJobSummary is an import job in a list.
type ImportJobSummary struct {
	CreatedTimestamp      Time
	FailedRecordsCount    int32
	ImportDestination     *ImportDestination
	JobId                 string
	JobStatus             string // CREATED, PROCESSING, COMPLETED or FAILED
	ProcessedRecordsCount int32
}

// ListImportJobs lists import jobs.
type ListImportJobs struct {
	ImportDestinationType string `in:"any" must:"fit=SUPPRESSION_LIST,CONTACT_LIST"`
	NextToken             string `in:"any"`
	PageSize              int32  `in:"any"`
}

// ListImportJobsOutput is the output of ListImportJobs.
type ListImportJobsOutput struct {
	ImportJobs []ImportJobSummary
	NextToken  string `json:",omitempty"`
}
