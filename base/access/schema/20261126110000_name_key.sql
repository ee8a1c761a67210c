-- +goose Up
-- Staff find accounts by account_terms.
ALTER TABLE accounts DROP COLUMN name_key;
