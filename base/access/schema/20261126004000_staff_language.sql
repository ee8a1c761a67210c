-- +goose Up
-- The language that a person of the staff has chosen; '' is none.
ALTER TABLE staff ADD COLUMN language TEXT NOT NULL DEFAULT '';
