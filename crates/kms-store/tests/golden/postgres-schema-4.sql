-- Made by the migrations up to schema 4. Never edited: it stands for databases out there.
CREATE TABLE kms_schema (
    id SMALLINT PRIMARY KEY CHECK (id = 1),
    version BIGINT NOT NULL
);
INSERT INTO kms_schema VALUES (1, 4);

-- Times are milliseconds since 1970. Whatever is secret is sealed. Text is compared and
-- sorted byte by byte, whatever the database's own language.

-- Empty for ever. Transactions that write hold a weak lock on it, one that has to be alone a
-- strong one.
CREATE TABLE write_turn (id BIGINT PRIMARY KEY);

CREATE TABLE keyring (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    revision BIGINT NOT NULL,
    wrapped BYTEA NOT NULL
);

CREATE TABLE accounts (
    id TEXT COLLATE "C" PRIMARY KEY,
    created BIGINT NOT NULL
);

CREATE TABLE users (
    id TEXT COLLATE "C" PRIMARY KEY,
    account TEXT COLLATE "C" NOT NULL REFERENCES accounts (id),
    name TEXT COLLATE "C" NOT NULL,
    created BIGINT NOT NULL,
    UNIQUE (account, name)
);

CREATE TABLE access_keys (
    id TEXT COLLATE "C" PRIMARY KEY,
    account TEXT COLLATE "C" NOT NULL REFERENCES accounts (id),
    user_id TEXT COLLATE "C" NOT NULL REFERENCES users (id),
    sealed_secret BYTEA NOT NULL,
    status TEXT COLLATE "C" NOT NULL CHECK (status IN ('Active', 'Inactive')),
    created BIGINT NOT NULL,
    last_used BIGINT
);

CREATE INDEX access_keys_of_user ON access_keys (user_id);

-- Numbers come from a sequence: none is ever used again.
CREATE TABLE secrets (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account TEXT COLLATE "C" NOT NULL REFERENCES accounts (id),
    name TEXT COLLATE "C" NOT NULL,
    secret_type TEXT COLLATE "C" NOT NULL,
    description TEXT COLLATE "C" NOT NULL,
    encryption_key_id TEXT COLLATE "C" NOT NULL,
    instance_id TEXT COLLATE "C" NOT NULL,
    extended_config TEXT COLLATE "C" NOT NULL,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL,
    planned_delete BIGINT,
    last_serial BIGINT NOT NULL DEFAULT 0,
    UNIQUE (account, name)
);

CREATE INDEX secrets_to_delete ON secrets (planned_delete) WHERE planned_delete IS NOT NULL;

CREATE TABLE versions (
    secret BIGINT NOT NULL REFERENCES secrets (id) ON DELETE CASCADE,
    serial BIGINT NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    data_type TEXT COLLATE "C" NOT NULL CHECK (data_type IN ('text', 'binary')),
    sealed BYTEA NOT NULL,
    created BIGINT NOT NULL,
    PRIMARY KEY (secret, serial),
    UNIQUE (secret, id)
);

-- The primary key is what keeps a label on no more than one version.
CREATE TABLE stages (
    secret BIGINT NOT NULL REFERENCES secrets (id) ON DELETE CASCADE,
    label TEXT COLLATE "C" NOT NULL,
    serial BIGINT NOT NULL,
    PRIMARY KEY (secret, label),
    FOREIGN KEY (secret, serial) REFERENCES versions (secret, serial)
        DEFERRABLE INITIALLY DEFERRED
);

CREATE INDEX stages_of_version ON stages (secret, serial);

CREATE TABLE tags (
    secret BIGINT NOT NULL REFERENCES secrets (id) ON DELETE CASCADE,
    key TEXT COLLATE "C" NOT NULL,
    value TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (secret, key)
);

-- Named things that the service describes itself, in JSON: instances, network rules,
-- access policies, access points, roles, identity providers.
CREATE TABLE documents (
    account TEXT COLLATE "C" NOT NULL REFERENCES accounts (id),
    kind TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    body TEXT COLLATE "C" NOT NULL,
    created BIGINT NOT NULL,
    PRIMARY KEY (account, kind, name)
);

-- The public halves; the private ones are kept nowhere.
CREATE TABLE client_keys (
    id TEXT COLLATE "C" PRIMARY KEY,
    account TEXT COLLATE "C" NOT NULL REFERENCES accounts (id),
    access_point TEXT COLLATE "C" NOT NULL,
    public_key BYTEA NOT NULL,
    certificate TEXT COLLATE "C" NOT NULL,
    not_before BIGINT NOT NULL,
    not_after BIGINT NOT NULL,
    created BIGINT NOT NULL
);

CREATE INDEX client_keys_of_access_point ON client_keys (account, access_point);

-- Transactions that changed something, and where: a bit for each area, identity 1, secrets 2,
-- keys 4. By this a server learns whether what it remembers is still so. A row each, for one
-- row that all of them change would make them wait for each other.
CREATE TABLE changes (
    xid XID8 PRIMARY KEY,
    areas BIGINT NOT NULL
);

-- Those before this one are not listed any more: whoever has to know of them must take
-- everything for changed.
CREATE TABLE changes_pruned (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    before XID8 NOT NULL
);

INSERT INTO changes_pruned VALUES (1, '0');

-- Secrets by what lists ask for.
CREATE INDEX secrets_by_type ON secrets (account, secret_type, name, planned_delete);
CREATE INDEX secrets_going ON secrets (account, planned_delete) WHERE planned_delete IS NOT NULL;
CREATE INDEX tags_by_value ON tags (value, secret);

INSERT INTO keyring VALUES (1, 1, '\x016B657972696E67');
INSERT INTO accounts VALUES ('1234567890123456', 1735891157123);
INSERT INTO users VALUES ('200000000000000001', '1234567890123456', 'dev', 1735891157123);
INSERT INTO access_keys VALUES
    ('LTAI5tDev', '1234567890123456', '200000000000000001', '\x017365616C6564', 'Active',
     1735891157123, 1735891157123);
INSERT INTO secrets OVERRIDING SYSTEM VALUE VALUES
    (1, '1234567890123456', 'agent-test', 'Generic', 'demo', '', '', '', 1735891157123,
     1735891157123, NULL, 2);
INSERT INTO versions VALUES
    (1, 1, 'v1', 'binary', '\x01', 1735891157123),
    (1, 2, 'v2', 'text', '\x02', 1735891157123);
INSERT INTO stages VALUES (1, 'ACSCurrent', 2), (1, 'ACSPrevious', 1), (1, 'blue', 2);
INSERT INTO tags VALUES (1, 'team', 'red');
INSERT INTO documents VALUES
    ('1234567890123456', 'network-rule', 'office', '{"kind":"Private","sources":["10.0.0.0/8"],"description":""}', 1735891157123);
INSERT INTO client_keys VALUES
    ('KAAP.dev', '1234567890123456', 'app', '\x3082', 'PEM', 1735891157123, 1893456000000, 1735891157123);

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

INSERT INTO keys VALUES
    ('key-golden', '1234567890123456', 'Aliyun_AES_256', 'ENCRYPT/DECRYPT', 'Aliyun_KMS', 'Enabled', 'demo', '', '200000000000000001',
     1735891157123, NULL, NULL, NULL, 0, '', NULL, NULL, '', '11111111-1111-4111-8111-111111111111');
INSERT INTO key_versions VALUES ('11111111-1111-4111-8111-111111111111', 'key-golden', '\x03', 1735891157123);
INSERT INTO aliases VALUES ('1234567890123456', 'alias/golden', 'key-golden', 1735891157123);
INSERT INTO key_tags VALUES ('key-golden', 'team', 'blue');
INSERT INTO markers VALUES ('rekey', 'half');
INSERT INTO leases VALUES ('sweep', 'one', 3, 1735891157123);
INSERT INTO rotations VALUES
    ('r1', '1234567890123456', 1, 'secret/agent-test', 'v3', 'Generic', 'pending', '{}', '\x04', 2, 'one',
     1735891157123, 1, 1735891157123, NULL, 'refused', 1735891157123, NULL);
UPDATE secrets SET policy = '', rotation = 'Enabled', rotation_seconds = 604800, next_rotation = 1736495957123 WHERE id = 1;
