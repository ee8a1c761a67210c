-- +goose Up
-- What the mail server, or the way there, said at each try that did not succeed.
-- The one that did is in the mail itself.
CREATE TABLE email_tries (
    account_id BIGINT NOT NULL,
    email_id   BIGINT NOT NULL,
    n          BIGINT NOT NULL,
    tried_at   BIGINT NOT NULL,
    answer     TEXT   NOT NULL,
    PRIMARY KEY (account_id, email_id, n)
) /* clustered */;

-- The addresses that a mail server refused for good, and by which mail that was
-- learnt. domain is what follows the @ of email_key.
CREATE TABLE refusals (
    email_key  TEXT   NOT NULL PRIMARY KEY,
    domain     TEXT   NOT NULL,
    email      TEXT   NOT NULL,
    answer     TEXT   NOT NULL,
    refused_at BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    email_id   BIGINT NOT NULL
) /* clustered */;

CREATE INDEX refusals_domain ON refusals (domain, email_key);
CREATE INDEX refusals_latest ON refusals (refused_at);

-- When the address had refused mail, so that this one was not sent; 0: it was
-- not for that.
ALTER TABLE emails ADD COLUMN refused_at BIGINT NOT NULL DEFAULT 0;
