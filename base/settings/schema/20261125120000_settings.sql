-- +goose Up
-- What the host's people have set: a section of the settings is a row, and one
-- that was never saved has none. value is JSON; a password is in sealed, by the
-- vault. version counts the changes, for the form that comes too late.
CREATE TABLE settings (
    name       TEXT   NOT NULL PRIMARY KEY,
    value      TEXT   NOT NULL,
    sealed     TEXT   NOT NULL,
    version    BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    changed_by TEXT   NOT NULL
) /* clustered */;

-- The host's logos, as PNG in base64. hash is that of the content: it is in
-- their addresses.
CREATE TABLE pictures (
    name TEXT NOT NULL PRIMARY KEY,
    hash TEXT NOT NULL,
    png  TEXT NOT NULL
);
