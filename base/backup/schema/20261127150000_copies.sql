-- +goose Up

-- The copy that is being made of another database into this one: one row until
-- it is whole, and then none. The tables before at_table, in the order of
-- base/db, are whole; of that one the rows up to a key are there.
CREATE TABLE copies (
    source   TEXT   NOT NULL PRIMARY KEY,
    at_table TEXT   NOT NULL DEFAULT '',
    up_to    TEXT   NOT NULL DEFAULT '',
    copied   BIGINT NOT NULL DEFAULT 0,
    begun_at BIGINT NOT NULL
) /* clustered */;
