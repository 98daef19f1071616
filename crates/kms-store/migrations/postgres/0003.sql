-- Secrets say who may use them, and when they get a new value by themselves.
ALTER TABLE secrets ADD COLUMN policy TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE secrets ADD COLUMN rotation TEXT COLLATE "C" NOT NULL DEFAULT 'Disabled'
    CHECK (rotation IN ('Disabled', 'Enabled', 'Invalid'));
ALTER TABLE secrets ADD COLUMN rotation_seconds BIGINT;
ALTER TABLE secrets ADD COLUMN last_rotation BIGINT;
ALTER TABLE secrets ADD COLUMN next_rotation BIGINT;

CREATE INDEX secrets_to_rotate ON secrets (next_rotation) WHERE next_rotation IS NOT NULL;

-- All that a count of an account's secrets looks at.
CREATE INDEX secrets_listed ON secrets (account, name, planned_delete);

-- Resources by tag.
CREATE INDEX tags_by_key ON tags (key, value, secret);

CREATE TABLE keys (
    id TEXT COLLATE "C" PRIMARY KEY,
    account TEXT COLLATE "C" NOT NULL REFERENCES accounts (id),
    spec TEXT COLLATE "C" NOT NULL,
    usage TEXT COLLATE "C" NOT NULL,
    origin TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    description TEXT COLLATE "C" NOT NULL,
    instance_id TEXT COLLATE "C" NOT NULL,
    creator TEXT COLLATE "C" NOT NULL,
    created BIGINT NOT NULL,
    rotation_seconds BIGINT,
    last_rotation BIGINT,
    next_rotation BIGINT,
    deletion_protection BIGINT NOT NULL CHECK (deletion_protection IN (0, 1)),
    protection_description TEXT COLLATE "C" NOT NULL,
    planned_delete BIGINT,
    material_expires BIGINT,
    policy TEXT COLLATE "C" NOT NULL,
    primary_version TEXT COLLATE "C" NOT NULL
);

CREATE INDEX keys_listed ON keys (account, created, id);
CREATE INDEX keys_to_delete ON keys (planned_delete) WHERE planned_delete IS NOT NULL;
CREATE INDEX keys_to_rotate ON keys (next_rotation) WHERE next_rotation IS NOT NULL;
CREATE INDEX keys_to_expire ON keys (material_expires) WHERE material_expires IS NOT NULL;

-- No material as long as it is not imported, and when it has gone.
CREATE TABLE key_versions (
    id TEXT COLLATE "C" PRIMARY KEY,
    key TEXT COLLATE "C" NOT NULL REFERENCES keys (id) ON DELETE CASCADE,
    sealed BYTEA,
    created BIGINT NOT NULL
);

CREATE INDEX key_versions_of_key ON key_versions (key, created, id);

CREATE TABLE aliases (
    account TEXT COLLATE "C" NOT NULL REFERENCES accounts (id),
    name TEXT COLLATE "C" NOT NULL,
    key TEXT COLLATE "C" NOT NULL REFERENCES keys (id) ON DELETE CASCADE,
    created BIGINT NOT NULL,
    PRIMARY KEY (account, name)
);

CREATE INDEX aliases_of_key ON aliases (key, name);

CREATE TABLE key_tags (
    owner TEXT COLLATE "C" NOT NULL REFERENCES keys (id) ON DELETE CASCADE,
    key TEXT COLLATE "C" NOT NULL,
    value TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (owner, key)
);

CREATE INDEX key_tags_by_key ON key_tags (key, value, owner);

-- The journal of rotations. No reference to the secret: a rotation has to end properly even
-- when the secret is gone, for what it made elsewhere.
CREATE TABLE rotations (
    id TEXT COLLATE "C" PRIMARY KEY,
    account TEXT COLLATE "C" NOT NULL REFERENCES accounts (id),
    secret BIGINT NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    version_id TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    step TEXT COLLATE "C" NOT NULL,
    body TEXT COLLATE "C" NOT NULL,
    sealed BYTEA,
    fence BIGINT NOT NULL DEFAULT 0,
    owner TEXT COLLATE "C" NOT NULL DEFAULT '',
    lease_end BIGINT NOT NULL DEFAULT 0,
    attempts BIGINT NOT NULL DEFAULT 0,
    next_try BIGINT NOT NULL,
    window_end BIGINT,
    error TEXT COLLATE "C" NOT NULL DEFAULT '',
    created BIGINT NOT NULL,
    finished BIGINT
);

-- One at a time for a secret, and for whoever's credential it holds.
CREATE UNIQUE INDEX rotations_running ON rotations (secret) WHERE finished IS NULL;
CREATE UNIQUE INDEX rotations_of_subject ON rotations (account, subject) WHERE finished IS NULL;
CREATE INDEX rotations_due ON rotations (next_try, id) WHERE finished IS NULL;
CREATE INDEX rotations_of_secret ON rotations (secret, created);
CREATE INDEX rotations_begun ON rotations (account, created);
CREATE INDEX rotations_finished ON rotations (finished) WHERE finished IS NOT NULL;

-- Work that one server at a time does; the fence number grows with each other owner.
CREATE TABLE leases (
    name TEXT COLLATE "C" PRIMARY KEY,
    owner TEXT COLLATE "C" NOT NULL,
    fence BIGINT NOT NULL,
    lease_end BIGINT NOT NULL
);

-- What a piece of work notes about its progress.
CREATE TABLE markers (
    name TEXT COLLATE "C" PRIMARY KEY,
    body TEXT COLLATE "C" NOT NULL
);

-- Nonces that calls used, as keyed hashes in buckets of a minute, for all servers.
CREATE TABLE nonces (
    hash BIGINT PRIMARY KEY,
    bucket BIGINT NOT NULL
);

CREATE INDEX nonces_by_age ON nonces (bucket);

-- What makes the hashes; whoever chooses nonces does not know it.
CREATE TABLE nonce_key (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    key BYTEA NOT NULL
);
