// Package host is where the host's people set how their Atrium looks and works.
//
// Words. The host is the company that runs this Atrium. A section is a part of
// its settings that has one form and is saved as one. What is set by flag,
// environment or file wins, is shown and can't be changed here.
//
// Tables: settings and pictures, in base/settings, which has the sections, their
// defaults and their rules, and tells every other area what is in force. Of two
// who save a section at once the second is shown what it is now.
//
// Jobs: once a day what is older than the host keeps is deleted, a little at a
// time: entries of activity, and the bodies of emails.
//
// Who may do what. Staff who may change the settings: all of it. Each change is
// in the audit with what it was and is; of a password it says only that it was
// changed. The host's colour and logos are public, and served by base/web.
package host
