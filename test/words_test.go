package test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"

	"atrium/base/mail"
	"atrium/base/settings"
	"atrium/test/sentences"
	"atrium/ui"
)

// knownElsewhere are places whose sentences come out of the database: what is
// written there is said elsewhere, too.
var knownElsewhere = []string{
	"base/audit/read.go Subject",    // of "settings.changed": a page of the settings
	"base/settings/presets.go Name", // of a preset: one that comes with Atrium, else what staff have typed
}

// A said is an entry of a catalogue: a sentence, or one for each plural.
type said struct {
	text  string
	forms map[string]string
}

func (s *said) UnmarshalJSON(b []byte) error {
	if b[0] == '{' {
		return json.Unmarshal(b, &s.forms)
	}
	return json.Unmarshal(b, &s.text)
}

func (s said) all() []string {
	if s.forms == nil {
		return []string{s.text}
	}
	return slices.Collect(maps.Values(s.forms))
}

// Every catalogue has every sentence that the program can say, and no other.
// With -update, new ones are written into the catalogues, to be filled in.
func TestEveryLanguageHasEverySentence(t *testing.T) {
	top := root(t)
	spoken, err := sentences.Find(top, knownElsewhere...)
	if err != nil {
		t.Fatal(err)
	}
	if len(spoken) < 1000 {
		t.Fatalf("only %d sentences were found", len(spoken))
	}
	files, err := filepath.Glob(filepath.Join(top, "ui/words/*.json"))
	if err != nil || len(files) == 0 {
		t.Fatal("there is no catalogue", err)
	}
	for _, file := range files {
		code := strings.TrimSuffix(filepath.Base(file), ".json")
		t.Run(code, func(t *testing.T) {
			written, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			book := map[string]said{}
			if err := json.Unmarshal(written, &book); err != nil {
				t.Fatal(err)
			}
			plurals := pluralsOf(language.MustParse(code))
			if *update {
				book = updated(book, spoken, plurals)
				if err := os.WriteFile(file, layOut(book, plurals), 0o644); err != nil {
					t.Fatal(err)
				}
			} else if !bytes.Equal(written, layOut(book, plurals)) {
				t.Error("the file is not sorted, has an entry twice, or is laid out otherwise: go test ./test -run TestEveryLanguage -update")
			}
			compare(t, book, spoken, plurals)
		})
	}
}

// What base/mail says itself, below the printer, it says in every language.
func TestTheHistoryHidesLinksInEveryLanguage(t *testing.T) {
	for _, l := range ui.Languages() {
		if l.Code != ui.English && mail.Hidden(l.Code) == mail.Hidden(ui.English) {
			t.Errorf("base/mail has no %s for %q", l.Name, mail.Hidden(l.Code))
		}
	}
}

// What the host can set the language to is listed below ui.
func TestTheHostCanSpeakEveryLanguage(t *testing.T) {
	var all []string
	for _, l := range ui.Languages() {
		all = append(all, l.Code)
	}
	if !slices.Equal(all, settings.Languages()) {
		t.Errorf("base/settings has %v, ui has %v", settings.Languages(), all)
	}
}

func compare(t *testing.T, book map[string]said, spoken map[string]*sentences.Sentence, plurals []string) {
	for key := range book {
		if s := spoken[key]; s == nil || s.Use&^sentences.One == 0 {
			t.Errorf("nobody says %q any more", key)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(spoken)) {
		s := spoken[key]
		entry := book[key]
		switch {
		case s.Use&^sentences.One == 0: // stands with the plural's
		case s.Use&sentences.Plain != 0 && s.Use&sentences.Other != 0:
			t.Errorf("%s: %q is said with a number that decides, and without: use two sentences", s.Where[0], key)
		case len(entry.all()) == 0 || slices.Contains(entry.all(), ""):
			t.Errorf("%s: no translation of %q", s.Where[0], key)
		case (entry.forms != nil) != (s.Use&sentences.Other != 0):
			t.Errorf("%s: %q needs one translation for each plural if N says it, else one", s.Where[0], key)
		case entry.forms != nil && !slices.Equal(slices.Sorted(maps.Keys(entry.forms)), slices.Sorted(slices.Values(plurals))):
			t.Errorf("%s: %q needs the plurals %v", s.Where[0], key, plurals)
		default:
			for _, text := range entry.all() {
				if what := differs(key, text, entry.forms != nil); what != "" {
					t.Errorf("%s: %q is translated as %q: %s", s.Where[0], key, text, what)
				}
			}
		}
	}
}

// differs tells what a translation lacks, or has too much.
func differs(key, text string, counted bool) string {
	want, got := verbsOf(key), verbsOf(text)
	if counted && !strings.Contains(text, "%d") && !strings.Contains(text, "%[") { // as N does
		want = map[int]string{}
		for i, v := range verbsOf(key) {
			if i > 1 {
				want[i-1] = v
			}
		}
	}
	if !maps.Equal(want, got) {
		return fmt.Sprintf("it takes %v, not %v", got, want)
	}
	const ends = ".:…?!"
	last, _ := utf8.DecodeLastRuneInString(key)
	end, _ := utf8.DecodeLastRuneInString(text)
	if last != end && (strings.ContainsRune(ends, last) || strings.ContainsRune(ends, end)) {
		return fmt.Sprintf("it ends with %q, not with %q", end, last)
	}
	if strings.TrimSpace(text) != text && strings.TrimSpace(key) == key {
		return "it has spaces around it"
	}
	return ""
}

var verb = regexp.MustCompile(`%(\[(\d+)\])?([a-z])`)

// verbsOf gives fmt's verbs by which argument they write, from 1 on.
func verbsOf(s string) map[int]string {
	all := map[int]string{}
	next := 1
	for _, m := range verb.FindAllStringSubmatch(strings.ReplaceAll(s, "%%", ""), -1) {
		if n, err := strconv.Atoi(m[2]); err == nil {
			next = n
		}
		all[next] = m[3]
		next++
	}
	return all
}

// pluralsOf are CLDR's names of a language's plurals of whole numbers, in its order.
func pluralsOf(tag language.Tag) []string {
	names := []string{"other", "zero", "one", "two", "few", "many"}
	used := map[plural.Form]bool{plural.Other: true}
	for n := range 1000 {
		used[plural.Cardinal.MatchPlural(tag, n, 0, 0, 0, 0)] = true
	}
	var all []string
	for _, f := range slices.Sorted(maps.Keys(used)) {
		all = append(all, names[f])
	}
	return append(all[1:], all[0]) // other is the last
}

// updated is the catalogue without what nobody says, and with empty places for
// what is new.
func updated(book map[string]said, spoken map[string]*sentences.Sentence, plurals []string) map[string]said {
	all := map[string]said{}
	for key, s := range spoken {
		old, known := book[key]
		switch {
		case s.Use&^sentences.One == 0:
		case known && (old.forms != nil) == (s.Use&sentences.Other != 0):
			all[key] = old
		case s.Use&sentences.Other != 0:
			forms := map[string]string{}
			for _, p := range plurals {
				forms[p] = ""
			}
			all[key] = said{forms: forms}
		default:
			all[key] = said{}
		}
	}
	return all
}

// layOut writes a catalogue, one sentence on a line, in order.
func layOut(book map[string]said, plurals []string) []byte {
	var b bytes.Buffer
	b.WriteString("{")
	for i, key := range slices.Sorted(maps.Keys(book)) {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString("\n\t" + quoted(key) + ": ")
		if book[key].forms == nil {
			b.WriteString(quoted(book[key].text))
			continue
		}
		b.WriteByte('{')
		for n, p := range plurals {
			if n > 0 {
				b.WriteString(", ")
			}
			b.WriteString(quoted(p) + ": " + quoted(book[key].forms[p]))
		}
		b.WriteByte('}')
	}
	b.WriteString("\n}\n")
	return b.Bytes()
}

// quoted is a string in JSON.
func quoted(s string) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil {
		panic(err) // strings can always be written
	}
	return strings.TrimSuffix(b.String(), "\n")
}
