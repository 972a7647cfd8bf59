package serve

import (
	"net/http"
	"strings"

	"sesim/cmd/internal/serve/notify"
	"sesim/cmd/internal/serve/wire/sqs"
)

// Services answers requests to services other than SES: SNS and SQS.
type Services struct {
	Topics *notify.Notifier
	Queues *sqs.Queues
}

// ServeHTTP answers a request, whose form is parsed if it has one.
func (s *Services) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.Header.Get("X-Amz-Target"), sqs.Target) || r.FormValue("Version") == sqs.Version {
		s.Queues.ServeHTTP(w, r)
		return
	}
	s.Topics.ServeHTTP(w, r)
}
