-- +goose Up
-- People who get an account's emails without a login. email is as it was typed,
-- email_key what it is compared by; topics are those of base/mail that the
-- contact gets. One may be the billing contact.
CREATE TABLE contacts (
    account_id BIGINT  NOT NULL REFERENCES accounts (account_id),
    id         BIGINT  NOT NULL,
    name       TEXT    NOT NULL,
    company    TEXT    NOT NULL,
    email      TEXT    NOT NULL,
    email_key  TEXT    NOT NULL,
    phone      TEXT    NOT NULL,
    address1   TEXT    NOT NULL,
    address2   TEXT    NOT NULL,
    city       TEXT    NOT NULL,
    region     TEXT    NOT NULL,
    postcode   TEXT    NOT NULL,
    country    TEXT    NOT NULL,
    topics     TEXT    NOT NULL,
    billing    BOOLEAN NOT NULL,
    created_at BIGINT  NOT NULL,
    version    BIGINT  NOT NULL DEFAULT 1,
    PRIMARY KEY (account_id, id)
);

CREATE UNIQUE INDEX contacts_email ON contacts (account_id, email_key);
CREATE UNIQUE INDEX contacts_billing ON contacts (account_id) WHERE billing;
