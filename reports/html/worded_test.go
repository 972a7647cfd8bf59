package html

import (
	"testing"

	"sesim/reports/internal/reporttest"
)

func TestWorded(t *testing.T) { reporttest.Worded(t, worded) }
