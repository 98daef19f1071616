-- Made by the migrations up to schema 4, and dumped. Never edited: it stands for databases out there.
PRAGMA application_id = 1263358769;
PRAGMA user_version = 4;
PRAGMA foreign_keys = OFF;
BEGIN TRANSACTION;
CREATE TABLE access_keys (
    id TEXT PRIMARY KEY,
    account TEXT NOT NULL REFERENCES accounts (id),
    user_id TEXT NOT NULL REFERENCES users (id),
    sealed_secret BLOB NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('Active', 'Inactive')),
    created INTEGER NOT NULL,
    last_used INTEGER
) STRICT, WITHOUT ROWID;
INSERT INTO "access_keys" VALUES('LTAI5tDev','1234567890123456','200000000000000001',X'017365616C6564','Active',1735891157123,1735891157123);
CREATE TABLE accounts (
    id TEXT PRIMARY KEY,
    created INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "accounts" VALUES('1234567890123456',1735891157123);
CREATE TABLE aliases (
    account TEXT NOT NULL REFERENCES accounts (id),
    name TEXT NOT NULL,
    key TEXT NOT NULL REFERENCES keys (id) ON DELETE CASCADE,
    created INTEGER NOT NULL,
    PRIMARY KEY (account, name)
) STRICT, WITHOUT ROWID;
INSERT INTO "aliases" VALUES('1234567890123456','alias/golden','key-golden',1735891157123);
CREATE TABLE client_keys (
    id TEXT PRIMARY KEY,
    account TEXT NOT NULL REFERENCES accounts (id),
    access_point TEXT NOT NULL,
    public_key BLOB NOT NULL,
    certificate TEXT NOT NULL,
    not_before INTEGER NOT NULL,
    not_after INTEGER NOT NULL,
    created INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "client_keys" VALUES('KAAP.dev','1234567890123456','app',X'3082','PEM',1735891157123,1893456000000,1735891157123);
CREATE TABLE documents (
    account TEXT NOT NULL REFERENCES accounts (id),
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    body TEXT NOT NULL,
    created INTEGER NOT NULL,
    PRIMARY KEY (account, kind, name)
) STRICT, WITHOUT ROWID;
INSERT INTO "documents" VALUES('1234567890123456','network-rule','office','{"kind":"Private","sources":["10.0.0.0/8"],"description":""}',1735891157123);
CREATE TABLE key_tags (
    owner TEXT NOT NULL REFERENCES keys (id) ON DELETE CASCADE,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (owner, key)
) STRICT, WITHOUT ROWID;
INSERT INTO "key_tags" VALUES('key-golden','team','blue');
CREATE TABLE key_versions (
    id TEXT PRIMARY KEY,
    key TEXT NOT NULL REFERENCES keys (id) ON DELETE CASCADE,
    sealed BLOB,
    created INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "key_versions" VALUES('11111111-1111-4111-8111-111111111111','key-golden',X'03',1735891157123);
CREATE TABLE keyring (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    revision INTEGER NOT NULL,
    wrapped BLOB NOT NULL
) STRICT;
INSERT INTO "keyring" VALUES(1,1,X'016B657972696E67');
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
INSERT INTO "keys" VALUES('key-golden','1234567890123456','Aliyun_AES_256','ENCRYPT/DECRYPT','Aliyun_KMS','Enabled','demo','','200000000000000001',1735891157123,NULL,NULL,NULL,0,'',NULL,NULL,'','11111111-1111-4111-8111-111111111111');
CREATE TABLE leases (
    name TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    fence INTEGER NOT NULL,
    lease_end INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "leases" VALUES('sweep','one',3,1735891157123);
CREATE TABLE markers (
    name TEXT PRIMARY KEY,
    body TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "markers" VALUES('rekey','half');
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
INSERT INTO "rotations" VALUES('r1','1234567890123456',1,'secret/agent-test','v3','Generic','pending','{}',X'04',2,'one',1735891157123,1,1735891157123,NULL,'refused',1735891157123,NULL);
CREATE TABLE secrets (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account TEXT NOT NULL REFERENCES accounts (id),
    name TEXT NOT NULL,
    secret_type TEXT NOT NULL,
    description TEXT NOT NULL,
    encryption_key_id TEXT NOT NULL,
    instance_id TEXT NOT NULL,
    extended_config TEXT NOT NULL,
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL,
    planned_delete INTEGER,
    last_serial INTEGER NOT NULL DEFAULT 0, policy TEXT NOT NULL DEFAULT '', rotation TEXT NOT NULL DEFAULT 'Disabled'
    CHECK (rotation IN ('Disabled', 'Enabled', 'Invalid')), rotation_seconds INTEGER, last_rotation INTEGER, next_rotation INTEGER,
    UNIQUE (account, name)
) STRICT;
INSERT INTO "secrets" VALUES(1,'1234567890123456','agent-test','Generic','demo','','','',1735891157123,1735891157123,NULL,2,'','Enabled',604800,NULL,1736495957123);
CREATE TABLE stages (
    secret INTEGER NOT NULL REFERENCES secrets (id) ON DELETE CASCADE,
    label TEXT NOT NULL,
    serial INTEGER NOT NULL,
    PRIMARY KEY (secret, label),
    FOREIGN KEY (secret, serial) REFERENCES versions (secret, serial)
        DEFERRABLE INITIALLY DEFERRED
) STRICT, WITHOUT ROWID;
INSERT INTO "stages" VALUES(1,'ACSPrevious',1);
INSERT INTO "stages" VALUES(1,'ACSCurrent',2);
INSERT INTO "stages" VALUES(1,'blue',2);
CREATE TABLE tags (
    secret INTEGER NOT NULL REFERENCES secrets (id) ON DELETE CASCADE,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (secret, key)
) STRICT, WITHOUT ROWID;
INSERT INTO "tags" VALUES(1,'team','red');
CREATE TABLE users (
    id TEXT PRIMARY KEY,
    account TEXT NOT NULL REFERENCES accounts (id),
    name TEXT NOT NULL,
    created INTEGER NOT NULL,
    UNIQUE (account, name)
) STRICT, WITHOUT ROWID;
INSERT INTO "users" VALUES('200000000000000001','1234567890123456','dev',1735891157123);
CREATE TABLE versions (
    secret INTEGER NOT NULL REFERENCES secrets (id) ON DELETE CASCADE,
    serial INTEGER NOT NULL,
    id TEXT NOT NULL,
    data_type TEXT NOT NULL CHECK (data_type IN ('text', 'binary')),
    sealed BLOB NOT NULL,
    created INTEGER NOT NULL,
    PRIMARY KEY (secret, serial),
    UNIQUE (secret, id)
) STRICT;
INSERT INTO "versions" VALUES(1,1,'v1','binary',X'01',1735891157123);
INSERT INTO "versions" VALUES(1,2,'v2','text',X'02',1735891157123);
CREATE INDEX access_keys_of_user ON access_keys (user_id);
CREATE INDEX secrets_to_delete ON secrets (planned_delete) WHERE planned_delete IS NOT NULL;
CREATE INDEX stages_of_version ON stages (secret, serial);
CREATE INDEX client_keys_of_access_point ON client_keys (account, access_point);
CREATE INDEX secrets_to_rotate ON secrets (next_rotation) WHERE next_rotation IS NOT NULL;
CREATE INDEX secrets_listed ON secrets (account, name, planned_delete);
CREATE INDEX tags_by_key ON tags (key, value, secret);
CREATE INDEX keys_listed ON keys (account, created, id);
CREATE INDEX keys_to_delete ON keys (planned_delete) WHERE planned_delete IS NOT NULL;
CREATE INDEX keys_to_rotate ON keys (next_rotation) WHERE next_rotation IS NOT NULL;
CREATE INDEX keys_to_expire ON keys (material_expires) WHERE material_expires IS NOT NULL;
CREATE INDEX key_versions_of_key ON key_versions (key, created, id);
CREATE INDEX aliases_of_key ON aliases (key, name);
CREATE INDEX key_tags_by_key ON key_tags (key, value, owner);
CREATE UNIQUE INDEX rotations_running ON rotations (secret) WHERE finished IS NULL;
CREATE UNIQUE INDEX rotations_of_subject ON rotations (account, subject) WHERE finished IS NULL;
CREATE INDEX rotations_due ON rotations (next_try, id) WHERE finished IS NULL;
CREATE INDEX rotations_of_secret ON rotations (secret, created);
CREATE INDEX rotations_begun ON rotations (account, created);
CREATE INDEX rotations_finished ON rotations (finished) WHERE finished IS NOT NULL;
CREATE INDEX secrets_by_type ON secrets (account, secret_type, name, planned_delete);
CREATE INDEX secrets_going ON secrets (account, planned_delete) WHERE planned_delete IS NOT NULL;
CREATE INDEX tags_by_value ON tags (value, secret);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('secrets',1);
COMMIT;
