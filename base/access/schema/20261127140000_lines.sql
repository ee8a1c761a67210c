-- +goose Up
-- What staff's lists show of accounts and users, a row each, so that a page of a
-- list reads one row a line. Kept in the transactions of what they are taken from
-- (base/access/lines.go): rights are never read from here.
CREATE TABLE account_lines (
    account_id  BIGINT NOT NULL PRIMARY KEY,
    name        TEXT   NOT NULL,
    company     TEXT   NOT NULL,
    status      TEXT   NOT NULL,
    created_at  BIGINT NOT NULL,
    owner       TEXT   NOT NULL,
    owner_email TEXT   NOT NULL,
    members     BIGINT NOT NULL
) /* clustered */;

-- Of users only what is not in users itself.
CREATE TABLE user_lines (
    user_id       BIGINT NOT NULL PRIMARY KEY,
    accounts      BIGINT NOT NULL,
    last_login_at BIGINT NOT NULL
) /* clustered */;

INSERT INTO account_lines (account_id, name, company, status, created_at, owner, owner_email, members)
SELECT a.account_id, a.name, a.company, a.status, a.created_at, COALESCE(trim(u.first_name || ' ' || u.last_name), ''), COALESCE(u.email, ''),
    (SELECT count(*) FROM memberships n WHERE n.account_id = a.account_id)
FROM accounts a LEFT JOIN memberships m ON m.account_id = a.account_id AND m.owner LEFT JOIN users u ON u.id = m.user_id;

INSERT INTO user_lines (user_id, accounts, last_login_at)
SELECT x.id, x.accounts, CASE WHEN x.entered > x.opened THEN x.entered ELSE x.opened END
FROM (SELECT u.id,
        (SELECT count(*) FROM user_accounts l WHERE l.user_id = u.id) AS accounts,
        (SELECT COALESCE(max(m.last_login_at), 0) FROM user_accounts l JOIN memberships m ON m.account_id = l.account_id AND m.user_id = l.user_id WHERE l.user_id = u.id) AS entered,
        (SELECT COALESCE(max(s.created_at), 0) FROM sessions s WHERE s.user_id = u.id) AS opened
    FROM users u) AS x;
