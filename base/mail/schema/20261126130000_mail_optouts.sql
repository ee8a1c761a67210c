-- +goose Up
-- Who has said, by the link in a mail, that they want no more of its topic from
-- an account.
CREATE TABLE email_optouts (
    account_id BIGINT NOT NULL,
    email_key  TEXT   NOT NULL,
    topic      TEXT   NOT NULL,
    at         BIGINT NOT NULL,
    PRIMARY KEY (account_id, email_key, topic)
) /* clustered */;

-- Why a mail was cancelled, where refused_at does not say it; '': its link died.
ALTER TABLE emails ADD COLUMN why TEXT NOT NULL DEFAULT '';
