-- +goose Up
-- Work to be done outside the transaction that asked for it. run_at is when it
-- is due; while it is worked on, run_at is the end of the lease, so that work
-- whose process died comes due again by itself. attempt counts every claim and
-- names the lease; tries counts what the back-off goes by. period > 0, in
-- microseconds: the one row of a periodic work, never deleted.
CREATE TABLE jobs (
    id         BIGINT NOT NULL PRIMARY KEY,
    lane       TEXT   NOT NULL,
    kind       TEXT   NOT NULL,
    args       TEXT   NOT NULL,
    unique_key TEXT   NOT NULL DEFAULT '',
    period     BIGINT NOT NULL DEFAULT 0,
    run_at     BIGINT NOT NULL,
    attempt    BIGINT NOT NULL DEFAULT 0,
    tries      BIGINT NOT NULL DEFAULT 0,
    failed_at  BIGINT NOT NULL DEFAULT 0,
    error      TEXT   NOT NULL DEFAULT '',
    created_at BIGINT NOT NULL
) /* clustered */;

CREATE INDEX jobs_due ON jobs (lane, run_at, id) WHERE failed_at = 0;
CREATE INDEX jobs_failed ON jobs (failed_at) WHERE failed_at > 0;
CREATE UNIQUE INDEX jobs_unique ON jobs (kind, unique_key) WHERE unique_key <> '' AND attempt = 0;
CREATE UNIQUE INDEX jobs_periodic ON jobs (kind) WHERE period > 0;
