-- +goose Up
-- invited_rule_at: since when the account's invitations are accepted only by the
-- login that has the invited address, and has proved it; 0: by any.
ALTER TABLE accounts ADD COLUMN invited_rule_at BIGINT NOT NULL DEFAULT 0;
