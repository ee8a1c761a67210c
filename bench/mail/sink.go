package main

import (
	"io"
	"log"
	"net"
	"sync/atomic"

	"github.com/emersion/go-smtp"
)

// A sink is a mail server that takes every mail and keeps none.
type sink struct {
	addr   string
	server *smtp.Server
	n      atomic.Int64
}

func newSink() (*sink, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &sink{addr: l.Addr().String()}
	s.server = smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return session{s}, nil }))
	s.server.Domain, s.server.ErrorLog = "sink.example", log.New(io.Discard, "", 0)
	go s.server.Serve(l)
	return s, nil
}

func (s *sink) count() int { return int(s.n.Load()) }
func (s *sink) close()     { s.server.Close() }

type session struct{ sink *sink }

func (session) Reset()                               {}
func (session) Logout() error                        { return nil }
func (session) Mail(string, *smtp.MailOptions) error { return nil }
func (session) Rcpt(string, *smtp.RcptOptions) error { return nil }

func (s session) Data(r io.Reader) error {
	_, err := io.Copy(io.Discard, r)
	s.sink.n.Add(1)
	return err
}
