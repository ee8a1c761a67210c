-- +goose Up
-- Which kinds of the account's mails a member chose to get, with spaces between;
-- '*': the member has not chosen. Then owners get all, other members none.
ALTER TABLE memberships ADD COLUMN topics TEXT NOT NULL DEFAULT '*';
