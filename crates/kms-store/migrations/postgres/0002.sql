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
