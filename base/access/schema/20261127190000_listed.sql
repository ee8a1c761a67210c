-- +goose Up
-- In which order lists show an account's members and a user's accounts. name_key
-- is the name as it is ordered by, made in Go (base/access/listed.go); listed is a
-- digit for what goes before names, and a name_key: of memberships whether they are
-- the owner's and the user's name, of user_accounts whether the account is closed,
-- who owns it, and its name. Kept in the transactions of what they are taken from.
ALTER TABLE user_lines ADD COLUMN name_key TEXT NOT NULL DEFAULT '';
ALTER TABLE account_lines ADD COLUMN name_key TEXT NOT NULL DEFAULT '';
ALTER TABLE memberships ADD COLUMN listed TEXT NOT NULL DEFAULT '';
ALTER TABLE user_accounts ADD COLUMN listed TEXT NOT NULL DEFAULT '';
CREATE INDEX memberships_listed ON memberships (account_id, listed, user_id);
CREATE INDEX user_accounts_listed ON user_accounts (user_id, listed, account_id);

-- For the switcher, which shows the accounts that a user was in last.
CREATE INDEX user_accounts_latest ON user_accounts (user_id, used_at DESC, account_id, listed);

-- How far access.FillTerms has come with those that were there before.
INSERT INTO counters (name, value) VALUES ('order of users', 0), ('order of accounts', 0);
