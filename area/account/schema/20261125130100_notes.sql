-- +goose Up
-- What staff write about an account for each other. Its members never see it.
CREATE TABLE account_notes (
    account_id BIGINT  NOT NULL REFERENCES accounts (account_id),
    id         BIGINT  NOT NULL,
    staff_id   BIGINT  NOT NULL,
    staff_name TEXT    NOT NULL,
    text       TEXT    NOT NULL,
    pinned     BOOLEAN NOT NULL DEFAULT FALSE,
    created_at BIGINT  NOT NULL,
    edited_at  BIGINT  NOT NULL DEFAULT 0,
    version    BIGINT  NOT NULL DEFAULT 1,
    PRIMARY KEY (account_id, id)
);

CREATE INDEX account_notes_order ON account_notes (account_id, pinned, id);
