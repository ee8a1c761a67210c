package mail

import (
	"context"
	"slices"
	"strings"

	"atrium/base/access"
	"atrium/base/db"
	"atrium/base/id"
	"atrium/fault"
)

// A Reader is somebody whom an account's mails may go to: the address of the
// account itself, a member, or whom an area adds, such as a contact.
type Reader struct {
	Key      string // of whom it is, within the account: stored with mails
	Name     string
	Email    string
	Language string
	TimeZone string
	User     id.User       // of a member
	Rights   access.Rights // of a member
	Disabled bool          // a member who can't log in
	Asked    bool          // whether Topics are a choice; false: what holds without one
	Topics   Choice
	Billing  bool   // the billing contact, who gets invoices whatever else was chosen
	Off      Choice // switched off by the link in a mail
	Refused  bool   // the address refuses mail
}

// AccountKey is the Key of the account's own address.
const AccountKey = "account"

// MemberKey is the Key of a member.
func MemberKey(u id.User) string { return "user:" + u.String() }

// contactKey begins the Key of a contact.
const contactKey = "contact:"

// ContactKey is the Key of a contact with this id.
func ContactKey(id string) string { return contactKey + id }

// Contact is the id of a reader who is a contact.
func (r Reader) Contact() (is bool, id string) {
	id, is = strings.CutPrefix(r.Key, contactKey)
	return is, id
}

// Why somebody gets no mails of a topic, or a mail was cancelled.
const (
	Unwanted  Why = "unwanted"   // switched off by the link in a mail
	Unchosen  Why = "unchosen"   // not chosen, or chosen no more
	Forbidden Why = "permission" // the permission is lacking
	LoginOff  Why = "login"      // the login was deactivated
	Gone      Why = "gone"       // no member, or no contact, any more
)

// Why tells why the reader gets no mails of a topic; "" means that they do. Whether
// the address takes them is another matter: see Refused.
func (r Reader) Why(t Topic) Why {
	need, needs := t.Needs()
	switch {
	case r.User != 0 && r.Disabled:
		return LoginOff
	case r.User != 0 && needs && !r.Rights.Holds(need):
		return Forbidden
	case t == Invoice && r.Billing:
		return ""
	case !r.Topics.Has(t):
		return Unchosen
	case t.Optional() && r.Off.Has(t):
		return Unwanted
	}
	return ""
}

// A Source tells of readers that an account has beside its address and members.
type Source func(ctx context.Context, q db.Querier, account id.Account) ([]Reader, error)

// AlsoTo adds a source of readers. Call it before mails are sent.
func (m *Mail) AlsoTo(s Source) { m.sources = append(m.sources, s) }

// Readers lists everybody whom the account's mails may go to: its address, its
// members, then others. One of them is the billing contact: the one whom a source
// names, else whom the profile names, else the owner.
func (m *Mail) Readers(ctx context.Context, q db.Querier, account id.Account) ([]Reader, error) {
	own, err := findOwnReader(ctx, q, account)
	if err != nil {
		return nil, err
	}
	members, err := listMemberReaders(ctx, q, account)
	if err != nil {
		return nil, err
	}
	all := append([]Reader{own}, members...)
	for _, source := range m.sources {
		more, err := source(ctx, q, account)
		if err != nil {
			return nil, err
		}
		all = append(all, more...)
	}
	appoint(all)
	return all, known(ctx, q, account, all)
}

// appoint leaves one billing contact.
func appoint(all []Reader) {
	rank := func(r Reader) int {
		switch {
		case r.Billing && r.User == 0:
			return 3
		case r.Billing:
			return 2
		case r.Rights.Owner:
			return 1
		}
		return 0
	}
	best := 0
	for i := range all {
		if rank(all[i]) > rank(all[best]) {
			best = i
		}
	}
	for i := range all {
		all[i].Billing = i == best
	}
}

// Recipients is the one answer to who gets the account's mails of a topic: each
// address once, the billing contact first.
func (m *Mail) Recipients(ctx context.Context, q db.Querier, account id.Account, t Topic) ([]Reader, error) {
	all, err := m.Readers(ctx, q, account)
	return Getting(all, t), err
}

// Getting picks those of the readers who get mails of a topic, each address once.
func Getting(all []Reader, t Topic) []Reader {
	var list []Reader
	add := func(r Reader) {
		same := func(o Reader) bool { return keyOf(o.Email) == keyOf(r.Email) }
		if r.Why(t) == "" && !slices.ContainsFunc(list, same) {
			list = append(list, r)
		}
	}
	for _, r := range all {
		if r.Billing && t == Invoice {
			add(r)
		}
	}
	for _, r := range all {
		add(r)
	}
	return list
}

// SendTo writes a letter to each who gets the account's mails of a topic, but for
// an address that is written to anyway; "" for none. write gets the reader, whose
// language and time zone are those to write in, and need not address the letter.
func (m *Mail) SendTo(ctx context.Context, tx *db.Tx, account id.Account, t Topic, but string, write func(Reader) Letter) error {
	list, err := m.Recipients(ctx, tx, account, t)
	if err != nil {
		return err
	}
	for _, r := range list {
		if but != "" && keyOf(r.Email) == keyOf(but) {
			continue
		}
		r.Language = m.Settings.Current(ctx, tx).Language(r.Language)
		l := write(r)
		l.Account, l.Topic, l.User, l.Reader, l.To, l.Language = account, t, r.User, r.Key, Address{r.Name, r.Email}, r.Language
		if err := m.Send(ctx, tx, l); err != nil {
			return err
		}
	}
	return nil
}

// mayGet asks once more, right before a mail is sent, whether its reader gets
// it, for much may have happened since it was written. It gives why not, and the address
// that the reader has by now. A mail without reader goes to whom it was written.
func (m *Mail) mayGet(ctx context.Context, q db.Querier, e email) (why Why, address string, err error) {
	if e.reader == "" {
		return "", e.To.Email, nil
	}
	all, err := m.Readers(ctx, q, e.Account)
	if err != nil {
		return "", "", err
	}
	for _, r := range all {
		if r.Key == e.reader {
			return r.Why(e.Topic), r.Email, nil
		}
	}
	return Gone, "", nil
}

// MemberReader is one member as a reader, NotFound if the user is none.
func (m *Mail) MemberReader(ctx context.Context, q db.Querier, account id.Account, u id.User) (Reader, error) {
	all, err := m.Readers(ctx, q, account)
	for _, r := range all {
		if r.User == u {
			return r, err
		}
	}
	if err == nil {
		err = fault.NotFoundf("This user has no access to the account.")
	}
	return Reader{}, err
}

// Choose has a member get the mails of these topics, as far as their permissions
// go; what they had switched off by a link and choose now is on again. Call it
// under the account's lock.
func Choose(ctx context.Context, tx *db.Tx, account id.Account, r Reader, c Choice) error {
	if err := tx.ExecOne(ctx, `UPDATE memberships SET topics = $1 WHERE account_id = $2 AND user_id = $3`, c.String(), account, r.User); err != nil {
		return err
	}
	for _, t := range c {
		if _, err := tx.Exec(ctx, `DELETE FROM email_optouts WHERE account_id = $1 AND email_key = $2 AND topic = $3`, account, keyOf(r.Email), string(t)); err != nil {
			return err
		}
	}
	return nil
}

func findOwnReader(ctx context.Context, q db.Querier, account id.Account) (Reader, error) {
	return db.One(ctx, q, func(row db.Row) (Reader, error) {
		r := Reader{Key: AccountKey, Asked: true}
		var topics string
		err := row.Scan(&r.Name, &r.Email, &r.Language, &r.TimeZone, &topics)
		r.Topics = ParseChoice(topics)
		return r, err
	}, `SELECT name, email, language, time_zone, topics FROM accounts WHERE account_id = $1`, account)
}

const memberReaders = `SELECT m.user_id, u.first_name, u.last_name, u.email, u.language, u.time_zone, u.disabled_at > 0,
		m.owner, m.permissions, m.topics, a.billing_user = m.user_id
	FROM memberships m JOIN users u ON u.id = m.user_id JOIN accounts a ON a.account_id = m.account_id WHERE m.account_id = $1`

func listMemberReaders(ctx context.Context, q db.Querier, account id.Account) ([]Reader, error) {
	return db.All(ctx, q, scanReader, memberReaders+` ORDER BY m.user_id`, account)
}

// unasked is what memberships.topics says of who has not chosen.
const unasked = "*"

func scanReader(row db.Row) (Reader, error) {
	var r Reader
	var u access.User
	var set int64
	var topics string
	err := row.Scan(&r.User, &u.FirstName, &u.LastName, &r.Email, &r.Language, &r.TimeZone, &r.Disabled, &r.Rights.Owner, &set, &topics, &r.Billing)
	r.Key, r.Name, r.Rights.Set = MemberKey(r.User), u.Name(), access.Set(set)
	switch r.Asked = topics != unasked; {
	case r.Asked:
		r.Topics = ParseChoice(topics)
	case r.Rights.Owner:
		r.Topics = Topics()
	}
	return r, err
}

// known fills in what is known of the readers' addresses: what they switched off,
// and whether they refuse mail.
func known(ctx context.Context, q db.Querier, account id.Account, all []Reader) error {
	type off struct{ key, topic string }
	offs, err := db.All(ctx, q, func(row db.Row) (off, error) {
		var o off
		err := row.Scan(&o.key, &o.topic)
		return o, err
	}, `SELECT email_key, topic FROM email_optouts WHERE account_id = $1`, account)
	if err != nil {
		return err
	}
	var keys []string
	for _, r := range all {
		keys = append(keys, keyOf(r.Email))
	}
	places, args := access.In(keys)
	refusing, err := db.All(ctx, q, func(row db.Row) (string, error) {
		var key string
		err := row.Scan(&key)
		return key, err
	}, `SELECT email_key FROM refusals WHERE email_key IN (`+places+`)`, args...)
	for i := range all {
		var topics []string
		for _, o := range offs {
			if o.key == keys[i] {
				topics = append(topics, o.topic)
			}
		}
		all[i].Off, all[i].Refused = ParseChoice(strings.Join(topics, " ")), slices.Contains(refusing, keys[i])
	}
	return err
}

// updateWithheld ends a mail whose reader may not, or does not want to, get it any
// more.
func updateWithheld(ctx context.Context, tx *db.Tx, p place, why Why) error {
	_, err := tx.Exec(ctx, `UPDATE emails SET state = 'cancelled', why = $3, sealed = '', ended_at = $4
		WHERE account_id = $1 AND id = $2 AND state = 'queued'`, p.account, p.id, string(why), tx.Now())
	return err
}

// updateAddress has a mail go to the address that its reader has by now.
func updateAddress(ctx context.Context, tx *db.Tx, p place, address string) error {
	_, err := tx.Exec(ctx, `UPDATE emails SET to_email = $3 WHERE account_id = $1 AND id = $2 AND state = 'queued'`, p.account, p.id, address)
	return err
}
