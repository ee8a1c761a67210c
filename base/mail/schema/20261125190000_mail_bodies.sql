-- +goose Up
-- For emptying the bodies of old mails: those that still have one, the oldest
-- first.
CREATE INDEX emails_body ON emails (account_id, created_at) WHERE body_text <> '';
