-- +goose Up
-- unproved tells of an undo link that nobody had proved the address which it puts
-- back: it is then not proved by that, either.
ALTER TABLE user_tokens ADD COLUMN unproved BOOLEAN NOT NULL DEFAULT FALSE;
