package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"syscall"
	"time"
)

// server is a process of its own on the loopback interface.
type server struct {
	cmd  *exec.Cmd
	url  string
	told *bytes.Buffer // what it wrote on its standard error
	up   time.Duration // from its start to the first page
}

// start runs the program with arguments that name an address, and waits for its first page.
func start(ctx context.Context, program string, args func(addr string) []string) (*server, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	addr := l.Addr().String()
	if err := l.Close(); err != nil { // free for the server
		return nil, err
	}
	s := &server{cmd: exec.CommandContext(ctx, program, args(addr)...), url: "http://" + addr, told: &bytes.Buffer{}}
	s.cmd.Stderr = s.told
	s.cmd.Cancel = func() error { return s.cmd.Process.Signal(syscall.SIGTERM) }
	s.cmd.WaitDelay = 10 * time.Second
	began := time.Now()
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	c := newClient(1)
	defer c.CloseIdleConnections()
	for time.Since(began) < 30*time.Second {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url+firstPage, nil)
		if err != nil {
			return nil, errors.Join(err, s.stop())
		}
		if answer, err := c.Do(r); err == nil {
			s.up = time.Since(began)
			_ = answer.Body.Close() // its arrival is enough
			return s, nil
		}
		if ctx.Err() != nil {
			break
		}
		time.Sleep(2 * time.Millisecond) // a process that starts has nothing to wait on but its port
	}
	return nil, fmt.Errorf("%s does not answer: %w\n%s", s.url, errors.Join(ctx.Err(), s.stop()), s.told)
}

// firstPage is what everyone sees first. The floor answers it too, with nothing.
const firstPage = "/sign-in"

// stop ends the process as a service manager does.
func (s *server) stop() error {
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	_ = s.cmd.Wait() // it was told to end
	return nil
}

func (s *server) pid() int { return s.cmd.Process.Pid }
