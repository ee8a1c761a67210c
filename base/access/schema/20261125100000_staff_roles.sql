-- +goose Up
-- Staff have one of four roles. SQLite can't change a CHECK, so the table is made
-- anew; what a role may do is in base/access/staffrole.go.
CREATE TABLE staff_with_roles (
    id            BIGINT NOT NULL PRIMARY KEY,
    email         TEXT   NOT NULL,
    email_key     TEXT   NOT NULL UNIQUE,
    name          TEXT   NOT NULL,
    password_hash TEXT   NOT NULL,
    role          TEXT   NOT NULL CHECK (role IN ('administrator', 'billing', 'support', 'read-only')),
    disabled_at   BIGINT NOT NULL DEFAULT 0,
    created_at    BIGINT NOT NULL
) /* clustered */;

INSERT INTO staff_with_roles (id, email, email_key, name, password_hash, role, disabled_at, created_at)
SELECT id, email, email_key, name, password_hash, role, disabled_at, created_at FROM staff;

DROP TABLE staff;

ALTER TABLE staff_with_roles RENAME TO staff;
