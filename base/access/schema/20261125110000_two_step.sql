-- +goose Up
-- Two-step login, of users and of staff: realm says whose person_id it is.
-- two_step_at is since when it is on, 0 while it is off.

ALTER TABLE users ADD COLUMN two_step_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE staff ADD COLUMN two_step_at BIGINT NOT NULL DEFAULT 0;

-- What a person's authenticator app knows, sealed. used_step is the time step of
-- the last code that was taken: none of it or before it is taken again.
CREATE TABLE two_step (
    realm      TEXT   NOT NULL CHECK (realm IN ('user', 'staff')),
    person_id  BIGINT NOT NULL,
    sealed     TEXT   NOT NULL,
    used_step  BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (realm, person_id)
) /* clustered */;

-- The recovery codes that are left, as slow hashes. slot is a code's first digit.
CREATE TABLE recovery_codes (
    realm     TEXT   NOT NULL CHECK (realm IN ('user', 'staff')),
    person_id BIGINT NOT NULL,
    slot      BIGINT NOT NULL,
    hash      TEXT   NOT NULL,
    PRIMARY KEY (realm, person_id, slot)
) /* clustered */;

-- Who has given the right password and is asked for a code. proof names the
-- password; next, sealed, is where logging in leads.
CREATE TABLE login_steps (
    token_hash TEXT    NOT NULL PRIMARY KEY,
    realm      TEXT    NOT NULL CHECK (realm IN ('user', 'staff')),
    person_id  BIGINT  NOT NULL,
    proof      TEXT    NOT NULL,
    remember   BOOLEAN NOT NULL,
    next       TEXT    NOT NULL,
    created_at BIGINT  NOT NULL,
    expires_at BIGINT  NOT NULL
) /* clustered */;

CREATE INDEX login_steps_person ON login_steps (realm, person_id);

-- A key that is shown to be scanned and has not been confirmed by a code. seat is
-- the hash of the session or step it is shown to.
CREATE TABLE two_step_setups (
    seat       TEXT   NOT NULL PRIMARY KEY,
    realm      TEXT   NOT NULL CHECK (realm IN ('user', 'staff')),
    person_id  BIGINT NOT NULL,
    sealed     TEXT   NOT NULL,
    expires_at BIGINT NOT NULL
) /* clustered */;

CREATE INDEX two_step_setups_person ON two_step_setups (realm, person_id);

-- From now on staff are in only by two steps. id names a session to its person,
-- who may end it.
DELETE FROM staff_sessions;
ALTER TABLE staff_sessions ADD COLUMN id BIGINT NOT NULL DEFAULT 0;
CREATE INDEX staff_sessions_staff ON staff_sessions (staff_id);
