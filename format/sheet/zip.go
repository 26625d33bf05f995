package sheet

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"

	"essaim/fault"
)

// Head returns the first rows of a table that may be long, or be the one table of a ZIP archive, as text: what follows is
// not read. The archive is bounded before it is opened and while it is.
func Head(b []byte, rows int) ([]byte, error) {
	if len(b) > 4*MaxBytes {
		return nil, fault.New(fault.Invalid, "sheet.large", "max", 4*MaxBytes>>20)
	}
	if bytes.HasPrefix(b, []byte("PK\x03\x04")) {
		var err error
		if b, err = onlyTable(b); err != nil {
			return nil, err
		}
	}
	for i, n := 0, 0; i < len(b); i++ {
		if b[i] != '\n' {
			continue
		}
		if n++; n == rows {
			return b[:i], nil
		}
	}
	return b, nil
}

// onlyTable returns the beginning of the one table of an archive.
func onlyTable(b []byte) ([]byte, error) {
	odd := fault.New(fault.Invalid, "sheet.zip")
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil || len(z.File) != 1 || !strings.HasSuffix(strings.ToLower(z.File[0].Name), ".csv") {
		return nil, odd.Wrap(err)
	}
	f, err := z.File[0].Open()
	if err != nil {
		return nil, odd.Wrap(err)
	}
	text, err := io.ReadAll(io.LimitReader(f, MaxBytes))
	if err != nil {
		return nil, odd.Wrap(err)
	}
	return text, f.Close()
}
