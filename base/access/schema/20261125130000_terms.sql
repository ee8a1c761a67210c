-- +goose Up
-- What staff find accounts and users by: folded words, which only Go makes
-- (base/access/terms.go), kept in the transaction of what they are taken from.
-- of_owner tells those of the account's owner from its own: each kind is written
-- under its own lock. accounts.name_key is read no more.
CREATE TABLE account_terms (
    term       TEXT    NOT NULL,
    account_id BIGINT  NOT NULL,
    of_owner   BOOLEAN NOT NULL,
    PRIMARY KEY (term, account_id, of_owner)
) /* clustered */;

CREATE INDEX account_terms_account ON account_terms (account_id, term, of_owner);

CREATE TABLE user_terms (
    term    TEXT   NOT NULL,
    user_id BIGINT NOT NULL,
    PRIMARY KEY (term, user_id)
) /* clustered */;

CREATE INDEX user_terms_user ON user_terms (user_id, term);

-- How far FillTerms has come with what was there before. It takes the rows away.
INSERT INTO counters (name, value) VALUES ('terms of accounts', 0), ('terms of users', 0);
