package atrium

import (
	"context"
	"strings"

	"atrium/base/access"
	"atrium/base/db"
)

// readableSecrets counts the tokens that stand readable where many can read: all
// that look like one and whose hash is known. What only looks like one is
// nobody's secret; anybody may type such a thing.
func readableSecrets(ctx context.Context, w *db.Whole) (int64, error) {
	found := map[access.Token]bool{}
	for _, table := range []string{"jobs", "emails", "email_tries", "refusals", "audit", "limits", "settings"} {
		columns, err := w.Columns(ctx, table)
		if err != nil {
			return 0, err
		}
		err = w.Each(ctx, table, columns, func(row []any) error {
			for _, value := range row {
				if text, ok := value.(string); ok {
					lookForTokens(text, found)
				}
			}
			return nil
		})
		if err != nil {
			return 0, err
		}
	}
	var genuine int64
	for t := range found {
		n, err := countToken(ctx, w, t)
		if err != nil {
			return 0, err
		}
		genuine += n
	}
	return genuine, nil
}

// countToken counts the rows of a token.
func countToken(ctx context.Context, q db.Querier, t access.Token) (int64, error) {
	if a := t.Account(); a != 0 {
		return db.One(ctx, q, scanInt, `SELECT count(*) FROM invitation_links WHERE account_id = $1 AND token_hash = $2`, a, t.Hash())
	}
	return db.One(ctx, q, scanInt, `SELECT (SELECT count(*) FROM sessions WHERE token_hash = $1) + (SELECT count(*) FROM user_tokens WHERE token_hash = $1)
		+ (SELECT count(*) FROM staff_sessions WHERE token_hash = $1) + (SELECT count(*) FROM staff_tokens WHERE token_hash = $1)
		+ (SELECT count(*) FROM login_steps WHERE token_hash = $1)`, t.Hash())
}

// tokenLength is the length of 32 bytes in base64url.
const tokenLength = 43

// lookForTokens adds what looks like a token in text: at the beginning and at
// the end of whatever is long enough, for an escaped slash before it ends in a
// letter. Before the beginning an account's number may stand.
func lookForTokens(text string, found map[access.Token]bool) {
	add := func(s string) {
		if t, ok := access.ParseToken(strings.Clone(s)); ok { // not to keep all of text
			found[t] = true
		}
	}
	start := 0
	for i := range len(text) + 1 {
		if i < len(text) && inToken(text[i]) {
			continue
		}
		if i-start >= tokenLength {
			add(text[start : start+tokenLength])
			add(text[i-tokenLength : i])
			add(text[accountBefore(text[:start]) : start+tokenLength])
		}
		start = i + 1
	}
}

func inToken(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '-' || c == '_'
}

// accountBefore is where the number begins that ends text with a point.
func accountBefore(text string) int {
	number, ok := strings.CutSuffix(text, ".")
	if !ok {
		return len(text)
	}
	return len(strings.TrimRight(number, "0123456789"))
}
