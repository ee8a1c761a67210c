-- +goose Up
-- As who somebody gets the mail, as base/mail/reader.go says it: before it is sent,
-- their right to it is asked for again. '': it goes to whom it concerns, always.
ALTER TABLE emails ADD COLUMN reader TEXT NOT NULL DEFAULT '';
