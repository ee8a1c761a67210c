-- +goose Up
-- Words that staff find an account by beside its own name, company and number,
-- with spaces between. Only Go makes them (base/access/terms.go), of what the
-- areas know that call IndexWith.
ALTER TABLE accounts ADD COLUMN found_by TEXT NOT NULL DEFAULT '';
