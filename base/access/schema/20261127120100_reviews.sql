-- +goose Up
-- When an account's owner has last looked through who can reach it, and was last
-- reminded to. An account without a row never has. muted: they want no reminder.
CREATE TABLE access_reviews (
    account_id    BIGINT  NOT NULL PRIMARY KEY REFERENCES accounts (account_id),
    reviewed_at   BIGINT  NOT NULL DEFAULT 0,
    reviewer_name TEXT    NOT NULL DEFAULT '',
    reminded_at   BIGINT  NOT NULL DEFAULT 0,
    muted         BOOLEAN NOT NULL DEFAULT FALSE
) /* clustered */;
