-- +goose Up
-- Whether a link that proves a new address of a login changes the address of its
-- accounts, too, where it was the login's.
ALTER TABLE user_tokens ADD COLUMN accounts BOOLEAN NOT NULL DEFAULT FALSE;
