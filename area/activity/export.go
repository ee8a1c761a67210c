package activity

import (
	"bufio"
	"encoding/csv"
	"io"
	"strings"

	"atrium/base/id"
	"atrium/base/web"
	"atrium/ui"
)

// csvFile is a file of the entries that all hands over, batch by batch.
func csvFile(q *web.Request, name string, accounts bool, all func(each func([]Entry) error) error) web.Download {
	p := q.Printer()
	return web.Download{Name: name, Kind: "text/csv; charset=utf-8; header=present", Body: func(w io.Writer) error {
		t := newSheet(w, p, accounts)
		return all(t.add)
	}}
}

// A sheet writes entries as RFC 4180 says, with a header, and each with its account
// if that is wanted. It begins with the mark of UTF-8, without which Excel takes
// "ü" for two letters. Nothing is on its way before the first batch is there.
type sheet struct {
	*csv.Writer
	p        ui.Printer
	accounts bool
}

// pieceSize is how many bytes are written at once.
const pieceSize = 64 << 10

func newSheet(w io.Writer, p ui.Printer, accounts bool) sheet {
	b := bufio.NewWriterSize(w, pieceSize)
	b.WriteString("\ufeff") // a bufio.Writer keeps its error
	t := sheet{csv.NewWriter(b), p, accounts}
	t.UseCRLF = true
	header := []string{p.T("Time (UTC)"), p.T("Who"), p.T("Email"), p.T("What"), p.T("Before"), p.T("After"), p.T("Address"), p.T("Browser")}
	if accounts {
		header = append(header, p.T("Account"), p.T("Account name"))
	}
	t.Write(header)
	return t
}

// add writes a batch and sends it on its way.
func (t sheet) add(entries []Entry) error {
	for _, e := range entries {
		before, after := e.sides(t.p)
		row := []string{e.At.UTC().Format("2006-01-02 15:04:05"), e.who(t.p), e.Email, e.sentence(t.p), before, after, e.IP, e.browser(t.p)}
		if t.accounts {
			row = append(row, number(e.Account), e.AccountName)
		}
		for i, cell := range row {
			row[i] = harmless(cell)
		}
		if err := t.Write(row); err != nil {
			return err
		}
	}
	t.Flush()
	return t.Error()
}

// number is an account's, "" of none.
func number(a id.Account) string {
	if a == 0 {
		return ""
	}
	return a.String()
}

// sides are all changes before, and after.
func (e Entry) sides(p ui.Printer) (before, after string) {
	var b, a []string
	for _, c := range e.changes(p) {
		if c.Before != "" {
			b = append(b, p.T("%s: %s", c.Label, c.Before))
		}
		if c.After != "" {
			a = append(a, p.T("%s: %s", c.Label, c.After))
		}
	}
	return strings.Join(b, "; "), strings.Join(a, "; ")
}

// harmless keeps a spreadsheet from taking what somebody typed for a formula.
func harmless(cell string) string {
	if cell != "" && strings.ContainsAny(cell[:1], "=+-@\t\r\n") || strings.HasPrefix(cell, "＝") || strings.HasPrefix(cell, "＋") ||
		strings.HasPrefix(cell, "－") || strings.HasPrefix(cell, "＠") {
		return "'" + cell
	}
	return cell
}
