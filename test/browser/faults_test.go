package browser

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
)

// faults is what a tab complained about: errors nobody caught, errors and
// warnings on the console, and what the content security policy refused.
type faults struct {
	mu    sync.Mutex
	lines []string
}

func (f *faults) note(event any) {
	switch e := event.(type) {
	case *runtime.EventConsoleAPICalled:
		f.add("console: %s %v", e.Type, e.Args)
	case *runtime.EventExceptionThrown:
		f.add("uncaught: %s", e.ExceptionDetails.Text)
	case *log.EventEntryAdded:
		// The browser also logs each page that answers 403, 404, 409, 410 or 422.
		page := e.Entry.Source == "network" && !strings.Contains(e.Entry.URL, "/assets/")
		if !page && (e.Entry.Level == log.EntryLevelError || e.Entry.Level == log.EntryLevelWarning) {
			f.add("%s: %s (%s)", e.Entry.Source, e.Entry.Text, e.Entry.URL)
		}
	}
}

func (f *faults) add(format string, args ...any) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.lines = append(f.lines, fmt.Sprintf(format, args...))
}

// report fails the test with what there is.
func (f *faults) report(t *testing.T) {
	t.Helper()
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, line := range f.lines {
		t.Error(line)
	}
	f.lines = nil
}
