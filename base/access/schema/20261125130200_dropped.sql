-- +goose Up
-- Accounts that were deleted and whose audit and mails are still being cleared
-- away, a batch at a time.
CREATE TABLE dropped_accounts (
    account_id BIGINT NOT NULL PRIMARY KEY,
    dropped_at BIGINT NOT NULL
) /* clustered */;
