-- +goose Up
-- For the account's Activity: the latest first, of everybody or of one user.
-- The primary key does not serve: ids order by time only roughly, and what was
-- written in one transaction has one time. Both indexes end in (at, id), so
-- that a page is read from its mark on, in order, and no further than its end.
-- The second also finds who there is, and serves a member who did little in an
-- account where others did much. Areas and staff are sifted on the way: they
-- are a good part of all rows, or so few that nobody looks for them often.
CREATE INDEX audit_at ON audit (account_id, at, id);
CREATE INDEX audit_user ON audit (account_id, user_id, at, id);
