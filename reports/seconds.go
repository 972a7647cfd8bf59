package reports

import (
	"errors"
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"time"
)

// Seconds is a duration written as an exact decimal number of seconds: 86400,
// 0.25.
type Seconds time.Duration

// ErrSeconds is wrapped by the error for a text that is not a number of
// seconds, or one that no duration can hold.
var ErrSeconds = errors.New("not a number of seconds with at most nine decimal places")

// String returns the number without trailing zeros.
func (s Seconds) String() string {
	whole, nano := int64(s)/int64(time.Second), int64(s)%int64(time.Second)
	if nano == 0 {
		return strconv.FormatInt(whole, 10)
	}
	sign := ""
	if s < 0 {
		sign, whole, nano = "-", -whole, -nano
	}
	return sign + strconv.FormatInt(whole, 10) + "." + strings.TrimRight(fmt.Sprintf("%09d", nano), "0")
}

// ParseSeconds reads what String writes, and any other plain decimal of the
// same value.
func ParseSeconds(text string) (Seconds, error) {
	if len(text) > 40 || strings.Trim(text, "-.0123456789") != "" {
		return 0, fmt.Errorf("%.40q is %w", text, ErrSeconds)
	}
	r, ok := new(big.Rat).SetString(text)
	if !ok {
		return 0, fmt.Errorf("%q is %w", text, ErrSeconds)
	}
	r.Mul(r, big.NewRat(int64(time.Second), 1))
	if !r.IsInt() || !r.Num().IsInt64() {
		return 0, fmt.Errorf("%q is %w", text, ErrSeconds)
	}
	return Seconds(r.Num().Int64()), nil
}

// MarshalJSON writes a JSON number.
func (s Seconds) MarshalJSON() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalJSON reads a JSON number without an exponent.
func (s *Seconds) UnmarshalJSON(text []byte) error {
	v, err := ParseSeconds(string(text))
	if err == nil {
		*s = v
	}
	return err
}
