package html

import (
	"bytes"
	"fmt"
	"io"
	"regexp"
)

var styled = regexp.MustCompile(` style="([^"]*)"`)

// write executes a template of the package. The charts of a page repeat a few styles
// hundreds of times: each has a class in the style sheet.
func write(w io.Writer, name string, data any) error {
	var b bytes.Buffer
	if err := page.ExecuteTemplate(&b, name, data); err != nil {
		return err
	}
	head, body, _ := bytes.Cut(b.Bytes(), []byte("</style>"))
	numbers := make(map[string]int)
	var rules bytes.Buffer
	body = styled.ReplaceAllFunc(body, func(attribute []byte) []byte {
		style := string(styled.FindSubmatch(attribute)[1])
		n, known := numbers[style]
		if !known {
			n = len(numbers)
			numbers[style] = n
			fmt.Fprintf(&rules, ".c%d { %s }\n", n, style)
		}
		return fmt.Appendf(nil, ` class="c%d"`, n)
	})
	_, err := w.Write(bytes.Join([][]byte{head, rules.Bytes(), []byte("</style>"), body}, nil))
	return err
}
