-- +goose Up
-- For staff, who read across accounts: the latest first, of everything, of one
-- kind of action, of one user, of one person of the staff or of all of them.
-- Each ends in (at, id, account_id), so that a page is read from its mark on and
-- no further than its end, however many rows there are. The one by action also
-- counts what happened on a day without reading a row.
CREATE INDEX audit_across ON audit (at, id, account_id);
CREATE INDEX audit_action ON audit (action, at, id, account_id);
CREATE INDEX audit_user_across ON audit (user_id, at, id, account_id) WHERE user_id > 0;
CREATE INDEX audit_one_staff ON audit (staff_id, at, id, account_id) WHERE staff_id > 0;
CREATE INDEX audit_any_staff ON audit (at, id, account_id) WHERE staff_id > 0;

-- How often something was done on a day that is over. day is its beginning. A
-- day that was counted has its row, also when the count is 0.
CREATE TABLE tallies (
    action TEXT   NOT NULL,
    day    BIGINT NOT NULL,
    count  BIGINT NOT NULL,
    PRIMARY KEY (action, day)
) /* clustered */;
