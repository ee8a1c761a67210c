package mail

import (
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
)

// A relay is a Postfix of the tests: with a configuration and a queue of its own,
// on a free port of this machine. It passes all mails on to one address.
type relay struct {
	t     *testing.T
	dir   string
	addr  string
	roots *x509.CertPool // who signed its certificate, for mail.example.com
}

// postfix is Debian's, which is on nobody's PATH but root's.
const postfix = "/usr/sbin/postfix"

const mainCF = `compatibility_level = 3.6
queue_directory = %[1]s/queue
data_directory = %[1]s/data
maillog_file = %[1]s/log
maillog_file_prefixes = %[1]s
myhostname = relay.test
mydestination =
alias_maps =
alias_database =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
relayhost = [127.0.0.1]:%[2]s
smtp_tls_security_level = none
smtpd_tls_security_level = encrypt
smtpd_tls_chain_files = %[1]s/chain.pem
smtpd_tls_received_header = yes
smtpd_recipient_restrictions = check_recipient_access inline:{ {nobody@example.org = 550 5.1.1 no such user} }, permit_mynetworks, reject
queue_run_delay = 1s
minimal_backoff_time = 1s
maximal_backoff_time = 1s
`

const masterCF = `127.0.0.1:%s inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
`

// newRelay starts a Postfix that passes mails on to an address. Its programs are
// started by root, as Postfix wants it.
func newRelay(t *testing.T, to string) *relay {
	t.Helper()
	if _, err := os.Stat(postfix); err != nil {
		t.Fatalf("%v: run make test, which installs Postfix", err)
	}
	dir, err := os.MkdirTemp("", "atrium-relay-") // not t.TempDir, which Postfix' own user can't enter
	if err != nil {
		t.Fatal(err)
	}
	port := freePort(t)
	r := &relay{t: t, dir: dir, addr: "127.0.0.1:" + port}
	t.Cleanup(func() { r.root("rm", "-rf", dir) })
	_, sink, _ := net.SplitHostPort(to)
	for name, text := range map[string]string{
		"main.cf": fmt.Sprintf(mainCF, dir, sink), "master.cf": fmt.Sprintf(masterCF, port), "chain.pem": r.chain(),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	r.root("chmod", "755", dir)
	r.root("install", "-d", "-m", "755", dir+"/queue")
	r.root("install", "-d", "-m", "700", "-o", "postfix", dir+"/data")
	r.root("chown", "root", dir+"/main.cf", dir+"/master.cf")
	r.root(postfix, "-c", dir, "start")
	t.Cleanup(func() { r.root(postfix, "-c", dir, "stop") })
	called := false
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		if !called { // once, as the tests count connections
			if c, err := net.Dial("tcp", r.addr); err == nil {
				called = true
				c.Close()
			}
		}
		if strings.Contains(r.log(), "disconnect from ") { // it answers, and has written down that it did
			return r
		}
		if time.Now().After(end) {
			t.Fatalf("Postfix does not answer:\n%s", r.log())
		}
	}
}

// root runs a program as root.
func (r *relay) root(name string, args ...string) {
	r.t.Helper()
	if os.Geteuid() != 0 {
		name, args = "sudo", append([]string{"-n", name}, args...)
	}
	c := exec.Command(name, args...)
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // what it leaves running does not hold the test up
	if out, err := c.CombinedOutput(); err != nil {
		r.t.Errorf("%s %v: %v\n%s%s", name, args, err, out, r.log())
	}
}

func (r *relay) log() string {
	b, err := os.ReadFile(r.dir + "/log")
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// chain is a key and its certificate, in one file.
func (r *relay) chain() string {
	r.t.Helper()
	theirs, pool := certificate(r.t, "mail.example.com")
	r.roots = pool
	key, err := x509.MarshalPKCS8PrivateKey(theirs.Certificates[0].PrivateKey)
	if err != nil {
		r.t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key})) +
		string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: theirs.Certificates[0].Certificate[0]}))
}

func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return port
}

// Through the mail server that most of our hosts have: encrypted, on one
// connection, under the same Message-ID, and once even where the next server on
// the way says "later"; and its no is understood.
func TestMailsArriveThroughPostfix(t *testing.T) {
	var later atomic.Bool
	sink := newPostbox(t, false, scripted(func(_ int, _ *smtp.Conn, p parcel) error {
		if strings.HasPrefix(p.to, "slow") && later.Swap(false) {
			return answer(451, "greylisted, come back")
		}
		return nil
	}))
	r := newRelay(t, sink.addr)
	each(t, func(t *testing.T, h house) {
		later.Store(true)
		before := len(sink.mails())
		calls := strings.Count(r.log(), " connect from ")
		o := h.office("smtp://mail.example.com:587", func(c *Config) { c.Roots = r.roots })
		o.away(r.addr)
		o.send(invitation())
		for n := range 3 {
			o.send(notice(fmt.Sprintf("bob%d@example.org", n)))
		}
		o.send(notice("slow@example.org"))
		o.send(notice("nobody@example.org"))
		o.drain()

		list, err := List(t.Context(), h.Auto(), acme, 0, 10)
		if err != nil || len(list) != 6 {
			t.Fatal(list, err)
		}
		if m := list[0]; m.State != Failed || m.Attempts != 1 || !strings.Contains(m.Answer, "550 5.1.1") || !strings.Contains(m.Answer, "no such user") {
			t.Errorf("the refused one: %+v", m.Delivery)
		}
		if _, is := o.refused("nobody@example.org"); !is {
			t.Error("Postfix' no is not taken for one about the address")
		}
		sent := list[1:]
		for _, m := range sent {
			if m.State != Sent || m.Attempts != 1 || !strings.Contains(m.Answer, "queued as") {
				t.Errorf("%s: %+v", m.To.Email, m.Delivery)
			}
		}
		var got []parcel
		flush := time.Now().Add(3 * time.Second)
		for end := time.Now().Add(30 * time.Second); ; time.Sleep(20 * time.Millisecond) {
			if time.Now().After(flush) { // Postfix may pass over what it puts off while it looks
				r.root(postfix, "-c", r.dir, "flush")
				flush = time.Now().Add(3 * time.Second)
			}
			// The one that was put off came before, and was not accepted.
			if got = sink.mails()[before:]; len(got) >= len(sent)+1 {
				break
			}
			if time.Now().After(end) {
				t.Fatalf("%d mails came of %d:\n%s", len(got), len(sent)+1, r.log())
			}
		}
		came := map[string]int{}
		for _, p := range got {
			m := open(t, p)
			came[m.header.Get("Message-Id")]++
			if by := m.header.Get("Received"); !strings.Contains(by, "using TLSv1") || !strings.Contains(by, "by relay.test (Postfix)") {
				t.Errorf("it came by %q", by)
			}
		}
		for _, m := range sent {
			want := 1
			if m.To.Email == "slow@example.org" {
				want = 2 // put off once by the sink
			}
			key := fmt.Sprintf("<10001.%s@example.com>", m.ID)
			if came[key] != want {
				t.Errorf("%s came %d times of %d: %v", key, came[key], want, came)
			}
		}
		if n := strings.Count(r.log(), " connect from ") - calls; n != 1 {
			t.Errorf("%d connections", n)
		}
		h.wantNoSecret()
	})
}
