-- +goose Up
CREATE TABLE users (
	id    BIGINT NOT NULL PRIMARY KEY,
	email TEXT NOT NULL UNIQUE,
	seen  BIGINT NOT NULL DEFAULT 0
) /* clustered */;

CREATE TABLE counters (
	name  TEXT NOT NULL PRIMARY KEY,
	value BIGINT NOT NULL
) /* clustered */;

CREATE TABLE accounts (
	account_id BIGINT NOT NULL PRIMARY KEY,
	name       TEXT NOT NULL,
	balance    BIGINT NOT NULL DEFAULT 0 CHECK (balance >= 0)
) /* clustered */;

CREATE TABLE memberships (
	account_id BIGINT NOT NULL REFERENCES accounts (account_id),
	user_id    BIGINT NOT NULL REFERENCES users (id),
	owner      BOOLEAN NOT NULL,
	PRIMARY KEY (account_id, user_id)
) /* clustered */;

CREATE UNIQUE INDEX memberships_owner ON memberships (account_id) WHERE owner;
