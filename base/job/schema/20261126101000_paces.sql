-- +goose Up
-- How fast the work of lanes may begin: not before next_at, over all processes.
CREATE TABLE paces (
    name    TEXT   NOT NULL PRIMARY KEY,
    next_at BIGINT NOT NULL
) /* clustered */;
