-- Named things that the service describes itself, in JSON: instances, network rules,
-- access policies, access points, roles, identity providers.
CREATE TABLE documents (
    account TEXT NOT NULL REFERENCES accounts (id),
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    body TEXT NOT NULL,
    created INTEGER NOT NULL,
    PRIMARY KEY (account, kind, name)
) STRICT, WITHOUT ROWID;

-- The public halves; the private ones are kept nowhere.
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

CREATE INDEX client_keys_of_access_point ON client_keys (account, access_point);
