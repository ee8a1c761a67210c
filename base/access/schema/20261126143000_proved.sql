-- +goose Up
-- When the person at a session last proved who they are: they logged in, or gave
-- the password again. Those that are open now have to.
ALTER TABLE sessions ADD COLUMN proved_at BIGINT NOT NULL DEFAULT 0;
