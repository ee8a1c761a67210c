package activity

import (
	"bytes"
	"encoding/csv"
	"strings"

	"atrium/base/id"
	"atrium/ui"
)

// csvOf writes entries as RFC 4180 says, with a header, and each with its account
// if that is wanted. It begins with the mark of UTF-8, without which Excel takes
// "ü" for two letters.
func csvOf(p ui.Printer, entries []Entry, accounts bool) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("\ufeff")
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	rows := [][]string{{p.T("Time (UTC)"), p.T("Who"), p.T("Email"), p.T("What"), p.T("Before"), p.T("After"), p.T("Address"), p.T("Browser")}}
	for _, e := range entries {
		before, after := e.sides(p)
		rows = append(rows, []string{e.At.UTC().Format("2006-01-02 15:04:05"), e.who(p), e.Email, e.sentence(p), before, after, e.IP, e.browser(p)})
	}
	if accounts {
		rows[0] = append(rows[0], p.T("Account"), p.T("Account name"))
		for i, e := range entries {
			rows[i+1] = append(rows[i+1], number(e.Account), e.AccountName)
		}
	}
	for _, row := range rows {
		for i, cell := range row {
			row[i] = harmless(cell)
		}
	}
	err := w.WriteAll(rows)
	return b.Bytes(), err
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
