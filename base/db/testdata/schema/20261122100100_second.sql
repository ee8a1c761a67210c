-- +goose Up
CREATE TABLE emails (
	account_id BIGINT NOT NULL,
	id         BIGINT NOT NULL,
	subject    TEXT NOT NULL,
	parent     BIGINT,
--postgres 	words      TEXT NOT NULL DEFAULT 'postgres',
--sqlite 	words      TEXT NOT NULL DEFAULT 'sqlite',
	sent       BOOLEAN NOT NULL DEFAULT FALSE,
	at         BIGINT NOT NULL DEFAULT 0,
	PRIMARY KEY (account_id, id),
	FOREIGN KEY (account_id, parent) REFERENCES emails (account_id, id)
);
