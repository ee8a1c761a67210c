-- +goose Up
-- A mail that was given up keeps its sealed link for as long as the link lives,
-- so that it can be sent after all once what was in the way is mended. SQLite
-- can't change a CHECK, so the table is made anew.
CREATE TABLE emails_kept (
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
    CHECK (sealed = '' OR state IN ('queued', 'failed'))
);

INSERT INTO emails_kept (account_id, id, user_id, kind, ref, language, to_name, to_email, subject, body_text, body_html,
    sealed, dies_at, message_id, state, attempts, answer, created_at, tried_at, ended_at)
SELECT account_id, id, user_id, kind, ref, language, to_name, to_email, subject, body_text, body_html,
    sealed, dies_at, message_id, state, attempts, answer, created_at, tried_at, ended_at FROM emails;

DROP TABLE emails;

ALTER TABLE emails_kept RENAME TO emails;

CREATE INDEX emails_ref ON emails (account_id, ref, id) WHERE ref <> '';
CREATE INDEX emails_dying ON emails (account_id, dies_at, id) WHERE sealed <> '' AND dies_at > 0;

-- For staff, who read across accounts: all, those given up, and those waiting.
CREATE INDEX emails_across ON emails (id, account_id);
CREATE INDEX emails_failed ON emails (id, account_id) WHERE state = 'failed';
CREATE INDEX emails_waiting ON emails (id, account_id) WHERE state = 'queued';
