package tree

import "time"

// IsLocal reports whether a time was written without an offset from UTC. The
// library marks such times by the name of their location.
func IsLocal(t time.Time) bool {
	switch t.Location().String() {
	case "datetime-local", "date-local", "time-local":
		return true
	}
	return false
}

// ShowTime writes a time as it was written in the file.
func ShowTime(t time.Time) string {
	switch t.Location().String() {
	case "datetime-local":
		return t.Format("2006-01-02T15:04:05.999999999")
	case "date-local":
		return t.Format(time.DateOnly)
	case "time-local":
		return t.Format("15:04:05.999999999")
	}
	return t.Format(time.RFC3339Nano)
}

// WithOffset writes a local time as an instant, as an example.
func WithOffset(t time.Time) string {
	if t.Location().String() == "time-local" {
		return "2026-03-02T" + t.Format("15:04:05") + "Z"
	}
	return t.Format("2006-01-02T15:04:05") + "Z"
}
