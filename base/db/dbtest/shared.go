package dbtest

import (
	"errors"
	"os"
	"sync"
)

// servers is what all tests of a process share. It is a variable because go
// test gives TestMain and the tests nothing else in common.
var servers shared

// shared is a folder and a PostgreSQL server, each made when first needed.
type shared struct {
	mu     sync.Mutex
	path   string
	server *server
	err    error // of starting the server, which is tried once
}

// folder is a folder for the life of the process.
func (s *shared) folder() (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.path == "" {
		path, err := os.MkdirTemp("", "atrium-dbtest-")
		if err != nil {
			return "", err
		}
		s.path = path
	}
	return s.path, nil
}

// running is the server, started if need be.
func (s *shared) running() (*server, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.server == nil && s.err == nil {
		s.server, s.err = startServer()
	}
	return s.server, s.err
}

func (s *shared) stop() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var err error
	if s.server != nil {
		err = s.server.stop()
	}
	if s.path == "" {
		return err
	}
	return errors.Join(err, os.RemoveAll(s.path))
}
