-- Certificate authorities that all servers of the store share.
CREATE TABLE authorities (
    name TEXT PRIMARY KEY,
    certificate TEXT NOT NULL,
    sealed BLOB NOT NULL,
    created INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
