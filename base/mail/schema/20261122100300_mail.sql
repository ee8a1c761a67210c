-- +goose Up
-- Every mail: what waits to be sent and the history of what was. Bodies are as
-- sent, but for the one-time link: it is in sealed, by the vault, until the
-- mail was accepted or the link died. ref is what the link belongs to, dies_at
-- when it ends by itself. account_id 0: a mail of no account.
CREATE TABLE emails (
    account_id BIGINT NOT NULL,
    id         BIGINT NOT NULL,
    user_id    BIGINT NOT NULL,
    kind       TEXT   NOT NULL,
    ref        TEXT   NOT NULL,
    language   TEXT   NOT NULL,
    to_name    TEXT   NOT NULL,
    to_email   TEXT   NOT NULL,
    subject    TEXT   NOT NULL,
    body_text  TEXT   NOT NULL,
    body_html  TEXT   NOT NULL,
    sealed     TEXT   NOT NULL,
    dies_at    BIGINT NOT NULL,
    message_id TEXT   NOT NULL,
    state      TEXT   NOT NULL CHECK (state IN ('queued', 'sent', 'failed', 'cancelled')),
    attempts   BIGINT NOT NULL DEFAULT 0,
    answer     TEXT   NOT NULL DEFAULT '',
    created_at BIGINT NOT NULL,
    tried_at   BIGINT NOT NULL DEFAULT 0,
    ended_at   BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (account_id, id),
    CHECK (sealed = '' OR state = 'queued')
);

CREATE INDEX emails_ref ON emails (account_id, ref, id) WHERE ref <> '';
CREATE INDEX emails_dying ON emails (account_id, dies_at, id) WHERE sealed <> '' AND dies_at > 0;
