-- Made by the migrations up to schema 2, and dumped. Never edited: it stands for databases out there.
PRAGMA application_id = 1263358769;
PRAGMA user_version = 2;
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
CREATE TABLE keyring (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    revision INTEGER NOT NULL,
    wrapped BLOB NOT NULL
) STRICT;
INSERT INTO "keyring" VALUES(1,1,X'016B657972696E67');
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
    last_serial INTEGER NOT NULL DEFAULT 0,
    UNIQUE (account, name)
) STRICT;
INSERT INTO "secrets" VALUES(1,'1234567890123456','agent-test','Generic','demo','','','',1735891157123,1735891157123,NULL,2);
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
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('secrets',1);
COMMIT;
