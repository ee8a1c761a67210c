-- +goose Up
-- A page of a search is one statement: the terms along one word, joined with the
-- lines of those who are found. So lines have all that lists show and all terms,
-- with spaces between: whether the other words are there, Go sees. A line is found
-- by its number in one step, which on SQLite is the row's own. An account that is
-- called like its owner has a term once.
CREATE TABLE new_account_terms (
    term       TEXT   NOT NULL,
    account_id BIGINT NOT NULL,
    PRIMARY KEY (term, account_id)
) /* clustered */;

CREATE TABLE new_account_lines (
--sqlite     account_id  INTEGER NOT NULL PRIMARY KEY,
--postgres     account_id  BIGINT NOT NULL PRIMARY KEY,
    name        TEXT   NOT NULL,
    company     TEXT   NOT NULL,
    status      TEXT   NOT NULL,
    created_at  BIGINT NOT NULL,
    owner       TEXT   NOT NULL,
    owner_email TEXT   NOT NULL,
    members     BIGINT NOT NULL,
    terms       TEXT   NOT NULL
);

CREATE TABLE new_user_lines (
--sqlite     user_id       INTEGER NOT NULL PRIMARY KEY,
--postgres     user_id       BIGINT NOT NULL PRIMARY KEY,
    name          TEXT    NOT NULL,
    email         TEXT    NOT NULL,
    email_key     TEXT    NOT NULL,
    verified      BOOLEAN NOT NULL,
    two_step      BOOLEAN NOT NULL,
    disabled      BOOLEAN NOT NULL,
    accounts      BIGINT  NOT NULL,
    last_login_at BIGINT  NOT NULL,
    terms         TEXT    NOT NULL
);

INSERT INTO new_account_terms (term, account_id) SELECT DISTINCT term, account_id FROM account_terms;
DROP TABLE account_terms;
ALTER TABLE new_account_terms RENAME TO account_terms;
CREATE INDEX account_terms_account ON account_terms (account_id, term);

INSERT INTO new_account_lines (account_id, name, company, status, created_at, owner, owner_email, members, terms)
SELECT l.account_id, l.name, l.company, l.status, l.created_at, l.owner, l.owner_email, l.members, COALESCE((
--sqlite     SELECT group_concat(t.term, ' ' ORDER BY t.term)
--postgres     SELECT string_agg(t.term, ' ' ORDER BY t.term)
    FROM account_terms t WHERE t.account_id = l.account_id), '')
FROM account_lines l ORDER BY l.account_id;

INSERT INTO new_user_lines (user_id, name, email, email_key, verified, two_step, disabled, accounts, last_login_at, terms)
SELECT u.id, trim(u.first_name || ' ' || u.last_name), u.email, u.email_key, u.verified_at > 0, u.two_step_at > 0, u.disabled_at > 0, l.accounts, l.last_login_at, COALESCE((
--sqlite     SELECT group_concat(t.term, ' ' ORDER BY t.term)
--postgres     SELECT string_agg(t.term, ' ' ORDER BY t.term)
    FROM user_terms t WHERE t.user_id = u.id), '')
FROM users u JOIN user_lines l ON l.user_id = u.id ORDER BY u.id;

DROP TABLE account_lines;
DROP TABLE user_lines;
ALTER TABLE new_account_lines RENAME TO account_lines;
ALTER TABLE new_user_lines RENAME TO user_lines;

CREATE INDEX user_lines_address ON user_lines (email_key);
