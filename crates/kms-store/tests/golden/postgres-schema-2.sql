-- Made by the program of schema 2. Never edited: it stands for databases out there.
CREATE TABLE kms_schema (
    id SMALLINT PRIMARY KEY CHECK (id = 1),
    version BIGINT NOT NULL
);
INSERT INTO kms_schema VALUES (1, 2);

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
