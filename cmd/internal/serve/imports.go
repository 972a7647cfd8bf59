package serve

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"sesim/cmd/internal/serve/api"
	"sesim/sim"
	"sesim/sim/ses"
)

// doImport carries out operations on import jobs.
func (o *operation) doImport(input any) (any, error) {
	switch in := input.(type) {
	case *api.CreateImportJob:
		return o.createImport(in)
	case *api.GetImportJob:
		for _, j := range o.account.jobs {
			if j.JobId == in.JobId {
				return j, nil
			}
		}
		return nil, o.refuse(api.NotFound, "Import job %s does not exist.", in.JobId)
	case *api.ListImportJobs:
		out := &api.ListImportJobsOutput{}
		for _, j := range o.account.jobs {
			if in.ImportDestinationType != "CONTACT_LIST" {
				out.ImportJobs = append(out.ImportJobs, j.ImportJobSummary)
			}
		}
		return out, nil
	}
	return nil, fmt.Errorf("sesim has a bug: nothing carries out %T", input)
}

// entry is a line of a file.
type entry struct {
	EmailAddress string `json:"emailAddress"`
	Reason       string `json:"reason"`
}

// createImport reads the file of a job, and carries it out at once.
func (o *operation) createImport(in *api.CreateImportJob) (any, error) {
	list := in.ImportDestination.SuppressionListDestination
	if list == nil {
		return nil, o.refuse(api.BadRequest, "ImportDestination.SuppressionListDestination must be given: there are no contact lists.")
	}
	if !o.s.session.Describe(o.index).ProductionAccessEnabled {
		return nil, api.Of(o.caller.Interface, ses.Blocked())
	}
	deletes := list.SuppressionListImportAction == "DELETE"
	limit := ses.MaxImportPut
	if deletes {
		limit = ses.MaxImportDelete
	}
	at := api.Time{Time: o.s.now()}
	job := &api.GetImportJobOutput{CompletedTimestamp: &at, ImportDataSource: in.ImportDataSource}
	job.CreatedTimestamp, job.ImportDestination, job.JobStatus = at, in.ImportDestination, "COMPLETED"
	job.JobId = token(o.account.spec.Name, fmt.Sprintf("job %d", len(o.account.jobs)))
	entries, err := readEntries(o.s.config.S3Root, in.ImportDataSource)
	if err == nil && len(entries) > limit {
		err = fmt.Errorf("the file has %d addresses; at most %d can be imported", len(entries), limit)
	}
	if err != nil {
		job.JobStatus, job.FailureInfo, entries = "FAILED", &api.FailureInfo{ErrorMessage: err.Error()}, nil
	}
	for _, e := range entries {
		if o.importOne(e, deletes) {
			job.ProcessedRecordsCount++
		} else {
			job.FailedRecordsCount++
		}
	}
	o.account.jobs = append(o.account.jobs, job)
	return &api.CreateImportJobOutput{JobId: job.JobId}, nil
}

// importOne puts one address on the list, or takes it off.
func (o *operation) importOne(e entry, deletes bool) bool {
	if !strings.Contains(e.EmailAddress, "@") {
		return false
	}
	a := sim.Operation{Action: sim.Action{Do: sim.DoUnsuppress}, Text: e.EmailAddress}
	if !deletes {
		reason, err := ses.ParseListReason(e.Reason)
		if err != nil {
			return false
		}
		a.Action = sim.Action{Do: sim.DoSuppress, Reason: reason}
	}
	return o.act(a) == nil
}

// readEntries reads the file of an S3 URL from the folder that stands for S3.
func readEntries(root string, source *api.ImportDataSource) ([]entry, error) {
	path, isS3 := strings.CutPrefix(source.S3Url, "s3://")
	switch {
	case !isS3:
		return nil, fmt.Errorf("%s is not s3://BUCKET/KEY", source.S3Url)
	case root == "":
		return nil, errors.New("sesim reads no files without --s3-root")
	}
	folder, err := os.OpenRoot(root)
	if err != nil {
		return nil, err
	}
	defer folder.Close()
	file, err := folder.Open(filepath.FromSlash(path)) // not outside of the folder
	if err != nil {
		return nil, err
	}
	defer file.Close()
	const most = 100 << 20
	text, err := io.ReadAll(io.LimitReader(file, most))
	if err != nil {
		return nil, err
	}
	if source.DataFormat == "CSV" {
		return readCSV(text)
	}
	return readJSON(text)
}

// readCSV reads lines of an address and, to be put on the list, a reason.
func readCSV(text []byte) (list []entry, err error) {
	r := csv.NewReader(bytes.NewReader(text))
	r.FieldsPerRecord = -1
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return list, nil
		}
		if err != nil {
			return nil, err
		}
		e := entry{EmailAddress: strings.TrimSpace(row[0])}
		if len(row) > 1 {
			e.Reason = strings.TrimSpace(row[1])
		}
		list = append(list, e)
	}
}

// readJSON reads an object on each line.
func readJSON(text []byte) (list []entry, err error) {
	lines := bufio.NewScanner(bytes.NewReader(text))
	for n := 1; lines.Scan(); n++ {
		if len(bytes.TrimSpace(lines.Bytes())) == 0 {
			continue
		}
		var e entry
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		list = append(list, e)
	}
	return list, lines.Err()
}
