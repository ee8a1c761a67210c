-- +goose Up
-- Accounts are found by whether their owner's two-step login is on, as words find
-- them: ownerTerms in base/access/terms.go.
INSERT INTO account_terms (term, account_id, of_owner)
SELECT CASE WHEN u.two_step_at > 0 THEN ';on' ELSE ';off' END, m.account_id, TRUE
FROM memberships m JOIN users u ON u.id = m.user_id WHERE m.owner;
