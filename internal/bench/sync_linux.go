package bench

import (
	"os"
	"syscall"
)

// datasync is what the engine does at each commit.
func datasync(f *os.File) error { return syscall.Fdatasync(int(f.Fd())) }
