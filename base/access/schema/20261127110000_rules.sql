-- +goose Up
-- What an account asks of its members, and since when; 0: it does not.
-- two_step_rule_at: whoever works in it has two-step login.
ALTER TABLE accounts ADD COLUMN two_step_rule_at BIGINT NOT NULL DEFAULT 0;
