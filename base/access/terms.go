package access

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode"

	"golang.org/x/net/idna"

	"atrium/base/db"
	"atrium/base/id"
)

// Staff find accounts and users by terms: folded words, email addresses as a
// whole and by domain, and for filters signs that no word begins with. What is
// typed must begin a term. The verbs of this package that write a name, an
// address or an owner keep the terms in the same transaction.

// words are the folded words of a text: what stands between anything that is
// neither letter nor digit.
func words(text string) []string {
	return strings.FieldsFunc(Fold(text), func(r rune) bool { return !unicode.In(r, unicode.L, unicode.N, unicode.M) })
}

// emailTerms are an address as a whole, its domain, and the words of both. A
// domain beyond ASCII is there as people write it, too.
func emailTerms(key string) []string {
	local, domain, _ := strings.Cut(key, "@")
	all := append(words(local), key, domain)
	all = append(all, words(domain)...)
	if written, err := idna.Lookup.ToUnicode(domain); err == nil && written != domain {
		written = Fold(written)
		all = append(all, local+"@"+written, written)
		all = append(all, words(written)...)
	}
	return all
}

func personTerms(u User, key string) []string { return TermsOf(Email{Key: key}, u.Name()) }

// TermsOf are what somebody is found by: the words of their names, and those of
// their address.
func TermsOf(email Email, names ...string) []string {
	all := emailTerms(email.Key)
	for _, name := range names {
		all = append(all, words(name)...)
	}
	return unique(all)
}

func twoStepTerm(on bool) string {
	if on {
		return twoStepSign + "on"
	}
	return twoStepSign + "off"
}

// The signs that filters' terms begin with.
const (
	statusSign  = "="
	countrySign = ":"
	openedSign  = "@"
	twoStepSign = ";"
)

func openedTerm(day time.Time) string { return openedSign + day.UTC().Format(time.DateOnly) }

// An indexed is an account with all it is found by. One without an owner, which
// should not be, has the zero one.
type indexed struct {
	account       id.Account
	name, company string
	status        Status
	country       string
	created       time.Time
	email         string // the key of the account's own address
	foundBy       string // what IndexWith was told
	owner         User
	ownerKey      string // of their address
}

func (a indexed) terms() []string {
	all := append(words(a.name), words(a.company)...)
	all = append(all, emailTerms(a.email)...)
	all = append(all, a.account.String(), statusSign+string(a.status), openedTerm(a.created))
	if a.country != "" {
		all = append(all, countrySign+a.country)
	}
	if a.owner.ID != 0 {
		all = append(append(all, personTerms(a.owner, a.ownerKey)...), twoStepTerm(!a.owner.TwoStep.IsZero()))
	}
	return unique(append(all, strings.Fields(a.foundBy)...))
}

const indexedColumns = `a.account_id, a.name, a.company, a.status, a.country, a.created_at, a.email_key, a.found_by,
	COALESCE(u.id, 0), COALESCE(u.first_name, ''), COALESCE(u.last_name, ''), COALESCE(u.email, ''), COALESCE(u.email_key, ''), COALESCE(u.two_step_at, 0)`

func (a *indexed) targets() []any {
	return []any{&a.account, &a.name, &a.company, &a.status, &a.country, db.Time(&a.created), &a.email, &a.foundBy,
		&a.owner.ID, &a.owner.FirstName, &a.owner.LastName, &a.owner.Email, &a.ownerKey, db.Time(&a.owner.TwoStep)}
}

func scanIndexed(r db.Row) (indexed, error) {
	var a indexed
	err := r.Scan(a.targets()...)
	return a, err
}

// unique puts terms in order, each once. Nothing is no term.
func unique(terms []string) []string {
	slices.Sort(terms)
	return slices.DeleteFunc(slices.Compact(terms), func(s string) bool { return s == "" })
}

// joined is how a line keeps terms. None of them has a space in it.
func joined(terms []string) string { return strings.Join(terms, " ") }

func findIndexed(ctx context.Context, tx *db.Tx, account id.Account) (indexed, error) {
	return db.One(ctx, tx, scanIndexed, `SELECT `+indexedColumns+` FROM accounts a
		LEFT JOIN memberships m ON m.account_id = a.account_id AND m.owner LEFT JOIN users u ON u.id = m.user_id WHERE a.account_id = $1`, account)
}

// IndexAccount makes the account findable by the name, company, address, country
// and status that it has now, and by its owner's name, address and two-step login,
// and has staff's list show them. Call it where one of them was written, under the
// account's lock or its owner's. Who else does so at once waits for the lock of the
// line, and sees what was written.
func IndexAccount(ctx context.Context, tx *db.Tx, account id.Account) error {
	was, err := lockLine(ctx, tx, account)
	if err != nil {
		return err
	}
	a, err := findIndexed(ctx, tx, account)
	if err != nil {
		return err
	}
	if err := updateLine(ctx, tx, a); err != nil {
		return err
	}
	now := a.terms()
	for _, term := range without(was, now) {
		if _, err := tx.Exec(ctx, `DELETE FROM account_terms WHERE term = $1 AND account_id = $2`, term, account); err != nil {
			return err
		}
	}
	return insertAccountTerms(ctx, tx, account, without(now, was))
}

// indexNew is IndexAccount for one that has just been opened.
func indexNew(ctx context.Context, tx *db.Tx, account id.Account) error {
	a, err := findIndexed(ctx, tx, account)
	if err != nil {
		return err
	}
	if err := insertLine(ctx, tx, a); err != nil {
		return err
	}
	return insertAccountTerms(ctx, tx, account, a.terms())
}

// IndexWith makes the account findable by other terms beside its own: those of its
// contacts, from TermsOf, in place of those it was given before. Call it where a
// contact was written, under the account's lock.
func IndexWith(ctx context.Context, tx *db.Tx, account id.Account, terms []string) error {
	n, err := tx.Exec(ctx, `UPDATE accounts SET found_by = $1 WHERE account_id = $2 AND found_by <> $1`, FoundBy(terms), account)
	if err != nil || n == 0 {
		return err
	}
	return IndexAccount(ctx, tx, account)
}

// FoundBy is what accounts.found_by says of these terms.
func FoundBy(terms []string) string { return strings.Join(unique(slices.Clone(terms)), " ") }

// indexUser makes the user, and every account that is theirs, findable by the
// name, address and two-step login they have now, and has staff's list show them
// and accounts list them so: under the user's lock.
func indexUser(ctx context.Context, tx *db.Tx, u id.User) error {
	was, err := lockUserLine(ctx, tx, u)
	if err != nil {
		return err
	}
	p, err := db.One(ctx, tx, scanKeyed, `SELECT `+userColumns+`, u.email_key FROM users u WHERE u.id = $1`, u)
	if err != nil {
		return err
	}
	if err := updateUserLine(ctx, tx, p.User, p.key); err != nil {
		return err
	}
	if err := listUser(ctx, tx, p.User); err != nil {
		return err
	}
	now := personTerms(p.User, p.key)
	for _, term := range without(was, now) {
		if _, err := tx.Exec(ctx, `DELETE FROM user_terms WHERE term = $1 AND user_id = $2`, term, u); err != nil {
			return err
		}
	}
	if err := insertUserTerms(ctx, tx, u, without(now, was)); err != nil {
		return err
	}
	owned, err := db.All(ctx, tx, scanAccount, `SELECT m.account_id FROM user_accounts l
		JOIN memberships m ON m.account_id = l.account_id AND m.user_id = l.user_id WHERE l.user_id = $1 AND m.owner`, u)
	for _, account := range owned {
		if err == nil {
			err = IndexAccount(ctx, tx, account)
		}
	}
	return err
}

// A keyed is a user with the key of their address.
type keyed struct {
	User
	key string
}

func scanKeyed(r db.Row) (keyed, error) {
	var k keyed
	err := r.Scan(append(k.targets(), &k.key)...)
	return k, err
}

func scanAccount(r db.Row) (id.Account, error) {
	var a id.Account
	err := r.Scan(&a)
	return a, err
}

func insertAccountTerms(ctx context.Context, tx *db.Tx, account id.Account, terms []string) error {
	rows := newRows("account_terms", "term", "account_id")
	for _, term := range terms {
		rows.add(term, account)
	}
	return rows.insert(ctx, tx)
}

func insertUserTerms(ctx context.Context, tx *db.Tx, u id.User, terms []string) error {
	rows := newRows("user_terms", "term", "user_id")
	for _, term := range terms {
		rows.add(term, u)
	}
	return rows.insert(ctx, tx)
}

// without lists what is in all and not in others.
func without(all, others []string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(s string) bool { return slices.Contains(others, s) })
}

// Words are the folded words of a text, as searches take them.
func Words(text string) []string { return words(text) }
