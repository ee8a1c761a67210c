-- +goose Up
-- Who says who is staff does so one after the other: each locks this row first.
INSERT INTO counters (name, value) VALUES ('staff', 0);

ALTER TABLE staff ADD COLUMN last_login_at BIGINT NOT NULL DEFAULT 0;
