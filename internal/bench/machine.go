package bench

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Machine is where a run took place.
type Machine struct {
	CPU    string
	Cores  int
	Memory int64 // bytes
	System string
	Go     string
	Load   string        // load averages when the run began
	Sync   time.Duration // median of appending 512 bytes and syncing them
}

// Look describes this machine; the sync latency is that of dir.
func Look(dir string) (Machine, error) {
	m := Machine{Cores: runtime.NumCPU(), Go: runtime.Version(), System: runtime.GOOS + "/" + runtime.GOARCH}
	m.CPU = field("/proc/cpuinfo", "model name")
	if kb, err := strconv.ParseInt(strings.TrimSuffix(field("/proc/meminfo", "MemTotal"), " kB"), 10, 64); err == nil {
		m.Memory = kb << 10
	}
	if b, err := os.ReadFile("/proc/sys/kernel/osrelease"); err == nil {
		m.System += " " + strings.TrimSpace(string(b))
	}
	if b, err := os.ReadFile("/proc/loadavg"); err == nil {
		m.Load = strings.Join(strings.Fields(string(b))[:3], " ")
	}
	var err error
	m.Sync, err = syncLatency(dir)
	return m, err
}

// field returns a line's value in a file such as /proc/cpuinfo, "" when there is none.
func field(file, name string) string {
	b, err := os.ReadFile(file)
	if err != nil {
		return ""
	}
	for line := range strings.Lines(string(b)) {
		if k, v, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(k) == name {
			return strings.TrimSpace(v)
		}
	}
	return ""
}

// syncLatency appends 512 bytes and syncs them, again and again; the median is what one commit waits for at least.
func syncLatency(dir string) (time.Duration, error) {
	f, err := os.Create(filepath.Join(dir, "sync"))
	if err != nil {
		return 0, err
	}
	defer func() { _ = os.Remove(f.Name()) }() // in a directory that goes away
	defer func() { _ = f.Close() }()
	block := make([]byte, 512)
	took := make([]time.Duration, 400)
	for i := range took {
		start := time.Now()
		if _, err = f.Write(block); err == nil {
			err = datasync(f)
		}
		if err != nil {
			return 0, fmt.Errorf("sync latency: %w", err)
		}
		took[i] = time.Since(start)
	}
	slices.Sort(took)
	return took[len(took)/2], nil
}

// usage is what a process has used so far.
type usage struct {
	cpu      time.Duration
	resident int64 // bytes now
}

// usageOf reads /proc; zero where there is none.
func usageOf(pid int) (u usage) {
	dir := "/proc/" + strconv.Itoa(pid)
	if b, err := os.ReadFile(dir + "/stat"); err == nil {
		if at := strings.LastIndexByte(string(b), ')'); at > 0 {
			if f := strings.Fields(string(b[at+1:])); len(f) > 12 {
				for _, ticks := range f[11:13] { // user and system, in hundredths of a second
					if n, err := strconv.ParseInt(ticks, 10, 64); err == nil {
						u.cpu += time.Duration(n) * 10 * time.Millisecond
					}
				}
			}
		}
	}
	if kb, err := strconv.ParseInt(strings.TrimSuffix(field(dir+"/status", "VmRSS"), " kB"), 10, 64); err == nil {
		u.resident = kb << 10
	}
	return u
}
