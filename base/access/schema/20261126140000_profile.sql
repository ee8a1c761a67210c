-- +goose Up
-- What an account says of itself beside its name and address. email is where its
-- mails go, whoever owns it: at first the owner's own. topics are the kinds of
-- mails that go there. billing_user is the member whom invoices are addressed to,
-- 0: the owner. marketing_at is when somebody agreed to news and offers, 0: nobody
-- did; marketing_by is who, '' for staff. locked are the fields that only staff
-- change, with spaces between.
ALTER TABLE accounts ADD COLUMN email TEXT NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN email_key TEXT NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN tax_id TEXT NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN topics TEXT NOT NULL DEFAULT 'general invoice support product domain affiliate';
ALTER TABLE accounts ADD COLUMN billing_user BIGINT NOT NULL DEFAULT 0;
ALTER TABLE accounts ADD COLUMN marketing_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE accounts ADD COLUMN marketing_by TEXT NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN locked TEXT NOT NULL DEFAULT '';

UPDATE accounts SET
    email = COALESCE((SELECT u.email FROM memberships m JOIN users u ON u.id = m.user_id WHERE m.account_id = accounts.account_id AND m.owner), ''),
    email_key = COALESCE((SELECT u.email_key FROM memberships m JOIN users u ON u.id = m.user_id WHERE m.account_id = accounts.account_id AND m.owner), '');

-- Accounts are found by this address, too: FillTerms makes all terms of accounts anew.
DELETE FROM account_terms;
DELETE FROM counters WHERE name = 'terms of accounts';
INSERT INTO counters (name, value) VALUES ('terms of accounts', 0);
