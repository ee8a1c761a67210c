-- +goose Up
-- For the switcher, which shows the accounts that a user was in last.
CREATE INDEX user_accounts_latest ON user_accounts (user_id, used_at DESC, account_id);
