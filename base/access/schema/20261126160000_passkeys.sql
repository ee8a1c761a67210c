-- +goose Up
-- The passkeys of users. credential names one at its authenticator, id to its
-- user. flags and sign_count are what the authenticator said last: see WebAuthn,
-- section 6.1.
CREATE TABLE passkeys (
    credential TEXT   NOT NULL PRIMARY KEY,
    user_id    BIGINT NOT NULL,
    id         BIGINT NOT NULL,
    name       TEXT   NOT NULL,
    public_key TEXT   NOT NULL,
    transports TEXT   NOT NULL,
    flags      BIGINT NOT NULL,
    sign_count BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    used_at    BIGINT NOT NULL DEFAULT 0
) /* clustered */;

CREATE UNIQUE INDEX passkeys_user ON passkeys (user_id, id);

-- Challenges that were answered: none is answered twice. After expires_at none
-- would be taken anyway.
CREATE TABLE passkey_answers (
    challenge  TEXT   NOT NULL PRIMARY KEY,
    expires_at BIGINT NOT NULL
) /* clustered */;
