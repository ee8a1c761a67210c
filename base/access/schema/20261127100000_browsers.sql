-- +goose Up
-- The browsers that a person has logged in with: token_hash is of the secret that
-- a browser keeps for a year. realm says whose person_id it is. One browser may be
-- known to several people.
CREATE TABLE browsers (
    realm      TEXT   NOT NULL CHECK (realm IN ('user', 'staff')),
    person_id  BIGINT NOT NULL,
    token_hash TEXT   NOT NULL,
    agent      TEXT   NOT NULL,
    ip         TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    used_at    BIGINT NOT NULL,
    PRIMARY KEY (realm, person_id, token_hash)
) /* clustered */;

CREATE INDEX browsers_token ON browsers (token_hash);
