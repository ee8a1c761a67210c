package id_test

import (
	"encoding/json"
	"testing"
	"time"

	"pgregory.net/rapid"

	"atrium/base/clock/clocktest"
	"atrium/base/id"
)

type thing struct{}

func TestWhatIsWrittenIsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := id.ID[thing](rapid.Int64Range(1, 1<<53-1).Draw(t, "id"))
		got, ok := id.Parse[thing](want.String())
		if !ok || got != want || len(want.String()) != 11 {
			t.Fatalf("Parse(%q) = %d, %v; want %d", want, got, ok, want)
		}
	})
}

func TestOnlyTheOneSpellingIsRead(t *testing.T) {
	for _, s := range []string{"", "00000000000", "0000000000", "000000000001", "0000000000I", "0000000000A", "zzzzzzzzzzz", "0000000000\x00"} {
		if got, ok := id.Parse[thing](s); ok {
			t.Errorf("Parse(%q) = %d, want refused", s, got)
		}
	}
	for _, s := range []string{"", "0", "010001", "-1", "+1", "1e4", "10001 ", "1234567890123456"} {
		if got, ok := id.ParseAccount(s); ok {
			t.Errorf("ParseAccount(%q) = %d, want refused", s, got)
		}
	}
}

func TestIDsNeverRepeatNorGoBackWhateverTheClockDoes(t *testing.T) {
	c := clocktest.New()
	s := id.NewSource(c)
	last := s.Next()
	for i := range 20_000 {
		if i%500 == 0 {
			c.Add(time.Duration(i%3-1) * time.Hour)
		}
		next := s.Next()
		if next <= last {
			t.Fatalf("id %d after %d", next, last)
		}
		last = next
	}
}

func TestJSONGivesBackWhatItTook(t *testing.T) {
	type fact struct{ Thing id.ID[thing] }
	want := fact{id.New[thing](id.NewSource(clocktest.New()))}
	b, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	var got fact
	if err := json.Unmarshal(b, &got); err != nil || got != want {
		t.Errorf("%s is %v, %v", b, got, err)
	}
	if err := json.Unmarshal([]byte(`{"Thing":"zzzzzzzzzzz"}`), &got); err == nil {
		t.Error("an impossible id was read")
	}
}

func TestALeapGoesForwardByLessThanTwoMilliseconds(t *testing.T) {
	s := id.NewSource(clocktest.New())
	for range 1000 {
		before := s.Next()
		s.Leap()
		if after := s.Next(); after <= before || after > before+1<<12+1 {
			t.Fatalf("from %d to %d", before, after)
		}
	}
}

// Processes whose counters stand at the same place would meet again in each
// millisecond in which both make ids.
func TestWhoLeapsNoLongerMeetsTheOther(t *testing.T) {
	clock := clocktest.New()
	one, other := id.NewSource(clock), id.NewSource(clock)
	for behind := (one.Next() - other.Next()) & 0xfff; behind > 0; behind-- {
		other.Next()
	}
	meet := func() bool {
		clock.Add(3 * time.Millisecond) // past what a leap has gone ahead
		return one.Next() == other.Next()
	}
	for range 2 {
		if !meet() {
			t.Fatal("they did not meet before")
		}
	}
	for range 4 { // one leap in 4096 leads to where the other is
		if one.Leap(); !meet() {
			return
		}
	}
	t.Error("they meet whatever leaps")
}
