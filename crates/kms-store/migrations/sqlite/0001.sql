-- Times are milliseconds since 1970. Whatever is secret is sealed.

CREATE TABLE keyring (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    revision INTEGER NOT NULL,
    wrapped BLOB NOT NULL
) STRICT;

CREATE TABLE accounts (
    id TEXT PRIMARY KEY,
    created INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE users (
    id TEXT PRIMARY KEY,
    account TEXT NOT NULL REFERENCES accounts (id),
    name TEXT NOT NULL,
    created INTEGER NOT NULL,
    UNIQUE (account, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE access_keys (
    id TEXT PRIMARY KEY,
    account TEXT NOT NULL REFERENCES accounts (id),
    user_id TEXT NOT NULL REFERENCES users (id),
    sealed_secret BLOB NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('Active', 'Inactive')),
    created INTEGER NOT NULL,
    last_used INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX access_keys_of_user ON access_keys (user_id);

-- AUTOINCREMENT: a number is never used again.
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

CREATE INDEX secrets_to_delete ON secrets (planned_delete) WHERE planned_delete IS NOT NULL;

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

-- The primary key is what keeps a label on no more than one version.
CREATE TABLE stages (
    secret INTEGER NOT NULL REFERENCES secrets (id) ON DELETE CASCADE,
    label TEXT NOT NULL,
    serial INTEGER NOT NULL,
    PRIMARY KEY (secret, label),
    FOREIGN KEY (secret, serial) REFERENCES versions (secret, serial)
        DEFERRABLE INITIALLY DEFERRED
) STRICT, WITHOUT ROWID;

CREATE INDEX stages_of_version ON stages (secret, serial);

CREATE TABLE tags (
    secret INTEGER NOT NULL REFERENCES secrets (id) ON DELETE CASCADE,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (secret, key)
) STRICT, WITHOUT ROWID;
