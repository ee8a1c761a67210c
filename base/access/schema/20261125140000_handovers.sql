-- +goose Up
-- An owner offers the account to a member, who accepts by a one-time link.
CREATE TABLE handovers (
    account_id BIGINT NOT NULL REFERENCES accounts (account_id),
    id         BIGINT NOT NULL,
    token_hash TEXT   NOT NULL,
    from_user  BIGINT NOT NULL,
    to_user    BIGINT NOT NULL,
    state      TEXT   NOT NULL CHECK (state IN ('pending', 'accepted', 'declined', 'cancelled')),
    offered_at BIGINT NOT NULL,
    decided_at BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (account_id, id)
);

CREATE UNIQUE INDEX handovers_token ON handovers (account_id, token_hash);
CREATE UNIQUE INDEX handovers_one_pending ON handovers (account_id) WHERE state = 'pending';
