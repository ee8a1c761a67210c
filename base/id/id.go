// Package id makes and writes the ids of things.
//
// An id has 53 bits: 41 of milliseconds since 2026-01-01 and 12 of a counter,
// so ids order roughly by time, fit a JavaScript number and need no sequence in
// the database. In URLs and JSON it is eleven lower-case Crockford base32
// characters. The order is approximate: never page an export by it.
//
// An account is the exception: its number (10001, 10002, …) comes from a
// counter row, because people read it out on the telephone.
package id

import (
	"crypto/rand"
	"encoding/binary"
	"errors"
	"strconv"
	"strings"
	"sync"
	"time"

	"atrium/base/clock"
)

// Account is an account's number. Zero is no account.
type Account int64

// String writes the number in decimal.
func (a Account) String() string { return strconv.FormatInt(int64(a), 10) }

// ParseAccount reads a number as it stands in a URL: decimal, no sign, no
// leading zero, at most 15 digits.
func ParseAccount(s string) (Account, bool) {
	if len(s) == 0 || len(s) > 15 || s[0] == '0' {
		return 0, false
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
	}
	n, err := strconv.ParseInt(s, 10, 64)
	return Account(n), err == nil
}

// ID is the id of a K. K only tells ids of different things apart.
type ID[K any] int64

// UserKind tells users' ids apart from others.
type UserKind struct{}

// User is the id of a user. It stands here because base/db locks users by it.
type User = ID[UserKind]

const alphabet = "0123456789abcdefghjkmnpqrstvwxyz"

// length of the text: 11 * 5 = 55 bits hold the 53.
const length = 11

// String writes the id in eleven Crockford base32 characters.
func (i ID[K]) String() string {
	var b [length]byte
	v := uint64(i)
	for n := length - 1; n >= 0; n-- {
		b[n] = alphabet[v&31]
		v >>= 5
	}
	return string(b[:])
}

// MarshalText is String, for JSON.
func (i ID[K]) MarshalText() ([]byte, error) { return []byte(i.String()), nil }

// UnmarshalText is Parse, for JSON.
func (i *ID[K]) UnmarshalText(text []byte) error {
	v, ok := Parse[K](string(text))
	if !ok {
		return errors.New("id: not eleven characters of an id")
	}
	*i = v
	return nil
}

// Parse reads exactly what String writes; anything else, zero included, is refused.
func Parse[K any](s string) (ID[K], bool) {
	if len(s) != length {
		return 0, false
	}
	var v uint64
	for n := range length {
		d := strings.IndexByte(alphabet, s[n])
		if d < 0 {
			return 0, false
		}
		v = v<<5 | uint64(d)
	}
	if v == 0 || v >= 1<<53 {
		return 0, false
	}
	return ID[K](v), true
}

var epoch = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// A Source makes ids. Within one Source they never repeat and never go back,
// whatever the clock does. Two processes may make the same one: the database's
// primary key then refuses it and the transaction runs again.
type Source struct {
	clock clock.Clock
	mu    sync.Mutex
	last  int64
	count int64
}

// NewSource makes a source with a counter that starts at random.
func NewSource(c clock.Clock) *Source {
	return &Source{clock: c, count: anywhere()}
}

// anywhere is a count at random.
func anywhere() int64 {
	var b [2]byte
	rand.Read(b[:]) // never fails since Go 1.24
	return int64(binary.LittleEndian.Uint16(b[:]) & 0xfff)
}

// Next makes an id without a kind; New gives it one.
func (s *Source) Next() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	ms := max(s.clock.Now().Sub(epoch).Milliseconds(), 1)
	s.count++
	s.last = max(ms<<12|s.count&0xfff, s.last+1)
	return s.last
}

// Leap goes on somewhere else, within the next millisecond and in those after it:
// another process makes the same ids.
func (s *Source) Leap() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last += anywhere() + 1
	s.count = anywhere()
}

// New makes an id for a K.
func New[K any](s *Source) ID[K] { return ID[K](s.Next()) }
