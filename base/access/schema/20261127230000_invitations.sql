-- +goose Up
-- Those that lists show, the pending ones last: the text of that state is the
-- greatest, and of those before it only declined ones are shown.
CREATE INDEX invitations_listed ON invitations (account_id, state, id) WHERE state >= 'declined';
