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

// ownerTerms are what an account is found by of its owner: also whether two-step
// login is on.
func ownerTerms(u User, key string) []string {
	return unique(append(personTerms(u, key), twoStepTerm(!u.TwoStep.IsZero())))
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

// A named is what an account's own terms are made of.
type named struct {
	account       id.Account
	name, company string
	status        Status
	country       string
	created       time.Time
	email         string // the key of the account's own address
	foundBy       string // what IndexWith was told
}

func (n named) terms() []string {
	all := append(words(n.name), words(n.company)...)
	all = append(all, emailTerms(n.email)...)
	all = append(all, n.account.String(), statusSign+string(n.status), openedTerm(n.created))
	if n.country != "" {
		all = append(all, countrySign+n.country)
	}
	return unique(append(all, strings.Fields(n.foundBy)...))
}

const namedColumns = `a.account_id, a.name, a.company, a.status, a.country, a.created_at, a.email_key, a.found_by`

func (n *named) targets() []any {
	return []any{&n.account, &n.name, &n.company, &n.status, &n.country, db.Time(&n.created), &n.email, &n.foundBy}
}

func scanNamed(r db.Row) (named, error) {
	var n named
	err := r.Scan(n.targets()...)
	return n, err
}

// unique puts terms in order, each once. Nothing is no term.
func unique(terms []string) []string {
	slices.Sort(terms)
	return slices.DeleteFunc(slices.Compact(terms), func(s string) bool { return s == "" })
}

// IndexAccount makes the account findable by the name, company, address, country
// and status that it has now, and has staff's list show them. Call it where one of them was written, under the
// account's lock.
func IndexAccount(ctx context.Context, tx *db.Tx, account id.Account) error {
	n, err := db.One(ctx, tx, scanNamed, `SELECT `+namedColumns+` FROM accounts a WHERE a.account_id = $1`, account)
	if err != nil {
		return err
	}
	if err := updateLine(ctx, tx, n); err != nil {
		return err
	}
	return setAccountTerms(ctx, tx, account, false, n.terms())
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

// indexOwner makes the account findable by its owner's name, address and two-step
// login, and has staff's list show them. Call it where the owner was set, under the locks of the account and of
// the new owner.
func indexOwner(ctx context.Context, tx *db.Tx, account id.Account) error {
	p, err := db.One(ctx, tx, scanKeyed, `SELECT `+userColumns+`, u.email_key FROM memberships m JOIN users u ON u.id = m.user_id
		WHERE m.account_id = $1 AND m.owner`, account)
	if err != nil {
		return err
	}
	return setOwner(ctx, tx, account, p)
}

// setOwner writes who owns the account into its terms and its line.
func setOwner(ctx context.Context, tx *db.Tx, account id.Account, owner keyed) error {
	if err := updateLineOwner(ctx, tx, account, owner.User); err != nil {
		return err
	}
	return setAccountTerms(ctx, tx, account, true, ownerTerms(owner.User, owner.key))
}

// indexUser makes the user, and every account that is theirs, findable by the
// name, address and two-step login they have now: under the user's lock.
func indexUser(ctx context.Context, tx *db.Tx, u id.User) error {
	p, err := db.One(ctx, tx, scanKeyed, `SELECT `+userColumns+`, u.email_key FROM users u WHERE u.id = $1`, u)
	if err != nil {
		return err
	}
	was, err := db.All(ctx, tx, scanString, `SELECT term FROM user_terms WHERE user_id = $1`, u)
	if err != nil {
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
			err = setOwner(ctx, tx, account, p)
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

// setAccountTerms writes what differs from the terms that are there.
func setAccountTerms(ctx context.Context, tx *db.Tx, account id.Account, ofOwner bool, now []string) error {
	was, err := db.All(ctx, tx, scanString, `SELECT term FROM account_terms WHERE account_id = $1 AND of_owner = $2`, account, ofOwner)
	if err != nil {
		return err
	}
	for _, term := range without(was, now) {
		_, err := tx.Exec(ctx, `DELETE FROM account_terms WHERE term = $1 AND account_id = $2 AND of_owner = $3`, term, account, ofOwner)
		if err != nil {
			return err
		}
	}
	return insertAccountTerms(ctx, tx, account, ofOwner, without(now, was))
}

func insertAccountTerms(ctx context.Context, tx *db.Tx, account id.Account, ofOwner bool, terms []string) error {
	rows := newRows("account_terms", "term", "account_id", "of_owner")
	for _, term := range terms {
		rows.add(term, account, ofOwner)
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
