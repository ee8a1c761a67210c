-- +goose Up
-- Somebody asks for access: a member for a permission, whose slug it is, or a
-- user who is none for access as such, ''. sought is what the latter called the
-- account. decided_by is 0 of what nobody decided.
CREATE TABLE access_requests (
    account_id   BIGINT NOT NULL REFERENCES accounts (account_id),
    id           BIGINT NOT NULL,
    user_id      BIGINT NOT NULL,
    permission   TEXT   NOT NULL,
    sought       TEXT   NOT NULL DEFAULT '',
    note         TEXT   NOT NULL,
    state        TEXT   NOT NULL CHECK (state IN ('pending', 'approved', 'declined', 'ended')),
    asked_at     BIGINT NOT NULL,
    decided_at   BIGINT NOT NULL DEFAULT 0,
    decided_by   BIGINT NOT NULL DEFAULT 0,
    decider_name TEXT   NOT NULL DEFAULT '',
    reason       TEXT   NOT NULL DEFAULT '',
    PRIMARY KEY (account_id, id)
);

CREATE UNIQUE INDEX access_requests_one_open ON access_requests (account_id, user_id, permission) WHERE state = 'pending';
