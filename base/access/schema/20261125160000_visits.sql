-- +goose Up
-- Staff who log in as an account's owner. session_hash is the staff session that
-- it lives on: when that ends, so does the visit.
CREATE TABLE visits (
    account_id   BIGINT NOT NULL REFERENCES accounts (account_id),
    id           BIGINT NOT NULL,
    token_hash   TEXT   NOT NULL,
    session_hash TEXT   NOT NULL,
    staff_id     BIGINT NOT NULL,
    user_id      BIGINT NOT NULL,
    reason       TEXT   NOT NULL,
    started_at   BIGINT NOT NULL,
    ends_at      BIGINT NOT NULL,
    ended_at     BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (account_id, id)
);

CREATE UNIQUE INDEX visits_token ON visits (account_id, token_hash);
