package access

import (
	"strconv"

	"atrium/base/db"
)

// Both ends are named as pairs, so that either database reads no more of the index
// than this; and the terms are counted out before they are joined, so that
// PostgreSQL's plan for any values looks each line up.

func accountFiling() filing[Line] {
	const (
		found = `SELECT t.term, l.terms, ` + lineColumns + ` FROM (SELECT t.term, t.account_id FROM account_terms t
			WHERE (t.term, t.account_id) > ($1, $2) AND (t.term, t.account_id) < ($3, $4)`
		lines = `) t JOIN account_lines l ON l.account_id = t.account_id`
		along = ` ORDER BY t.term, t.account_id`
		back  = ` ORDER BY t.term DESC, t.account_id DESC`
	)
	return filing[Line]{
		along: reading{found + along + ` LIMIT `, lines + along},
		back:  reading{found + back + ` LIMIT `, lines + back},
		count: `SELECT count(*) FROM (SELECT 1 AS one FROM account_terms t WHERE t.term >= $1 AND t.term < $2 LIMIT ` + strconv.Itoa(mostRead) + `) c`,
		scan: func() func(db.Row) (met[Line], error) {
			var m met[Line]
			targets := append([]any{&m.term, &m.terms}, m.line.targets()...)
			return func(r db.Row) (met[Line], error) {
				err := r.Scan(targets...)
				m.of = int64(m.line.Account)
				return m, err
			}
		},
	}
}

// userFiling files users, who have no filters.
func userFiling() filing[UserLine] {
	return filing[UserLine]{
		along: reading{`SELECT t.term, l.terms, ` + userLineColumns + ` FROM (SELECT t.term, t.user_id FROM user_terms t
			WHERE (t.term, t.user_id) > ($1, $2) AND (t.term, t.user_id) < ($3, $4) ORDER BY t.term, t.user_id LIMIT `, `) t
			JOIN user_lines l ON l.user_id = t.user_id ORDER BY t.term, t.user_id`},
		count: `SELECT count(*) FROM (SELECT 1 AS one FROM user_terms t WHERE t.term >= $1 AND t.term < $2 LIMIT ` + strconv.Itoa(mostRead) + `) c`,
		scan: func() func(db.Row) (met[UserLine], error) {
			var m met[UserLine]
			targets := append([]any{&m.term, &m.terms}, m.line.targets()...)
			return func(r db.Row) (met[UserLine], error) {
				err := r.Scan(targets...)
				m.of = int64(m.line.User)
				return m, err
			}
		},
	}
}
