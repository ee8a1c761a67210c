-- +goose Up
-- Times are microseconds UTC, 0 for "not yet". Tokens are kept as SHA-256, in hex.

CREATE TABLE counters (
    name  TEXT   NOT NULL PRIMARY KEY,
    value BIGINT NOT NULL
) /* clustered */;

INSERT INTO counters (name, value) VALUES ('account', 10000);

-- A person with one login. Kept small: what changes often lives elsewhere.
CREATE TABLE users (
    id            BIGINT  NOT NULL PRIMARY KEY,
    email         TEXT    NOT NULL,
    email_key     TEXT    NOT NULL UNIQUE,
    first_name    TEXT    NOT NULL,
    last_name     TEXT    NOT NULL,
    password_hash TEXT    NOT NULL,
    language      TEXT    NOT NULL,
    time_zone     TEXT    NOT NULL,
    verified_at   BIGINT  NOT NULL DEFAULT 0,
    disabled_at   BIGINT  NOT NULL DEFAULT 0,
    created_at    BIGINT  NOT NULL
) /* clustered */;

-- A customer. owner and permissions are in memberships. name_key is the name
-- folded, for staff's search.
CREATE TABLE accounts (
    account_id BIGINT NOT NULL PRIMARY KEY,
    name       TEXT   NOT NULL,
    name_key   TEXT   NOT NULL DEFAULT '',
    company    TEXT   NOT NULL DEFAULT '',
    address1   TEXT   NOT NULL DEFAULT '',
    address2   TEXT   NOT NULL DEFAULT '',
    city       TEXT   NOT NULL DEFAULT '',
    region     TEXT   NOT NULL DEFAULT '',
    postcode   TEXT   NOT NULL DEFAULT '',
    country    TEXT   NOT NULL DEFAULT '',
    phone      TEXT   NOT NULL DEFAULT '',
    language   TEXT   NOT NULL DEFAULT 'en',
    time_zone  TEXT   NOT NULL DEFAULT 'UTC',
    status     TEXT   NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'inactive', 'closed')),
    version    BIGINT NOT NULL DEFAULT 1,
    created_at BIGINT NOT NULL
) /* clustered */;

-- permissions is access.Set. version guards against a form that shows an older state.
CREATE TABLE memberships (
    account_id    BIGINT  NOT NULL REFERENCES accounts (account_id),
    user_id       BIGINT  NOT NULL REFERENCES users (id),
    owner         BOOLEAN NOT NULL DEFAULT FALSE,
    manages       BOOLEAN NOT NULL DEFAULT FALSE,
    permissions   BIGINT  NOT NULL DEFAULT 0,
    invited_as    TEXT    NOT NULL DEFAULT '',
    joined_at     BIGINT  NOT NULL,
    last_login_at BIGINT  NOT NULL DEFAULT 0,
    seen_at       BIGINT  NOT NULL DEFAULT 0,
    version       BIGINT  NOT NULL DEFAULT 1,
    changed_at    BIGINT  NOT NULL DEFAULT 0,
    changed_by    TEXT    NOT NULL DEFAULT '',
    PRIMARY KEY (account_id, user_id)
) /* clustered */;

CREATE UNIQUE INDEX memberships_one_owner ON memberships (account_id) WHERE owner;

-- Which accounts a user has: for lists only, rights are never read from here.
CREATE TABLE user_accounts (
    user_id    BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    used_at    BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (user_id, account_id)
) /* clustered */;

CREATE TABLE sessions (
    token_hash TEXT    NOT NULL PRIMARY KEY,
    id         BIGINT  NOT NULL,
    user_id    BIGINT  NOT NULL,
    remember   BOOLEAN NOT NULL,
    agent      TEXT    NOT NULL,
    ip         TEXT    NOT NULL,
    created_at BIGINT  NOT NULL,
    seen_at    BIGINT  NOT NULL
) /* clustered */;

CREATE INDEX sessions_user ON sessions (user_id);

-- One-time links of a user: reset, verify, change, undo. email_key is that of an
-- undo link, which keeps its address for the user.
CREATE TABLE user_tokens (
    token_hash TEXT   NOT NULL PRIMARY KEY,
    user_id    BIGINT NOT NULL,
    kind       TEXT   NOT NULL,
    email      TEXT   NOT NULL,
    email_key  TEXT   NOT NULL DEFAULT '',
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
) /* clustered */;

CREATE INDEX user_tokens_user ON user_tokens (user_id, kind);
CREATE INDEX user_tokens_undo ON user_tokens (email_key) WHERE kind = 'undo';

CREATE TABLE invitations (
    account_id    BIGINT NOT NULL REFERENCES accounts (account_id),
    id            BIGINT NOT NULL,
    email         TEXT   NOT NULL,
    email_key     TEXT   NOT NULL,
    permissions   BIGINT NOT NULL,
    message       TEXT   NOT NULL DEFAULT '',
    state         TEXT   NOT NULL CHECK (state IN ('pending', 'accepted', 'declined', 'cancelled')),
    invited_by    BIGINT NOT NULL,
    inviter_name  TEXT   NOT NULL,
    inviter_email TEXT   NOT NULL,
    created_at    BIGINT NOT NULL,
    issued_at     BIGINT NOT NULL,
    decided_at    BIGINT NOT NULL DEFAULT 0,
    accepted_by   BIGINT NOT NULL DEFAULT 0,
    form_key      TEXT   NOT NULL DEFAULT '',
    version       BIGINT NOT NULL DEFAULT 1,
    PRIMARY KEY (account_id, id)
);

CREATE UNIQUE INDEX invitations_one_pending ON invitations (account_id, email_key) WHERE state = 'pending';

-- Every link an invitation ever had; the one not replaced is the one that works.
CREATE TABLE invitation_links (
    account_id    BIGINT NOT NULL,
    token_hash    TEXT   NOT NULL,
    invitation_id BIGINT NOT NULL,
    issued_at     BIGINT NOT NULL,
    replaced_at   BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (account_id, token_hash),
    FOREIGN KEY (account_id, invitation_id) REFERENCES invitations (account_id, id)
) /* clustered */;

CREATE TABLE staff (
    id            BIGINT NOT NULL PRIMARY KEY,
    email         TEXT   NOT NULL,
    email_key     TEXT   NOT NULL UNIQUE,
    name          TEXT   NOT NULL,
    password_hash TEXT   NOT NULL,
    role          TEXT   NOT NULL CHECK (role IN ('administrator')),
    disabled_at   BIGINT NOT NULL DEFAULT 0,
    created_at    BIGINT NOT NULL
) /* clustered */;

CREATE TABLE staff_sessions (
    token_hash TEXT   NOT NULL PRIMARY KEY,
    staff_id   BIGINT NOT NULL,
    agent      TEXT   NOT NULL,
    ip         TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at    BIGINT NOT NULL
) /* clustered */;

CREATE TABLE staff_tokens (
    token_hash TEXT   NOT NULL PRIMARY KEY,
    staff_id   BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
) /* clustered */;

CREATE TABLE limits (
    name       TEXT   NOT NULL PRIMARY KEY,
    started_at BIGINT NOT NULL,
    count      BIGINT NOT NULL
) /* clustered */;
