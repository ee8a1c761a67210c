package host_test

import (
	"bytes"
	"image"
	"image/png"
	"io"
	"log"
	"mime/multipart"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"atrium/base/config"
	"atrium/base/db"
	"atrium/base/db/dbtest"
	"atrium/test/apptest"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// unset leaves mail to the settings.
func unset() apptest.Option {
	return apptest.With(func(c *config.Settings) { c.SMTP, c.From = "", "Atrium <no-reply@localhost>" })
}

// each runs fn on both databases, with staff who may change the settings.
func each(t *testing.T, fn func(t *testing.T, w *apptest.World, jonas *apptest.Person), opts ...apptest.Option) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) { fn(t, w, w.Staff("jonas")) }, opts...)
}

// save fills in the form of a page of the settings.
func save(p *apptest.Person, page string, values url.Values) *apptest.Response {
	return p.Get("/staff/settings"+page).OK().Submit("form[action='/staff/settings"+page+"']", values)
}

// audits are the audit's rows of an action, as text.
func audits(w *apptest.World, action string) []string {
	w.T.Helper()
	rows, err := db.All(w.T.Context(), w.DB.Across(), func(r db.Row) (string, error) {
		var s string
		err := r.Scan(&s)
		return s, err
	}, `SELECT actor_name || ' ' || subject || ' ' || before || ' ' || after FROM audit WHERE account_id = 0 AND action = $1 ORDER BY at, id`, action)
	if err != nil {
		w.T.Fatal(err)
	}
	return rows
}

// upload sends a logo as browsers do.
func upload(p *apptest.Person, logo, version string, file []byte) *apptest.Response {
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	form.WriteField("version", version)
	part, err := form.CreateFormFile("logo", "../../logo.png")
	if err == nil {
		_, err = part.Write(file)
	}
	if err != nil {
		p.World.T.Fatal(err)
	}
	form.Close()
	return p.Do("POST", "/staff/settings/logo/"+logo, &b, http.Header{"Content-Type": {form.FormDataContentType()}})
}

func picture(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewNRGBA(image.Rect(0, 0, 120, 40))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A post is a mail server that asks for a log in, and can refuse.
type post struct {
	addr string

	mu         sync.Mutex
	user, pass string
	refuse     string // a recipient
	got        []string
}

func (p *post) set(change func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	change()
}

func (p *post) letters() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.got)
}

func newPost(t *testing.T) *post {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &post{addr: l.Addr().String(), user: "ann", pass: "open-sesame"}
	s := smtp.NewServer(p)
	s.Domain, s.AllowInsecureAuth = "post.example", true
	s.ErrorLog = log.New(io.Discard, "", 0)
	go s.Serve(l)
	t.Cleanup(func() { s.Close() })
	return p
}

func (p *post) port() string { return p.addr[strings.LastIndexByte(p.addr, ':')+1:] }

// NewSession is go-smtp's.
func (p *post) NewSession(*smtp.Conn) (smtp.Session, error) { return &visit{post: p}, nil }

type visit struct {
	*post
	to   string
	into bool
}

func (v *visit) AuthMechanisms() []string { return []string{sasl.Plain} }

func (v *visit) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, pass string) error {
		v.mu.Lock()
		defer v.mu.Unlock()
		if user != v.user || pass != v.pass {
			return &smtp.SMTPError{Code: 535, EnhancedCode: smtp.EnhancedCode{5, 7, 8}, Message: "who are you, with " + pass + "?"}
		}
		v.into = true
		return nil
	}), nil
}

func (v *visit) Mail(string, *smtp.MailOptions) error {
	if !v.into {
		return smtp.ErrAuthRequired
	}
	return nil
}

func (v *visit) Rcpt(to string, _ *smtp.RcptOptions) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if to == v.refuse {
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "nobody of that name"}
	}
	v.to = to
	return nil
}

func (v *visit) Data(r io.Reader) error {
	b, err := io.ReadAll(r)
	v.set(func() { v.got = append(v.got, v.to+"\n"+string(b)) })
	return err
}

func (v *visit) Reset()        {}
func (v *visit) Logout() error { return nil }
