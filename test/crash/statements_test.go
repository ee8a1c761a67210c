package crash

import (
	"flag"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"atrium/base/db/dbtest"
	"atrium/test/apptest"
)

var update = flag.Bool("update", false, "write the golden file")

// What passes through the hook, operation by operation. Each line is a place
// where the tests below kill the process, and one where a statement fails.
func TestStatements(t *testing.T) {
	var b strings.Builder
	for _, engine := range dbtest.Engines() {
		t.Run(engine, func(t *testing.T) {
			s := prepare(t, engine)
			for _, op := range operations() {
				fmt.Fprintf(&b, "%s on %s\n", op.name, engine)
				for i, sql := range s.rehearse(t, op).statements {
					fmt.Fprintf(&b, "%4d %s\n", i+1, short(sql))
				}
				b.WriteString("\n")
			}
		})
	}
	const golden = "testdata/statements.golden"
	if *update {
		if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if b.String() != string(want) {
		t.Errorf("other statements pass through the hook; if that is meant: go test ./test/crash -run TestStatements -update\n%s", b.String())
	}
}

// short is what a statement does and the first table it does it to.
func short(sql string) string {
	verb, _, _ := strings.Cut(sql, " ")
	if strings.HasSuffix(sql, "FOR NO KEY UPDATE") {
		verb = "lock"
	}
	if table := regexp.MustCompile(`(?:FROM|INTO|UPDATE) (\w+)`).FindStringSubmatch(sql); table != nil {
		return verb + " " + table[1]
	}
	return verb
}

// A rehearsal is an operation undisturbed.
type rehearsal struct {
	statements []string
	counts     string // of all rows, when the background has done its part
}

func (s *scene) rehearse(t *testing.T, op operation) rehearsal {
	t.Helper()
	dbURL, h := dbtest.Copy(t, s.dbURL), newHook(t)
	c := start(t, dbURL, s.key, append(h.env("CRASH", 0), s.smtp())...)
	h.arm(t)
	r, err := op.send(s, c)
	must(t, r, err).SeeOther()
	d := s.open(t, dbURL)
	settle(t, d)
	apptest.Holds(t, d)
	return rehearsal{h.statements(t), apptest.Look(t, d).Counts()}
}

// kill -9 in place of each statement, and after each COMMIT before anybody hears
// of it: the operation is there as a whole or not at all, and doing it again
// succeeds. In place of a read is where the statement after it stands: a read
// leaves nothing behind.
func TestKilledAtEveryStatement(t *testing.T) {
	each(t, func(t *testing.T, s *scene, op operation, whole rehearsal) {
		dbURL := dbtest.Copy(t, s.dbURL)
		for i, sql := range whole.statements {
			if strings.HasPrefix(short(sql), "SELECT ") {
				continue
			}
			t.Run(strconv.Itoa(i+1)+" "+short(sql), func(t *testing.T) { s.killed(t, op, i+1, dbURL, whole) })
		}
	})
}

func (s *scene) killed(t *testing.T, op operation, n int, dbURL string, whole rehearsal) {
	h, d := newHook(t), s.open(t, dbURL)
	s.rows.putBack(t, d)
	before := apptest.Look(t, d)
	c := start(t, dbURL, s.key, h.env("CRASH", n)...)
	h.arm(t)
	if r, err := op.send(s, c); err == nil {
		t.Errorf("the request was answered %d", r.Status)
	}
	if !c.killed() {
		t.Fatalf("the program was not killed: %v", c.err)
	}
	apptest.Holds(t, d)
	there := len(before.Changes(apptest.Look(t, d))) > 0
	arrived := s.arrived(op)
	c = start(t, dbURL, s.key, s.smtp())
	if !there {
		r, err := op.send(s, c)
		must(t, r, err).SeeOther()
	}
	settle(t, d)
	if counts := apptest.Look(t, d).Counts(); counts != whole.counts {
		t.Errorf("half of it is there:\n%s\nwant:\n%s", counts, whole.counts)
	}
	if there {
		op.again(t, s, c)
		settle(t, d)
	}
	apptest.Holds(t, d)
	if n := s.arrived(op) - arrived; n != len(op.mails) {
		t.Errorf("%d mails arrived, want %d", n, len(op.mails))
	}
}

// arrived counts the mails that the operation sends, of all its runs.
func (s *scene) arrived(op operation) int {
	n := 0
	for address, subject := range op.mails {
		for _, l := range s.mail.To(address) {
			if strings.Contains(l.Subject, subject) {
				n++
			}
		}
	}
	return n
}

// A statement that fails, and a COMMIT whose answer is lost: the answer is an
// error page or a success, and what is there is as the answer says.
func TestFailingAtEveryStatement(t *testing.T) {
	each(t, func(t *testing.T, s *scene, op operation, whole rehearsal) {
		dbURL := dbtest.Copy(t, s.dbURL)
		for i, sql := range whole.statements {
			t.Run(strconv.Itoa(i+1)+" "+short(sql), func(t *testing.T) { s.fails(t, op, i+1, dbURL, whole) })
		}
	})
}

func (s *scene) fails(t *testing.T, op operation, n int, dbURL string, whole rehearsal) {
	h, d := newHook(t), s.open(t, dbURL)
	s.rows.putBack(t, d)
	before := apptest.Look(t, d)
	c := start(t, dbURL, s.key, append(h.env("FAIL", n), s.smtp())...)
	h.arm(t)
	r, err := op.send(s, c)
	must(t, r, err)
	if strings.Contains(r.Body, "on purpose") {
		t.Error("the page shows the database's error")
	}
	changed := len(before.Changes(apptest.Look(t, d))) > 0
	lost := strings.Contains(r.Body, "We could not confirm that this was saved.")
	switch {
	case r.Status == http.StatusSeeOther && changed:
	case lost && (r.Status == http.StatusServiceUnavailable || r.Status == http.StatusConflict): // 409 with what is there now
	case r.Status == http.StatusInternalServerError && !changed, r.Status == http.StatusServiceUnavailable && !changed:
	default:
		t.Errorf("answered %d; saved: %v", r.Status, changed)
	}
	if changed {
		settle(t, d)
		if counts := apptest.Look(t, d).Counts(); counts != whole.counts {
			t.Errorf("half of it is there:\n%s\nwant:\n%s", counts, whole.counts)
		}
	}
	apptest.Holds(t, d)
}

// each runs fn for every operation on both databases.
func each(t *testing.T, fn func(t *testing.T, s *scene, op operation, whole rehearsal)) {
	t.Helper()
	for _, engine := range dbtest.Engines() {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			s := prepare(t, engine)
			for _, op := range operations() {
				t.Run(op.name, func(t *testing.T) { fn(t, s, op, s.rehearse(t, op)) })
			}
		})
	}
}
