-- +goose Up
-- Who did what, when, from where. Append only. account_id 0: about no account.
CREATE TABLE audit (
    account_id BIGINT NOT NULL,
    id         BIGINT NOT NULL,
    at         BIGINT NOT NULL,
    actor_kind TEXT   NOT NULL,
    user_id    BIGINT NOT NULL,
    staff_id   BIGINT NOT NULL,
    actor_name TEXT   NOT NULL,
    ip         TEXT   NOT NULL,
    agent      TEXT   NOT NULL,
    action     TEXT   NOT NULL,
    subject    TEXT   NOT NULL,
    before     TEXT   NOT NULL,
    after      TEXT   NOT NULL,
    PRIMARY KEY (account_id, id)
);
