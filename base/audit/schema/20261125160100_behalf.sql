-- +goose Up
-- For whom staff acted who had logged in as an account's owner: the owner's name.
ALTER TABLE audit ADD COLUMN behalf TEXT NOT NULL DEFAULT '';
