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
