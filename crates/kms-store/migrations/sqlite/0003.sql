-- Secrets say who may use them, and when they get a new value by themselves.
ALTER TABLE secrets ADD COLUMN policy TEXT NOT NULL DEFAULT '';
ALTER TABLE secrets ADD COLUMN rotation TEXT NOT NULL DEFAULT 'Disabled'
    CHECK (rotation IN ('Disabled', 'Enabled', 'Invalid'));
ALTER TABLE secrets ADD COLUMN rotation_seconds INTEGER;
ALTER TABLE secrets ADD COLUMN last_rotation INTEGER;
ALTER TABLE secrets ADD COLUMN next_rotation INTEGER;

CREATE INDEX secrets_to_rotate ON secrets (next_rotation) WHERE next_rotation IS NOT NULL;

-- All that a count of an account's secrets looks at.
CREATE INDEX secrets_listed ON secrets (account, name, planned_delete);

-- Resources by tag.
CREATE INDEX tags_by_key ON tags (key, value, secret);

CREATE TABLE keys (
    id TEXT PRIMARY KEY,
    account TEXT NOT NULL REFERENCES accounts (id),
    spec TEXT NOT NULL,
    usage TEXT NOT NULL,
    origin TEXT NOT NULL,
    state TEXT NOT NULL,
    description TEXT NOT NULL,
    instance_id TEXT NOT NULL,
    creator TEXT NOT NULL,
    created INTEGER NOT NULL,
    rotation_seconds INTEGER,
    last_rotation INTEGER,
    next_rotation INTEGER,
    deletion_protection INTEGER NOT NULL CHECK (deletion_protection IN (0, 1)),
    protection_description TEXT NOT NULL,
    planned_delete INTEGER,
    material_expires INTEGER,
    policy TEXT NOT NULL,
    primary_version TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX keys_listed ON keys (account, created, id);
CREATE INDEX keys_to_delete ON keys (planned_delete) WHERE planned_delete IS NOT NULL;
CREATE INDEX keys_to_rotate ON keys (next_rotation) WHERE next_rotation IS NOT NULL;
CREATE INDEX keys_to_expire ON keys (material_expires) WHERE material_expires IS NOT NULL;

-- No material as long as it is not imported, and when it has gone.
CREATE TABLE key_versions (
    id TEXT PRIMARY KEY,
    key TEXT NOT NULL REFERENCES keys (id) ON DELETE CASCADE,
    sealed BLOB,
    created INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX key_versions_of_key ON key_versions (key, created, id);

CREATE TABLE aliases (
    account TEXT NOT NULL REFERENCES accounts (id),
    name TEXT NOT NULL,
    key TEXT NOT NULL REFERENCES keys (id) ON DELETE CASCADE,
    created INTEGER NOT NULL,
    PRIMARY KEY (account, name)
) STRICT, WITHOUT ROWID;

CREATE INDEX aliases_of_key ON aliases (key, name);

CREATE TABLE key_tags (
    owner TEXT NOT NULL REFERENCES keys (id) ON DELETE CASCADE,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (owner, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX key_tags_by_key ON key_tags (key, value, owner);

-- The journal of rotations. No reference to the secret: a rotation has to end properly even
-- when the secret is gone, for what it made elsewhere.
CREATE TABLE rotations (
    id TEXT PRIMARY KEY,
    account TEXT NOT NULL REFERENCES accounts (id),
    secret INTEGER NOT NULL,
    subject TEXT NOT NULL,
    version_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    step TEXT NOT NULL,
    body TEXT NOT NULL,
    sealed BLOB,
    fence INTEGER NOT NULL DEFAULT 0,
    owner TEXT NOT NULL DEFAULT '',
    lease_end INTEGER NOT NULL DEFAULT 0,
    attempts INTEGER NOT NULL DEFAULT 0,
    next_try INTEGER NOT NULL,
    window_end INTEGER,
    error TEXT NOT NULL DEFAULT '',
    created INTEGER NOT NULL,
    finished INTEGER
) STRICT, WITHOUT ROWID;

-- One at a time for a secret, and for whoever's credential it holds.
CREATE UNIQUE INDEX rotations_running ON rotations (secret) WHERE finished IS NULL;
CREATE UNIQUE INDEX rotations_of_subject ON rotations (account, subject) WHERE finished IS NULL;
CREATE INDEX rotations_due ON rotations (next_try, id) WHERE finished IS NULL;
CREATE INDEX rotations_of_secret ON rotations (secret, created);
CREATE INDEX rotations_begun ON rotations (account, created);
CREATE INDEX rotations_finished ON rotations (finished) WHERE finished IS NOT NULL;

-- Work that one server at a time does; the fence number grows with each other owner.
CREATE TABLE leases (
    name TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    fence INTEGER NOT NULL,
    lease_end INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What a piece of work notes about its progress.
CREATE TABLE markers (
    name TEXT PRIMARY KEY,
    body TEXT NOT NULL
) STRICT, WITHOUT ROWID;
