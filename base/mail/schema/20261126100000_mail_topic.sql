-- +goose Up
-- Which kind of mail it is, of those that people choose among; '' is essential.
ALTER TABLE emails ADD COLUMN topic TEXT NOT NULL DEFAULT '';
